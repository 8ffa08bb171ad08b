"""A rounded mean over hidden cells: which answers of theirs fit all that is shown of a month.

A hidden cell is found when no other number of its answers, or no other sum of them, fits. Every
guess is put to the rule itself: it must hide the same ones, and tell the same means.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from ingest.reporting.region_rule import answers, hidden, means, total
from tests.ingest.reporting.region_worlds import SCALES, Given

Left = tuple[int, int, int]
"""Answers and their sum of some hidden months together, and how many others these are."""

MOST = 40
PATIENCE = 20_000
"""So many guesses before it is taken for certain; the less, the sooner something is "found"."""


class Guess(msgspec.Struct, frozen=True, kw_only=True):
    """One month's comparison, with the truth in `cells`; the reader knows the own, if any.

    `left` is what quarters and years tell of a hidden cell together with others in time.
    """

    kind: str
    cells: Mapping[str, Given]
    hidden: frozenset[str]
    reader: str | None
    pooled: Decimal | None
    unweighted: Decimal | None
    left: Mapping[str, Sequence[Left]]

    @property
    def unknown(self) -> list[str]:
        """What is hidden from this reader."""
        return sorted(self.hidden - {self.reader})

    def fits(self, cells: Mapping[str, Given]) -> bool:
        """Whether all would look the same if these were the cells."""
        if hidden(cells) != self.hidden:
            return False
        if not all(self._leaves_enough(code, cells[code]) for code in self.unknown):
            return False
        told = means(cells, self.hidden, self.kind)
        return (told.pooled, told.unweighted) == (self.pooled, self.unweighted)

    def _leaves_enough(self, code: str, given: Given) -> bool:
        """Whether the others of each sum can have what is left: one answer at the least."""
        for n, amount, others in self.left.get(code, ()):
            rest = n - answers(given)
            if not others <= rest <= amount - total(given) <= rest * SCALES[self.kind]:
                return False
        return True


def found_by_trying(guess: Guess, chance: random.Random, patience: int = PATIENCE) -> list[str]:
    """Of whom the number of answers is certain, or their sum."""
    assert guess.fits(guess.cells), "the truth itself must fit"
    return [code for code in guess.unknown if not _doubtful(guess, code, chance, patience)]


def _doubtful(guess: Guess, code: str, chance: random.Random, patience: int) -> bool:
    """Whether something else fits: another number, and another sum."""
    number, amount = answers(guess.cells[code]), total(guess.cells[code])
    other_number = other_amount = False
    for cells in _near(guess, chance, patience):
        if guess.fits(cells):
            other_number |= answers(cells[code]) != number
            other_amount |= total(cells[code]) != amount
            if other_number and other_amount:
                return True
    return False


def _near(guess: Guess, chance: random.Random, patience: int) -> Iterator[dict[str, Given]]:
    """Worlds that might look the same: some answers more or less, and then moved along the scale
    until the mean is as it was; or any answers at all, or all the same."""
    for number in range(patience):
        cells = dict(guess.cells)
        if number % 5 == 3:
            cells |= {each: _any(guess, chance) for each in guess.unknown}
        if number % 5 == 4:
            cells |= _alike(guess, chance)
        for _ in range(chance.randint(1, 3)):
            changed = chance.choice(guess.unknown)
            given = list(cells[changed])
            given[chance.randrange(SCALES[guess.kind])] += chance.choice((1, -1))
            cells[changed] = tuple(given)
        if all(min(cells[each]) >= 0 and any(cells[each]) for each in guess.unknown):
            yield cells if number % 2 else _levelled(guess, cells, chance)


def _any(guess: Guess, chance: random.Random) -> Given:
    scale = SCALES[guess.kind]
    values = chance.choice(([1], [scale], list(range(1, scale + 1))))
    drawn = [chance.choice(values) for _ in range(chance.randint(1, chance.choice((9, MOST))))]
    return tuple(drawn.count(value) for value in range(1, 11))


def _alike(guess: Guess, chance: random.Random) -> dict[str, Given]:
    """Some of the hidden gave one answer only, the same: then there is no mean."""
    place = chance.randrange(SCALES[guess.kind])
    return {
        code: tuple(answers(guess.cells[code]) if place == here else 0 for here in range(10))
        for code in guess.unknown
        if chance.random() < 0.8
    }


def _levelled(guess: Guess, cells: dict[str, Given], chance: random.Random) -> dict[str, Given]:
    """The same numbers of answers, with the mean that is told, if it can be had."""
    if guess.pooled is None:
        return cells
    off = round(guess.pooled * sum(map(answers, cells.values()))) - sum(map(total, cells.values()))
    step = 1 if off > 0 else -1
    for _ in range(20 * abs(off)):
        code = chance.choice(guess.unknown)
        place = chance.randrange(SCALES[guess.kind])
        if off and cells[code][place] and 0 <= place + step < SCALES[guess.kind]:
            given = list(cells[code])
            given[place] -= 1
            given[place + step] += 1
            cells[code] = tuple(given)
            off -= step
    return cells
