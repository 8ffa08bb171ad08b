"""Inserts into empty tables and into full ones, in turn; and how long dashboards wait."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from statistics import median
from uuid import uuid4

import asyncpg
import msgspec

from ingest.clock import today_here
from ingest.database.readers import grant_reader
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.schemas import bi_schema
from ingest.operational.figures import Figure
from ingest.operational.storing import put_figures
from ingest.postgres.server import OWNER, SUPERUSER
from tests.bench import generator
from tests.bench.inserting import insert
from tests.bench.measuring import cpu_us, family
from tests.bench.surroundings import Bench
from tests.country import country, settle
from tests.example import example_catalogue
from tests.postgres import create_database

MUNICIPALITIES = 100
_READ, _READER = "dorp-042", "bench_reader"
_TIMES = 5
# What a dashboard asks of a year; and how many milliseconds it may take.
VIEWS = {
    "indicator_per_maand": (
        "select * from indicator_per_maand where maand >= $1 order by maand",
        50,
    ),
    "indicator_per_week": (
        "select * from indicator_per_week where week >= $1 order by week",
        50,
    ),
    "indicator_per_kwartaal": ("select * from indicator_per_kwartaal where kwartaal >= $1", 50),
    "indicator_per_jaar": ("select * from indicator_per_jaar where jaar >= $1", 50),
    "indicator_twaalf_maanden": ("select * from indicator_twaalf_maanden where maand >= $1", 50),
    "uitsplitsing_per_maand": (
        "select * from uitsplitsing_per_maand where uitsplitsing = 'product' and maand >= $1",
        50,
    ),
    "uitsplitsing_per_kwartaal": (
        """select * from uitsplitsing_per_kwartaal
        where uitsplitsing = 'afdeling' and kwartaal >= $1""",
        50,
    ),
    "uitsplitsing_per_jaar": (
        "select * from uitsplitsing_per_jaar where uitsplitsing = 'dagdeel' and jaar >= $1",
        50,
    ),
    "kengetal_per_maand": (
        "select * from kengetal_per_maand where product is not null and maand >= $1",
        50,
    ),
    "kengetal_per_kwartaal": (
        "select * from kengetal_per_kwartaal where afdeling is not null and kwartaal >= $1",
        50,
    ),
    "benchmark_regio": ("select * from benchmark_regio where maand >= $1 order by maand", 200),
    "feit_reactie": (
        """select kanaal, maand, count(*), count(*) filter (where volledig)
        from feit_reactie where maand >= $1 group by 1, 2 order by 1, 2""",
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
    catalogue = country(example_catalogue(), MUNICIPALITIES)
    for name in ("empty", "full"):
        await _settle(bench, name, catalogue)
    full = await asyncpg.connect(bench.server.url(SUPERUSER, "full"))
    empty = await asyncpg.connect(bench.server.url(SUPERUSER, "empty"))
    try:
        await generator.fill(full, rows, say)
        folder = await asyncpg.connect(bench.server.url("meetpunt_folder", "full"))
        try:
            await generator.publish_all(folder, catalogue, say)
        finally:
            await folder.close()
        await generator.tidy(full)
        sizes = await sizes_of(full)
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


async def _settle(bench: Bench, name: str, catalogue: Catalogue) -> None:
    await create_database(bench.server, name)
    owner = await asyncpg.connect(bench.server.url(OWNER, name))
    try:
        await settle(owner, catalogue, today_here() - timedelta(days=366))
    finally:
        await owner.close()


def _middle(rounds: list[Inserted]) -> Inserted:
    return Inserted(
        rows_per_second=round(median(each.rows_per_second for each in rounds)),
        postgres_cpu_us=round(median(each.postgres_cpu_us for each in rounds), 1),
        wal_bytes=round(median(each.wal_bytes for each in rounds)),
    )


async def sizes_of(full: asyncpg.Connection) -> dict[str, float]:
    """Bytes a response on disk, by table with its indexes."""
    count = await full.fetchval("select count(*) from meetpunt.response")
    rows = await full.fetch(
        """select parent.relname, sum(pg_table_size(place.oid)) as heap,
            sum(pg_indexes_size(place.oid)) as indexes
        from pg_class as place
        left join pg_inherits on pg_inherits.inhrelid = place.oid
        join pg_class as parent on parent.oid = coalesce(pg_inherits.inhparent, place.oid)
        join pg_namespace as schema on schema.oid = parent.relnamespace
        where place.relkind = 'r' and (schema.nspname, parent.relname) in (
            ('meetpunt', 'response'), ('meetpunt', 'receipt'), ('meetpunt', 'free_text'),
            ('meetpunt', 'summary'), ('lees', 'reactie'), ('lees', 'tekst'), ('lees', 'cijfer'),
            ('lees', 'cijfer_uitgesplitst'))
        group by parent.relname order by parent.relname"""
    )
    sizes: dict[str, float] = {}
    for row in rows:
        sizes[row["relname"]] = round(float(row["heap"]) / count, 1)
        sizes[f"{row['relname']} indexes"] = round(float(row["indexes"]) / count, 1)
    return sizes


async def _views(
    bench: Bench, full: asyncpg.Connection, say: Callable[[str], None]
) -> dict[str, tuple[float, int]]:
    """Milliseconds (the median of five) and rows of each question, as one municipality's reader."""
    owner = await asyncpg.connect(bench.server.url("meetpunt_owner", "full"))
    try:
        await grant_reader(owner, _READ, _READER, uuid4().hex, free_text=False)
    finally:
        await owner.close()
    since = (today_here() - timedelta(days=365)).replace(day=1)
    await _tell_work(bench, since)
    found = {}
    await full.execute(f"set search_path = {bi_schema(_READ)}; set role {_READER}")
    for name, (question, _) in VIEWS.items():
        took, rows = [], []
        for _ in range(_TIMES):
            began = time.perf_counter()
            rows = await full.fetch(question, since, timeout=300)
            took.append((time.perf_counter() - began) * 1000)
        found[name] = (round(median(took), 1), len(rows))
        say(f"  {name}: {median(took):.1f} ms, first {took[0]:.1f} ms, {len(rows)} rows")
    await full.execute("reset role; reset search_path")
    return found


