"""What was published is destroyed at the same terms as what it was published from."""

from datetime import UTC, date, datetime

import pytest

from ingest.municipalities.retention import Retention
from ingest.retention.purging import purge
from tests.conftest import Database
from tests.ingest.reporting.responses import rows

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 10, 15, 12, tzinfo=UTC)
SHORT = {"GM9001": Retention(free_text_months=6, responses_years=2)}


async def purged(database: Database) -> dict[str, int]:
    async with database.connected("meetpunt_folder") as db:
        destroyed = await purge(db, SHORT, now=NOW, batch_rows=1)
    return {each.kind: each.rows for each in destroyed}


async def what_is_read(database: Database, month: date) -> None:
    """A response that was published in that month with its figure, a text, and one that waits."""
    async with database.superuser() as db:
        number = await db.fetchval(
            "select min(number) from meetpunt.touchpoint where municipality = 'GM9001'"
        )
        await db.execute(
            """insert into lees.reactie (municipality, month, week, touchpoint, questionnaire,
                version, structure, complete, suspect, small_group, dimensions, answers)
            values ('GM9001', $1, date_trunc('week', $1::date)::date, $2, 'balie', 1,
                '0123456789abcdef', true, '{}', false, '{}', '{"cijfer": 8}')""",
            month,
            number,
        )
        await db.execute(
            """insert into lees.cijfer_uitgesplitst (municipality, month, touchpoint, product,
                location, wijk, mode, daypart, indicator, kind, given, small_group)
            values ('GM9001', $1, $2, '', 'hal', '', 'link', '', 'tevredenheid', 'mark',
                '{0,0,0,0,0,0,0,1,0,0}', false)""",
            month,
            number,
        )
        await db.execute(
            """insert into lees.tekst (municipality, month, touchpoint, questionnaire, item,
                judgement, small_group, text, masked)
            values ('GM9001', $1, $2, 'balie', 'toelichting', 'hoog', false, 'Prima.', '{}')""",
            month,
            number,
        )
        await db.execute(
            """insert into meetpunt.waiting_text (municipality, touchpoint, structure, invited,
                promised, judgement, language, month, item, text, masked)
            values
                ('GM9001', $2, 'a', false, true, 'laag', 'nl', $1, 'toelichting', 'Koud.', '{}')""",
            month,
            number,
        )


async def test_what_was_published_goes_by_the_month_at_its_own_term(database: Database) -> None:
    months = [
        date(2024, 9, 1),  # past two years
        date(2024, 10, 1),
        date(2026, 3, 1),  # past six months
        date(2026, 4, 1),  # the month that the term ends in: kept whole
        date(2026, 10, 1),
    ]
    for month in months:
        await what_is_read(database, month)
    destroyed = await purged(database)
    # Texts, and those that still wait for others of their judgement.
    assert destroyed == {"published_response": 1, "published_breakdown": 1, "published_text": 6}
    of = "select month from {} order by month"
    for table in ("lees.reactie", "lees.cijfer_uitgesplitst"):
        assert await rows(database, of.format(table)) == [(month,) for month in months[1:]]
    for table in ("lees.tekst", "meetpunt.waiting_text"):
        assert await rows(database, of.format(table)) == [(month,) for month in months[3:]]
    # Figures of before that month can be worked out anew no more.
    assert await rows(database, "select municipality, day from meetpunt.purged_before") == [
        ("GM9001", months[1])
    ]
    assert await purged(database) == {}
