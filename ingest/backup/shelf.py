"""The folder in which backups are kept: what lies there, to which moments it leads, what may go.

A line is one database without a break: its base backups, and all that was written since the first
of them. A break (the disk was away for too long, the database was restored) begins another line.

    <line>/base/20261128T130500Z.tar.gz   a base backup, and beside it .json: a `Base`
    <line>/wal/0000000100000000000000A7.gz   what was written; with .partial what is being written
    <line>/secrets/20261128T130500Z-keys.json.gz   keys, passwords, revocations
    <line>/until   the moment up to which everything is here
"""

import os
import re
import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import msgspec

from ingest.backup.sealing import Seal, sync_folder

SEGMENT = re.compile(r"[0-9A-F]{24}")
_LINE = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}")
_STAMP = "%Y%m%dT%H%M%SZ"
_SEALED = re.compile(r"(?P<segment>[0-9A-F]{24})(?P<partial>\.partial)?\.gz(\.enc)?")
_SECRET = re.compile(r"\d{8}T\d{6}Z-(?P<name>[a-z]+\.jsonl?)\.gz(\.enc)?")


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """One base backup. It leads to moments from `ended` on; `postgres` is the major version.

    `segment` is the first of the log that restoring needs.
    """

    line: str
    name: str
    began: datetime
    ended: datetime
    segment: str
    postgres: int
    size: int


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A base backup, and the last moment that what was written after it leads to."""

    base: Base
    until: datetime


def new_line(now: datetime) -> str:
    """The name of a line that begins now."""
    return f"{_stamp(now)}-{secrets.token_hex(3)}"


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
            self.folder.chmod(0o700)
            for each in (folder.parent, folder):
                each.mkdir(mode=0o700, exist_ok=True)
                sync_folder(each.parent)
        return folder

    def lines(self) -> list[str]:
        """From the first to the last that was begun."""
        if not self.folder.is_dir():
            return []
        return sorted(each.name for each in self.folder.iterdir() if _LINE.fullmatch(each.name))

    def bases(self, line: str) -> list[Base]:
        """Those that are whole, oldest first."""
        found = sorted((self.folder / line / "base").glob("*.json"))
        return [msgspec.json.decode(path.read_bytes(), type=Base) for path in found]

    def base_path(self, line: str, began: datetime) -> Path:
        """Where a base backup goes that began then."""
        return self.part(line, "base") / f"{_stamp(began)}.tar{self.seal.suffix}"

    def note_base(self, base: Base) -> None:
        """Say that a base backup is whole: from now on it counts."""
        note = self.part(base.line, "base") / f"{_stamp(base.began)}.json"
        _replace(note, msgspec.json.encode(base))

    def until(self, line: str) -> datetime | None:
        """The moment up to which everything of a line is here; None: no more than its bases."""
        try:
            return datetime.fromisoformat((self.folder / line / "until").read_text())
        except (FileNotFoundError, ValueError):
            return None

    def note_until(self, line: str, moment: datetime) -> None:
        """Say so. The note is the last thing to be written of what it tells."""
        _replace(self.part(line, "wal").parent / "until", moment.isoformat().encode())

    def spans(self) -> list[Span]:
        """What can be restored, oldest line and base first."""
        return [
            Span(base=base, until=max(base.ended, self.until(line) or base.ended))
            for line in self.lines()
            for base in self.bases(line)
        ]

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
        """Take over a file with secrets; those before it stay for as long as base backups do."""
        folder = self.part(line, "secrets")
        self.seal.copy(source, folder / f"{_stamp(now)}-{name}{self.seal.suffix}")

    def secrets(self, line: str) -> dict[str, Path]:
        """The last of each name."""
        return {name: paths[-1] for name, paths in self._secrets(line).items()}

    def _secrets(self, line: str) -> dict[str, list[Path]]:
        found: dict[str, list[Path]] = {}
        for path in sorted((self.folder / line / "secrets").glob("*")):
            if sealed := _SECRET.fullmatch(path.name):
                found.setdefault(sealed["name"], []).append(path)
        return found

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
        segments = self.segments(line)
        if not bases and segments and self._quiet_since(line) < now - keep:
            _remove_tree(self.folder / line)
            return
        for path in (self.folder / line).glob("*/.*"):
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) < now - keep:
                path.unlink()  # a draft that a kill left
        if not bases:
            return
        for name, path in segments.items():
            if name < bases[0].segment:
                path.unlink()
        for paths in self._secrets(line).values():
            for path, after in pairwise(paths):
                if after.name < _stamp(now - keep):
                    path.unlink()

    def _quiet_since(self, line: str) -> datetime:
        return self.until(line) or datetime.strptime(line[:16], _STAMP).replace(tzinfo=UTC)


def missing_segment(base: Base, segments: Sequence[str]) -> str | None:
    """The first segment after which there are later ones, and which itself is not there."""
    wanted, there = base.segment, set(segments)
    later = sorted(name for name in there if name >= base.segment)
    for _ in later:
        if wanted not in there:
            return wanted
        wanted = _following(wanted)
    return None


def _following(segment: str) -> str:
    """The name of the next segment, of 16 MB."""
    timeline, number = segment[:8], int(segment[8:16], 16) * 256 + int(segment[16:], 16) + 1
    return f"{timeline}{number // 256:08X}{number % 256:08X}"


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


def _remove_tree(folder: Path) -> None:
    for path in _deepest_first(folder):
        path.rmdir() if path.is_dir() else path.unlink()


def _deepest_first(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.rglob("*"), reverse=True)
    yield folder
