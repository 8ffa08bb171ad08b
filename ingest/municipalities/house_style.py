"""A municipality's colours and font, in a grammar so strict that no other CSS can get in. Pure.

Contrast is measured as WCAG 2.2 defines it, and a style that residents could not read is refused:
under 4.5:1 for text (success criterion 1.4.3) and under 3:1 for controls and focus (1.4.11).
"""

import math
import re
import reprlib
from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from ingest.files.near_misses import unknown_key

TEXT_RATIO = 4.5
CONTROL_RATIO = 3.0

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_FONT = re.compile(r"[A-Za-z0-9]+(?:[ -][A-Za-z0-9]+)*")
_FONT_CHARACTERS = 40

# Between quotes a generic family is only the name of a font that nobody has, so these stay bare.
_GENERIC_FONTS = frozenset({"monospace", "sans-serif", "serif", "system-ui"})
# Segoe UI has Arabic and Cyrillic; a Linux desktop has Arabic in a font of its own.
_FALLBACK_FONTS = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", "Noto Sans", '
    '"Noto Sans Arabic", sans-serif'
)

# Foreground, background, the least ratio, and what the foreground is to whoever looks at it.
# The focus ring stands clear of the button it surrounds, so it too is seen against the page.
_PAIRS = (
    ("text", "background", TEXT_RATIO, "text"),
    ("link", "background", TEXT_RATIO, "text"),
    ("error", "background", TEXT_RATIO, "text"),
    ("on_accent", "accent", TEXT_RATIO, "text"),
    ("accent", "background", CONTROL_RATIO, "a control"),
    ("border", "background", CONTROL_RATIO, "a control"),
    ("focus", "background", CONTROL_RATIO, "a focus ring"),
)


