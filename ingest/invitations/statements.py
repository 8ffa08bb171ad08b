"""Every statement about what integrators ask for: one function each."""

from collections.abc import Sequence
from datetime import date, datetime

import asyncpg
import msgspec


class InvitationCall(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier call for invitations."""

    body_digest: bytes
    expires_at: datetime


async def find_api_key(db: asyncpg.Connection, digest: bytes) -> tuple[str, frozenset[str]] | None:
    """Code of the municipality whose key has this digest, and what it may, unless it is revoked."""
    row = await db.fetchrow(
        """/* find_api_key */
        select municipality, may
        from meetpunt.api_key
        where digest = $1 and revoked_on is null
        """,
        digest,
    )
    return None if row is None else (row["municipality"], frozenset(row["may"]))


async def find_invitation_call(
    db: asyncpg.Connection, municipality: str, key_digest: bytes
) -> InvitationCall | None:
    """The earlier call under this Idempotency-Key, if there was one."""
    row = await db.fetchrow(
        """/* find_invitation_call */
        select body_digest, expires_at
        from meetpunt.invitation_call
        where municipality = $1 and key_digest = $2
        """,
        municipality,
        key_digest,
    )
    if row is None:
        return None
    return InvitationCall(body_digest=row["body_digest"], expires_at=row["expires_at"])


async def store_invitations(
    db: asyncpg.Connection,
    *,
    municipality: str,
    touchpoint: int,
    digests: Sequence[bytes],
    dimensions: Sequence[str],
    expires_on: date,
    day: date,
    month: date | None = None,
) -> None:
    """Store the digests of new invitations; links for others count as issued on `day`.

    `day` is in Amsterdam. `dimensions` are JSON objects, one an invitation. `month`: in which the
    contacts became known, of links that we send ourselves; its first day. How many those are is
    told with their month: by the day it would tell who on the list was sent nothing.
    """
    await db.execute(
        """/* store_invitations */
        with asked as materialized (
            select i.digest, i.dimensions::jsonb as dimensions
            from unnest($3::bytea[], $4::text[]) as i (digest, dimensions)
        ),
        counted as (
            insert into meetpunt.invitation_count as c
                (municipality, day, touchpoint, product, issued)
            select $1, $6, $2, coalesce(dimensions ->> 'product', '') as product, count(*)
            from asked
            where $7::date is null
            group by product
            order by product
            on conflict (municipality, day, touchpoint, product) do update
            set issued = c.issued + excluded.issued
        )
        insert into meetpunt.invitation
            (municipality, digest, touchpoint, dimensions, expires_on, month)
        select $1, digest, $2, dimensions, $5, $7
        from asked
        order by digest
        """,
        municipality,
        touchpoint,
        digests,
        dimensions,
        expires_on,
        day,
        month,
    )


async def store_invitation_call(
    db: asyncpg.Connection,
    municipality: str,
    key_digest: bytes,
    touchpoint: int,
    call: InvitationCall,
) -> bool:
    """Remember a call for invitations by its Idempotency-Key; False when it was known."""
    row = await db.fetchrow(
        """/* store_invitation_call */
        insert into meetpunt.invitation_call
            (municipality, key_digest, body_digest, touchpoint, expires_at)
        values ($1, $2, $3, $4, $5)
        on conflict do nothing
        returning true
        """,
        municipality,
        key_digest,
        call.body_digest,
        touchpoint,
        call.expires_at,
    )
    return row is not None
