"""The coordinates of the charts on the start page. Pure: the template writes the SVG.

Units are those of a picture's own viewBox, `WIDTH` wide; on a screen that is about a pixel each.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from math import floor

import msgspec

from ingest.demo.figures import ChannelFigures, Figures, RegionChannel, RegionRow
from ingest.demo.targets import Target

WIDTH = 300
TREND_HEIGHT = 176
BARS_HEIGHT = 110
LINE_HEIGHT = 66
_BEST = 10

# Of the trend: room at the left for numbers, below for months and for those without a figure.
_LEFT, _RIGHT, _TOP, _BOTTOM = 24, 292, 8, 132
_FEW_AT = 146
# Of the bars.
_BAR, _BARS_TOP, _BARS_BOTTOM = 22, 18, 90
# Of the region: room at the left for names, at the right for the mark itself.
_FROM, _TO, _ROW, _FIRST = 92, 262, 30, 18


class Place(msgspec.Struct, frozen=True):
    """A point, and what is written there: a mark, a share in percents, or nothing."""

    x: float
    y: float
    value: int = 0


class Tick(msgspec.Struct, frozen=True):
    """A month on the axis."""

    x: float
    month: date


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    """Means over the months, each with its interval; `few` are months under 10 answers."""

    grid: tuple[Place, ...]
    ticks: tuple[Tick, ...]
    line: str
    intervals: str
    means: tuple[Place, ...]
    running: Place | None
    few: tuple[Place, ...]
    lines_from: int = _LEFT
    lines_to: int = _RIGHT
    ticks_at: int = TREND_HEIGHT - 6


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """How often a mark was given: its outline, and its share in whole percents."""

    mark: int
    percent: int
    x: float
    top: float
    outline: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A municipality; `x` is where its mean lies, null where that is hidden."""

    y: float
    x: float | None
    row: RegionRow


class Region(msgspec.Struct, frozen=True, kw_only=True):
    """Municipalities below each other, on one scale with the region's mean."""

    height: int
    grid: tuple[Place, ...]
    pooled: float | None
    rows: tuple[Row, ...]
    lines_from: int = _FIRST - 12
    lines_to: int = 0
    rows_from: int = _FROM
    rows_to: int = _TO


class ChannelChart(msgspec.Struct, frozen=True, kw_only=True):
    """One channel over the months, and its distribution."""

    name: str
    figures: ChannelFigures
    trend: Trend
    bars: tuple[Bar, ...]


class RegionChart(msgspec.Struct, frozen=True, kw_only=True):
    """One channel of the region."""

    name: str
    figures: RegionChannel
    chart: Region


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """An interval on a scale, with what it is the interval of, and what is aimed at."""

    grid: tuple[Place, ...]
    low: float
    now: float
    high: float
    aim: float | None


class TargetChart(msgspec.Struct, frozen=True, kw_only=True):
    """One target; nothing is drawn where it has no figure."""

    name: str
    target: Target
    line: Line | None


class Charts(msgspec.Struct, frozen=True, kw_only=True):
    """All pictures; `too_few` names the channels with hardly a month that has a figure."""

    channels: tuple[ChannelChart, ...]
    too_few: tuple[str, ...]
    region_month: date | None
    region: tuple[RegionChart, ...]
    targets: tuple[TargetChart, ...] = ()


def charts_of(figures: Figures, named: Callable[[str, str], str]) -> Charts:
    """The pictures of these figures. `named` gives a channel's name: from its code, and its own."""
    drawn = [channel for channel in figures.channels if channel.drawn]
    low = lowest(month.low for channel in drawn for month in channel.months)
    region_low = lowest(row.mean for shown in figures.region for row in shown.rows)
    return Charts(
        channels=tuple(
            ChannelChart(
                name=named(channel.channel, channel.name),
                figures=channel,
                trend=trend(channel, low),
                bars=bars(channel.given),
            )
            for channel in drawn
        ),
        too_few=tuple(
            named(channel.channel, channel.name)
            for channel in figures.channels
            if not channel.drawn
        ),
        region_month=figures.region_month,
        region=tuple(
            RegionChart(
                name=named(shown.channel, shown.name),
                figures=shown,
                chart=region(shown, region_low),
            )
            for shown in figures.region
        ),
        targets=tuple(
            TargetChart(name=named(each.channel, each.name), target=each, line=line(each))
            for each in figures.targets
        ),
    )


