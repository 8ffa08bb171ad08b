"""What publishing costs: a day of many municipalities, a backlog, and the worlds of readers."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

import asyncpg
import msgspec

from ingest.clock import today_here
from ingest.database.mirror import mirror_files
from ingest.database.once import run_once
from ingest.database.reading import make_reading
from ingest.database.turns import Turn
from ingest.municipalities.catalogue import Catalogue
from ingest.postgres.server import OWNER, SUPERUSER
from ingest.reporting.plan import plan_of
from ingest.reporting.publishing import publish, waiting
from tests.bench.arriving import store_day
from tests.bench.measuring import cpu_us, family
from tests.bench.surroundings import Bench
from tests.country import NETHERLANDS, country, settle
from tests.example import example_catalogue
from tests.postgres import create_database, drop_database

MUNICIPALITIES = 100
_DAYS_A_YEAR = 365
_BACKLOG_DAYS = 7
_CHANGED_VIEW = "stand"
_MB = 1_000_000
type_of_say = Callable[[str], None]


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """What one look cost: CPU in microseconds a response that became readable."""

    responses: int
    published: int
    seconds: float
    postgres_cpu_us: float
    python_cpu_us: float
    around_cpu_us: float

    @property
    def cpu_us(self) -> float:
        """Of the connection's process and of Python together."""
        return self.postgres_cpu_us + self.python_cpu_us


class Worlds(msgspec.Struct, frozen=True, kw_only=True):
    """Making what readers reach: seconds, and megabytes on disk."""

    municipalities: int
    first_seconds: float
    first_mb: float
    again_seconds: float
    changed_seconds: float


class Publishing(msgspec.Struct, frozen=True, kw_only=True):
    """What one run found."""

    municipalities: int
    day: Looked
    backlog: Looked
    worlds: Worlds


def run(bench: Bench, rows_a_year: int, backlog: int, rounds: int, say: type_of_say) -> Publishing:
    """`measure`, from where there is no event loop."""
    return asyncio.run(measure(bench, rows_a_year, backlog, rounds, say))


