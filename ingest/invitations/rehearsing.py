"""A rehearsal: what would become of contacts if they were taken in now. Nothing of it stays.

Who asked for no messages, or was asked recently, is not looked up: it is told to nobody who asks.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import asyncpg
import msgspec

from ingest.clock import AMSTERDAM
from ingest.invitations.occasions import ContactEnded
from ingest.invitations.rules import Invite, verdict
from ingest.invitations.taking import Taking
from ingest.municipalities.touchpoints import Touchpoint


class Rehearsal(msgspec.Struct, frozen=True):
    """How many would be due in which hour (in Amsterdam), and how many not be sent, by why."""

    due: Counter[datetime]
    not_sent: Counter[str]


async def rehearse(
    db: asyncpg.Connection,
    contacts: Sequence[ContactEnded],
    *,
    touchpoint: Touchpoint,
    taking: Taking,
    sampling_key: bytes,
    now: datetime,
) -> Rehearsal:
    """Do all that would be done, as meetpunt_work, and take it back. `now` is in UTC."""
    transaction = db.transaction()
    await transaction.start()
    try:
        taken = await taking.take_in(db, contacts, now=now)
    finally:
        await transaction.rollback()
    due: Counter[datetime] = Counter()
    for contact, became in zip(contacts, taken, strict=True):
        decided = verdict(contact, touchpoint, now, sampling_key)
        if became == "waiting" and isinstance(decided, Invite):
            hour = decided.due.astimezone(AMSTERDAM).replace(minute=0, second=0, microsecond=0)
            due[hour] += 1
    return Rehearsal(due, Counter(became for became in taken if became != "waiting"))
