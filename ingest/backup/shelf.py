"""The folder in which backups are kept: what lies there, to which moments it leads, what may go.

A folder is of one database. A line is that database without a break: its base backups, and all that
was written since the first of them. A break (the disk was away for too long, the database was
restored) begins another line.

    database   which it is, as Postgres numbers them
    writer   locked while a service writes here (`writing`)
    <line>/base/20261128T130500123456Z.tar.gz   a base backup, and beside it .json: a `Base`
    <line>/wal/0000000100000000000000A7.gz   what was written; with .partial what is being written
    <line>/secrets/20261128T130500123456Z-keys.json.gz   keys, passwords, revocations
    <line>/until.json   an `Until`: up to when everything is here
"""

import os
import re
import secrets
import shutil
from collections.abc import Container, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import msgspec

from ingest.backup.sealing import Seal, SealBroken
from ingest.postgres.cluster import sync_folder

SEGMENT = re.compile(r"[0-9A-F]{24}")
_STAMP = "%Y%m%dT%H%M%S%fZ"  # to the microsecond: two that begin at once have two names
_LINE = re.compile(r"\d{8}T\d{12}Z")
_SEALED = re.compile(r"(?P<segment>[0-9A-F]{24})(?P<partial>\.partial)?\.gz(\.enc)?")
_SECRET = re.compile(r"\d{8}T\d{12}Z-(?P<name>[a-z]+\.jsonl?)\.gz(\.enc)?")
_FAR_AHEAD = timedelta(days=3653)
Note = TypeVar("Note")


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """One base backup. It leads to moments from `ended` on; `postgres` is the major version.

    `segment` is the first of the log that restoring needs.
    """

    line: str
    began: datetime
    ended: datetime
    segment: str
    postgres: int
    size: int

    @property
    def name(self) -> str:
        """What its files are called."""
        return _stamp(self.began)


