"""Every screen of the kiosk: axe, the size of what is touched, and nothing out of sight."""

from collections.abc import Callable, Iterator, Mapping
from itertools import product

import msgspec
import pytest
from playwright.sync_api import Page, expect

from ingest.texts.page_texts import page_texts
from tests.browser.axe import EVERY_RULE, OF_A_LOOK, violations
from tests.browser.fitting import WIDER_THAN_THE_SCREEN
from tests.browser.kiosk.stand import Stand, without_card
from tests.browser.kiosk.tablet import (
    ANSWER,
    DRAFTS,
    LANDSCAPE,
    PORTRAIT,
    WAITING,
    Tablet,
    until_true,
)

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
# Languages and the code beside them stay within the margins of the page.
OUT_OF_THE_FOOT = """() => [...document.querySelectorAll(".foot")]
  .map((foot) => foot.scrollWidth - foot.clientWidth).filter((beyond) => beyond > 1)"""
# The screen fits itself to its size, which it hears of a little later.
SETTLED = "() => { dispatchEvent(new Event('resize')) }"
# Every size, switch and choice of a system once, not in every combination: axe takes its time.
LOOKS: tuple[tuple[Mapping[str, int], str, Mapping[str, str]], ...] = (
    (LANDSCAPE, "", {"color_scheme": "light", "forced_colors": "none"}),
    (PORTRAIT, "larger contrast", {"color_scheme": "dark", "forced_colors": "none"}),
    (LANDSCAPE, "larger", {"color_scheme": "light", "forced_colors": "active"}),
)


def ask(page: Page, language: str, steps: int = 0) -> None:
    button = page.locator(f".language[lang={language}]")
    if button.get_attribute("aria-pressed") == "false":
        button.click()
    for _ in range(steps):
        page.clock.run_for(600)
        page.evaluate("document.querySelector('.cell').click()")


def wrong(page: Page, language: str) -> None:
    text(page, language)
    page.evaluate(
        """() => {
          const area = document.querySelector("textarea");
          area.value = "x".repeat(2001);
          area.dispatchEvent(new Event("input", { bubbles: true }));
        }"""
    )
    page.clock.run_for(600)
    page.evaluate("document.querySelector('.go').click()")
    expect(page.get_by_role("alert")).not_to_be_empty()


def helping(page: Page, language: str) -> None:
    ask(page, language)
    page.locator("[data-tool=help]").click()
    expect(page.locator("[data-tool=larger]")).to_be_visible()


def counting(page: Page, language: str) -> None:
    ask(page, language, 1)
    page.clock.run_for(48_000)
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
        page.clock.run_for(600)
        page.evaluate("[...document.querySelectorAll('.cell')].at(-1).click()")


SCREENS: dict[str, Callable[[Page, str], None]] = {
    "mark": ask,
    "help": helping,
    "yes_partly_no": lambda page, language: ask(page, language, 1),
    "agreement": lambda page, language: ask(page, language, 2),
    "text": text,
    "error": wrong,
    "countdown": counting,
    "thanks": thanks,
    "not saved": refused,
}

