"""The region's figures, told once: a month on the 8th of the next, and its quarters and years."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import asyncpg
import msgspec

from ingest.reporting.plan import AMSTERDAM, last_month_told
from ingest.reporting.region_cells import (
    Cell,
    Comparison,
    Told,
    given_in,
    remember,
    store_cells,
    store_means,
    told_in,
    type_of_told,
)
from ingest.reporting.region_rule import (
    SMALLEST_CELL,
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
"""So many late ones make a revision; fewer would each be seen in the difference."""

_MONTHS = {"quarter": 3, "year": 12}


async def tell_regions(
    db: asyncpg.Connection, *, now: datetime, at_once: bool = False, wait: bool = False
) -> int:
    """Tell each region what is over and was not told yet, and revise what ten late answers changed.

    `db` is a connection as `meetpunt_folder`; one transaction a region. Returns how many cells.
    """
    today = now.astimezone(AMSTERDAM).date()
    last = last_month_told(today, at_once=at_once)
    first = date(last.year - 1, 1, 1)
    regions = await db.fetch("/* regions */ select distinct region from meetpunt.municipality")
    cells = 0
    for row in sorted(regions):
        async with db.transaction():
            if not await take_turn(db, wait=wait):
                break
            cells += await _tell(db, row["region"], first, last, today)
    return cells


async def _tell(db: asyncpg.Connection, region: str, first: date, last: date, today: date) -> int:
    told = await told_in(db, region, first)
    changed: set[Comparison] = set()
    fresh: set[tuple[Comparison, str]] = set()
    given = await given_in(db, region, first, last)
    for comparison, cells in given.items():
        new = _news(told.get(comparison), cells)
        if new:
            told.setdefault(comparison, {}).update(new)
            fresh |= {(comparison, code) for code in new}
            changed.add(comparison)
    if not changed:
        return 0
    await remember(db, told, fresh)
    rows = [*_months(told, fresh), *_spans(told, fresh, last)]
    await store_cells(db, region, rows, today)
    await _store_means(db, region, told, changed, last)
    return len(rows)


def _news(
    told: Mapping[str, Told] | None, cells: Mapping[str, tuple[Given, bool]]
) -> dict[str, Told]:
    """What is to be told of one comparison: all of it at first, later what changed by enough."""
    if told is None:
        out_of_sight = hidden({code: given for code, (given, _) in cells.items()})
        return {
            code: Told(
                given=given,
                first=answers(given),
                revision=0,
                hidden=code in out_of_sight,
                small_group=small,
            )
            for code, (given, small) in cells.items()
        }
    news = {}
    for code, (given, small) in cells.items():
        before = told.get(code)
        if before is None:
            if answers(given) >= LATE_ANSWERS:
                news[code] = Told(
                    given=given,
                    first=answers(given),
                    revision=0,
                    hidden=answers(given) < SMALLEST_CELL,
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
        month = Month(number=comparison.month.month, n=cell.first, hidden=cell.hidden)
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


def _spans(told: type_of_told, fresh: Iterable[tuple[Comparison, str]], last: date) -> list[Cell]:
    """Quarters and years that are over and hold a month that is fresh: sums of what was told."""
    wanted = {
        (grain, _begin(comparison.month, months), comparison._replace(month=date.min), code)
        for comparison, code in fresh
        for grain, months in _MONTHS.items()
        if _end(comparison.month, months) <= last
    }
    rows = []
    for grain, period, what, code in sorted(wanted):
        cells = [
            (comparison.month.month, found[code])
            for comparison, found in sorted(told.items())
            if comparison._replace(month=date.min) == what
            and _begin(comparison.month, _MONTHS[grain]) == period
            and code in found
        ]
        months = [Month(number=n, n=cell.first, hidden=cell.hidden) for n, cell in cells]
        may_tell = tells_year if grain == "year" else tells_together
        rows.append(
            Cell(
                grain=grain,
                period=period,
                comparison=what,
                municipality=code,
                # Each month's revision makes one of the sum.
                revision=sum(cell.revision for _, cell in cells),
                given=_added([cell.given for _, cell in cells]),
                small_group=any(cell.small_group for _, cell in cells),
                tells=frozenset(c for c in _COLUMNS if may_tell(months, c)),
            )
        )
    return rows


def _begin(month: date, months: int) -> date:
    return month.replace(month=(month.month - 1) // months * months + 1, day=1)


def _end(month: date, months: int) -> date:
    """The first day of the last month of the quarter or year that this month is in."""
    begin = _begin(month, months)
    return begin.replace(month=begin.month + months - 1)


def _added(distributions: Sequence[Given]) -> list[int]:
    return [sum(times) for times in zip(*distributions, strict=True)]


async def _store_means(
    db: asyncpg.Connection,
    region: str,
    told: type_of_told,
    changed: Iterable[Comparison],
    last: date,
) -> None:
    """The means over all, of months and of the quarters and years that they are in."""
    rows = []
    for comparison in sorted(changed):
        found = told[comparison]
        rows.append((region, "month", *comparison, *_means(found, comparison.kind)))
    for grain, months in _MONTHS.items():
        spans = {
            (_begin(comparison.month, months), comparison[1:])
            for comparison in changed
            if _end(comparison.month, months) <= last
        }
        for period, what in sorted(spans):
            cells: dict[str, list[Told]] = defaultdict(list)
            for comparison, found in told.items():
                if comparison[1:] == what and _begin(comparison.month, months) == period:
                    for code, cell in found.items():
                        cells[code].append(cell)
            rows.append((region, grain, period, *what, *_means_of_span(cells, what[3])))
    await store_means(db, rows)


def _means(found: Mapping[str, Told], kind: str) -> tuple[Any, ...]:
    out_of_sight = frozenset(code for code, cell in found.items() if cell.hidden)
    return msgspec.structs.astuple(
        means({code: cell.given for code, cell in found.items()}, out_of_sight, kind)
    )


def _means_of_span(cells: Mapping[str, Sequence[Told]], kind: str) -> tuple[Any, ...]:
    """Over several months a mean is told only where no month of anybody is hidden."""
    sums = {code: _added([cell.given for cell in each]) for code, each in cells.items()}
    out_of_sight = sum(any(cell.hidden for cell in each) for each in cells.values())
    found = means(sums, frozenset(), kind)
    if out_of_sight:
        found = Means(municipalities=len(cells), hidden=out_of_sight, pooled=None, unweighted=None)
    return msgspec.structs.astuple(found)
