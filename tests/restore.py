"""A municipality leaves with its own: its schemas, dumped and restored into another cluster.

`make faults ARGS=restore` does it for one of all 342. `roles` are what the other cluster needs.
"""

import asyncio
import contextlib
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import asyncpg
import msgspec

from ingest.clock import today_here
from ingest.database.readers import grant_reader
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Municipality
from ingest.municipalities.schemas import (
    bi_schema,
    lees_schema,
    reads_role,
    reads_texts_role,
    region_schema,
)
from ingest.postgres.programs import find_programs, ordinary_account
from ingest.postgres.server import OWNER, SUPERUSER, EmbeddedPostgres
from ingest.reporting.plan import plan_of
from ingest.reporting.publishing import publish
from ingest.reporting.region import tell_regions
from tests.bench.arriving import arriving, store
from tests.country import NETHERLANDS, country, settle
from tests.example import example_catalogue
from tests.postgres import create_database

READER, _PASSWORD = "lezer", "a password of a reader"
_YEAR = 365
_OTHERS_ON_A_DAY = 30
_CODE = re.compile(r"\bGM[0-9]{4}\b")
_COPY = re.compile(r"COPY (\S+) ")

Rows = Mapping[str, Sequence[str]]


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What came over: rows by view, how many differ, and what of others was in the dump.

    `codes_of_others` by table; `elsewhere` are those outside tables that all, or all of a region,
    may read.
    """

    municipalities: int
    dump_bytes: int
    seconds: float
    rows: dict[str, int]
    different: dict[str, int]
    codes_of_others: dict[str, int]
    elsewhere: int
    texts_of_others: int


def schemas(leaving: Municipality) -> tuple[str, ...]:
    """What is dumped: what all share, its own rows, what its region may know, and its views."""
    shared = ("lees", region_schema(leaving.region))
    return (*shared, lees_schema(leaving.slug), bi_schema(leaving.slug))


def roles(leaving: Municipality) -> str:
    """What must be there before the dump is restored, as the role `meetpunt_owner`.

    That role makes them itself: from Postgres 16 on only their maker may let a reader in.
    `meetpunt_folder` is in the policies of the tables.
    """
    names = ("meetpunt_views", "meetpunt_audit", reads_role(leaving.slug))
    made = [f"create role {name} nologin;" for name in (*names, reads_texts_role(leaving.slug))]
    member = f"grant {reads_role(leaving.slug)} to {reads_texts_role(leaving.slug)};"
    return "\n".join([*made, member])


async def fill(
    server: EmbeddedPostgres, name: str, catalogue: Catalogue, leaving: Municipality, rows: int
) -> None:
    """A year of one municipality and a day of every other, stored and published, and a reader."""
    today, chance = today_here(), Random(rows)
    await create_database(server, name)
    await _as(server, OWNER, name, lambda db: settle(db, catalogue, today - timedelta(days=_YEAR)))
    db = await asyncpg.connect(server.url("meetpunt_ingest", name))
    try:
        for ago in range(_YEAR, 0, -1):
            day, many = today - timedelta(days=ago), max(1, rows // _YEAR)
            await store(db, list(arriving(catalogue, leaving, day, many, chance)))
        for other in catalogue.municipalities.values():
            day = today - timedelta(days=40)
            many = 0 if other is leaving else _OTHERS_ON_A_DAY
            await store(db, list(arriving(catalogue, other, day, many, chance)))
    finally:
        await db.close()
    db = await asyncpg.connect(server.url("meetpunt_folder", name))
    try:
        now = datetime.now(UTC)
        await publish(db, plan_of(catalogue), now=now, wait=True, due_only=False)
        await tell_regions(db, now=now, wait=True)
    finally:
        await db.close()
    await let_in(server, name, leaving)


async def let_in(server: EmbeddedPostgres, name: str, leaving: Municipality) -> None:
    """A reader of the municipality, as `meetpunt db grant` makes it."""

    async def grant(owner: asyncpg.Connection) -> None:
        await grant_reader(owner, leaving.slug, READER, _PASSWORD, free_text=True)

    await _as(server, OWNER, name, grant)


async def read(server: EmbeddedPostgres, name: str) -> Rows:
    """Every row of every view that the reader has, as the reader, who logs in."""
    db = await asyncpg.connect(server.url(SUPERUSER, name), user=READER, password=_PASSWORD)
    try:
        views = await db.fetch(
            "select relname as name from pg_class where relkind = 'v'"
            " and pg_table_is_visible(oid) and relnamespace::regnamespace::text like 'bi\\_%'"
            " order by relname"
        )
        return {
            view["name"]: [
                row["line"]
                for row in await db.fetch(
                    f"select v::text as line from {view['name']} as v order by 1"
                )
            ]
            for view in views
        }
    finally:
        await db.close()


def dump(server: EmbeddedPostgres, name: str, leaving: Municipality, to: Path) -> None:
    """What pg_dump, as a superuser, makes of the schemas of one municipality."""
    chosen = [part for schema in schemas(leaving) for part in ("-n", schema)]
    _run(server, "pg_dump", *chosen, "-f", str(to), server.url(SUPERUSER, name))


async def restore(server: EmbeddedPostgres, name: str, leaving: Municipality, of: Path) -> None:
    """Into an empty database of a cluster that has no roles but the service's own."""
    await create_database(server, name)
    await _as(server, OWNER, name, lambda db: db.execute(roles(leaving)))
    url = server.url(SUPERUSER, name)
    _run(server, "psql", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-f", str(of), "-d", url)
    await let_in(server, name, leaving)


def of_others(
    lines: Iterable[str], catalogue: Catalogue, leaving: Municipality
) -> tuple[Counter[str], int]:
    """Codes of others by table ("" is outside of all), and how many lines hold a text of theirs."""
    others = [each for each in catalogue.municipalities.values() if each is not leaving]
    known = {each.code for each in others}
    names = re.compile("|".join(f"{re.escape(each.name)}: " for each in others))
    codes: Counter[str] = Counter()
    texts, table = 0, ""
    for line in lines:
        if begins := _COPY.match(line):
            table = begins[1]
        elif line.startswith("\\."):
            table = ""
        codes[table] += sum(code in known for code in _CODE.findall(line))
        texts += bool(names.search(line))
    return +codes, texts


async def leave(
    catalogue: Catalogue,
    leaving: Municipality,
    rows: int,
    folder: Path,
    servers: tuple[EmbeddedPostgres, EmbeddedPostgres],
) -> Restored:
    """From the first cluster to the second, and what is there of it."""
    name, file = f"leaving_{leaving.slug.replace('-', '_')}", folder / "dump.sql"
    here, there = servers
    await fill(here, name, catalogue, leaving, rows)
    before = await read(here, name)
    began = time.monotonic()
    dump(here, name, leaving, file)
    await restore(there, name, leaving, file)
    took = time.monotonic() - began
    after = await read(there, name)
    with file.open(encoding="utf-8") as lines:
        codes, texts = of_others(lines, catalogue, leaving)
    may = {"lees.dim_gemeente", f"{region_schema(leaving.region)}.gepubliceerd"}
    return Restored(
        municipalities=len(catalogue.municipalities),
        dump_bytes=file.stat().st_size,
        seconds=took,
        rows={view: len(lines) for view, lines in before.items()},
        different={
            view: (Counter(before.get(view, ())) - Counter(after.get(view, ()))).total()
            + (Counter(after.get(view, ())) - Counter(before.get(view, ()))).total()
            for view in {*before, *after}
            if before.get(view) != after.get(view)
        },
        codes_of_others=dict(codes),
        elsewhere=sum(n for table, n in codes.items() if table not in may),
        texts_of_others=texts,
    )


async def _as(
    server: EmbeddedPostgres,
    role: str,
    name: str,
    work: Callable[[asyncpg.Connection], Awaitable[object]],
) -> None:
    db = await asyncpg.connect(server.url(role, name))
    try:
        await work(db)
    finally:
        await db.close()


def _run(server: EmbeddedPostgres, program: str, *arguments: str) -> None:
    programs = find_programs(None, ordinary_account(server.data / "postgres"))
    done = subprocess.run(
        [programs.folder / program, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{program} failed: {done.stderr}")


def leaves(municipalities: int, rows: int) -> Restored:
    """One from the middle of a country leaves for a cluster that is empty."""
    catalogue = country(example_catalogue(), municipalities)
    leaving = list(catalogue.municipalities.values())[municipalities // 2]
    with contextlib.ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        here, there = (
            closing.enter_context(EmbeddedPostgres(folder / name, announce=lambda _: None))
            for name in ("here", "there")
        )
        return asyncio.run(leave(catalogue, leaving, rows, folder, (here, there)))


def report(found: Restored) -> str:
    """For people."""
    codes = ", ".join(f"{table or 'no table'} {n}" for table, n in found.codes_of_others.items())
    return "\n".join(
        [
            *(
                f"  {view:26}{rows:>9,} rows, {found.different.get(view, 0)} differ"
                for view, rows in found.rows.items()
            ),
            (
                f"One of {found.municipalities}: {found.dump_bytes / 1e6:.1f} MB, dumped and"
                f" restored in {found.seconds:.1f} s"
            ),
            (
                f"Of others: {found.texts_of_others} texts; codes: {codes};"
                f" {found.elsewhere} of those where they should not be"
            ),
        ]
    )


if __name__ == "__main__":
    sys.stdout.write(f"{report(leaves(NETHERLANDS, 20_000))}\n")
