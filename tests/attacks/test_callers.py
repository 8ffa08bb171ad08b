"""Who calls residents back reads too: of each it knows the person, the touchpoint and the day.

It opened the number, heard the story, and looks every morning at all that a reader is shown. Its
guess at the row of whom it called is right for one in as many as that row can be of.
"""

import random
from datetime import date, timedelta
from uuid import UUID

import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.batches import ENOUGH
from ingest.reporting.plan import plan_of
from tests.conftest import Database
from tests.ingest.reporting.responses import MONDAY, look, morning_after, one_response, store
from tests.publishing import reads, seen
from tests.surveys import with_changed

pytestmark = pytest.mark.anyio

READER = "lezer_beller"
PATH = "molensloot/online"
DAYS = 10


async def fewest_to_choose_from(
    database: Database, catalogue: Catalogue, *, at_once: bool = False
) -> int:
    """Of how few rows at the least one of somebody who was called can be.

    On each day some answer, and one of them asks to be called. Whose row is shown with that day
    is one of those, whose is shown without one of those that came at the same look or later.
    """
    chance = random.Random(7)
    plan = plan_of(catalogue, at_once=at_once)
    known: set[UUID] = set()
    called: list[date] = []
    fewest = 10**6
    for number in range(DAYS):
        day = MONDAY + timedelta(days=number)
        answered = chance.randint(1, 25)
        called.append(day)
        await store(
            database,
            [
                one_response(catalogue, {"cijfer": chance.randint(1, 10)}, at=PATH, day=day)
                for _ in range(answered)
            ],
        )
        await look(database, plan, morning_after(day))
        rows = await seen(database, READER, "select reactie_id, datum from feit_reactie")
        new = [row for row in rows if row["reactie_id"] not in known]
        known |= {row["reactie_id"] for row in new}
        for each in called:
            with_day = sum(row["datum"] == each for row in new)
            without = sum(row["datum"] is None for row in new)
            fewest = min([fewest, *(count for count in (with_day, without) if count)])
    return fewest


# A small batch is the same once more.
@pytest.mark.parametrize("batch", [ENOUGH, pytest.param(3, marks=pytest.mark.long)])
async def test_a_guess_at_what_somebody_answered_is_one_in_ten_or_as_their_page_says(
    database: Database, catalogue: Catalogue, batch: int
) -> None:
    files = with_changed(catalogue, PATH, batch=batch)
    await reads(database, "molensloot", READER)
    assert await fewest_to_choose_from(database, files) >= batch


# The attack itself is tried every day.
@pytest.mark.long
async def test_its_control_finds_who_was_called_alone_where_rows_are_shown_at_once(
    database: Database, catalogue: Catalogue
) -> None:
    """The usual design: a row and its day, as soon as somebody answered."""
    await reads(database, "molensloot", READER)
    assert await fewest_to_choose_from(database, catalogue, at_once=True) < 3
