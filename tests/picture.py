"""Draws docs/img/architecture.svg anew, from the table of layers in test_architecture.py.

    python -m tests.picture

A band is a layer; a box in it is a module, or a package with how many of its modules lie there. A
line goes from a layer up to one that it imports. Where a line through another layer leads there
too, it is left out.
"""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from tests.test_architecture import LAYERS

FILE = Path(__file__).resolve().parent.parent / "docs" / "img" / "architecture.svg"

# All in pixels. No browser is asked how wide a word is, so that everybody draws the same picture.
WIDTH = 780
MARGIN = 12
LETTER = 7.1
TITLE_ROW = 26
BOX_ROW = 28
GAP = 14
LANE = 16
CORNER = 6

HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" \
height="{height}" role="img" aria-labelledby="title desc">
<title id="title">The layers of the package ingest, and which imports which</title>
<desc id="desc">{description}</desc>
<style>
  svg {{ background: #fff; font: 12px ui-sans-serif, system-ui, "Segoe UI", Roboto, sans-serif }}
  .paper {{ fill: #fff }}
  .band {{ fill: #f2f5f9; stroke: #c5ced9 }}
  .box {{ fill: #fff; stroke: #8b98a9 }}
  text {{ fill: #1c2733 }}
  .name {{ font-size: 13px; font-weight: 600 }}
  .line {{ fill: none; stroke: #33608f; stroke-width: 1.5 }}
  .head {{ fill: #33608f }}
  @media (prefers-color-scheme: dark) {{
    svg {{ background: #10161d }}
    .paper {{ fill: #10161d }}
    .band {{ fill: #1a232e; stroke: #3a4858 }}
    .box {{ fill: #243140; stroke: #5d6f84 }}
    text {{ fill: #e6edf5 }}
    .line {{ stroke: #8cb8e8 }}
    .head {{ fill: #8cb8e8 }}
  }}
</style>
<rect class="paper" width="100%" height="100%"/>"""


def rooms(modules: dict[str, str]) -> list[tuple[str, list[str]]]:
    """What is in a layer: of each package the modules that lie here, then modules by themselves.

    A package's own `__init__` says what it is for, and is no module that somebody looks for.
    """
    packages = {
        name.partition(".")[0] for layer in LAYERS.values() for name in layer if "." in name
    }
    inside = sorted(name for name in modules if "." in name)
    together = groupby(inside, key=lambda name: name.partition(".")[0])
    alone = sorted(name for name in modules if "." not in name and name not in packages)
    return [*((name, list(members)) for name, members in together), *((n, [n]) for n in alone)]


def used() -> dict[str, list[str]]:
    """Of each layer, which layers above it its modules import, but for those that follow."""
    home = {module: layer for layer, modules in LAYERS.items() for module in modules}
    direct = {
        layer: {home[other] for row in modules.values() for other in row.split()} - {layer}
        for layer, modules in LAYERS.items()
    }
    behind: dict[str, set[str]] = {}
    for layer in LAYERS:
        behind[layer] = direct[layer].union(*(behind[other] for other in direct[layer]))
    return {
        layer: [o for o in LAYERS if o in direct[layer] and not _follows(o, direct[layer], behind)]
        for layer in LAYERS
    }


def _follows(layer: str, direct: set[str], behind: dict[str, set[str]]) -> bool:
    return any(layer in behind[other] for other in direct - {layer})


def picture() -> str:
    """The whole file."""
    drawn: list[str] = []
    middle: dict[str, float] = {}
    top: float = MARGIN
    for layer, modules in LAYERS.items():
        boxes, height = _boxes(rooms(modules), top)
        drawn.append(
            f'<rect class="band" x="{MARGIN}" y="{top:g}" width="{WIDTH - 2 * MARGIN}" '
            f'height="{height:g}" rx="{CORNER}"/>\n'
            f'<text class="name" x="{MARGIN + 10}" y="{top + 18:g}">{escape(layer)}</text>'
        )
        drawn += boxes
        middle[layer] = top + height / 2
        top += height + GAP
    lines, width = _lines(middle)
    description = "; ".join(
        f"{layer} imports {' and '.join(others)}" for layer, others in used().items() if others
    )
    head = HEAD.format(
        width=width, height=f"{top - GAP + MARGIN:g}", description=escape(description)
    )
    return "\n".join([head, *drawn, *lines, "</svg>", ""])


def _boxes(inside: list[tuple[str, list[str]]], top: float) -> tuple[list[str], float]:
    """The boxes of one band, and how high that makes it."""
    drawn = []
    left: float = MARGIN + 10
    row = top + TITLE_ROW
    for name, modules in inside:
        first = modules[0].replace(".", "/")
        label = f"{first}.py" if len(modules) == 1 else f"{name}/ ({len(modules)})"
        wide = round(len(label) * LETTER + 16)
        if left + wide > WIDTH - MARGIN - 10:
            left, row = MARGIN + 10, row + BOX_ROW
        members = ", ".join(modules)
        drawn.append(
            f'<g><title>{escape(members)}</title><rect class="box" x="{left:g}" y="{row:g}" '
            f'width="{wide}" height="22" rx="4"/><text x="{left + 8:g}" y="{row + 15:g}">'
            f"{escape(label)}</text></g>"
        )
        left += wide + 6
    return drawn, row + BOX_ROW - top


def _lines(middle: dict[str, float]) -> tuple[list[str], int]:
    """A line from each layer to what it imports, in a lane of its own, and the width of it all."""
    right = WIDTH - MARGIN
    lanes: list[float] = []
    drawn: list[str] = []
    for layer, others in used().items():
        if not others:
            continue
        highest, start = middle[others[0]] + 5, middle[layer] - 5
        # The nearest lane in which nothing is drawn as high up as this one begins.
        free = (n for n, lowest in enumerate(lanes) if lowest < highest)
        lane = next(free, len(lanes))
        lanes[lane : lane + 1] = [start]
        x = right + LANE * (lane + 1.5)
        drawn += _line(right, x, start, [middle[other] + 5 for other in others])
    return drawn, round(right + LANE * (len(lanes) + 1) + MARGIN)


def _line(right: int, x: float, start: float, ends: list[float]) -> Iterator[str]:
    for end in ends:
        yield (
            f'<path class="line" d="M{right} {start:g}H{x - CORNER:g}Q{x:g} {start:g} {x:g} '
            f"{start - CORNER:g}V{end + CORNER:g}Q{x:g} {end:g} {x - CORNER:g} {end:g}"
            f'H{right + 7}"/>'
        )
        yield f'<path class="head" d="M{right + 1} {end:g}l8 -4v8z"/>'


if __name__ == "__main__":
    FILE.write_text(picture(), "utf-8")
