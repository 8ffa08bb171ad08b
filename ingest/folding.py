"""Stored responses to summaries: exactly once, within seconds, without holding up what stores them.

The insert leaves a row a response in `unfolded`. Taking rows off and adding what they count happens
in one transaction, so a crash loses nothing and counts nothing twice. Of any number of processes
one folds at a time.
"""

import asyncio
from collections.abc import Callable

import asyncpg

from ingest.locks import Lock
from ingest.running import metrics
from ingest.running.upkeep import Task

# A transaction of this many takes about a second.
MOST_AT_ONCE = 10_000
# Dashboards are at most 5 seconds behind: a look every 2, and a retry as often.
PAUSE_SECONDS = 2.0
# A connection that says nothing for this long is given up; what it was doing is rolled back.
_MOST_SECONDS = 120.0
# What is counted: answers of a kind with a scale. Where each lies on it: see meetpunt.summary.
_COUNT = """
    given as materialized (
        select counted.municipality, counted.day, counted.touchpoint, counted.structure,
            counted.is_test, item.item, item.indicator, item.kind,
            case item.kind
                when 'yes_partly_no'
                    then array_position(array['nee', 'deels', 'ja'], answer.value #>> '{{}}')
                else case jsonb_typeof(answer.value) when 'number' then answer.value::integer end
            end as value,
            answer.value = '"nvt"' as nvt,
            count(*) as times
        from counted
        cross join lateral jsonb_each(counted.answers) as answer (item, value)
        join meetpunt.item
            on item.municipality = counted.municipality
            and item.structure = counted.structure
            and item.item = answer.item
        where (counted.items is null or answer.item = any (counted.items))
            and (counted.pending is null or answer.item <> all (counted.pending))
            and item.kind in ('mark', 'agreement', 'smileys', 'yes_partly_no')
        group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
    ),
    into_summary as (
        insert into meetpunt.summary as s (
            municipality, grain, period, touchpoint, structure, item, indicator, kind, is_test,
            given, not_applicable
        )
        select municipality, grain, period, touchpoint, structure, item, min(indicator), min(kind),
            is_test,
            array[
                coalesce(sum(times) filter (where value = 1), 0),
                coalesce(sum(times) filter (where value = 2), 0),
                coalesce(sum(times) filter (where value = 3), 0),
                coalesce(sum(times) filter (where value = 4), 0),
                coalesce(sum(times) filter (where value = 5), 0),
                coalesce(sum(times) filter (where value = 6), 0),
                coalesce(sum(times) filter (where value = 7), 0),
                coalesce(sum(times) filter (where value = 8), 0),
                coalesce(sum(times) filter (where value = 9), 0),
                coalesce(sum(times) filter (where value = 10), 0)
            ]::bigint[],
            coalesce(sum(times) filter (where nvt), 0)
        from given
        {periods}
        where period >= {kept}
        group by municipality, grain, period, is_test, touchpoint, structure, item
        order by municipality, grain, period, is_test, touchpoint, structure, item
        on conflict (municipality, grain, period, is_test, touchpoint, structure, item) do update
        set given = meetpunt.added(s.given, excluded.given),
            not_applicable = s.not_applicable + excluded.not_applicable
    ),
    into_responses as (
        insert into meetpunt.summary_responses as s (
            municipality, grain, period, touchpoint, structure, is_test,
            responses, complete, invited
        )
        select municipality, grain, period, touchpoint, structure, is_test,
            count(*) filter (where items is null),
            -- Left halfway and completed later: complete counts when the rest of it is folded.
            count(*) filter (where complete and pending is null),
            count(*) filter (where items is null and invited)
        from counted
        {periods}
        where period >= {kept}
        group by municipality, grain, period, is_test, touchpoint, structure
        order by municipality, grain, period, is_test, touchpoint, structure
        on conflict (municipality, grain, period, is_test, touchpoint, structure) do update
        set responses = s.responses + excluded.responses,
            complete = s.complete + excluded.complete,
            invited = s.invited + excluded.invited
    ),
    into_invitations as (
        insert into meetpunt.invitation_count as s
            (municipality, day, touchpoint, product, is_test, spent)
        select municipality, day, touchpoint, product, is_test, count(*)
        from counted
        where invited and items is null and day >= {kept}
        group by municipality, day, touchpoint, product, is_test
        order by municipality, day, touchpoint, product, is_test
        on conflict (municipality, day, touchpoint, product, is_test) do update
        set spent = s.spent + excluded.spent
    )
"""

# The week and the month of a day.
_PERIODS = """cross join lateral (values
            ('week', date_trunc('week', day::timestamp)::date),
            ('month', date_trunc('month', day::timestamp)::date)
        ) as periods (grain, period)"""

# What is counted of a response. Nobody was invited where the hour is known.
_COLUMNS = """
    response.municipality, response.touchpoint, response.structure, response.day, response.is_test,
    response.complete, response.hour is null as invited, response.answers,
    coalesce(response.dimensions ->> 'product', '') as product
"""

