"""Do something as a role of the database, and as no other."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import asyncpg

from ingest.commands.environment import (
    FOLDER,
    ONLY_HERE,
    WORK,
    auditor_url,
    connection,
    fail,
    folder_url,
    owner_url,
    work_url,
)
from ingest.database.acknowledged import HEAR_WARNINGS, NotReplicated, acknowledged
from ingest.database.readers import SERVICE_ROLES
from ingest.postgres.server import OWNER
from ingest.settings import Settings

Result = TypeVar("Result")


def as_owner(settings: Settings, work: Callable[[Any], Awaitable[Result]]) -> Result:
    """Run `work(connection)` as the owner of the database."""

    async def as_that_role(db: asyncpg.Connection) -> Result:
        await require_owner(db)
        return await work(db)

    with owner_url(settings) as url:
        return asyncio.run(_run(url, as_that_role))


def as_auditor(settings: Settings, work: Callable[[Any], Awaitable[Result]]) -> Result:
    """Run `work(connection)` as whoever may read the audit trail."""
    with auditor_url(settings) as url:
        return asyncio.run(_run(url, work))


def as_folder(settings: Settings, work: Callable[[Any], Awaitable[Result]]) -> Result:
    """Run `work(connection)` as the role that publishes and purges, and as no other.

    Any other sees no row, and would say with success that there was nothing to do.
    """

    async def as_that_role(db: asyncpg.Connection) -> Result:
        await require_folder(db)
        return await work(db)

    with folder_url(settings) as url:
        return asyncio.run(_run(url, as_that_role))


def as_work(settings: Settings, work: Callable[[Any], Awaitable[Result]]) -> Result:
    """Run `work(connection)` as the role that sends invitations, and as no other."""

    async def as_that_role(db: asyncpg.Connection) -> Result:
        await require_work(db)
        return await work(db)

    with work_url(settings) as url:
        return asyncio.run(_run(url, as_that_role))


async def require_owner(db: asyncpg.Connection) -> None:
    """End the command when this connection is that of a role of the service.

    The owner itself may have another name than ours.
    """
    role = await db.fetchval("/* who_am_i */ select current_user")
    if role in SERVICE_ROLES and role != OWNER:
        fail(f"MEETPUNT_OWNER_URL connects as {role}; it has to be {OWNER}.")


async def require_folder(db: asyncpg.Connection) -> None:
    """End the command unless this connection is that of the role which publishes and purges."""
    await _require_role(db, FOLDER, "MEETPUNT_FOLDER_URL")


async def require_work(db: asyncpg.Connection) -> None:
    """End the command unless this connection is that of the role which sends invitations."""
    await _require_role(db, WORK, "MEETPUNT_WORK_URL")


async def _require_role(db: asyncpg.Connection, wanted: str, variable: str) -> None:
    role = await db.fetchval("/* who_am_i */ select current_user")
    if role != wanted:
        fail(f"{variable} connects as {role}; it has to be role {wanted}.")


async def _run(url: str, work: Callable[[Any], Awaitable[Result]]) -> Result:
    async with connection(url) as db:
        try:
            # What a command says was done is done, also after a failover.
            await db.execute(HEAR_WARNINGS)
            async with acknowledged(db):
                return await work(db)
        except NotReplicated:
            fail(ONLY_HERE)
        except asyncpg.UndefinedTableError:
            fail("this database has no tables of Meetpunt yet: run 'meetpunt migrate' first.")
        except asyncpg.UndefinedFunctionError:
            fail("this database is that of an older version: run 'meetpunt migrate' first.")
        except asyncpg.PostgresError as refused:
            fail(f"the database refused ({refused.sqlstate}): {refused}")
