"""The pictures of the start page: for every screen, and for who cannot see them."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.axe import violations
from tests.browser.running_demo import RunningDemo
from tests.browser.test_demo import WIDER_THAN_THE_SCREEN, WIDTHS

pytestmark = pytest.mark.browser

CUT_OFF = """() => [...document.querySelectorAll(".figures svg")].flatMap((svg) => {
  const around = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")]
    .filter((text) => {
      const own = text.getBoundingClientRect();
      return own.left < around.left - 12 || own.right > around.right + 12;
    })
    .map((text) => text.textContent);
})"""
WIDER_THAN_ITS_CARD = """() => [...document.querySelectorAll(".chart table, .chart table *")]
  .filter((one) => {
    const card = one.closest(".chart").getBoundingClientRect();
    return one.getBoundingClientRect().right > card.right;
  })
  .map((one) => one.outerHTML.slice(0, 80))"""
OVERLAPPING = """() => [...document.querySelectorAll(".figures svg")].flatMap((svg) => {
  const boxes = [...svg.querySelectorAll("text")].map((t) => [t, t.getBoundingClientRect()]);
  return boxes.flatMap(([one, a], at) => boxes.slice(at + 1)
    .filter(([, b]) => a.left < b.right && b.left < a.right
      && a.top + 3 < b.bottom && b.top + 3 < a.bottom)
    .map(([other]) => `${one.textContent} / ${other.textContent}`));
})"""


@pytest.mark.parametrize("language", ["nl", pytest.param("en", marks=pytest.mark.long)])
def test_pictures_and_their_tables_fit_every_screen_and_pass_axe(
    browser: Browser, demo: RunningDemo, language: str
) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{demo.url}/?lang={language}")
    page.evaluate("document.querySelectorAll('.chart details').forEach((d) => d.open = true)")
    # At the rest of the page, and at every colour of it, `test_demo` looks.
    assert violations(page, within=".figures") == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(WIDER_THAN_THE_SCREEN) == []
        assert page.evaluate(WIDER_THAN_ITS_CARD) == []
        assert page.evaluate(CUT_OFF) == []
        assert page.evaluate(OVERLAPPING) == []
    context.close()


def test_the_first_start_shows_the_channels_and_the_region(
    browser: Browser, demo: RunningDemo
) -> None:
    context = browser.new_context(locale="nl-NL", java_script_enabled=False)
    page = context.new_page()
    page.goto(demo.url)
    for channel in ("Balie", "Telefonie", "Online"):
        expect(
            page.get_by_role("img", name=f"{channel}: gemiddeld cijfer per maand")
        ).to_be_visible()
        expect(
            page.get_by_role("img", name=f"{channel}: gemiddeld cijfer in de regio")
        ).to_be_visible()
    context.close()


def test_every_picture_has_its_figures_in_a_table_too(browser: Browser, demo: RunningDemo) -> None:
    context = browser.new_context(locale="nl-NL")
    page = context.new_page()
    page.goto(demo.url)
    for card in page.locator(".chart").all():
        card.locator("summary").click()
        names = [picture.get_attribute("aria-label") for picture in card.get_by_role("img").all()]
        assert [table.text_content() for table in card.locator("caption").all()] == names
        assert card.locator("tbody tr").count() > 2
    context.close()
