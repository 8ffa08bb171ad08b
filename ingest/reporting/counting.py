"""Count published responses: the SQL for it, and counting everything again from the start."""

from collections.abc import Callable

import asyncpg

from ingest.questionnaires.kinds import KINDS
from ingest.reporting.turns import take_turn

# The week and the month in which a row counts.
_PERIODS = (
    """cross join lateral (values ('week', week), ('month', month)) as periods (grain, period)"""
)

_COUNTED = ", ".join(f"'{kind.name}'" for kind in KINDS.values() if kind.places)


# How often each value was given, from the lowest on.
_DISTRIBUTION = (
    "array["
    + ", ".join(f"coalesce(sum(times) filter (where value = {value}), 0)" for value in range(1, 11))
    + "]::integer[]"
)


def _together(type_: str = "integer") -> str:
    """SQL for the sum of distributions `given`."""
    sums = ", ".join(f"sum(given[{value}])" for value in range(1, 11))
    return f"array[{sums}]::{type_}[]"


def _where_it_lies() -> str:
    """SQL for the place of an answer on its scale: of a code, counted from low to high; otherwise
    the number itself, since every scale begins at 1. Null for "not applicable".
    """
    cases = [
        f"when '{kind.name}' then array_position(array{list(kind.places)}, value #>> '{{}}')"
        for kind in KINDS.values()
        if kind.places and kind.scale is None
    ]
    of_codes = "\n                ".join(cases)
    return f"""case item.kind
                {of_codes}
                else case jsonb_typeof(value) when 'number' then value::integer end
            end"""


def details_of(dimensions: str, mode: str, daypart: str) -> str:
    """SQL for the columns `product, location, wijk, mode, daypart` of a published row.

    Given are its own columns. The empty text: not kept, or not known. Null, of the first two: what
    the touchpoint stands for holds, as in the view `feit_reactie`.
    """
    return f"""case when {dimensions} ? 'product'
                then coalesce({dimensions} ->> 'product', '') end as product,
            case when {dimensions} ? 'location'
                then coalesce({dimensions} ->> 'location', '') end as location,
            coalesce({dimensions} ->> 'wijk', '') as wijk,
            coalesce({mode}, '') as mode,
            coalesce({daypart}, '') as daypart"""


def counting(first: str = "'-infinity'") -> str:
    """SQL that adds rows `counted` (number, answers, complete) to the figures, for periods from
    `first` on.

    `kinds` has what rows of one number have alike: municipality, week, month, touchpoint,
    structure, small_group, and `details_of` them. Only answers of a kind with a scale are counted;
    meetpunt.summary says how. That one is for the region, which is told of months.
    """
    return f"""
    -- What rows of one number have alike, with what their touchpoint is for. Each has one; it is
    -- joined as if it might not, so that Postgres knows how many rows come, and joins them by hash.
    placed_at as materialized (
        select kinds.number, kinds.municipality, kinds.week, kinds.month, kinds.touchpoint,
            kinds.structure, kinds.small_group, touchpoint.channel,
            coalesce(kinds.product, touchpoint.product, '') as product,
            coalesce(kinds.location, touchpoint.location, '') as location,
            kinds.wijk, kinds.mode, kinds.daypart
        from kinds
        left join meetpunt.touchpoint
            on touchpoint.municipality = kinds.municipality
            and touchpoint.number = kinds.touchpoint
    ),
    -- Answers that are the same are counted first, so that what follows is done once for each.
    answered as materialized (
        select number, answer.item, answer.value, count(*)::integer as times
        from counted
        cross join lateral jsonb_each(counted.answers) as answer (item, value)
        group by 1, 2, 3
    ),
    asked as materialized (
        select kinds.number, item.item, item.indicator, item.kind
        from kinds
        join meetpunt.item
            on item.municipality = kinds.municipality and item.structure = kinds.structure
        where item.kind in ({_COUNTED})
    ),
    valued as materialized (
        select number, item.item, item.indicator, item.kind, times,
            {_where_it_lies()} as value,
            value = '"nvt"' as nvt
        from answered
        join asked as item using (number, item)
    ),
    -- Then by number and item: what follows adds these up, for periods and for breakdowns.
    given as materialized (
        select number, item, min(indicator) as indicator, min(kind) as kind,
            {_DISTRIBUTION} as given,
            bool_or(value is not null) as has_value,
            coalesce(sum(times) filter (where nvt), 0)::integer as not_applicable
        from valued
        group by number, item
    ),
    distributed as materialized (
        select municipality, week, month, touchpoint, structure, item, min(channel) as channel,
            min(indicator) as indicator, min(kind) as kind, bool_or(small_group) as small_group,
            {_together()} as given, sum(not_applicable)::integer as not_applicable
        from given
        join placed_at using (number)
        group by municipality, week, month, touchpoint, structure, item
    ),
    into_summary as (
        insert into meetpunt.summary as s (
            municipality, grain, period, touchpoint, structure, item, indicator, kind, small_group,
            given, not_applicable
        )
        select municipality, 'month', month, touchpoint, structure, item, min(indicator), min(kind),
            bool_or(small_group), {_together("bigint")}, sum(not_applicable)
        from distributed
        where month >= {first}
        group by municipality, month, touchpoint, structure, item
        on conflict (municipality, grain, period, touchpoint, structure, item) do update
        set given = meetpunt.added(s.given, excluded.given),
            not_applicable = s.not_applicable + excluded.not_applicable,
            small_group = s.small_group or excluded.small_group
    ),
    into_breakdown as (
        insert into lees.cijfer_uitgesplitst as s (
            municipality, month, touchpoint, product, location, wijk, mode, daypart, indicator,
            kind, given, small_group
        )
        select municipality, month, touchpoint, product, location, wijk, mode, daypart, indicator,
            kind, {_together("bigint")}, bool_or(small_group)
        from given
        join placed_at using (number)
        where indicator is not null and has_value and month >= {first}
        group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
        on conflict (
            municipality, month, touchpoint, product, location, wijk, mode, daypart, indicator, kind
        ) do update
        set given = meetpunt.added(s.given, excluded.given),
            small_group = s.small_group or excluded.small_group
    ),
    into_figures as (
        insert into lees.cijfer as s
            (municipality, grain, period, channel, indicator, kind, given, small_group)
        select municipality, grain, period, channel, indicator, kind, {_together("bigint")},
            bool_or(small_group)
        from distributed
        {_PERIODS}
        where indicator is not null and period >= {first}
        group by 1, 2, 3, 4, 5, 6
        on conflict (municipality, grain, period, channel, indicator, kind) do update
        set given = meetpunt.added(s.given, excluded.given),
            small_group = s.small_group or excluded.small_group
    ),
    filled_in as (
        select number, count(*) as responses, count(*) filter (where complete) as complete
        from counted
        group by number
    ),
    into_completeness as (
        insert into lees.deelname as s
            (municipality, grain, period, channel, responses, complete)
        select municipality, grain, period, channel, sum(responses), sum(complete)
        from filled_in
        join placed_at using (number)
        {_PERIODS}
        where period >= {first}
        group by 1, 2, 3, 4
        on conflict (municipality, grain, period, channel) do update
        set responses = s.responses + excluded.responses,
            complete = s.complete + excluded.complete
    )
    """  # noqa: S608  # made of our own constants


