"""What becomes of rows that were picked: attempts, and changes of those that are not sent. Pure."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from time import monotonic
from uuid import UUID

import msgspec

from ingest.clock import day_of
from ingest.invitations.counting import stage_of
from ingest.invitations.outbox_statements import Change, Stage
from ingest.invitations.sealing import Sealed
from ingest.invitations.sending_statements import Waiting
from ingest.municipalities.municipality import Municipality, Touchpoint

DELIVERED = "delivered"


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """A row that is ours to send, once. `taken_at` is by the monotonic clock, before the commit.

    `provider` is written down as who is called: see `calling.provider_of`.
    """

    row: Waiting
    municipality: Municipality
    touchpoint: Touchpoint
    content: Sealed
    taken_at: float
    provider: bytes | None

    def __repr__(self) -> str:
        return f"Attempt({self.row.id})"


class Picked:
    """What becomes of the rows that were taken: attempts, and changes of those that are not."""

    def __init__(self, now: datetime) -> None:
        self.now = now.astimezone(UTC)
        self.today = day_of(now)
        self.attempts: list[Attempt] = []
        self.changes: list[Change] = []
        self.counted: Counter[Stage] = Counter()
        self.halves: tuple[str, dict[str, bytes]] | None = None

    def attempt(
        self,
        row: Waiting,
        municipality: Municipality,
        touchpoint: Touchpoint,
        content: Sealed,
        provider: bytes | None,
    ) -> None:
        """It is ours to send, from this moment on."""
        self.attempts.append(
            Attempt(
                row=row,
                municipality=municipality,
                touchpoint=touchpoint,
                content=content,
                taken_at=monotonic(),
                provider=provider,
            )
        )

    def end(self, row: Waiting, state: str, reason: str | None = None) -> None:
        """It is never sent."""
        self.changes.append(
            Change(
                municipality=row.municipality,
                id=row.id,
                state=state,
                changed_on=self.today,
                reason=reason,
            )
        )
        # Whose first message was answered got it: it counts as one that was sent, too.
        for stage in ("sent", state) if state == DELIVERED else (state,):
            self.counted[stage_of(row, stage)] += 1

    def postpone(self, row: Waiting, until: datetime, reason: str | None = None) -> None:
        """It waits until then."""
        self.changes.append(
            Change(
                municipality=row.municipality,
                id=row.id,
                state="waiting",
                changed_on=self.today,
                look_at=until,
                reason=reason,
            )
        )

    def leave_out(self, ids: Iterable[UUID], state: str, reason: str | None = None) -> None:
        """These are not sent after all."""
        out = set(ids)
        for each in self.attempts:
            if each.row.id in out:
                self.end(each.row, state, reason)
        self.attempts = [each for each in self.attempts if each.row.id not in out]
