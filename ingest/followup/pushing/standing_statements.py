"""Statements about how telling stands: which webhook is no more, what waits, what was lost."""

from datetime import date

import asyncpg
import msgspec

from ingest.followup.pushing.statements import Way


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook that said it is no more; `address` is the SHA-256 of where it was."""

    municipality: str
    address: bytes
    since: date


async def webhooks_gone(db: asyncpg.Connection) -> list[Gone]:
    """Every webhook that said so, the addresses that were changed since among them."""
    rows = await db.fetch(
        "/* webhooks_gone */ select municipality, address, since from meetpunt.signal_webhook_gone"
    )
    return [Gone(**row) for row in rows]


async def note_gone(db: asyncpg.Connection, municipality: str, address: bytes) -> None:
    """Tell nobody at this address any more."""
    await db.execute(
        """/* note_webhook_gone */
        insert into meetpunt.signal_webhook_gone as known (municipality, address, since)
        values ($1, $2, (clock_timestamp() at time zone 'Europe/Amsterdam')::date)
        on conflict (municipality) do update
        set address = excluded.address, since = excluded.since
        where known.address <> excluded.address
        """,
        municipality,
        address,
    )


async def forget_gone(db: asyncpg.Connection, municipality: str) -> bool:
    """It can be reached after all; whether it was taken for gone. What waits for it is due."""
    gone = await db.fetchval(
        """/* webhook_is_back */
        delete from meetpunt.signal_webhook_gone where municipality = $1 returning true
        """,
        municipality,
    )
    if gone:
        await db.execute(
            """/* webhook_due */
            update meetpunt.signal_delivery set due = clock_timestamp()
            where municipality = $1 and way = 'webhook' and state = 'waiting'
            """,
            municipality,
        )
    return bool(gone)


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How one way stands: what waits, for how long it is due, and what was lost lately.

    `lost` counts this month and the one before; `why` is what most that wait wait for.
    """

    municipality: str
    way: Way
    waiting: int
    due_seconds: float
    lost: int
    why: str | None


async def read_standing(db: asyncpg.Connection) -> list[Standing]:
    """Of each municipality and way where something waits, or was lost."""
    rows = await db.fetch(
        """/* read_deliveries */
        select municipality, way, coalesce(waiting, 0) as waiting,
            coalesce(due_seconds, 0) as due_seconds, coalesce(lost, 0) as lost, why
        from (
            select municipality, way, count(*) as waiting,
                greatest(extract(epoch from clock_timestamp() - min(due)), 0)::float8
                    as due_seconds,
                mode() within group (order by reason) as why
            from meetpunt.signal_delivery
            group by municipality, way
        ) as waits
        full join (
            select municipality, way, sum(n)::bigint as lost
            from meetpunt.signal_tally
            where outcome <> 'done'
                and month >= date_trunc('month', current_date - interval '1 month')
            group by municipality, way
        ) as lost_lately using (municipality, way)
        order by municipality, way
        """
    )
    return [Standing(**row) for row in rows]
