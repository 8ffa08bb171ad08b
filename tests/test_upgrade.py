"""What a released version left behind is taken over by this one, and nothing of it is lost.

A migration that a database of somebody may have run never changes again: `FROZEN`.
"""

import asyncio
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

from ingest.clock import today_here
from ingest.database.migrate import MIGRATIONS, migrate
from ingest.database.mirror import mirror_files
from ingest.database.once import run_once
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.schemas import bi_schema
from tests.conftest import Database, Serve
from tests.postgres import drop_database, running_postgres
from tests.publishing import published, reading, reads
from tests.upgrading import DATA, EMPTY, counted, dumps, restore

FROZEN = DATA / "migrations.sha256"

pytestmark = pytest.mark.anyio


def test_a_migration_that_was_released_never_changes() -> None:
    """A mended one is a new file: who ran the old one would be refused by `meetpunt migrate`."""
    lines = (line.split("  ") for line in FROZEN.read_text("utf-8").splitlines())
    frozen = {name: checksum for checksum, name in lines}
    here = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in MIGRATIONS.glob("*.sql")
    }
    assert frozen
    assert {name: here.get(name) for name in frozen} == frozen


@pytest.fixture(params=dumps(), ids=lambda dump: dump.stem)
def left(request: pytest.FixtureRequest, postgres_version: int) -> Iterator[Database]:
    """A database as that version left it."""
    database = Database(running_postgres(postgres_version), f"left_{uuid4().hex}")
    restore(database, request.param, postgres_version)
    yield database
    asyncio.run(drop_database(database.server, database.name))


async def upgraded(database: Database, catalogue: Catalogue) -> None:
    """What an operator does: `meetpunt migrate`, and once.sql again."""
    async with database.connected("meetpunt_owner") as owner:
        await migrate(owner)
        await mirror_files(owner, catalogue, today_here())
    async with database.superuser() as db:
        await run_once(db)


def test_there_is_a_dump_of_every_version_that_was_released() -> None:
    assert [dump.stem for dump in dumps()] == ["v0.1.0"]


async def test_every_row_is_there_after_the_upgrade(left: Database, catalogue: Catalogue) -> None:
    async with left.superuser() as db:
        before = await counted(db)
        await upgraded(left, catalogue)
        after = await counted(db)
    assert {name for name, rows in before.items() if not rows} == set(EMPTY)
    # What says how the files are is written anew, and may say more.
    fewer = {name: (rows, after.get(name)) for name, rows in before.items() if after[name] < rows}
    assert not fewer


async def test_a_reader_of_before_reads_every_view(left: Database, catalogue: Catalogue) -> None:
    schema = bi_schema("molensloot")
    async with left.superuser() as db:
        before = {name: await _rows(db, schema, name) for name in await _views(db, schema)}
        await upgraded(left, catalogue)
    assert len(before) > 15
    await reads(left, "molensloot", "lezer_van_toen", free_text=True)
    async with reading(left, "lezer_van_toen") as reader:
        now = {name: await _rows(reader, schema, name) for name in before}
    assert {name: rows for name, rows in before.items() if now[name] < rows} == {}
    assert now["feit_reactie"] > 100
    assert now["toelichting"] > 10
    assert now["benchmark_regio"] > 0


async def test_the_service_stores_and_publishes_upon_what_was_there(
    left: Database, catalogue: Catalogue, serve: Serve
) -> None:
    await upgraded(left, catalogue)
    async with serve(on=left, url=left.ingest) as served:
        assert (await served.client.get("/readyz")).status_code == 200
        for _ in range(12):
            assert (await served.post(served.body(served.token()))).status_code == 201
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert await published(left, catalogue, at_once=False, now=tomorrow) >= 10


async def _views(db: asyncpg.Connection, schema: str) -> list[str]:
    rows = await db.fetch(
        "select relname as name from pg_class"
        " where relkind = 'v' and relnamespace = $1::regnamespace order by 1",
        schema,
    )
    return [row["name"] for row in rows]


async def _rows(db: asyncpg.Connection, schema: str, view: str) -> int:
    found: int = await db.fetchval(f"select count(*) from {schema}.{view}")
    return found
