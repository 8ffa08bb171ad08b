"""Who calls residents back ties no row to whom it called: see `callers`."""

import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.batches import ENOUGH
from tests.attacks.callers import PATH, READER, fewest_to_choose_from
from tests.conftest import Database
from tests.publishing import reads
from tests.surveys import with_changed

pytestmark = pytest.mark.anyio


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
