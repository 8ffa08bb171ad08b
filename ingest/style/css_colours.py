"""Colours as style sheets write them, as `#rrggbb`. Pure."""

import colorsys
import re

_HEX = re.compile(r"#([0-9a-f]{3,8})")
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^()]*)\)")
_PARTS = re.compile(r"[\s,/]+")
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(%|deg)?")

# The sixteen that every browser has had from the start, as far as themes use them, and orange.
_NAMES = {
    "black": "#000000",
    "blue": "#0000ff",
    "gray": "#808080",
    "green": "#008000",
    "grey": "#808080",
    "maroon": "#800000",
    "navy": "#000080",
    "orange": "#ffa500",
    "purple": "#800080",
    "red": "#ff0000",
    "silver": "#c0c0c0",
    "teal": "#008080",
    "white": "#ffffff",
    "yellow": "#ffff00",
}


def css_colour(written: str) -> str | None:
    """The colour as `#rrggbb`; None for what is no opaque sRGB colour, or one in another notation.

    Read are hexadecimal notation, `rgb()` and `hsl()` old and new, and a few names.
    """
    text = written.strip().lower()
    if text in _NAMES:
        return _NAMES[text]
    if found := _HEX.fullmatch(text):
        return _of_digits(found[1])
    if found := _FUNCTION.fullmatch(text):
        return _of_function(found[1], _PARTS.split(found[2].strip()))
    return None


def hexadecimal(shares: tuple[float, float, float]) -> str:
    """`#rrggbb` of three shares, 0 to 1; what lies outside is brought inside."""
    return "#{:02x}{:02x}{:02x}".format(*(round(255 * min(max(each, 0), 1)) for each in shares))


def _of_digits(digits: str) -> str | None:
    if len(digits) in (3, 4):
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) == 6:
        return f"#{digits}"
    return f"#{digits[:6]}" if len(digits) == 8 and digits.endswith("ff") else None


def _of_function(name: str, parts: list[str]) -> str | None:
    numbers = [_NUMBER.fullmatch(part) for part in parts]
    if len(parts) not in (3, 4) or not all(numbers):
        return None
    values = [(float(found[1]), found[2]) for found in numbers if found]
    if len(values) == 4 and values[3] not in ((1.0, None), (100.0, "%")):
        return None
    (first, unit), (second, _), (third, _) = values[:3]
    if name == "hsl":
        return hexadecimal(colorsys.hls_to_rgb(first / 360 % 1, third / 100, second / 100))
    most = 100 if unit == "%" else 255
    return hexadecimal((first / most, second / most, third / most))
