"""Summaries of regions of a test's own, and readers who look at them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import asyncpg

from ingest.database.readers import grant_reader
from tests.conftest import Database

Given = tuple[int, ...]

CORE, OTHER_CORE = "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"
JANUARY, FEBRUARY = date(2024, 1, 1), date(2024, 2, 1)
NONE = (0,) * 10


class Region:
    """Fills summaries as the folder would, for municipalities of a test's own."""

    def __init__(self, db: asyncpg.Connection) -> None:
        self.db = db
        self.codes: dict[str, str] = {}

    async def municipality(self, name: str, region: str) -> str:
        """A municipality with a touchpoint on each channel that is used; its code."""
        code = f"GM{1000 + len(self.codes)}"
        self.codes[name] = code
        await self.db.execute(
            "insert into meetpunt.municipality values ($1, $2, $2, $3, true)", code, name, region
        )
        for place, channel in enumerate(("balie", "telefonie")):
            await self.db.execute(
                "insert into meetpunt.touchpoint"
                " (municipality, number, slug, channel, retired) values ($1, $2, $3, $3, false)",
                code,
                10_000 + 2 * len(self.codes) + place,
                channel,
            )
        return code

    async def given(
        self,
        name: str,
        given: Given,
        *,
        month: date = JANUARY,
        channel: str = "balie",
        kind: str = "mark",
        structure: str = CORE,
        item: str = "cijfer",
        is_test: bool = False,
    ) -> None:
        await self.db.execute(
            "insert into meetpunt.summary select $1, 'month', $2, number, $3, $4, 'tevredenheid',"
            " $5, $6, $7, 2 from meetpunt.touchpoint where municipality = $1 and channel = $8",
            self.codes[name],
            month,
            structure,
            item,
            kind,
            is_test,
            list(given),
            channel,
        )


@asynccontextmanager
async def filled(database: Database) -> AsyncIterator[Region]:
    """An empty region to fill, whose core asks a mark and a scale of each kind."""
    async with database.superuser() as db:
        await db.executemany(
            "insert into meetpunt.core_item values ($1, $2, 'balie/1')",
            [(CORE, item) for item in ("cijfer", "mark", "agreement", "yes_partly_no")],
        )
        yield Region(db)


async def reads(database: Database, role: str, *codes: str) -> None:
    """Let `role` read the rows of these municipalities."""
    async with database.connected("meetpunt_owner") as owner:
        for code in codes:
            await grant_reader(owner, code, role, "a password", free_text=False)


async def seen_by(
    database: Database, role: str, query: str = "select * from bi.benchmark_regio"
) -> list[Any]:
    """What somebody sees who logged in as `role`."""
    async with database.superuser() as db:
        await db.execute(f"set session authorization {role}")
        rows: list[Any] = await db.fetch(query)
        return rows
