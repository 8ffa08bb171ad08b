"""What can be worked out from the benchmark by who reads all of it and knows the own cells.

An attacker knows the rules too, takes one comparison (a region, month, channel, core and
indicator), and asks which answers of the hidden municipalities fit everything that is shown.
A hidden cell is found when only one number of answers and one sum do.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product

import msgspec

SCALES = {"mark": 10, "agreement": 5, "smileys": 5, "yes_partly_no": 3}
Given = tuple[int, ...]
Cell = tuple[int, int]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of meetpunt.benchmark_rule(), as an attacker reads them in the source."""

    smallest_cell: int = 10
    hidden_together: int = 2
    hidden_answers: int = 10
    hidden_spread: int = 1
    contributors: int = 3


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """All that one reader knows of one comparison: `n` and sum per known municipality."""

    kind: str
    known: Mapping[str, Cell]
    own: frozenset[str]
    hidden: tuple[str, ...]
    pooled_100: Decimal | None
    unweighted_100: Decimal | None
    pooled_raw: Decimal | None

    @property
    def scale(self) -> int:
        return SCALES[self.kind]


def cell_of(given: Given) -> Cell:
    """How many answers, and their sum."""
    return sum(given), sum(value * count for value, count in enumerate(given, start=1))


def random_given(kind: str, n: int, chance: random.Random) -> Given:
    """`n` answers, often all the lowest or the highest: there the least is left to guess."""
    scale = SCALES[kind]
    values = {
        "lowest": [1],
        "highest": [scale],
        "ends": [1, scale],
        "any": list(range(1, scale + 1)),
    }[chance.choice(["lowest", "highest", "ends", "any"])]
    drawn = [chance.choice(values) for _ in range(n)]
    return tuple(drawn.count(value) for value in range(1, 11))


def comparison_of(rows: Sequence[Mapping[str, object]], own: Mapping[str, Given]) -> Comparison:
    """What the rows of one comparison say, beside the own cells, which need no view."""
    kind = str(rows[0]["soort"])
    known = {code: cell_of(given) for code, given in own.items() if sum(given)}
    for row in rows:
        if row["n"] is not None and not row["eigen"]:
            n, mean = int(str(row["n"])), Fraction(str(row["gemiddelde_100"]))
            total = n + n * mean * (SCALES[kind] - 1) / 100
            known[str(row["gemeente_code"])] = n, round(total)
    head = rows[0]
    return Comparison(
        kind=kind,
        known=known,
        own=frozenset(own),
        hidden=tuple(str(row["gemeente_code"]) for row in rows if row["n"] is None),
        pooled_100=_figure(head["regio_gemiddelde_100_gepoold"]),
        unweighted_100=_figure(head["regio_gemiddelde_100_ongewogen"]),
        pooled_raw=_figure(head["regio_gemiddelde_gepoold"]),
    )


def found_by_trying(seen: Comparison, rule: Rule, most: int) -> set[str]:
    """The hidden municipalities of which one number of answers and one sum fit alone.

    Tries every number of answers up to `most` for each; of the sums it keeps what fits.
    """
    possible: dict[str, set[Cell]] = {code: set() for code in seen.hidden}
    for sizes in product(range(1, most + 1), repeat=len(seen.hidden)):
        guess = dict(zip(seen.hidden, sizes, strict=True))
        if hidden_under(rule, seen, guess) != set(seen.hidden):
            continue
        for sums in _sums_that_fit(seen, rule, sizes):
            for code, n, total in zip(seen.hidden, sizes, sums, strict=True):
                possible[code].add((n, total))
        if all(len(cells) > 1 for cells in possible.values()):
            return set()
    assert all(possible.values()), "the truth itself must fit"
    return {code for code, cells in possible.items() if len(cells) == 1}


def hidden_under(rule: Rule, seen: Comparison, guess: Mapping[str, int]) -> set[str]:
    """Whom the rules would hide from this reader, if the hidden had so many answers."""
    sizes = {code: n for code, (n, _) in seen.known.items() if code not in seen.own} | dict(guess)
    hidden = {code for code, n in sizes.items() if n < rule.smallest_cell}
    if 0 < len(hidden) < rule.hidden_together:
        next_smallest = min((n for code, n in sizes.items() if code not in hidden), default=0)
        hidden |= {code for code, n in sizes.items() if n == next_smallest}
    return hidden


def _sums_that_fit(seen: Comparison, rule: Rule, sizes: Sequence[int]) -> Iterator[Given]:
    """Sums of the hidden that fit: for each total the ends, enough to tell one from more."""
    least, most = sum(sizes), sum(sizes) * seen.scale
    together = len(sizes) + len(seen.known) >= rule.contributors and (
        len(sizes) >= rule.hidden_together and sum(sizes) >= rule.hidden_answers
    )
    for total in range(least, most + 1):
        # All the same for certain at either end only; in between, other answers give the same sum.
        same = total in (least, most)
        may_show = together and (rule.hidden_spread == 0 or not same)
        must_show = together and (rule.hidden_spread == 0 or not _may_be_the_same(total, sizes))
        if seen.pooled_100 is None and must_show:
            continue
        if seen.pooled_100 is not None and not may_show:
            continue
        if not _gives_the_pooled_mean(seen, sum(sizes), total):
            continue
        for sums in _spread_over(total, sizes, seen.scale):
            if (
                seen.pooled_100 is None
                and together
                and rule.hidden_spread
                and not _level(sums, sizes)
            ):
                continue
            if _gives_the_unweighted_mean(seen, sizes, sums):
                yield sums


