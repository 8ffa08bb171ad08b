"""What an operator does with kiosks, over a connection as the owner: enrol, list, revoke."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from ingest.kiosk.status import STATUS

_LOOKS_LIKE = str.maketrans("", "", " -.")


class CodeUnknown(LookupError):
    """No tablet shows this code, or it has shown it for over ten minutes."""


class AlreadyEnrolled(Exception):
    """The tablet's key, or the id that it asks for, was enrolled before."""


def code_as_shown(typed: str) -> str:
    """The code that somebody typed, spelled as on the screen."""
    return typed.translate(_LOOKS_LIKE).upper()


async def enrol(
    owner: asyncpg.Connection, code: str, name: str, *, now: datetime
) -> tuple[UUID, str]:
    """Make a kiosk of the tablet that shows this code: its id and the touchpoint it stands at.

    Raises `CodeUnknown` or `AlreadyEnrolled`.
    """
    shown = code_as_shown(code)
    async with owner.transaction():
        pairing = await owner.fetchrow(
            """/* enrolled_pairing */
            select pairing.*, municipality.slug || '/' || touchpoint.slug as path
            from meetpunt.kiosk_pairing as pairing
            join meetpunt.municipality on municipality.code = pairing.municipality
            join meetpunt.touchpoint on touchpoint.municipality = pairing.municipality
                and touchpoint.number = pairing.touchpoint
            where pairing.code = $1 and pairing.expires_at > $2
            """,
            shown,
            now,
        )
        if pairing is None:
            raise CodeUnknown(shown)
        # An id may exist once over all municipalities.
        if await owner.fetchval(
            "/* kiosk_id_taken */ select true from meetpunt.kiosk where id = $1", pairing["kiosk"]
        ):
            raise AlreadyEnrolled(shown)
        try:
            async with owner.transaction():
                kiosk: UUID = await owner.fetchval(
                    """/* enrol */
                    insert into meetpunt.kiosk
                        (municipality, touchpoint, public_key, name, enrolled_at, id,
                         answers_since)
                    values ($1, $2, $3, $4, $5, coalesce($6, gen_random_uuid()), (
                        -- What it holds may be as old as the touchpoint.
                        select min(since) at time zone 'Europe/Amsterdam'
                        from meetpunt.touchpoint_version
                        where municipality = $1 and touchpoint = $2 and $6 is not null
                    ))
                    returning id
                    """,
                    pairing["municipality"],
                    pairing["touchpoint"],
                    pairing["public_key"],
                    name,
                    now,
                    pairing["kiosk"],
                )
        except asyncpg.UniqueViolationError:
            raise AlreadyEnrolled(shown) from None
        await owner.execute(
            """/* forget_pairings */
            delete from meetpunt.kiosk_pairing where municipality = $1 and public_key = $2
            """,
            pairing["municipality"],
            pairing["public_key"],
        )
    return kiosk, pairing["path"]


async def revoke(owner: asyncpg.Connection, kiosk: UUID, today: date) -> bool:
    """Send all its later items into quarantine; False when no kiosk in use has this id."""
    status: str = await owner.execute(
        """/* revoke_kiosk */
        update meetpunt.kiosk set revoked_on = $2 where id = $1 and revoked_on is null
        """,
        kiosk,
        today,
    )
    return status != "UPDATE 0"


async def listed(owner: asyncpg.Connection) -> list[dict[str, Any]]:
    """Every kiosk as it is now, in the columns of report makers' view `kiosk_status`.

    Behind them stands how large its smallest answer is, in mm: None before it said so.
    """
    rows = await owner.fetch(
        f"""/* list_kiosks */
        select status.municipality as gemeente_code, municipality.slug as gemeente,
            status.touchpoint as meetpunt, status.id as kiosk, status.name as naam,
            status.last_seen as laatst_gezien, status.queue as wachtrij, status.version as versie,
            status.clock_offset_seconds as klokverschil_seconden, status.silent as te_lang_stil,
            status.revoked_on as ingetrokken, status.set_aside as apart_gezet,
            status.quarantined as in_quarantaine, kiosk.tile_mm as kleinste_antwoord_mm
        from ({STATUS}) as status
        join meetpunt.kiosk
            on kiosk.municipality = status.municipality and kiosk.id = status.id
        join meetpunt.municipality on municipality.code = status.municipality
        order by gemeente, meetpunt, naam, kiosk
        """  # noqa: S608  # our own
    )
    return [dict(row) for row in rows]
