"""A house style out of design tokens, mended where residents could not read it. Pure.

Which tokens stand for what is said in `widget/element/look.js` too, which reads them in a page.
"""

import math
from collections.abc import Iterator, Mapping

import msgspec

from ingest.municipalities.house_style import (
    COLOUR_NAMES,
    CONTROL_RATIO,
    TEXT_RATIO,
    Colours,
    HouseStyle,
    StyleRefused,
    contrast,
    house_style,
)
from ingest.style.css_colours import css_colour, hexadecimal
from ingest.style.token_file import resolved

# Best first, without their `--`; the last of each are of Amsterdam's own system.
_TOKENS = {
    "background": "utrecht-document-background-color basis-color-default-bg-document "
    "ams-color-background",
    "text": "utrecht-document-color basis-color-default-color-document ams-color-text",
    "accent": "nl-button-primary-background-color utrecht-button-primary-action-background-color "
    "utrecht-button-background-color ams-color-interactive",
    "on_accent": "nl-button-primary-color utrecht-button-primary-action-color utrecht-button-color "
    "ams-color-text-inverse",
    "link": "utrecht-link-color nl-link-color ams-links-color",
    "focus": "utrecht-focus-outline-color basis-focus-outline-color ams-color-text",
    "border": "utrecht-form-control-border-color utrecht-textbox-border-color "
    "basis-form-control-border-color ams-color-interactive",
    "error": "utrecht-form-field-error-message-color utrecht-feedback-invalid-color "
    "ams-color-feedback-error",
}
_FONT = "utrecht-document-font-family basis-text-font-family-default ams-typography-font-family"

# What must stand out, on what, and how much: as `house_style` asks. The accent comes before what
# stands on it.
_PAIRS = (
    ("text", "background", TEXT_RATIO),
    ("link", "background", TEXT_RATIO),
    ("error", "background", TEXT_RATIO),
    ("accent", "background", CONTROL_RATIO),
    ("border", "background", CONTROL_RATIO),
    ("focus", "background", CONTROL_RATIO),
    ("on_accent", "accent", TEXT_RATIO),
)
_STEPS = 64


class NoTokens(ValueError):
    """The style sheet sets none of the tokens that a house style is made of."""


class MadeStyle(msgspec.Struct, frozen=True):
    """A style that can be read, and a sentence for each thing that whoever takes it must know."""

    style: HouseStyle
    remarks: tuple[str, ...]


def made_style(properties: Mapping[str, str]) -> MadeStyle:
    """The style that these custom properties describe. Raises NoTokens.

    A colour with too little contrast goes as far towards black or white as it must, and no further;
    what the tokens leave open is ours.
    """
    colours: dict[str, str] = {}
    remarks = []
    for role, names in _TOKENS.items():
        for name in names.split():
            if (colour := css_colour(resolved(f"--{name}", properties) or "")) is not None:
                colours[role] = colour
                break
    if not colours:
        raise NoTokens("No token of a colour that we know is set there.")
    for role in COLOUR_NAMES:
        if role not in colours:
            colours[role] = getattr(Colours(), role)
            remarks.append(f"{role}: no token that we know, so {colours[role]}, which is ours.")
    remarks += _mended(colours)
    font = _font(properties)
    if font is None:
        remarks.append("font: no name that we may use, so that of the reader's own system.")
    return MadeStyle(house_style({**colours, "font": font or "system-ui"}), tuple(remarks))


def _mended(colours: dict[str, str]) -> Iterator[str]:
    """Change in place what does not stand out, and say each."""
    for front, back, least in _PAIRS:
        before = colours[front]
        if contrast(before, colours[back]) >= least:
            continue
        colours[front] = _standing_out(before, colours[back], least)
        # Rounded down: 4.499 must not be shown as 4.50 where 4.5 is needed.
        shown = math.floor(contrast(before, colours[back]) * 100) / 100
        yield (
            f"{front}: {before} on {back} {colours[back]} has {shown:.2f}:1 and needs {least:g}:1,"
            f" so {colours[front]}."
        )


def _standing_out(colour: str, on: str, least: float) -> str:
    """The nearest that stands out, between the colour and black or white."""
    end = max("#000000", "#ffffff", key=lambda each: contrast(each, on))
    for step in range(_STEPS + 1):
        mixed = [
            (int(colour[at : at + 2], 16) * (_STEPS - step) + int(end[at : at + 2], 16) * step)
            / (255 * _STEPS)
            for at in (1, 3, 5)
        ]
        candidate = hexadecimal((mixed[0], mixed[1], mixed[2]))
        if contrast(candidate, on) >= least:
            return candidate
    return end


def _font(properties: Mapping[str, str]) -> str | None:
    for name in _FONT.split():
        first = (resolved(f"--{name}", properties) or "").split(",")[0].strip().strip("'\"")
        try:
            if first:
                return house_style({"font": first}).font
        except StyleRefused:
            continue
    return None
