"""No state of the widget, in no language and no look, has an error that axe or a ruler can find."""

from typing import Any

import pytest
from playwright.sync_api import Frame, Page, Route, expect

from ingest.texts.widget_texts import widget_texts
from tests.browser.axe import OF_A_LOOK, violations
from tests.browser.widget.place import TAG, Place, Visit, each_once

pytestmark = [pytest.mark.browser, pytest.mark.processes]

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
}
# A screen of 1280 by 1024 at 400 % is one of 320 by 256.
AT_400_PERCENT = {"width": 320, "height": 256}
WIDE = {"width": 1280, "height": 900}

# Everything in the shadow root that can be seen: what is under 44 pixels, what sticks out. The
# button that opens it stands in a line of the page, in the size of its letters.
MEASURED = """(tag) => [...document.querySelectorAll(tag)].flatMap((host) => {
  const seen = [...host.shadowRoot.querySelectorAll("*")]
    .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.closest(".trap"))
    .map((one) => [one, one.getBoundingClientRect(), one.outerHTML.slice(0, 90)]);
  return [
    ...seen.filter(([one]) => one.matches("label.cell, button:not(.opener), textarea"))
      .filter(([, {width, height}]) => width < 44 || height < 44)
      .map(([, {width, height}, html]) => `small, ${width} x ${height}: ${html}`),
    ...seen.filter(([, {left, right}]) => right > innerWidth + 0.5 || left < -0.5)
      .map(([, , html]) => `sticks out: ${html}`),
    ...(document.documentElement.scrollWidth > innerWidth ? ["the page scrolls sideways"] : []),
    ...(document.getAnimations().length ? ["something moves"] : []),
  ];
})"""


def found_wrong(page: Page | Frame, within: str = TAG) -> list[str]:
    """What axe says of the widget; it looks inside its shadow root."""
    return violations(page, within=within)


def found_illegible(page: Page | Frame, within: str = TAG) -> list[str]:
    """What axe says of its colours alone."""
    return violations(page, OF_A_LOOK, within=within)


def refuse(route: Route) -> None:
    """As the service refuses: readable for the site, and not worth another try."""
    headers = {"access-control-allow-origin": "*", "access-control-allow-headers": "content-type"}
    route.fulfill(status=422, headers=headers, body="{}")


def states(visit: Visit) -> Any:
    """Walk through every state that a resident can come to; the name of each, once it is there."""
    visit.show()
    yield "open"
    visit.send()
    expect(visit.survey.get_by_role("alert")).to_be_focused()
    yield "error"
    visit.send_first()
    yield "first step sent"
    visit.page.route("**/completion", refuse)
    visit.send()
    visit.seen().get_by_role("button").wait_for()
    yield "failed"
    visit.page.unroute("**/completion")
    visit.seen().get_by_role("button").click()
    visit.seen().locator("h3").wait_for()
    yield "thanks"


# The first and the last of our letters and directions; the others are the same in other words.
@pytest.mark.parametrize(
    "language",
    [
        pytest.param(code, marks=[] if code in ("nl", "ar", "uk") else [pytest.mark.long])
        for code in widget_texts()
    ],
)
def test_axe_finds_nothing_in_any_language(place: Place, language: str) -> None:
    with place.pasted(language, viewport=WIDE) as visit:
        visit.show()
        assert found_wrong(visit.page) == []
        section = visit.survey.locator("section")
        assert section.get_attribute("lang") == language


# Each look, mode and direction with each other once, not all three at a time.
@pytest.mark.parametrize(
    ("language", "mode", "look"),
    [
        ("nl", "inline", "light"),
        ("ar", "inline", "dark"),
        pytest.param("ar", "button", "light", marks=pytest.mark.long),
        # A button and a window only open what is looked at above.
        pytest.param("nl", "button", "dark", marks=pytest.mark.long),
        # What forced colours are is the system's: axe finds what it finds in light ones.
        pytest.param("nl", "inline", "forced", marks=pytest.mark.long),
        pytest.param("ar", "button", "forced", marks=pytest.mark.long),
    ],
)
def test_axe_finds_nothing_in_any_state(place: Place, language: str, mode: str, look: str) -> None:
    with place.pasted(language, mode=mode, viewport=WIDE, **LOOKS[look]) as visit:
        for state in states(visit):
            check = found_wrong if look == "light" else found_illegible
            assert check(visit.page) == [], state
        # After the thanks, whatever was answered: a page of its own, beside that of the site.
        link = visit.seen().get_by_role("link")
        assert f"/bellen/molensloot/online?lang={language}" in (link.get_attribute("href") or "")
        expect(link).to_have_attribute("target", "_blank")


@each_once
def test_all_fits_at_400_percent_and_a_finger_finds_it(
    place: Place, language: str, mode: str
) -> None:
    options: dict[str, Any] = {"viewport": AT_400_PERCENT, "reduced_motion": "reduce"}
    with place.pasted(language, mode=mode, **options) as visit:
        for state in states(visit):
            assert visit.page.evaluate(f"({MEASURED})('{TAG}')") == [], state