async def rebuild(
    db: asyncpg.Connection, *, on_municipality: Callable[[str, int], None] | None = None
) -> int:
    """Count all figures again from the published rows; returns how many responses they count.

    The figures are the same as publishing made them. Periods that begin before a municipality's
    `purged_before` are left alone, because their rows are gone. Each municipality has a transaction
    of its own, in which nobody publishes. After it, `on_municipality` is called with its code and
    its number of responses.
    """
    counted = 0
    for row in await db.fetch(_MUNICIPALITIES):
        code = row["code"]
        async with db.transaction():
            await take_turn(db, wait=True)
            first_kept = await db.fetchval(_PURGED_BEFORE, code)
            for statement in _FORGET:
                await db.execute(statement, code, first_kept)
            responses: int = await db.fetchval(_REBUILD, code, first_kept)
        counted += responses
        if on_municipality is not None:
            on_municipality(code, responses)
    return counted


_MUNICIPALITIES = "/* municipalities */ select code from meetpunt.municipality order by code"

# From the rows that are readable: what is published is counted, and nothing else.
_REBUILD = f"""/* rebuild */
    with rows as materialized (
        select *, dense_rank() over (
            order by week, month, touchpoint, structure, small_group, product, location, wijk, mode,
                daypart
        ) as number
        from (
            select municipality, week, month, touchpoint, structure, small_group, answers, complete,
                {details_of("dimensions", "mode", "daypart")}
            from lees.reactie
            where municipality = $1 and suspect = '{{}}'
        ) as reactie
    ),
    kinds as materialized (
        select distinct on (number) * from rows
    ),
    counted as materialized (
        select number, answers, complete from rows
    ),
    {counting("$2::text::date")}
    select count(*) from counted
"""  # noqa: S608  # made of our own constants

_FORGET = (
    """/* forget_summary */
    delete from meetpunt.summary where municipality = $1 and period >= $2::text::date""",
    # Nobody read it, so it is written no more. The version before still does while one is replaced
    # by the other; the table goes with a later release.
    """/* forget_summary_responses */
    delete from meetpunt.summary_responses
    where municipality = $1 and period >= $2::text::date""",
    """/* forget_figures */
    delete from lees.cijfer where municipality = $1 and period >= $2::text::date""",
    """/* forget_breakdowns */
    delete from lees.cijfer_uitgesplitst where municipality = $1 and month >= $2::text::date""",
    """/* forget_completeness */
    delete from lees.deelname where municipality = $1 and period >= $2::text::date""",
)

_PURGED_BEFORE = """/* purged_before */
    select coalesce(
        (select day from meetpunt.purged_before where municipality = $1), '-infinity'::date
    )::text
"""
