"""A house style is readable or refused, and no style can say anything in CSS but its own values."""

import re
import string
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ingest.municipalities.house_style import (
    COLOUR_NAMES,
    Colours,
    HouseStyle,
    StyleRefused,
    contrast,
    custom_properties,
    dark_colours,
    house_style,
)

HOSTILE = [
    "red;}body{background:red",
    "#123456;}body{background:red",
    "#123456}",
    "#12345",
    "#1234567",
    "#12345678",
    "#12345g",
    "#12３456",
    "#123456\n",
    " #123456",
    "url(https://evil.example/x)",
    "@import 'https://evil.example/x'",
    "expression(alert(1))",
    "</style><script>alert(1)</script>",
    "\\23 123456",
    "var(--mp-text)",
    "",
    "#" * 100_000,
]

# As near to 4.5:1 on white as a colour comes without reaching it.
ALMOST = "#657f42"

colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
font_characters = string.ascii_letters + string.digits + " -"


def refusal(table: dict[str, object]) -> StyleRefused:
    with pytest.raises(StyleRefused) as caught:
        house_style(table)
    return caught.value


def test_black_on_white_is_twenty_one_to_one_and_a_colour_on_itself_is_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#8c1d40", "#8c1d40") == 1.0


@pytest.mark.parametrize(
    ("grey", "expected"), [("#767676", 4.54), ("#777777", 4.48), ("#949494", 3.03)]
)
def test_contrast_agrees_with_the_published_values_for_grey_on_white(
    grey: str, expected: float
) -> None:
    assert contrast(grey, "#ffffff") == pytest.approx(expected, abs=0.005)


@given(colours, colours)
def test_contrast_does_not_care_which_colour_comes_first(a: str, b: str) -> None:
    assert contrast(a, b) == contrast(b, a)
    assert 1.0 <= contrast(a, b) <= 21.0


def test_an_empty_table_gives_our_own_readable_style() -> None:
    assert house_style({}) == HouseStyle()


@pytest.mark.parametrize(
    ("name", "colour", "sentence"),
    [
        ("text", "#777777", "text on background has a contrast of 4.47:1; text needs at least 4.5"),
        ("link", "#777777", "link on background has a contrast of 4.47:1"),
        ("error", "#ff6666", "error on background has a contrast of 2.85:1"),
        ("on_accent", "#154273", "on_accent on accent has a contrast of 1.00:1"),
        ("accent", "#ffd400", "a control needs at least 3:1"),
        ("border", "#c0c0c0", "border on background has a contrast of 1.81:1; a control needs"),
        ("focus", "#ffdd00", "a focus ring needs at least 3:1"),
    ],
)
def test_a_colour_too_faint_is_refused_with_the_ratio_that_was_measured(
    name: str, colour: str, sentence: str
) -> None:
    assert sentence in str(refusal({name: colour}))


def test_a_ratio_just_short_of_the_limit_is_not_rounded_up_to_it() -> None:
    assert 4.495 < contrast(ALMOST, "#ffffff") < 4.5
    assert "has a contrast of 4.49:1" in str(refusal({"text": ALMOST}))


def test_every_fault_of_a_style_is_told_at_once_with_the_key_that_leads_to_it() -> None:
    faults = refusal({"accent": "red", "font": "x;y", "text": "#eeeeee", "dark": {"link": "#000"}})
    assert {fault.key for fault in faults.faults} == {
        ("accent",),
        ("font",),
        ("text",),
        ("dark", "link"),
    }


def test_an_unknown_key_is_refused_and_the_nearest_known_one_suggested() -> None:
    assert "did you mean 'accent'?" in str(refusal({"acent": "#154273"}))
    assert "did you mean 'border'?" in str(refusal({"dark": {"bordr": "#154273"}}))


def test_a_dark_set_that_cannot_be_read_is_refused() -> None:
    fault = refusal({"dark": {"background": "#000000", "text": "#333333"}}).faults[0]
    assert fault.key == ("dark", "text")
    assert "text on background has a contrast of 1.66:1" in fault.message


def test_a_dark_set_that_can_be_read_is_used() -> None:
    style = house_style({"dark": {"background": "#000000"}})
    assert dark_colours(style).background == "#000000"


def test_dark_must_be_a_table() -> None:
    assert refusal({"dark": "#000000"}).faults[0].message == "dark must be a table of colours"


@given(colours)
def test_from_every_accent_that_shows_on_white_a_readable_dark_set_can_be_made(accent: str) -> None:
    assume(contrast(accent, "#ffffff") >= 3)
    on_accent = max("#000000", "#ffffff", key=lambda colour: contrast(colour, accent))
    # Colours that could not be read would be refused where they are built.
    dark = dark_colours(HouseStyle(accent=accent, on_accent=on_accent))
    assert contrast(dark.background, "#ffffff") > 15


