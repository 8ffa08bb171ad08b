"""Inserts into empty tables and into full ones, in turn; and how long dashboards wait."""

import asyncio
import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from uuid import uuid4

import asyncpg
import msgspec

from ingest.database.readers import grant_reader
from ingest.postgres.embedded import SUPERUSER
from ingest.store import NewResponse, store_responses
from tests.bench import generator
from tests.bench.measuring import cpu_us, family
from tests.bench.surroundings import Bench

_BATCH = 200
_READER = "bench_reader"
_TIMES = 5
# What a dashboard asks of a year; and how many milliseconds it may take.
VIEWS = {
    "indicator_per_maand": (
        "select * from bi.indicator_per_maand where maand >= $1 order by maand",
        50,
    ),
    "indicator_per_week": (
        "select * from bi.indicator_per_week where week >= $1 order by week",
        50,
    ),
    "benchmark_regio": ("select * from bi.benchmark_regio where maand >= $1 order by maand", 200),
    "feit_reactie": (
        """select kanaal, date_trunc('month', datum), count(*), count(*) filter (where volledig)
        from bi.feit_reactie where datum >= $1 group by 1, 2 order by 1, 2""",
        300,
    ),
}


class Inserted(msgspec.Struct, frozen=True, kw_only=True):
    """What storing costs at one size of the tables."""

    rows_per_second: float
    postgres_cpu_us: float
    wal_bytes: float


class Growth(msgspec.Struct, frozen=True, kw_only=True):
    """What one run found."""

    rows: int
    empty: Inserted
    full: Inserted
    views_ms: dict[str, float]
    view_rows: dict[str, int]
    bytes_per_response: dict[str, float]


async def measure(
    bench: Bench, rows: int, seconds: float, rounds: int, say: Callable[[str], None]
) -> Growth:
    """Fill the database `full`, then compare it with `empty`."""
    full = await asyncpg.connect(bench.server.url(SUPERUSER, "full"))
    empty = await asyncpg.connect(bench.server.url(SUPERUSER, "empty"))
    try:
        await generator.add_cast(full)
        await generator.add_cast(empty)
        await generator.fill(full, rows, say)
        await generator.summarise(full, say)
        sizes = await _sizes(full)
        views = await _views(bench, full, say)
        found: dict[str, list[Inserted]] = {"empty": [], "full": []}
        for number in range(1, rounds + 1):
            for name in found:
                say(f"  round {number} of {rounds}: insert into {name}")
                await (full if name == "full" else empty).execute("checkpoint", timeout=None)
                found[name].append(await _insert(bench, name, seconds))
    finally:
        await full.close()
        await empty.close()
    return Growth(
        rows=rows,
        empty=_middle(found["empty"]),
        full=_middle(found["full"]),
        views_ms={name: ms for name, (ms, _) in views.items()},
        view_rows={name: count for name, (_, count) in views.items()},
        bytes_per_response=sizes,
    )


def _middle(rounds: list[Inserted]) -> Inserted:
    return Inserted(
        rows_per_second=round(median(each.rows_per_second for each in rounds)),
        postgres_cpu_us=round(median(each.postgres_cpu_us for each in rounds), 1),
        wal_bytes=round(median(each.wal_bytes for each in rounds)),
    )


async def _sizes(full: asyncpg.Connection) -> dict[str, float]:
    """Bytes a response on disk, by table with its indexes."""
    count = await full.fetchval("select count(*) from meetpunt.response")
    rows = await full.fetch(
        """select relname, pg_table_size(oid) as heap, pg_indexes_size(oid) as indexes
        from pg_class where relname in ('response', 'receipt', 'free_text', 'summary')
            and relnamespace = 'meetpunt'::regnamespace and relkind in ('r', 'p')"""
    )
    sizes: dict[str, float] = {}
    for row in rows:
        sizes[row["relname"]] = round(row["heap"] / count, 1)
        sizes[f"{row['relname']} indexes"] = round(row["indexes"] / count, 1)
    return sizes


async def _views(
    bench: Bench, full: asyncpg.Connection, say: Callable[[str], None]
) -> dict[str, tuple[float, int]]:
    """Milliseconds (the median of five) and rows of each question, as one municipality's reader."""
    owner = await asyncpg.connect(bench.server.url("meetpunt_owner", "full"))
    try:
        await grant_reader(owner, "GM1042", _READER, uuid4().hex, free_text=False)
    finally:
        await owner.close()
    since = (date.today() - timedelta(days=365)).replace(day=1)
    found = {}
    await full.execute(f"set role {_READER}")
    for name, (question, _) in VIEWS.items():
        took, rows = [], []
        for _ in range(_TIMES):
            began = time.perf_counter()
            rows = await full.fetch(question, since, timeout=300)
            took.append((time.perf_counter() - began) * 1000)
        found[name] = (round(median(took), 1), len(rows))
        say(f"  {name}: {median(took):.1f} ms, first {took[0]:.1f} ms, {len(rows)} rows")
    await full.execute("reset role")
    return found


async def _insert(bench: Bench, database: str, seconds: float) -> Inserted:
    """Batches of 200 by the service's own statement, one after the other."""
    db = await asyncpg.connect(bench.server.url("meetpunt_ingest", database))
    try:
        await db.execute(
            "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set jit = off"
        )
        asked = await db.fetch(
            """select touchpoint.municipality, touchpoint.number, questionnaire.structure,
                questionnaire.questionnaire, questionnaire.version
            from meetpunt.touchpoint
            join meetpunt.questionnaire using (municipality)
            where questionnaire.questionnaire = 'balie'"""
        )
        batches = [[_response(random.choice(asked)) for _ in range(_BATCH)] for _ in range(400)]
        processes = family(bench.postgres)
        at = await db.fetchval("select pg_current_wal_insert_lsn()")
        before, began, stored = cpu_us(processes), time.perf_counter(), 0
        for batch in batches:
            await store_responses(db, batch)
            stored += len(batch)
            if time.perf_counter() - began > seconds:
                break
        took = time.perf_counter() - began
        used = cpu_us(processes) - before
        wal = await db.fetchval("select pg_current_wal_insert_lsn() - $1::pg_lsn", at)
    finally:
        await db.close()
    return Inserted(
        rows_per_second=stored / took, postgres_cpu_us=used / stored, wal_bytes=int(wal) / stored
    )


def _response(asked: asyncpg.Record) -> NewResponse:
    text = '[{"item":"toelichting","text":"' + "Fijn geholpen, dank. " * 7 + '","masked":[]}]'
    return NewResponse(
        municipality=asked["municipality"],
        id=uuid4(),
        touchpoint=asked["number"],
        questionnaire=asked["questionnaire"],
        version=asked["version"],
        structure=asked["structure"],
        language="nl",
        day=date.today(),
        hour=10,
        mode="link",
        complete=True,
        suspect="",
        is_test=False,
        dimensions="{}",
        content_code=random.randbytes(32),
        answers='{"cijfer":8,"geholpen":"ja","vriendelijk":4,"wachttijd":4}',
        texts=text if random.random() < 0.4 else "[]",
        invitation=None,
        token_id=random.randbytes(16),
        token_expires_on=date.today() + timedelta(days=2),
    )


def run(bench: Bench, rows: int, seconds: float, rounds: int, say: Callable[[str], None]) -> Growth:
    """`measure`, from where there is no event loop."""
    return asyncio.run(measure(bench, rows, seconds, rounds, say))
