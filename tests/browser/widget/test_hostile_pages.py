"""Pages that make it hard: the widget works or leaves its link, and the page never suffers."""

import pytest
from playwright.sync_api import expect

from tests.browser.widget.place import TAG, Place, Visit
from tests.browser.widget.test_states import MEASURED, WIDE, found_illegible

pytestmark = [pytest.mark.browser, pytest.mark.processes]

ELEMENT = f"document.querySelector('{TAG}')"


RULES = {
    "unset": "* { all: unset !important }",
    "inherited": """:root { font-size: 40px } body { font: italic 900 9px/1 monospace;
      text-align: right; letter-spacing: 1em; text-transform: uppercase; cursor: none;
      white-space: pre; word-spacing: 2em; direction: rtl }""",
    "hidden": "input, button, label, legend, fieldset, h2, p, svg, dialog { display: none }",
}


LOOKS = """(found) => found.map((one) => {
  const {display, fontSize, fontStyle, letterSpacing, textTransform, direction, cursor,
    whiteSpace, visibility, textAlign, borderTopWidth} = getComputedStyle(one);
  return {display, fontSize, fontStyle, letterSpacing, textTransform, direction, cursor,
    whiteSpace, visibility, textAlign, borderTopWidth};
})"""


def look(visit: Visit) -> list[object]:
    """How the questions and their buttons look, in what a page could change."""
    found: list[object] = visit.survey.locator("label.cell, h2, form > button").evaluate_all(LOOKS)
    return found


@pytest.fixture(scope="module")
def undisturbed(place: Place) -> dict[str, list[object]]:
    """The same on a page without rules of its own, by mode."""
    looks = {}
    for mode in ("inline", "button"):
        with place.pasted(mode=mode, viewport=WIDE) as visit:
            visit.show()
            looks[mode] = look(visit)
    return looks


@pytest.mark.parametrize("mode", ["inline", pytest.param("button", marks=pytest.mark.long)])
# `unset` takes away all that the others change.
@pytest.mark.parametrize(
    "rules",
    [pytest.param(rules, marks=() if rules == "unset" else pytest.mark.long) for rules in RULES],
)
def test_rules_of_the_page_change_nothing_inside(
    place: Place, undisturbed: dict[str, list[object]], rules: str, mode: str
) -> None:
    url = place.site.page(place.snippet(mode=mode), head=f"<style>{RULES[rules]}</style>")
    with place.visit(url, viewport=WIDE) as visit:
        visit.show()
        assert look(visit) == undisturbed[mode]
        assert visit.page.evaluate(f"({MEASURED})('{TAG}')") == []
        assert found_illegible(visit.page) == []
        visit.send_first()
        visit.send_rest()
        assert visit.console == []


def test_two_copies_of_the_script_are_one(place: Place) -> None:
    other = place.script.replace("127.0.0.1", "localhost")
    url = place.site.page(place.script + other + place.snippet())
    with place.visit(url) as visit:
        visit.send_everything()


def test_the_element_may_be_there_before_the_script_or_come_after_it(place: Place) -> None:
    with place.visit(place.site.page(place.element() + place.script)) as visit:
        visit.send_everything()
    with place.visit(place.site.page(place.script + '<div id="hier"></div>')) as visit:
        visit.until_defined()
        visit.page.evaluate(
            "(html) => { document.querySelector('#hier').innerHTML = html; }", place.element()
        )
        visit.send_everything()


MOVES = {
    "moved": f"document.querySelector('#daar').append({ELEMENT})",
    "removed and added": f"""() => {{ const one = {ELEMENT}; one.remove();
      return new Promise((done) => setTimeout(() => {{
        document.querySelector('#daar').append(one); done(); }})); }}""",
    "with all around it": "document.body.append(document.querySelector('main'))",
    "adopted": f"""() => {{ const one = {ELEMENT}; new Document().adoptNode(one);
      document.querySelector('#daar').append(one); }}""",
}


SEEN = ("moved", "adopted")


# However it moves it leaves and comes again.
@pytest.mark.parametrize("mode", ["inline", pytest.param("button", marks=pytest.mark.long)])
@pytest.mark.parametrize(
    "move", [pytest.param(move, marks=pytest.mark.long if move in SEEN else ()) for move in MOVES]
)
def test_it_may_be_moved_while_it_is_filled_in(place: Place, move: str, mode: str) -> None:
    url = place.site.page(place.snippet(mode=mode) + '<div id="daar"></div>', policy=place.strict)
    with place.visit(url) as visit:
        visit.show()
        visit.send_first(4)
        visit.survey.locator("textarea").fill("Het duurde lang.")
        visit.page.evaluate(MOVES[move])
        if mode == "button":
            # Open, and still above the page: whatever is moved loses that place.
            assert visit.survey.get_by_role("dialog").evaluate("(one) => one.matches(':modal')")
        expect(visit.survey.locator("textarea")).to_have_value("Het duurde lang.")
        visit.send_rest()
        assert sum("/touchpoints/" in url for url in visit.requests) == 1
        assert visit.console == []


