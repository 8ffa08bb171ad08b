"""Every statement about who wants to be called: one function each."""

from datetime import date
from uuid import UUID

import asyncpg
import msgspec


class NewCallback(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One row as it begins, with the code of the token that it spends."""

    municipality: str
    spent: bytes
    expires_on: date
    id: UUID
    touchpoint: int
    day: date
    sealed: bytes


async def store_callback(db: asyncpg.Connection, row: NewCallback) -> bool:
    """Spend the token and store the row, or neither: False when it was spent before.

    One statement, so one number of a transaction, as of everything that a resident sends.
    """
    return bool(
        await db.fetchval(
            """/* store_callback */
            with spent as (
                insert into meetpunt.spent_token (municipality, id, expires_on)
                values ($1, $2, $3)
                on conflict do nothing
                returning municipality
            ),
            stored as (
                insert into meetpunt.callback (municipality, id, touchpoint, day, sealed)
                select municipality, $4, $5, $6, $7
                from spent
            )
            select exists (select from spent)
            """,
            *msgspec.structs.astuple(row),
        )
    )


async def was_spent(db: asyncpg.Connection, municipality: str, spent: bytes) -> bool:
    """Whether the token with this code was used."""
    return bool(
        await db.fetchval(
            """/* callback_spent */
            select exists (select from meetpunt.spent_token where municipality = $1 and id = $2)
            """,
            municipality,
            spent,
        )
    )


class Callback(msgspec.Struct, frozen=True, kw_only=True):
    """One that is kept; `touchpoint` is a path, `days_left` how long it still is, 0 or more.

    `municipality` is a code; nothing is `sealed` any more once it was opened.
    """

    municipality: str
    id: UUID
    touchpoint: str
    day: date
    state: str
    sealed: bytes | None
    days_left: int


async def list_callbacks(
    db: asyncpg.Connection, *, municipality: str | None, days: int
) -> list[Callback]:
    """All that are kept, those first that wait longest; of one municipality's code, or of all.

    `days` is the term. `db` is a connection as meetpunt_work.
    """
    rows = await db.fetch(
        """/* list_callbacks */
        select callback.municipality, callback.id,
            municipality.slug || '/' || touchpoint.slug as touchpoint, day, state, sealed,
            greatest(day + $2::integer
                - (clock_timestamp() at time zone 'Europe/Amsterdam')::date, 0) as days_left
        from meetpunt.callback
        join meetpunt.municipality on municipality.code = callback.municipality
        join meetpunt.touchpoint
            on touchpoint.municipality = callback.municipality
            and touchpoint.number = callback.touchpoint
        where callback.municipality = coalesce($1, callback.municipality)
        order by array_position(array['nieuw', 'geopend', 'afgehandeld'], state), day, callback.id
        """,
        municipality,
        days,
    )
    return [Callback(**row) for row in rows]


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """One that was opened just now: the only one who gets what was sealed."""

    municipality: str
    sealed: bytes


async def open_callback(db: asyncpg.Connection, id: UUID) -> Opened | None:
    """Take what is sealed out of the row, once; None when there is none that waits.

    `db` is a connection as meetpunt_work. Of two at once the first to hold the row gets it.
    """
    row = await db.fetchrow(
        """/* open_callback */
        with waiting as materialized (
            select municipality, id, sealed
            from meetpunt.callback
            where id = $1 and state = 'nieuw'
            for update
        ),
        opened as (
            update meetpunt.callback
            set state = 'geopend', sealed = null
            from waiting
            where callback.municipality = waiting.municipality and callback.id = waiting.id
        )
        select municipality, sealed from waiting
        """,
        id,
    )
    return None if row is None else Opened(**row)


async def end_callback(db: asyncpg.Connection, id: UUID) -> str | None:
    """They were called, or tried often enough. Returns the state before; None: there is none.

    One that nobody opened stays as it is.
    """
    state: str | None = await db.fetchval(
        """/* end_callback */
        with known as materialized (
            select municipality, id, state
            from meetpunt.callback
            where id = $1
            for update
        ),
        ended as (
            update meetpunt.callback
            set state = 'afgehandeld'
            from known
            where callback.municipality = known.municipality and callback.id = known.id
                and known.state = 'geopend'
        )
        select state from known
        """,
        id,
    )
    return state


async def clear_callbacks(
    db: asyncpg.Connection, municipality: str, touchpoint: int, day: date | None
) -> int:
    """End all of a touchpoint that wait, of this day or of any, unseen; how many.

    `municipality` is a code. `db` is a connection as meetpunt_work.
    """
    cleared: int = await db.fetchval(
        """/* clear_callbacks */
        with cleared as (
            update meetpunt.callback set state = 'afgehandeld', sealed = null
            where municipality = $1 and touchpoint = $2 and state = 'nieuw'
                and day = coalesce($3, day)
            returning 1
        )
        select count(*) from cleared
        """,
        municipality,
        touchpoint,
        day,
    )
    return cleared


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """What waits of a municipality with this slug; `oldest` is the day of the one longest."""

    slug: str
    count: int
    oldest: date


async def read_waiting(db: asyncpg.Connection) -> list[Waiting]:
    """What nobody opened, by municipality; as meetpunt_work or meetpunt_folder."""
    rows = await db.fetch(
        """/* read_callbacks */
        select slug, count(*) as count, min(day) as oldest
        from meetpunt.callback
        join meetpunt.municipality on code = municipality
        where state = 'nieuw'
        group by slug
        order by slug
        """
    )
    return [Waiting(**row) for row in rows]
