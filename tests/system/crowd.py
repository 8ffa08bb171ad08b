"""Others hold every connection of Postgres, or a lock on the responses: what residents notice.

The control waits for the lock as long as it is held.
"""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import click
import httpx
import msgspec

from ingest.postgres.server import SUPERUSER, EmbeddedPostgres
from tests.system.flood import Flood, flooding
from tests.system.outcome import Outcome, tell
from tests.system.rolling import prepared
from tests.system.running import Running, running, serving

WAYS = {
    "connections": "others hold every connection",
    "lock": "somebody holds a lock on the responses",
}
SHED_MS = 250
"""At most, on a busy machine, until somebody is told to come back; there is nothing to wait for."""

GIVES_UP_SECONDS = 7.0
"""A commit is given up after five: who waits for a lock is answered by then."""

_EACH = 200
_CLIENTS, _PAUSE = 16, 0.1
_BETWEEN_LOOKS = 0.05
_END_OURS = (
    "select count(pg_terminate_backend(pid)) from pg_stat_activity"
    " where usename = 'meetpunt_ingest' and application_name like 'meetpunt %'"
)


class Found(msgspec.Struct, kw_only=True):
    """What came of one of `WAYS`: who asked meanwhile, and how long they waited for an answer.

    `unanswered`: had none after `GIVES_UP_SECONDS`. `thanked`: for what cannot have been stored.
    """

    way: str
    rounds: int = 0
    asked: int = 0
    thanked: int = 0
    unanswered: int = 0
    half_ms: float = 0
    all_but_one_in_a_hundred_ms: float = 0
    livez_ms: float = 0
    acknowledged: int = 0
    stored: int = 0
    lost: int = 0
    double: int = 0
    gaps: list[float] = msgspec.field(default_factory=list)
    after: list[float] = msgspec.field(default_factory=list)


class _Place(msgspec.Struct, frozen=True):
    service: Running
    flood: Flood
    db: asyncpg.Connection
    ingest: str
    superuser: str


@asynccontextmanager
async def _place(*command: str) -> AsyncIterator[_Place]:
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as closing:
        folder = Path(name)
        # As in a Postgres of one's own, where nobody kept some for the service.
        few = {"max_connections": "60", "reserved_connections": "0"}
        server = EmbeddedPostgres(folder / "database", settings=few, announce=lambda _: None)
        closing.enter_context(server)
        keys = await prepared(server, folder)
        ingest, superuser = server.url("meetpunt_ingest"), server.url(SUPERUSER)
        service = running(
            folder / "service",
            *command,
            MEETPUNT_DATABASE_URL=ingest,
            MEETPUNT_KEYS_FILE=str(folder / "keys.json"),
        )
        there = await asyncio.to_thread(service.__enter__)
        closing.push(service.__exit__)
        db = await asyncpg.connect(superuser)
        try:
            async with flooding(there.port, keys, _CLIENTS, pause=_PAUSE) as flood:
                yield _Place(there, flood, db, ingest, superuser)
        finally:
            await db.close()


