"""Draws docs/img/architecture.svg anew, from the table of rooms in test_architecture.py.

    python -m tests.picture

A box is a room: a package with how many modules it has, or a module that stands alone. A line goes
from a band of rooms up to one that it imports. Where a line through another band leads there too,
it is left out.
"""

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from tests.test_architecture import PACKAGE, ROOMS

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
<title id="title">The rooms of the package ingest, and which imports which</title>
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


def label(room: str) -> str:
    """What a box says: the name of the file, or of the folder and how many modules are in it."""
    folder = PACKAGE / room
    if not folder.is_dir():
        return f"{room.replace('.', '/')}.py"
    return f"{room}/ ({len([file for file in folder.glob('*.py') if file.stem != '__init__'])})"


def used() -> dict[str, list[str]]:
    """Of each band, which bands above it its rooms import, but for those that follow."""
    home = {room: band for band, rooms in ROOMS.items() for room in rooms}
    direct = {
        band: {home[other] for row in rooms.values() for other in row.split()} - {band}
        for band, rooms in ROOMS.items()
    }
    behind: dict[str, set[str]] = {}
    for band in ROOMS:
        behind[band] = direct[band].union(*(behind[other] for other in direct[band]))
    return {
        band: [o for o in ROOMS if o in direct[band] and not _follows(o, direct[band], behind)]
        for band in ROOMS
    }


def _follows(band: str, direct: set[str], behind: dict[str, set[str]]) -> bool:
    return any(band in behind[other] for other in direct - {band})


def picture() -> str:
    """The whole file."""
    drawn: list[str] = []
    middle: dict[str, float] = {}
    top: float = MARGIN
    for band, rooms in ROOMS.items():
        boxes, height = _boxes(rooms, top)
        drawn.append(
            f'<rect class="band" x="{MARGIN}" y="{top:g}" width="{WIDTH - 2 * MARGIN}" '
            f'height="{height:g}" rx="{CORNER}"/>\n'
            f'<text class="name" x="{MARGIN + 10}" y="{top + 18:g}">{escape(band)}</text>'
        )
        drawn += boxes
        middle[band] = top + height / 2
        top += height + GAP
    lines, width = _lines(middle)
    description = "; ".join(
        f"{band} imports {' and '.join(others)}" for band, others in used().items() if others
    )
    head = HEAD.format(
        width=width, height=f"{top - GAP + MARGIN:g}", description=escape(description)
    )
    return "\n".join([head, *drawn, *lines, "</svg>", ""])


def _boxes(inside: dict[str, str], top: float) -> tuple[list[str], float]:
    """The boxes of one band, and how high that makes it."""
    drawn = []
    left: float = MARGIN + 10
    row = top + TITLE_ROW
    for room, row_of_table in inside.items():
        text = label(room)
        wide = round(len(text) * LETTER + 16)
        if left + wide > WIDTH - MARGIN - 10:
            left, row = MARGIN + 10, row + BOX_ROW
        uses = f"imports {row_of_table.replace(' ', ', ')}" if row_of_table else "imports nothing"
        drawn.append(
            f'<g><title>{escape(uses)}</title><rect class="box" x="{left:g}" y="{row:g}" '
            f'width="{wide}" height="22" rx="4"/><text x="{left + 8:g}" y="{row + 15:g}">'
            f"{escape(text)}</text></g>"
        )
        left += wide + 6
    return drawn, row + BOX_ROW - top


def _lines(middle: dict[str, float]) -> tuple[list[str], int]:
    """A line from each band to what it imports, in a lane of its own, and the width of it all."""
    right = WIDTH - MARGIN
    lanes: list[float] = []
    drawn: list[str] = []
    for band, others in used().items():
        if not others:
            continue
        highest, start = middle[others[0]] + 5, middle[band] - 5
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
