"""Pull the plug of a tablet at random moments: everything that it thanked for is stored once."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.browser.kiosk.drill import drill
from tests.browser.kiosk.stand import Stand
from tests.figures import tell

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.processes]

ROUNDS = 5


def test_what_was_thanked_for_survives_the_plug_and_is_stored_once(
    playwright: Playwright, counter: Stand, tmp_path: Path
) -> None:
    came_of_it = drill(playwright, counter, tmp_path, ROUNDS)
    tell("kill -9 of a kiosk's browser while offline", came_of_it)
    assert (came_of_it.lost, came_of_it.double) == (0, 0)


def test_the_drill_notices_a_kiosk_that_thanks_too_early(
    playwright: Playwright, counter: Stand, tmp_path: Path
) -> None:
    came_of_it = drill(playwright, counter, tmp_path, 2, early=True)
    tell("the same, thanked before the disk answered (control)", came_of_it)
    assert came_of_it.lost > 0
