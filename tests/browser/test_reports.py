"""The reports in docs/rapport, as they print on A4 and as somebody hears or zooms them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.axe import EVERY_RULE, OF_A_LOOK, violations

pytestmark = pytest.mark.browser

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "rapport"
# What is left of a sheet of 210 mm between its margins, at 96 pixels an inch.
PRINTED_PIXELS = 695
SMALLEST_POINTS = 9

# Every box against the edge of the page, and every text of a picture against the picture's.
OUTSIDE = """() => {
  const found = [];
  for (const one of document.querySelectorAll("body *")) {
    if (!one.checkVisibility() || one.closest(".wide *")) continue;
    const box = one.getBoundingClientRect();
    const edge = one.matches("svg text") ? one.closest("svg").getBoundingClientRect()
      : {left: 0, right: innerWidth, top: box.top, bottom: box.bottom};
    if (box.left < edge.left - 0.5 || box.right > edge.right + 0.5
        || box.top < edge.top - 1 || box.bottom > edge.bottom + 1)
      found.push(`${one.tagName} ${one.textContent.trim().slice(0, 50)}`);
  }
  return found;
}"""
SMALL = """(least) => [...document.querySelectorAll("body *")]
  .filter((one) => one.checkVisibility() && [...one.childNodes].some(
    (node) => node.nodeType === 3 && node.data.trim()))
  .map((one) => {
    const svg = one.closest("svg");
    const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
    return [parseFloat(getComputedStyle(one).fontSize) * scale * 0.75, one.textContent];
  })
  .filter(([points]) => points < least - 0.05)
  .map(([points, text]) => `${points.toFixed(1)} ${text.slice(0, 40)}`)"""


@pytest.fixture(scope="module", params=["publiekszaken", "raad"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    opened = context.new_page()
    opened.goto((FOLDER / f"{request.param}.html").as_uri())
    yield opened
    context.close()


def test_it_prints_on_two_sheets_with_every_text_in_its_box(page: Page) -> None:
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PRINTED_PIXELS, "height": 1000})
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(SMALL, SMALLEST_POINTS) == []
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
    assert 1 <= len(sheets) <= 2


def test_axe_finds_nothing_and_a_telephone_shows_it_all(page: Page) -> None:
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1100, "height": 900})
    assert violations(page, EVERY_RULE) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert violations(page, OF_A_LOOK) == []
    assert page.evaluate(OUTSIDE) == []
    # Not by what nobody sees either, such as the heads of a table that are only heard.
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
