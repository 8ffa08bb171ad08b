"""Becoming a kiosk, and becoming another one, on tablets of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from ingest.kiosk.texts import kiosk_texts
from tests.browser.kiosk.stand import Stand
from tests.browser.kiosk.tablet import Tablet, answer

pytestmark = [pytest.mark.browser, pytest.mark.processes]

NL = kiosk_texts()["nl"]

NO_COUNTER = """() => new Promise((resolve) => {
  const opening = indexedDB.open(`meetpunt-kiosk/${document.body.dataset.touchpoint}`);
  opening.onsuccess = () => {
    const about = opening.result.transaction("about", "readwrite").objectStore("about");
    about.get("identity").onsuccess = ({target}) => {
      about.put({...target.result, counter: null}, "identity").onsuccess = () => {
        opening.result.close();
        resolve();
      };
    };
  };
})"""


@pytest.fixture
def new(playwright: Playwright, tmp_path: Path) -> Iterator[Tablet]:
    """A tablet that nobody knows; its clock can be put forward."""
    tablet = Tablet(playwright, tmp_path / "profile")
    tablet.page.clock.install()
    yield tablet
    tablet.stop()


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def shown(page: Page) -> str:
    return page.locator(".code").inner_text().split()[-1]


def until_shown(page: Page, *, other_than: str) -> str:
    """A fresh code, once it is there."""
    for _ in range(60):
        if (code := shown(page)) != other_than:
            return code
        page.clock.run_for(1000)
    raise AssertionError("no other code was shown")


def test_a_code_that_nobody_entered_makes_way_for_a_new_one(new: Tablet, counter: Stand) -> None:
    page = new.page
    page.goto(counter.kiosk)
    first = shown(page)
    counter.change("update meetpunt.kiosk_pairing set expires_at = now()")
    second = until_shown(page, other_than=first)
    # The old one is of no use to who wrote it down, and the new one is.
    with pytest.raises(LookupError):
        counter.enrol(first)
    counter.enrol(second)
    page.clock.run_for(3000)
    page.locator(".languages").wait_for()


def test_without_a_connection_an_unknown_tablet_says_so_until_there_is_one(
    new: Tablet, counter: Stand
) -> None:
    page = new.page
    page.route("**/api/**", lambda route: route.abort())
    page.goto(counter.kiosk)
    heading(page, NL.offline_title)
    # The questions came; the code did not.
    page.route("**/api/v1/kiosks/new/survey*", lambda route: route.continue_())
    page.clock.run_for(4000)
    heading(page, NL.offline_title)
    page.unroute("**/api/**")
    page.clock.run_for(6000)
    heading(page, NL.pair_title)
    assert len(shown(page)) == 8


def test_a_tablet_that_was_told_before_it_was_switched_off_hands_in_and_becomes_another(
    new: Tablet, counter: Stand
) -> None:
    page = new.page
    counter.pair(new)
    kiosk = counter.newest()
    counter.gate.shut()
    answer(page, "Voor het koppelen 1")
    answer(page, "Voor het koppelen 2")
    # A copy of it went on.
    counter.change(f"update meetpunt.kiosk set counter = counter + 5 where id = '{kiosk}'")
    page.evaluate(NO_COUNTER)
    counter.gate.open()
    page.reload()
    heading(page, NL.operator_title)
    # Whoever comes by can still answer on their own phone.
    expect(page.get_by_role("img", name=NL.phone_code)).to_be_visible()
    new.until_handed_in()
    kept = counter.rows(f"select from meetpunt.kiosk_quarantine where kiosk = '{kiosk}'")
    assert len(kept) == 2
    counter.enrol(shown(page))
    while not page.locator(".languages").is_visible():
        page.clock.run_for(1000)
    answer(page, "Na het koppelen")
    new.until_handed_in()
    assert [text for text in counter.texts() if "koppelen" in text] == ["Na het koppelen"]
    # What was signed by the one that it was is not offered as its own.
    ids = f"('{kiosk}', '{counter.newest()}')"
    assert counter.rows(f"select from meetpunt.kiosk_set_aside where kiosk in {ids}") == []
