"""What the municipalities of a region may know of each other, and what follows from nothing. Pure.

A cell is what one municipality was given in one comparison: a period, channel, core, indicator and
kind. What is told of it is the same for every reader, and each reader also knows the own cell. So
what is hidden must stay hidden from each of them, together with every mean and every sum over
months that is told beside it (docs/decisions/0009-the-region-is-told-once.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

import msgspec

from ingest.questionnaires.kinds import KINDS

SMALLEST_CELL = 10
"""Fewer answers of a municipality are hidden from the others."""

IN_FULL = 30
"""Fewer answers show a number, a mean and one share, and no distribution."""

CONTRIBUTORS = 3
"""Fewer municipalities give no mean of the region."""

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

    Those with fewer than ten answers, and with them the two next smallest: so to each of them,
    which knows its own, two others are hidden, and one of those has ten answers. How many the
    smallest have plays no part in it, or who is hidden would tell that.
    """
    small = {code for code, given in cells.items() if answers(given) < SMALLEST_CELL}
    rest = sorted(cells.keys() - small, key=lambda code: (answers(cells[code]), code))
    return frozenset(small | set(rest[:_HIDDEN_WITH_THEM])) if small else frozenset()


def means(cells: Mapping[str, Given], out_of_sight: frozenset[str], kind: str) -> Means:
    """The means of the region. While something is hidden, rounded: more decimals tell how many."""
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

    None of them is hidden, or what is hidden hides each other; and the sum itself is large enough.
    A distribution counts its answers, so it is told only where they are.
    """
    return all(
        sum(month.n for month in months) >= _LEAST[needed]
        and _hide_each_other([month.n for month in months if not month.tells(needed)])
        for needed in _TELLS[column]
    )


def tells_year(months: Sequence[Month], column: Column) -> bool:
    """Whether the sum of a year may be told: as of its months, so of its quarters.

    And of the months that no quarter tells of: the year without those quarters is their sum.
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

    Those under ten must hide each other: what was hidden only to keep others company may be known
    all the same. Who was the only small one knows that those hidden with it had ten at the least,
    and no more than the smallest that was told; and where few skip a question, another question
    tells how many there were.
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
    """All as small or as large as they can be, or but one: eighteen in two months are nine each."""
    least, most = len(small), (SMALLEST_CELL - 1) * len(small)
    return bool(small) and not least + 1 < sum(small) < most - 1


def _none_or_two(sizes: Iterable[int]) -> bool:
    counts = list(sizes)
    return not counts or (len(counts) >= _HIDDEN_TOGETHER and sum(counts) >= _ANSWERS_HIDDEN)


def _unseen_by_each(
    out_of_sight: Iterable[str], cells: Mapping[str, Given]
) -> list[frozenset[str]]:
    """What is hidden, to somebody who knows none of the cells, and to each municipality."""
    every = frozenset(out_of_sight)
    return [every, *(every - {code} for code in cells)]


def _enough(unseen: frozenset[str], cells: Mapping[str, Given]) -> bool:
    """Two at the least, and one that would not have been hidden for itself."""
    return len(unseen) >= _HIDDEN_TOGETHER and any(
        answers(cells[code]) >= SMALLEST_CELL for code in unseen
    )


def _differ(unseen: frozenset[str], cells: Mapping[str, Given]) -> bool:
    """Not all hidden answers are the same: then a mean would tell each of them."""
    values = {place for code in unseen for place, times in enumerate(cells[code]) if times}
    return not unseen or len(values) > 1


def _rounded(mean: Decimal, kind: str) -> Decimal:
    declared = KINDS[kind]
    if declared.scale is None:
        # On 0 to 100, as it is shown, to whole numbers.
        whole = Decimal(100) / (len(declared.places) - 1)
        return round((mean - 1) * whole) / whole + 1
    return round(mean, 1)