# Rows with `items` are folded with the whole response that they belong to, which counts them, or
# once no whole response waits any more: so an item is never counted both ways.
_FOLD = f"""/* fold */
    with whole as materialized (
        delete from meetpunt.unfolded
        where ctid = any (array(
            select ctid from meetpunt.unfolded where items is null limit $1
        ))
        returning municipality, day, response_id
    ),
    belonging as materialized (
        delete from meetpunt.unfolded
        using whole
        where unfolded.items is not null
            and unfolded.municipality = whole.municipality
            and unfolded.day = whole.day
            and unfolded.response_id = whole.response_id
        returning 1
    ),
    added as materialized (
        delete from meetpunt.unfolded
        where ctid = any (array(
            select later.ctid
            from meetpunt.unfolded as later
            where later.items is not null
                and (select count(*) from whole) < $1
                and not exists (
                    select from whole
                    where whole.municipality = later.municipality
                        and whole.day = later.day
                        and whole.response_id = later.response_id
                )
            limit $1
        ))
        returning municipality, day, response_id, items
    ),
    taken as (
        select municipality, day, response_id, null::text[] as items from whole
        union all
        select municipality, day, response_id, items from added
    ),
    counted as materialized (
        select {_COLUMNS}, taken.items, null::text[] as pending
        from taken
        join meetpunt.response
            on response.municipality = taken.municipality
            and response.day = taken.day
            and response.id = taken.response_id
        where response.suspect = '{{}}'
    ),
    {_COUNT.format(kept="'-infinity'", periods=_PERIODS)}
    select (select count(*) from whole) + (select count(*) from belonging)
        + (select count(*) from added)
"""  # noqa: S608  # made of our own constants

# Everything of a municipality but what still waits in the queue.
_REBUILD = f"""/* rebuild */
    with counted as materialized (
        select {_COLUMNS}, null::text[] as items, waiting.items as pending
        from meetpunt.response
        left join (
            select day, response_id, bool_or(items is null) as whole,
                coalesce(array_agg(item) filter (where item is not null), '{{}}') as items
            from meetpunt.unfolded
            left join unnest(items) as item on true
            where municipality = $1
            group by day, response_id
        ) as waiting on waiting.day = response.day and waiting.response_id = response.id
        where response.municipality = $1
            and response.suspect = '{{}}'
            and waiting.whole is not true
    ),
    {_COUNT.format(kept="$2::text::date", periods=_PERIODS)}
    select count(*) from counted
"""  # noqa: S608  # made of our own constants


async def fold(db: asyncpg.Connection, most: int = MOST_AT_ONCE, *, wait: bool = False) -> int:
    """Take up to `most` responses off the queue and add them to the summaries; returns how many.

    `db` is a connection as `meetpunt_folder`. Less than `most` means that the queue was empty, or
    that another process was folding: that one goes on, unless this one should `wait` for its turn.
    """
    async with db.transaction():
        if wait:
            await db.execute("/* fold_turn */ select pg_advisory_xact_lock($1)", Lock.FOLD)
        elif not await db.fetchval(
            "/* fold_try */ select pg_try_advisory_xact_lock($1)", Lock.FOLD
        ):
            return 0
        # A young table's statistics must not lead to reading every answer there is.
        await db.execute("set local enable_seqscan = off; set local jit = off")
        folded: int = await db.fetchval(_FOLD, most)
    return folded


async def unfolded(db: asyncpg.Connection) -> int:
    """How many rows wait to be folded."""
    waiting: int = await db.fetchval("/* unfolded */ select count(*) from meetpunt.unfolded")
    return waiting


async def fold_all(db: asyncpg.Connection) -> int:
    """Fold until nothing waits, in turn with whoever else folds; returns how many rows it took."""
    total = 0
    while folded := await fold(db, wait=True):
        total += folded
    return total


def folding(*, seconds: float = PAUSE_SECONDS) -> Task:
    """Folding beside the requests, in one worker of all."""

    async def work(db: asyncpg.Connection) -> None:
        async with asyncio.timeout(_MOST_SECONDS):
            while waiting := await unfolded(db):
                metrics.fold_lag_rows.set(waiting)
                folded = await fold(db, MOST_AT_ONCE)
                metrics.folded_rows.inc(folded)
                if folded < MOST_AT_ONCE:
                    break
            metrics.fold_lag_rows.set(await unfolded(db) if waiting else 0)

    return Task(name="fold", lock=Lock.SERVING_FOLD, seconds=seconds, work=work)


async def rebuild(
    db: asyncpg.Connection, *, on_municipality: Callable[[str, int], None] | None = None
) -> int:
    """Work all summaries out anew from what is stored; returns how many responses they count.

    The figures come out as folding made them. Periods that begin before a municipality's
    `purged_before` are left alone: their responses are gone. One transaction a municipality, in
    which nobody else folds; `on_municipality` is told its code and number of responses after each.
    """
    municipalities = await db.fetch("/* municipalities */ select code from meetpunt.municipality")
    counted = 0
    for municipality in sorted(row["code"] for row in municipalities):
        async with db.transaction():
            await db.execute("/* fold_turn */ select pg_advisory_xact_lock($1)", Lock.FOLD)
            responses = await _rebuild(db, municipality)
        counted += responses
        if on_municipality is not None:
            on_municipality(municipality, responses)
    return counted


async def _rebuild(db: asyncpg.Connection, municipality: str) -> int:
    kept = await db.fetchval(
        """/* purged_before */
        select coalesce(
            (select day from meetpunt.purged_before where municipality = $1), '-infinity'::date
        )::text""",
        municipality,
    )
    for statement in (
        """/* forget_summary */
        delete from meetpunt.summary where municipality = $1 and period >= $2::text::date""",
        """/* forget_summary_responses */
        delete from meetpunt.summary_responses
        where municipality = $1 and period >= $2::text::date""",
        # In the order in which whoever issues invitations takes them: nobody waits in a ring.
        """/* hold_invitation_count */
        select from meetpunt.invitation_count
        where municipality = $1 and day >= $2::text::date
        order by municipality, day, touchpoint, product, is_test
        for update""",
        """/* forget_spent */
        update meetpunt.invitation_count set spent = 0
        where municipality = $1 and day >= $2::text::date and spent <> 0""",
    ):
        await db.execute(statement, municipality, kept)
    responses: int = await db.fetchval(_REBUILD, municipality, kept)
    return responses
