"""Apply what a provider tells of a message later: it arrived, or it did not."""

from collections import Counter
from datetime import datetime
from uuid import UUID

import asyncpg

from ingest.clock import day_of
from ingest.database.acknowledged import acknowledged
from ingest.invitations.counting import stage_of
from ingest.invitations.outbox_statements import (
    Change,
    Known,
    Stage,
    count_stages,
    end_message,
    find_message,
)
from ingest.senders.receipts import Receipt

NO_RECEIPT = "no-receipt"
"""Why a message that was sent is `unknown`: its provider told nothing within its days."""

_NOT_ENDED = ("waiting", "sending", "sent", "unknown")


async def apply_receipt(
    db: asyncpg.Connection, receipt: Receipt, *, municipality: str, now: datetime
) -> bool:
    """Let it end the message that it tells of; False when it changes nothing.

    Also one that we did not yet, or never, learn the fate of: it comes sooner than the answer to
    the call, or after we stopped asking. The same twice, or of a message that is not there any
    more, changes nothing. `municipality` is its code; `db` is a connection as meetpunt_ingest or
    meetpunt_work, outside a transaction. Raises `NotReplicated`.
    """
    async with acknowledged(db) as already:
        async with db.transaction():
            known = await find_message(
                db, municipality, receipt.sender, _as_id(receipt.reference), receipt.reference
            )
            counted = _stages(known, receipt.state) if known else {}
            if known and counted:
                change = Change(
                    municipality=municipality,
                    id=known.id,
                    state=receipt.state,
                    reason=receipt.reason or None,
                    changed_on=day_of(now),
                )
                await end_message(db, known, change)
                await count_stages(db, counted)
        if not counted:
            await already()
    return bool(counted)


def _stages(known: Known, state: str) -> Counter[Stage]:
    """How it counts from now on; nothing when it ended before."""
    counted: Counter[Stage] = Counter()
    if known.state not in _NOT_ENDED:
        return counted
    if known.state == "waiting" and state != "delivered":
        # Of an earlier call, which was refused: it is to be tried again.
        return counted
    if known.state != "sent" and known.reason != NO_RECEIPT:
        counted[stage_of(known, "sent")] = 1
    if known.state == "unknown":
        counted[stage_of(known, "unknown")] = -1
    counted[stage_of(known, state)] = 1
    return counted


def _as_id(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None
