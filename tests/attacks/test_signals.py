"""What a colleague learns from signals: no more than from the ten rows that they are of.

And nothing from their order: a list of signals stands in the order of random numbers.
"""

from itertools import pairwise

import pytest

from ingest.followup.following import find_signals
from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.plan import plan_of
from tests.attacks.lists import FEW, INVITED, ONE_IN_TEN, OPEN
from tests.attacks.signals import signalled
from tests.conftest import Database
from tests.ingest.reporting.responses import many, store

pytestmark = pytest.mark.anyio


# `make attacks` tries them all, at several speeds.
@pytest.mark.long
@pytest.mark.parametrize(
    ("path", "with_batch"), [(INVITED, True), (OPEN, True), (OPEN, False), (FEW, True)]
)
async def test_a_signal_tells_no_more_than_it_should_and_its_control_does(
    database: Database, catalogue: Catalogue, path: str, with_batch: bool
) -> None:
    found = await signalled(database, catalogue, path, with_batch=with_batch, per_day=5, days=8)
    assert found.failures == []
    assert found.signals > 2
    if path != FEW:
        assert max(found.row_chance, found.signal_chance) <= ONE_IN_TEN + 1e-9
    # The control: half days that tell of fewer find them.
    assert found.at_half_day > 2 * ONE_IN_TEN


async def test_the_order_of_signals_tells_no_order_of_answers(
    database: Database, catalogue: Catalogue
) -> None:
    for place in range(12):
        reason = "laag" if place < 6 else "niet-geholpen"
        await store(database, many(10, catalogue, signal=reason, at_once=True))
    municipality = catalogue.municipality("molensloot")
    async with database.connected("meetpunt_ingest") as db:
        listed = [each.reason for each in (await find_signals(db, municipality)).signals]
    async with database.superuser() as db:
        as_stored = await db.fetch("select reason from meetpunt.signal order by ctid")
    assert len(listed) == len(as_stored) == 120
    # The control: whoever reads the table sees which came first. In the list they are mixed: by
    # chance a change comes after every second one; fewer than 35 of 119 in one of 200,000 runs.
    assert changes([row["reason"] for row in as_stored]) == 1
    assert changes(listed) > 35


def changes(reasons: list[str]) -> int:
    return sum(one != other for one, other in pairwise(reasons))


async def test_the_example_lets_the_log_of_a_form_wait_for_ten(catalogue: Catalogue) -> None:
    by_half_day = plan_of(catalogue).signals.by_half_day
    assert catalogue.touchpoint("molensloot", "online").number not in by_half_day
    assert catalogue.touchpoint("molensloot", "balie-hal").number in by_half_day
