"""What is left when the widget cannot run: the link, where the survey would have been."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.widget.place import Place, Visit

pytestmark = [pytest.mark.browser, pytest.mark.processes]

HEADINGS = {"nl": "Hoe ging het op onze website?", "ar": "كيف سارت الأمور على موقعنا الإلكتروني؟"}


def follow_the_link(visit: Visit, language: str = "nl") -> None:
    visit.page.get_by_role("link", name="Geef uw mening").click()
    expect(visit.page.get_by_role("heading", name=HEADINGS[language]).first).to_be_visible()


@pytest.mark.parametrize("language", HEADINGS)
@pytest.mark.parametrize("width", [320, pytest.param(1280, marks=pytest.mark.long)])
def test_without_scripts_the_link_leads_to_the_page(
    place: Place, language: str, width: int
) -> None:
    options: dict[str, Any] = {
        "java_script_enabled": False,
        "viewport": {"width": width, "height": 256},
    }
    with place.pasted(language, **options) as visit:
        follow_the_link(visit, language)


def test_a_script_that_never_comes_holds_nothing_up(place: Place) -> None:
    url = place.site.page(place.snippet() + "<p>Daarna</p>")
    with place.visit("about:blank") as visit:
        held = visit.hold("**/widget.v1.js")
        visit.page.goto(url, wait_until="domcontentloaded")
        expect(visit.page.get_by_text("Daarna")).to_be_visible()
        assert visit.shifted == 0
        visit.page.get_by_role("link", name="Geef uw mening").click(no_wait_after=True)
        expect(visit.page.get_by_role("heading", name=HEADINGS["nl"]).first).to_be_visible()
        assert len(held) == 1


# Nothing of either has come when the link is used.
@pytest.mark.parametrize("mode", ["inline", pytest.param("button", marks=pytest.mark.long)])
def test_while_the_service_does_not_answer_the_link_works(place: Place, mode: str) -> None:
    url = place.site.page(place.snippet(mode=mode), policy=place.strict)
    with place.visit("about:blank") as visit:
        held = visit.hold("**/api/v1/**")
        with visit.page.expect_request("**/api/v1/**"):
            visit.page.goto(url)
        assert visit.shifted == 0
        assert visit.console == []
        follow_the_link(visit)
        assert len(held) == 1


# The nearest to a survey and the farthest from one; the others lie between.
@pytest.mark.parametrize(
    "body",
    [
        "<html>",
        *(
            pytest.param(body, marks=pytest.mark.long)
            for body in ("null", "{}", '{"items": 3}', '{"items": [null]}')
        ),
    ],
)
def test_an_answer_that_is_no_survey_leaves_the_link_and_one_sentence(
    place: Place, body: str
) -> None:
    headers = {"access-control-allow-origin": "*", "content-type": "application/json"}
    url = place.site.page(place.snippet() + place.element(), policy=place.strict)
    with place.visit("about:blank") as visit:
        visit.page.clock.install()
        visit.page.route(
            "**/api/v1/touchpoints/**", lambda route: route.fulfill(body=body, headers=headers)
        )
        visit.page.goto(url)
        # The pauses between the tries are the clock's to pass.
        for _ in range(4):
            visit.page.clock.run_for(5_000)
        visit.page.wait_for_function("() => events.length === 2")
        assert {event["type"] for event in visit.events} == {"meetpunt-failed"}
        (sentence,) = visit.complaints
        assert sentence.startswith("Meetpunt: ")
        assert visit.shifted == 0
        expect(visit.page.get_by_role("link", name="Geef uw mening")).to_have_count(2)
        assert visit.page.get_by_role("link", name="Geef uw mening").first.is_visible()


def test_a_refused_survey_can_be_asked_for_again(place: Place) -> None:
    with place.visit("about:blank") as visit:
        visit.page.route("**/api/v1/touchpoints/**", lambda route: route.fulfill(status=403))
        visit.page.clock.install()
        visit.page.goto(place.site.page(place.snippet(), policy=place.strict))
        for _ in range(4):
            visit.page.clock.run_for(5_000)
        visit.page.wait_for_function("() => events.length === 1")
        visit.page.unroute("**/api/v1/touchpoints/**")
        visit.page.evaluate("document.querySelector('meetpunt-survey').open()")
        expect(visit.survey.locator("form")).to_be_visible()
