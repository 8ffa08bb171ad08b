"""The keyboard in the page: fingers, switches, a real keyboard and a screen reader."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from ingest.texts.kiosk_texts import sent_in
from tests.browser.axe import EVERY_RULE, OF_A_LOOK, violations
from tests.browser.kiosk.field import TEN_INCH, UPRIGHT, field

pytestmark = pytest.mark.browser

# 15 millimetres, but for the rounding to pixels.
LEAST_MM = 14.99
LEAST_CAPITAL_MM = 4.5
NL = sent_in("nl")

# What a key is called to who cannot see it, how large it is in millimetres, and what lies outside.
KEYS = """() => {
  const mm = parseFloat(document.documentElement.style.getPropertyValue("--mm"));
  return [...document.querySelectorAll(".keys button")].map((key) => {
    const box = key.getBoundingClientRect();
    // A key under a finger looks smaller for a moment; these are what it takes.
    const { width, height } = getComputedStyle(key);
    return {
      name: key.ariaLabel || key.textContent,
      width: parseFloat(width) / mm,
      height: parseFloat(height) / mm,
      seen: box.left >= 0 && box.right <= innerWidth && box.bottom <= innerHeight && box.top >= 0,
      whole: key.scrollWidth <= key.clientWidth && key.scrollHeight <= key.clientHeight,
      capital: parseFloat(getComputedStyle(key).fontSize) * 0.7 / mm,
    };
  });
}"""
CARET = """() => {
  const { selectionStart, selectionEnd } = document.querySelector("textarea");
  return [selectionStart, selectionEnd];
}"""


def area(page: Page) -> Locator:
    return page.locator("textarea")


def key(page: Page, name: str) -> Locator:
    return page.locator(".keys").get_by_role("button", name=name, exact=True)


def layer(page: Page, name: str) -> None:
    """Go to another layer; the name of its key begins with what stands on it."""
    page.locator(".keys .switch", has_text=name).tap()


def tap(page: Page, letters: str) -> None:
    names = {" ": NL["keySpace"], "’": NL["keyApostrophe"], ",": NL["keyComma"]}
    for letter in letters:
        key(page, str(names.get(letter, letter))).tap()


def test_a_dutch_name_is_typed_by_finger(browser: Browser) -> None:
    with field(browser) as page:
        area(page).tap()
        key(page, str(NL["keyShift"])).tap()
        tap(page, "Caf")
        layer(page, "éü")
        tap(page, "é")
        layer(page, "abc")
        tap(page, " ’t ")
        key(page, str(NL["keyShift"])).tap()
        tap(page, "Hoekje")
        expect(area(page)).to_have_value("Café ’t Hoekje")
        # The caret never left the field, and who listens to the field heard of each press.
        expect(area(page)).to_be_focused()
        assert page.evaluate("inputs") == len("Café ’t Hoekje")


def test_it_opens_by_the_field_or_its_button_and_klaar_brings_the_rest_back(
    browser: Browser,
) -> None:
    with field(browser) as page:
        keys = page.get_by_role("group", name=str(NL["keyBoard"]))
        expect(keys).to_be_hidden()
        expect(page.locator(".go")).to_be_in_viewport()
        for opener in (area(page), page.get_by_role("button", name=str(NL["keyType"]))):
            opener.tap()
            expect(keys).to_be_visible()
            expect(area(page)).to_be_focused()
            expect(area(page)).to_be_in_viewport(ratio=1)
            key(page, str(NL["keyDone"])).tap()
            expect(keys).to_be_hidden()
            expect(page.locator(".go")).to_be_in_viewport()


def test_no_keyboard_of_the_system_comes(browser: Browser) -> None:
    with field(browser) as page:
        expect(area(page)).to_have_attribute("inputmode", "none")


def test_shift_is_for_one_letter_and_says_whether_it_is_on(browser: Browser) -> None:
    with field(browser) as page:
        area(page).tap()
        shift = key(page, str(NL["keyShift"]))
        expect(shift).to_have_attribute("aria-pressed", "false")
        shift.tap()
        expect(shift).to_have_attribute("aria-pressed", "true")
        tap(page, "A")
        expect(shift).to_have_attribute("aria-pressed", "false")
        tap(page, "a")
        shift.tap()
        shift.tap()
        tap(page, "a")
        expect(area(page)).to_have_value("Aaa")


def test_it_types_and_erases_where_the_caret_is(browser: Browser) -> None:
    with field(browser) as page:
        area(page).fill("een 👩‍👩‍👧‍👦 twee")
        area(page).tap()
        family = len("een 👩‍👩‍👧‍👦".encode("utf-16-le")) // 2
        area(page).evaluate("(area, at) => area.setSelectionRange(at, at)", family)
        key(page, str(NL["keyErase"])).tap()
        expect(area(page)).to_have_value("een  twee")
        tap(page, "en")
        expect(area(page)).to_have_value("een en twee")
        assert page.evaluate(CARET) == [6, 6]
        area(page).evaluate("(area) => area.setSelectionRange(0, 3)")
        tap(page, "x")
        expect(area(page)).to_have_value("x en twee")
        area(page).evaluate("(area) => area.setSelectionRange(0, 2)")
        key(page, str(NL["keyErase"])).tap()
        expect(area(page)).to_have_value("en twee")
        assert page.evaluate(CARET) == [0, 0]
        key(page, str(NL["keyErase"])).tap()
        expect(area(page)).to_have_value("en twee")


def test_a_switch_and_a_screen_reader_reach_every_key(browser: Browser) -> None:
    with field(browser) as page:
        area(page).focus()
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name=str(NL["keyType"]))).to_be_focused()
        page.keyboard.press("Enter")
        expect(key(page, "q")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        expect(area(page)).to_have_value("qw")
        # Another layer: the focus stays on the key that leads back.
        page.locator(".keys .switch", has_text="123").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".keys .switch", has_text="abc")).to_be_focused()
        key(page, str(NL["keyDone"])).press("Enter")
        expect(page.get_by_role("button", name=str(NL["keyType"]))).to_be_focused()
        # A screen reader presses without a finger, and so without a place.
        page.get_by_role("button", name=str(NL["keyType"])).evaluate("(button) => button.click()")
        key(page, "e").evaluate("(button) => button.click()")
        expect(area(page)).to_have_value("qwe")


def test_a_real_keyboard_goes_on_working(browser: Browser) -> None:
    with field(browser) as page:
        area(page).focus()
        page.keyboard.type("Zo ")
        area(page).tap()
        tap(page, "ja")
        page.keyboard.type(" én nee")
        page.keyboard.press("Backspace")
        expect(area(page)).to_have_value("Zo ja én ne")


def middle(found: Locator) -> tuple[float, float]:
    box = found.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


# `same-key.test.js` shows it of the filter.
@pytest.mark.long
def test_a_finger_that_stays_or_slides_types_once_what_it_is_lifted_from(browser: Browser) -> None:
    with field(browser) as page:
        area(page).tap()
        for start, end in (("a", "a"), ("a", "s"), ("a", "p")):
            page.mouse.move(*middle(key(page, start)))
            page.mouse.down()
            page.mouse.move(*middle(key(page, end)), steps=3)
            page.mouse.up()
        expect(area(page)).to_have_value("asp")
        # Slid off: it was no press at all.
        page.mouse.move(*middle(key(page, "a")))
        page.mouse.down()
        page.mouse.move(*middle(area(page)))
        page.mouse.up()
        expect(area(page)).to_have_value("asp")
        # Held down, a key of a keyboard types once.
        key(page, "d").focus()
        for _ in range(3):
            page.keyboard.down("Enter")
        page.keyboard.up("Enter")
        expect(area(page)).to_have_value("aspd")


# `same-key.test.js` shows it of the filter.
@pytest.mark.long
def test_for_a_hand_that_trembles_the_same_key_counts_once_in_half_a_second(
    browser: Browser,
) -> None:
    with field(browser) as page:
        area(page).tap()
        twice = "(key) => { key.click(); key.click(); }"
        key(page, "e").evaluate(twice)
        expect(area(page)).to_have_value("ee")
        page.evaluate("document.documentElement.classList.add('steady')")
        key(page, "a").evaluate(twice)
        key(page, "l").evaluate(twice)
        key(page, "a").evaluate(twice)
        expect(area(page)).to_have_value("eeala")


@pytest.mark.parametrize(
    ("language", "word", "latin"),
    [("ar", "شكرا", "t"), pytest.param("uk", "їжак", "t", marks=pytest.mark.long)],
    ids=["ar", "uk"],
)
def test_another_script_is_typed_and_a_dutch_name_too(
    browser: Browser, language: str, word: str, latin: str
) -> None:
    with field(browser, language) as page:
        area(page).tap()
        for letter in word:
            key(page, letter).tap()
        layer(page, "abc")
        key(page, latin).tap()
        expect(area(page)).to_have_value(word + latin)
        layer(page, "éü")
        key(page, "é").tap()
        layer(page, {"ar": "أبت", "uk": "абв"}[language])
        key(page, word[0]).tap()
        expect(area(page)).to_have_value(f"{word}{latin}é{word[0]}")


# One sort of sign; that letters are typed and erased, others show.
@pytest.mark.long
def test_a_sign_above_an_arabic_letter_can_be_seen_and_is_erased_with_it(browser: Browser) -> None:
    with field(browser, "ar") as page:
        area(page).tap()
        key(page, "ا").tap()
        layer(page, "abc")
        layer(page, "éü")
        page.locator(".keys button", has_text="◌ً").tap()
        expect(area(page)).to_have_value("اً")
        key(page, str(sent_in("ar")["keyErase"])).tap()
        expect(area(page)).to_have_value("")


# Each with the longest rows or words; the others are made of the same parts.
@pytest.mark.parametrize(
    "language",
    [
        "nl",
        *(pytest.param(code, marks=pytest.mark.long) for code in ("ar", "de", "pl", "tr", "uk")),
    ],
)
def test_every_key_of_every_layer_is_large_in_sight_and_named(
    browser: Browser, language: str
) -> None:
    for screen in (TEN_INCH, UPRIGHT):
        with field(browser, language, screen) as page:
            area(page).tap()
            layers = 4 if language in ("ar", "uk") else 3
            for step in range(layers):
                found = page.evaluate(KEYS)
                assert [each for each in found if not each["name"].strip()] == []
                small = [each for each in found if min(each["width"], each["height"]) < LEAST_MM]
                assert small == [], screen
                assert [each for each in found if not (each["seen"] and each["whole"])] == []
                assert [each for each in found if each["capital"] < LEAST_CAPITAL_MM] == []
                page.locator(".keys .switch").nth(0 if step == layers - 2 else 1).tap()


# Built of the same parts in the other direction.
@pytest.mark.parametrize("language", ["nl", pytest.param("ar", marks=pytest.mark.long)])
def test_the_screen_with_its_keyboard_keeps_every_rule(browser: Browser, language: str) -> None:
    with field(browser, language) as page:
        area(page).tap()
        assert violations(page, EVERY_RULE) == []
        page.emulate_media(forced_colors="active")
        assert violations(page, OF_A_LOOK) == []


@pytest.mark.parametrize("forced", [pytest.param("none", marks=pytest.mark.long), "active"])
def test_shift_shows_whether_it_is_on_in_forced_colours_too(browser: Browser, forced: str) -> None:
    with field(browser) as page:
        page.emulate_media(forced_colors=forced)  # type: ignore[arg-type]
        area(page).tap()
        shift = key(page, str(NL["keyShift"]))
        colour = "(key) => getComputedStyle(key).backgroundColor"
        off = shift.evaluate(colour)
        shift.tap()
        assert shift.evaluate(colour) != off
