"""Regions of a test's own: municipalities with a world of their own, what each was given, looks."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from functools import cache
from string import ascii_uppercase
from typing import Any

import asyncpg

from ingest.database.reading import make_reading
from ingest.database.turns import Turn
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.groups import Group
from ingest.reporting.region import tell_regions
from tests.conftest import Database, prepared
from tests.example import example_catalogue
from tests.publishing import reads, seen

Given = tuple[int, ...]

CORE, OTHER_CORE, ELSEWHERE = "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "cccccccccccccccc"
JANUARY, FEBRUARY, MARCH = date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)
NONE = (0,) * 10


def the_8th(month: int, year: int = 2024) -> datetime:
    return datetime(year, month, 8, 5, tzinfo=UTC)


def marks(value: int, count: int) -> Given:
    """`count` answers: all `value`, but one `value - 1`, so that they differ."""
    given = [0] * 10
    given[value - 1] = count - 1
    given[value - 2] += 1
    return tuple(given)


class Region:
    """Counts answers as publishing does, for municipalities of a test's own; and looks at them."""

    def __init__(self, database: Database, db: asyncpg.Connection) -> None:
        self.database = database
        self.db = db
        self.codes: dict[str, str] = {}

    async def municipalities(self, names: Sequence[str], region: str = "polder") -> None:
        """Each named by a letter, with a touchpoint on each channel that is used."""
        for name in names:
            # Of the name, not the next one: those of a template keep theirs.
            number = ascii_uppercase.index(name)
            code = self.codes[name] = f"GM{1000 + number}"
            await self.db.execute(
                "insert into meetpunt.municipality values ($1, $2, $3, $4, true)"
                " on conflict (code) do update set region = excluded.region",
                *(code, name.lower(), name, region),
            )
            for place, channel in enumerate(("balie", "telefonie")):
                await self.db.execute(
                    "insert into meetpunt.touchpoint"
                    " (municipality, number, slug, name, channel, retired)"
                    " values ($1, $2, $3, $3, $3, false) on conflict do nothing",
                    code,
                    10_000 + 2 * number + place,
                    channel,
                )

    async def open(self, **groups: str) -> None:
        """Make the worlds of readers: of municipalities, and of groups of them ("AB")."""
        files = example_catalogue()
        catalogue = Catalogue(
            files.municipalities.values(),
            {},
            {},
            [
                Group(slug=slug, name=slug, members=tuple(name.lower() for name in names))
                for slug, names in groups.items()
            ],
        )
        async with self.database.connected("meetpunt_owner") as owner:
            await make_reading(owner, catalogue, Turn(owner, 30))
        for slug in (*(name.lower() for name in self.codes), *groups):
            await reads(self.database, slug, f"lezer_{slug}")

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
    ) -> None:
        """These answers, beside those that there are."""
        await self.db.execute(
            "insert into meetpunt.summary as s"
            " select $1, 'month', $2, number, $3, $4, 'tevredenheid', $5, $6, 2, false"
            " from meetpunt.touchpoint where municipality = $1 and channel = $7"
            " on conflict (municipality, grain, period, touchpoint, structure, item)"
            " do update set given = meetpunt.added(s.given, excluded.given)",
            *(self.codes[name], month, structure, item, kind, list(given), channel),
        )

    async def figures(self) -> None:
        """Count it for the own readers as well, as publishing does at once."""
        await self.db.execute(
            "insert into lees.cijfer (municipality, grain, period, channel, indicator, kind, given,"
            " small_group) select municipality, grain, period, channel, indicator, kind, given,"
            " small_group from meetpunt.summary join meetpunt.touchpoint"
            " using (municipality) where touchpoint.number = summary.touchpoint"
        )

    async def told(self, now: datetime) -> int:
        """One look; how many cells it told."""
        async with self.database.connected("meetpunt_folder") as folder:
            return await tell_regions(folder, now=now, wait=True)

    async def seen(
        self, reader: str, view: str = "benchmark_regio", where: str = "true"
    ) -> dict[str, Any]:
        """What the reader of a municipality or group sees of one period, by municipality."""
        rows = await self.rows(reader, f"select * from {view} where {where}")
        assert len({row["gemeente"] for row in rows}) == len(rows)
        return {row["gemeente"]: row for row in rows}

    async def rows(self, reader: str, query: str) -> list[Any]:
        return await seen(self.database, f"lezer_{reader.lower()}", query)


@cache
def where_regions_begin() -> str:
    """A database to copy, with the worlds of six municipalities: each takes a tenth of a second."""
    template = prepared("regions_begin")
    asyncio.run(_make_worlds(template))
    return template.name


async def _make_worlds(database: Database) -> None:
    async with database.superuser() as db:
        region = Region(database, db)
        await region.municipalities("ABCDEF")
        await region.open()


@asynccontextmanager
async def a_region(database: Database, names: Sequence[str] = "ABCDEF") -> AsyncIterator[Region]:
    """Municipalities that ask a mark and a scale of each kind, in one region."""
    async with database.superuser() as db:
        await db.executemany(
            "insert into meetpunt.core_item values ($1, $2, 'balie/1')",
            [(CORE, item) for item in ("cijfer", "mark", "agreement", "yes_partly_no")],
        )
        region = Region(database, db)
        await region.municipalities(names)
        yield region
