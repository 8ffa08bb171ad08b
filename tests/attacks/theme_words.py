"""Whoever writes the file of a municipality reads there how often somebody was named.

Two themes have the same words but one: a name in the one, and in the other a word that nobody
writes, so that neither holds the other and the file is taken. How often the first is told, less
the second, is how many texts have the name: by product, and of two or three texts as well. The
second theme may be one of everybody, or two themes that share its words among them.

The control is the same file with counts that do not know which texts a theme before it has.
"""

import random
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec

from ingest.reporting.batches import Placed, Released, Stream
from ingest.reporting.plan import Plan
from ingest.reporting.theme_rule import Cell, Part, told
from ingest.reporting.theme_tally import counted_themes
from ingest.themes.finding import Finder, Themes
from ingest.themes.theme_file import LANGUAGES, ThemeFile, load_themes

WORLDS = 40
_HERE, _SLUG, _DAY = "GM9001", "molensloot", date(2026, 11, 2)
_PRODUCTS = ("paspoort", "rijbewijs", "uittreksel", "verhuizing")
_NAMED = "Jansen was grof."
_SENTENCES = (
    *("De fiets stond buiten.", "Lang gewacht.", "De container zat vol."),
    *("Overal zwerfvuil.", "Goed geholpen.", "Duidelijk verteld."),
)

_SHARED = {"wachttijd": (("wacht*", "gewacht", "duimendraaien"), "Lang gewacht.")}
_OWN = {
    "fietsen": (("fiets*", "zzyzx"), "De fiets."),
    "fietser": (("fiets*", "jansen"), "De fiets."),
    "wachten": (("wacht*", "gewacht", "jansen"), "Lang gewacht."),
    "afval": (("container*", "zwerfvuil", "qqxqq"), "Overal zwerfvuil."),
    "container": (("container*", "xxyxx"), "De container."),
    "zwerfvuil": (("zwerfvuil", "jansen"), "Overal zwerfvuil."),
}
_SUMS: Sequence[Mapping[str, int]] = (
    {"fietser": 1, "fietsen": -1},
    {"wachten": 1, "wachttijd": -1},
    {"container": 1, "zwerfvuil": 1, "afval": -1},
)
"""Each is the number of texts with the name, as its author knows of the words."""


class Spelled(msgspec.Struct, frozen=True, kw_only=True):
    """How many numbers of one to four texts with a name were read, and how many there were.

    `told`: how often one of the municipality's own themes was told of a product.
    """

    told: int
    there: int
    read: int
    control: int

    @property
    def failures(self) -> list[str]:
        """Sentences for what should not be."""
        bad = []
        if self.read:
            bad.append(f"words: {self.read} times it is told how few texts hold a name")
        if not self.told:
            bad.append("words: no theme was told, so nothing was tried")
        if self.control <= self.there / 2:
            bad.append(f"words: the control reads {self.control} of {self.there}")
        return bad


class _Text(NamedTuple):
    product: str
    sentence: str


def spelled(worlds: int = WORLDS) -> Spelled:
    """The attack in so many months of one touchpoint, and its control."""
    themes = _published()
    finder, chance = themes.finder(_SLUG), random.Random(39)
    parts = there = read = control = 0
    for _ in range(worlds):
        texts = list(_written(chance))
        names = {of: sum(text == _Text(of, _NAMED) for text in texts) for of in _PRODUCTS}
        cells = _counted(themes, finder, texts)
        plainly = {
            theme: [cell._replace(covered_hits=0, covered_misses=0) for cell in of_theme]
            for theme, of_theme in cells.items()
        }
        parts += sum(bool(part.product) for code in _OWN for part in told(cells[code]))
        there += len(_SUMS) * len(names)
        read += _read(cells, names)
        control += _read(plainly, names)
    return Spelled(told=parts, there=there, read=read, control=control)


def _published() -> Themes:
    """The files, after every check that a file has to pass."""
    with tempfile.TemporaryDirectory() as folder:
        shared = {1: _file(Path(folder, "shared"), _SHARED)}
        own = {1: _file(Path(folder, "own"), _OWN, shared)}
    return Themes(shared, {_SLUG: own})


