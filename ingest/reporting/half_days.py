"""Close the batches of a half day: where ten wait at a touchpoint, their signals are shown.

A department wants to hear of a low mark on the same day, and its rows are read the next morning. If
a signal told which half day an answer is from, and its batch were of another length, the one would
split the other: of whoever is left, fewer than ten could be meant. So what is told at the end of a
half day is a batch. It is published as it is, and its signals tell no more than its rows.
"""

from collections.abc import MutableMapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from uuid import UUID, uuid4

import asyncpg

from ingest.clock import AMSTERDAM, day_of
from ingest.reporting import statements
from ingest.reporting.alike import alike
from ingest.reporting.batches import ENOUGH, Stream
from ingest.reporting.pieces import chunks
from ingest.reporting.plan import Look, Plan
from ingest.reporting.signals import make_signals
from ingest.reporting.turns import in_one_transaction, take_turn

_CLOSES = (time(12, 25), time(17, 25))
"""In Amsterdam: five minutes before its signals are shown, which takes no longer."""

_WITHIN = timedelta(minutes=1)
"""So long before it closes, a moment is of the half day."""


async def close_half_days(
    db: asyncpg.Connection,
    plan: Plan,
    *,
    now: datetime,
    wait: bool = False,
    holder: UUID | None = None,
    failed: MutableMapping[str, str] | None = None,
) -> int:
    """Close the half day that is over; how many batches came of it. The parameters are `publish`'s.

    `failed` is given the municipalities that hold a row of which none can be closed.

    A touchpoint's responses wait for those that come after them, until there are as many as its
    batch has, ten at the least. Where nobody closed a half day in time, it is of all that came in
    until somebody does. Whoever was invited is not in it, nor what seems to come from a program, is
    not complete, or is of a sample: of these the day on which so few have ten tells too much.
    """
    if not plan.signals.by_half_day:
        return 0
    closed_at = _last_close(now)
    due = await db.fetch(_DUE, sorted(plan.signals.following), closed_at)
    batches = 0
    failed = {} if failed is None else failed

    async def close(codes: Sequence[str]) -> None:
        nonlocal batches
        batches += await _close(db, plan, codes, closed_at, day_of(now))

    take = partial(take_turn, db, wait=wait, holder=holder)
    for codes in chunks([row["municipality"] for row in due]):
        if not await in_one_transaction(db, codes, close, failed, take):
            break
    return batches


async def _close(
    db: asyncpg.Connection, plan: Plan, codes: Sequence[str], closed_at: datetime, today: date
) -> int:
    """Within one transaction; `today` in Amsterdam."""
    codes = [row["municipality"] for row in await db.fetch(_CLOSED, codes, closed_at)]
    structures = [*plan.known, *plan.sampled]
    # Of a sample nothing is read.
    rows = await db.fetch(statements.WAITING, codes, today, structures, *plan.samples, date.min)
    ten_until = dict(await db.fetch(statements.PROMISED, codes))
    now = Look(
        invited=False,
        days_before=today,
        open_today=True,
        halfway_before=date.min,
        sampled_before=date.min,
    )
    waiting: dict[Stream, list[int]] = {}
    for stream, some in alike(plan, rows, dict.fromkeys(codes, now), ten_until):
        if _closes(plan, stream):
            waiting.setdefault(stream, []).extend(some.places)
    full = [
        places
        for stream, places in waiting.items()
        if len(places) >= max(ENOUGH, plan.group(stream.touchpoint, promised=stream.promised).size)
    ]
    await make_signals(db, plan.signals, rows, full, within=closed_at - _WITHIN)
    for places in full:
        at, ids = ([rows[place][name] for place in places] for name in ("at", "id"))
        last_day = max(rows[place]["day"] for place in places)
        await db.execute(_MARK, at, ids, uuid4(), last_day)
    return len(full)


def _closes(plan: Plan, stream: Stream) -> bool:
    return (
        stream.touchpoint in plan.signals.by_half_day
        and stream.batch is None
        and stream.complete
        and not (stream.invited or stream.suspect or stream.sampled)
    )


def _last_close(now: datetime) -> datetime:
    """The latest of these moments that is not after `now`; in UTC."""
    local = now.astimezone(AMSTERDAM)
    days = (local.date(), local.date() - timedelta(days=1))
    moments = (datetime.combine(day, at, AMSTERDAM) for day in days for at in reversed(_CLOSES))
    return next(each for each in moments if each <= local).astimezone(UTC)


_DUE = """/* half_days_due */
    select municipality
    from meetpunt.look
    where municipality = any ($1::text[]) and coalesce(half_day_closed < $2, true)
    order by municipality
"""

# Nobody else has meanwhile: whoever publishes takes turns.
_CLOSED = """/* half_days_closed */
    update meetpunt.look set half_day_closed = $2
    where municipality = any ($1::text[]) and coalesce(half_day_closed < $2, true)
    returning municipality
"""

_MARK = """/* close_batch */
    update meetpunt.unpublished
    set batch = $3, closed_on = $4
    from unnest($1::text[]::tid[], $2::text[]::uuid[]) as full_one (at, id)
    where unpublished.ctid = full_one.at and unpublished.response_id = full_one.id
"""
