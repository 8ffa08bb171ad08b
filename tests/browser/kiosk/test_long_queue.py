"""A tablet that holds a hundred thousand responses still starts, asks, thanks and hands in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from ingest.texts.kiosk_texts import kiosk_texts
from tests.browser.kiosk.stand import Stand
from tests.browser.kiosk.tablet import ANSWER, WAITING, Tablet

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.processes]

NL = kiosk_texts()["nl"]
MANY = 100_000
BATCHES = 20

# Copies of the one that waits: what lies on disk is locked, so it cannot be made in any other way.
COPIES = """(count) => new Promise((resolve, reject) => {
  const opening = indexedDB.open(`meetpunt-kiosk/${document.body.dataset.touchpoint}`);
  opening.onsuccess = () => {
    const transaction = opening.result.transaction("queue", "readwrite");
    const queue = transaction.objectStore("queue");
    queue.getAll(null, 1).onsuccess = ({target: {result: [row]}}) => {
      for (let left = count; left; left -= 1) queue.add(row);
    };
    transaction.onabort = () => reject(transaction.error);
    transaction.oncomplete = () => { opening.result.close(); resolve(); };
  };
})"""


@pytest.fixture
def tablet(playwright: Playwright, counter: Stand, tmp_path: Path) -> Iterator[Tablet]:
    found = Tablet(playwright, tmp_path / "profile")
    counter.pair(found)
    yield found
    found.stop()


def test_a_hundred_thousand_responses_keep_nobody_from_answering(
    tablet: Tablet, counter: Stand
) -> None:
    page = tablet.page
    counter.gate.shut()
    page.evaluate(ANSWER, "De eerste van velen")
    expect(page.get_by_role("heading", level=1)).to_have_text(NL.thanks_title)
    page.evaluate(COPIES, MANY - 1)
    page.reload()
    page.locator(".first").wait_for()
    assert tablet.waiting() == MANY
    page.evaluate(ANSWER, "Terwijl er velen wachten")
    expect(page.get_by_role("heading", level=1)).to_have_text(NL.thanks_title)
    assert tablet.waiting() == MANY + 1
    counter.reconnect(page)
    tablet.until(f"async () => await ({WAITING})() < {MANY + 1 - 50 * BATCHES}")
    # It goes on handing in while somebody answers.
    page.locator(".first").wait_for()
    page.evaluate(ANSWER, "Tijdens het versturen")
    expect(page.get_by_role("heading", level=1)).to_have_text(NL.thanks_title)
    assert counter.texts().count("De eerste van velen") == 1
