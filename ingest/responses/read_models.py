"""Every statement that reads back what was stored: one function each."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import asyncpg
import msgspec


class KnownResponse(msgspec.Struct, frozen=True, kw_only=True):
    """What is needed to tell a retry from another response under the same id."""

    content_code: bytes
    complete: bool


class InvitationCall(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier call for invitations."""

    body_digest: bytes
    expires_at: datetime


class VersionAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Since when a touchpoint asks a version of a questionnaire."""

    touchpoint: int
    questionnaire: str
    version: int
    since: date


async def find_response(
    db: asyncpg.Connection, municipality: str, response_id: UUID
) -> KnownResponse | None:
    """The response under this id, if it came in over the last weeks."""
    row = await db.fetchrow(
        """/* find_response */
        select content_code, complete
        from meetpunt.receipt
        where municipality = $1 and week = any (array(select meetpunt.weeks_of_receipts()))
            and id = $2
        limit 1
        """,
        municipality,
        response_id,
    )
    if row is None:
        return None
    return KnownResponse(content_code=row["content_code"], complete=row["complete"])


async def find_responses(
    db: asyncpg.Connection, keys: Sequence[tuple[str, UUID]]
) -> dict[tuple[str, UUID], KnownResponse]:
    """Those of these responses that came in over the last weeks."""
    rows = await db.fetch(
        """/* find_responses */
        select receipt.municipality, receipt.id, receipt.content_code, receipt.complete
        from unnest($1::text[], $2::uuid[]) as asked (municipality, id)
        cross join meetpunt.weeks_of_receipts() as looked (week)
        join meetpunt.receipt
            on receipt.municipality = asked.municipality and receipt.week = looked.week
            and receipt.id = asked.id
        """,
        [municipality for municipality, _ in keys],
        [response_id for _, response_id in keys],
    )
    return {
        (row["municipality"], row["id"]): KnownResponse(
            content_code=row["content_code"], complete=row["complete"]
        )
        for row in rows
    }


async def find_api_key(db: asyncpg.Connection, digest: bytes) -> str | None:
    """Code of the municipality whose key has this digest, unless it was revoked."""
    code: str | None = await db.fetchval(
        """/* find_api_key */
        select municipality
        from meetpunt.api_key
        where digest = $1 and revoked_on is null
        """,
        digest,
    )
    return code


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


async def versions_asked(db: asyncpg.Connection) -> list[VersionAsked]:
    """Which versions each touchpoint asks or has asked, oldest first."""
    rows = await db.fetch(
        """/* versions_asked */
        select touchpoint, questionnaire, version, since
        from meetpunt.touchpoint_version
        order by touchpoint, since, version
        """
    )
    return [
        VersionAsked(
            touchpoint=row["touchpoint"],
            questionnaire=row["questionnaire"],
            version=row["version"],
            since=row["since"],
        )
        for row in rows
    ]
