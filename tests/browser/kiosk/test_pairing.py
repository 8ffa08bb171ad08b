"""Becoming a kiosk, and becoming another one, on tablets of their own."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, Playwright, expect

from ingest.texts.kiosk_texts import kiosk_texts
from tests.browser.kiosk.stand import Stand, without_card
from tests.browser.kiosk.tablet import WAITING, Tablet, answer, until_true

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


def forward_until(page: Page, there: str) -> None:
    """Put the page's clock forward until this is on the screen."""
    for _ in range(120):
        if page.locator(there).is_visible():
            return
        page.clock.run_for(1000)
    raise AssertionError(f"{there} never came")


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
    without_card(page)


# An operator stands beside it, and tries again.
@pytest.mark.long
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
    assert re.fullmatch("[A-Z0-9]{4}-[A-Z0-9]{4}", shown(page))


# A tablet of its own, for what befalls few; `tests/ingest/kiosk` tests what the service does then.
@pytest.mark.long
def test_two_tabs_become_one_kiosk(new: Tablet, counter: Stand) -> None:
    first, second = new.page, new.context.new_page()
    for page in (first, second):
        page.goto(counter.kiosk)
        page.locator(".code").wait_for()
    # The second one hears of it when the first has handed in already.
    second.route("**/pairings/state", lambda route: route.abort())
    counter.enrol(shown(first))
    forward_until(first, ".measure")
    without_card(first)
    answer(first, "Op het eerste tabblad")
    new.until_handed_in()
    second.unroute("**/pairings/state")
    forward_until(second, ".measure")
    without_card(second)
    answer(second, "Op het tweede tabblad")
    first.close()
    until_true(second, f"async () => !(await ({WAITING})())")
    assert len([text for text in counter.texts() if "tabblad" in text]) == 2


def paired_and_cut_off(tablet: Tablet, counter: Stand) -> UUID:
    """Which kiosk it became, before the network went."""
    counter.pair(tablet)
    counter.gate.shut()
    return counter.newest()


# A tablet of its own, for a database that was put back after it was enrolled.
@pytest.mark.long
def test_a_tablet_that_the_database_forgot_hands_in_under_its_own_id(
    new: Tablet, counter: Stand
) -> None:
    page = new.page
    kiosk = paired_and_cut_off(new, counter)
    answer(page, "Van voor de reservekopie")
    # Put back to before it was enrolled.
    for table in ("kiosk_item", "kiosk"):
        column = "id" if table == "kiosk" else "kiosk"
        counter.change(f"delete from meetpunt.{table} where {column} = '{kiosk}'")
    counter.reconnect(page)
    forward_until(page, ".code")
    heading(page, NL.operator_title)
    assert new.waiting() == 1
    counter.enrol(shown(page))
    forward_until(page, ".first")
    assert counter.newest() == kiosk
    new.until_handed_in()
    assert counter.texts().count("Van voor de reservekopie") == 1


# A tablet of its own, for what befalls few; `tests/ingest/kiosk` tests what the service does then.
@pytest.mark.long
def test_a_tablet_that_was_told_before_it_was_switched_off_hands_in_and_becomes_another(
    new: Tablet, counter: Stand
) -> None:
    page = new.page
    kiosk = paired_and_cut_off(new, counter)
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
    forward_until(page, ".first")
    answer(page, "Na het koppelen")
    new.until_handed_in()
    assert [text for text in counter.texts() if "koppelen" in text] == ["Na het koppelen"]
    # What was signed by the one that it was is not offered as its own.
    ids = f"('{kiosk}', '{counter.newest()}')"
    assert counter.rows(f"select from meetpunt.kiosk_set_aside where kiosk in {ids}") == []


# A tablet of its own, for what befalls few; `tests/ingest/kiosk` tests what the service does then.
@pytest.mark.long
def test_what_could_not_be_handed_in_before_the_enrolment_is_handed_in_after_it(
    new: Tablet, counter: Stand
) -> None:
    page = new.page
    kiosk = paired_and_cut_off(new, counter)
    answer(page, "Ondertekend door de oude")
    counter.change(f"update meetpunt.kiosk set counter = counter + 5 where id = '{kiosk}'")
    page.evaluate(NO_COUNTER)
    counter.gate.open()
    page.route("**/sync", lambda route: route.abort())
    page.reload()
    counter.enrol(shown(page))
    forward_until(page, ".first")
    answer(page, "Ondertekend door de nieuwe")
    assert new.waiting() == 2
    page.unroute("**/sync")
    counter.reconnect(page)
    new.until_handed_in()
    texts = [text for text in counter.texts() if "Ondertekend" in text]
    assert texts == ["Ondertekend door de nieuwe"]
    kept = counter.rows(f"select from meetpunt.kiosk_quarantine where kiosk = '{kiosk}'")
    assert len(kept) == 1
