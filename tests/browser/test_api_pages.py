"""The pages for who builds on the API: axe and a ruler find nothing, and no script is needed."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, Response

from ingest.web.problems import KINDS
from tests.browser.axe import EVERY_RULE, OF_A_LOOK, Look, violations, violations_in
from tests.browser.fitting import WIDER_THAN_THE_SCREEN
from tests.browser.running_demo import RunningDemo
from tests.browser.test_accessibility import LOOKS

pytestmark = pytest.mark.browser

PATHS = ("/api", "/problems/answers-rejected", "/problems/not-found", "/problems/nothing")


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def opened(page: Page, demo: RunningDemo, path: str) -> Response:
    found = page.goto(demo.url + path)
    assert found is not None
    return found


# Pages of problems are one page with other words.
@pytest.mark.parametrize(
    "path", [PATHS[1], *(pytest.param(path, marks=pytest.mark.long) for path in PATHS[2:])]
)
def test_axe_finds_nothing(page: Page, demo: RunningDemo, path: str) -> None:
    opened(page, demo, path)
    assert violations_in(page, LOOKS) == []


# The page has thousands of elements, which are the same few again and again.
PARTS = (
    "header",
    ".intro",
    "nav",
    ".walk",
    "section:has(#makeInvitations)",
    "section:has(#answers)",
)


# Its colours are those of a problem's page, which is looked at above.
@pytest.mark.long
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_axe_finds_nothing_on_the_page_of_the_api(
    page: Page, demo: RunningDemo, look: Look
) -> None:
    page.set_viewport_size({"width": look["width"], "height": 900})
    page.emulate_media(color_scheme=look["color_scheme"], forced_colors=look["forced_colors"])
    opened(page, demo, "/api")
    for part in PARTS:
        # Every other rule is asked of the whole, below.
        assert violations(page, OF_A_LOOK, within=part) == []


def test_axe_finds_nothing_in_the_whole_of_it(page: Page, demo: RunningDemo) -> None:
    """What the parts cannot tell: headings in order, ids that are there once, landmarks."""
    opened(page, demo, "/api")
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        """async () => (await axe.run({rules: {"color-contrast": {enabled: false},
            "target-size": {enabled: false}}, resultTypes: ["violations"]})).violations
            .map((rule) => rule.id)"""
    )
    assert found == []


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_wider_than_a_screen_of_320_pixels(
    page: Page, demo: RunningDemo, path: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 256})
    opened(page, demo, path)
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("path", PATHS)
def test_it_holds_no_script_and_asks_nobody_else(
    browser: Browser, demo: RunningDemo, path: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    asked: list[str] = []
    refused: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: refused.append(message.text))
    reply = opened(page, demo, path)
    assert reply.status == (404 if path.endswith("/nothing") else 200)
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "set-cookie" not in reply.headers
    assert all(url.startswith(demo.url) for url in asked), asked
    assert len(asked) == 2, asked
    # What a browser says of a page that is not there, and nothing else.
    assert len(refused) == (1 if reply.status == 404 else 0), refused
    assert page.locator("script").count() == 0
    context.close()


def test_every_link_on_the_page_of_the_api_leads_somewhere(page: Page, demo: RunningDemo) -> None:
    opened(page, demo, "/api")
    links: list[str] = page.eval_on_selector_all("a", "all => all.map(a => a.getAttribute('href'))")
    inside = {link for link in links if link.startswith("#")}
    assert len(inside) > 40
    lost = page.evaluate(
        "all => all.filter(id => !document.getElementById(id.slice(1)))", list(inside)
    )
    assert lost == []
    for link in sorted(set(links) - inside):
        if not link.startswith("mailto:"):
            assert page.request.get(demo.url + link).ok, link


def test_a_keyboard_skips_to_the_text_and_sees_where_it_is(page: Page, demo: RunningDemo) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light", forced_colors="none")
    opened(page, demo, "/api")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_problem_leads_to_its_page_and_back(page: Page, demo: RunningDemo) -> None:
    opened(page, demo, "/api")
    page.locator("section").last.get_by_role("link", name="token-spent").click()
    assert page.get_by_role("heading", level=1).text_content() == KINDS["token-spent"][1]
    page.get_by_role("link", name="Back to the API").click()
    assert page.url == f"{demo.url}/api"


def test_axe_would_find_something(page: Page, demo: RunningDemo) -> None:
    opened(page, demo, "/api")
    page.evaluate("document.querySelector('main').style.color = '#ddd'")
    told = violations(page, EVERY_RULE, within=".intro")
    assert any(one.startswith("color-contrast") for one in told)
