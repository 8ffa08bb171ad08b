"""A synchronous standby that does not answer: every commit that is told of waits for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from ingest.database.acknowledged import MARK
from tests.conftest import Database

_WAITS = "select wait_event = 'SyncRep' from pg_stat_activity where pid = $1"


def waiting(url: str) -> str:
    """The same URL for a session that waits for a standby: those of tests do not."""
    return f"{url}{'&' if '?' in url else '?'}synchronous_commit=on"


@asynccontextmanager
async def standby_away(database: Database) -> AsyncIterator[None]:
    """For as long as this lasts the server of `database` has a standby that is not there."""
    async with database.superuser() as db:
        await _name(db, "somebody")
        await _until_a_commit_waits(database, db)
        try:
            yield
        finally:
            await _name(db, "")


async def _name(db: asyncpg.Connection, names: str) -> None:
    await db.execute(f"alter system set synchronous_standby_names = '{names}'")
    await db.execute("select pg_reload_conf()")


async def _until_a_commit_waits(database: Database, db: asyncpg.Connection) -> None:
    """Each process of the server reads the new settings when it comes to it."""
    async with asyncio.timeout(10):
        while True:
            probe = await asyncpg.connect(waiting(database.ingest))
            committing = asyncio.create_task(probe.execute(MARK))
            try:
                while not committing.done():
                    if await db.fetchval(_WAITS, probe.get_server_pid()):
                        return
            finally:
                # Its process would go on waiting for the standby.
                await db.execute("select pg_terminate_backend($1)", probe.get_server_pid())
                await asyncio.gather(committing, return_exceptions=True)
