"""The page around the widget: its form is its own, and nothing on it moves."""

import pytest
from playwright.sync_api import expect

from tests.browser.widget.place import Place
from tests.browser.widget.test_states import found_wrong

pytestmark = [pytest.mark.browser, pytest.mark.processes]

OLD_LIBRARY = """<script>
  Object.prototype.clone = function () { return this; };
  Array.prototype.each = function (each) { this.forEach(each); };
  String.prototype.fill = function () { return "kapot"; };
  const own = window.fetch;
  window.fetch = function () { window.fetched = true; return own.apply(window, arguments); };
  window.$ = window.survey = window.name2 = () => { throw new Error("not yours"); };
  const define = customElements.define;
  customElements.define = function (name, type) { return define.call(customElements, name, type); };
</script>"""


def test_what_an_old_library_adds_to_everything_is_left_alone(place: Place) -> None:
    url = place.site.page(place.snippet(), head=OLD_LIBRARY)
    with place.visit(url) as visit:
        visit.show()
        assert visit.page.evaluate("fetched")
        visit.survey.locator("form").evaluate("(form) => form.checkVisibility()")
        visit.send_everything()


def test_the_form_of_the_page_is_sent_as_without_us(place: Place) -> None:
    fields = '<input name="cijfer" value="eigen"><input name="website" value="ook"><br>'
    form = f'<form method="post" action="/aanvraag">{fields}%s<button>Aanvragen</button></form>'
    url = place.site.page(form % place.snippet())
    place.site.forms.clear()
    with place.visit(url) as visit:
        visit.show()
        visit.send_first(3)
        assert place.site.forms == []
        assert visit.page.url == url
        visit.page.get_by_role("button", name="Aanvragen").click()
        visit.page.wait_for_url("**/aanvraag")
    assert place.site.forms == ["cijfer=eigen&website=ook"]


BELOW = "<p>Wat er onder staat</p>"


# What opens above the page moves nothing in it.
@pytest.mark.parametrize("mode", ["inline", pytest.param("button", marks=pytest.mark.long)])
def test_nothing_below_it_moves(place: Place, mode: str) -> None:
    with place.visit(place.site.page(place.snippet(mode=mode) + BELOW)) as visit:
        where = visit.page.get_by_text("Wat er onder staat").bounding_box()
        visit.page.wait_for_load_state("networkidle")
        expect(visit.survey.locator(".opener, form")).to_be_visible()
        assert visit.page.get_by_text("Wat er onder staat").bounding_box() == where
        visit.show()
        visit.choose()
        expect(visit.survey.locator("form > button")).to_be_visible()
        assert visit.shifted == 0


def test_without_room_a_button_in_the_corner_opens_it_and_one_line_says_why(place: Place) -> None:
    url = place.site.page(place.snippet(room="") + place.element(room="") + BELOW)
    with place.visit(url) as visit:
        where = visit.page.get_by_text("Wat er onder staat").bounding_box()
        corner = visit.survey.locator(".corner")
        expect(corner).to_be_in_viewport(ratio=1)
        (sentence,) = visit.console
        assert "no room here" in sentence
        assert visit.page.get_by_text("Wat er onder staat").bounding_box() == where
        corner.click()
        expect(visit.survey.get_by_role("dialog")).to_be_visible()
        assert found_wrong(visit.page) == []
        visit.survey.get_by_role("button", name="Sluiten").click()
        # The links stand where they stood, and open the same.
        visit.page.get_by_role("link", name="Geef uw mening").last.click()
        expect(visit.survey.get_by_role("dialog")).to_be_visible()
        assert visit.shifted == 0
        visit.survey.get_by_role("button", name="Sluiten").click()
        # Where the page ends, its last words are read without the button over them.
        visit.page.evaluate("document.body.style.height = '3000px'; scrollTo(0, 3000)")
        expect(corner).to_be_hidden()
        visit.page.evaluate("scrollTo(0, 500)")
        expect(corner).to_be_visible()


def test_nothing_moves_while_it_is_being_sent_however_long_that_takes(place: Place) -> None:
    with place.visit(place.site.page(place.snippet() + BELOW)) as visit:
        with visit.page.expect_response("**/api/v1/touchpoints/**"):
            visit.until_defined()
        visit.choose()
        for path in ("responses", "completion"):
            held = visit.hold(f"**/{path}")
            with visit.page.expect_request(f"**/{path}"):
                visit.send()
            # For half a second the browser counts what moves as moved by the visitor's own hand.
            visit.page.evaluate("() => { globalThis.since = performance.now(); }")
            visit.page.wait_for_function("() => performance.now() - since > 550")
            with visit.page.expect_response(f"**/{path}"):
                held[-1].continue_()
            expect(visit.seen().last).not_to_contain_text("Bezig")
        assert visit.shifted == 0
