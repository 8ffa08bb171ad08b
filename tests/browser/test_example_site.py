"""The example municipal site in a browser: every page asks, sends, and the row appears."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from ingest.demo.example_site import STYLES, WIDGETS
from tests.browser.axe import violations_in
from tests.browser.running_demo import RunningDemo
from tests.browser.test_demo import (
    WIDER_THAN_THE_SCREEN,
    WIDTHS,
    opened,
    visitor,
)

pytestmark = pytest.mark.browser

# One page: the others are made of the same parts.
FIRST = next(zip(STYLES, WIDGETS, strict=True))
PAGES = [
    pytest.param(style, name, marks=() if (style, name) == FIRST else pytest.mark.long)
    for style in STYLES
    for name in WIDGETS
]
OWN_COLOUR = {"polder": (27, 107, 69), "nacht": (255, 208, 92), "haven": (138, 21, 56)}
PAINTED = """(element) => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d");
  canvas.fillStyle = getComputedStyle(element).backgroundColor;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
}"""


def follow(start: Page, style: str, name: str) -> Page:
    """From the start page to a page of the site."""
    link = start.locator(f'a[href$="/voorbeeldsite/{style}/{name}"]')
    return opened(start, link.click)


def come_to_the_questions(page: Page, name: str) -> Locator:
    """Do what stands before the survey on this page; the survey."""
    survey = page.locator("meetpunt-survey")
    if name == "uittreksel":
        expect(survey.get_by_role("radio")).to_have_count(0)
        page.locator("main form button").click()
    elif name == "contact":
        survey.get_by_role("button").click()
    expect(survey.get_by_role("radio").first).to_be_visible()
    return survey


def rows_of_the_newest(start: Page) -> Locator:
    """What the start page shows of the response that came in since it was opened."""
    expect(start.locator("#announce")).to_contain_text("Nieuwe reactie: online")
    return start.locator("#responses > li").first.locator(".rows")


@pytest.mark.parametrize(("style", "name"), PAGES)
def test_a_page_asks_in_its_own_style(
    browser: Browser, demo: RunningDemo, style: str, name: str
) -> None:
    with visitor(browser, demo) as page:
        page.goto(f"{demo.site}/voorbeeldsite/{style}/{name}")
        survey = come_to_the_questions(page, name)
        assert tuple(survey.locator("form button").evaluate(PAINTED)) == OWN_COLOUR[style]
        expect(survey.locator("section")).to_have_attribute("lang", STYLES[style])


# `test_demo` sends too; each widget of this site once, where there is time.
@pytest.mark.parametrize(
    ("style", "name"),
    [
        ("nacht", "uittreksel"),
        pytest.param("polder", "paspoort", marks=pytest.mark.long),
        pytest.param("polder", "contact", marks=pytest.mark.long),
    ],
)
def test_what_is_sent_from_a_page_appears(
    browser: Browser, demo: RunningDemo, style: str, name: str
) -> None:
    with visitor(browser, demo) as start:
        page = follow(start, style, name)
        assert "127.0.0.1" in page.url
        survey = come_to_the_questions(page, name)
        send = survey.locator("form button")
        survey.get_by_role("radio").nth(8).check()
        with page.expect_response("**/api/v1/responses") as sent:
            send.click()
        assert sent.value.status == 201
        with page.expect_response("**/completion") as completed:
            send.click()
        assert completed.value.status == 201
        rows = rows_of_the_newest(start)
        expect(rows).to_contain_text(f"taal{STYLES[style]}")
        expect(rows).to_contain_text("volledigtrue")
        for attribute in ("product", "form"):
            if attribute in WIDGETS[name]:
                expect(rows).to_contain_text(WIDGETS[name][attribute])


# `tests/browser/widget` shows it of the widget on a page of the tests.
@pytest.mark.long
def test_what_is_left_halfway_waits_and_what_is_sent_after_it_does_not(
    browser: Browser, demo: RunningDemo
) -> None:
    with visitor(browser, demo) as start:
        left = come_to_the_questions(follow(start, "polder", "paspoort"), "paspoort")
        left.get_by_role("radio").nth(3).check()
        left.locator("form button").click()
        expect(left.get_by_role("radio", name="Deels")).to_be_visible()
        page = follow(start, "nacht", "paspoort")
        survey = come_to_the_questions(page, "paspoort")
        survey.get_by_role("radio").nth(9).check()
        survey.locator("form button").click()
        survey.get_by_role("radio", name="Deels").check()
        with page.expect_response("**/completion") as completed:
            survey.locator("form button").click()
        assert completed.value.status == 201
        expect(survey.get_by_role("heading", name="Bedankt")).to_be_visible()
        rows = rows_of_the_newest(start)
        expect(rows).to_contain_text("volledigtrue")
        expect(rows).to_contain_text("deels")
        expect(start.locator("#responses summary", has_text="cijfer 10")).not_to_have_count(0)
        expect(start.locator("#responses .rows", has_text="volledigfalse")).to_have_count(0)


def test_without_scripts_the_link_leads_to_the_same_questions(
    browser: Browser, demo: RunningDemo
) -> None:
    with visitor(browser, demo, java_script_enabled=False) as start:
        page = follow(start, "haven", "paspoort")
        page.locator("meetpunt-survey a").click()
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        expect(page.locator("[name=cijfer]").first).to_be_visible()


FEW = ("uittreksel?verstuurd=ja", "contact")


# The one that is from right to left; the others take as long and differ in colour. On a dark page
# and on a light one the widget's own tests look at its colours.
@pytest.mark.parametrize(
    ("style", "paths"),
    [
        ("haven", FEW),
        *(
            pytest.param(style, ("paspoort", "uittreksel", *FEW), marks=pytest.mark.long)
            for style in ("polder", "nacht", "haven")
        ),
    ],
)
def test_axe_finds_nothing_on_the_site_and_nothing_sticks_out(
    browser: Browser, demo: RunningDemo, style: str, paths: tuple[str, ...]
) -> None:
    with visitor(browser, demo, reduced_motion="reduce") as page:
        for path in paths:
            page.goto(f"{demo.site}/voorbeeldsite/{style}/{path}")
            settled = page.locator("meetpunt-survey")
            if path in ("paspoort", "uittreksel?verstuurd=ja"):
                expect(settled.get_by_role("radio").first).to_be_visible()
            assert violations_in(page) == []
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate(WIDER_THAN_THE_SCREEN) == []
                assert page.evaluate("document.documentElement.scrollWidth") == width


# A page of the demo alone; what it shows, `tests/ingest/demo` compares.
@pytest.mark.long
def test_the_snippet_is_shown_as_it_was_pasted(browser: Browser, demo: RunningDemo) -> None:
    with visitor(browser, demo) as start:
        page = follow(start, "nacht", "contact")
        page.locator(".pasted summary").click()
        shown = page.locator(".pasted code").inner_text()
        assert re.match(rf'<script src="{demo.url}/widget\.v1\.js" async></script>', shown)
        assert 'mode="button"' in shown