async def measure(
    bench: Bench, rows_a_year: int, backlog: int, rounds: int, say: type_of_say
) -> Publishing:
    """Days one after the other, the median of them; then a week that nobody looked at."""
    worlds = await _worlds(bench, say)
    catalogue = country(example_catalogue(), MUNICIPALITIES)
    chance = random.Random(MUNICIPALITIES)
    today = today_here()
    first = today - timedelta(days=rounds + _BACKLOG_DAYS)
    await create_database(bench.server, "publishing")
    await _as(bench, OWNER, lambda owner: settle(owner, catalogue, first))
    await _as(bench, SUPERUSER, run_once)
    many, days = max(MUNICIPALITIES, rows_a_year // _DAYS_A_YEAR), []
    for number in range(rounds):
        day = first + timedelta(days=number)
        stored = await _store(bench, catalogue, [day], many, chance)
        days.append(await _look(bench, catalogue, stored, day + timedelta(days=1)))
        say(f"  a day, {number + 1} of {rounds}: {told(days[-1])}")
    week = [first + timedelta(days=rounds + number) for number in range(_BACKLOG_DAYS)]
    stored = await _store(bench, catalogue, week, backlog // _BACKLOG_DAYS, chance)
    bulk = await _look(bench, catalogue, stored, week[-1] + timedelta(days=1))
    say(f"  a backlog: {told(bulk)}")
    await drop_database(bench.server, "publishing")
    middle = sorted(days, key=lambda each: each.cpu_us)[len(days) // 2]
    day_ = msgspec.structs.replace(middle, seconds=median(each.seconds for each in days))
    return Publishing(municipalities=MUNICIPALITIES, day=day_, backlog=bulk, worlds=worlds)


def told(looked: Looked) -> str:
    """In a sentence."""
    return (
        f"{looked.published:,} of {looked.responses:,} responses in {looked.seconds:.1f} s;"
        f" {looked.cpu_us:.1f} us of CPU each: Postgres {looked.postgres_cpu_us:.1f},"
        f" Python {looked.python_cpu_us:.1f} (and Postgres around it {looked.around_cpu_us:.1f})"
    )


async def _as(bench: Bench, role: str, work: Callable[[asyncpg.Connection], Awaitable[Any]]) -> Any:
    db = await asyncpg.connect(bench.server.url(role, "publishing"))
    try:
        return await work(db)
    finally:
        await db.close()


async def _store(
    bench: Bench, catalogue: Catalogue, days: list[date], many: int, chance: random.Random
) -> int:
    async def work(db: asyncpg.Connection) -> int:
        return sum([await store_day(db, catalogue, day, many, chance) for day in days])

    stored: int = await _as(bench, "meetpunt_ingest", work)
    await _as(bench, SUPERUSER, lambda db: db.execute("checkpoint"))
    return stored


async def _look(bench: Bench, catalogue: Catalogue, stored: int, day: date) -> Looked:
    """The look of the morning after, in a connection of its own, as it is every morning."""
    plan = plan_of(catalogue)
    now = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)

    async def work(db: asyncpg.Connection) -> Looked:
        backend = [db.get_server_pid()]
        before = cpu_us(backend), time.process_time(), cpu_us(family(bench.postgres))
        began = time.perf_counter()
        published = await publish(db, plan, now=now)
        seconds = time.perf_counter() - began
        python = (time.process_time() - before[1]) * 1_000_000
        postgres = cpu_us(backend) - before[0]
        around = cpu_us(family(bench.postgres)) - before[2] - postgres
        if not published.responses or published.responses + await waiting(db) < stored:
            raise RuntimeError(f"of {stored} responses {published.responses} became readable")
        return Looked(
            responses=stored,
            published=published.responses,
            seconds=seconds,
            postgres_cpu_us=postgres / published.responses,
            python_cpu_us=python / published.responses,
            around_cpu_us=around / published.responses,
        )

    looked: Looked = await _as(bench, "meetpunt_folder", work)
    return looked


async def _worlds(bench: Bench, say: type_of_say) -> Worlds:
    """The schemas of the whole country: made, looked at again, and with one view that changed."""
    catalogue = country(example_catalogue(), NETHERLANDS)
    today = today_here()
    await create_database(bench.server, "publishing")
    await _as(bench, OWNER, lambda owner: settle(owner, country(example_catalogue(), 1), today))
    empty = await _as(bench, SUPERUSER, _megabytes)
    first = await _timed(bench, lambda owner: mirror_files(owner, catalogue, today))
    full = await _as(bench, SUPERUSER, _megabytes)
    again = await _timed(bench, lambda owner: make_reading(owner, catalogue, Turn(owner, 30)))
    forget = "update meetpunt.applied_view set sha256 = '' where view_name = $1"
    await _as(bench, SUPERUSER, lambda db: db.execute(forget, _CHANGED_VIEW))
    changed = await _timed(bench, lambda owner: make_reading(owner, catalogue, Turn(owner, 30)))
    await drop_database(bench.server, "publishing")
    found = Worlds(
        municipalities=NETHERLANDS,
        first_seconds=first,
        first_mb=full - empty,
        again_seconds=again,
        changed_seconds=changed,
    )
    say(
        f"  worlds of {NETHERLANDS}: {first:.1f} s and {full - empty:.0f} MB, again {again:.1f} s,"
        f" one view changed {changed:.1f} s"
    )
    return found


async def _timed(bench: Bench, work: Callable[[asyncpg.Connection], Awaitable[Any]]) -> float:
    began = time.perf_counter()
    await _as(bench, OWNER, work)
    return time.perf_counter() - began


async def _megabytes(db: asyncpg.Connection) -> float:
    size: int = await db.fetchval("select pg_database_size(current_database())")
    return size / _MB