def lowest(marks: Iterable[float | None]) -> int:
    """The lowest mark on the scale that charts beside each other share; 6 at most."""
    return floor(min([6.0, *(mark for mark in marks if mark is not None)]))


def trend(channel: ChannelFigures, low: int) -> Trend:
    """The months of a channel, on a scale of `low` to 10."""

    def x(place: int) -> float:
        return round(_LEFT + 14 + place * (_RIGHT - _LEFT - 22) / (len(channel.months) - 1), 1)

    def y(mark: float) -> float:
        return _along(mark, low, _BOTTOM, _TOP)

    line, intervals, means, few = "", "", [], []
    pen = "M"
    for place, month in enumerate(channel.months):
        if month.mean is None or month.low is None or month.high is None:
            few.append(Place(x(place), _FEW_AT))
            pen = "M"  # a line over a month without a figure would make one up
            continue
        line += f"{pen}{x(place)} {y(month.mean)}"
        pen = "L"
        intervals += f"M{x(place)} {y(month.high)}V{y(month.low)}"
        means.append(Place(x(place), y(month.mean)))
    running = means.pop() if channel.months[-1].mean is not None else None
    return Trend(
        grid=tuple(Place(_LEFT - 6, y(mark), mark) for mark in range(low, _BEST + 1)),
        ticks=tuple(
            Tick(x(place), month.month)
            for place, month in enumerate(channel.months)
            if place % 3 == 0
        ),
        line=line,
        intervals=intervals,
        means=tuple(means),
        running=running,
        few=tuple(few),
    )


def bars(given: Sequence[int]) -> tuple[Bar, ...]:
    """The distribution over the marks 1 to 10. `given` has at least one answer."""
    total, most = sum(given), max(given)
    step = (WIDTH - 8) / len(given)
    drawn = []
    for place, count in enumerate(given):
        left = round(4 + place * step + (step - _BAR) / 2, 1)
        top = round(_BARS_BOTTOM - count / most * (_BARS_BOTTOM - _BARS_TOP), 1)
        drawn.append(
            Bar(
                mark=place + 1,
                percent=round(100 * count / total),
                x=round(left + _BAR / 2, 1),
                top=top,
                outline=f"M{left} {_BARS_BOTTOM}V{top}h{_BAR}V{_BARS_BOTTOM}z",
            )
        )
    return tuple(drawn)


def region(channel: RegionChannel, low: int) -> Region:
    """The municipalities of a region in one channel, on a scale of `low` to 10."""

    def x(mark: float) -> float:
        return _along(mark, low, _FROM, _TO)

    end = _FIRST + _ROW * len(channel.rows) - 12
    return Region(
        height=end + 22,
        grid=tuple(Place(x(mark), end + 16, mark) for mark in range(low, _BEST + 1)),
        pooled=None if channel.pooled is None else x(channel.pooled),
        rows=tuple(
            Row(y=_FIRST + _ROW * place, x=None if row.mean is None else x(row.mean), row=row)
            for place, row in enumerate(channel.rows)
        ),
        lines_to=end,
    )


def line(target: Target) -> Line | None:
    """Where a target stands: marks on a scale to 10, shares in percents from 0."""
    if target.now is None or target.low is None or target.high is None:
        return None
    if target.fall is None:
        low, high, times, step = lowest([target.low, target.aim]), _BEST, 1, 1
    else:
        times, step = 100, 10
        most = max(target.high, target.aim or 0.0) * times
        low, high = 0, max(3 * step, (floor(most / step) + 1) * step)

    def x(value: float) -> float:
        along = (value * times - low) / (high - low)
        return round(_LEFT + along * (WIDTH - 2 * _LEFT), 1)

    return Line(
        grid=tuple(
            Place(x(value / times), LINE_HEIGHT - 6, value) for value in range(low, high + 1, step)
        ),
        low=x(target.low),
        now=x(target.now),
        high=x(target.high),
        aim=None if target.aim is None else x(target.aim),
    )


def _along(mark: float, low: int, begin: float, end: float) -> float:
    return round(begin + (mark - low) / (_BEST - low) * (end - begin), 1)
