"""The page's own style arrives where it can be read, and what cannot be read is dropped."""

from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.widget.place import Place, Visit
from tests.browser.widget.property_sets import EXAMPLE, OLD, RHC, UTRECHT
from tests.browser.widget.test_states import found_illegible

pytestmark = [pytest.mark.browser, pytest.mark.processes]

# Molensloot's own, from deploy/example/molensloot.toml: what stands where a page sets nothing. Its
# text is not among them: every page has a colour of text.
TEXT = "rgb(0, 0, 0)"
ACCENT = "rgb(200, 56, 30)"
BORDER = "rgb(122, 107, 104)"
LINK = "rgb(156, 42, 20)"
FOCUS = "rgb(0, 90, 156)"
ERROR = "rgb(163, 18, 74)"
WHITE = "rgb(255, 255, 255)"
BLACK = TEXT

# As sRGB bytes, whichever way the browser writes the colour.
LOOK = """(host) => {
  const root = host.shadowRoot;
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const bytes = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
    return `rgb(${red}, ${green}, ${blue})`;
  };
  const style = (selector) => getComputedStyle(root.querySelector(selector));
  const radio = root.querySelector("input");
  radio.focus();
  radio.click();
  return {
    text: bytes(style("h2").color),
    background: bytes(style(".root").backgroundColor),
    button: bytes(style("form > button").backgroundColor),
    onButton: bytes(style("form > button").color),
    border: bytes(style("label.cell:not(:has(:checked))").borderTopColor),
    checked: bytes(getComputedStyle(radio).accentColor),
    link: bytes(style(".small a").color),
    focus: bytes(style(".cell:has(:focus)").getPropertyValue("--focus")),
    error: bytes(style(".error").color),
    font: style("h2").fontFamily.split(",")[0],
    radius: style("form > button").borderTopLeftRadius,
  };
}"""

OURS = {
    "text": TEXT,
    "background": WHITE,
    "button": ACCENT,
    "onButton": WHITE,
    "border": BORDER,
    "checked": ACCENT,
    "link": LINK,
    "focus": FOCUS,
    "error": ERROR,
    "font": '"Trebuchet MS"',
    "radius": "8px",
}
ARRIVED: dict[str, tuple[Mapping[str, str], dict[str, str]]] = {
    "nothing set": ({}, {}),
    # Of the greys neither the link (2.8:1) nor the border (1.3:1) is kept; nor is white on that
    # green (4.3:1), and black takes its place.
    "old": (
        OLD,
        {
            "text": "rgb(27, 27, 27)",
            "button": "rgb(0, 138, 85)",
            "checked": "rgb(0, 138, 85)",
            "onButton": BLACK,
            "font": "Georgia",
            "radius": "0px",
        },
    ),
    "utrecht": (
        UTRECHT,
        {
            "text": "rgb(17, 17, 17)",
            "button": "rgb(204, 0, 0)",
            "border": "rgb(89, 89, 89)",
            "checked": "rgb(204, 0, 0)",
            "link": "rgb(36, 87, 143)",
            "focus": "rgb(10, 10, 10)",
            "error": "rgb(170, 0, 0)",
        },
    ),
    # Yellow on white (1.4:1) does not show where the focus is.
    "rhc": (
        RHC,
        {
            "text": "rgb(15, 23, 42)",
            "button": "rgb(32, 89, 146)",
            "checked": "rgb(32, 89, 146)",
            "border": "rgb(99, 99, 99)",
            "error": "rgb(184, 0, 0)",
            "font": "Verdana",
        },
    ),
    # White that is half transparent, and two values that are no colour at all, are passed over;
    # white that is whole takes the place of the first.
    "voorbeeld": (
        EXAMPLE,
        {
            "text": "rgb(32, 32, 32)",
            "button": "rgb(75, 0, 130)",
            "checked": "rgb(75, 0, 130)",
            "link": "rgb(75, 0, 130)",
            "font": "Tahoma",
            "radius": "8px",
        },
    ),
}


def dressed(properties: Mapping[str, str], more: str = "") -> str:
    """A style sheet as a theme has it. A value may say what it likes: a sheet cannot be left."""
    return f"<style>.theme {{ {more} }}</style>" + "".join(
        f"<meta name='{name}' content='{value}'>" for name, value in properties.items()
    )


