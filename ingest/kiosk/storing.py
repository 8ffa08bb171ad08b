"""Store responses of a kiosk; one that the database refuses keeps no other from being stored."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from ingest.kiosk.item_statements import NewKioskItem, store_kiosk_items
from ingest.running.logs import log

CONFLICT = "conflict"
UNSTORABLE = "unstorable"


async def store_each(db: asyncpg.Connection, rows: Sequence[NewKioskItem]) -> dict[UUID, str]:
    """Store the rows within the transaction of `db`; returns why rows were refused, by id.

    `conflict`: something is stored under that id. `unstorable`: the database refuses the row.
    """
    if not rows:
        return {}
    try:
        async with db.transaction():
            await store_kiosk_items(db, rows)
    except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as refused:
        log("batch_refused", reason=type(refused).__name__, rows=len(rows))
    else:
        return {}
    refusals = {}
    for row in rows:
        try:
            async with db.transaction():
                await store_kiosk_items(db, [row])
        except asyncpg.UniqueViolationError:
            refusals[row.id] = CONFLICT
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as refused:
            log("response_refused", reason=type(refused).__name__)
            refusals[row.id] = UNSTORABLE
    return refusals
