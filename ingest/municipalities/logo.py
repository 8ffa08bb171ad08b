"""A municipality's logo: a small SVG file, read strictly and written again by us.

It stands inside pages, so whatever could run, fetch or hide something there is refused: only shapes
and gradients, only attributes of a list, and each value in a narrow grammar. What is shown is never
the file itself but what we wrote of its tree.
"""

import re
import reprlib
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import msgspec

from ingest.files.whole_files import read_regular
from ingest.municipalities.house_style import CONTROL_RATIO, contrast
from ingest.municipalities.logo_colours import (
    GRADIENTS,
    LEFT_OUT,
    REFERENCE,
    SHAPES,
    SVG,
    colours_of,
    kept,
    tag_of,
)

MOST_BYTES = 2_000
"""Of a logo's file: it travels with every page."""

NARROWEST, WIDEST = 0.5, 6.0
"""How wide a logo may be to its height: another one fits no header and no screen."""

_ELEMENTS = frozenset({"g", "defs", "stop"}) | SHAPES | GRADIENTS
# On the first element: all that may stand there. Anything that moves or hides a shape would do so
# to the whole logo, and outside of its box: a page would lie under it.
_ROOT_PAINTS = frozenset(
    {"fill", "stroke", "fill-rule", "clip-rule", "fill-opacity", "stroke-opacity", "stroke-width"}
    | {"stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray"}
)
# And what files of drawing programs say there, and a page decides by itself.
_ROOT_LEFT_OUT = frozenset({"width", "height", "version", "id", "x", "y", "role", "baseProfile"})

_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?"
_LENGTH = re.compile(_NUMBER + "%?")
_NUMBERS = re.compile(r"[0-9eE.,+\s-]+")
_PATH = re.compile(r"[0-9eE.,+\sMmZzLlHhVvCcSsQqTtAa-]+")
_TRANSFORM = re.compile(r"(?:(?:matrix|translate|scale|rotate|skewX|skewY)\([0-9eE.,+\s-]+\)\s*)+")
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_WORD = re.compile(r"[A-Za-z]+")
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,30}")

_GRAMMAR: dict[str, re.Pattern[str]] = {
    **dict.fromkeys(
        (
            *("x", "y", "width", "height", "rx", "ry", "cx", "cy", "r", "x1", "y1", "x2", "y2"),
            *("fx", "fy", "offset", "stroke-width", "stroke-miterlimit", "opacity"),
            *("fill-opacity", "stroke-opacity", "stop-opacity"),
        ),
        _LENGTH,
    ),
    "points": _NUMBERS,
    "stroke-dasharray": _NUMBERS,
    "d": _PATH,
    "transform": _TRANSFORM,
    "gradientTransform": _TRANSFORM,
    **dict.fromkeys(
        (
            *("fill-rule", "clip-rule", "stroke-linecap", "stroke-linejoin"),
            *("gradientUnits", "spreadMethod"),
        ),
        _WORD,
    ),
    "stop-color": _COLOUR,
    "id": _ID,
}
_PAINTS = ("fill", "stroke")

_DEEPEST = 12

# On a page ids of the logo must not meet ours, such as that of an item.
_PREFIX = "logo-"


class Logo(msgspec.Struct, frozen=True, kw_only=True):
    """A logo as pages show it.

    `svg` is an element without width and height, hidden from who hears a page. `ratio` is its width
    divided by its height, from NARROWEST to WIDEST.
    """

    svg: str
    ratio: float


class LogoRefused(ValueError):
    """A file that cannot be shown as a logo; `faults` has every reason, as sentences."""

    def __init__(self, *faults: str) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


def file_name_fault(name: str) -> str | None:
    """Refuse what is not the name of an SVG file in the same folder: `yourtown.svg`."""
    if re.fullmatch(r"[a-z0-9][a-z0-9-]{0,40}\.svg", name):
        return None
    return f"must be the name of a file beside this one, such as yourtown.svg, not {name!r}"


def load_logo(path: Path, background: str) -> Logo:
    """The logo in a file, for a background (`#rrggbb`) that it lies on. Raises LogoRefused."""
    try:
        content = read_regular(path, MOST_BYTES)
    except OSError as error:
        raise LogoRefused(f"{path.name} cannot be read: {error.strerror}") from error
    try:
        return read_logo(content, background)
    except LogoRefused as refused:
        raise LogoRefused(*(f"{path.name} {fault}" for fault in refused.faults)) from None


def read_logo(content: bytes, background: str) -> Logo:
    """The logo that these bytes draw. Raises LogoRefused with every reason."""
    if len(content) > MOST_BYTES:
        raise LogoRefused(f"is too large: a logo has at most {MOST_BYTES} bytes")
    root = _tree(content)
    ratio = _ratio(root.get("viewBox", ""))
    faults = list(dict.fromkeys(_faults(root)))
    if faults:
        raise LogoRefused(*faults)
    colours = set(colours_of(root, background))
    if not colours:
        raise LogoRefused("draws nothing")
    best = max(contrast(colour, background) for colour in colours)
    if best < CONTROL_RATIO:
        raise LogoRefused(
            f"is hard to see: its clearest colour on background {background} has a contrast of "
            f"{int(best * 100) / 100:.2f}:1; a logo needs at least {CONTROL_RATIO:g}:1"
        )
    return Logo(svg=_written(root), ratio=ratio)


