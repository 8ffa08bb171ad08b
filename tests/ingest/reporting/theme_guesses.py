"""A colleague who reads texts, rows and figures of themes ties no text to fewer than ten rows.

The attack: where a product has as many texts of a theme as there are texts of it at all, each of
them is of that product; its row is one of those with that product and that group of marks. Beside
it a control on the same residents, in which products are counted as they come: it finds people.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from ingest.reporting.texts import judgement
from ingest.reporting.theme_rule import Cell, Responses, kept_details, told

PRODUCTS = ("paspoort", "rijbewijs", "uittreksel", "verhuizing")
THEMES = range(4)
WORLDS = 300


class Resident(NamedTuple):
    """What one response shows in the rows, and what its text is about; None: no text."""

    product: str
    mark: int
    themes: frozenset[int] | None

    @property
    def low(self) -> bool:
        return judgement(self.mark) == "laag"


def residents(chance: random.Random) -> list[Resident]:
    """A month at one touchpoint. Most of what is wrong is wrong with one product."""
    found = []
    bad = chance.choice(PRODUCTS)
    for _ in range(chance.randint(40, 400)):
        product = chance.choices(PRODUCTS, (8, 4, 2, 1))[0]
        mark = chance.choice((2, 4, 5, 6)) if chance.random() < 0.12 else chance.randint(6, 10)
        likely = 0.5 if product == bad else 0.05
        themes = frozenset(theme for theme in THEMES if chance.random() < likely)
        found.append(Resident(product, mark, themes if chance.random() < 0.5 else None))
    return found


def coarse(people: Sequence[Resident], theme: int) -> dict[str, int]:
    """How many texts have the theme, by product, as it is told."""
    groups: Counter[tuple[str, str]] = Counter()
    texts: Counter[tuple[str, str]] = Counter()
    for one in people:
        groups[judgement(one.mark), one.product] += 1
        texts[judgement(one.mark), one.product] += one.themes is not None
    kept = kept_details(
        [
            Responses(group=g, wijk="", product=p, responses=n, texts=texts[g, p])
            for (g, p), n in groups.items()
        ]
    )
    cells = [
        Cell(
            touchpoint=1,
            wijk="",
            product=kept["", one.product][1],
            low=one.low,
            texts=1,
            hits=int(theme in one.themes),
            small_group=False,
        )
        for one in people
        if one.themes is not None
    ]
    return {part.product: part.hits for part in told(cells) if part.part == "alle"}


def plainly(people: Sequence[Resident], theme: int) -> dict[str, int]:
    """The same, counted by product as it comes, with the thresholds of a view."""
    counted = Counter(one.product for one in people if one.themes and theme in one.themes)
    return {product: hits for product, hits in counted.items() if hits >= 5}


def guesses(people: Sequence[Resident], shown: dict[str, int], theme: int) -> Iterator[float]:
    """How likely a guess is right, of each text that must be of one product."""
    about = [one for one in people if one.themes and theme in one.themes]
    for product, hits in shown.items():
        if product and hits == len(about):
            for text in about:
                group = judgement(text.mark)
                rows = [
                    one for one in people if one.product == product and judgement(one.mark) == group
                ]
                yield 1 / len(rows)


Counting = Callable[[Sequence[Resident], int], dict[str, int]]


def best(count: Counting) -> tuple[float, int]:
    """The surest guess in all worlds, and how many texts were tied to a product at all."""
    chance = random.Random(26)
    found: list[float] = []
    for _ in range(WORLDS):
        people = residents(chance)
        for theme in THEMES:
            found += guesses(people, count(people, theme), theme)
    return max(found, default=0), len(found)


class Tied(msgspec.Struct, frozen=True, kw_only=True):
    """How many texts were tied to a product, and how surely one to a row, 0 to 1."""

    texts: int
    chance: float
    plainly_texts: int
    plainly_chance: float

    @property
    def failures(self) -> list[str]:
        """Sentences for what should not be."""
        bad = []
        if self.chance > 0.1:
            bad.append(f"themes: a guess at the row of a text is right for {self.chance:.1%}")
        if self.plainly_chance < 1 or self.plainly_texts <= 100:
            bad.append("themes: the control finds nobody")
        return bad


def tied() -> Tied:
    """The attack, and beside it products that are counted as they come."""
    chance, texts = best(coarse)
    plainly_chance, plainly_texts = best(plainly)
    return Tied(
        texts=texts, chance=chance, plainly_texts=plainly_texts, plainly_chance=plainly_chance
    )


def table(found: list[Tied]) -> str:
    """As Markdown."""
    head = (
        "| themes by product: worlds | texts tied | surest guess | as they come: tied | surest |",
        "|---:|---:|---:|---:|---:|",
    )
    rows = (
        f"| {WORLDS} | {line.texts} | {line.chance:.1%} | {line.plainly_texts} |"
        f" {line.plainly_chance:.1%} |"
        for line in found
    )
    return "\n".join((*head, *rows))
