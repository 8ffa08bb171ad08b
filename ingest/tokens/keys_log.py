"""What was done to the keys file, in a log of its own beside it: keys know no database."""

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
    """Where it lies: `keys.log` beside `keys.json`. A restore leaves it as it is."""
    # The file may be a link to where secrets are kept: there it is that something can be written.
    file = Path(os.path.realpath(keys_file))
    return file.with_name(f"{file.name.removesuffix('.json')}.log")


@contextmanager
def logged(keys_file: Path, entry: Entry) -> Iterator[None]:
    """A line before anything is done to the keys, and one of how it ended.

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
    """Its lines, oldest first; none where there is no log. Raises OSError.

    One that a crash or a hand left half is told as `unreadable`, in its place.
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
        # After a line that a crash left half, on a line of its own.
        end = os.fstat(descriptor).st_size
        whole = end == 0 or os.pread(descriptor, 1, end - 1) == b"\n"
        os.write(descriptor, (b"" if whole else b"\n") + msgspec.json.encode(line) + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
