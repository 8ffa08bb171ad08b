"""Decides what the municipalities of a region may see of each other's figures. Pure.

A cell is how often each answer was given to one municipality in one comparison: a period, channel,
core, indicator and kind. Every reader is told the same of it, and also knows their own cell. So no
reader may be able to work out a hidden cell from their own, from a mean, or from a sum over months
(docs/decisions/0009-the-region-is-told-once.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

import msgspec

from ingest.questionnaires.kinds import KINDS

SMALLEST_CELL = 10
"""A municipality with fewer answers is hidden from the others."""

IN_FULL = 30
"""With fewer answers only a number, a mean and one share are shown, and no distribution."""

CONTRIBUTORS = 3
"""With fewer municipalities there is no mean of the region."""

_HIDDEN_WITH_THEM = 2
_HIDDEN_TOGETHER = 2
_ANSWERS_HIDDEN = 10

Given = Sequence[int]
Column = Literal["mean", "full"]

_LEAST: Mapping[Column, int] = {"mean": SMALLEST_CELL, "full": IN_FULL}
_TELLS: Mapping[Column, Sequence[Column]] = {"mean": ("mean",), "full": ("mean", "full")}


class Means(msgspec.Struct, frozen=True, kw_only=True):
    """The region as a whole: None is what may not be told."""

    municipalities: int
    hidden: int
    pooled: Decimal | None
    unweighted: Decimal | None


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """How many answers a month had when it was first told, and whether it was hidden then."""

    number: int
    n: int
    hidden: bool

    def tells(self, column: Column) -> bool:
        """Whether a column of this month is told."""
        return not self.hidden and self.n >= _LEAST[column]


def answers(given: Given) -> int:
    """How many answers a distribution holds."""
    return sum(given)


def total(given: Given) -> int:
    """The sum of its answers: the first place counts for 1."""
    return sum(value * times for value, times in enumerate(given, start=1))


def hidden(cells: Mapping[str, Given]) -> frozenset[str]:
    """Which municipalities are hidden from the others.

    These are those with fewer than ten answers and, if there are any, the two next smallest. So
    from each hidden municipality, which knows its own cell, at least two others stay hidden, and
    one of those has ten answers. The numbers of the small ones do not matter for the choice, or the
    choice would reveal them.
    """
    small = {code for code, given in cells.items() if answers(given) < SMALLEST_CELL}
    rest = sorted(cells.keys() - small, key=lambda code: (answers(cells[code]), code))
    return frozenset(small | set(rest[:_HIDDEN_WITH_THEM])) if small else frozenset()


def means(cells: Mapping[str, Given], out_of_sight: frozenset[str], kind: str) -> Means:
    """The region's means; rounded while a cell is hidden, since decimals could reveal its size."""
    n = sum(answers(given) for given in cells.values())
    pooled = unweighted = None
    if len(cells) >= CONTRIBUTORS:
        mean = Decimal(sum(total(given) for given in cells.values())) / n
        if not out_of_sight:
            pooled = mean
            own_means = [Decimal(total(given)) / answers(given) for given in cells.values()]
            unweighted = sum(own_means, Decimal(0)) / len(own_means)
        elif all(
            _enough(unseen, cells) and _differ(unseen, cells)
            for unseen in _unseen_by_each(out_of_sight, cells)
        ):
            pooled = _rounded(mean, kind)
    return Means(
        municipalities=len(cells),
        hidden=len(out_of_sight),
        pooled=pooled,
        unweighted=unweighted,
    )


def tells_together(months: Sequence[Month], column: Column) -> bool:
    """Whether the sum of these months (a quarter) may be told.

    The sum must be large enough, and either no month is hidden or the hidden ones hide each other.
    A distribution reveals the number of answers, so it is told only where that number is.
    """
    return all(
        sum(month.n for month in months) >= _LEAST[needed]
        and _hide_each_other([month.n for month in months if not month.tells(needed)])
        for needed in _TELLS[column]
    )


def tells_year(months: Sequence[Month], column: Column) -> bool:
    """Whether the sum of a year may be told.

    The rule for its months holds for its quarters too. And subtracting the quarters that are told
    gives the sum of the other months, so that sum must be allowed as well.
    """
    return tells_together(months, column) and all(
        _year_without_quarters(months, needed) for needed in _TELLS[column]
    )


def _year_without_quarters(months: Sequence[Month], column: Column) -> bool:
    quarters: dict[int, list[Month]] = {}
    for month in months:
        quarters.setdefault((month.number - 1) // 3, []).append(month)
    silent = [quarter for quarter in quarters.values() if not tells_together(quarter, column)]
    return _none_or_two(
        sum(month.n for month in quarter) for quarter in silent
    ) and _hide_each_other(
        [month.n for quarter in silent for month in quarter if not month.tells(column)]
    )


def _hide_each_other(sizes: Sequence[int]) -> bool:
    """Whether hidden months may be told as a sum.

    Months with fewer than ten answers must hide each other, because larger hidden months may be
    guessed. A municipality that was the only small one knows that those hidden with it had at least
    ten answers, and no more than the smallest cell that was told. And where few residents skip a
    question, the figures of another question give the number of answers.
    """
    small = [n for n in sizes if n < SMALLEST_CELL]
    kept_company = [n for n in sizes if n >= SMALLEST_CELL]
    return (
        _none_or_two(sizes)
        and _none_or_two(small)
        and not _cornered(small)
        and (not kept_company or sum(kept_company) > SMALLEST_CELL * len(kept_company))
    )


def _cornered(small: Sequence[int]) -> bool:
    """Whether the sum alone nearly gives each size: 18 answers in two months must be 9 and 9."""
    least, most = len(small), (SMALLEST_CELL - 1) * len(small)
    return bool(small) and not least + 1 < sum(small) < most - 1


def _none_or_two(sizes: Iterable[int]) -> bool:
    counts = list(sizes)
    return not counts or (len(counts) >= _HIDDEN_TOGETHER and sum(counts) >= _ANSWERS_HIDDEN)


def _unseen_by_each(
    out_of_sight: Iterable[str], cells: Mapping[str, Given]
) -> list[frozenset[str]]:
    """The hidden cells, as seen by an outsider, and by each municipality, which knows its own."""
    every = frozenset(out_of_sight)
    return [every, *(every - {code} for code in cells)]


def _enough(unseen: frozenset[str], cells: Mapping[str, Given]) -> bool:
    """Whether at least two cells are hidden, and one of them is not small itself."""
    return len(unseen) >= _HIDDEN_TOGETHER and any(
        answers(cells[code]) >= SMALLEST_CELL for code in unseen
    )


def _differ(unseen: frozenset[str], cells: Mapping[str, Given]) -> bool:
    """Whether the hidden answers differ; if all were the same, a mean would reveal each of them."""
    values = {place for code in unseen for place, times in enumerate(cells[code]) if times}
    return not unseen or len(values) > 1


def _rounded(mean: Decimal, kind: str) -> Decimal:
    declared = KINDS[kind]
    if declared.scale is None:
        # On 0 to 100, as it is shown, to whole numbers.
        whole = Decimal(100) / (len(declared.places) - 1)
        return round((mean - 1) * whole) / whole + 1
    return round(mean, 1)
