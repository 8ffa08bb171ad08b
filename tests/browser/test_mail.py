"""A mail in a reader that shows HTML: light and dark, narrow, and in both directions of writing."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from ingest.senders.mail_html import html_of
from tests.browser.axe import EVERY_RULE, LOOKS, violations
from tests.ingest.senders.messages import ADDRESS, LINK, UNSUBSCRIBE, message

pytestmark = pytest.mark.browser

# Best practice wants a heading and landmarks, which a letter does not have.
OF_A_LETTER = tuple(rule for rule in EVERY_RULE if rule != "best-practice")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def shown(page: Page, language: str) -> list[str]:
    """Shows the mail; gives, as they come, the addresses that it makes the reader fetch."""
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.set_content(html_of(message(f"mailto:{ADDRESS}", language=language)))
    return fetched


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_axe_finds_nothing_and_nothing_is_fetched(page: Page, language: str) -> None:
    fetched = shown(page, language)
    for look in LOOKS:
        page.set_viewport_size({"width": look["width"], "height": 900})
        page.emulate_media(color_scheme=look["color_scheme"])
        assert violations(page, OF_A_LETTER) == [], look
    assert fetched == []


def test_a_link_as_long_as_ours_breaks_on_a_narrow_screen(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    shown(page, "nl")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    links = page.evaluate("[...document.links].map(link => link.href)")
    assert links == [LINK, UNSUBSCRIBE]


def test_in_a_dark_reader_the_ground_is_dark_and_the_words_are_light(page: Page) -> None:
    shown(page, "nl")
    light_of = "getComputedStyle(document.querySelector('p')).color"
    page.emulate_media(color_scheme="light")
    assert page.evaluate(light_of) == "rgb(0, 0, 0)"
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(light_of) == "rgb(255, 255, 255)"
