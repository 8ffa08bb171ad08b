"""Every statement that puts something into the outbox, or ends it there: one function each."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import asyncpg
import msgspec


class Stage(msgspec.Struct, frozen=True, kw_only=True, array_like=True, order=True):
    """How far contacts of a month came: what is counted. `municipality` is its code."""

    municipality: str
    month: date
    touchpoint: int
    product: str
    stage: str


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the outbox, as far as figures know it. `municipality` is its code."""

    municipality: str
    id: UUID
    touchpoint: int
    month: date
    product: str


class NewMessage(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One row of the outbox as it begins: it waits. `sealed` says to whom."""

    municipality: str
    id: UUID
    touchpoint: int
    sender: str
    month: date
    product: str
    sealed: bytes
    due: datetime
    expires_at: datetime
    changed_on: date
    about: bytes | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What becomes of one row: its new state, and for `waiting` and `sending` when to look again.

    `reason` is a code. `receipt_until` is for `sent` alone: until when the provider may tell more.
    """

    municipality: str
    id: UUID
    state: str
    changed_on: date
    look_at: datetime | None = None
    reference: str | None = None
    reason: str | None = None
    receipt_until: date | None = None


class Known(Counted, frozen=True, kw_only=True):
    """A message that a provider tells of."""

    state: str
    reason: str | None


async def store_occasions(
    db: asyncpg.Connection, until: Mapping[tuple[str, bytes], date]
) -> set[tuple[str, bytes]]:
    """Remember contacts by municipality and code, each until its day; returns what was new."""
    rows = await db.fetch(
        """/* store_occasions */
        insert into meetpunt.occasion (municipality, code, until)
        select municipality, code, until
        from unnest($1::text[], $2::bytea[], $3::date[]) as told (municipality, code, until)
        order by municipality, code
        on conflict do nothing
        returning municipality, code
        """,
        [municipality for municipality, _ in until],
        [code for _, code in until],
        list(until.values()),
    )
    return {(row["municipality"], row["code"]) for row in rows}


async def store_messages(db: asyncpg.Connection, messages: Sequence[NewMessage]) -> None:
    """Let these wait, in the order of their random ids."""
    columns = zip(
        *(msgspec.structs.astuple(each) for each in sorted(messages, key=lambda one: one.id)),
        strict=True,
    )
    await db.execute(
        """/* store_messages */
        insert into meetpunt.outbox (municipality, id, touchpoint, sender, month, product, sealed,
            due, expires_at, changed_on, about)
        select * from unnest($1::text[], $2::uuid[], $3::integer[], $4::text[], $5::date[],
            $6::text[], $7::bytea[], $8::timestamptz[], $9::timestamptz[], $10::date[],
            $11::bytea[])
        """,
        *map(list, columns),
    )


async def waiting_matters(
    db: asyncpg.Connection, municipality: str
) -> list[tuple[UUID, bytes, bytes]]:
    """Id, code and seal of each message that waits and may be taken back."""
    rows = await db.fetch(
        """/* waiting_matters */
        select id, about, sealed
        from meetpunt.outbox
        where municipality = $1 and about is not null and state = 'waiting'
        """,
        municipality,
    )
    return [(row["id"], row["about"], row["sealed"]) for row in rows]


async def withdraw_messages(
    db: asyncpg.Connection, municipality: str, about: bytes, *, reason: str, today: date
) -> list[Counted]:
    """Take back what waits about this; returns what that was. What is being sent goes out."""
    rows = await db.fetch(
        """/* withdraw_messages */
        update meetpunt.outbox
        set state = 'withdrawn', reason = $3, changed_on = $4, sealed = null, due = null,
            expires_at = null, about = null
        where municipality = $1 and about = $2 and state = 'waiting'
        returning municipality, id, touchpoint, month, product
        """,
        municipality,
        about,
        reason,
        today,
    )
    return [Counted(**row) for row in rows]


async def count_stages(db: asyncpg.Connection, counted: Mapping[Stage, int]) -> None:
    """Add to the figures, as the last thing of a transaction: everybody counts in the same rows."""
    stages = sorted(counted)
    columns = zip(*(msgspec.structs.astuple(each) for each in stages), strict=True)
    await db.execute(
        """/* count_stages */
        insert into meetpunt.invitation_stage as stage
            (municipality, month, touchpoint, product, stage, n)
        select municipality, month, touchpoint, product, stage, n
        from unnest($1::text[], $2::date[], $3::integer[], $4::text[], $5::text[], $6::bigint[])
            as counted (municipality, month, touchpoint, product, stage, n)
        order by municipality, month, touchpoint, product, stage
        on conflict (municipality, month, touchpoint, product, stage) do update
        set n = stage.n + excluded.n
        """,
        *map(list, columns),
        [counted[each] for each in stages],
    )


async def change_messages(
    db: asyncpg.Connection, changes: Sequence[Change], *, state: str, holder: UUID | None
) -> set[UUID]:
    """Change those that are still in `state`, of `holder`; returns which those were.

    What neither waits nor is being sent loses its seal and its hour; nobody holds any of them
    afterwards.
    """
    columns = zip(*(msgspec.structs.astuple(each) for each in changes), strict=True)
    rows = await db.fetch(
        """/* change_messages */
        update meetpunt.outbox
        set state = changed.state,
            sealed = case when changed.state in ('waiting', 'sending') then sealed end,
            expires_at = case when changed.state in ('waiting', 'sending') then expires_at end,
            due = case changed.state when 'waiting' then changed.look_at
                when 'sending' then due end,
            holder = null,
            held_until = case changed.state when 'sending' then changed.look_at end,
            reference = coalesce(changed.reference, outbox.reference),
            reason = changed.reason,
            provider = case changed.state when 'sending' then provider end,
            receipt_until = changed.receipt_until,
            changed_on = changed.changed_on
        from unnest($1::text[], $2::uuid[], $3::text[], $4::date[], $5::timestamptz[], $6::text[],
                $7::text[], $8::date[])
            as changed (municipality, id, state, changed_on, look_at, reference, reason,
                receipt_until)
        where outbox.municipality = changed.municipality and outbox.id = changed.id
            and outbox.state = $9 and outbox.holder is not distinct from $10
        returning outbox.id
        """,
        *map(list, columns),
        state,
        holder,
    )
    return {row["id"] for row in rows}


async def find_message(
    db: asyncpg.Connection, municipality: str, sender: str, id: UUID | None, reference: str
) -> Known | None:
    """The sender's message by our own id or by its provider's name, held until the end of this."""
    row = await db.fetchrow(
        """/* find_message */
        select municipality, id, touchpoint, month, product, state, reason
        from meetpunt.outbox
        where municipality = $1 and sender = $2 and (id = $3 or reference = $4)
        order by id = $3 desc nulls last
        limit 1
        for update
        """,
        municipality,
        sender,
        id,
        reference,
    )
    return Known(**row) if row is not None else None


async def end_message(db: asyncpg.Connection, known: Known, change: Change) -> None:
    """What a provider told of it last. Nothing of who it was is left."""
    await db.execute(
        """/* end_message */
        update meetpunt.outbox
        set state = $3, reason = $4, changed_on = $5, sealed = null, due = null, expires_at = null,
            holder = null, held_until = null, receipt_until = null
        where municipality = $1 and id = $2
        """,
        known.municipality,
        known.id,
        change.state,
        change.reason,
        change.changed_on,
    )