# Set one by one, so that a value with a brace in it stays a value.
SET = """() => { for (const {name, content} of document.querySelectorAll("meta[name^='--']"))
  document.documentElement.style.setProperty(name, content); }"""


def look(visit: Visit) -> dict[str, Any]:
    found: dict[str, Any] = visit.survey.evaluate(LOOK)
    return found


def themed(place: Place, properties: Mapping[str, str], more: str = "") -> str:
    return place.site.page(
        place.element(),
        head=dressed(properties, more),
        attributes='lang="nl" class="theme"',
    )


def show(visit: Visit, place: Place) -> None:
    """First the theme, then the script: the widget reads what it finds."""
    visit.page.evaluate(SET)
    visit.page.add_script_tag(url=f"{place.service.url}/widget.v1.js")
    visit.show()


# The one in which some arrives and some is dropped.
THEMES = [
    pytest.param(theme, marks=() if theme == "old" else pytest.mark.long) for theme in ARRIVED
]


@pytest.mark.parametrize("theme", THEMES)
def test_what_arrives_and_what_is_dropped(place: Place, theme: str) -> None:
    properties, wanted = ARRIVED[theme]
    with place.visit(themed(place, properties)) as visit:
        show(visit, place)
        assert look(visit) == OURS | wanted
        visit.send()
        assert found_illegible(visit.page) == []
        assert visit.console == []


# What is dropped on a dark page is dropped whatever the theme; the example's has the most.
@pytest.mark.parametrize(
    "theme",
    [
        pytest.param(theme, marks=() if theme == "voorbeeld" else pytest.mark.long)
        for theme in ARRIVED
    ],
)
def test_on_a_dark_page_all_of_it_can_be_read(place: Place, theme: str) -> None:
    properties, _ = ARRIVED[theme]
    dark = "background: #101418; color: #eeeeee; color-scheme: dark"
    with place.visit(themed(place, properties, dark)) as visit:
        show(visit, place)
        seen = look(visit)
        assert seen["background"] == "rgb(16, 20, 24)"
        # The dark texts of the themes are dropped here.
        assert seen["text"] not in {TEXT, *(wanted.get("text") for _, wanted in ARRIVED.values())}
        visit.survey.get_by_role("radio").first.evaluate("(radio) => { radio.checked = false; }")
        visit.send()
        assert found_illegible(visit.page) == []


def test_a_part_of_the_page_may_be_dark(place: Place) -> None:
    url = place.site.page(f'<div style="background: #002244">{place.snippet()}</div>')
    with place.visit(url) as visit:
        visit.show()
        assert look(visit)["background"] == "rgb(0, 34, 68)"
        visit.send_first()
        assert found_illegible(visit.page) == []


def test_over_a_picture_it_brings_its_own_background(place: Place) -> None:
    url = place.site.page(
        place.snippet(),
        head="<style>body { background: #002244 linear-gradient(red, blue) }</style>",
    )
    with place.visit(url) as visit:
        visit.show()
        assert look(visit) == OURS


def test_moved_into_another_part_it_is_dressed_for_that(place: Place) -> None:
    body = place.snippet() + '<div id="daar" style="background: #002244"></div>'
    with place.visit(place.site.page(body)) as visit:
        visit.show()
        visit.page.evaluate(
            "document.querySelector('#daar').append(document.querySelector('meetpunt-survey'))"
        )
        expect(visit.survey.locator("form")).to_be_visible()
        assert look(visit)["background"] == "rgb(0, 34, 68)"


def test_a_button_keeps_the_colour_of_the_link_that_it_replaced(place: Place) -> None:
    style = "<style>a { color: #7a1fa2 }</style>"
    purple = "color(srgb 0.478431 0.121569 0.635294)"
    with place.visit(place.site.page(style + place.snippet(mode="button"))) as visit:
        opener = visit.survey.locator(".opener")
        expect(opener).to_have_css("background-color", purple)
        opener.click()
        expect(visit.survey.get_by_role("dialog")).to_be_visible()
        expect(opener).to_have_css("background-color", purple)
