"""What becomes of a message after a call, and the transaction that says so. `became` is pure."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec

from ingest.clock import day_of
from ingest.database.acknowledged import acknowledged
from ingest.invitations.counting import stage_of
from ingest.invitations.outbox_statements import Change, Stage, change_messages, count_stages
from ingest.invitations.sending_statements import Called
from ingest.senders.sender import (
    BELIEVED_AFTER,
    Accepted,
    Outcome,
    RefusedForGood,
    RefusedForNow,
    Unknown,
)

BACKOFF_MINUTES = (1, 5, 15, 60, 180)
"""After the first, second, ... refusal; from then on hourly."""

RECEIPT_DAYS = 3
"""For so long a provider may tell how a message ended."""

_THEN_MINUTES = 60
_LONGEST_PAUSE = timedelta(hours=24)
_REFERENCE = re.compile(r"[!-~]{1,100}")
NOT_THERE = "not-there"


class Pauses(msgspec.Struct, frozen=True, kw_only=True):
    """How long until a provider is asked about a message whose fate nobody knows, and again."""

    look_up: timedelta = timedelta(minutes=1)
    look_again: timedelta = timedelta(minutes=5)
    believed: timedelta = BELIEVED_AFTER


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """A call, or a look-up, that ended. `outcome` None: the provider cannot be asked.

    `reason_before` is what the row said before a look-up, `over` that it is too late to ask again.
    """

    row: Called
    outcome: Outcome | None
    looked_up: bool = False
    reason_before: str | None = None
    over: bool = False


def became(ended: Ended, *, now: datetime, pauses: Pauses) -> Change:
    """The change that follows from it at `now` (UTC)."""
    outcome, today = ended.outcome, day_of(now)

    def change(state: str, **more: object) -> Change:
        row = ended.row
        return Change(
            municipality=row.municipality,
            id=row.id,
            state=state,
            changed_on=today,
            **more,  # type: ignore[arg-type]
        )

    match outcome:
        case Accepted():
            until = today + timedelta(days=RECEIPT_DAYS) if outcome.receipts else None
            return change("sent", reference=_kept(outcome.reference), receipt_until=until)
        case RefusedForGood():
            return change("failed", reason=outcome.reason)
        case None:
            return change("unknown", reason=ended.reason_before or "process-lost")
        case RefusedForNow() if not ended.looked_up:
            return change(
                "waiting", look_at=_next_try(ended.row, outcome, now), reason=outcome.reason
            )
        case RefusedForNow(reason=reason) if reason == NOT_THERE:
            if ended.reason_before == NOT_THERE:
                return change("waiting", look_at=_next_try(ended.row, outcome, now), reason=reason)
            # It may be on its way yet: once more, when it would have come by now.
            return change("sending", look_at=now + pauses.believed, reason=reason)
    if ended.looked_up and ended.over:
        return change("unknown", reason=outcome.reason)
    pause = pauses.look_again if ended.looked_up else pauses.look_up
    # A look-up that came to nothing leaves what was known before.
    reason = (ended.reason_before if ended.looked_up else None) or outcome.reason
    return change("sending", look_at=now + pause, reason=reason)


async def record(
    db: asyncpg.Connection, calls: Sequence[Ended], *, holder: UUID, now: datetime, pauses: Pauses
) -> None:
    """Write down what these came to, where nobody did before: a receipt may be quicker.

    Done again, it does nothing. Raises `NotReplicated`.
    """
    by_id = {each.row.id: each for each in calls}
    changes = [became(each, now=now.astimezone(UTC), pauses=pauses) for each in calls]
    async with acknowledged(db), db.transaction():
        done = await change_messages(db, changes, state="sending", holder=holder)
        counted: Counter[Stage] = Counter()
        for change in changes:
            if change.id in done and change.state not in ("waiting", "sending"):
                counted[stage_of(by_id[change.id].row, change.state)] += 1
        if counted:
            await count_stages(db, counted)


def verdict_of(outcome: Outcome | None) -> str:
    """The word that a metric counts it under."""
    match outcome:
        case Accepted():
            return "accepted"
        case RefusedForGood():
            return "refused-for-good"
        case RefusedForNow():
            return "refused-for-now"
        case Unknown():
            return "unknown"
    return "cannot-be-asked"


def _kept(reference: str | None) -> str | None:
    """The provider's own name for it, where it is one: what it sends may be anything."""
    return reference if reference and _REFERENCE.fullmatch(reference) else None


def _next_try(row: Called, refused: RefusedForNow, now: datetime) -> datetime:
    """At the end of its time at the latest: then it is found to be over."""
    minutes = (
        BACKOFF_MINUTES[row.attempts] if row.attempts < len(BACKOFF_MINUTES) else _THEN_MINUTES
    )
    pause = max(
        timedelta(minutes=minutes), timedelta(seconds=max(refused.retry_after_seconds or 0.0, 0.0))
    )
    return min(now + min(pause, _LONGEST_PAUSE), row.expires_at)
