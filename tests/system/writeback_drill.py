"""Kills who takes in what reporters send and tells their reports, over and over at any moment.

Signalen, the residents and the service are a process each; only the service is killed. A resident
sends the same form until somebody thanks them. Where the moments between two steps are too short to
be hit often, the database and Signalen take their time there; which step a kill came after is read
from the rows, and every one of them has to have been hit.
"""

import asyncio
import json
import multiprocessing
import os
import random
import signal
import socket
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import httpx
import msgspec
import uvicorn

from ingest.app import create_app
from ingest.connectors.signalen.writing import WritingBack, WritingPace
from ingest.municipalities.catalogue import Catalogue
from ingest.service import Options, Service
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keyed_codes import Codes
from ingest.tokens.keys import Keys, new_keys
from tests.conftest import Database, prepared
from tests.embedding import a_free_port
from tests.example import example_catalogue
from tests.filled_in import form_on
from tests.neighbours.server import Behaviour, Request, neighbour
from tests.neighbours.signalen import Signalen
from tests.reports import FORM, address, with_signalen
from tests.system.rounds import turns

LANES = ("told", "control")
"""The service as it is, and one whose links are used without knowing for which response."""

STEPS = (
    *("asked", "permitted", "stored", "thanked"),
    *("taken", "told"),
)
"""After which step a kill came, by what it left: nothing, a permission alone, a response that
nobody was thanked for, all; and of what was being told: not told yet, or told and not written down.
"""

_PACE = WritingPace(look=0.01, lease=0.8, forget=1.0, again=0.0005)
_LATEST, _LONGEST = 0.4, 3.0
_AT_ONCE = 6
_SLOW_SECONDS = 0.03
_ROUND_SECONDS = 120.0


class Found(msgspec.Struct, kw_only=True):
    """What rounds came to. Of `forms` each was sent until it was thanked for, or refused."""

    rounds: int = 0
    forms: int = 0
    kills: int = 0
    again: int = 0  # times that a form was sent again
    thanked: int = 0
    refused: int = 0  # told that it was used, or otherwise no, and nothing of it is stored
    lost: int = 0  # thanked for, and not stored
    double: int = 0  # stored twice
    told: int = 0
    told_twice: int = 0
    not_told: int = 0
    filled_out: int = 0  # how often Signalen said that it had it already
    misread: int = 0  # counted as something else than done
    steps: dict[str, int] = {}

    def add(self, other: "Found") -> None:
        """Count another's in."""
        for name in self.__struct_fields__:
            if name != "steps":
                setattr(self, name, getattr(self, name) + getattr(other, name))
        self.steps = dict(Counter(self.steps) + Counter(other.steps))


class Around(msgspec.Struct, frozen=True):
    """What the processes of one lane share. `app` never served here: a fork of this process does.

    It holds the page of the survey, whose compression takes longer than a kill lets anybody live.
    """

    app: Any

    database: Database
    catalogue: Catalogue
    keys: Keys
    folder: Path
    port: int
    signalen_port: int


def drilled(lane: str, rounds: int, forms: int = 60) -> Found:
    """So many rounds of one lane. `lane` is one of LANES."""
    total = Found()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = prepared(f"writeback_{lane}")
        keys = new_keys(folder / "keys.json", now=datetime(2026, 1, 1, tzinfo=UTC))
        port, signalen_port = a_free_port(), a_free_port()
        files = with_signalen(example_catalogue(), f"http://127.0.0.1:{signalen_port}")
        app = asyncio.run(_application(database, files, keys))
        around = Around(app, database, files, keys, folder, port, signalen_port)
        asyncio.run(_slow_down(around, lane))
        for turn in turns(lane, rounds, lambda: total.refused):
            total.add(_one_round(around, random.Random(f"{lane}/{turn}"), forms))  # a drill
    return total


def faults_of(lane: str, found: Found, *, steps: Sequence[str] = STEPS) -> list[str]:
    """What is not as it has to be, in words; nothing when all is well."""
    if lane == "control":
        return [] if found.refused else ["the control, which knows no form again, lost nothing"]
    wrong = {
        "were refused, and nothing of them is stored": found.refused,
        "were thanked for, and are not stored": found.lost,
        "are stored twice": found.double,
        "were told twice": found.told_twice,
        "were not told": found.not_told,
        "were told, and counted as something else": found.misread,
        "were neither thanked for nor refused": found.forms - found.thanked - found.refused,
    }
    faults = [f"{count} {what}" for what, count in wrong.items() if count]
    return faults + [f"no kill came after: {step}" for step in steps if not found.steps.get(step)]


