"""What tests share that look at what was published: one look, and a reader who logs in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from ingest.database.readers import grant_reader
from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.plan import plan_of
from ingest.reporting.publishing import publish
from ingest.reporting.region import tell_regions
from tests.conftest import Database


async def published(
    database: Database,
    catalogue: Catalogue,
    *,
    at_once: bool = True,
    now: datetime | None = None,
) -> int:
    """Make readable what is due, and tell the regions; returns how many. `at_once`: as the demo."""
    moment = now or datetime.now(UTC)
    async with database.connected("meetpunt_folder") as folder:
        plan = plan_of(catalogue, at_once=at_once)
        told = await publish(folder, plan, now=moment, wait=True, due_only=False)
        await tell_regions(folder, now=moment, at_once=at_once, wait=True)
    return told.responses


def tomorrow() -> datetime:
    """A moment at which every response of today may be published."""
    return datetime.now(UTC) + timedelta(days=1)


async def reads(database: Database, slug: str, role: str, *, free_text: bool = False) -> None:
    """Let `role` read the world of a municipality or group."""
    async with database.connected("meetpunt_owner") as owner:
        await grant_reader(owner, slug, role, "a password", free_text=free_text)


@asynccontextmanager
async def reading(database: Database, role: str) -> AsyncIterator[asyncpg.Connection]:
    """A session as a login of this role gets it: its rights, and its search path."""
    async with database.superuser() as db:
        path = await db.fetchval(
            "select split_part(setting, '=', 2) from pg_db_role_setting,"
            " unnest(setconfig) as setting where setrole = $1::regrole"
            " and setdatabase = (select oid from pg_database where datname = current_database())"
            " and setting like 'search_path=%'",
            role,
        )
        await db.execute(f"set session authorization {role}")
        if path:
            await db.execute(f"set search_path = {path}")
        yield db


async def seen(database: Database, role: str, query: str, *arguments: Any) -> list[Any]:
    """What that role sees."""
    async with reading(database, role) as db:
        rows: list[Any] = await db.fetch(query, *arguments)
        return rows
