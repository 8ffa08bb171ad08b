"""The page where one asks to be called: by keyboard, without scripts, narrow, right to left."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from ingest.texts.page_texts import page_texts
from tests.browser.pages_server import PagesServer, serving
from tests.browser.states import every_state, every_way_to_be_called
from tests.surveys import Example

pytestmark = pytest.mark.browser

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def site() -> Iterator[PagesServer]:
    example = Example()
    states = dict(every_way_to_be_called(example))
    states |= {name: page for name, page in every_state(example) if name.startswith("thanks")}
    with serving(example.pages) as server:
        server.pages.update(
            {f"/{name}": lambda body=body: body for name, body in states.items()}  # type: ignore[misc]
        )
        server.answer = lambda _: states["call-wrong-nl"]
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


def test_by_keyboard_one_leaves_a_number_and_chooses_when(page: Page, site: PagesServer) -> None:
    page.goto("/call-nl")
    page.get_by_label("Telefoonnummer").focus()
    page.keyboard.type("0900 1234")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Dat maakt niet uit")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("In de ochtend")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Bel mij")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Wij hebben uw nummer nog niet")).to_be_focused()
    # What people do not see was passed over, and sent empty.
    sent = {"_token": ["t" * 48], "_website": [""], "tel": ["0900 1234"], "wanneer": ["ochtend"]}
    assert site.forms[-1] == sent
    field = page.get_by_label("Telefoonnummer")
    expect(field).to_have_value("0900 1234")
    expect(field).to_have_attribute("autocomplete", "tel")
    expect(field).to_have_accessible_description(
        "Let op: Wij bellen geen betaalnummers, zoals 0900. Vul een ander nummer in, zoals "
        "06 12345678 of 020 1234567. Bijvoorbeeld 06 12345678 of 020 1234567."
    )
    page.get_by_role("link", name="Telefoonnummer").click()
    expect(field).to_be_focused()
    page.get_by_role("link", name="Wanneer komt het u uit?").click()
    expect(page.get_by_label("Dat maakt niet uit")).to_be_focused()
    expect(page.get_by_role("radiogroup", name="Wanneer komt het u uit?")).to_be_visible()


def test_from_the_thanks_it_is_one_link_away(page: Page) -> None:
    page.goto("/thanks-and-call-nl")
    link = page.get_by_role("link", name="Laat uw telefoonnummer achter")
    assert link.get_attribute("href") == "/bellen/molensloot/balie-hal?lang=nl"


def languages(*often: str) -> list[Any]:
    """All of them, those that are not measured `often` for the long tests."""
    return [
        pytest.param(each, marks=() if each in often else pytest.mark.long) for each in page_texts()
    ]


# From right to left, and with the longest words.
@pytest.mark.parametrize("language", languages("ar", "de"))
def test_on_a_narrow_screen_nothing_lies_beside_it(measured: Page, language: str) -> None:
    for state in ("call", "call-wrong", "called", "called-before"):
        measured.goto(f"/{state}-{language}")
        assert measured.evaluate(OVERFLOW) == 0, state
    if language == "ar":
        field, label = measured.locator("#tel"), measured.locator("label[for=tel]")
        measured.goto("/call-wrong-ar")
        assert field.evaluate("(field) => getComputedStyle(field).direction") == "ltr"
        assert label.evaluate("(label) => getComputedStyle(label).direction") == "rtl"


def test_with_forced_colours_a_field_and_what_is_chosen_keep_their_edge(measured: Page) -> None:
    measured.emulate_media(forced_colors="active")
    measured.goto("/call-nl")
    width = measured.locator("#tel").evaluate("(field) => getComputedStyle(field).borderTopWidth")
    assert width == "2px"
    chosen = measured.locator(".cell:has(:checked)")
    assert chosen.evaluate("(cell) => getComputedStyle(cell).outlineStyle") == "solid"
