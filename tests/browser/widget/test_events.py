"""What the page is told, what it may ask, and what its address chooses beforehand."""

import pytest
from playwright.sync_api import expect

from tests.browser.widget.place import Place, Visit
from tests.browser.widget.test_states import refuse

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def told(visit: Visit) -> list[tuple[str, dict[str, object]]]:
    """Each event and its detail; all of them rise through every shadow root to the window."""
    for event in visit.events:
        assert (event["bubbles"], event["composed"], event["target"]) == (
            True,
            True,
            "meetpunt-survey",
        )
    return [(event["type"].removeprefix("meetpunt-"), event["detail"]) for event in visit.events]


def test_the_page_hears_what_happens_and_not_what_was_answered(place: Place) -> None:
    with place.pasted() as visit:
        visit.show()
        assert told(visit) == [("open", {})]
        visit.send_first(7)
        visit.survey.locator("textarea").fill("Geheim")
        visit.survey.locator("h2").click()
        visit.page.route("**/completion", refuse)
        visit.send()
        expect(visit.seen().get_by_role("button")).to_be_visible()
        visit.page.unroute("**/completion")
        visit.seen().get_by_role("button").click()
        expect(visit.seen().locator("h3")).to_be_visible()
        assert told(visit) == [
            ("open", {}),
            ("answered", {"item": "cijfer"}),
            ("submitted", {"complete": False}),
            ("answered", {"item": "toelichting"}),
            ("failed", {}),
            ("submitted", {"complete": True}),
        ]


def test_a_page_that_asks_for_the_answers_gets_them(place: Place) -> None:
    url = place.site.page(place.snippet(answers=""), policy=place.strict)
    with place.visit(url) as visit:
        visit.show()
        visit.send_first(7)
        assert told(visit)[1:] == [
            ("answered", {"item": "cijfer", "answers": {"cijfer": 7}}),
            ("submitted", {"complete": False, "answers": {"cijfer": 7}}),
        ]


def test_other_events_of_the_form_do_not_reach_the_page(place: Place) -> None:
    with place.pasted() as visit:
        visit.page.evaluate(
            """() => { globalThis.heard = [];
              for (const type of ["submit", "change", "invalid", "toggle", "close"])
                addEventListener(type, (event) => heard.push(event.type), true); }"""
        )
        visit.show()
        visit.send()
        visit.send_first()
        assert visit.page.evaluate("heard") == []


CHOSEN_BEFOREHAND = {
    "?cijfer=8": ["8"],
    "?cijfer=10&Q_RATINGID=4": ["10"],
    "?Q_RATINGID=3": ["8"],
    "?Q_RATINGID=2": ["6"],
    "?Q_RATINGID=4": ["4"],
    "?cijfer=11": [],
    "?cijfer=8.0": [],
    "?cijfer=%3Cscript%3E": [],
    "?Q_RATINGID=toString": [],
}


def test_the_address_chooses_beforehand_and_sends_nothing(place: Place) -> None:
    before = len(place.stored())
    with place.pasted() as visit:
        for query, chosen in CHOSEN_BEFOREHAND.items():
            visit.page.goto(place.site.origin + "/" + query)
            visit.show()
            checked = visit.survey.locator("input:checked").evaluate_all(
                "(found) => found.map((one) => one.value)"
            )
            assert checked == chosen, query
            assert told(visit) == [("open", {})]
        assert not any(url.endswith("/responses") for url in visit.requests)
        assert visit.console == []
    assert len(place.stored()) == before


FORM = '<form id="aanvraag"><input name="naam"><button>Aanvragen</button></form>'


def test_after_a_form_that_was_sent_the_survey_comes(place: Place) -> None:
    url = place.site.page(FORM + place.snippet(after="#aanvraag"), policy=place.strict)
    with place.visit(url) as visit:
        visit.until_defined()
        visit.page.evaluate(
            "() => { document.forms[0].onsubmit = (event) => event.preventDefault(); }"
        )
        expect(visit.page.get_by_role("link", name="Geef uw mening")).to_be_visible()
        assert visit.events == []
        visit.page.get_by_role("button", name="Aanvragen").click()
        expect(visit.survey.locator("form")).to_be_visible()
        assert told(visit) == [("open", {})]


# The same code, before either mode begins.
@pytest.mark.parametrize("mode", ["inline", pytest.param("button", marks=pytest.mark.long)])
def test_after_something_that_appears_the_survey_comes(place: Place, mode: str) -> None:
    thanks = '<p id="klaar" hidden>Wij hebben uw aanvraag.</p>'
    url = place.site.page(thanks + place.snippet(after="#klaar", mode=mode), policy=place.strict)
    with place.visit(url) as visit:
        with visit.page.expect_response("**/api/v1/touchpoints/**"):
            visit.until_defined()
        assert visit.events == []
        visit.page.evaluate("document.querySelector('#klaar').hidden = false")
        expect(visit.survey.locator("form")).to_be_visible()
        assert told(visit) == [("open", {})]


@pytest.mark.parametrize("mode", ["inline", "button"])
def test_the_page_may_open_it_itself(place: Place, mode: str) -> None:
    body = place.snippet(mode=mode, after="#nooit") + "<p>Wat er onder staat</p>"
    with place.visit(place.site.page(body, policy=place.strict)) as visit:
        visit.until_defined()
        visit.page.evaluate("document.querySelector('meetpunt-survey').open()")
        expect(visit.survey.locator("h2")).to_be_focused()
        visit.page.evaluate("document.querySelector('meetpunt-survey').open()")
        assert told(visit) == [("open", {})]