# Before it is there neither mode has begun.
@pytest.mark.parametrize("mode", ["inline", pytest.param("button", marks=pytest.mark.long)])
def test_it_may_be_moved_before_it_is_there(place: Place, mode: str) -> None:
    body = '<div id="daar"></div>' + place.snippet(mode=mode)
    with place.visit(place.site.page(body, policy=place.strict)) as visit:
        for _ in range(5):
            visit.page.evaluate(MOVES["moved"])
        visit.send_everything()
        assert sum("/touchpoints/" in url for url in visit.requests) == 1


def test_twenty_on_one_page_do_not_hinder_each_other(place: Place) -> None:
    many = "".join(
        f"<p>{place.element(mode='button', touchpoint=f'molensloot/{name}')}</p>"
        for name in ("online", "balie-hal") * 10
    )
    with place.visit(place.site.page(many + place.script, policy=place.strict)) as visit:
        expect(visit.survey.locator(".opener")).to_have_count(20)
        for index in (3, 18):
            survey = visit.survey.nth(index)
            survey.locator(".opener").click()
            survey.get_by_role("radio", name="6", exact=True).check()
            with visit.page.expect_response("**/api/v1/responses") as sent:
                survey.locator("form > button").click()
            assert sent.value.status == 201
            expect(visit.page.locator("dialog[open]")).to_have_count(1)
            survey.get_by_role("button", name="Sluiten").click()
        ids = visit.page.evaluate(
            f"""[...document.querySelectorAll('{TAG}')].flatMap((one) =>
              [...one.shadowRoot.querySelectorAll('[id]')].map((each) => each.id))"""
        )
        assert len(ids) == len(set(ids))
        assert visit.shifted == 0
        assert visit.console == []


def test_a_base_of_the_page_leads_nothing_astray(place: Place) -> None:
    head = '<base href="https://elders.example/diep/" target="_top">'
    url = place.site.page(place.snippet(), head=head, policy=place.strict)
    with place.visit(url) as visit:
        visit.show()
        visit.send()
        visit.survey.get_by_role("alert").get_by_role("link").click()
        expect(visit.survey.get_by_role("radio").first).to_be_focused()
        visit.send_everything()
        assert visit.page.url == url
        assert not any("elders" in request for request in visit.requests)


WORKER = """
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  if (event.request.url.includes("%s"))
    event.respondWith(new Response(%s, {headers: {"Content-Type": "%s"}}));
});
"""
RUBBISH = {
    "a page for the survey": ("/api/v1/", "'<html>offline</html>'", "text/html"),
    "nothing for the survey": ("/api/v1/", "'{}'", "application/json"),
    "a page for the script": ("/widget.v1.js", "'offline'", "text/html"),
}


# A site's own service worker is rare; the first shows that it keeps nobody from the link.
@pytest.mark.parametrize(
    "rubbish",
    [
        pytest.param(each, marks=pytest.mark.long if number else ())
        for number, each in enumerate(RUBBISH)
    ],
)
def test_a_service_worker_of_the_page_that_answers_rubbish_leaves_the_link(
    place: Place, rubbish: str
) -> None:
    place.site.file("/worker.js", WORKER % RUBBISH[rubbish], "text/javascript")
    empty = place.site.page("", path="/empty")
    url = place.site.page(place.snippet(), path="/with-worker")
    with place.visit(empty) as visit:
        visit.page.evaluate(
            """async () => {
              await navigator.serviceWorker.register("/worker.js");
              if (!navigator.serviceWorker.controller)
                await new Promise((then) =>
                  navigator.serviceWorker.addEventListener("controllerchange", then));
            }"""
        )
        visit.page.clock.install()
        visit.page.goto(url)
        for _ in range(4):
            visit.page.clock.run_for(5_000)
        if "script" not in rubbish:
            visit.page.wait_for_function("() => events.length")
            assert len(visit.complaints) == 1
        expect(visit.page.get_by_role("link", name="Geef uw mening")).to_be_visible()
        expect(visit.survey.locator("form")).to_have_count(0)
        assert visit.shifted == 0


def test_nobody_is_thanked_for_what_a_service_worker_swallowed(place: Place) -> None:
    headers = {"access-control-allow-origin": "*", "content-type": "application/json"}
    with place.pasted() as visit:
        visit.show()
        visit.page.clock.install()
        visit.page.route(
            "**/api/v1/responses",
            lambda route: (
                route.fulfill(body="{}", headers=headers)
                if route.request.method == "POST"
                else route.fulfill(headers=headers | {"access-control-allow-headers": "*"})
            ),
        )
        visit.choose(8)
        visit.send()
        for _ in range(4):
            visit.page.clock.run_for(5_000)
        expect(visit.seen()).to_contain_text("niet gelukt")