def _tree(content: bytes) -> ElementTree.Element:
    try:
        # Decoded here, so that no other encoding hides what is looked for in the next line.
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LogoRefused("is not UTF-8") from error
    if re.search(r"<!(?!--)|<\?(?!xml\s)", text):
        raise LogoRefused("has a doctype, an entity or an instruction; save it as plain SVG")
    try:
        # Without a doctype there are no entities to unpack, and it is small.
        root = ElementTree.fromstring(text)  # noqa: S314
    except (ElementTree.ParseError, ValueError, RecursionError) as error:
        raise LogoRefused(f"is not well-formed: {error}") from error
    if root.tag != f"{SVG}svg":
        raise LogoRefused('is not SVG: it begins with <svg xmlns="http://www.w3.org/2000/svg">')
    return root


def _ratio(view_box: str) -> float:
    numbers = view_box.replace(",", " ").split()
    if len(numbers) != 4 or not all(re.fullmatch(_NUMBER, number) for number in numbers):
        raise LogoRefused('has no viewBox of four numbers, such as viewBox="0 0 120 40"')
    width, height = float(numbers[2]), float(numbers[3])
    if width <= 0 or height <= 0 or not NARROWEST <= width / height <= WIDEST:
        raise LogoRefused(
            f"must be {NARROWEST:g} to {WIDEST:g} times as wide as it is high, by its viewBox"
        )
    return round(width / height, 4)


def _faults(root: ElementTree.Element) -> Iterator[str]:
    ids = [(element.get("id", ""), tag_of(element)) for element in kept(root)]
    for name, value in root.attrib.items():
        if name in _ROOT_PAINTS:
            yield from _attribute_faults(name, value, ids)
        elif not (name == "viewBox" or name in _ROOT_LEFT_OUT or name.startswith("aria-")):
            yield f"has {name} on its first element; put it on a <g> within"
    yield from _faults_within(root, ids, _DEEPEST)


def _faults_within(
    parent: ElementTree.Element, ids: list[tuple[str, str]], deep: int
) -> Iterator[str]:
    if not deep:
        yield f"is nested deeper than {_DEEPEST} elements"
        return
    for element in parent:
        tag = tag_of(element)
        if tag in LEFT_OUT:
            continue
        if tag not in _ELEMENTS:
            yield f"has an element <{tag}> that a logo may not have"
            continue
        for name, value in element.attrib.items():
            if not name.startswith("aria-"):
                yield from _attribute_faults(name, value, ids)
        yield from _faults_within(element, ids, deep - 1)


def _attribute_faults(name: str, value: str, ids: list[tuple[str, str]]) -> Iterator[str]:
    shown = reprlib.repr(value)
    if name in _PAINTS:
        reference = REFERENCE.fullmatch(value)
        if reference and not any(each == reference[1] and tag in GRADIENTS for each, tag in ids):
            yield f"has no gradient {reference[1]!r}, which {name} names"
        elif not reference and value != "none" and not _COLOUR.fullmatch(value):
            yield f"has {name}={shown}; write a colour as #1a6b3c, `none` or `url(#...)`"
    elif name not in _GRAMMAR:
        yield f"has an attribute {name} that a logo may not have"
    elif not _GRAMMAR[name].fullmatch(value):
        yield f"has {name}={shown}, which is not what that attribute holds"
    elif name == "id" and [each for each, _ in ids].count(value) > 1:
        yield f"has the id {value!r} twice"


def _written(root: ElementTree.Element) -> str:
    """The tree as text for a page: no name spaces, no comments, no text, ids of our own."""
    inside = "".join(_element(child) for child in root if tag_of(child) not in LEFT_OUT)
    paints = _attributes(root, lambda name: name != "viewBox" and name not in _ROOT_LEFT_OUT)
    view_box = " ".join(root.get("viewBox", "").replace(",", " ").split())
    return (
        f'<svg class="logo" viewBox="{view_box}" aria-hidden="true" focusable="false"{paints}>'
        f"{inside}</svg>"
    )


def _element(element: ElementTree.Element) -> str:
    tag = tag_of(element)
    inside = "".join(_element(child) for child in element if tag_of(child) not in LEFT_OUT)
    attributes = _attributes(element, lambda _name: True)
    return f"<{tag}{attributes}>{inside}</{tag}>" if inside else f"<{tag}{attributes}/>"


def _attributes(element: ElementTree.Element, taken: Callable[[str], bool]) -> str:
    return "".join(
        f' {name}="{_value(name, value)}"'
        for name, value in element.attrib.items()
        if taken(name) and not name.startswith("aria-")
    )


def _value(name: str, value: str) -> str:
    if name == "id":
        return _PREFIX + value
    return re.sub(r"\s+", " ", REFERENCE.sub(rf"url(#{_PREFIX}\1)", value)).strip()