async def _slow_down(around: Around, lane: str) -> None:
    """Between a permission and its response, and between what was told and its end."""
    async with around.database.superuser() as db:
        await db.execute(
            f"""
            create function public.slowly() returns trigger language plpgsql as
            $$ begin perform pg_sleep({_SLOW_SECONDS}); return coalesce(new, old); end $$;
            create trigger slowly before insert on meetpunt.response
                for each row execute function public.slowly();
            create trigger slowly before delete on meetpunt.writeback
                for each row execute function public.slowly()
            """
        )
        if lane == "control":
            await db.execute(
                """
                create function public.forget() returns trigger language plpgsql as
                $$ begin return null; end $$;
                create trigger forget before insert on meetpunt.report_retry
                    for each row execute function public.forget()
                """
            )


def _one_round(around: Around, chance: random.Random, forms: int) -> Found:
    asyncio.run(_empty(around))
    signalen = Signalen()
    tokens = [signalen.closed() for _ in range(forms)]
    for name in ("ledger", "thanks"):
        (around.folder / name).write_bytes(b"")
    found = Found(rounds=1, forms=forms)
    there = _forked(_be_signalen, around, signalen)
    service = _forked(_serve, around)
    residents = _forked(_send_forms, around, tokens)
    until = time.monotonic() + _ROUND_SECONDS
    try:
        latest, before = _LATEST, 0
        while residents.is_alive() and time.monotonic() < until:
            _wait_for(around.port)
            time.sleep(chance.uniform(0, latest))
            # On a busy machine nobody gets far before the next kill.
            thanked = sum(1 for line in _lines(around, "thanks") if line != ["again"])
            latest = _LATEST if thanked > before else min(latest * 1.3, _LONGEST)
            before = thanked
            with suppress(ProcessLookupError):
                os.kill(service.pid, signal.SIGKILL)
            service.join()
            found.kills += 1
            found.steps = dict(Counter(found.steps) + asyncio.run(_left_by(around)))
            service = _forked(_serve, around)
        while asyncio.run(_waiting(around)) and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        for process in (service, residents, there):
            process.kill()
            process.join()
    asyncio.run(_count(around, found))
    return found


def _forked(target: Any, *arguments: Any) -> Any:
    """A process of its own; forked, because loading everything takes a second."""
    process = multiprocessing.get_context("fork").Process(target=target, args=arguments)
    process.start()
    return process


async def _application(database: Database, files: Catalogue, keys: Keys) -> Any:
    service = Service(
        catalogue=files,
        keys=keys,
        database_url=database.ingest,
        options=Options(report_delay_seconds=0.1, address_limit_per_minute=10**6),
    )
    url = database.url("meetpunt_work")
    writing = WritingBack(url, catalogue=files, keys=derived_keys(keys), pace=_PACE)
    app = create_app(service, writing=writing)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://kto.example") as client:
        (await client.get(address("x" * 43))).raise_for_status()
    return app


def _serve(around: Around) -> None:
    uvicorn.run(around.app, port=around.port, log_config=None, access_log=False)


