"""Somebody copies a tablet, takes it along, or edits its queue: nothing counts, nothing is lost."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, Playwright, expect

from ingest.texts.kiosk_texts import kiosk_texts
from tests.browser.kiosk.stand import TOUCHPOINT, Stand, without_card
from tests.browser.kiosk.tablet import ANSWER, WAITING, Tablet, answer, until_true

pytestmark = [pytest.mark.browser, pytest.mark.processes]

NL = kiosk_texts()["nl"]
Start = Callable[[str], Tablet]

# One byte of the second that waits is another; the third is the first once more.
EDITED = """() => new Promise((resolve) => {
  const opening = indexedDB.open(`meetpunt-kiosk/${document.body.dataset.touchpoint}`);
  opening.onsuccess = () => {
    const transaction = opening.result.transaction("queue", "readwrite");
    const queue = transaction.objectStore("queue");
    queue.getAllKeys().onsuccess = ({target: {result: keys}}) => {
      queue.getAll().onsuccess = ({target: {result: rows}}) => {
        new Uint8Array(rows[1].data)[40] ^= 1;
        queue.put(rows[1], keys[1]);
        queue.add(rows[0]);
      };
    };
    transaction.oncomplete = () => { opening.result.close(); resolve(); };
  };
})"""


OTHER = "molensloot/online"
# The first that waits at one touchpoint's kiosk, put into the queue of the other one's.
MOVED = """(other) => new Promise((resolve) => {
  const of = (touchpoint, then) => {
    const opening = indexedDB.open(`meetpunt-kiosk/${touchpoint}`);
    opening.onsuccess = () => then(opening.result);
  };
  of(other, (there) => {
    const rows = there.transaction("queue").objectStore("queue").getAll();
    rows.onsuccess = () => of(document.body.dataset.touchpoint, (here) => {
      const transaction = here.transaction("queue", "readwrite");
      transaction.objectStore("queue").add(rows.result[0]);
      transaction.oncomplete = () => { here.close(); there.close(); resolve(); };
    });
  });
})"""


@pytest.fixture
def start(playwright: Playwright, tmp_path: Path) -> Iterator[Start]:
    """Starts a tablet on the profile of this name, with a clock that can be put forward."""
    started: list[Tablet] = []

    def tablet(name: str) -> Tablet:
        found = Tablet(playwright, tmp_path / name)
        started.append(found)
        found.page.clock.install()
        return found

    yield tablet
    for one in started:
        one.stop()


def until_it_needs_an_operator(page: Page) -> None:
    for _ in range(120):
        if page.get_by_role("heading", name=NL.operator_title).is_visible():
            return
        page.clock.run_for(1000)
    raise AssertionError("it goes on asking")


def apart(counter: Stand, table: str, kiosk: UUID) -> list[str]:
    """Why it was kept apart, item by item."""
    rows = counter.rows(f"select reason from meetpunt.{table} where kiosk = '{kiosk}'")
    return [row["reason"] for row in rows]


def given_at(counter: Stand, touchpoint: str) -> int:
    """How many responses of this touchpoint are stored."""
    municipality, slug = touchpoint.split("/")
    (row,) = counter.rows(
        "select count(*) from meetpunt.response as r join meetpunt.touchpoint as t"
        " on (t.municipality, t.number) = (r.municipality, r.touchpoint)"
        " join meetpunt.municipality as m on m.code = r.municipality"
        f" where (m.slug, t.slug) = ('{municipality}', '{slug}')"
    )
    found: int = row["count"]
    return found


@pytest.mark.long
def test_of_two_tablets_with_one_profile_one_goes_on(
    start: Start, counter: Stand, tmp_path: Path
) -> None:
    first = start("first")
    counter.pair(first)
    kiosk = counter.newest()
    first.stop()
    # All of it, but for the locks of a browser that runs.
    locks = shutil.ignore_patterns("Singleton*")
    shutil.copytree(tmp_path / "first", tmp_path / "copy", ignore=locks)
    first = start("first")
    first.page.goto(counter.kiosk)
    first.page.locator(".first").wait_for()
    for number in range(3):
        answer(first.page, f"Op de eerste {number}")
        first.until_handed_in()

    counter.gate.shut()
    copy = start("copy")
    copy.page.goto(counter.kiosk)
    copy.page.locator(".first").wait_for()
    answer(copy.page, "Op de kopie")
    counter.reconnect(copy.page)
    until_it_needs_an_operator(copy.page)
    copy.until_handed_in()
    assert apart(counter, "kiosk_quarantine", kiosk) == ["old-counter"]
    assert counter.texts().count("Op de kopie") == 0
    # The first is none the worse for it.
    answer(first.page, "Nog steeds op de eerste")
    counter.reconnect(first.page)
    first.until_handed_in()
    assert len([text for text in counter.texts() if "op de eerste" in text.lower()]) == 4


# A tablet of its own; that a revoked one adds nothing, `tests/ingest/kiosk` tests as well.
@pytest.mark.long
def test_a_tablet_that_was_taken_along_adds_nothing(start: Start, counter: Stand) -> None:
    tablet = start("taken")
    counter.pair(tablet)
    kiosk = counter.newest()
    counter.gate.shut()
    answer(tablet.page, "Bij de dief thuis")
    counter.revoke(kiosk)
    counter.reconnect(tablet.page)
    until_it_needs_an_operator(tablet.page)
    tablet.until_handed_in()
    assert apart(counter, "kiosk_quarantine", kiosk) == ["revoked"]
    assert counter.texts().count("Bij de dief thuis") == 0


# Who edits the queue on a disk of theirs; `tests/ingest/kiosk` refuses what was edited.
@pytest.mark.long
def test_an_edited_queue_costs_what_was_edited_and_no_more(start: Start, counter: Stand) -> None:
    tablet = start("edited")
    counter.pair(tablet)
    kiosk = counter.newest()
    counter.gate.shut()
    for text in ("Heel gelaten", "Bewerkt", "Ook heel gelaten"):
        answer(tablet.page, text)
    tablet.page.evaluate(EDITED)
    assert tablet.waiting() == 4
    counter.reconnect(tablet.page)
    tablet.until_handed_in()
    texts = counter.texts()
    assert [texts.count(text) for text in ("Heel gelaten", "Bewerkt", "Ook heel gelaten")] == [
        1,
        0,
        1,
    ]
    assert len(apart(counter, "kiosk_set_aside", kiosk)) == 1
    expect(tablet.page.locator(".first")).to_be_visible()


@pytest.mark.long
def test_an_item_of_another_touchpoint_is_nothing_here(start: Start, counter: Stand) -> None:
    tablet = start("two")
    counter.pair(tablet)
    kiosk = counter.newest()
    other = tablet.context.new_page()
    other.goto(counter.kiosk.replace(TOUCHPOINT, OTHER))
    counter.enrol(other.locator(".code").inner_text().split()[-1])
    without_card(other)
    counter.gate.shut()
    # This kiosk asks for no text: it is known by where it was given.
    other.evaluate(ANSWER, "")
    other.locator("#screen.thanks").wait_for()
    tablet.page.evaluate(MOVED, OTHER)
    assert tablet.waiting() == 1
    counter.reconnect(tablet.page)
    tablet.until_handed_in()
    assert len(apart(counter, "kiosk_set_aside", kiosk)) == 1
    # Where it belongs it still is, and is handed in.
    counter.reconnect(other)
    until_true(other, f"async () => !(await ({WAITING})())")
    assert given_at(counter, OTHER) == 1
