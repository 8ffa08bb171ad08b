"""At the end of a half day ten that wait are a batch, and its signals are shown."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from ingest.clock import AMSTERDAM
from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.half_days import close_half_days
from ingest.reporting.plan import plan_of
from tests.conftest import Database
from tests.ingest.reporting.responses import (
    MONDAY,
    invited,
    look,
    many,
    morning_after,
    readable,
    rows,
    store,
    waiting_in_queue,
)

pytestmark = pytest.mark.anyio

LOW, FINE = {"cijfer": 2}, {"cijfer": 8}


def moment(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), AMSTERDAM).astimezone(UTC)


async def close(database: Database, catalogue: Catalogue, now: datetime) -> int:
    async with database.connected("meetpunt_folder") as db:
        return await close_half_days(db, plan_of(catalogue), now=now, wait=True)


async def signals(database: Database) -> list[tuple[Any, ...]]:
    return sorted(
        await rows(
            database,
            "select touchpoint, day, half,"
            " (shown_from at time zone 'Europe/Amsterdam')::time from meetpunt.signal",
        )
    )


MORNING = (1, MONDAY, "ochtend", time(12, 30))
AFTERNOON = (1, MONDAY, "middag", time(17, 30))


async def test_ten_of_a_half_day_are_told_at_its_end_and_nine_wait(
    database: Database, catalogue: Catalogue
) -> None:
    await look(database, catalogue, morning_after(MONDAY - timedelta(days=1)))
    waiting = [
        *many(2, catalogue, LOW),
        *many(7, catalogue, FINE),
        # None of these hides one of the nine.
        *many(10, catalogue, LOW, suspect="too-quick"),
        *many(10, catalogue, LOW, complete=False),
        *many(10, catalogue, LOW, is_test=True),
        *invited(20, catalogue, answers=LOW),
        # Of the touchpoints in `with_batch` and of small batches no half day makes a batch.
        *many(20, catalogue, LOW, at="molensloot/online"),
        *many(20, catalogue, LOW, at="molensloot/huwelijk"),
    ]
    await store(database, waiting)
    assert await close(database, catalogue, moment(MONDAY, 12, 24)) == 0
    assert await close(database, catalogue, moment(MONDAY, 12, 26)) == 0
    assert await signals(database) == []
    # With the tenth they are ten, whichever half day they came in.
    await store(database, many(1, catalogue, FINE))
    assert await close(database, catalogue, moment(MONDAY, 12, 40)) == 0
    assert await close(database, catalogue, moment(MONDAY, 17, 26)) == 1
    assert await signals(database) == [AFTERNOON] * 2
    # Each once.
    assert await close(database, catalogue, moment(MONDAY, 17, 27)) == 0
    assert await close(database, catalogue, moment(MONDAY, 23, 0)) == 0
    await look(database, catalogue, morning_after())
    here = [each for each in await signals(database) if each[0] == 1]
    assert here.count(AFTERNOON) == 2
    # And those who went away halfway, ten as well, with their rows.
    assert len(here) == 12


async def test_what_was_told_is_published_whole_and_nothing_with_it(
    database: Database, catalogue: Catalogue
) -> None:
    """Else who came in the other half day would be all that a low row can be of."""
    await look(database, catalogue, morning_after(MONDAY - timedelta(days=1)))
    await store(database, [*many(1, catalogue, LOW), *many(10, catalogue, FINE)])
    assert await close(database, catalogue, moment(MONDAY, 12, 26)) == 1
    await store(database, [*many(1, catalogue, LOW), *many(1, catalogue, FINE)])
    await look(database, catalogue, morning_after())
    assert len(await readable(database, "id")) == 11
    assert await waiting_in_queue(database) == 2
    assert await signals(database) == [MORNING]
    # The two come with eight of the next day, and so do their signals.
    tuesday = MONDAY + timedelta(days=1)
    await store(database, many(8, catalogue, FINE, day=tuesday))
    await look(database, catalogue, morning_after(tuesday))
    assert await waiting_in_queue(database) == 0
    assert len(await signals(database)) == 2


# Of a tablet that was away, or of an evening: rare, and the rule itself is tested above.
@pytest.mark.long
async def test_a_batch_of_two_days_waits_until_both_are_over(
    database: Database, catalogue: Catalogue
) -> None:
    await look(database, catalogue, morning_after(MONDAY - timedelta(days=1)))
    tuesday = MONDAY + timedelta(days=1)
    await store(database, many(5, catalogue, FINE))
    assert await close(database, catalogue, moment(MONDAY, 17, 26)) == 0
    await look(database, catalogue, morning_after())
    # A tablet that had no network hands in what is of the day before.
    await store(database, [*many(6, catalogue, FINE), *many(2, catalogue, LOW, day=tuesday)])
    assert await close(database, catalogue, moment(tuesday, 12, 26)) == 1
    await look(database, catalogue, moment(tuesday, 14, 0), due_only=False)
    assert await waiting_in_queue(database) == 13
    await look(database, catalogue, morning_after(tuesday))
    assert await waiting_in_queue(database) == 0
    assert await signals(database) == [(1, tuesday, "ochtend", time(12, 30))] * 2
