"""Publish a region's figures once: each month on the 8th of the next, with quarters and years.

In names here, `told` figures are those that were published to the region.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from ingest.clock import day_of
from ingest.reporting.plan import last_month_told
from ingest.reporting.region_cells import (
    Cell,
    Comparison,
    Told,
    given_in,
    looked_until,
    remember,
    remember_look,
    store_cells,
    store_means,
    told_in,
    type_of_told,
)
from ingest.reporting.region_rule import (
    Column,
    Given,
    Means,
    Month,
    answers,
    hidden,
    means,
    tells_together,
    tells_year,
)
from ingest.reporting.turns import take_turn

LATE_ANSWERS = 10
"""This many late answers make a revision; of fewer, the difference would show each answer."""

_MONTHS = {"quarter": 3, "year": 12}


async def tell_regions(
    db: asyncpg.Connection,
    *,
    now: datetime,
    at_once: bool = False,
    wait: bool = False,
    holder: UUID | None = None,
) -> int:
    """Publish figures of periods that are over, and revise those that ten late answers changed.

    `db` is a connection as `meetpunt_folder`; each region has its own transaction. Returns how many
    cells were written. `holder` is as for `publish`. Raises `LeaseLost`.
    """
    today = day_of(now)
    last = last_month_told(today, at_once=at_once)
    first = date(last.year - 1, 1, 1)
    regions = await db.fetch("/* regions */ select distinct region from meetpunt.municipality")
    cells = 0
    for row in sorted(regions):
        async with db.transaction():
            if not await take_turn(db, wait=wait, holder=holder):
                break
            cells += await _tell(db, row["region"], first, last, today)
    return cells


async def _tell(db: asyncpg.Connection, region: str, first: date, last: date, today: date) -> int:
    until = await looked_until(db, region)
    told = await told_in(db, region, first)
    fresh: set[tuple[Comparison, str]] = set()
    for comparison, cells in (await given_in(db, region, first, last)).items():
        first_time = {code for code in cells if _before(until[code], comparison.month)}
        news = _news(told.get(comparison, {}), cells, first_time)
        if news:
            told.setdefault(comparison, {}).update(news)
        fresh |= {(comparison, code) for code in news}
    await remember(db, told, fresh)
    spans = {span: cells for span, cells in _spans(told).items() if span.end <= last}
    due = _due(spans, until, fresh)
    rows = [*_months(told, fresh), *_sums(spans, due)]
    await store_cells(db, region, rows, today)
    means_told = [
        _means(told[comparison], comparison)
        for comparison in sorted({comparison for comparison, _ in fresh})
    ]
    means_told += [_means_of_span(spans[span], span) for span in sorted(due)]
    await store_means(db, [(region, *row) for row in means_told])
    await remember_look(db, region, last)
    return len(rows)


def _before(until: date | None, month: date) -> bool:
    return until is None or until < month


def _news(
    told: Mapping[str, Told], cells: Mapping[str, tuple[Given, bool]], first_time: Set[str]
) -> dict[str, Told]:
    """The cells of one comparison to publish now: new ones, and those with enough late answers.

    `first_time` are the municipalities whose month was not published yet. A municipality without
    answers when its month was published gets no cell later.
    """
    given_by_code = {code: cell.given for code, cell in told.items()}
    given_by_code |= {code: cells[code][0] for code in first_time - told.keys()}
    out_of_sight = hidden(given_by_code)
    news = {}
    for code, (given, small) in cells.items():
        before = told.get(code)
        if before is None:
            if code in first_time:
                news[code] = Told(
                    given=given,
                    first=answers(given),
                    revision=0,
                    hidden=code in out_of_sight,
                    small_group=small,
                )
        elif answers(given) - answers(before.given) >= LATE_ANSWERS:
            news[code] = msgspec.structs.replace(
                before, given=given, revision=before.revision + 1, small_group=small
            )
    return news


def _months(told: type_of_told, fresh: Iterable[tuple[Comparison, str]]) -> list[Cell]:
    rows = []
    for comparison, code in sorted(fresh):
        cell = told[comparison][code]
        month = _month(comparison, cell)
        rows.append(
            Cell(
                grain="month",
                period=comparison.month,
                comparison=comparison,
                municipality=code,
                revision=cell.revision,
                given=cell.given,
                small_group=cell.small_group,
                tells=frozenset(c for c in _COLUMNS if month.tells(c)),
            )
        )
    return rows


_COLUMNS: tuple[Column, ...] = ("mean", "full")


class _Span(NamedTuple):
    """A quarter or a year of one comparison, and the first day of its last month."""

    grain: str
    period: date
    what: tuple[str, ...]
    end: date


type_of_months = dict[str, list[tuple[Comparison, Told]]]


def _spans(told: type_of_told) -> dict[_Span, type_of_months]:
    """Every quarter and year, with each municipality's published months in order."""
    spans: dict[_Span, type_of_months] = defaultdict(lambda: defaultdict(list))
    for comparison, cells in sorted(told.items()):
        for grain, months in _MONTHS.items():
            begin = (comparison.month.month - 1) // months * months + 1
            span = _Span(
                grain,
                comparison.month.replace(month=begin),
                comparison[1:],
                comparison.month.replace(month=begin + months - 1),
            )
            for code, cell in cells.items():
                spans[span][code].append((comparison, cell))
    return spans


