"""Every screen of the kiosk: axe, the size of what is touched, and nothing out of sight."""

from collections.abc import Callable, Iterator, Mapping
from itertools import product

import pytest
from playwright.sync_api import Page, expect

from ingest.texts.page_texts import page_texts
from tests.browser.axe import EVERY_RULE, OF_A_LOOK, violations
from tests.browser.fitting import (
    WIDER_THAN_THE_SCREEN,
)
from tests.browser.kiosk.stand import Stand
from tests.browser.kiosk.tablet import ANSWER, LANDSCAPE, PORTRAIT, Tablet

pytestmark = [pytest.mark.browser, pytest.mark.processes]

TARGET_PIXELS = 72
# How many lines the code itself takes; what is read aloud before it is out of sight.
LINES = """(code) => {
  const range = document.createRange();
  range.selectNodeContents(code.lastChild);
  return new Set([...range.getClientRects()].map((box) => box.top)).size;
}"""
SMALL_TARGETS = """(least) => [...document.querySelectorAll("button, textarea, a")]
  .filter((target) => target.checkVisibility())
  .map((target) => [target.outerHTML.slice(0, 90), target.getBoundingClientRect()])
  .filter(([, box]) => box.width < least || box.height < least)
  .map(([html, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`)"""
# Every size, switch and choice of a system once, not in every combination: axe takes its time.
LOOKS: tuple[tuple[Mapping[str, int], str, Mapping[str, str]], ...] = (
    (LANDSCAPE, "", {"color_scheme": "light", "forced_colors": "none"}),
    (PORTRAIT, "larger contrast", {"color_scheme": "dark", "forced_colors": "none"}),
    (LANDSCAPE, "larger", {"color_scheme": "light", "forced_colors": "active"}),
)


def ask(page: Page, language: str, steps: int = 0) -> None:
    page.locator(f"button[lang={language}]").click()
    for _ in range(steps):
        page.locator(".cell, .go").first.click()
        page.locator(".go").click()


def wrong(page: Page, language: str) -> None:
    ask(page, language)
    page.locator(".go").click()
    expect(page.get_by_role("alert")).not_to_be_empty()


def counting(page: Page, language: str) -> None:
    ask(page, language)
    page.clock.run_for(16_000)
    expect(page.locator("#countdown")).to_be_visible()


def thanks(page: Page, language: str) -> None:
    # Time stands still for the kiosk alone: axe waits for timers.
    page.evaluate("() => { const now = performance.now(); performance.now = () => now; }")
    page.evaluate(ANSWER.replace("lang=nl", f"lang={language}"), "Fijn")
    expect(page.locator("#screen.thanks")).to_be_visible()


def refused(page: Page, language: str) -> None:
    page.evaluate(
        """() => {
          IDBObjectStore.prototype.add = () => {
            throw new DOMException("full", "QuotaExceededError");
          };
        }"""
    )
    page.evaluate(ANSWER.replace("lang=nl", f"lang={language}"), "Fijn")
    expect(page.locator("#screen.not-saved")).to_be_visible()


def text(page: Page, language: str) -> None:
    ask(page, language)
    while not page.locator("textarea").is_visible():
        page.locator(".cell").nth(1).click()
        page.locator(".go").click()


SCREENS: dict[str, Callable[[Page, str], None]] = {
    "start": lambda _page, _language: None,
    "mark": ask,
    "yes_partly_no": lambda page, language: ask(page, language, 1),
    "agreement": lambda page, language: ask(page, language, 2),
    "text": text,
    "error": wrong,
    "countdown": counting,
    "thanks": thanks,
    "not saved": refused,
}

FIRST = ("start", "ar")
# Built of the same parts as the others; which way they lie, "mark" and "text" show.
AGAIN = {
    *(
        (screen, "ar")
        for screen in ("yes_partly_no", "agreement", "error", "countdown", "thanks", "not saved")
    ),
    # A question as the others are, and thanks without the code that "not saved" shows.
    *(("agreement", "nl"), ("thanks", "nl")),
}


@pytest.fixture
def other(tablet: Tablet) -> Iterator[Page]:
    """A page for the kiosk of another touchpoint on that tablet: there it is not paired."""
    page = tablet.context.new_page()
    page.set_viewport_size(LANDSCAPE)  # type: ignore[arg-type]
    tablet.page.goto("about:blank")
    page.clock.install()
    page.clock.resume()
    yield page
    page.close()


