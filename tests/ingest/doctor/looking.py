"""What tests of the doctor share: what it sees with, and what it told."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import msgspec

from ingest.doctor.findings import Finding, Mark
from ingest.doctor.sight import FOLDER, INGEST, OWNER, Sight, opened
from ingest.settings import Settings
from tests.conftest import Database
from tests.example import example_catalogue

_PATIENCE_SECONDS = 30.0

type_of_examiner = Callable[[Sight], Awaitable[list[Finding]]]


def sight_of(
    database: Database, *, roles: tuple[str, ...] = (INGEST, FOLDER, OWNER), **changes: Any
) -> Sight:
    """As the command makes it for a Postgres of one's own; `changes` are of `Settings`."""
    urls = {role: database.url(role) for role in roles}
    settings = Settings(
        **{
            "database_url": urls.get(INGEST),
            "folder_url": urls.get(FOLDER),
            "owner_url": urls.get(OWNER),
            "data": Path("nowhere"),
        }
        | changes
    )
    return Sight(settings=settings, catalogue=example_catalogue(), own=False, urls=urls)


async def seen(sight: Sight, examine: type_of_examiner) -> list[Finding]:
    """What one subject tells."""
    async with opened(sight) as (seeing, unreachable):
        assert not unreachable
        return await examine(seeing)


def marks(found: list[Finding]) -> list[Mark]:
    """How it is, in the order in which it is told."""
    return [each.mark for each in found]


def wrongs(found: list[Finding]) -> list[str]:
    """The sentences for somebody who has to do something."""
    return [each.sentence for each in found if each.mark == Mark.WRONG]


def sentences(found: list[Finding], mark: Mark) -> str:
    """Those with this mark, as one text."""
    return "\n".join(each.sentence for each in found if each.mark == mark)


def told_of_settings(sight: Sight, **changes: Any) -> Sight:
    """The same, with other settings."""
    return msgspec.structs.replace(
        sight, settings=msgspec.structs.replace(sight.settings, **changes)
    )


async def every_task_ran(url: str) -> None:
    """Return when each did, as any role of the service sees it."""
    db = await asyncpg.connect(url)
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while await db.fetchval(
                "select exists (select from meetpunt.task where last_ran is null)"
            ):
                pass
    finally:
        await db.close()
