"""The survey in an iframe: every state and look of it, in both directions."""

import pytest
from playwright.sync_api import Frame, expect

from ingest.widget.snippet import iframe_snippet
from tests.browser.widget.place import TOUCHPOINT, Place
from tests.browser.widget.test_states import AT_400_PERCENT, LOOKS, WIDE, found_wrong

pytestmark = [pytest.mark.browser, pytest.mark.processes]

FITS = "document.documentElement.scrollWidth <= innerWidth"


def framed(place: Place, language: str) -> str:
    """The address of a page with the frame on it, under the strictest policy."""
    url = place.service.url
    return place.site.page(
        iframe_snippet(url, TOUCHPOINT, language, "Uw mening"),
        policy=f"default-src 'none'; frame-src {url}; script-src {url}",
        path="/frame",
    )


@pytest.mark.parametrize(
    ("language", "options"),
    [
        # What is in the frame is the page that `test_accessibility` looks at in each state.
        pytest.param("nl", {"viewport": WIDE}, marks=pytest.mark.long),
        ("ar", {"viewport": AT_400_PERCENT, "reduced_motion": "reduce", **LOOKS["dark"]}),
        pytest.param("nl", {"viewport": WIDE, **LOOKS["forced"]}, marks=pytest.mark.long),
    ],
    ids=["wide", "400 %, dark", "forced colours"],
)
def test_axe_finds_nothing_in_the_frame(
    place: Place, language: str, options: dict[str, object]
) -> None:
    with place.visit(framed(place, language), **options) as visit:
        survey = visit.page.frame_locator("iframe")
        expect(survey.get_by_role("button")).to_be_visible()

        def inside() -> Frame:
            """The frame's page of this moment: each form that is sent brings another."""
            return visit.page.frames[1]

        assert found_wrong(inside(), "html") == [], "open"
        assert inside().evaluate(FITS)
        survey.get_by_role("button").click()
        expect(survey.locator(".notice h2")).to_be_focused()
        assert found_wrong(inside(), "html") == [], "error"
        assert inside().evaluate(FITS)
        survey.get_by_label("8", exact=True).check()
        survey.get_by_role("button").click()
        expect(survey.get_by_role("button")).to_have_count(0)
        assert found_wrong(inside(), "html") == [], "thanks"
        assert inside().evaluate(FITS)


# Arrows of the other direction are pressed on the page itself, in `test_right_to_left`.
@pytest.mark.parametrize("language", ["nl", pytest.param("ar", marks=pytest.mark.long)])
def test_the_keyboard_alone_is_enough_in_the_frame(place: Place, language: str) -> None:
    with place.visit(framed(place, language)) as visit:
        survey = visit.page.frame_locator("iframe")
        keys = visit.page.keyboard
        eight = survey.locator("[name=cijfer][value='8']")
        expect(eight).to_be_visible()
        for _ in range(20):
            keys.press("Tab")
            if visit.page.frames[1].evaluate("document.activeElement.name") == "cijfer":
                break
        keys.press("Space")
        for _ in range(7):
            keys.press("ArrowDown")
        expect(eight).to_be_checked()
        for _ in range(20):
            keys.press("Tab")
            if visit.page.frames[1].evaluate("document.activeElement.type") == "submit":
                break
        keys.press("Enter")
        expect(survey.get_by_role("button")).to_have_count(0)
