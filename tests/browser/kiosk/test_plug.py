"""Pull the plug of a tablet at random moments: everything that it thanked for is stored once."""

from pathlib import Path

import pytest

from tests.browser.kiosk.drill import EARLY, drill
from tests.figures import tell

pytestmark = [pytest.mark.browser, pytest.mark.processes]

ROUNDS = 5


def test_what_was_thanked_for_survives_the_plug_and_is_stored_once(tmp_path: Path) -> None:
    came_of_it = drill(tmp_path, ROUNDS)
    tell("kill -9 of a kiosk's browser while offline", came_of_it)
    assert (came_of_it.lost, came_of_it.double) == (0, 0)


def test_the_drill_notices_a_kiosk_that_thanks_too_early(tmp_path: Path) -> None:
    came_of_it = drill(tmp_path, ROUNDS, *EARLY, at_once=True)
    tell("the same, thanked before the disk answered (control)", came_of_it)
    assert came_of_it.lost > 0