class StyleFault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing wrong in a style: `key` leads to it (`("dark", "link")`), `message` says what."""

    key: tuple[str, ...]
    message: str


class StyleRefused(ValueError):
    """A style outside the grammar, or one that cannot be read; `faults` has every reason."""

    def __init__(self, faults: Sequence[StyleFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.message for fault in self.faults))


class Colours(msgspec.Struct, frozen=True, kw_only=True):
    """One set of colours, each `#rrggbb`; raises StyleRefused when it could not be read."""

    text: str = "#1f2328"
    background: str = "#ffffff"
    accent: str = "#154273"
    on_accent: str = "#ffffff"
    link: str = "#154273"
    focus: str = "#b4005a"
    border: str = "#6a7078"
    error: str = "#b3141b"

    def __post_init__(self) -> None:
        faults = list(_colour_faults(_values(self), (), COLOUR_NAMES))
        if faults:
            raise StyleRefused(faults)


COLOUR_NAMES: tuple[str, ...] = Colours.__struct_fields__


class HouseStyle(Colours, frozen=True, kw_only=True):
    """A municipality's style: colours, and a font that is used where the reader's device has it.

    Without a set of its own for the dark, `dark_colours` makes one.
    """

    font: str = "system-ui"
    dark: Colours | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        faults = list(_font_faults(self.font))
        if faults:
            raise StyleRefused(faults)


def house_style(table: Mapping[str, object]) -> HouseStyle:
    """Build the style that a `[style]` table describes; what it leaves out has our default.

    Raises StyleRefused with every fault of the table at once, unknown keys included.
    """
    rest = {name: value for name, value in table.items() if name not in ("font", "dark")}
    light, faults = _read(rest, Colours(), (), also_known=("font", "dark"))
    font = table.get("font", "system-ui")
    faults += _font_faults(font)
    dark = None
    in_the_dark = table.get("dark")
    if isinstance(in_the_dark, Mapping):
        dark, more = _read(in_the_dark, dark_colours(light), ("dark",))
        faults += more
    elif in_the_dark is not None:
        faults.append(StyleFault(key=("dark",), message="dark must be a table of colours"))
    if faults:
        raise StyleRefused(faults)
    return HouseStyle(**_values(light), font=str(font), dark=dark)


def dark_colours(style: Colours) -> Colours:
    """The colours for a dark screen: the style's own set, or one made from its accent.

    The accent keeps its hue and is lightened until it stands out 3:1 on our dark background;
    black or white on it always reaches 4.5:1. A style that is dark already stays as it is.
    """
    if isinstance(style, HouseStyle) and style.dark is not None:
        return style.dark
    if _luminance(style.background) < _luminance(style.text):
        return Colours(**_values(style))
    background = "#15181c"
    accent = _lightened(style.accent, background, CONTROL_RATIO)
    return Colours(
        text="#f0f2f5",
        background=background,
        accent=accent,
        on_accent=max("#000000", "#ffffff", key=lambda colour: contrast(colour, accent)),
        link="#9ec5ff",
        focus="#ffd33d",
        border="#9299a3",
        error="#ff9c94",
    )


def contrast(a: str, b: str) -> float:
    """The contrast ratio of two colours, 1.0 to 21.0, in either order.

    Source: WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio.
    """
    darker, lighter = sorted((_luminance(a), _luminance(b)))
    return (lighter + 0.05) / (darker + 0.05)


def custom_properties(style: HouseStyle) -> str:
    """The style as CSS: custom properties `--mp-...` for `:root`, and again for a dark screen.

    It sets `color-scheme` too, so that native radios and scroll bars are light or dark as well.
    """
    # What a logo lies on: it was drawn for this, so it stays in the dark.
    paper = f"  --mp-paper: {style.background.lower()};"
    font = f"  --mp-font: {_font_families(style.font)};"
    light = "\n".join([*_declarations(style, "  "), font, paper])
    dark = "\n".join(_declarations(dark_colours(style), "    "))
    return (
        f":root {{\n{light}\n}}\n"
        f"@media (prefers-color-scheme: dark) {{\n  :root {{\n{dark}\n  }}\n}}\n"
    )


def _declarations(colours: Colours, indent: str) -> Iterator[str]:
    is_dark = _luminance(colours.background) < _luminance(colours.text)
    yield f"{indent}color-scheme: {'dark' if is_dark else 'light'};"
    for name, colour in _values(colours).items():
        yield f"{indent}--mp-{name.replace('_', '-')}: {colour.lower()};"


def _font_families(font: str) -> str:
    if font == "system-ui":
        return _FALLBACK_FONTS
    own = font if font in _GENERIC_FONTS else f'"{font}"'
    return f"{own}, {_FALLBACK_FONTS}"


def _read(
    written: Mapping[str, object],
    defaults: Colours,
    where: tuple[str, ...],
    also_known: tuple[str, ...] = (),
) -> tuple[Colours, list[StyleFault]]:
    faults = [
        StyleFault(key=(*where, name), message=unknown_key(name, (*COLOUR_NAMES, *also_known)))
        for name in written
        if name not in COLOUR_NAMES
    ]
    colours = {name: value for name, value in written.items() if name in COLOUR_NAMES}
    values = _values(defaults) | colours
    faults += _colour_faults(values, where, colours)
    if faults:
        return defaults, faults
    return msgspec.convert(values, Colours), faults


def _colour_faults(
    values: Mapping[str, object], where: tuple[str, ...], chosen: Collection[str]
) -> Iterator[StyleFault]:
    colours: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, str) and _COLOUR.fullmatch(value):
            colours[name] = value
        else:
            expectation = f"{name} must be a colour such as #1a6b3c, not {reprlib.repr(value)}"
            yield StyleFault(key=(*where, name), message=expectation)
    for front, back, least, use in _PAIRS:
        if front in colours and back in colours:
            measured = contrast(colours[front], colours[back])
            if measured < least:
                # Where the file sets only the background, the finding points at that.
                key = back if back in chosen and front not in chosen else front
                message = _too_faint(front, back, measured, least, use)
                yield StyleFault(key=(*where, key), message=message)


def _too_faint(front: str, back: str, measured: float, least: float, use: str) -> str:
    # Rounded down: 4.499 must not be shown as 4.50 where 4.5 is needed.
    shown = math.floor(measured * 100) / 100
    return f"{front} on {back} has a contrast of {shown:.2f}:1; {use} needs at least {least:g}:1"


def _font_faults(font: object) -> Iterator[StyleFault]:
    # The length first: the pattern never sees a text that is too long.
    if isinstance(font, str) and len(font) <= _FONT_CHARACTERS and _FONT.fullmatch(font):
        return
    expected = (
        f"of letters, digits, single spaces and hyphens, at most {_FONT_CHARACTERS} characters"
    )
    message = f"font must be a name {expected}, not {reprlib.repr(font)}"
    yield StyleFault(key=("font",), message=message)


def _values(colours: Colours) -> dict[str, str]:
    return {name: getattr(colours, name) for name in Colours.__struct_fields__}


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    # WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance: sRGB made linear, weighted.
    shares = (channel / 255 for channel in _channels(colour))
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _lightened(colour: str, background: str, ratio: float) -> str:
    for step in range(17):
        mixed = (round(channel + (255 - channel) * step / 16) for channel in _channels(colour))
        candidate = "#{:02x}{:02x}{:02x}".format(*mixed)
        if contrast(candidate, background) >= ratio:
            return candidate
    return "#ffffff"
