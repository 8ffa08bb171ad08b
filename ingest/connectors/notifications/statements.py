"""Every statement about the inbox of notifications: one function each."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import asyncpg
import msgspec


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """One that nobody has worked off; `municipality` is its code."""

    municipality: str
    code: bytes
    since: date
    channel: str
    resource: str
    action: str
    about: str
    url: str
    details: dict[str, Any]
    attempts: int


class NewNotification(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One as it begins; `municipality` is its code, `details` is JSON."""

    municipality: str
    code: bytes
    since: date
    channel: str
    resource: str
    action: str
    about: str
    url: str
    details: str


async def store_notifications(db: asyncpg.Connection, told: Sequence[NewNotification]) -> int:
    """Keep those that were not told before, worked off or not; how many that were."""
    ordered = sorted(told, key=lambda each: (each.municipality, each.code))
    columns = zip(*(msgspec.structs.astuple(each) for each in ordered), strict=True)
    rows = await db.fetch(
        """/* store_notifications */
        insert into meetpunt.notification
            (municipality, code, since, channel, resource, action, about, url, details, due)
        select municipality, code, since, channel, resource, action, about, url, details,
            clock_timestamp()
        from unnest($1::text[], $2::bytea[], $3::date[], $4::text[], $5::text[], $6::text[],
                $7::text[], $8::text[], $9::jsonb[])
            as told (municipality, code, since, channel, resource, action, about, url, details)
        on conflict do nothing
        returning code
        """,
        *map(list, columns),
    )
    return len(rows)


async def waiting_notifications(db: asyncpg.Connection, most: int) -> list[Waiting]:
    """What is due, and what else waits about the same things; of at most so many things."""
    rows = await db.fetch(
        """/* waiting_notifications */
        with things as (
            select municipality, channel, about
            from meetpunt.notification
            where due <= clock_timestamp()
            group by municipality, channel, about
            order by min(due), about
            limit $1
        )
        select municipality, code, since, channel, resource, action, about, url,
            details::text as details, attempts
        from meetpunt.notification
        join things using (municipality, channel, about)
        where due is not null
        order by due, code
        """,
        most,
    )
    return [
        Waiting(**{**row, "details": msgspec.json.decode(row["details"])})
        for row in map(dict, rows)
    ]


async def end_notifications(db: asyncpg.Connection, done: Sequence[Waiting]) -> None:
    """These are worked off: their codes are left, to know them when they come again."""
    await db.execute(
        """/* end_notifications */
        update meetpunt.notification
        set channel = null, resource = null, action = null, about = null, url = null,
            details = null, due = null
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
        where due is not null
        """,
        TRIED_OFTEN,
    )
    return InboxStatus(**row)
