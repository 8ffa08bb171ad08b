"""Every statement that finds what is due and takes it in hand, by municipality and sender."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import asyncpg

from ingest.invitations.sending_statements import Waiting


async def find_due(db: asyncpg.Connection, most: int) -> dict[tuple[str, str], int]:
    """By municipality and sender how many are due, and `most` where there are more.

    Goes from each that has something waiting to the next, and reads nothing of what lies between.
    """
    rows = await db.fetch(
        """/* find_due */
        with recursive way as (
            (
                select municipality, sender
                from meetpunt.outbox
                where state = 'waiting'
                order by municipality, sender
                limit 1
            )
            union all
            select next.municipality, next.sender
            from way
            cross join lateral (
                select outbox.municipality, outbox.sender
                from meetpunt.outbox
                where state = 'waiting'
                    and (outbox.municipality, outbox.sender) > (way.municipality, way.sender)
                order by outbox.municipality, outbox.sender
                limit 1
            ) as next
        )
        select municipality, sender, due.n
        from way
        cross join lateral (
            select count(*) as n
            from (
                select
                from meetpunt.outbox
                where outbox.municipality = way.municipality and outbox.sender = way.sender
                    and state = 'waiting' and due <= statement_timestamp()
                limit $1
            ) as few
        ) as due
        where due.n > 0
        """,
        most,
    )
    return {(row["municipality"], row["sender"]): row["n"] for row in rows}


async def take_waiting(
    db: asyncpg.Connection, rooms: Mapping[tuple[str, str], int]
) -> list[Waiting]:
    """What is due and nobody else has in hand, so many of each, its longest due first."""
    rows = await db.fetch(
        """/* take_waiting */
        select taken.*
        from unnest($1::text[], $2::text[], $3::integer[]) as way (municipality, sender, room)
        cross join lateral (
            select outbox.municipality, id, touchpoint, outbox.sender, month, product, sealed,
                expires_at, attempts, expires_at <= clock_timestamp() as over
            from meetpunt.outbox
            where outbox.municipality = way.municipality and outbox.sender = way.sender
                and state = 'waiting' and due <= statement_timestamp()
            order by due
            limit way.room
            for update skip locked
        ) as taken
        """,
        *_columns(rooms),
    )
    return [Waiting(**row) for row in rows]


async def name_waiting(
    db: asyncpg.Connection, rooms: Mapping[tuple[str, str], int]
) -> list[tuple[str, UUID]]:
    """The same by municipality and id, with nothing in it that could not be read."""
    rows = await db.fetch(
        """/* name_waiting */
        select named.municipality, named.id
        from unnest($1::text[], $2::text[], $3::integer[]) as way (municipality, sender, room)
        cross join lateral (
            select outbox.municipality, id
            from meetpunt.outbox
            where outbox.municipality = way.municipality and outbox.sender = way.sender
                and state = 'waiting' and due <= statement_timestamp()
            order by due
            limit way.room
        ) as named
        """,
        *_columns(rooms),
    )
    return [(row["municipality"], row["id"]) for row in rows]


async def take_named(db: asyncpg.Connection, municipality: str, id: UUID) -> list[Waiting]:
    """This one, where it is still due and nobody else has it in hand."""
    rows = await db.fetch(
        """/* take_named */
        select municipality, id, touchpoint, sender, month, product, sealed, expires_at, attempts,
            expires_at <= clock_timestamp() as over
        from meetpunt.outbox
        where municipality = $1 and id = $2 and state = 'waiting' and due <= statement_timestamp()
        for update skip locked
        """,
        municipality,
        id,
    )
    return [Waiting(**row) for row in rows]


async def set_aside(
    db: asyncpg.Connection,
    municipality: str,
    id: UUID,
    *,
    reason: str,
    today: date,
    counted: bool,
) -> None:
    """End one that waits as failed, whatever is in it; `counted` in the cell that it names."""
    await db.execute(
        """/* set_aside */
        with ended as (
            update meetpunt.outbox
            set state = 'failed', sealed = null, due = null, expires_at = null, reason = $3,
                changed_on = $4
            where municipality = $1 and id = $2 and state = 'waiting'
            returning municipality, month, touchpoint, product
        )
        insert into meetpunt.invitation_stage as stage
            (municipality, month, touchpoint, product, stage, n)
        select municipality, month, touchpoint, product, 'failed', 1
        from ended
        where $5
        on conflict (municipality, month, touchpoint, product, stage) do update
        set n = stage.n + excluded.n
        """,
        municipality,
        id,
        reason,
        today,
        counted,
    )


def _columns(rooms: Mapping[tuple[str, str], int]) -> tuple[list[str], list[str], list[int]]:
    return [code for code, _ in rooms], [name for _, name in rooms], list(rooms.values())
