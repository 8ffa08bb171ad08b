"""Every statement of who sends: what is due, who was asked before, who is to be looked up."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec

from ingest.invitations.outbox_statements import Counted


class Called(Counted, frozen=True, kw_only=True):
    """A row that is called for, or looked up. `over`: it is too late for that."""

    sender: str
    expires_at: datetime
    attempts: int
    over: bool


class Waiting(Called, frozen=True, kw_only=True):
    """A row that is due, held until the end of the transaction."""

    sealed: bytes


class Lost(Called, frozen=True, kw_only=True):
    """A row whose call nobody knows the end of."""

    reference: str | None
    reason: str | None
    provider: bytes | None


async def mark_sending(
    db: asyncpg.Connection,
    taken: Sequence[tuple[str, UUID, bytes | None]],
    *,
    holder: UUID,
    lease: timedelta,
    today: date,
) -> None:
    """Write down that these are about to be sent, by `holder`, who says more within `lease`.

    Of each its municipality, its id and which provider is called.
    """
    await db.execute(
        """/* mark_sending */
        update meetpunt.outbox
        set state = 'sending', holder = $3, held_until = clock_timestamp() + $4,
            attempts = least(attempts + 1, 30000), reason = null, changed_on = $5,
            provider = taken.provider
        from unnest($1::text[], $2::uuid[], $6::bytea[]) as taken (municipality, id, provider)
        where outbox.municipality = taken.municipality and outbox.id = taken.id
            and outbox.state = 'waiting'
        """,
        [municipality for municipality, _, _ in taken],
        [id for _, id, _ in taken],
        holder,
        lease,
        today,
        [provider for _, _, provider in taken],
    )


async def give_back(db: asyncpg.Connection, holder: UUID, calling: Sequence[UUID]) -> int:
    """Let what `holder` took and never began to send wait again; how many. `calling` it began."""
    rows = await db.fetch(
        """/* give_messages_back */
        update meetpunt.outbox
        set state = 'waiting', due = clock_timestamp(), holder = null, held_until = null
        where state = 'sending' and holder = $1 and id <> all ($2)
        returning id
        """,
        holder,
        calling,
    )
    return len(rows)


async def take_lost(
    db: asyncpg.Connection, *, holder: UUID, lease: timedelta, most: int
) -> list[Lost]:
    """Up to `most` whose lease ran out, now those of `holder`."""
    rows = await db.fetch(
        """/* take_lost */
        update meetpunt.outbox
        set holder = $1, held_until = clock_timestamp() + $2
        from (
            select municipality, id
            from meetpunt.outbox
            where state = 'sending' and held_until <= clock_timestamp()
            order by held_until
            limit $3
            for update skip locked
        ) as lost
        where outbox.municipality = lost.municipality and outbox.id = lost.id
        returning outbox.municipality, outbox.id, touchpoint, sender, month, product, expires_at,
            attempts, reference, reason, provider, expires_at <= clock_timestamp() as over
        """,
        holder,
        lease,
        most,
    )
    return [Lost(**row) for row in rows]


async def find_opted_out(
    db: asyncpg.Connection, codes: Sequence[tuple[str, bytes]]
) -> set[tuple[str, bytes]]:
    """Those of these, by municipality and code, who want no messages."""
    rows = await db.fetch(
        """/* find_opted_out */
        select municipality, code
        from unnest($1::text[], $2::bytea[]) as looked (municipality, code)
        join meetpunt.opted_out using (municipality, code)
        """,
        [municipality for municipality, _ in codes],
        [code for _, code in codes],
    )
    return {(row["municipality"], row["code"]) for row in rows}


class Asking(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Somebody who is about to be asked: their code of this quarter, and of the one before it."""

    municipality: str
    code: bytes
    code_before: bytes
    until: date


async def note_asked(
    db: asyncpg.Connection, asking: Sequence[Asking], today: date
) -> set[tuple[str, bytes]]:
    """Write down that these are asked, but those who were recently; returns who may be asked.

    Nobody may be in it twice. Of two processes that ask the same person at once, the second waits
    for the first; only at the turn of a quarter they would not see each other, and that is at
    night, when nothing is sent.
    """
    columns = zip(*(msgspec.structs.astuple(each) for each in asking), strict=True)
    rows = await db.fetch(
        """/* note_asked */
        insert into meetpunt.asked (municipality, code, until)
        select municipality, code, until
        from unnest($1::text[], $2::bytea[], $3::bytea[], $4::date[])
            as asking (municipality, code, code_before, until)
        where not exists (
            select from meetpunt.asked as before
            where before.municipality = asking.municipality
                and before.code = asking.code_before and before.until > $5
        )
        order by municipality, code
        on conflict (municipality, code) do update
        set until = excluded.until
        where asked.until <= $5
        returning municipality, code
        """,
        *map(list, columns),
        today,
    )
    return {(row["municipality"], row["code"]) for row in rows}


async def halves_of(
    db: asyncpg.Connection, quarter: str, before: str, fresh: bytes
) -> dict[str, bytes]:
    """The halves of the keys of these quarters; `fresh` becomes that of `quarter` if it has none.

    There may be none of the quarter `before`.
    """
    await db.execute(
        """/* make_asked_half */
        insert into meetpunt.asked_key (quarter, half) values ($1, $2) on conflict do nothing
        """,
        quarter,
        fresh,
    )
    rows = await db.fetch(
        """/* asked_halves */
        select quarter, half from meetpunt.asked_key where quarter = any ($1)
        """,
        [quarter, before],
    )
    return {row["quarter"]: row["half"] for row in rows}


async def find_unspent(
    db: asyncpg.Connection, invitations: Sequence[tuple[str, bytes]]
) -> set[bytes]:
    """Digests of those of these, by municipality and digest, that nobody has answered."""
    rows = await db.fetch(
        """/* find_unspent */
        select digest
        from unnest($1::text[], $2::bytea[]) as looked (municipality, digest)
        join meetpunt.invitation using (municipality, digest)
        """,
        [municipality for municipality, _ in invitations],
        [digest for _, digest in invitations],
    )
    return {row["digest"] for row in rows}
