"""Two that migrate at once take turns; and a database of another version is left as it is."""

import asyncio
import shutil
from pathlib import Path

import asyncpg
import pytest

from ingest.database.migrate import MIGRATIONS, MigrationChanged, migrate
from ingest.database.turns import MigrationLocked, Turn
from tests.conftest import Database, Serve

pytestmark = pytest.mark.anyio

WAITING = "select wait_event_type = 'Lock' from pg_stat_activity where pid = $1"
HELD = "select exists (select from public.meetpunt_migrating)"


async def test_who_cannot_migrate_because_another_does_is_told(database: Database) -> None:
    async with (
        database.superuser() as db,
        database.connected("meetpunt_owner") as first,
        database.connected("meetpunt_owner") as second,
    ):
        async with db.transaction():
            # So the first gets no further than its turn, and has it.
            await db.execute("lock table public.meetpunt_migration")
            migrating = asyncio.create_task(migrate(first))
            async with asyncio.timeout(10):
                while not await db.fetchval(HELD):
                    assert not migrating.done()
            with pytest.raises(MigrationLocked, match=r"over 0\.05 seconds"):
                await migrate(second, patience_seconds=0.05)
        assert await migrating == []
        # The first let go, and whoever was refused can have its turn.
        assert await migrate(second, patience_seconds=0.05) == []


async def test_a_migration_behind_a_slow_reader_does_not_stop_storing(
    serve: Serve, own_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, files)
    (files / "9999_more.sql").write_text("alter table meetpunt.response add column more integer;")
    monkeypatch.setattr("ingest.database.migrate.MIGRATIONS", files)
    async with (
        own_database.superuser() as reader,
        own_database.superuser() as watching,
        own_database.connected("meetpunt_owner") as owner,
        serve(on=own_database) as served,
    ):
        async with reader.transaction():
            await reader.fetchval("select count(*) from meetpunt.response")
            migrating = asyncio.create_task(migrate(owner))
            async with asyncio.timeout(10):
                while not await watching.fetchval(WAITING, owner.get_server_pid()):
                    assert not migrating.done()
            stored = await served.post(served.body(served.token()))
            assert (stored.status_code, migrating.done()) == (201, False)
        assert await migrating == ["9999_more.sql"]


async def test_a_migration_that_waits_for_who_waits_for_it_is_tried_again(
    database: Database,
) -> None:
    """Storing locks a table at a time, and so does a migration, in another order."""
    tries: list[None] = []

    async with database.connected("meetpunt_owner") as owner:

        async def change() -> int:
            tries.append(None)
            if len(tries) < 2:
                await owner.execute("do $$ begin raise sqlstate '40P01'; end $$")
            return len(tries)

        assert await Turn(owner, patience_seconds=0.05).in_transaction(change) == 2


async def test_a_migration_behind_a_reader_that_stays_is_not_half_done(
    own_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, files)
    (files / "9999_more.sql").write_text(
        "create table meetpunt.made_first (); alter table meetpunt.response add more integer;"
    )
    monkeypatch.setattr("ingest.database.migrate.MIGRATIONS", files)
    async with (
        own_database.superuser() as reader,
        own_database.connected("meetpunt_owner") as owner,
    ):
        async with reader.transaction():
            await reader.fetchval("select count(*) from meetpunt.response")
            with pytest.raises(asyncpg.LockNotAvailableError):
                await migrate(owner, patience_seconds=0.2)
            assert await reader.fetchval("select to_regclass('meetpunt.made_first')") is None
        assert await migrate(owner) == ["9999_more.sql"]


async def test_a_database_of_another_version_is_named_and_left_as_it_is(
    own_database: Database,
) -> None:
    async with own_database.connected("meetpunt_owner") as owner:
        await owner.execute(
            "update public.meetpunt_migration set name = '0007_dimensions.sql'"
            " where name = '0006_reading.sql'"
        )
        ran = await owner.fetch("select name from public.meetpunt_migration order by name")
        with pytest.raises(MigrationChanged, match=r"0007_dimensions\.sql .*before 0\.1\.0"):
            await migrate(owner)
        after = await owner.fetch("select name from public.meetpunt_migration order by name")
        assert after == ran


async def test_a_migration_that_was_edited_is_named(own_database: Database) -> None:
    async with own_database.connected("meetpunt_owner") as owner:
        await owner.execute(
            "update public.meetpunt_migration set sha256 = 'another'"
            " where name = '0002_responses.sql'"
        )
        with pytest.raises(MigrationChanged, match=r"0002_responses\.sql is not ours"):
            await migrate(owner)


async def test_a_newer_version_may_have_migrated_already(own_database: Database) -> None:
    async with own_database.connected("meetpunt_owner") as owner:
        await owner.execute(
            "insert into public.meetpunt_migration (name, sha256) values ('9999_newer.sql', 'x')"
        )
        assert await migrate(owner) == []
