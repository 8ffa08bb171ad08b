"""The coordinates of the pictures in a report. Pure: the template writes the SVG.

Units are those of a picture's own viewBox, `WIDTH` wide. In print that is half a sheet or a whole
one, so that its text is nine points at the least.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from math import ceil, floor

import msgspec

from ingest.reports.figures import Figure, Improved, RegionalChannel, Series
from ingest.reports.months import months_back

WIDTH = 340
TREND_HEIGHT = 104

# Of the trend: room at the left for the scale, at the right for the last mark.
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 286, 9, 78
_TICKS_AT = 98
# What is certain of a month with no month beside it that has a figure.
_ALONE = 5
# Of municipalities below each other.
_NAMES, _FROM, _TO, _ROW, _FIRST = 0, 100, 232, 26, 36
_MEAN_AT = 280


class Grid(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the scale, and what it stands for."""

    at: float
    value: int


class Tick(msgspec.Struct, frozen=True, kw_only=True):
    """A month below the picture."""

    x: float
    month: date


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """A mean."""

    x: float
    y: float


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    """Means over the months in a band that says how certain they are. `few`: too few answers.

    `improved` is where something was improved. `last` is the report's month, where it has a figure.
    """

    grid: tuple[Grid, ...]
    ticks: tuple[Tick, ...]
    band: str
    line: str
    points: tuple[Point, ...]
    few: tuple[Point, ...]
    improved: tuple[float, ...]
    last: Point | None
    left: int = _LEFT
    right: int = _RIGHT
    top: int = _TOP
    bottom: int = _BOTTOM
    ticks_at: int = _TICKS_AT
    width: int = WIDTH
    height: int = TREND_HEIGHT

    @property
    def is_empty(self) -> bool:
        """Whether no month has a figure."""
        return not self.points


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A municipality: its mean, and the ends of what is certain where they are known."""

    y: float
    x: float | None
    low: float | None
    high: float | None


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """Municipalities below each other on one scale, in the order in which they are given."""

    grid: tuple[Grid, ...]
    rows: tuple[Row, ...]
    top: float
    bottom: float
    height: float
    names: int = _NAMES
    width: int = WIDTH
    left: int = _FROM
    right: int = _TO
    mean_at: int = _MEAN_AT


def trend(series: Series, improved: Sequence[Improved] = ()) -> Trend:
    """The months of a series, on a scale that holds all that is certain of them."""
    figures = [month.figure for month in series.months]
    low, high = scale(figures, series.lowest, series.highest)
    step = (_RIGHT - _LEFT - 12) / (len(figures) - 1)
    xs = [round(_LEFT + 6 + place * step, 1) for place in range(len(figures))]

    def y(mark: float) -> float:
        return round(_BOTTOM - (mark - low) / (high - low) * (_BOTTOM - _TOP), 1)

    band, line, points = "", "", []
    for run in _runs(figures):
        means = [(xs[place], y(figures[place].mean or 0.0)) for place in run]
        points += [Point(x=x, y=at) for x, at in means]
        line += "M" + "L".join(f"{x} {at}" for x, at in means)
        band += _band([(xs[p], y(figures[p].high or 0.0), y(figures[p].low or 0.0)) for p in run])
    return Trend(
        grid=tuple(Grid(at=y(value), value=value) for value in _lines(low, high)),
        ticks=tuple(
            Tick(x=xs[place], month=series.months[place].month)
            for place in range(len(xs) - 1, -1, -4)
        ),
        band=band,
        line=line,
        points=tuple(points),
        few=tuple(
            Point(x=x, y=_BOTTOM - 6)
            for x, figure in zip(xs, figures, strict=True)
            if figure.mean is None
        ),
        improved=_places(series, improved, xs[0], step),
        last=points[-1] if figures[-1].mean is not None else None,
    )


def rows(channel: RegionalChannel) -> Rows:
    """The municipalities of one channel."""
    figures = [Figure(n=0, mean=r.mean, low=r.low, high=r.high) for r in channel.rows]
    low, high = scale(figures, channel.lowest, channel.highest)

    def x(mark: float | None) -> float | None:
        if mark is None:
            return None
        return round(_FROM + (mark - low) / (high - low) * (_TO - _FROM), 1)

    bottom = _FIRST + _ROW * (len(figures) - 1) + 12
    return Rows(
        grid=tuple(Grid(at=x(value) or 0.0, value=value) for value in _lines(low, high)),
        rows=tuple(
            Row(y=_FIRST + _ROW * place, x=x(each.mean), low=x(each.low), high=x(each.high))
            for place, each in enumerate(figures)
        ),
        top=_FIRST - 12,
        bottom=bottom,
        height=bottom + 22,
    )


def scale(figures: Iterable[Figure], lowest: int, highest: int) -> tuple[int, int]:
    """Whole ends of a scale that holds every interval, two apart at the least."""
    lows = [figure.low for figure in figures if figure.low is not None]
    highs = [figure.high for figure in figures if figure.high is not None]
    means = [figure.mean for figure in figures if figure.mean is not None]
    low = max(lowest, floor(min([*lows, *means], default=lowest)))
    high = min(highest, ceil(max([*highs, *means], default=highest)))
    if high - low < 2:
        low = max(lowest, high - 2)
    return low, max(high, low + 2)


def _lines(low: int, high: int) -> range:
    """At most five lines."""
    return range(low, high + 1, 2 if high - low > 5 else 1)


def _runs(figures: Sequence[Figure]) -> list[list[int]]:
    """Places of months that have a figure, together while they follow each other."""
    runs: list[list[int]] = []
    for place, figure in enumerate(figures):
        if figure.mean is None:
            continue
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _band(run: Sequence[tuple[float, float, float]]) -> str:
    """The outline between the high and the low ends."""
    if len(run) == 1:
        x, high, low = run[0]
        return f"M{x - _ALONE} {high}H{x + _ALONE}V{low}H{x - _ALONE}z"
    there = "L".join(f"{x} {high}" for x, high, _ in run)
    back = "L".join(f"{x} {low}" for x, _, low in reversed(run))
    return f"M{there}L{back}z"


def _places(
    series: Series, improved: Sequence[Improved], first: float, step: float
) -> tuple[float, ...]:
    """Where days lie between the middles of months."""
    begin = series.months[0].month
    places = []
    for each in improved:
        if each.channel != series.channel or not begin <= each.day:
            continue
        months = (each.day.year - begin.year) * 12 + each.day.month - begin.month
        month = each.day.replace(day=1)
        length = (months_back(month, -1) - month).days
        along = months + (each.day.day - 1) / length - 0.5
        places.append(round(first + min(max(along, 0), len(series.months) - 1) * step, 1))
    return tuple(sorted(set(places)))
