"""Who writes to a folder of backups: one data folder at a time, for as long as its service runs.

Two would be two histories of one database, of which a restore cannot tell which is meant.
"""

import fcntl
import os
from pathlib import Path

from ingest.backup.shelf import Shelf

_NAME = "writer"  # locked while somebody writes; in it the line that is written


class OtherWriter(Exception):
    """Another data folder writes its backups here now; the sentence says what to do."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"Another data folder keeps its backups in {folder} now: stop its service, or set"
            " MEETPUNT_BACKUP to another folder, or to none to look at a restored copy."
        )


class Writer:
    """The right to write to a shelf: `take` it, `note` the line, `close`. A kill gives it back."""

    def __init__(self, shelf: Shelf) -> None:
        self._folder = shelf.folder
        self._lock: int | None = None

    def take(self) -> None:
        """Hold it from now on; held already, nothing happens. Raises OtherWriter or OSError."""
        if self._lock is None:
            lock = _opened(self._folder)
            if _locked(lock, fcntl.LOCK_EX):
                os.close(lock)
                raise OtherWriter(self._folder)
            self._lock = lock

    def note(self, line: str) -> None:
        """Say which line is written, for `refuse_beside`."""
        if self._lock is not None and os.pread(self._lock, 99, 0) != line.encode():
            os.ftruncate(self._lock, 0)
            os.pwrite(self._lock, line.encode(), 0)

    def close(self) -> None:
        """Give it back."""
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)


def refuse_beside(shelf: Shelf, line: str | None) -> None:
    """Raise OtherWriter where a service writes another line than `line` to the shelf now."""
    lock = _opened(shelf.folder)
    try:
        if _locked(lock, fcntl.LOCK_SH) and (os.pread(lock, 99, 0).decode() or None) != line:
            raise OtherWriter(shelf.folder)
    finally:
        os.close(lock)


def _opened(folder: Path) -> int:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(folder / _NAME, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)


def _locked(lock: int, kind: int) -> bool:
    """Whether somebody else holds it; never on a network disk that knows no locks."""
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
