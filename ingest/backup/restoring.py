"""Restore a backup of our own Postgres: into a new data folder, up to a moment, and no further."""

import asyncio
import hashlib
import os
import shutil
import tarfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO

import asyncpg
import msgspec

from ingest.backup.moments import told
from ingest.backup.sealing import sync_folder
from ingest.backup.shelf import Base, Shelf, Span, missing_segment
from ingest.postgres.embedded import SUPERUSER, EmbeddedPostgres, PostgresFailed
from ingest.postgres.folder import take_data_folder
from ingest.postgres.programs import Account, find_programs, give, ordinary_account

NOTE = "restored.json"
_PIECE = 1 << 20
_NOT_REACHED = "recovery ended before configured recovery target was reached"


class RestoreRefused(Exception):
    """The moment cannot be restored, or not there; the sentence says why. Nothing was changed."""


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What a data folder holds since it was restored: the state of moment `to` (UTC)."""

    to: datetime
    base: str
    at: datetime


class _File(msgspec.Struct, rename="pascal"):
    """As `pg_basebackup` writes it; a name that is no UTF-8 stands in `encoded`."""

    size: int
    checksum: str = ""
    path: str = ""
    encoded: str = msgspec.field(default="", name="Encoded-Path")


class _Manifest(msgspec.Struct):
    files: list[_File] = msgspec.field(name="Files")


def choose(spans: Sequence[Span], to: datetime | None) -> Span:
    """The last base backup that leads to `to`; None is the last moment there is.

    Raises RestoreRefused, with the moments that can be restored.
    """
    if not spans:
        raise RestoreRefused("There is no base backup here: nothing can be restored.")
    if to is None:
        return max(spans, key=lambda span: (span.until, span.base.ended))
    fitting = [span for span in spans if span.base.ended <= to <= span.until]
    if not fitting:
        firsts: dict[str, tuple[datetime, datetime]] = {}
        for span in spans:
            first, last = firsts.get(span.base.line, (span.base.ended, span.until))
            firsts[span.base.line] = (min(first, span.base.ended), max(last, span.until))
        kept = "; ".join(f"from {told(a)} to {told(b)}" for a, b in firsts.values())
        raise RestoreRefused(f"{told(to)} lies outside what is kept: {kept}.")
    return fitting[-1]


def restore(
    shelf: Shelf,
    data: Path,
    to: datetime | None,
    *,
    announce: Callable[[str], None],
    check: Callable[[EmbeddedPostgres], None] = lambda _server: None,
) -> Restored:
    """Make the data folder `data`, which must not be there, as it was at `to`; None: the last.

    `check` is given the server while it runs, with what was restored. Raises RestoreRefused,
    SealBroken, PostgresFailed or DiskFull; nothing is then left in `data`.
    """
    span = choose(shelf.spans(), to)
    if os.path.lexists(data):
        raise RestoreRefused(f"{data} is there already, and nothing is put over it.")
    segments = shelf.segments(span.base.line)
    missing = missing_segment(span.base, list(segments))
    if missing is not None and span.until > span.base.ended:
        raise RestoreRefused(f"Of this backup the segment {missing} is missing: it leads nowhere.")
    moment = to or span.until
    # Under its own name only when it is whole: nobody starts what a kill left in the middle.
    unfinished = data.with_name(f"{data.name}.unfinished")
    if os.path.lexists(unfinished):
        raise RestoreRefused(f"Remove {unfinished}, which a restore left that did not end.")
    try:
        os.close(take_data_folder(unfinished))
        account = _account_for(unfinished, span.base)
        announce(f"Taking the base backup of {told(span.base.ended)} ...")
        cluster = unfinished / "postgres"
        _unpack(shelf, span.base, cluster, account)
        _verify(cluster)
        for name, path in sorted(segments.items()):
            if name >= span.base.segment:
                _unseal(shelf, path, cluster / "pg_wal" / name, account)
        for name, path in shelf.secrets(span.base.line).items():
            _unseal(shelf, path, unfinished / name, None)
        announce(f"Going on from there to {told(moment)} ...")
        _recover(unfinished, span.base.segment[:8], to, announce, check)
        done = Restored(to=moment, base=span.base.name, at=datetime.now(UTC))
        _note(unfinished, done)
        unfinished.rename(data)
        sync_folder(data.parent)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return done


def restored(data: Path) -> Restored | None:
    """To which moment the database in a data folder was restored; None: it never was."""
    try:
        return msgspec.json.decode((data / NOTE).read_bytes(), type=Restored)
    except FileNotFoundError:
        return None


def _account_for(data: Path, base: Base) -> Account | None:
    """Who Postgres will run as here; raises RestoreRefused where it is another Postgres."""
    programs = find_programs(None, ordinary_account(data / "postgres"))
    if programs.version != base.postgres:
        raise RestoreRefused(
            f"This backup is of Postgres {base.postgres}, and here is Postgres {programs.version}:"
            " restore it with the version of Meetpunt that made it."
        )
    return programs.account


def _unpack(shelf: Shelf, base: Base, cluster: Path, account: Account | None) -> None:
    """Nothing but files and folders below `cluster`: no link, no other owner, no other place."""
    cluster.mkdir(mode=0o700)
    give(cluster, account)
    sealed = shelf.folder / base.line / "base"
    found = [p for p in sealed.glob(f"{base.name}.tar.gz*") if p.name.startswith(base.name)]
    if not found:
        raise RestoreRefused(f"The base backup {base.name} is noted and not there.")
    with shelf.seal.reading(found[0]) as file, tarfile.open(fileobj=file, mode="r|") as packed:
        for member in packed:
            parts = PurePosixPath(member.name).parts
            if member.name.startswith("/") or ".." in parts:
                raise RestoreRefused(f"The base backup {base.name} holds what is not Postgres'.")
            target = cluster.joinpath(*parts)
            if member.isdir():
                target.mkdir(mode=0o700, exist_ok=True)
            elif member.isfile():
                content = packed.extractfile(member)
                if content is not None:
                    _put(content, target)
            else:
                raise RestoreRefused(
                    f"The base backup {base.name} has a tablespace elsewhere, which we do not make."
                )
            give(target, account)
        while file.read(_PIECE):  # to its end, where a seal is known to be whole
            pass


def _verify(cluster: Path) -> None:
    """Compare every file with what Postgres noted when it made the backup.

    By hand: `pg_verifybackup` as it comes with the wheel does not run.
    """
    try:
        manifest = msgspec.json.decode((cluster / "backup_manifest").read_bytes(), type=_Manifest)
    except (FileNotFoundError, msgspec.DecodeError):
        raise RestoreRefused("The base backup has no list of what is in it.") from None
    for file in manifest.files:
        path = cluster / (file.path or os.fsdecode(bytes.fromhex(file.encoded)))
        if not path.is_file() or path.stat().st_size != file.size:
            raise RestoreRefused(f"The base backup is damaged: {path.name} is not what it was.")
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        if digest != file.checksum:
            raise RestoreRefused(f"The base backup is damaged: {path.name} is not what it was.")


def _unseal(shelf: Shelf, path: Path, target: Path, account: Account | None) -> None:
    with shelf.seal.reading(path) as content:
        _put(content, target)
    give(target, account)


def _put(content: IO[bytes], target: Path) -> None:
    target.unlink(missing_ok=True)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(content, file, _PIECE)
        file.flush()
        os.fsync(file.fileno())


def _recover(
    data: Path,
    timeline: str,
    to: datetime | None,
    announce: Callable[[str], None],
    check: Callable[[EmbeddedPostgres], None],
) -> None:
    """Let Postgres go on from the base to the moment, and only then be a server for itself.

    What it reads lies in its own folder already, so the command that fetches more has none.
    """
    settings = {"restore_command": "false", "recovery_target_timeline": "current"}
    at = (
        {"recovery_target_time": to.isoformat(" "), "recovery_target_action": "promote"}
        if to
        else {}
    )
    server = EmbeddedPostgres(data, settings=settings | at, announce=announce)
    _put_signal(server.cluster / "recovery.signal", server.programs().account)
    try:
        server.start()
    except PostgresFailed:
        # Nobody wrote anything after the moment: then the last there is, is the state of then.
        if not to or _NOT_REACHED not in (data / "postgres.log").read_text(errors="replace"):
            raise
        server = EmbeddedPostgres(data, settings=settings, announce=announce)
        server.start()
    try:
        if asyncio.run(_timeline(server)) == timeline:
            raise PostgresFailed("Postgres went on past the moment: nothing was restored.")
        check(server)
    finally:
        server.stop()


async def _timeline(server: EmbeddedPostgres) -> str:
    """Another than that of the backup, once Postgres ended a restore where it was told to."""
    db = await asyncpg.connect(server.url(SUPERUSER, "postgres"), timeout=10)
    try:
        name: str = await db.fetchval("/* timeline */ select pg_walfile_name(pg_current_wal_lsn())")
        return name[:8]
    finally:
        await db.close()


def _put_signal(path: Path, account: Account | None) -> None:
    path.touch(mode=0o600)
    give(path, account)


def _note(data: Path, what: Restored) -> None:
    path = data / NOTE
    path.touch(mode=0o600)
    path.write_bytes(msgspec.json.encode(what))
