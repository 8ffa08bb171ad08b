"""Whoever writes the file of a municipality reads there how often somebody was named.

Two themes have the same words but one: a name in the one, and in the other a word that nobody
writes, so that neither holds the other and the file is taken. How often the first is told, less
the second, is how many texts have the name: by product, and of two or three texts as well. The
second theme may be one of everybody, or two themes that share its words among them.

And whoever knows when a theme is told knows more than its number: where the texts without the
first theme are ten, five have the second and five neither, so the difference is exact again.

The controls are the same files with counts that do not know which texts a theme before it has; and,
of the second way, what is told of the same parts, but of all texts that have the theme.
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

_Declared = Mapping[str, tuple[Sequence[str], str]]
"""By the code of a theme: its words, and a sentence that has it."""

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

_WIDE = ("fiets*", "gewacht", "container*", "zwerfvuil", "geholpen")
_WIDER = {
    "breed": ((*_WIDE, "jansen"), "De fiets."),
    "breder": ((*_WIDE, "parker*"), "De fiets."),
}
_ELSEWHERE = {"uitleg": (("uitgelegd",), "Was uitgelegd.")}
_PARKED = "Geen plek om te parkeren."
_PLAIN = "Duidelijk verteld."
_BY_RULE = 10
"""Texts without a theme, of which five are known to have the next one and five neither."""


class Spelled(msgspec.Struct, frozen=True):
    """How many numbers of one to four texts with a name were read, and how many there were.

    `told`: how often one of the municipality's own themes was told of a product. `by_rule` is how
    many were read by whoever knows when a theme is told.
    """

    told: int
    there: int
    read: int
    control: int
    by_rule: int
    by_rule_control: int

    @property
    def failures(self) -> list[str]:
        """Sentences for what should not be."""
        bad = []
        if self.read:
            bad.append(f"words: {self.read} times it is told how few texts hold a name")
        if self.by_rule:
            bad.append(f"words: {self.by_rule} times the rule tells how few texts hold a name")
        if not self.by_rule_control:
            bad.append("words: the control of the rule reads nothing")
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
    themes = _published(_SHARED, _OWN)
    finder, chance = themes.finder(_SLUG), random.Random(39)
    parts = there = read = control = 0
    for _ in range(worlds):
        texts = list(_written(chance))
        names = {of: sum(text == _Text(of, _NAMED) for text in texts) for of in _PRODUCTS}
        cells = _counted(themes, finder, texts)
        plainly = _each_alone(finder, texts)
        parts += sum(bool(part.product) for code in _OWN for part in told(cells[code]))
        there += len(_SUMS) * len(names)
        read += _read(cells, names)
        control += _read(plainly, names)
    by_rule, control_of_it = _by_rule(worlds, chance)
    return Spelled(parts, there, read, control, by_rule, control_of_it)


def _by_rule(worlds: int, chance: random.Random) -> tuple[int, int]:
    """How often the rule and two numbers tell one to four texts with the name; and the control."""
    themes = _published(_ELSEWHERE, _WIDER)
    finder = themes.finder(_SLUG)
    read = control = 0
    for _ in range(worlds):
        texts = list(_widely_written(chance))
        alone = _each_alone(finder, texts)
        first, second = (
            {part.product: part for part in told(of_theme)}
            for of_theme in map(_counted(themes, finder, texts).__getitem__, _WIDER)
        )
        for product in first.keys() & second.keys() & set(_PRODUCTS):
            if first[product].texts - first[product].hits != _BY_RULE:
                continue
            named = sum(text == _Text(product, _NAMED) for text in texts)
            most = first[product].hits + _BY_RULE // 2
            read += 0 < named == most - second[product].hits
            control += 0 < named == most - _hits(alone["breder"], product)
    return read, control


def _hits(cells: Sequence[Cell], product: str) -> int:
    return sum(cell.hits for cell in cells if cell.product == product)


def _widely_written(chance: random.Random) -> Iterator[_Text]:
    """Of each product some forty texts, none to four of which name somebody."""
    for product in _PRODUCTS:
        for sentence in _SENTENCES[:-1]:
            yield from [_Text(product, sentence)] * chance.randint(4, 10)
        for sentence in (_PARKED, _PLAIN):
            yield from [_Text(product, sentence)] * chance.randint(4, 6)
        yield from [_Text(product, _NAMED)] * chance.randint(0, 4)


def _each_alone(finder: Finder, texts: Sequence[_Text]) -> dict[str, list[Cell]]:
    """What would be counted of these texts, did no theme stand before another."""
    found = {text: finder.find(text.sentence, "nl").codes for text in texts}
    return {
        theme: [
            Cell(
                touchpoint=1,
                wijk="",
                product=product,
                low=False,
                texts=sum(text.product == product for text in texts),
                hits=sum(text.product == product and theme in found[text] for text in texts),
                small_group=False,
            )
            for product in _PRODUCTS
        ]
        for theme in {*_SHARED, *_OWN, *_WIDER}
    }


def _published(of_everybody: _Declared, added: _Declared) -> Themes:
    """The files, after every check that a file has to pass."""
    with tempfile.TemporaryDirectory() as folder:
        shared = {1: _file(Path(folder, "shared"), of_everybody)}
        own = {1: _file(Path(folder, "own"), added, shared)}
    return Themes(shared, {_SLUG: own})


def _file(
    folder: Path,
    themes: _Declared,
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
            n, hits, covered = map(int, map(str, numbers))
            cells[str(theme)].append(
                Cell(
                    touchpoint=int(str(number)),
                    wijk=str(wijk),
                    product=str(product),
                    low=bool(low),
                    texts=n,
                    hits=hits,
                    small_group=bool(small),
                    covered=covered,
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
        "| a name in themes: parts told | of 1 to 4 | read | control | by the rule | control |",
        "|---:|---:|---:|---:|---:|---:|",
    )
    rows = (
        f"| {line.told} | {line.there} | {line.read} | {line.control} | {line.by_rule}"
        f" | {line.by_rule_control} |"
        for line in found
    )
    return "\n".join((*head, *rows))