def _may_be_the_same(total: int, sizes: Sequence[int]) -> bool:
    return total % sum(sizes) == 0


def _level(sums: Sequence[int], sizes: Sequence[int]) -> bool:
    return len({Fraction(total, n) for total, n in zip(sums, sizes, strict=True)}) == 1


def _spread_over(total: int, sizes: Sequence[int], scale: int) -> Iterator[Given]:
    """`total` over the cells: as much to the first as goes, as little, and evenly."""
    for order in (range(len(sizes)), range(len(sizes) - 1, -1, -1)):
        left, sums = total - sum(sizes), list(sizes)
        for place in order:
            more = min(left, sizes[place] * (scale - 1))
            sums[place] += more
            left -= more
        yield tuple(sums)
    if total % sum(sizes) == 0:
        yield tuple(n * (total // sum(sizes)) for n in sizes)


def _gives_the_pooled_mean(seen: Comparison, n: int, total: int) -> bool:
    if seen.pooled_100 is None:
        return True
    answers = n + sum(known for known, _ in seen.known.values())
    mean = Fraction(total + sum(known for _, known in seen.known.values()), answers)
    if seen.pooled_raw is not None:
        return abs(mean - Fraction(seen.pooled_raw)) <= Fraction(1, 20)
    return abs((mean - 1) * 50 - Fraction(seen.pooled_100)) <= Fraction(1, 2)


def _gives_the_unweighted_mean(seen: Comparison, sizes: Sequence[int], sums: Sequence[int]) -> bool:
    if seen.unweighted_100 is None:
        return True
    means = [Fraction(total, n) for n, total in seen.known.values()]
    means += [Fraction(total, n) for total, n in zip(sums, sizes, strict=True)]
    mean_100 = (sum(means, Fraction(0)) / len(means) - 1) * 100 / (seen.scale - 1)
    return abs(mean_100 - Fraction(seen.unweighted_100)) < Fraction(1, 100_000)


def found_by_solving(comparisons: Sequence[Comparison]) -> set[tuple[int, str]]:
    """The hidden cells that follow from all figures together, taken as exact: linear algebra.

    Unknown are each hidden cell's number and sum; a regional mean over them is an equation.
    """
    unknown = [
        (place, code, what)
        for place, seen in enumerate(comparisons)
        for code in seen.hidden
        for what in ("n", "sum")
    ]
    column = {each: index for index, each in enumerate(unknown)}
    rows = []
    for place, seen in enumerate(comparisons):
        if seen.pooled_100 is None or not seen.hidden:
            continue
        mean = 1 + Fraction(seen.pooled_100) * (seen.scale - 1) / 100
        row = [Fraction(0)] * len(unknown)
        for code in seen.hidden:
            row[column[place, code, "sum"]] = Fraction(1)
            row[column[place, code, "n"]] = -mean
        rows.append(row)
        if seen.unweighted_100 is not None and len(seen.hidden) == 1:
            rows.append(_mean_of_the_only_one(row, seen))
    alone = [
        [index for index, value in enumerate(row) if value]
        for row in _reduced(rows)
        if sum(value != 0 for value in row) == 1
    ]
    return {unknown[entry][:2] for (entry,) in alone}


def _mean_of_the_only_one(pooled: Sequence[Fraction], seen: Comparison) -> list[Fraction]:
    """Where one is hidden the mean of means gives its mean: its sum is so many times its number."""
    assert seen.unweighted_100 is not None
    means = sum((Fraction(total, n) for n, total in seen.known.values()), Fraction(0))
    all_means = (1 + Fraction(seen.unweighted_100) * (seen.scale - 1) / 100) * (len(seen.known) + 1)
    return [value if value in (0, 1) else means - all_means for value in pooled]


def _reduced(rows: Sequence[Sequence[Fraction]]) -> list[list[Fraction]]:
    """Reduced row echelon form: a row with one entry names an unknown that is known."""
    matrix = [list(row) for row in rows]
    width = len(matrix[0]) if matrix else 0
    top = 0
    for place in range(width):
        pivot = next((index for index in range(top, len(matrix)) if matrix[index][place]), None)
        if pivot is None:
            continue
        matrix[top], matrix[pivot] = matrix[pivot], matrix[top]
        lead = matrix[top][place]
        matrix[top] = [value / lead for value in matrix[top]]
        for index, row in enumerate(matrix):
            if index != top and row[place]:
                factor = row[place]
                matrix[index] = [a - factor * b for a, b in zip(row, matrix[top], strict=True)]
        top += 1
    return matrix[:top]


def _figure(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
