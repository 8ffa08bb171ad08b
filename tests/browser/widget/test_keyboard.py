"""The widget by keyboard alone, on the page and in its dialog, in both directions."""

import pytest
from playwright.sync_api import expect

from tests.browser.widget.place import Place, Visit, each_once

pytestmark = [pytest.mark.browser, pytest.mark.processes]

# Down through the shadow root: which field or button has the focus, and whether it is the widget's.
FOCUSED = """() => {
  const one = document.activeElement?.shadowRoot?.activeElement;
  return one ? one.name || one.localName : document.activeElement.localName;
}"""
TABS = 15


def tab_until(visit: Visit, wanted: str) -> list[str]:
    """Press Tab until this has the focus; everything that had it on the way."""
    passed: list[str] = []
    while not passed or passed[-1] != wanted:
        assert len(passed) < TABS, passed
        visit.page.keyboard.press("Tab")
        passed.append(visit.page.evaluate(FOCUSED))
    return passed


@each_once
def test_the_keyboard_alone_is_enough(place: Place, language: str, mode: str) -> None:
    onwards = {"nl": "ArrowRight", "ar": "ArrowLeft"}[language]
    with place.pasted(language, mode=mode) as visit:
        keys = visit.page.keyboard
        expect(visit.survey.locator("form, .opener").first).to_be_visible()
        if mode == "button":
            tab_until(visit, "button")
            keys.press("Enter")
            expect(visit.survey.locator("h2")).to_be_focused()
        tab_until(visit, "cijfer")
        keys.press("Space")
        for _ in range(7):
            keys.press(onwards)
        expect(visit.survey.locator("[name=cijfer][value='8']")).to_be_checked()
        tab_until(visit, "button")
        keys.press("Enter")
        expect(visit.survey.get_by_role("status")).to_be_focused()
        passed = tab_until(visit, "button")
        assert "website" not in passed
        assert {"geholpen", "gemak", "duidelijk", "sfeer", "apparaat"} <= set(passed)
        keys.press("Enter")
        expect(visit.seen().locator("h3")).to_be_visible()
        expect(visit.survey.get_by_role("status")).to_be_focused()


def test_the_dialog_keeps_the_focus_and_gives_it_back(place: Place) -> None:
    with place.pasted(mode="button") as visit:
        visit.page.evaluate("document.body.append(document.createElement('input'))")
        visit.show()
        expect(visit.survey.locator("h2")).to_be_focused()
        had = set()
        for _ in range(TABS):
            visit.page.keyboard.press("Tab")
            had.add(visit.page.evaluate(FOCUSED))
        # The body: the browser's own bar, on the way round.
        assert had <= {"button", "cijfer", "a", "body"}
        visit.choose(3)
        visit.page.keyboard.press("Escape")
        expect(visit.survey.get_by_role("dialog")).to_be_hidden()
        expect(visit.survey.locator(".opener")).to_be_focused()
        visit.page.keyboard.press("Enter")
        expect(visit.survey.locator("[name=cijfer][value='3']")).to_be_checked()
        visit.survey.get_by_role("button", name="Sluiten").click()
        expect(visit.survey.locator(".opener")).to_be_focused()


def test_what_is_typed_is_no_short_cut_of_the_page(place: Place) -> None:
    with place.pasted() as visit:
        visit.page.evaluate("addEventListener('keydown', () => { globalThis.heard = true; })")
        visit.show()
        visit.send_first()
        visit.survey.locator("textarea").press_sequentially("s?/")
        assert visit.page.evaluate("globalThis.heard") is None
        expect(visit.survey.locator("textarea")).to_have_value("s?/")
