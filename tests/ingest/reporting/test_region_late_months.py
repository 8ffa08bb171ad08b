"""A month of which nothing was told, while its quarter was: it comes in, and the quarter again."""

from datetime import UTC, date, datetime

import asyncpg
import pytest

from ingest.reporting.region import tell_regions
from tests.conftest import Database
from tests.postgres import versions

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("postgres_version", versions())]

_MEMBERS = ("GM9001", "GM9002", "GM9003")
_COUNTED = """
    insert into meetpunt.summary (municipality, grain, period, touchpoint, structure, item,
        indicator, kind, given, not_applicable, small_group)
    select $1::text, 'month', $2::date, touchpoint.number, item.structure, item.item, item.indicator, item.kind,
        array[0, 0, 0, 0, 0, 0, 0, $3::bigint, 0, 0]::bigint[], 0, false
    from meetpunt.touchpoint
    join meetpunt.touchpoint_version as asked
        on asked.municipality = touchpoint.municipality and asked.touchpoint = touchpoint.number
    join meetpunt.questionnaire
        on questionnaire.municipality = asked.municipality
        and questionnaire.questionnaire = asked.questionnaire
        and questionnaire.version = asked.version
    join meetpunt.item
        on item.municipality = questionnaire.municipality
        and item.structure = questionnaire.structure
    where touchpoint.municipality = $1 and channel = 'balie' and item = 'cijfer'
"""
_TOLD = """
    select period, revision, latest, n from lees.gepubliceerd
    where municipality = 'GM9003' and grain = $1 order by period, revision
"""
_OWN = "select revision from lees.vergelijking where municipality = 'GM9003' and grain = 'quarter'"


async def _count(db: asyncpg.Connection, municipality: str, month: int, n: int) -> None:
    await db.execute(_COUNTED, municipality, date(2026, month, 1), n)


async def test_a_month_that_is_told_after_its_quarter_revises_the_quarter(
    database: Database,
) -> None:
    async with database.superuser() as db, database.connected("meetpunt_folder") as folder:
        for member in _MEMBERS:
            for month in (1, 2, 3):
                if (member, month) != ("GM9003", 2):
                    await _count(db, member, month, 20)
        await tell_regions(folder, now=datetime(2026, 4, 10, tzinfo=UTC), wait=True)
        await _count(db, "GM9003", 2, 15)
        await tell_regions(folder, now=datetime(2026, 7, 10, tzinfo=UTC), wait=True)
        first = date(2026, 1, 1)
        assert [tuple(row) for row in await db.fetch(_TOLD, "quarter")] == [
            (first, 0, False, 40),
            (first, 1, True, 55),
        ]
        assert await db.fetchval(_OWN) == 1
        # Months are as they were: each for the first time.
        assert {row["revision"] for row in await db.fetch(_TOLD, "month")} == {0}
        assert not await tell_regions(folder, now=datetime(2026, 7, 11, tzinfo=UTC), wait=True)
