"""Tell each month that is over how often residents wrote about each theme.

A number that grew by one between two looks would say what the text of that day is about. So a month
is told once. What is too little to tell is told with a later month; after a year it is forgotten.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import asyncpg

from ingest.clock import day_of
from ingest.reporting.batches import first_of_month
from ingest.reporting.signals import SignalPlan
from ingest.reporting.theme_rule import Cell, Part, Responses, kept_details, told
from ingest.reporting.theme_signals import make_theme_signals

FORGOTTEN_AFTER = timedelta(days=365)
"""How long after its month what was too little to tell waits for more."""


class _Theme(NamedTuple):
    channel: str
    theme: str
    version: int


class _Counted(NamedTuple):
    """A row of the tally, of the month in which its responses were counted."""

    month: date
    cell: Cell


Row = Mapping[str, Any]
Waiting = dict[_Theme, list[_Counted]]


async def tell_themes(
    db: asyncpg.Connection, codes: Sequence[str], signals: SignalPlan, *, now: datetime
) -> None:
    """Tell every month of these municipalities that is over and was not told; then who is told that
    a theme rises.

    Within the transaction of a look, whose turn it is. What comes in later counts in a later month.
    """
    last = first_of_month(first_of_month(day_of(now)) - timedelta(days=1))
    due = await db.fetch(_DUE, codes, last)
    rows: dict[str, list[Row]] = defaultdict(list)
    if due:
        for row in await db.fetch(_TAKE, [one["code"] for one in due], last):
            rows[row["municipality"]].append(row)
    for code, told_before in due:
        parts, left = _told(rows[code], told_before, last)
        if parts:
            columns = [(code, month, *theme, *part, now) for month, theme, part in parts]
            await db.execute(_TELL, *map(list, zip(*columns, strict=True)))
        kept = [
            (code, one.month, *_as_row(theme, one.cell))
            for theme, counted in left.items()
            for one in counted
            if one.month > last - FORGOTTEN_AFTER
        ]
        if kept:
            await db.execute(_KEEP, *map(list, zip(*kept, strict=True)))
        await db.execute(_LOOKED, code, last)
    await make_theme_signals(db, signals, [one["code"] for one in due], last)


def _told(
    rows: Sequence[Row], told_before: date | None, last: date
) -> tuple[list[tuple[date, _Theme, Part]], Waiting]:
    """What is told of one municipality, with its month, and what goes on waiting."""
    months: dict[date, list[Row]] = defaultdict(list)
    waiting: Waiting = defaultdict(list)
    channels = {row["touchpoint"]: row["channel"] for row in rows}
    for row in rows:
        if row["text_group"]:
            # Of a month that was told already: with the first that was not.
            late = told_before is not None and row["month"] <= told_before
            months[_next_month(told_before) if late and told_before else row["month"]].append(row)
        else:
            theme = _Theme(row["channel"], row["theme"], row["version"])
            waiting[theme].append(_Counted(row["month"], _cell(row, row["wijk"], row["product"])))
    parts: list[tuple[date, _Theme, Part]] = []
    for month in sorted(months):
        for theme, counted in _coarsened(months[month], channels):
            waiting[theme].append(counted)
        for theme in sorted(waiting):
            of_theme = told([one.cell for one in waiting[theme]])
            parts += [(month, theme, part) for part in of_theme]
            if of_theme:
                del waiting[theme]
    return parts, waiting


def _next_month(month: date) -> date:
    return first_of_month(month + timedelta(days=31))


def _coarsened(
    rows: Iterable[Row], channels: Mapping[int, str]
) -> Iterator[tuple[_Theme, _Counted]]:
    """The counts of a month by theme, with no more details than ten responses share."""
    responses: dict[tuple[date, int], list[Responses]] = defaultdict(list)
    of_themes: list[Row] = []
    for row in rows:
        if row["theme"]:
            of_themes.append(row)
        else:
            responses[row["month"], row["touchpoint"]].append(
                Responses(
                    group=row["text_group"],
                    wijk=row["wijk"],
                    product=row["product"],
                    responses=row["responses"],
                    texts=row["texts"],
                )
            )
    kept = {key: kept_details(counted) for key, counted in responses.items()}
    for row in of_themes:
        details = kept[row["month"], row["touchpoint"]][row["wijk"], row["product"]]
        theme = _Theme(channels[row["touchpoint"]], row["theme"], row["version"])
        yield theme, _Counted(row["month"], _cell(row, *details))


def _cell(row: Row, wijk: str, product: str) -> Cell:
    return Cell(
        touchpoint=row["touchpoint"],
        wijk=wijk,
        product=product,
        low=row["low"],
        texts=row["texts"],
        hits=row["hits"],
        small_group=row["small_group"],
        covered=row["covered"],
    )


def _as_row(theme: _Theme, cell: Cell) -> tuple[object, ...]:
    return (
        *(cell.touchpoint, cell.wijk, cell.product, cell.low, theme.theme, theme.version),
        *(cell.small_group, cell.texts, cell.hits, cell.covered),
    )


_DUE = """/* themes_due */
    select municipality.code, look.month
    from meetpunt.municipality
    left join meetpunt.theme_look as look on look.municipality = municipality.code
    where municipality.code = any ($1::text[]) and (look.month is null or look.month < $2)
    order by municipality.code
"""

_TAKE = """/* take_themes */
    with gone as (
        delete from meetpunt.theme_tally
        where municipality = any ($1::text[]) and month <= $2
            and (appeared or month < $2 - interval '1 year')
        returning *
    )
    select gone.*, touchpoint.channel
    from gone
    join meetpunt.touchpoint
        on touchpoint.municipality = gone.municipality and touchpoint.number = gone.touchpoint
    where gone.appeared
"""

_TELL = """/* tell_themes */
    insert into lees.thema (municipality, month, channel, theme, version, part, touchpoint, wijk,
        product, texts, hits, small_group, neither, told_at)
    select * from unnest($1::text[], $2::date[], $3::text[], $4::text[], $5::smallint[],
        $6::text[], $7::integer[], $8::text[], $9::text[], $10::bigint[], $11::bigint[],
        $12::boolean[], $13::smallint[], $14::timestamptz[])
"""

_KEEP = """/* keep_themes */
    insert into meetpunt.theme_tally as tally (municipality, month, touchpoint, text_group, wijk,
        product, low, theme, version, appeared, small_group, responses, texts, hits, covered)
    select municipality, month, touchpoint, '', wijk, product, low, theme, version, true,
        bool_or(small_group), 0, sum(texts), sum(hits), sum(covered)
    from unnest($1::text[], $2::date[], $3::integer[], $4::text[], $5::text[], $6::boolean[],
        $7::text[], $8::smallint[], $9::boolean[], $10::bigint[], $11::bigint[], $12::bigint[])
        as t (municipality, month, touchpoint, wijk, product, low, theme, version, small_group,
            texts, hits, covered)
    group by 1, 2, 3, 5, 6, 7, 8, 9
"""

_LOOKED = """/* looked_at_themes */
    insert into meetpunt.theme_look (municipality, month) values ($1, $2)
    on conflict (municipality) do update set month = excluded.month
"""