async def drilled(way: str, rounds: int, seconds: float, *command: str) -> Found:
    """So many rounds, in each of which others hold it for so many seconds."""
    found, waits, livez = Found(way=way), list[float](), list[float]()
    async with _place(*command) as place:
        for _ in range(rounds):
            await place.flood.more(_EACH)
            place.flood.gap()
            held = _connections_held if way == "connections" else _locked
            async with held(place):
                await _ask(place, seconds, found, waits, livez)
            over = time.monotonic()
            await place.flood.more(1)
            found.after.append(round(time.monotonic() - over, 2))
            await place.flood.more(_EACH)
            found.gaps.append(place.flood.gap())
            found.rounds += 1
        place.flood.stop()
        await asyncio.gather(*place.flood.at_work)
        stored = await place.flood.verdict(place.superuser)
    for name in ("acknowledged", "stored", "lost", "double"):
        setattr(found, name, getattr(stored, name))
    waits.sort()
    found.asked = len(waits) + found.unanswered
    if waits:
        found.half_ms = round(waits[len(waits) // 2] * 1000, 1)
        found.all_but_one_in_a_hundred_ms = round(waits[len(waits) * 99 // 100] * 1000, 1)
    found.livez_ms = round(max(livez) * 1000, 1)
    return found


@asynccontextmanager
async def _connections_held(place: _Place) -> AsyncIterator[None]:
    """Return when the service says that it gets none."""
    others: list[asyncpg.Connection] = []
    try:
        async with asyncio.timeout(60), httpx.AsyncClient(base_url=place.service.url) as client:
            while True:
                await place.db.execute(_END_OURS)
                await _take_all(place.ingest, others)
                reply = await client.get("/readyz")
                if reply.json().get("status") == "too-many-connections":
                    break
        yield
    finally:
        for other in others:
            other.terminate()


async def _take_all(url: str, others: list[asyncpg.Connection]) -> None:
    while True:
        try:
            others.append(await asyncpg.connect(url))
        except asyncpg.TooManyConnectionsError:
            return


@asynccontextmanager
async def _locked(place: _Place) -> AsyncIterator[None]:
    async with place.db.transaction():
        await place.db.execute("lock table meetpunt.response in access exclusive mode")
        yield


async def _ask(
    place: _Place, seconds: float, found: Found, waits: list[float], livez: list[float]
) -> None:
    """Somebody asks now and then, each on a connection of their own, and looks whether it lives."""
    limits = httpx.Limits(max_connections=None)
    headers = {"content-type": "application/json"}
    async with httpx.AsyncClient(
        base_url=place.service.url, timeout=GIVES_UP_SECONDS, limits=limits
    ) as client:

        async def one() -> None:
            began = time.monotonic()
            body = place.flood.body(uuid4())
            try:
                reply = await client.post("/api/v1/responses", content=body, headers=headers)
            except httpx.TimeoutException:
                found.unanswered += 1
                return
            waits.append(time.monotonic() - began)
            found.thanked += reply.status_code in (200, 201)

        until, asking = time.monotonic() + seconds, []
        while time.monotonic() < until:
            asking.append(asyncio.create_task(one()))
            began = time.monotonic()
            assert (await client.get("/livez")).status_code == 200
            livez.append(time.monotonic() - began)
            await asyncio.sleep(_BETWEEN_LOOKS)
        await asyncio.gather(*asking)


def faults_of(found: Found) -> list[str]:
    """What should not be."""
    wrong = {
        "something was lost or doubled": found.lost or found.double,
        "somebody was thanked meanwhile": found.thanked,
        "somebody was not answered": found.unanswered,
        "who was told to come back waited for it": found.way == "connections"
        and found.all_but_one_in_a_hundred_ms > SHED_MS,
        "/livez was slow": found.livez_ms > SHED_MS * 4,
    }
    return [f"{found.way}: {what}" for what, is_so in wrong.items() if is_so]


@click.command()
@click.argument("rounds", default=10, type=click.IntRange(1, 1000))
@click.option("--seconds", default=6.0, help="How long others hold it.")
@click.option("--control/--no-control", default=True, help="Also one that waits for ever.")
def crowd(rounds: int, seconds: float, *, control: bool) -> None:
    """Let others hold every connection, and a lock on the responses, ROUNDS times each.

    And a control that waits for the lock as long as it is held, and answers nobody meanwhile.
    """
    wrong, unanswered = [], None
    if control:
        longer = GIVES_UP_SECONDS + 5
        patient = serving("tests.system.careless:waits_for_ever")
        found = asyncio.run(drilled("lock", 1, longer, *patient))
        click.echo(f"control: {found}")
        unanswered = found.unanswered
        wrong += [] if unanswered else ["the control answered everybody"]
    for way in WAYS:
        found = asyncio.run(drilled(way, rounds, seconds))
        click.echo(found)
        tell(_outcome(found, unanswered if way == "lock" else None))
        wrong += faults_of(found)
    if wrong:
        raise click.ClickException("; ".join(wrong))


def _outcome(found: Found, unanswered: int | None) -> Outcome:
    return Outcome(
        fault="F06",
        what=WAYS[found.way],
        acknowledged=found.acknowledged,
        stored=found.stored,
        lost=found.lost,
        double=found.double,
        gap=max(found.gaps),
        control=unanswered,
        shows="not answered",
        rounds=found.rounds,
    )