class Until(msgspec.Struct, frozen=True, kw_only=True):
    """The moment up to which a line is here, and the segment in which it was written."""

    moment: datetime
    segment: str


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A base backup, and the last moment that what was written after it leads to.

    `segment` is the last that leads there; None: it leads to its own end only.
    """

    base: Base
    until: datetime
    segment: str | None


class OtherDatabase(Exception):
    """The folder holds backups of another database, or this would be one."""


def new_line(now: datetime) -> str:
    """The name of a line that begins now."""
    return _stamp(now)


def _moment_of(path: Path) -> datetime:
    """When a file was kept, by its name. Raises ValueError where that is no moment."""
    return datetime.strptime(path.name.partition("-")[0], _STAMP).replace(tzinfo=UTC)


def _is_moment(path: Path) -> bool:
    """Whether something can have been kept then, whatever our clock was once."""
    try:
        return _moment_of(path) < datetime.now(UTC) + _FAR_AHEAD
    except ValueError:
        return False


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_STAMP)


class Shelf:
    """The folder, closed to others, and the seal on what is in it."""

    def __init__(self, folder: Path, seal: Seal) -> None:
        self.folder = folder
        self.seal = seal

    def part(self, line: str, kind: str) -> Path:
        """The folder of `kind` (base, wal, secrets) of a line, made when absent."""
        folder = self.folder / line / kind
        if not folder.is_dir():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for each in (folder.parent, folder):
                each.mkdir(mode=0o700, exist_ok=True)
                sync_folder(each.parent)
        return folder

    def claim(self, database: int) -> None:
        """Say of which database this folder is. Raises OtherDatabase where it is another's."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        note = self.folder / "database"
        if not note.exists():
            _replace(note, str(database).encode())
        if note.read_text() != str(database):
            raise OtherDatabase(
                f"{self.folder} holds backups of another database: set MEETPUNT_BACKUP to a folder"
                " of this one's own, or put back the other with 'meetpunt restore'."
            )

    def lines(self) -> list[str]:
        """From the first to the last that was begun."""
        if not self.folder.is_dir():
            return []
        return sorted(each.name for each in self.folder.iterdir() if _LINE.fullmatch(each.name))

    def bases(self, line: str) -> list[Base]:
        """Those that are whole, oldest first. Raises SealBroken, as all that reads notes."""
        notes = sorted((self.folder / line / "base").glob("*.json"))
        return [_base_of(path, line) for path in notes]

    def base_path(self, line: str, began: datetime) -> Path:
        """Where a base backup goes that began then."""
        return self.part(line, "base") / f"{_stamp(began)}.tar{self.seal.suffix}"

    def note_base(self, base: Base) -> None:
        """Say that a base backup is whole: from now on it counts."""
        note = self.part(base.line, "base") / f"{base.name}.json"
        _replace(note, msgspec.json.encode(base))

    def until(self, line: str) -> Until | None:
        """Up to when everything of a line is here; None: no more than its bases."""
        note = self.folder / line / "until.json"
        return _noted(note, Until) if note.exists() else None

    def note_until(self, line: str, until: Until) -> None:
        """Say so. The note is the last thing to be written of what it tells."""
        _replace(self.part(line, "wal").parent / "until.json", msgspec.json.encode(until))

    def spans(self) -> list[Span]:
        """What can be restored, oldest line and base first."""
        spans = []
        for line in self.lines():
            until = self.until(line)
            for base in self.bases(line):
                if until is None or until.moment <= base.ended:
                    spans.append(Span(base=base, until=base.ended, segment=None))
                else:
                    spans.append(Span(base=base, until=until.moment, segment=until.segment))
        return spans

    def segments(self, line: str) -> dict[str, Path]:
        """Segments of the log by name; one that is not full only where nothing better is."""
        whole: dict[str, Path] = {}
        partial: dict[str, Path] = {}
        for path in (self.folder / line / "wal").glob("*"):
            if sealed := _SEALED.fullmatch(path.name):
                (partial if sealed["partial"] else whole)[sealed["segment"]] = path
        return partial | whole

    def seal_segment(self, line: str, source: Path) -> None:
        """Take over a segment as pg_receivewal writes them, with .partial or full."""
        folder = self.part(line, "wal")
        self.seal.copy(source, folder / f"{source.name}{self.seal.suffix}")
        if SEGMENT.fullmatch(source.name):
            for old in folder.glob(f"{source.name}.partial.gz*"):
                old.unlink()

    def seal_secret(self, line: str, source: Path, name: str, now: datetime) -> None:
        """Take over a file with secrets; those before it stay for as long as base backups do.

        It becomes the last of its name, also where one is there of later than now: of before the
        clock was put right, or of a stranger.
        """
        if last := self.secrets().get(name):
            now = max(now, _moment_of(last) + timedelta(microseconds=1))
        folder = self.part(line, "secrets")
        self.seal.copy(source, folder / f"{_stamp(now)}-{name}{self.seal.suffix}")

    def secrets(self) -> dict[str, Path]:
        """The last of each name, of all lines: it is one database, and its keys only grow."""
        return {name: paths[-1] for name, paths in self._secrets("*").items()}

    def _secrets(self, line: str) -> dict[str, list[Path]]:
        by_name: dict[str, list[Path]] = {}
        for path in sorted(self.folder.glob(f"{line}/secrets/*"), key=lambda path: path.name):
            if (sealed := _SECRET.fullmatch(path.name)) and _is_moment(path):
                by_name.setdefault(sealed["name"], []).append(path)
        return by_name

    def prune(self, keep: timedelta, now: datetime) -> int:
        """Remove what no moment of the last `keep` needs; returns how many base backups went.

        The last base backup stays, however old.
        """
        spans = self.spans()
        gone = 0
        for span, following in zip(spans, [*spans[1:], None], strict=True):
            if following is None:
                break
            same = following.base.line == span.base.line
            last_moment = following.base.ended if same else span.until
            if last_moment < now - keep:
                self._remove_base(span.base)
                gone += 1
        for line in self.lines():
            self._prune_line(line, self.bases(line), keep, now)
        return gone

    def _remove_base(self, base: Base) -> None:
        folder = self.folder / base.line / "base"
        (folder / f"{base.name}.json").unlink()  # first: what is not noted does not count
        for path in folder.glob(f"{base.name}.tar.gz*"):
            path.unlink()

    def _prune_line(self, line: str, bases: Sequence[Base], keep: timedelta, now: datetime) -> None:
        until = self.until(line)
        begun = datetime.strptime(line, _STAMP).replace(tzinfo=UTC)
        if not bases and max(begun, until.moment if until else begun) < now - keep:
            shutil.rmtree(self.folder / line)
            return
        for path in (self.folder / line).glob("*/.*"):
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) < now - keep:
                path.unlink()  # a draft that a kill left
        if not bases:
            return
        for name, path in self.segments(line).items():
            if name < bases[0].segment:
                path.unlink()
        for paths in self._secrets(line).values():
            for path, after in pairwise(paths):
                if after.name < _stamp(now - keep):
                    path.unlink()


def missing_segment(span: Span, there: Container[str]) -> str | None:
    """The first segment that is not there of those that lead to the end of a span."""
    if span.segment is None:
        return None
    wanted = span.base.segment
    while wanted in there and wanted != span.segment:
        wanted = _following(wanted)
    return None if wanted in there else wanted


def _following(segment: str) -> str:
    """The name of the next segment, of 16 MB."""
    timeline, number = segment[:8], int(segment[8:16], 16) * 256 + int(segment[16:], 16) + 1
    return f"{timeline}{number // 256:08X}{number % 256:08X}"


def _base_of(path: Path, line: str) -> Base:
    # No seal is on a note, and where it says that it belongs files are read and removed.
    base = _noted(path, Base)
    if (base.line, base.name) != (line, path.stem) or not SEGMENT.fullmatch(base.segment):
        raise SealBroken(f"{path} is the note of another backup: take it away.")
    return base


def _noted(path: Path, kind: type[Note]) -> Note:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except msgspec.DecodeError:
        raise SealBroken(f"{path} is damaged: put it aside, with what it is about.") from None


def _replace(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
