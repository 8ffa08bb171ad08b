"""The region's figures, told once: a month on the 8th of the next, and its quarters and years."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import asyncpg
import msgspec

from ingest.reporting.plan import AMSTERDAM, last_month_told
from ingest.reporting.publishing import take_turn
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
    total,
)

LATE_ANSWERS = 10
"""So many late ones make a revision; fewer would each be seen in the difference."""

_MONTHS = {"quarter": 3, "year": 12}


class Comparison(NamedTuple):
    """What is compared, of one month, but for who."""

    month: date
    channel: str
    core: str
    indicator: str
    kind: str


class _Told(msgspec.Struct, frozen=True, kw_only=True):
    """One municipality's cell of a month, as it was told last. `first`: answers at first."""

    given: Given
    first: int
    revision: int
    hidden: bool
    small_group: bool


class _Cell(msgspec.Struct, frozen=True, kw_only=True):
    """A row of lees.gepubliceerd and of lees.vergelijking."""

    grain: str
    period: date
    comparison: Comparison
    municipality: str
    revision: int
    given: Given
    small_group: bool
    tells: frozenset[Column]


type_of_told = dict[Comparison, dict[str, _Told]]


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
    told = await _told(db, region, first)
    changed: set[Comparison] = set()
    fresh: set[tuple[Comparison, str]] = set()
    given = await _given(db, region, first, last)
    for comparison, cells in given.items():
        new = _news(told.get(comparison), cells)
        if new:
            told.setdefault(comparison, {}).update(new)
            fresh |= {(comparison, code) for code in new}
            changed.add(comparison)
    if not changed:
        return 0
    await _remember(db, told, fresh)
    rows = [*_months(told, fresh), *_spans(told, fresh, last)]
    await _store_cells(db, region, rows, today)
    await _store_means(db, region, told, changed, last)
    return len(rows)


