"""How certain a figure is that the views do not work out themselves: from what adds up. Pure.

The views give a department's figures with `n`, `som` and `som_kwadraten`, and no comparison. These
are the same formulas as `lees.squared_error`, `lees.welch_p` and their like in the database
(docs/decisions/0018-certain-is-what-chance-seldom-gives.md), and a test sets both side by side.
"""

from collections.abc import Sequence
from math import exp, log, sqrt
from statistics import NormalDist

import msgspec

LEAST = 10
"""Under so many answers a figure is not shown."""

CHANCE = 0.05
"""A difference counts when chance alone gives one so large less often than this."""

_MORE_AT_EACH_END = 0.4
_NORMAL = NormalDist()
_Z = _NORMAL.inv_cdf(0.975)


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """Answers that add up: how many, their sum and that of their squares, on a scale."""

    n: int
    total: int
    squares: int
    lowest: int = 1
    highest: int = 10

    @property
    def mean(self) -> float:
        """The mean. Raises ZeroDivisionError where nobody answered."""
        return self.total / self.n

    @property
    def squared_error(self) -> float:
        """Of the mean, never 0: as if 0.4 of an answer more had come in at either end."""
        more, ends = _MORE_AT_EACH_END, (self.lowest, self.highest)
        n = self.n + 2 * more
        total = self.total + more * sum(ends)
        squares = self.squares + more * sum(end * end for end in ends)
        return (n * squares - total * total) / (n * n * (n - 1))

    @property
    def interval(self) -> tuple[float, float]:
        """The ends of the 95 % interval of the mean, on its scale. For two answers or more."""
        more, ends = _MORE_AT_EACH_END, (self.lowest, self.highest)
        middle = (self.total + more * sum(ends)) / (self.n + 2 * more)
        margin = t_975(self.n - 1) * sqrt(self.squared_error)
        return (
            max(self.lowest, min(self.mean, middle - margin)),
            min(self.highest, max(self.mean, middle + margin)),
        )


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One mean minus another, on the scale of the answers, with its 95 % interval and its p.

    `findable` is the smallest difference that would be found four times out of five.
    """

    value: float
    low: float
    high: float
    p: float
    findable: float


def compare(now: Sample, before: Sample) -> Difference:
    """Welch's test of two means, each of at least `LEAST` answers."""
    a, b = now.squared_error, before.squared_error
    freedom = (a + b) ** 2 / (a * a / (now.n - 1) + b * b / (before.n - 1))
    value = now.mean - before.mean
    error = sqrt(a + b)
    margin = t_975(freedom) * error
    x = 1 / freedom
    eighty = 0.8416212 + x * (0.3594409 + x * (0.1476506 + x * 0.0167459))
    return Difference(
        value=value,
        low=value - margin,
        high=value + margin,
        p=_tail(value / error, freedom),
        findable=margin + eighty * error,
    )


def holm(ps: Sequence[float]) -> list[float]:
    """Each p raised for how many are looked at together (Holm's step-down), in the same order."""
    corrected = [0.0] * len(ps)
    least = 0.0
    for place, index in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        least = max(least, ps[index] * (len(ps) - place))
        corrected[index] = min(1.0, least)
    return corrected


def wilson(count: int, n: int) -> tuple[float, float]:
    """The ends of the 95 % interval of a share (0 to 1)."""
    share, spread = count / n, _Z * _Z / n
    middle = (share + spread / 2) / (1 + spread)
    margin = _Z * sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return max(0.0, middle - margin), min(1.0, middle + margin)


def t_975(freedom: float) -> float:
    """Student's quantile, by the series that `lees.t_975` uses."""
    x = 1 / freedom
    terms = (1.2103657, 0.7074986, 0.1533112, -0.2395088, -0.0575579, 0.1419811, -0.0469278)
    power = 0.0
    for term in reversed(terms):
        power = x * (term + power)
    return _Z * exp(power)


def _tail(t: float, freedom: float) -> float:
    """Both tails of Student's distribution, by G. W. Hill's algorithm 395."""
    h = freedom - 0.5
    y = h * log(1 + t * t / freedom)
    z = sqrt(y) * (
        1
        + (y + 3 + (((-0.4 * y - 3.3) * y - 24) * y - 85.5) / (0.8 * y * y + 100 + 48 * h * h))
        / (48 * h * h)
    )
    return min(1.0, 2 * _NORMAL.cdf(-z))
