"""A house style is made of design tokens, and what could not be read is mended and said."""

import pytest

from ingest.municipalities.house_style import CONTROL_RATIO, TEXT_RATIO, contrast
from ingest.style.css_colours import css_colour
from ingest.style.made_style import NoTokens, made_style
from ingest.style.token_file import custom_properties_of, resolved

THEME = """
/* a theme { --utrecht-link-color: red } */
@media (width > 10em) { .theme { --utrecht-document-color: #ff0000; } }
.theme {
  --brand-green: hsl(138 58% 33%);
  --utrecht-document-background-color: #fff;
  --utrecht-document-color: rgb(20, 20, 20);
  --utrecht-document-font-family: "Open Sans", Arial, sans-serif;
  --utrecht-button-primary-action-background-color: var(--nothing, var(--brand-green));
  --utrecht-button-primary-action-color: white;
  --utrecht-link-color: var(--brand-green);
  --utrecht-focus-outline-color: rgb(0 0 0 / 100%);
  --utrecht-form-control-border-color: #ddd;
  --utrecht-form-field-error-message-color: #f66
}
.theme .footer { --utrecht-document-color: #fff }
"""


def test_tokens_become_a_style() -> None:
    style = made_style(custom_properties_of(THEME)).style
    assert style.font == "Open Sans"
    assert style.text == "#141414"
    assert style.accent == style.link == "#238541"
    assert style.on_accent == style.background == "#ffffff"
    assert style.focus == "#000000"


def test_what_does_not_stand_out_is_mended_no_further_than_it_must_and_said() -> None:
    made = made_style(custom_properties_of(THEME))
    assert CONTROL_RATIO <= contrast(made.style.border, "#ffffff") < CONTROL_RATIO + 0.2
    assert TEXT_RATIO <= contrast(made.style.error, "#ffffff") < TEXT_RATIO + 0.2
    assert [remark.partition(":")[0] for remark in made.remarks] == ["error", "border"]
    assert (
        f"#dddddd on background #ffffff has 1.35:1 and needs 3:1, so {made.style.border}."
        in (made.remarks[1])
    )


def test_what_the_tokens_leave_open_is_ours_and_said() -> None:
    made = made_style({"--utrecht-link-color": "#154273"})
    assert made.style.link == "#154273"
    assert made.style.font == "system-ui"
    assert len(made.remarks) == 8
    assert "text: no token that we know, so #1f2328, which is ours." in made.remarks


def test_a_dark_theme_is_mended_towards_white() -> None:
    tokens = {
        "--utrecht-document-background-color": "#10151c",
        "--utrecht-document-color": "#f0f2f5",
        "--utrecht-link-color": "#154273",
    }
    style = made_style(tokens).style
    assert contrast(style.link, style.background) >= TEXT_RATIO
    assert contrast(style.link, "#ffffff") < contrast("#154273", "#ffffff")


def test_without_a_token_that_we_know_nothing_is_made() -> None:
    with pytest.raises(NoTokens):
        made_style({"--own-colour": "#ffffff", "--utrecht-link-color": "none"})


@pytest.mark.parametrize("font", ["'); } * { display: none", "Comic \\53 ans", "x" * 60])
def test_no_font_gets_in_that_a_file_may_not_have(font: str) -> None:
    made = made_style({"--ams-color-text": "#000", "--ams-typography-font-family": font})
    assert made.style.font == "system-ui"


@pytest.mark.parametrize(
    ("written", "colour"),
    [
        ("#FC0", "#ffcc00"),
        ("#ffcc00ff", "#ffcc00"),
        ("rgb(255 204 0)", "#ffcc00"),
        ("rgba(100%, 80%, 0%, 1)", "#ffcc00"),
        ("hsl(48deg, 100%, 50%)", "#ffcc00"),
        ("hsl(408 100% 50%)", "#ffcc00"),
        ("rgb(999 -3 0)", "#ff0000"),
        ("White", "#ffffff"),
        ("#fffc", None),
        ("rgb(0 0 0 / 0.5)", None),
        ("rgb(0 0)", None),
        ("oklch(0.5 0 0)", None),
        ("transparent", None),
        ("#12345", None),
        ("", None),
    ],
)
def test_colours_are_read_as_browsers_read_them_or_not_at_all(
    written: str, colour: str | None
) -> None:
    assert css_colour(written) == colour


def test_what_refers_in_a_circle_has_no_value() -> None:
    assert resolved("--a", {"--a": "var(--b)", "--b": "var(--a)"}) is None
    assert resolved("--a", {"--a": "var(--gone)"}) is None
    assert resolved("--gone", {}) is None


def test_half_a_sheet_is_read_as_far_as_it_goes() -> None:
    assert custom_properties_of("} a { --x: 1; --y: 2") == {"--x": "1"}
