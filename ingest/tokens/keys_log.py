"""The log of what was done to the keys file. It lies beside that file, not in the database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from ingest.audit import Entry, Line, Outcome, cleaned, outcome_of

_NO_ROLE = "-"
_UNREADABLE = "unreadable"


def keys_log(keys_file: Path) -> Path:
    """The path of the log: `keys.log` beside `keys.json`. A restore leaves it as it is."""
    # The keys file may be a symbolic link; then the log lies beside its target.
    file = Path(os.path.realpath(keys_file))
    return file.with_name(f"{file.name.removesuffix('.json')}.log")


@contextmanager
def logged(keys_file: Path, entry: Entry) -> Iterator[None]:
    """Write a line before the block changes the keys, and one that says how it ended.

    Raises OSError, before anything is done, when the log cannot be written.
    """
    _append(keys_file, entry, Outcome.BEGUN)
    try:
        yield
    except BaseException as broken:
        _append(keys_file, entry, outcome_of(broken))
        raise
    _append(keys_file, entry, Outcome.DONE)


def read_keys_log(keys_file: Path) -> list[Line]:
    """The lines of the log, oldest first; none where there is no log. Raises OSError.

    A line that a crash cut off, or that somebody damaged, is given as `unreadable`.
    """
    try:
        content = keys_log(keys_file).read_bytes()
    except FileNotFoundError:
        return []
    lines: list[Line] = []
    for raw_line in content.splitlines():
        try:
            lines.append(msgspec.json.decode(raw_line, type=Line))
        except (msgspec.DecodeError, ValueError):
            at = lines[-1].at if lines else datetime.fromtimestamp(0, UTC)
            lines.append(_unreadable(at))
    return lines


def _unreadable(at: datetime) -> Line:
    return Line(
        at=at, actor="-", role=_NO_ROLE, action=_UNREADABLE, object="-", outcome=Outcome.FAILED
    )


def _append(keys_file: Path, entry: Entry, outcome: Outcome) -> None:
    line = Line(
        at=datetime.now(UTC),
        actor=entry.actor,
        role=_NO_ROLE,
        action=entry.action,
        object=cleaned(entry.object) or "-",
        outcome=outcome,
    )
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
    descriptor = os.open(keys_log(keys_file), flags, 0o600)
    try:
        os.fchmod(descriptor, 0o600)  # whatever the umask
        # If a crash cut the last line off, begin a new one.
        end = os.fstat(descriptor).st_size
        whole = end == 0 or os.pread(descriptor, 1, end - 1) == b"\n"
        os.write(descriptor, (b"" if whole else b"\n") + msgspec.json.encode(line) + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
