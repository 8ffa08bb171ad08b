"""The page where one asks for no more messages: by keyboard, narrow, from right to left."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from ingest.texts.page_texts import page_texts
from tests.browser.pages_server import PagesServer, serving
from tests.browser.states import every_way_out
from tests.surveys import Example

pytestmark = pytest.mark.browser

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def site() -> Iterator[PagesServer]:
    example = Example()
    states = dict(every_way_out(example))
    with serving(example.pages) as server:
        server.pages.update(
            {f"/{name}": lambda body=body: body for name, body in states.items()}  # type: ignore[misc]
        )
        server.answer = lambda _: states["opt-out-wrong-nl"]
        yield server


@pytest.fixture
def page(browser: Browser, site: PagesServer) -> Iterator[Page]:
    """Without a script: these pages have none."""
    context = browser.new_context(
        base_url=site.url, java_script_enabled=False, viewport={"width": 320, "height": 640}
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def measured(browser: Browser, site: PagesServer) -> Iterator[Page]:
    context = browser.new_context(base_url=site.url, viewport={"width": 320, "height": 640})
    yield context.new_page()
    context.close()


def test_by_keyboard_one_comes_to_both_fields_and_sends_them(page: Page, site: PagesServer) -> None:
    page.goto("/opt-out-typed-nl")
    page.get_by_label("Mobiel nummer").focus()
    page.keyboard.type("020 1234567")
    page.keyboard.press("Tab")
    expect(page.get_by_label("E-mailadres")).to_be_focused()
    page.keyboard.type("jan@")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Meld mij af")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="U bent nog niet afgemeld")).to_be_visible()
    # What people do not see was passed over, and sent empty.
    assert site.forms[-1] == {"_website": [""], "tel": ["020 1234567"], "email": ["jan@"]}
    expect(page.get_by_label("Mobiel nummer")).to_have_value("020 1234567")
    expect(page.get_by_label("E-mailadres")).to_have_value("jan@")
    page.get_by_role("link", name="E-mailadres").click()
    expect(page.get_by_label("E-mailadres")).to_be_focused()


def test_a_program_that_reads_aloud_hears_what_is_wrong_with_a_field(page: Page) -> None:
    page.goto("/opt-out-wrong-nl")
    field = page.get_by_label("Mobiel nummer")
    expect(field).to_have_accessible_description(
        "Let op: Kijk uw nummer na. Vul een mobiel nummer in, zoals 06 12345678. "
        "Bijvoorbeeld 06 12345678."
    )
    expect(field).to_have_attribute("autocomplete", "tel")
    expect(page.get_by_label("E-mailadres")).to_have_attribute("autocomplete", "email")


def languages(*often: str) -> list[Any]:
    """All of them, those that are not measured `often` for the long tests."""
    return [
        pytest.param(each, marks=() if each in often else pytest.mark.long) for each in page_texts()
    ]


# From right to left, and with the longest words.
@pytest.mark.parametrize("language", languages("ar", "de"))
def test_on_a_narrow_screen_nothing_lies_beside_it(measured: Page, language: str) -> None:
    for state in ("opt-out-typed", "opt-out-linked", "opt-out-wrong", "opted-out"):
        measured.goto(f"/{state}-{language}")
        assert measured.evaluate(OVERFLOW) == 0, state


def test_in_arabic_a_number_still_runs_from_left_to_right(measured: Page) -> None:
    measured.goto("/opt-out-wrong-ar")
    field = measured.get_by_label("رقم الهاتف المحمول")
    assert field.evaluate("(field) => getComputedStyle(field).direction") == "ltr"
    label = measured.locator("label[for=tel]")
    assert label.evaluate("(label) => getComputedStyle(label).direction") == "rtl"


PLACES = """(line) => {
  const text = document.createTreeWalker(line, NodeFilter.SHOW_TEXT).nextNode();
  return ["06", "12345678"].map((part) => {
    const range = document.createRange();
    const at = text.data.indexOf(part);
    range.setStart(text, at);
    range.setEnd(text, at + part.length);
    const { top, left } = range.getBoundingClientRect();
    return [top, left];
  });
}"""


@pytest.mark.parametrize("language", languages("nl", "ar"))
def test_the_number_that_shows_how_begins_with_its_beginning(measured: Page, language: str) -> None:
    measured.set_viewport_size({"width": 900, "height": 900})
    measured.goto(f"/opt-out-wrong-{language}")
    for line in ("#h-tel", "#e-tel"):
        # On the next line it comes later too.
        first, then = measured.locator(line).evaluate(PLACES)
        assert first < then, line


def test_with_forced_colours_a_field_keeps_its_edge(measured: Page) -> None:
    measured.emulate_media(forced_colors="active")
    measured.goto("/opt-out-typed-nl")
    for field in measured.locator(".text input").all():
        width = field.evaluate("(field) => getComputedStyle(field).borderTopWidth")
        assert width == "2px"
