"""Which colours of a logo are seen: inherited, and mixed with what shows through them. Pure."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import msgspec

SVG = "{http://www.w3.org/2000/svg}"
SHAPES = frozenset({"path", "rect", "circle", "ellipse", "polygon", "polyline", "line"})
GRADIENTS = frozenset({"linearGradient", "radialGradient"})
# Names for who hears a page; ours is the municipality's name, which stands beside its logo.
LEFT_OUT = frozenset({"title", "desc", "metadata"})
REFERENCE = re.compile(r"url\(#([A-Za-z][A-Za-z0-9_-]{0,30})\)")


class _Paint(msgspec.Struct, frozen=True):
    """What an element hands on to those within it; `opacity` is that of all around it together."""

    fill: str = "#000000"
    stroke: str = "none"
    fill_opacity: float = 1
    stroke_opacity: float = 1
    stroke_width: float = 1
    opacity: float = 1


def tag_of(element: ElementTree.Element) -> str:
    """The name of an SVG element, without its name space."""
    # ElementTree gives the tree of a comment a function as its tag; its parser leaves them out.
    return str(element.tag).removeprefix(SVG)


def kept(root: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """The element and all within it, but for what is left out of a page."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        yield element
        waiting.extend(each for each in element if tag_of(each) not in LEFT_OUT)


def colours_of(root: ElementTree.Element, background: str) -> Iterator[str]:
    """Every colour (`#rrggbb`) that shapes show on this background; none of what cannot be seen.

    The tree has been looked at: each colour and number in it is one.
    """
    gradients = {
        element.get("id", ""): [
            (stop.get("stop-color", "#000000"), _share(stop, "stop-opacity", 1))
            for stop in element
            if tag_of(stop) == "stop"
        ]
        for element in kept(root)
        if tag_of(element) in GRADIENTS
    }
    for colour, opacity in _painted(root, gradients, _Paint()):
        if opacity > 0:
            yield _laid_on(background, colour, opacity)


def _painted(
    element: ElementTree.Element, gradients: dict[str, list[tuple[str, float]]], around: _Paint
) -> Iterator[tuple[str, float]]:
    paint = _Paint(
        fill=element.get("fill", around.fill),
        stroke=element.get("stroke", around.stroke),
        fill_opacity=_share(element, "fill-opacity", around.fill_opacity),
        stroke_opacity=_share(element, "stroke-opacity", around.stroke_opacity),
        stroke_width=_number(element.get("stroke-width"), around.stroke_width),
        opacity=around.opacity * _share(element, "opacity", 1),
    )
    if tag_of(element) in SHAPES:
        stroke_opacity = paint.stroke_opacity if paint.stroke_width > 0 else 0
        for colour, share in ((paint.fill, paint.fill_opacity), (paint.stroke, stroke_opacity)):
            opacity = share * paint.opacity
            if reference := REFERENCE.fullmatch(colour):
                for stop, of_stop in gradients.get(reference[1], ()):
                    yield stop, opacity * of_stop
            elif colour != "none":
                yield colour, opacity
    for child in element:
        if tag_of(child) not in LEFT_OUT and tag_of(child) != "defs":
            yield from _painted(child, gradients, paint)


def _share(element: ElementTree.Element, name: str, otherwise: float) -> float:
    return min(max(_number(element.get(name), otherwise), 0), 1)


def _number(written: str | None, otherwise: float) -> float:
    if written is None:
        return otherwise
    return float(written[:-1]) / 100 if written.endswith("%") else float(written)


def _laid_on(background: str, colour: str, opacity: float) -> str:
    """A colour (`#rgb` or `#rrggbb`) as it looks on a background through which it is seen."""
    six = colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])
    pairs = ((int(six[at : at + 2], 16), int(background[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a * opacity + b * (1 - opacity)):02x}" for a, b in pairs)
