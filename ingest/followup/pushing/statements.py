"""Every statement about telling who is to be told of signals: one function each."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

import asyncpg
import msgspec

Way = Literal["webhook", "mail"]
WEBHOOK: Way = "webhook"
MAIL: Way = "mail"


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """So many signals that say the same. `touchpoint` is a number, `theme` only of a theme."""

    touchpoint: int
    day: date
    half: str
    reason: str
    theme: str | None = None
    n: int = 1


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A signal that nobody was told of in some way, and what it says."""

    id: UUID
    count: Count


class NewDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be told, and of which signals. `department` is a slug, None of the rest."""

    municipality: str
    id: UUID
    way: Way
    counts: Sequence[Count]
    signals: Sequence[UUID]
    department: str | None = None


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that is about to be told. `attempts` counts this one, `over`: it is the last.

    `reason` is why it waited, None where it was not tried or nobody knows how that ended.
    """

    municipality: str
    id: UUID
    way: Way
    department: str | None
    counts: list[Count]
    made: datetime
    attempts: int
    over: bool
    reason: str | None = None


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one. Of `outcome` None it waits for so long, for `reason`."""

    municipality: str
    id: UUID
    outcome: str | None
    pause: timedelta = timedelta(0)
    reason: str | None = None


async def database_time(db: asyncpg.Connection) -> datetime:
    """What time it is there."""
    now: datetime = await db.fetchval("/* database_time */ select clock_timestamp()")
    return now


async def untold(db: asyncpg.Connection, *, within: timedelta) -> set[tuple[str, Way]]:
    """Municipalities, and ways in which nobody was told of some signal that was shown within.

    Of what is done with by now nobody has to be told.
    """
    rows = await db.fetch(
        """/* untold_signals */
        select distinct municipality, way
        from meetpunt.signal
        cross join unnest(array['webhook', 'mail']) as way
        where shown_from > clock_timestamp() - $1::interval and state <> 'afgehandeld'
            and not exists (
                select from meetpunt.signal_told
                where signal = signal.id and signal_told.way = way.way
            )
        """,
        within,
    )
    return {(row["municipality"], row["way"]) for row in rows}


async def shown_signals(
    db: asyncpg.Connection,
    municipality: str,
    way: Way,
    *,
    until: datetime,
    since: datetime,
    most: int,
) -> list[Shown]:
    """Signals that are shown since and until then, not done with, and told to nobody so far."""
    rows = await db.fetch(
        """/* shown_signals */
        select id, touchpoint, reason, theme, day, half
        from meetpunt.signal
        where municipality = $1 and shown_from <= $3 and shown_from > $4
            and state <> 'afgehandeld'
            and not exists (
                select from meetpunt.signal_told where signal = signal.id and way = $2
            )
        order by id
        limit $5
        """,
        municipality,
        way,
        until,
        since,
        most,
    )
    return [
        Shown(
            id=row["id"],
            count=Count(
                touchpoint=row["touchpoint"],
                day=row["day"],
                half=row["half"],
                reason=row["reason"],
                theme=row["theme"],
            ),
        )
        for row in rows
    ]


async def store_delivery(
    db: asyncpg.Connection, delivery: NewDelivery, *, tried_for: timedelta
) -> None:
    """Let it wait, and note of each signal that it stands in one."""
    await db.execute(
        """/* store_delivery */
        with told as (
            insert into meetpunt.signal_told (signal, way)
            select signal, $3 from unnest($6::uuid[]) as signal
        )
        insert into meetpunt.signal_delivery
            (municipality, id, way, department, counts, made, due, until)
        select $1, $2, $3, $4, $5::text::jsonb, now, now, now + $7
        from clock_timestamp() as now
        """,
        delivery.municipality,
        delivery.id,
        delivery.way,
        delivery.department,
        msgspec.json.encode(delivery.counts).decode(),
        delivery.signals,
        tried_for,
    )


async def who_is_due(db: asyncpg.Connection) -> list[str]:
    """Codes of municipalities of which something is due, or was left by who was telling it."""
    rows = await db.fetch(
        """/* who_is_due */
        select distinct municipality
        from meetpunt.signal_delivery
        where (state = 'waiting' and due <= clock_timestamp())
            or (state = 'sending' and held_until <= clock_timestamp())
        order by municipality
        """
    )
    return [row["municipality"] for row in rows]


async def take_due(
    db: asyncpg.Connection,
    municipality: str,
    *,
    holder: UUID,
    lease: timedelta,
    most: int,
    but_webhooks: bool = False,
) -> list[Taken]:
    """Up to `most` of it that are due, or whose lease ran out: now being told by `holder`.

    With `but_webhooks` those by webhook are left until their time is over.
    """
    rows = await db.fetch(
        """/* take_deliveries */
        update meetpunt.signal_delivery
        set state = 'sending', holder = $1, held_until = clock_timestamp() + $2,
            attempts = least(attempts + 1, 30000)
        from (
            select municipality, id
            from meetpunt.signal_delivery
            where municipality = $4
                and ((state = 'waiting' and due <= clock_timestamp())
                    or (state = 'sending' and held_until <= clock_timestamp()))
                and (way <> 'webhook' or not $5 or until < clock_timestamp())
            order by due
            limit $3
            for update skip locked
        ) as taken
        where signal_delivery.municipality = taken.municipality and signal_delivery.id = taken.id
        returning signal_delivery.municipality, signal_delivery.id, way, department,
            counts::text as counts, made, attempts, until < clock_timestamp() as over, reason
        """,
        holder,
        lease,
        most,
        municipality,
        but_webhooks,
    )
    return [
        Taken(**{**row, "counts": msgspec.json.decode(row["counts"], type=list[Count])})
        for row in rows
    ]


async def give_back(db: asyncpg.Connection, holder: UUID, ids: Sequence[UUID]) -> None:
    """Let these wait again: nobody called for them."""
    await db.execute(
        """/* give_deliveries_back */
        update meetpunt.signal_delivery
        set state = 'waiting', holder = null, held_until = null, attempts = attempts - 1
        where holder = $1 and id = any ($2)
        """,
        holder,
        ids,
    )


async def end(db: asyncpg.Connection, results: Sequence[Result], holder: UUID) -> None:
    """Write down what came of those that `holder` still has. What ended is gone, and counted."""
    await db.execute(
        """/* end_deliveries */
        with result as materialized (
            select * from unnest($1::text[], $2::uuid[], $3::text[], $4::interval[], $5::text[])
                as result (municipality, id, outcome, pause, reason)
        ),
        gone as (
            delete from meetpunt.signal_delivery
            using result
            where signal_delivery.municipality = result.municipality
                and signal_delivery.id = result.id and holder = $6 and outcome is not null
            returning signal_delivery.municipality, way, result.outcome
        ),
        again as (
            update meetpunt.signal_delivery
            set state = 'waiting', holder = null, held_until = null,
                due = clock_timestamp() + result.pause, reason = result.reason
            from result
            where signal_delivery.municipality = result.municipality
                and signal_delivery.id = result.id and holder = $6 and outcome is null
        )
        insert into meetpunt.signal_tally as tally (municipality, month, way, outcome, n)
        select municipality,
            date_trunc('month', clock_timestamp() at time zone 'Europe/Amsterdam')::date, way,
            outcome, count(*)
        from gone
        group by municipality, way, outcome
        order by municipality, way, outcome
        on conflict (municipality, month, way, outcome) do update
        set n = tally.n + excluded.n
        """,
        [each.municipality for each in results],
        [each.id for each in results],
        [each.outcome for each in results],
        [each.pause for each in results],
        [each.reason for each in results],
        holder,
    )
