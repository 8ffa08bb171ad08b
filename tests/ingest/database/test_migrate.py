"""Two that migrate at once take turns, and neither waits for ever."""

import asyncio

import pytest

from ingest.database.migrate import MigrationLocked, migrate
from tests.conftest import Database

pytestmark = pytest.mark.anyio

HELD = "select exists (select from pg_locks where locktype = 'advisory' and granted)"


async def test_who_cannot_migrate_because_another_does_is_told(database: Database) -> None:
    async with (
        database.superuser() as db,
        database.connected("meetpunt_owner") as first,
        database.connected("meetpunt_owner") as second,
    ):
        async with db.transaction():
            # So the first gets no further than the lock of migrations, and holds it.
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