async def _tell_work(bench: Bench, since: date) -> None:
    """A year of the waiting time on the telephone: of all, of a product, and of a department."""
    figures = [
        Figure(
            grain="month",
            period=(since + timedelta(days=31 * month)).replace(day=1),
            channel="telefonie",
            department=department,
            product=product,
            measure="wachttijd",
            value=2.5,
            n=100,
        )
        for month in range(12)
        for department, product in (("", ""), ("", "paspoort"), ("publiekszaken", ""))
    ]
    folder = await asyncpg.connect(bench.server.url("meetpunt_folder", "full"))
    try:
        code = await folder.fetchval(
            "select code from meetpunt.municipality where slug = $1", _READ
        )
        await put_figures(folder, code, figures, now=datetime.now(UTC))
    finally:
        await folder.close()


async def _insert(bench: Bench, database: str, seconds: float) -> Inserted:
    """Batches of 200 by the service's own statement, one after the other."""
    db = await asyncpg.connect(bench.server.url(SUPERUSER, database))
    try:
        processes = family(bench.postgres)
        at, before = await db.fetchval("select pg_current_wal_insert_lsn()"), cpu_us(processes)
        did = await insert(bench.server.url("meetpunt_ingest", database), seconds)
        used = cpu_us(family(bench.postgres)) - before
        wal = await db.fetchval("select pg_current_wal_insert_lsn() - $1::pg_lsn", at)
    finally:
        await db.close()
    return Inserted(
        rows_per_second=did["stored"] / did["seconds"],
        postgres_cpu_us=used / did["stored"],
        wal_bytes=int(wal) / did["stored"],
    )


def run(bench: Bench, rows: int, seconds: float, rounds: int, say: Callable[[str], None]) -> Growth:
    """`measure`, from where there is no event loop."""
    return asyncio.run(measure(bench, rows, seconds, rounds, say))