def looked_at(page: Page, least: int = TARGET_PIXELS) -> None:
    for size, classes, look in LOOKS:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(**look)  # type: ignore[arg-type]
        page.evaluate("(classes) => { document.documentElement.className = classes }", classes)
        seen = f"{size}, {classes}, {look}"
        # What a switch makes larger is measured below.
        rules = EVERY_RULE if size == PORTRAIT else OF_A_LOOK
        # Colours are those of the Dutch screen.
        if rules == EVERY_RULE or page.locator("html").get_attribute("lang") == "nl":
            assert violations(page, rules) == [], seen
        assert page.evaluate(SMALL_TARGETS, least) == [], seen
        assert page.evaluate(WIDER_THAN_THE_SCREEN) == [], seen


# The first screen is in all languages at once.
@pytest.mark.parametrize(
    ("screen", "language"),
    [
        pytest.param(screen, code, marks=[pytest.mark.long] if (screen, code) in AGAIN else [])
        for screen in SCREENS
        for code in ("nl", "ar")
        if (screen, code) != FIRST
    ],
)
def test_a_screen_can_be_read_touched_and_seen_whole(
    kiosk: Page, screen: str, language: str
) -> None:
    SCREENS[screen](kiosk, language)
    looked_at(kiosk)


def test_a_tablet_that_is_not_paired_can_be_read_and_who_is_one_of_few_reads_so(
    other: Page, counter: Stand
) -> None:
    other.goto(f"{counter.gate.url}/kiosk/molensloot/huwelijk")
    other.locator(".code").wait_for()
    looked_at(other)
    for classes, width in product(("", "larger"), (320, 390, 1280)):
        other.set_viewport_size({"width": width, "height": 800})
        other.evaluate("(classes) => { document.documentElement.className = classes }", classes)
        assert other.locator(".code").evaluate(LINES) == 1, f"{width}, {classes}"
        assert other.evaluate(WIDER_THAN_THE_SCREEN) == [], f"{width}, {classes}"
    counter.enrol(other.locator(".code").inner_text().split()[-1])
    for language in ("nl", "ar"):
        other.locator(".first").wait_for()
        other.evaluate("() => { document.documentElement.className = '' }")
        ask(other, language)
        told = page_texts()[language].survey.small_group
        expect(other.locator("#about")).to_contain_text(told)
        for size in (LANDSCAPE, PORTRAIT):
            other.set_viewport_size(size)  # type: ignore[arg-type]
            assert other.evaluate("document.documentElement.scrollHeight") <= size["height"]
        if language == "nl":
            looked_at(other)
        other.reload()


# No questionnaire of the demo has smileys; one of a municipality's own may.
WITH_SMILEYS = """async (smileys) => {
  const done = (request) => new Promise((resolve) => {
    request.onsuccess = () => resolve(request.result);
  });
  const base = await done(indexedDB.open(`meetpunt-kiosk/${document.body.dataset.touchpoint}`));
  const about = base.transaction("about", "readwrite").objectStore("about");
  const survey = await done(about.get("survey"));
  for (const language of survey.languages) {
    const [mark] = language.items;
    const values = smileys?.[language.code].map((label, at) => ({ value: at + 1, label }));
    const asked = { ...mark, kind: "smileys", layout: "faces", values, ends: [], before: mark };
    language.items[0] = smileys ? asked : mark.before;
  }
  await done(about.put(survey, "survey"));
}"""


def ask_with_smileys(page: Page, language: str) -> None:
    words = {code: list(texts.words["smileys"].values()) for code, texts in page_texts().items()}
    page.evaluate(WITH_SMILEYS, words)
    page.reload()
    ask(page, language)


# Its word in the other direction lies as those of "mark".
@pytest.mark.parametrize("language", ["nl", pytest.param("ar", marks=pytest.mark.long)])
def test_a_smiley_has_its_word(kiosk: Page, language: str) -> None:
    ask_with_smileys(kiosk, language)
    expect(kiosk.locator(".cell svg")).to_have_count(5)
    looked_at(kiosk)
    kiosk.evaluate(WITH_SMILEYS, None)


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_without_larger_letters_everything_fits_without_scrolling(
    kiosk: Page, language: str
) -> None:
    ask(kiosk, language, 2)
    for size in (LANDSCAPE, PORTRAIT):
        kiosk.set_viewport_size(size)  # type: ignore[arg-type]
        assert kiosk.evaluate("document.documentElement.scrollHeight") <= size["height"]
