"""Read and store the cells of a region's comparisons: what was counted, published and shown."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import asyncpg
import msgspec

from ingest.reporting.region_rule import Column, Given, answers, total


class Comparison(NamedTuple):
    """What is compared in one month, over all municipalities of a region."""

    month: date
    channel: str
    core: str
    indicator: str
    kind: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A municipality's cell of a month, as last published; `first`: its answers the first time."""

    given: Given
    first: int
    revision: int
    hidden: bool
    small_group: bool


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """A row of lees.gepubliceerd and of lees.vergelijking."""

    grain: str
    period: date
    comparison: Comparison
    municipality: str
    revision: int
    given: Given
    small_group: bool
    tells: frozenset[Column]


type_of_told = dict[Comparison, dict[str, Told]]


async def given_in(
    db: asyncpg.Connection, region: str, first: date, last: date
) -> dict[Comparison, dict[str, tuple[Given, bool]]]:
    """What was counted of the shared core, by comparison and municipality."""
    rows = await db.fetch(_GIVEN, region, first, last)
    cells: dict[Comparison, dict[str, tuple[Given, bool]]] = defaultdict(dict)
    for row in rows:
        if any(row["given"]):
            cells[_comparison(row)][row["municipality"]] = (row["given"], row["small_group"])
    return cells


async def told_in(db: asyncpg.Connection, region: str, first: date) -> type_of_told:
    """The cells that were last published to the region, of every month from `first` on."""
    rows = await db.fetch(_TOLD, region, first)
    cells: type_of_told = defaultdict(dict)
    for row in rows:
        earlier = cells[_comparison(row)].get(row["municipality"])
        cells[_comparison(row)][row["municipality"]] = Told(
            given=row["given"],
            first=earlier.first if earlier else answers(row["given"]),
            revision=row["revision"],
            hidden=row["hidden"],
            small_group=row["small_group"],
        )
    return dict(cells)


def _comparison(row: Mapping[str, Any]) -> Comparison:
    return Comparison(row["month"], row["channel"], row["core"], row["indicator"], row["kind"])


async def looked_until(db: asyncpg.Connection, region: str) -> dict[str, date | None]:
    """The last month that was published of each municipality of the region.

    One that is new in the region counts as far as the others, so its earlier months stay
    unpublished. None: nothing was published of any.
    """
    rows = await db.fetch(_LOOKED, region)
    months = [row["month"] for row in rows if row["month"]]
    return {row["code"]: row["month"] or max(months, default=None) for row in rows}


async def remember_look(db: asyncpg.Connection, region: str, last: date) -> None:
    """Remember that the region's figures are published up to this month."""
    await db.execute(_LOOK, region, last)


async def remember(
    db: asyncpg.Connection, told: type_of_told, fresh: Iterable[tuple[Comparison, str]]
) -> None:
    """Keep what is published now, to compare later counts with it."""
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


async def store_cells(
    db: asyncpg.Connection, region: str, rows: Sequence[Cell], today: date
) -> None:
    """Store what the others may see of each cell, and what its own municipality sees."""
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


def _shown(row: Cell) -> tuple[Any, ...]:
    """n, total, le_6, lt_6, ge_8 and given; None where the others may not know it."""
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


async def store_means(db: asyncpg.Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Store means of the whole region; a row in which something is hidden never changes."""
    await db.executemany(_MEANS, rows)


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

_LOOKED = """/* looked_until */
    select code, region_look.month
    from meetpunt.municipality
    left join meetpunt.region_look on region_look.municipality = code
    where region = $1
"""

_LOOK = """/* remember_look */
    insert into meetpunt.region_look as s (municipality, month)
    select code, $2::date from meetpunt.municipality where region = $1
    on conflict (municipality) do update set month = greatest(s.month, excluded.month)
"""

_REVISED = """/* revised */
    update lees.gepubliceerd set latest = false
    where region = $1 and grain = $2 and period = $3 and channel = $4 and core = $5
        and indicator = $6 and kind = $7 and municipality = $8 and latest
"""

# A published quarter or year also gets a revision when one of its months is published later.
_PUBLISH = """/* publish_cell */
    insert into lees.gepubliceerd (region, grain, period, channel, core, indicator, kind,
        municipality, revision, latest, published_on, small_group, n, total, le_6, lt_6, ge_8,
        given)
    select $1, $2, $3, $4, $5, $6, $7, $8, greatest($9, coalesce(max(revision) + 1, 0)), true,
        $10, $11, $12, $13, $14, $15, $16, $17
    from lees.gepubliceerd
    where region = $1 and grain = $2 and period = $3 and channel = $4 and core = $5
        and indicator = $6 and kind = $7 and municipality = $8
"""

_OWN = """/* own_cell */
    insert into lees.vergelijking as s (municipality, grain, period, channel, core, indicator, kind,
        given, small_group, revision, published_on)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    on conflict (municipality, grain, period, channel, core, indicator, kind) do update
    set given = excluded.given, small_group = excluded.small_group,
        revision = greatest(excluded.revision, s.revision + 1),
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
