"""Intervals, p and what could be found, as docs/bi.md and decision 0018 put them; with scipy.

Each takes and gives columns (of pandas, or numbers of numpy); what is not known is NaN.
"""

from typing import Any

from tests.read_later import read_later

np, stats = read_later("numpy"), read_later("scipy.stats")

_EXTRA = 0.4
"""So much of an answer more is reckoned with at either end of the scale."""

_LEVEL, _POWER = 0.975, 0.8


def wilson(hits: Any, n: Any) -> tuple[Any, Any]:
    """The ends of the 95 % interval of a share, by Wilson's score."""
    z = stats.norm.ppf(_LEVEL)
    share = hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # At the ends of the scale exactly those: what is left there is rounding.
    low = np.where(hits == 0, 0.0, middle - half)
    return np.where(np.isnan(share), np.nan, low), np.where(hits == n, 1.0, middle + half)


def squared_error(n: Any, total: Any, squares: Any, top: Any) -> Any:
    """Of a mean of `n` answers from 1 to `top`, with what is reckoned more at the ends."""
    more = n + 2 * _EXTRA
    mean = (total + _EXTRA * (1 + top)) / more
    around = squares + _EXTRA * (1 + top**2) - more * mean**2
    return around / (more - 1) / more


def mean_interval(n: Any, total: Any, squares: Any, top: Any) -> tuple[Any, Any]:
    """The ends of the 95 % interval of a mean: it holds the mean, and keeps to the scale."""
    middle = (total + _EXTRA * (1 + top)) / (n + 2 * _EXTRA)
    half = stats.t.ppf(_LEVEL, n - 1) * np.sqrt(squared_error(n, total, squares, top))
    mean = total / n
    low = np.maximum(1, np.minimum(mean, middle - half))
    return low, np.minimum(top, np.maximum(mean, middle + half))


def _freedom(error: Any, n: Any, other_error: Any, other_n: Any) -> Any:
    both = error**2 / (n - 1) + other_error**2 / (other_n - 1)
    return (error + other_error) ** 2 / both


def welch(difference: Any, error: Any, n: Any, other_error: Any, other_n: Any) -> Any:
    """Two-sided p of a difference of two means, given their squared errors."""
    t = np.abs(difference) / np.sqrt(error + other_error)
    return 2 * stats.t.sf(t, _freedom(error, n, other_error, other_n))


def welch_margin(error: Any, n: Any, other_error: Any, other_n: Any) -> Any:
    """Half the width of the 95 % interval of that difference."""
    free = _freedom(error, n, other_error, other_n)
    return stats.t.ppf(_LEVEL, free) * np.sqrt(error + other_error)


def findable(error: Any, n: Any, other_error: Any, other_n: Any) -> Any:
    """The smallest difference that is found four times out of five."""
    free = _freedom(error, n, other_error, other_n)
    return (stats.t.ppf(_LEVEL, free) + stats.t.ppf(_POWER, free)) * np.sqrt(error + other_error)


def holm(p: Any) -> Any:
    """The p of those that stand together, a column of pandas, each made larger by Holm's steps."""
    known = p.dropna().sort_values()
    steps = np.arange(len(known), 0, -1) * known
    return steps.cummax().clip(upper=1).reindex(p.index)


def difference_interval(
    figure: tuple[Any, Any, Any], other: tuple[Any, Any, Any]
) -> tuple[Any, Any]:
    """The 95 % interval of a figure minus another; each is itself and its two ends (Newcombe)."""
    (here, low, high), (there, other_low, other_high) = figure, other
    return (
        here - there - np.hypot(here - low, other_high - there),
        here - there + np.hypot(high - here, there - other_low),
    )