def _news(
    told: Mapping[str, _Told] | None, cells: Mapping[str, tuple[Given, bool]]
) -> dict[str, _Told]:
    """What is to be told of one comparison: all of it at first, later what changed by enough."""
    if told is None:
        out_of_sight = hidden({code: given for code, (given, _) in cells.items()})
        return {
            code: _Told(
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
                news[code] = _Told(
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


def _months(told: type_of_told, fresh: Iterable[tuple[Comparison, str]]) -> list[_Cell]:
    rows = []
    for comparison, code in sorted(fresh):
        cell = told[comparison][code]
        month = Month(number=comparison.month.month, n=cell.first, hidden=cell.hidden)
        rows.append(
            _Cell(
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


def _spans(told: type_of_told, fresh: Iterable[tuple[Comparison, str]], last: date) -> list[_Cell]:
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
            _Cell(
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


async def _given(
    db: asyncpg.Connection, region: str, first: date, last: date
) -> dict[Comparison, dict[str, tuple[Given, bool]]]:
    """What was counted of the shared core, by comparison and municipality."""
    rows = await db.fetch(_GIVEN, region, first, last)
    found: dict[Comparison, dict[str, tuple[Given, bool]]] = defaultdict(dict)
    for row in rows:
        if any(row["given"]):
            found[_comparison(row)][row["municipality"]] = (row["given"], row["small_group"])
    return found


async def _told(db: asyncpg.Connection, region: str, first: date) -> type_of_told:
    rows = await db.fetch(_TOLD, region, first)
    found: type_of_told = defaultdict(dict)
    for row in rows:
        before = found[_comparison(row)].get(row["municipality"])
        found[_comparison(row)][row["municipality"]] = _Told(
            given=row["given"],
            first=before.first if before else answers(row["given"]),
            revision=row["revision"],
            hidden=row["hidden"],
            small_group=row["small_group"],
        )
    return dict(found)


def _comparison(row: Mapping[str, Any]) -> Comparison:
    return Comparison(row["month"], row["channel"], row["core"], row["indicator"], row["kind"])


async def _remember(
    db: asyncpg.Connection, told: type_of_told, fresh: Iterable[tuple[Comparison, str]]
) -> None:
    await db.executemany(
        """/* remember_regional */
        insert into meetpunt.regional (month, channel, core, indicator, kind, municipality,
            revision, given, small_group, hidden)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        [
            (*comparison, code, cell.revision, list(cell.given), cell.small_group, cell.hidden)
            for comparison, code in sorted(fresh)
            for cell in [told[comparison][code]]
        ],
    )


async def _store_cells(
    db: asyncpg.Connection, region: str, rows: Sequence[_Cell], today: date
) -> None:
    """What others may know, and the own side of it."""
    keys = [(region, row.grain, row.period, *row.comparison[1:], row.municipality) for row in rows]
    await db.executemany(_REVISED, keys)
    await db.executemany(
        _PUBLISH,
        [
            (*key, row.revision, today, row.small_group, *_shown(row))
            for key, row in zip(keys, rows, strict=True)
        ],
    )
    await db.executemany(
        _OWN,
        [
            (
                *(row.municipality, row.grain, row.period, *row.comparison[1:]),
                *(list(row.given), row.small_group, row.revision, today),
            )
            for row in rows
        ],
    )


def _shown(row: _Cell) -> tuple[Any, ...]:
    """n, total, le_6, lt_6, ge_8 and given: None is what may not be told."""
    given = row.given
    mean = "mean" in row.tells
    full = "full" in row.tells
    return (
        answers(given) if mean else None,
        total(given) if mean else None,
        sum(given[:6]) if mean else None,
        sum(given[:5]) if full else None,
        sum(given[7:]) if full else None,
        list(given) if full else None,
    )


async def _store_means(
    db: asyncpg.Connection,
    region: str,
    told: type_of_told,
    changed: Iterable[Comparison],
    last: date,
) -> None:
    """The means over all. Once something is hidden they stay as they were told first."""
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
            cells: dict[str, list[_Told]] = defaultdict(list)
            for comparison, found in told.items():
                if comparison[1:] == what and _begin(comparison.month, months) == period:
                    for code, cell in found.items():
                        cells[code].append(cell)
            rows.append((region, grain, period, *what, *_means_of_span(cells, what[3])))
    await db.executemany(_MEANS, rows)


def _means(found: Mapping[str, _Told], kind: str) -> tuple[Any, ...]:
    out_of_sight = frozenset(code for code, cell in found.items() if cell.hidden)
    return msgspec.structs.astuple(
        means({code: cell.given for code, cell in found.items()}, out_of_sight, kind)
    )


def _means_of_span(cells: Mapping[str, Sequence[_Told]], kind: str) -> tuple[Any, ...]:
    """Over several months a mean is told only where no month of anybody is hidden."""
    sums = {code: _added([cell.given for cell in each]) for code, each in cells.items()}
    out_of_sight = sum(any(cell.hidden for cell in each) for each in cells.values())
    found = means(sums, frozenset(), kind)
    if out_of_sight:
        found = Means(municipalities=len(cells), hidden=out_of_sight, pooled=None, unweighted=None)
    return msgspec.structs.astuple(found)


_GIVEN = """/* given_in_region */
    select summary.municipality, summary.period as month, touchpoint.channel, core_item.core,
        summary.indicator, summary.kind, bool_or(summary.small_group) as small_group,
        array[
            sum(given[1]), sum(given[2]), sum(given[3]), sum(given[4]), sum(given[5]),
            sum(given[6]), sum(given[7]), sum(given[8]), sum(given[9]), sum(given[10])
        ]::bigint[] as given
    from meetpunt.municipality
    join meetpunt.summary on summary.municipality = municipality.code
    join meetpunt.touchpoint
        on touchpoint.municipality = summary.municipality
        and touchpoint.number = summary.touchpoint
    join meetpunt.core_item
        on core_item.structure = summary.structure and core_item.item = summary.item
    where municipality.region = $1 and summary.grain = 'month' and summary.period between $2 and $3
        and summary.kind in ('mark', 'agreement', 'smileys', 'yes_partly_no')
        and summary.indicator is not null
    group by 1, 2, 3, 4, 5, 6
"""

_TOLD = """/* told_in_region */
    select regional.*
    from meetpunt.regional
    join meetpunt.municipality on municipality.code = regional.municipality
    where municipality.region = $1 and regional.month >= $2
    order by regional.revision
"""

_REVISED = """/* revised */
    update lees.gepubliceerd set latest = false
    where region = $1 and grain = $2 and period = $3 and channel = $4 and core = $5
        and indicator = $6 and kind = $7 and municipality = $8 and latest
"""

_PUBLISH = """/* publish_cell */
    insert into lees.gepubliceerd (region, grain, period, channel, core, indicator, kind,
        municipality, revision, latest, published_on, small_group, n, total, le_6, lt_6, ge_8,
        given)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, true, $10, $11, $12, $13, $14, $15, $16, $17)
"""

_OWN = """/* own_cell */
    insert into lees.vergelijking (municipality, grain, period, channel, core, indicator, kind,
        given, small_group, revision, published_on)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    on conflict (municipality, grain, period, channel, core, indicator, kind) do update
    set given = excluded.given, small_group = excluded.small_group, revision = excluded.revision,
        published_on = excluded.published_on
"""

_MEANS = """/* means_of_region */
    insert into lees.gepubliceerd_regio as s (region, grain, period, channel, core, indicator, kind,
        municipalities, hidden, pooled, unweighted)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    on conflict (region, grain, period, channel, core, indicator, kind) do update
    set municipalities = excluded.municipalities, pooled = excluded.pooled,
        unweighted = excluded.unweighted
    where s.hidden = 0 and excluded.hidden = 0
"""