# Built of the same parts as the others; which way they lie, "mark" and "text" show.
AGAIN = {
    *(
        (screen, "ar")
        for screen in (
            "help",
            "yes_partly_no",
            "agreement",
            "error",
            "countdown",
            "thanks",
            "not saved",
        )
    ),
    *(("help", "nl"), ("not saved", "nl")),
    # A question as the others are, and thanks without the code that "not saved" shows.
    *(("agreement", "nl"), ("thanks", "nl")),
    # Tiles as those of a mark; words as those of an error and of the help.
    *(("yes_partly_no", "nl"), ("mark", "ar"), ("text", "nl"), ("countdown", "nl")),
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
        page.evaluate(SETTLED)
        seen = f"{size}, {classes}, {look}"
        # What a switch makes larger is measured below.
        rules = EVERY_RULE if size == PORTRAIT else OF_A_LOOK
        # Colours are those of the Dutch screen.
        if rules == EVERY_RULE or page.locator("html").get_attribute("lang") == "nl":
            assert violations(page, rules) == [], seen
        assert page.evaluate(SMALL_TARGETS, least) == [], seen
        assert page.evaluate(WIDER_THAN_THE_SCREEN) == [], seen
        assert page.evaluate(OUT_OF_THE_FOOT) == [], seen


@pytest.mark.parametrize(
    ("screen", "language"),
    [
        pytest.param(screen, code, marks=[pytest.mark.long] if (screen, code) in AGAIN else [])
        for screen in SCREENS
        for code in ("nl", "ar")
    ],
)
def test_a_screen_can_be_read_touched_and_seen_whole(
    kiosk: Page, screen: str, language: str
) -> None:
    SCREENS[screen](kiosk, language)
    looked_at(kiosk)


# Starts a tablet and a service of its own.
@pytest.mark.long
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
    other.locator(".measure").wait_for()
    looked_at(other)
    without_card(other)
    for language in ("nl", "ar"):
        other.locator(".first").wait_for()
        other.evaluate("() => { document.documentElement.className = '' }")
        ask(other, language)
        told = page_texts()[language].survey.small_group
        expect(other.locator("#about")).to_contain_text(told)
        for size in (LANDSCAPE, PORTRAIT):
            other.set_viewport_size(size)  # type: ignore[arg-type]
            other.evaluate(SETTLED)
            assert other.evaluate("document.documentElement.scrollHeight") <= size["height"]
        if language == "nl":
            looked_at(other)
        other.reload()


@pytest.fixture
def pillar(other: Page, counter: Stand) -> Page:
    """The kiosk that asks with faces, paired on that tablet as well."""
    other.goto(f"{counter.gate.url}/kiosk/molensloot/balie-zuil")
    other.locator(".code, .first").first.wait_for()
    if other.locator(".code").is_visible():
        counter.enrol(other.locator(".code").inner_text().split()[-1])
        without_card(other)
    return other


FACE_ORDER = """() => [...document.querySelectorAll(".cell")]
  .map((tile) => [tile.getBoundingClientRect().x, tile.querySelector("svg").classList[1]])
  .sort(([one], [other]) => one - other).map(([, face]) => face)"""


def test_five_faces_lie_lowest_first_and_with_the_page_in_arabic(pillar: Page) -> None:
    lowest_first = [f"face-{value}" for value in range(1, 6)]
    assert pillar.evaluate(FACE_ORDER) == lowest_first
    words = page_texts()["nl"].words["smileys"].values()
    expect(pillar.locator(".cell")).to_have_text(list(words))
    looked_at(pillar)
    pillar.set_viewport_size(LANDSCAPE)  # type: ignore[arg-type]
    ask(pillar, "ar")
    assert pillar.evaluate(FACE_ORDER) == lowest_first[::-1]


OFF_THE_MIDDLE = """() => {
  const middle = (box) => box.top + box.height / 2;
  return [...document.querySelectorAll(".cell")].map((tile) => Math.abs(
    middle(tile.getBoundingClientRect())
    - middle(tile.querySelector("svg").getBoundingClientRect())));
}"""


def test_on_an_upright_screen_each_face_stands_in_the_middle_of_its_tile(pillar: Page) -> None:
    # The wave over the answers lifts them for a moment.
    pillar.emulate_media(reduced_motion="reduce")
    for size in (PORTRAIT, {"width": 1080, "height": 1920}):
        pillar.set_viewport_size(size)  # type: ignore[arg-type]
        pillar.evaluate(SETTLED)
        assert max(pillar.evaluate(OFF_THE_MIDDLE)) <= 1
    pillar.emulate_media(reduced_motion="no-preference")
    pillar.set_viewport_size(LANDSCAPE)  # type: ignore[arg-type]


# A tablet of ten inches has so many pixels a millimetre.
TEN_INCHES = 1280 / 216
SIZES = """() => {
  const mm = parseFloat(document.documentElement.style.getPropertyValue("--mm"));
  const size = (selector) => {
    const element = document.querySelector(selector);
    return [parseFloat(getComputedStyle(element).fontSize) * 0.7 / mm, element];
  };
  const box = (selector) => document.querySelectorAll(selector)[0].getBoundingClientRect();
  const tiles = [...document.querySelectorAll(".cells .cell")].map((tile) =>
    tile.getBoundingClientRect());
  return {
    question: size("h1")[0],
    word: size(".cell span")[0],
    tile: Math.min(...tiles.flatMap(({width, height}) => [width, height])) / mm,
    between: (tiles[1].left - tiles[0].right) / mm,
  };
}"""


@pytest.mark.parametrize("millimetre", [pytest.param(None, marks=pytest.mark.long), TEN_INCHES])
def test_tiles_and_letters_have_their_size_in_millimetres(
    pillar: Page, millimetre: float | None
) -> None:
    if millimetre:
        put = "(mm) => document.documentElement.style.setProperty('--mm', `${mm}px`)"
        pillar.evaluate(put, millimetre)
    ask(pillar, "nl", 1)
    sizes = pillar.evaluate(SIZES)
    assert sizes["tile"] >= 20
    assert sizes["question"] >= 7.3
    assert sizes["word"] >= 4.5
    # Between tiles a tablet of ten inches has a little less than the 6 mm that there should be.
    assert sizes["between"] >= (4.5 if millimetre else 5.9)


def test_four_touches_are_one_response_and_one_touch_is_one_of_one_item(
    pillar: Page, counter: Stand
) -> None:
    # What earlier tests left here half answered is sealed at this start.
    until_true(pillar, f"async () => !(await ({WAITING})()) && !(await ({DRAFTS})())")
    before = {row["id"] for row in counter.responses()}

    def kept() -> list[tuple[bool, dict[str, object]]]:
        rows = [row for row in counter.responses() if row["id"] not in before]
        return [(row["complete"], msgspec.json.decode(row["answers"])) for row in rows]

    now = "Math.round(performance.now())"
    began = pillar.evaluate(now)
    for touch in range(4):
        # A person reads for a second or two.
        pillar.clock.run_for(1_500)
        pillar.locator(".cell").nth(touch % 3).click()
    pillar.locator("#screen.thanks").wait_for()
    assert pillar.evaluate(now) - began < 10_000
    pillar.clock.run_for(9_000)
    pillar.locator(".first").wait_for()
    pillar.locator(".cell").nth(3).click()
    pillar.clock.run_for(70_000)
    pillar.locator(".first").wait_for()
    for _ in range(100):
        if len(kept()) == 2:
            break
        pillar.clock.run_for(500)
    whole, left = sorted(kept(), key=lambda row: not row[0])
    assert whole[0]
    assert len(whole[1]) == 4
    assert left == (False, {"tevreden": 4})


def test_an_upright_screen_says_what_its_code_is_for(kiosk: Page) -> None:
    for size in ({"width": 1080, "height": 1920}, PORTRAIT, LANDSCAPE):
        kiosk.set_viewport_size(size)  # type: ignore[arg-type]
        kiosk.evaluate(SETTLED)
        expect(kiosk.locator(".foot .phone p")).to_be_visible()
        assert kiosk.evaluate(WIDER_THAN_THE_SCREEN) == []


RING = """() => {
  const sign = getComputedStyle(document.querySelector(".sign.help"), "::before");
  const tool = getComputedStyle(document.querySelector("[data-tool=help]"));
  return [sign.forcedColorAdjust, sign.color, tool.color, tool.backgroundColor];
}"""


def test_in_forced_colours_no_plate_covers_the_ring_of_the_help(kiosk: Page) -> None:
    kiosk.emulate_media(forced_colors="active")
    grounds = []
    for _ in range(2):
        adjust, sign, word, ground = kiosk.evaluate(RING)
        assert (adjust, sign) == ("none", word)
        grounds.append(ground)
        kiosk.locator("[data-tool=help]").click()
    assert len({*grounds, word}) == 3, "the button that is open differs, and can be read"
    kiosk.emulate_media(forced_colors="none")


# The longest of the two.
@pytest.mark.parametrize("language", [pytest.param("nl", marks=pytest.mark.long), "ar"])
def test_without_larger_letters_everything_fits_without_scrolling(
    kiosk: Page, language: str
) -> None:
    ask(kiosk, language, 2)
    for size in (LANDSCAPE, PORTRAIT):
        kiosk.set_viewport_size(size)  # type: ignore[arg-type]
        kiosk.evaluate(SETTLED)
        assert kiosk.evaluate("document.documentElement.scrollHeight") <= size["height"]
