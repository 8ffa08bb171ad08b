"""No page, state, language, width or colour scheme has an error that axe or a ruler can find."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from ingest.texts.page_texts import page_texts
from tests.browser.axe import violations, violations_in
from tests.browser.fitting import enlarge_text, misfits
from tests.browser.pages_server import PagesServer, serving
from tests.browser.states import every_state
from tests.surveys import Example

pytestmark = pytest.mark.browser

STATES = tuple(name for name, _ in every_state(Example()))
# The rest is one of these in other words: the rulers below measure it each time.
IN_OTHER_WORDS = {
    *(
        f"{page}-{language}"
        for page in ("open", "opt-out-typed", "opt-out-linked", "opt-out-wrong", "opted-out")
        for language in ("de", "pl", "tr", "uk")
    ),
    *(
        f"{page}-{language}"
        for page in ("opt-out-linked", "opted-out")
        for language in ("en", "ar")
    ),
    *(f"{page}-ar" for page in ("not-found", "expired", "spent", "too-many", "unavailable")),
    "not-understood-ar",
    *(
        f"report-{name}-{language}"
        for name in ("unknown", "closed", "thanks")
        for language in ("nl", "ar")
    ),
    *("report-changed-ar", "report-link-ar", "report-link-nl", "survey-report-ar"),
    # Each is there in the other language, or in another message.
    *("open-en", "survey-first-ar", "survey-chosen-ar", "survey-notice-ar"),
    *("expired-nl", "too-many-nl", "unavailable-nl"),
}
LOOKED_AT = [
    pytest.param(state, marks=[pytest.mark.long] if state in IN_OTHER_WORDS else [])
    for state in STATES
]
LOOKS = (
    {"width": 360, "color_scheme": "light", "forced_colors": "none"},
    {"width": 1280, "color_scheme": "light", "forced_colors": "none"},
    {"width": 360, "color_scheme": "dark", "forced_colors": "none"},
    {"width": 360, "color_scheme": "light", "forced_colors": "active"},
)


@pytest.fixture(scope="module")
def site() -> Iterator[PagesServer]:
    example = Example()
    with serving(example.pages) as server:
        server.pages.update(
            {f"/{name}": lambda body=body: body for name, body in every_state(example)}  # type: ignore[misc]
        )
        yield server


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("state", LOOKED_AT)
def test_axe_finds_nothing(site: PagesServer, page: Page, state: str) -> None:
    page.goto(f"{site.url}/{state}")
    # A language has colours and sizes of the Dutch page; whether words fit, the rulers measure.
    # Wide or forced, colours are those of the narrow page in the light: one state stands for all.
    looks = LOOKS if state == "survey-error-nl" else (LOOKS[0], LOOKS[2])
    assert violations_in(page, looks if state.endswith("-nl") else LOOKS[:1]) == []


@pytest.mark.parametrize("state", STATES)
def test_nothing_is_wider_than_a_phone_and_a_finger_finds_every_target(
    site: PagesServer, page: Page, state: str
) -> None:
    # A screen of 1280 pixels at 400 % zoom is one of 320 (WCAG 2.2, 1.4.10).
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto(f"{site.url}/{state}")
    assert misfits(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    # The same screen, and letters of twice the size.
    enlarge_text(page)
    assert misfits(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("language", page_texts())
def test_the_first_question_is_in_sight_on_a_phone(
    site: PagesServer, page: Page, language: str
) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"{site.url}/open-{language}")
    expect(page.locator("#v-cijfer legend")).to_be_in_viewport(ratio=1)
    expect(page.locator("#v-cijfer .cell").first).to_be_in_viewport(ratio=1)


def test_axe_would_find_something(page: Page, site: PagesServer) -> None:
    page.goto(f"{site.url}/survey-first-nl")
    page.evaluate("document.querySelector('legend').remove()")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    assert any(told.startswith("html-has-lang") for told in violations(page))


ANNOUNCED = {
    "nl": (
        "Welk cijfer geeft u dit bezoek?",
        "Let op: Kies een cijfer van 1 tot en met 10. 1 is heel slecht 10 is uitstekend",
    ),
    "ar": (
        "ما الدرجة التي تعطونها لهذه الزيارة؟",
        "انتبهوا: اختاروا درجة من 1 إلى 10. 1 يعني سيئ جدًا 10 يعني ممتاز",
    ),
}


@pytest.mark.parametrize("language", ANNOUNCED)
def test_a_question_is_announced_with_its_words_its_ends_and_its_error(
    page: Page, site: PagesServer, language: str
) -> None:
    page.goto(f"{site.url}/survey-error-{language}")
    words, explanation = ANNOUNCED[language]
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    (mark,) = [
        node
        for node in tree["nodes"]
        if node.get("role", {}).get("value") == "radiogroup" and node["name"]["value"] == words
    ]
    assert mark["description"]["value"] == explanation
    properties = {each["name"]: each["value"].get("value") for each in mark["properties"]}
    assert properties["required"]
    assert properties["invalid"] == "true"