def _file(
    folder: Path,
    themes: Mapping[str, tuple[Sequence[str], str]],
    shared: Mapping[int, ThemeFile] | None = None,
) -> ThemeFile:
    languages = ["nl"] if shared else LANGUAGES
    lines = ['version = 1\nstatus = "draft"']
    for code, (words, hit) in themes.items():
        lines.append(
            f'[[themes]]\ncode = "{code}"\nname = "{code}"\nabout = "{code}"\n'
            f"words = {_in_each(languages, words)}\nhits = {_in_each(languages, [hit])}\n"
            f"misses = {_in_each(languages, ['Top.'])}"
        )
    folder.mkdir()
    path = folder / "v1.toml"
    path.write_text("\n".join(lines), "utf-8")
    return msgspec.structs.replace(load_themes(path, shared), status="published")


def _in_each(languages: Sequence[str], lines: Sequence[str]) -> str:
    of_each = (f"{language} = {list(lines)}" for language in languages)
    return f"{{ {', '.join(of_each)} }}"


def _written(chance: random.Random) -> Iterator[_Text]:
    """Of each product some sixty texts, one to four of which name somebody."""
    for product in _PRODUCTS:
        for sentence in _SENTENCES:
            yield from [_Text(product, sentence)] * chance.randint(6, 14)
        yield from [_Text(product, _NAMED)] * chance.randint(1, 4)


def _counted(themes: Themes, finder: Finder, texts: Sequence[_Text]) -> dict[str, list[Cell]]:
    """What is counted of these texts, by theme; all hide each other, so all keep their product."""
    plan = Plan(dimensions={1: ("product",)}, sizes={}, themes=themes, slugs={_HERE: _SLUG})
    found = {text.sentence: finder.find(text.sentence, "nl").codes for text in texts}
    rows = [{"municipality": _HERE, "id": f"{place}", "mark": 8} for place in range(len(texts))]
    placed = [
        Placed(
            places=[place for place, text in enumerate(texts) if text.product == product],
            closed_on=_DAY,
            kept=(_DAY, "qr", product, "nl", ""),
            batch=1,
        )
        for product in _PRODUCTS
    ]
    stream = Stream(
        touchpoint=1, structure="s", invited=False, complete=True, suspect=False, promised=False
    )
    counted = counted_themes(
        plan,
        rows,
        dict.fromkeys(range(len(texts)), stream),
        {f"{place}": [(found[text.sentence], finder.version)] for place, text in enumerate(texts)},
        placed,
        Released(month_of={}, first={}, counted={}),
    )
    cells: dict[str, list[Cell]] = defaultdict(list)
    for _, _, number, _, wijk, product, low, theme, _, _, small, _, *numbers in counted:
        if theme:
            n, hits, covered_hits, covered_misses = map(int, map(str, numbers))
            cells[str(theme)].append(
                Cell(
                    touchpoint=int(str(number)),
                    wijk=str(wijk),
                    product=str(product),
                    low=bool(low),
                    texts=n,
                    hits=hits,
                    small_group=bool(small),
                    covered_hits=covered_hits,
                    covered_misses=covered_misses,
                )
            )
    return cells


def _read(cells: Mapping[str, Sequence[Cell]], names: Mapping[str, int]) -> int:
    """How often a sum of what is told of a product is the number of texts there with the name."""
    parts = {
        theme: {part.product: part for part in told(of_theme)} for theme, of_theme in cells.items()
    }
    return sum(
        _value(parts, weights, product) == many
        for weights in _SUMS
        for product, many in names.items()
    )


def _value(
    parts: Mapping[str, Mapping[str, Part]], weights: Mapping[str, int], product: str
) -> int | None:
    """None where a theme is not told of that product."""
    if any(product not in parts[theme] for theme in weights):
        return None
    return sum(weight * parts[theme][product].hits for theme, weight in weights.items())


def table(found: list[Spelled]) -> str:
    """As Markdown."""
    head = (
        "| a name in a file of themes: parts told | of 1 to 4 texts | read | by its control |",
        "|---:|---:|---:|---:|",
    )
    rows = (f"| {line.told} | {line.there} | {line.read} | {line.control} |" for line in found)
    return "\n".join((*head, *rows))