def _due(
    spans: Mapping[_Span, type_of_months],
    until: Mapping[str, date | None],
    fresh: Set[tuple[Comparison, str]],
) -> dict[_Span, set[str]]:
    """Whose quarters and years are published now: they ended since the last look, or changed."""
    due: dict[_Span, set[str]] = defaultdict(set)
    for span, cells in spans.items():
        for code, months in cells.items():
            revised = any((comparison, code) in fresh for comparison, _ in months)
            if revised or _before(until[code], span.end):
                due[span].add(code)
    return due


def _sums(spans: Mapping[_Span, type_of_months], due: Mapping[_Span, Iterable[str]]) -> list[Cell]:
    """The cells of quarters and years to publish now: sums of their published months."""
    rows = []
    for span, codes in sorted(due.items()):
        for code in sorted(codes):
            cells = [cell for _, cell in spans[span][code]]
            months = [_month(*month) for month in spans[span][code]]
            may_tell = tells_year if span.grain == "year" else tells_together
            rows.append(
                Cell(
                    grain=span.grain,
                    period=span.period,
                    comparison=Comparison(span.period, *span.what),
                    municipality=code,
                    # Each month's revision makes one of the sum.
                    revision=sum(cell.revision for cell in cells),
                    given=_added([cell.given for cell in cells]),
                    small_group=any(cell.small_group for cell in cells),
                    tells=frozenset(c for c in _COLUMNS if may_tell(months, c)),
                )
            )
    return rows


def _month(comparison: Comparison, cell: Told) -> Month:
    return Month(number=comparison.month.month, n=cell.first, hidden=cell.hidden)


def _added(distributions: Sequence[Given]) -> list[int]:
    return [sum(times) for times in zip(*distributions, strict=True)]


def _means(cells: Mapping[str, Told], comparison: Comparison) -> tuple[Any, ...]:
    out_of_sight = frozenset(code for code, cell in cells.items() if cell.hidden)
    result = means(
        {code: cell.given for code, cell in cells.items()}, out_of_sight, comparison.kind
    )
    return ("month", *comparison, *msgspec.structs.astuple(result))


def _means_of_span(cells: type_of_months, span: _Span) -> tuple[Any, ...]:
    """Over several months, a mean is published only where no month of a municipality is hidden."""
    sums = {code: _added([cell.given for _, cell in months]) for code, months in cells.items()}
    out_of_sight = sum(any(cell.hidden for _, cell in months) for months in cells.values())
    result = means(sums, frozenset(), span.what[-1])
    if out_of_sight:
        result = Means(municipalities=len(cells), hidden=out_of_sight, pooled=None, unweighted=None)
    return (span.grain, span.period, *span.what, *msgspec.structs.astuple(result))
