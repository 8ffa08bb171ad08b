"""How the backups stand: for who looks after them, and for a program that does."""

from datetime import datetime

import msgspec

from ingest.backup.shelf import Shelf

IGNORED = (
    "MEETPUNT_BACKUP is set and does nothing: MEETPUNT_DATABASE_URL names a Postgres of your own, "
    "and docs/backup.md tells how to back up that."
)
"""Told where both are set: who reads no more than the settings would think there is a backup."""

LATE_SECONDS = 60.0
"""What is written is kept within seconds; one that is later than this is not received."""


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept, and how old it is at the moment of looking; None: there is none.

    `last_base_seconds` is the age of the last base backup, and `behind_seconds` of the last moment
    to which a restore leads, of `line`. `first` is the earliest moment. `bytes` is all of it.
    """

    first: datetime | None
    last: datetime | None
    line: str | None
    last_base_seconds: float | None
    behind_seconds: float | None
    bytes: int

    @property
    def receiving(self) -> bool:
        """Whether what is written now is being kept: only while `meetpunt serve` runs."""
        return self.behind_seconds is not None and self.behind_seconds <= LATE_SECONDS


def look(shelf: Shelf, *, now: datetime) -> State:
    """How it stands; reads names and notes, and asks no database. Raises OSError."""
    spans = shelf.spans()
    newest = max(spans, key=lambda span: span.until, default=None)
    last = newest.until if newest else None
    base = max((span.base.ended for span in spans), default=None)
    files = shelf.folder.rglob("*") if shelf.folder.is_dir() else ()
    return State(
        first=min((span.base.ended for span in spans), default=None),
        last=last,
        line=newest.base.line if newest else None,
        last_base_seconds=(now - base).total_seconds() if base else None,
        behind_seconds=(now - last).total_seconds() if last else None,
        bytes=sum(path.stat().st_size for path in files if path.is_file()),
    )
