"""Store responses of a kiosk; one that the database refuses keeps no other from being stored."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from ingest.kiosk.item_statements import NewKioskItem, store_kiosk_items
from ingest.running.logs import log

CONFLICT = "conflict"
UNSTORABLE = "unstorable"

REFUSED = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)
"""What the database raises for a row that it will not store."""


async def store_at_once(db: asyncpg.Connection, rows: Sequence[NewKioskItem]) -> dict[UUID, str]:
    """Store all rows, and refuse none; with one of `REFUSED` the whole transaction is undone.

    It takes no number of a transaction of its own. `store_each` takes one for each savepoint, and a
    pair of numbers would tell a reader the moment (docs/decisions/0017).
    """
    if rows:
        await store_kiosk_items(db, rows)
    return {}


async def store_each(db: asyncpg.Connection, rows: Sequence[NewKioskItem]) -> dict[UUID, str]:
    """Store the rows one by one within the transaction of `db`; returns why some were refused.

    By id. `conflict`: something is stored under that id. `unstorable`: the database refuses the
    row.
    """
    refusals = {}
    for row in rows:
        try:
            async with db.transaction():
                await store_kiosk_items(db, [row])
        except asyncpg.UniqueViolationError:
            refusals[row.id] = CONFLICT
        except REFUSED as refused:
            log("response_refused", reason=type(refused).__name__)
            refusals[row.id] = UNSTORABLE
    return refusals


async def store_at_once_or_each(
    db: asyncpg.Connection, rows: Sequence[NewKioskItem]
) -> dict[UUID, str]:
    """As `store_each`, and in one statement where no row is refused."""
    try:
        async with db.transaction():
            return await store_at_once(db, rows)
    except REFUSED as refused:
        tell_refused(refused, len(rows))
        return await store_each(db, rows)


def tell_refused(refused: Exception, rows: int) -> None:
    """Log that one of `rows` was refused, so that each is tried by itself."""
    log("batch_refused", reason=type(refused).__name__, rows=rows)
