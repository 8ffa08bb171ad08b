"""Every statement about the inbox of notifications: one function each."""

from collections.abc import Sequence
from datetime import date, timedelta

import asyncpg
import msgspec

MOST_WAITING = 10_000
"""Of one municipality; after that whoever tells is asked to come back, and the poll finds it."""

MOST_OF_A_THING = 200


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """One that nobody has worked off; `municipality` is its code."""

    municipality: str
    code: bytes
    since: date
    channel: str
    resource: str
    action: str
    about: str
    attempts: int


class NewNotification(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One as it begins; `municipality` is its code."""

    municipality: str
    code: bytes
    since: date
    channel: str
    resource: str
    action: str
    about: str
    url: str


async def store_notifications(db: asyncpg.Connection, told: Sequence[NewNotification]) -> int:
    """Keep those that were not told before, worked off or not; how many that were."""
    ordered = sorted(told, key=lambda each: (each.municipality, each.code))
    columns = zip(*(msgspec.structs.astuple(each) for each in ordered), strict=True)
    rows = await db.fetch(
        """/* store_notifications */
        insert into meetpunt.notification
            (municipality, code, since, channel, resource, action, about, url, due)
        select municipality, code, since, channel, resource, action, about, url,
            clock_timestamp()
        from unnest($1::text[], $2::bytea[], $3::date[], $4::text[], $5::text[], $6::text[],
                $7::text[], $8::text[])
            as told (municipality, code, since, channel, resource, action, about, url)
        on conflict do nothing
        returning code
        """,
        *map(list, columns),
    )
    return len(rows)


async def is_full(db: asyncpg.Connection, municipality: str) -> bool:
    """Whether `MOST_WAITING` notifications of this municipality wait."""
    return bool(
        await db.fetchval(
            """/* inbox_is_full */
            select exists (
                select from meetpunt.notification
                where municipality = $1 and waits
                offset $2
            )
            """,
            municipality,
            MOST_WAITING - 1,
        )
    )


async def who_waits(db: asyncpg.Connection) -> list[str]:
    """Codes of the municipalities of which something is due."""
    rows = await db.fetch(
        """/* who_waits */
        select code
        from meetpunt.municipality
        -- One look in the index for each, however much waits.
        cross join lateral (
            select
            from meetpunt.notification
            where notification.municipality = municipality.code and waits
                and due <= clock_timestamp()
            order by due
            limit 1
        ) as first
        """
    )
    return [row["code"] for row in rows]


async def waiting_notifications(
    db: asyncpg.Connection, municipality: str, most: int
) -> list[Waiting]:
    """What is due of a municipality, by its code, and what else waits about the same things.

    Of at most so many things, and of each what is due first: `MOST_OF_A_THING`. The rest of it is
    there the next time.
    """
    rows = await db.fetch(
        """/* waiting_notifications */
        with first as materialized (
            select channel, about, due
            from meetpunt.notification
            where municipality = $1 and waits and due <= clock_timestamp()
            order by due
            limit $3
        ),
        things as (
            select channel, about, min(due) as since
            from first
            group by channel, about
            order by since, about
            limit $2
        )
        select told.municipality, told.code, told.since, channel, told.resource, told.action,
            about, told.attempts
        from things
        cross join lateral (
            select municipality, code, notification.since, resource, action, due, attempts
            from meetpunt.notification
            where municipality = $1 and notification.about = things.about
                and notification.channel = things.channel and waits
            order by due, code
            limit $3
        ) as told
        order by things.since, told.due, told.code
        """,
        municipality,
        most,
        MOST_OF_A_THING,
    )
    return [Waiting(**row) for row in rows]


async def end_notifications(db: asyncpg.Connection, done: Sequence[Waiting]) -> None:
    """These are worked off: their codes are left, to know them when they come again."""
    await db.execute(
        """/* end_notifications */
        update meetpunt.notification
        set channel = null, resource = null, action = null, about = null, url = null,
            due = null
        from unnest($1::text[], $2::bytea[]) as done (municipality, code)
        where notification.municipality = done.municipality and notification.code = done.code
        """,
        [each.municipality for each in done],
        [each.code for each in done],
    )


async def postpone_notifications(
    db: asyncpg.Connection, later: Sequence[Waiting], pause: timedelta, *, failed: bool
) -> None:
    """These are looked at again after a pause; `failed`: the system could not be asked."""
    await db.execute(
        """/* postpone_notifications */
        update meetpunt.notification
        set due = clock_timestamp() + $3, attempts = least(attempts + $4::integer, 32767)
        from unnest($1::text[], $2::bytea[]) as later (municipality, code)
        where notification.municipality = later.municipality and notification.code = later.code
            and due is not null
        """,
        [each.municipality for each in later],
        [each.code for each in later],
        pause,
        int(failed),
    )


class InboxStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How the inbox is: what waits, of it what was tried and failed and what did so `TRIED_OFTEN`
    times or more, and for how many seconds the first has been due; 0 where none is.
    """

    waiting: int
    failed: int
    tried: int
    due_seconds: float


TRIED_OFTEN = 4
"""An hour and more of trying: somebody should look why."""


async def read_inbox(db: asyncpg.Connection) -> InboxStatus:
    """As meetpunt_work."""
    row = await db.fetchrow(
        """/* inbox_status */
        select count(*) as waiting, count(*) filter (where attempts > 0) as failed,
            count(*) filter (where attempts >= $1) as tried,
            greatest(coalesce(extract(epoch from clock_timestamp() - min(due)), 0), 0)::float8
                as due_seconds
        from meetpunt.notification
        where waits
        """,
        TRIED_OFTEN,
    )
    return InboxStatus(**row)
