"""What an operator does with what was kept apart, over a connection as meetpunt_folder."""

from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from ingest.kiosk.item_statements import known_items, next_releasable, take_out_of_quarantine
from ingest.kiosk.statements import KioskUnknown
from ingest.kiosk.storing import store_at_once_or_each

# Items in one transaction. Meanwhile the kiosk cannot sync, so it must be short.
_AT_ONCE = 500


class Released(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the quarantine of a kiosk.

    `stored` items count from now on. `known` ones were stored before, so they counted already.
    `left` ones stay in quarantine: they do not answer what was asked, or differ from what is stored
    under the same id.
    """

    stored: int
    known: int
    left: int


async def kept(folder: asyncpg.Connection) -> list[dict[str, Any]]:
    """How much is kept apart, by kiosk and reason, and how much of that can be released."""
    rows = await folder.fetch(
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


async def items(folder: asyncpg.Connection, kiosk: UUID) -> list[dict[str, Any]]:
    """Each item that is kept apart of one kiosk, without the personal data in it."""
    rows = await folder.fetch(
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


async def release(folder: asyncpg.Connection, kiosk: UUID) -> Released:
    """Store what the quarantine holds of a kiosk, each item on its own day. Raises `KioskUnknown`.

    A sync of the kiosk waits meanwhile. After an interruption, run it again: it goes on where it
    stopped.
    """
    stored = known = 0
    after: bytes | None = b""
    while after is not None:
        async with folder.transaction():
            municipality = await _take_turn(folder, kiosk)
            releasable = await next_releasable(
                folder, municipality, kiosk, after=after, most=_AT_ONCE
            )
            ids = [row.id for row in releasable.values()]
            stored_before = await known_items(folder, municipality, kiosk, ids)
            # Of two items under one id the first is stored; the other one stays in quarantine.
            fresh = {
                row.id: row for row in reversed(releasable.values()) if row.id not in stored_before
            }
            refused = await store_at_once_or_each(folder, list(fresh.values()))
            now_stored = [
                digest
                for digest, row in releasable.items()
                if fresh.get(row.id) is row and row.id not in refused
            ]
            same_as_before = [
                digest
                for digest, row in releasable.items()
                if row.id in stored_before and stored_before[row.id] in (None, row.content_code)
            ]
            settled = [*now_stored, *same_as_before]
            await take_out_of_quarantine(folder, municipality, kiosk, settled)
        stored += len(now_stored)
        known += len(same_as_before)
        after = max(releasable, default=None)
    left = await folder.fetchval(
        """/* left_in_quarantine */
        select count(*) from meetpunt.kiosk_quarantine where municipality = $1 and kiosk = $2
        """,
        municipality,
        kiosk,
    )
    return Released(stored=stored, known=known, left=left)


async def _take_turn(folder: asyncpg.Connection, kiosk: UUID) -> str:
    """Lock the kiosk's row until the end of the transaction; returns its municipality."""
    municipality: str | None = await folder.fetchval(
        "/* release_turn */ select municipality from meetpunt.kiosk where id = $1 for update", kiosk
    )
    if municipality is None:
        raise KioskUnknown(str(kiosk))
    return municipality
