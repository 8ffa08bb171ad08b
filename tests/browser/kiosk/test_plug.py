"""Pull the plug of a tablet at random moments: everything that it thanked for is stored once."""

from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Playwright

from tests.browser.kiosk.drill import drill
from tests.browser.kiosk.stand import Stand
from tests.browser.kiosk.tablet import DRAFTS, WAITING, Tablet
from tests.figures import tell

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.processes]

ROUNDS = 5


def test_what_was_thanked_for_survives_the_plug_and_is_stored_once(
    playwright: Playwright, counter: Stand, tmp_path: Path
) -> None:
    came_of_it = drill(playwright, counter, tmp_path, ROUNDS)
    tell("kill -9 of a kiosk's browser while offline", came_of_it)
    assert (came_of_it.lost, came_of_it.double) == (0, 0)
    # Who was not thanked left at most what they had touched.
    assert came_of_it.stored + came_of_it.left <= ROUNDS


def test_the_plug_between_a_touch_and_the_end_stores_that_touch_once(
    playwright: Playwright, counter: Stand, tmp_path: Path
) -> None:
    first = Tablet(playwright, tmp_path / "profile")
    counter.pair(first)
    kiosk = counter.newest()
    counter.gate.shut()
    first.page.locator(".cell").nth(3).click()
    first.until(f"async () => await ({DRAFTS})() === 1")
    assert first.waiting() == 0
    first.stop()
    second = Tablet(playwright, tmp_path / "profile")
    second.page.goto(counter.kiosk)
    second.page.locator(".first").wait_for()
    second.until(f"async () => await ({WAITING})() === 1")
    # Again, before anything was handed in: sealed is sealed.
    second.page.reload()
    second.page.locator(".first").wait_for()
    counter.reconnect(second.page)
    second.until_handed_in()
    second.stop()
    stored = counter.rows(
        f"""select complete, answers from meetpunt.response
        where id in (select id from meetpunt.kiosk_item where kiosk = '{kiosk}')"""
    )
    assert [(row["complete"], msgspec.json.decode(row["answers"])) for row in stored] == [
        (False, {"cijfer": 4})
    ]


def test_the_drill_notices_a_kiosk_that_thanks_too_early(
    playwright: Playwright, counter: Stand, tmp_path: Path
) -> None:
    came_of_it = drill(playwright, counter, tmp_path, 2, early=True)
    tell("the same, thanked before the disk answered (control)", came_of_it)
    assert came_of_it.lost > 0
