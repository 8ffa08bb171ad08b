"""What an operator does with what was kept apart, over a connection as the owner: look, release."""

from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from ingest.kiosk.storing import CONFLICT, store_each
from ingest.store_kiosk import KioskUnknown, take_turn
from ingest.store_kiosk_items import next_releasable, take_out_of_quarantine

# Of one transaction: the kiosk waits for no longer than that.
_AT_ONCE = 500


class Released(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the quarantine of a kiosk.

    `stored`: counts from now on. `known`: was stored before, so it counted already. `left`: stays
    where it is, because it does not answer what was asked.
    """

    stored: int
    known: int
    left: int


async def kept(owner: asyncpg.Connection) -> list[dict[str, Any]]:
    """What is kept apart, a row for each kiosk and reason; what can be released is counted too."""
    rows = await owner.fetch(
        """/* list_kept */
        with kept as (
            select municipality, kiosk, 'set-aside' as verdict, reason, received_on,
                false as releasable
            from meetpunt.kiosk_set_aside
            union all
            select municipality, kiosk, 'quarantined', reason, received_on, response is not null
            from meetpunt.kiosk_quarantine
        )
        select kept.kiosk, municipality.slug || '/' || touchpoint.slug as touchpoint, kiosk.name,
            kept.verdict, kept.reason, count(*) as items,
            count(*) filter (where kept.releasable) as releasable,
            min(kept.received_on) as first_received, max(kept.received_on) as last_received
        from kept
        join meetpunt.kiosk on kiosk.municipality = kept.municipality and kiosk.id = kept.kiosk
        join meetpunt.municipality on municipality.code = kept.municipality
        join meetpunt.touchpoint on touchpoint.municipality = kiosk.municipality
            and touchpoint.number = kiosk.touchpoint
        group by 1, 2, 3, 4, 5
        order by 2, 3, 1, 4, 5
        """
    )
    return [dict(row) for row in rows]


async def items(owner: asyncpg.Connection, kiosk: UUID) -> list[dict[str, Any]]:
    """Each item that is kept apart of one kiosk, without the personal data in it."""
    rows = await owner.fetch(
        """/* list_kept_items */
        select 'set-aside' as verdict, reason, received_on, payload
        from meetpunt.kiosk_set_aside where kiosk = $1
        union all
        select 'quarantined', reason, received_on, payload
        from meetpunt.kiosk_quarantine where kiosk = $1
        order by received_on, payload
        """,
        kiosk,
    )
    return [dict(row) for row in rows]


async def release(owner: asyncpg.Connection, kiosk: UUID) -> Released:
    """Store what the quarantine holds of a kiosk, each item on its own day. Raises `KioskUnknown`.

    What a kiosk that is not revoked sends in the meantime waits. Run again after it was broken off
    it goes on where it was.
    """
    municipality = await owner.fetchval(
        "/* kiosk_municipality */ select municipality from meetpunt.kiosk where id = $1", kiosk
    )
    if municipality is None:
        raise KioskUnknown(str(kiosk))
    stored = known = 0
    after: bytes | None = b""
    while after is not None:
        async with owner.transaction():
            await take_turn(owner, municipality, kiosk)
            found = await next_releasable(owner, municipality, kiosk, after=after, most=_AT_ONCE)
            refused = await store_each(owner, list(found.values()))
            done = [
                digest for digest, row in found.items() if refused.get(row.id, CONFLICT) == CONFLICT
            ]
            await take_out_of_quarantine(owner, municipality, kiosk, done)
        stored += len(found) - len(refused)
        known += len(done) - (len(found) - len(refused))
        after = max(found, default=None)
    left = await owner.fetchval(
        """/* left_in_quarantine */
        select count(*) from meetpunt.kiosk_quarantine where municipality = $1 and kiosk = $2
        """,
        municipality,
        kiosk,
    )
    return Released(stored=stored, known=known, left=left)
