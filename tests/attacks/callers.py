"""Who calls residents back reads too: of each it knows the person, the touchpoint and the day.

It opened the number, heard the story, and looks every morning at all that a reader is shown. Its
guess at the row of whom it called is right for one in as many as that row can be of.
"""

import asyncio
import random
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import msgspec

from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.batches import ENOUGH
from ingest.reporting.plan import plan_of
from tests.conftest import Database, emptied
from tests.example import example_catalogue
from tests.ingest.reporting.responses import MONDAY, look, morning_after, one_response, store
from tests.publishing import reads, seen
from tests.surveys import with_changed

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


class Called(msgspec.Struct, frozen=True, kw_only=True):
    """Of how few rows one of somebody who was called can be; `at_once`: the control."""

    batch: int
    fewest: int
    at_once: int

    @property
    def failures(self) -> list[str]:
        """Sentences for what should not be."""
        bad = []
        if self.fewest < min(self.batch, ENOUGH):
            bad.append(f"call-backs: a row of who was called is one of {self.fewest}")
        if self.at_once >= 3:
            bad.append("call-backs: the control finds nobody")
        return bad


def all_called() -> Iterator[Called]:
    """Batches of ten, and of three: there the page says that a guess is easier."""
    catalogue = example_catalogue()
    for batch in (ENOUGH, 3):
        files = with_changed(catalogue, PATH, batch=batch)
        yield Called(
            batch=batch,
            fewest=asyncio.run(_fewest(emptied(), files, at_once=False)),
            at_once=asyncio.run(_fewest(emptied(), files, at_once=True)),
        )


async def _fewest(database: Database, files: Catalogue, *, at_once: bool) -> int:
    await reads(database, "molensloot", READER)
    return await fewest_to_choose_from(database, files, at_once=at_once)


def table(found: list[Called]) -> str:
    """As Markdown; the small batch at the end."""
    head = ("| who was called: batch | a guess | shown at once |", "|---:|---:|---:|")
    rows = (f"| {one.batch} | {1 / one.fewest:.1%} | {1 / one.at_once:.1%} |" for one in found)
    return "\n".join((*head, *rows))