def _wait_for(port: int) -> None:
    """Until somebody listens there. Raises TimeoutError."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.005)
    raise TimeoutError("the service does not start")


def _be_signalen(around: Around, signalen: Signalen) -> None:
    chance = random.Random(os.getpid())  # a drill

    async def slowly(request: Request) -> Behaviour:
        """Each call takes its while before, and after: kills come in between."""
        await asyncio.sleep(chance.uniform(0, _SLOW_SECONDS))
        answer = await signalen(request)
        token = request.target.rpartition("/")[2]
        _write(around, "ledger", [request.method, token, getattr(answer, "status", 0)])
        await asyncio.sleep(chance.uniform(0, _SLOW_SECONDS))
        return answer

    async def serving() -> None:
        # Who calls is killed in the middle of a request.
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        async with neighbour(slowly, port=around.signalen_port):
            await asyncio.Event().wait()

    asyncio.run(serving())


def _send_forms(around: Around, tokens: Sequence[str]) -> None:
    async def one(client: httpx.AsyncClient, turns: asyncio.Semaphore, token: str) -> None:
        async with turns:
            page = await _until_answered(client.get, address(token))
            says = random.choice(("solved", "solved-but", "unsolved"))
            body = form_on(page.content).encoded(cijfer="7", _solved=says, _contact="yes")
            response_id = parse_qs(body.decode())["_response"][0]
            tries = 0
            while True:
                tries += 1
                reply = await _until_answered(
                    client.post, address(token), content=body, headers=FORM
                )
                if reply.status_code < 500:
                    break
            _write(around, "thanks", [token, response_id, reply.status_code])

    async def all_of_them() -> None:
        turns = asyncio.Semaphore(_AT_ONCE)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{around.port}") as client:
            await asyncio.gather(*(one(client, turns, token) for token in tokens))

    async def _until_answered(call: Any, path: str, **more: Any) -> httpx.Response:
        while True:
            with suppress(httpx.TransportError):
                reply: httpx.Response = await call(path, **more)
                return reply
            if "content" in more:
                _write(around, "thanks", ["again"])
            await asyncio.sleep(0.02)

    asyncio.run(all_of_them())


def _write(around: Around, name: str, line: list[Any]) -> None:
    """One line, whole or not at all."""
    ledger = os.open(around.folder / name, os.O_WRONLY | os.O_APPEND)
    os.write(ledger, json.dumps(line).encode() + b"\n")
    os.close(ledger)


def _lines(around: Around, name: str) -> Iterator[list[Any]]:
    for line in (around.folder / name).read_text().splitlines():
        yield json.loads(line)


async def _empty(around: Around) -> None:
    async with around.database.superuser() as db:
        await db.execute(
            "truncate meetpunt.writeback, meetpunt.writeback_tally, meetpunt.report_retry,"
            " meetpunt.report_link, meetpunt.spent_token, meetpunt.response, meetpunt.receipt,"
            " meetpunt.unpublished, meetpunt.free_text cascade"
        )


async def _waiting(around: Around) -> int:
    async with around.database.superuser() as db:
        many: int = await db.fetchval("select count(*) from meetpunt.writeback")
    return many


async def _left_by(around: Around) -> Counter[str]:
    """After which steps this kill came, of one form or another, as rows and ledgers tell."""
    async with around.database.superuser() as db:
        # What a killed process began, the server goes on with for a moment.
        while await db.fetchval(_BUSY):
            await db.execute("select pg_sleep(0.005)")
        used = await db.fetchval(
            "select (select count(*) from meetpunt.spent_token)"
            " + (select count(*) from meetpunt.report_link)"
        )
        stored = {row["id"] for row in await db.fetch("select id from meetpunt.response")}
        rows = await db.fetch("select state from meetpunt.writeback where state = 'writing'")
        ended = await db.fetchval("select coalesce(sum(n), 0) from meetpunt.writeback_tally")
    # A link, and what the writer spends for its response.
    links = used - len(stored)
    thanked = sum(1 for line in _lines(around, "thanks") if line[-1] == 303)
    looked = {token for method, token, _ in _lines(around, "ledger") if method == "GET"}
    puts = {
        token
        for method, token, status in _lines(around, "ledger")
        if method == "PUT" and status == 200
    }
    told = max(0, len(puts) - int(ended))
    left = +Counter(
        {
            "asked": max(0, len(looked) - links),
            "permitted": max(0, links - len(stored)),
            "stored": max(0, len(stored) - thanked),
            "thanked": int(len(stored) == thanked > 0),
            "taken": max(0, len(rows) - told),
            "told": min(told, len(rows)),
        }
    )
    return Counter(left.keys())


_BUSY = """
    select exists (
        select from pg_stat_activity
        where datname = current_database() and application_name like 'meetpunt %'
    )
"""


async def _count(around: Around, found: Found) -> None:
    """What everybody was told, beside what rows and Signalen hold."""
    codes = Codes(around.keys.content)
    async with around.database.superuser() as db:
        stored = Counter(row["id"] for row in await db.fetch("select id from meetpunt.response"))
        tally = await db.fetch("select outcome, n from meetpunt.writeback_tally")
    ended = {row["outcome"]: row["n"] for row in tally}
    writes = Counter(
        token
        for method, token, status in _lines(around, "ledger")
        if method == "PUT" and status == 200
    )
    for line in _lines(around, "thanks"):
        if line == ["again"]:
            found.again += 1
            continue
        token, response_id, status = line
        there = stored.pop(codes.of_response(UUID(response_id)), 0)
        if status == 303:
            found.thanked += 1
            found.lost += not there
        else:
            found.refused += not there
        found.not_told += not writes[token]
    # Whatever is left is of no form, or of one that is there under two ids.
    found.double = sum(stored.values())
    found.told = len(writes)
    found.told_twice = sum(1 for count in writes.values() if count > 1)
    found.filled_out = sum(
        1 for method, _, status in _lines(around, "ledger") if (method, status) == ("PUT", 410)
    )
    found.misread = sum(n for outcome, n in ended.items() if outcome != "done")
