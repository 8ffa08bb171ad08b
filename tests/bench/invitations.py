"""Invitations from the API into files: how many a second, and what residents notice of it."""

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from uuid import uuid4

import asyncpg
import httpx
import msgspec

from ingest.invitations.minting import api_key_digest
from ingest.postgres.server import SUPERUSER
from ingest.tokens.keys import load_keys
from tests.bench import surroundings
from tests.bench.bodies import write_submissions
from tests.bench.measuring import Measured, cpu_us, family, medians, under_load, wrk
from tests.bench.processes import started
from tests.bench.surroundings import Bench
from tests.inviting import CODE, MUNICIPALITY, TOUCHPOINT, mobile
from tests.system.running import free_port

MESSAGES = 3000
"""That are told at once."""

_A_CALL, _CALLERS = 100, 4
_MOST_A_SECOND = 12_000
_WITHIN = 120.0
_KEY = "mp_bench"


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """Messages a second, from the first call to the last file, and microseconds of CPU each."""

    per_second: float
    server_cpu_us: float = 0.0
    postgres_cpu_us: float = 0.0


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """What one run found: sending alone, storing alone, and both at once; medians."""

    sending: Sent
    storing: Measured
    storing_meanwhile: Measured
    sent_meanwhile: float


def measure(bench: Bench, seconds: float, rounds: int, say: Callable[[str], None]) -> Results:
    """All three `rounds` times, in turn; storing is measured for `seconds` each."""
    asyncio.run(_prepare(bench))
    sending: list[Sent] = []
    storing: list[Measured] = []
    meanwhile: list[Measured] = []
    rates: list[float] = []
    with _service(bench) as (url, pid):
        people = count()
        for number in range(1, rounds + 1):
            say(f"  round {number} of {rounds}: invitations")
            asyncio.run(surroundings.checkpoint(bench))
            sending.append(_send(bench, url, pid, people))
            _write_bodies(bench, seconds)
            storing.append(_store(bench, url, pid, seconds))
            _write_bodies(bench, seconds)
            with _asking_on(url, people):
                before, began = asyncio.run(_sent(bench)), time.monotonic()
                meanwhile.append(_store(bench, url, pid, seconds))
                took = time.monotonic() - began
                rates.append((asyncio.run(_sent(bench)) - before) / took)
            _wait_until_sent(bench)
    middle = sorted(sending, key=lambda each: each.per_second)[rounds // 2]
    return Results(
        sending=middle,
        storing=medians(storing),
        storing_meanwhile=medians(meanwhile),
        sent_meanwhile=round(sorted(rates)[rounds // 2], 1),
    )


@contextmanager
def _service(bench: Bench) -> Iterator[tuple[str, int]]:
    """One process that takes in, sends and stores: its address and id."""
    port, metrics = free_port(), free_port()
    environment = {
        "MEETPUNT_DATABASE_URL": bench.server.url("meetpunt_ingest", "http"),
        "MEETPUNT_WORK_URL": bench.server.url("meetpunt_work", "http"),
        "MEETPUNT_KEYS_FILE": str(bench.keys_file),
        "MEETPUNT_DATA": str(bench.folder / "sent"),
    }
    command = [sys.executable, "-m", "tests.bench.serve", "tests.bench.serve:sending", port, 1]
    log = bench.folder / "sending.log"
    with started([*map(str, command), str(metrics)], port, log, environment) as pid:
        yield f"http://127.0.0.1:{port}", pid


def _send(bench: Bench, url: str, pid: int, people: Iterator[int]) -> Sent:
    processes = family(pid), family(bench.postgres)
    before, began = [cpu_us(each) for each in processes], time.monotonic()
    with ThreadPoolExecutor(_CALLERS) as callers, httpx.Client(base_url=url, timeout=60) as client:
        list(callers.map(lambda call: _ask(client, call), _calls(people)))
    _wait_until_sent(bench)
    took = time.monotonic() - began
    after = [cpu_us(each) for each in processes]
    return Sent(
        per_second=round(MESSAGES / took, 1),
        server_cpu_us=round((after[0] - before[0]) / MESSAGES, 1),
        postgres_cpu_us=round((after[1] - before[1]) / MESSAGES, 1),
    )


@contextmanager
def _asking_on(url: str, people: Iterator[int]) -> Iterator[None]:
    """A list of thousands was told just now, and a hundred more are told each second."""
    enough = threading.Event()

    def ask() -> None:
        while not enough.wait(1.0):
            _ask(client, _call(people))

    with httpx.Client(base_url=url, timeout=60) as client, ThreadPoolExecutor(_CALLERS) as callers:
        list(callers.map(lambda call: _ask(client, call), _calls(people)))
        asking = callers.submit(ask)
        try:
            yield
        finally:
            enough.set()
            asking.result(_WITHIN)


def _calls(people: Iterator[int]) -> list[dict[str, object]]:
    return [_call(people) for _ in range(MESSAGES // _A_CALL)]


def _call(people: Iterator[int]) -> dict[str, object]:
    now = datetime.now(UTC).isoformat()
    return {
        "touchpoint": f"{MUNICIPALITY}/{TOUCHPOINT}",
        "invitations": [
            {"recipient": mobile(next(people)).uri, "endedAt": now} for _ in range(_A_CALL)
        ],
    }


def _ask(client: httpx.Client, call: dict[str, object]) -> None:
    headers = {"authorization": f"Bearer {_KEY}", "idempotency-key": uuid4().hex}
    reply = client.post("/api/v1/invitations", json=call, headers=headers)
    if reply.status_code != 202:
        raise RuntimeError(f"invitations were refused: {reply.status_code} {reply.text[:500]}")


def _write_bodies(bench: Bench, seconds: float) -> None:
    most = round(_MOST_A_SECOND * max(1, seconds))
    write_submissions(load_keys(bench.keys_file), most, bench.folder / "bodies")


def _store(bench: Bench, url: str, pid: int, seconds: float) -> Measured:
    measured = under_load(
        lambda: wrk(f"{url}/api/v1/responses", "submit.lua", bench.folder / "bodies", seconds),
        server=pid,
        postgres=None,
    )
    if measured.errors:
        # A refusal is quick: counted as stored, it would look like speed.
        raise RuntimeError(f"{measured.errors} responses were refused")
    return measured


def _wait_until_sent(bench: Bench) -> None:
    until = time.monotonic() + _WITHIN
    while asyncio.run(_waiting(bench)):
        if time.monotonic() > until:
            raise RuntimeError(f"messages were not sent within {_WITHIN:.0f} s")
        time.sleep(0.02)


async def _count(bench: Bench, query: str) -> int:
    db = await asyncpg.connect(bench.server.url(SUPERUSER, "http"))
    try:
        counted: int = await db.fetchval(query)
    finally:
        await db.close()
    return counted


async def _waiting(bench: Bench) -> int:
    return await _count(
        bench, "select count(*) from meetpunt.outbox where state in ('waiting', 'sending')"
    )


async def _sent(bench: Bench) -> int:
    return await _count(bench, "select count(*) from meetpunt.outbox where state = 'sent'")


async def _prepare(bench: Bench) -> None:
    """A key for whoever asks; and everything is due at once, also at night."""
    digest = api_key_digest(load_keys(bench.keys_file).accounts, _KEY)
    db = await asyncpg.connect(bench.server.url(SUPERUSER, "http"))
    try:
        await db.execute(
            "insert into meetpunt.api_key (municipality, digest, name, created_on)"
            " values ($1, $2, 'bench', current_date)",
            CODE,
            digest,
        )
        await db.execute(DUE_AT_ONCE)
    finally:
        await db.close()


DUE_AT_ONCE = """
    create function due_at_once() returns trigger language plpgsql
        as $$ begin new.due := now(); return new; end $$;
    create trigger due_at_once before insert on meetpunt.outbox
        for each row execute function due_at_once();
"""