def test_the_dark_set_keeps_an_accent_that_shows_well_enough_as_it_is() -> None:
    assert dark_colours(HouseStyle(accent="#0f7b5f")).accent == "#0f7b5f"


def test_the_dark_set_lightens_a_dark_accent_only_as_far_as_needed_and_keeps_its_hue() -> None:
    dark = dark_colours(HouseStyle(accent="#4b0d2b"))
    assert 3 <= contrast(dark.accent, dark.background) < 4
    assert dark.accent[1:3] > dark.accent[5:7] > dark.accent[3:5]


def test_a_style_that_is_dark_already_is_the_same_in_the_dark() -> None:
    style = HouseStyle(
        text="#f0f2f5",
        background="#101418",
        accent="#ffb000",
        on_accent="#000000",
        link="#9ec5ff",
        focus="#ffffff",
        border="#9299a3",
        error="#ff9c94",
    )
    assert dark_colours(style).background == "#101418"
    assert "color-scheme: light" not in custom_properties(style)


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", COLOUR_NAMES)
def test_a_hostile_colour_is_refused_in_every_place(name: str, value: str) -> None:
    started = time.monotonic()
    with pytest.raises(StyleRefused):
        house_style({name: value})
    with pytest.raises(StyleRefused):
        house_style({"dark": {name: value}})
    with pytest.raises(StyleRefused):
        Colours(**{name: value})
    assert time.monotonic() - started < 0.5


@pytest.mark.parametrize(
    "font",
    [
        'Arial";}body{color:red',
        "Arial, serif",
        "url(x)",
        "a\\b",
        "Arial\n",
        " Arial",
        "Arial ",
        "Open  Sans",
        "Fraïcheur",
        "</style>",
        "",
        "a" * 41,
        "a " * 50_000,
    ],
)
def test_a_font_outside_the_grammar_is_refused(font: str) -> None:
    assert refusal({"font": font}).faults[0].key == ("font",)
    with pytest.raises(StyleRefused):
        HouseStyle(font=font)


@pytest.mark.parametrize("value", [None, 7, True, 1.5, ["#123456"], {"a": "#123456"}])
def test_a_value_that_is_no_text_is_refused(value: object) -> None:
    assert refusal({"text": value, "font": value}).faults


@given(st.text() | st.text(alphabet="#0123456789abcdefABCDEF;}{\n", max_size=9))
def test_nothing_but_six_hexadecimal_digits_is_taken_as_a_colour(value: str) -> None:
    fits = (
        len(value) == 7 and value[0] == "#" and all(sign in string.hexdigits for sign in value[1:])
    )
    for name in COLOUR_NAMES:
        try:
            style = house_style({name: value})
        except StyleRefused as refused:
            ours = [fault for fault in refused.faults if "must be a colour" in fault.message]
            assert bool(ours) != fits
        else:
            assert fits
            assert_only_our_declarations(custom_properties(style))


@given(st.text(max_size=50) | st.text(alphabet=font_characters + '";}{\\\n', max_size=45))
def test_nothing_but_letters_digits_spaces_and_hyphens_is_taken_as_a_font(font: str) -> None:
    try:
        style = house_style({"font": font})
    except StyleRefused:
        return
    assert 1 <= len(font) <= 40
    assert set(font) <= set(font_characters)
    assert_only_our_declarations(custom_properties(style))


def assert_only_our_declarations(css: str) -> None:
    ours = custom_properties(HouseStyle())
    for sign in ";{}:\\@(</":
        assert css.count(sign) == ours.count(sign), sign
    for line in css.splitlines():
        assert re.fullmatch(
            r":root \{|  :root \{|@media \(prefers-color-scheme: dark\) \{|\s*\}"
            r"|\s+color-scheme: (light|dark);|\s+--mp-[a-z-]+: #[0-9a-f]{6};"
            r'|  --mp-font: (("[A-Za-z0-9 -]{1,40}"|serif|sans-serif|monospace), )?'
            r'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", "Noto Sans", '
            r'"Noto Sans Arabic", sans-serif;',
            line,
        ), line


def test_every_custom_property_is_there_for_light_and_for_dark() -> None:
    light, dark = custom_properties(HouseStyle()).split("@media")
    for name in ("text", "background", "accent", "on-accent", "link", "focus", "border", "error"):
        assert f"--mp-{name}: #" in light
        assert f"--mp-{name}: #" in dark
    assert "--mp-font: system-ui, -apple-system" in light


def test_a_named_font_stands_between_quotes_and_a_generic_one_does_not() -> None:
    assert '--mp-font: "Open Sans", system-ui' in custom_properties(HouseStyle(font="Open Sans"))
    assert "--mp-font: serif, system-ui" in custom_properties(HouseStyle(font="serif"))
    assert '--mp-font: "inherit", system-ui' in custom_properties(HouseStyle(font="inherit"))
