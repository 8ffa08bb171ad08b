"""Nothing is destroyed by a clock that others contradict, and somebody may answer for it once."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from ingest.clock import ClockDoubted, believed
from ingest.running.logs import MAX_CHARACTERS
from tests.conftest import Database

pytestmark = pytest.mark.anyio

NOW = datetime.now(UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def folder(database: Database) -> AsyncIterator[asyncpg.Connection]:
    async with database.connected("meetpunt_folder") as db:
        yield db


async def last_was(database: Database, moment: datetime) -> None:
    async with database.superuser() as db:
        await db.execute("insert into meetpunt.purge_moment (at) values ($1)", moment)


async def noted(database: Database) -> datetime | None:
    async with database.superuser() as db:
        moment: datetime | None = await db.fetchval("select at from meetpunt.purge_moment")
        return moment


async def doubted(folder: asyncpg.Connection, now: datetime) -> str:
    with pytest.raises(ClockDoubted) as refusal:
        await believed(folder, now)
    # Else a log line would break it off.
    assert len(str(refusal.value)) <= MAX_CHARACTERS
    return str(refusal.value)


async def test_the_first_purge_of_an_empty_database_is_believed_and_noted(
    folder: asyncpg.Connection, database: Database
) -> None:
    assert await believed(folder, NOW) == NOW
    assert await noted(database) == NOW


@pytest.mark.parametrize("since", [HOUR, DAY, -HOUR])
async def test_an_hour_and_a_day_after_the_last_purge_the_next_one_is_believed(
    folder: asyncpg.Connection, database: Database, since: timedelta
) -> None:
    await last_was(database, NOW - since)
    await believed(folder, NOW)
    assert await noted(database) == NOW


async def test_a_jump_of_which_the_database_knows_nothing_is_refused(
    folder: asyncpg.Connection, database: Database
) -> None:
    for wrong in (NOW + 2 * DAY, NOW + 400 * DAY, NOW - 2 * DAY):
        assert "by the database's (UTC); set right which is wrong" in await doubted(folder, wrong)
    assert await noted(database) is None


@pytest.mark.parametrize(
    ("since", "sentence"),
    [(400 * DAY, "400 days after the last purge"), (-400 * DAY, "400 days before the last purge")],
)
async def test_a_jump_that_the_database_shares_is_refused_by_the_last_purge(
    folder: asyncpg.Connection, database: Database, since: timedelta, sentence: str
) -> None:
    """On one machine both have one clock, so the moment of the last purge is what is left."""
    last = datetime.now(UTC) - since - timedelta(seconds=30) * (since / abs(since))
    await last_was(database, last)
    told = await doubted(folder, datetime.now(UTC))
    assert sentence in told
    assert "or, if it is, run 'meetpunt purge --clock-is-right' once" in told
    assert await noted(database) == last


async def answered(database: Database, day: datetime) -> None:
    """A response of that day."""
    async with database.superuser() as db:
        await db.execute(
            """insert into meetpunt.response (municipality, day, id, touchpoint, questionnaire,
                version, structure, language, mode, complete, suspect, is_test, dimensions,
                answers)
            select municipality, $1, gen_random_uuid(), t.number, q.questionnaire, q.version,
                q.structure, 'nl', 'bericht', true, '{}', false, '{}', '{"cijfer": 8}'
            from meetpunt.touchpoint t join meetpunt.questionnaire q using (municipality)
            where municipality = 'GM9001' limit 1""",
            day.date(),
        )


async def test_before_the_first_purge_the_newest_response_tells_of_a_jump(
    folder: asyncpg.Connection, database: Database
) -> None:
    await answered(database, NOW - 400 * DAY)
    assert "days after the last response" in await doubted(folder, NOW)
    await answered(database, NOW)
    await believed(folder, NOW)


async def test_a_response_of_a_day_far_ahead_stops_no_purge_once_there_was_one(
    folder: asyncpg.Connection, database: Database
) -> None:
    await answered(database, datetime(9999, 12, 31, tzinfo=UTC))
    assert "days before the last response" in await doubted(folder, NOW)
    await believed(folder, NOW, is_right=True)
    await believed(folder, NOW + HOUR)


async def test_nobody_answers_for_a_clock_with_which_the_database_does_not_agree(
    folder: asyncpg.Connection,
) -> None:
    with pytest.raises(ClockDoubted, match="set right which is wrong"):
        await believed(folder, NOW + 400 * DAY, is_right=True)


async def test_who_answers_for_the_clock_does_so_once(
    folder: asyncpg.Connection, database: Database
) -> None:
    await last_was(database, NOW - 60 * DAY)
    await doubted(folder, NOW)
    assert await believed(folder, NOW, is_right=True) == NOW
    await believed(folder, NOW + HOUR)
    await doubted(folder, NOW + 60 * DAY)
