"""What the start page draws, read as any dashboard reads it: from the views, as a reader."""

from collections.abc import Mapping, Sequence
from datetime import date

import asyncpg
import msgspec

from ingest.demo.targets import Target, read_targets

# As the views do: a mark of 1 to 10 lies on 0 to 100.
_STEPS = 9 / 100


class MonthFigure(msgspec.Struct, frozen=True, kw_only=True):
    """Marks of one month: mean and 95 % interval as marks. All null under 10 answers, but not `n`.

    `given` counts how often each mark was given, 1 to 10.
    """

    month: date
    n: int = 0
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    given: tuple[int, ...] | None = None


class WorkFigure(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of the work itself: the last whole month of a measure, in its unit, and its norm."""

    measure: str
    unit: str
    month: date
    value: float
    norm: float | None
    kept: bool | None
    lower_is_better: bool


class ChannelFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Thirteen months of one channel, oldest first; the last one is not over yet.

    `work` is what was counted of the channel's work in the last month that is over.
    """

    channel: str
    name: str
    months: tuple[MonthFigure, ...]
    work: tuple[WorkFigure, ...] = ()

    @property
    def drawn(self) -> bool:
        """Whether it can be drawn: one month with a figure makes no course of time."""
        return sum(month.mean is not None for month in self.months) > 1

    @property
    def last(self) -> MonthFigure:
        """The last month with a figure. Raises StopIteration where there is none."""
        return next(month for month in reversed(self.months) if month.mean is not None)

    @property
    def given(self) -> tuple[int, ...]:
        """How often each mark was given, over the months that have figures."""
        every = [month.given for month in self.months if month.given is not None]
        return tuple(map(sum, zip(*every, strict=True)))


class RegionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One municipality. No `mean`: it may not be shown. No `n`: that may not be shown either."""

    municipality: str
    own: bool
    n: int | None
    mean: float | None


class RegionChannel(msgspec.Struct, frozen=True, kw_only=True):
    """One channel of the region; `pooled` is null where a hidden figure would follow from it."""

    channel: str
    name: str
    pooled: float | None
    rows: tuple[RegionRow, ...]


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is drawn. `region_month` is the last month that is over."""

    channels: tuple[ChannelFigures, ...] = ()
    region_month: date | None = None
    region: tuple[RegionChannel, ...] = ()
    targets: tuple[Target, ...] = ()


async def read_figures(reader: asyncpg.Connection) -> Figures:
    """What this reader may see of its own municipality and of the region."""
    months: list[date] = [row["month"] for row in await reader.fetch(_MONTHS)]
    trend = await reader.fetch(_TREND, months[0])
    region = await reader.fetch(_REGION, months[-2])
    work = await _read_work(reader)
    return Figures(
        channels=tuple(_channel(rows, months, work) for rows in _by_channel(trend)),
        region_month=months[-2] if region else None,
        region=tuple(_region(rows) for rows in _by_channel(region) if len(rows) > 1),
        targets=await read_targets(reader),
    )


_MONTHS = """/* months_drawn */
    select generate_series(running - interval '12 months', running, '1 month')::date as month
    from date_trunc('month', now() at time zone 'Europe/Amsterdam') as running
"""
_TREND = """/* marks_per_month */
    select kanaal, naam, maand, n, gemiddelde, ondergrens_95, bovengrens_95, verdeling
    from indicator_per_maand
    join dim_kanaal using (kanaal)
    where indicator = 'tevredenheid' and soort = 'mark' and maand >= $1
    order by volgorde, maand
"""
_REGION = """/* marks_of_the_region */
    select kanaal, naam, gemeente, eigen, n, gemiddelde, regio_gemiddelde_gepoold
    from benchmark_regio
    join dim_kanaal using (kanaal)
    where indicator = 'tevredenheid' and soort = 'mark' and maand = $1
    order by volgorde, vragenlijst_kern, eigen desc, gemeente
"""


_WORK = """/* figures_of_work */
    with figures as (
        select *, max(maand) over (partition by kanaal) as last
        from kengetal_per_maand
        where product is null and afdeling is null and waarde is not null
            -- Of a month that runs a figure may be of two calls, and look like that of all.
            and maand < date_trunc('month', now() at time zone 'Europe/Amsterdam')
    )
    select kanaal, kengetal, measure.eenheid, maand, waarde, norm, norm_gehaald, lager_is_beter
    from figures
    join dim_kengetal as measure using (kengetal)
    where maand = last
    order by kanaal, volgorde
"""


async def _read_work(reader: asyncpg.Connection) -> dict[str, tuple[WorkFigure, ...]]:
    """The measures of the last whole month that has any, by channel: it is named once."""
    return {
        rows[0]["kanaal"]: tuple(
            WorkFigure(
                measure=row["kengetal"],
                unit=row["eenheid"],
                month=row["maand"],
                value=row["waarde"],
                norm=row["norm"],
                kept=row["norm_gehaald"],
                lower_is_better=row["lager_is_beter"],
            )
            for row in rows
        )
        for rows in _by_channel(await reader.fetch(_WORK))
    }


def _by_channel(rows: Sequence[asyncpg.Record]) -> list[list[asyncpg.Record]]:
    """Rows as they come, together by channel."""
    together: dict[str, list[asyncpg.Record]] = {}
    for row in rows:
        together.setdefault(row["kanaal"], []).append(row)
    return list(together.values())


def _channel(
    rows: Sequence[asyncpg.Record],
    months: Sequence[date],
    work: Mapping[str, tuple[WorkFigure, ...]],
) -> ChannelFigures:
    by_month = {row["maand"]: row for row in rows}
    return ChannelFigures(
        channel=rows[0]["kanaal"],
        name=rows[0]["naam"],
        months=tuple(_month(month, by_month.get(month)) for month in months),
        work=work.get(rows[0]["kanaal"], ()),
    )


def _month(month: date, row: asyncpg.Record | None) -> MonthFigure:
    if row is None or row["gemiddelde"] is None:
        return MonthFigure(month=month, n=0 if row is None else row["n"])
    return MonthFigure(
        month=month,
        n=row["n"],
        mean=row["gemiddelde"],
        low=1 + row["ondergrens_95"] * _STEPS,
        high=1 + row["bovengrens_95"] * _STEPS,
        given=tuple(row["verdeling"]),
    )


def _region(rows: Sequence[asyncpg.Record]) -> RegionChannel:
    pooled = rows[0]["regio_gemiddelde_gepoold"]
    return RegionChannel(
        channel=rows[0]["kanaal"],
        name=rows[0]["naam"],
        pooled=None if pooled is None else float(pooled),
        rows=tuple(
            RegionRow(
                municipality=row["gemeente"],
                own=row["eigen"],
                n=row["n"],
                mean=None if row["gemiddelde"] is None else float(row["gemiddelde"]),
            )
            for row in rows
        ),
    )
