"""From the press of the button to the row in Postgres: stored when it is sent, and stored once."""

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.widget.place import Place, Visit

pytestmark = [pytest.mark.browser, pytest.mark.processes]


class Rows:
    """What was stored since this was made."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._before = {row["id"] for row in place.stored()}

    def new(self) -> list[dict[str, Any]]:
        return [row for row in self._place.stored() if row["id"] not in self._before]

    def only(self) -> tuple[dict[str, Any], bool]:
        """The answers of the one new response, and whether it is complete."""
        (row,) = self.new()
        return self._place.answers(row), row["complete"]


@pytest.fixture
def rows(place: Place) -> Rows:
    return Rows(place)


def lose_the_first_reply(visit: Visit, urls: str) -> list[str | None]:
    """The service gets it, the browser hears nothing; the bodies of every try."""
    bodies: list[str | None] = []

    def handle(route: Route) -> None:
        bodies.append(route.request.post_data)
        if len(bodies) > 1:
            route.continue_()
            return
        reply = route.fetch()
        assert reply.status == 201
        route.abort("connectionreset")

    visit.page.route(urls, handle)
    return bodies


# The example site sends from behind a button, too.
@pytest.mark.parametrize("mode", ["inline", pytest.param("button", marks=pytest.mark.long)])
def test_the_mark_is_stored_at_once_and_the_rest_completes_it(
    place: Place, rows: Rows, mode: str
) -> None:
    with place.pasted(mode=mode) as visit:
        visit.show()
        assert rows.new() == []
        visit.send_first(7)
        assert rows.only() == ({"cijfer": 7}, False)
        survey = visit.survey
        survey.get_by_role("radio", name="Ja", exact=True).check()
        survey.get_by_role("radio", name="Heel goed").check()
        survey.get_by_role("checkbox", name="Telefoon").check()
        survey.get_by_role("checkbox", name="Computer").check()
        visit.send_rest()
    answers = {"cijfer": 7, "geholpen": "ja", "sfeer": 5, "apparaat": ["telefoon", "computer"]}
    assert rows.only() == (answers, True)


def test_who_leaves_halfway_has_still_sent_the_mark(place: Place, rows: Rows) -> None:
    with place.pasted() as visit:
        visit.show()
        visit.send_first(4)
        visit.survey.get_by_role("radio", name="Nee", exact=True).check()
        visit.page.goto("about:blank")
    assert rows.only() == ({"cijfer": 4}, False)


def test_who_leaves_at_the_press_of_the_button_has_sent_it_too(place: Place, rows: Rows) -> None:
    with place.pasted() as visit:
        visit.show()
        visit.choose(6)
        with visit.page.expect_request("**/api/v1/responses") as sent:
            visit.send()
        visit.page.goto("about:blank")
        assert sent.value.method == "POST"
        # The page is gone; what it sent goes on alone.
        for _ in range(100):
            if rows.new():
                break
            visit.page.evaluate("new Promise(requestAnimationFrame)")
    assert rows.only() == ({"cijfer": 6}, False)


def test_who_looks_and_chooses_but_does_not_send_stores_nothing(place: Place, rows: Rows) -> None:
    with place.pasted() as visit:
        visit.show()
        visit.choose(9)
        visit.page.goto("about:blank")
        assert not any(url.endswith("/responses") for url in visit.requests)
    assert rows.new() == []


def test_a_double_click_stores_once_and_sends_no_more_than_was_asked(
    place: Place, rows: Rows
) -> None:
    with place.pasted() as visit:
        visit.show()
        visit.choose(8)
        with visit.page.expect_response("**/api/v1/responses"):
            visit.survey.locator("form > button").dblclick()
        expect(visit.survey.locator("fieldset.faces")).to_be_visible()
        assert rows.only() == ({"cijfer": 8}, False)
        with visit.page.expect_response("**/completion"):
            visit.survey.locator("form > button").dblclick()
        expect(visit.seen().locator("h3")).to_be_visible()
        assert rows.only() == ({"cijfer": 8}, True)
        assert sum(url.endswith("/completion") for url in visit.requests) == 1


def test_a_lost_reply_is_asked_for_again_and_stored_once(place: Place, rows: Rows) -> None:
    with place.pasted() as visit:
        visit.show()
        bodies = lose_the_first_reply(visit, "**/api/v1/responses")
        visit.choose(5)
        visit.send()
        expect(visit.seen()).to_contain_text("Wij hebben uw antwoord ontvangen.")
        assert len(bodies) == 2
        assert bodies[0] == bodies[1]
        assert rows.only() == ({"cijfer": 5}, False)
        completions = lose_the_first_reply(visit, "**/completion")
        visit.survey.get_by_role("radio", name="Deels").check()
        visit.send()
        expect(visit.seen().locator("h3")).to_be_visible()
        assert len(completions) == 2
        assert completions[0] == completions[1]
    assert rows.only() == ({"cijfer": 5, "geholpen": "deels"}, True)


def test_the_first_step_that_failed_is_sent_with_the_rest(place: Place, rows: Rows) -> None:
    with place.pasted() as visit:
        visit.show()
        visit.page.clock.install()
        visit.page.route("**/api/v1/responses", lambda route: route.abort())
        visit.choose(3)
        visit.send()
        for _ in range(4):
            visit.page.clock.run_for(5_000)
        expect(visit.seen()).to_contain_text("niet gelukt")
        assert rows.new() == []
        visit.page.unroute("**/api/v1/responses")
        visit.survey.get_by_role("radio", name="Nee", exact=True).check()
        visit.send_rest()
    assert rows.only() == ({"cijfer": 3, "geholpen": "nee"}, True)


def test_what_a_machine_fills_in_is_marked_and_kept(place: Place, rows: Rows) -> None:
    with place.pasted() as visit:
        visit.show()
        visit.survey.locator("[name=website]").evaluate("(trap) => { trap.value = 'x'; }")
        visit.send_first(1)
    (row,) = rows.new()
    assert "honeypot" in row["suspect"]


def test_what_the_page_says_of_itself_is_stored_when_the_touchpoint_lists_it(
    place: Place, rows: Rows
) -> None:
    snippet = place.snippet(product="paspoort", form="verzonnen")
    with place.visit(place.site.page(snippet, policy=place.strict)) as visit:
        visit.show()
        visit.send_first()
    (row,) = rows.new()
    assert row["dimensions"] == '{"product": "paspoort"}'
