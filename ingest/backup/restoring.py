"""Restore a backup of our own Postgres: into a new data folder, up to a moment, and no further."""

import asyncio
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
from ingest.backup.sealing import SealBroken
from ingest.backup.shelf import Base, Shelf, Span, missing_segment
from ingest.backup.strangers import without_commands
from ingest.postgres.cluster import sync_folder
from ingest.postgres.programs import Account, find_programs, give, ordinary_account, system_failure
from ingest.postgres.server import SUPERUSER, EmbeddedPostgres, PostgresFailed

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


def choose(spans: Sequence[Span], to: datetime | None, line: str | None = None) -> Span:
    """The last base backup that leads to `to`, of `line` where one is named; None: the last moment.

    Raises RestoreRefused, with the moments that can be restored; also where two lines lead to the
    moment, or were written side by side up to the last: which of them is meant, nobody can tell.
    """
    if not spans:
        raise RestoreRefused("There is no base backup here: nothing can be restored.")
    wanted = [span for span in spans if line in (None, span.base.line)]
    if not wanted:
        raise RestoreRefused(f"There is no line {line} here; there is {_kept(spans)}.")
    if to is None:
        last = max(wanted, key=_end)
        begun = min(span.base.ended for span in wanted if span.base.line == last.base.line)
        fitting = [span for span in wanted if span.until >= begun]
    else:
        fitting = [span for span in wanted if span.base.ended <= to <= span.until]
        if not fitting:
            raise RestoreRefused(f"{told(to)} lies outside what is kept: {_kept(wanted)}.")
    lines = {span.base.line for span in fitting}
    if len(lines) > 1:
        each = _kept([span for span in spans if span.base.line in lines])
        where = f"lead to {told(to)}" if to else "were written at the same time, up to the last"
        raise RestoreRefused(
            f"{len(lines)} lines of backups {where}, as when a restored copy was started beside the"
            f" service. Say which, with --line: {each}."
        )
    return max(fitting, key=_end)


def _end(span: Span) -> tuple[datetime, datetime]:
    return span.until, span.base.ended


def _kept(spans: Sequence[Span]) -> str:
    """Each line with the first and the last moment of it that can be restored."""
    lines: dict[str, tuple[datetime, datetime]] = {}
    for span in spans:
        first, last = lines.get(span.base.line, (span.base.ended, span.until))
        lines[span.base.line] = (min(first, span.base.ended), max(last, span.until))
    return "; ".join(f"{name} from {told(a)} to {told(b)}" for name, (a, b) in lines.items())


def restore(
    shelf: Shelf,
    data: Path,
    to: datetime | None,
    *,
    line: str | None = None,
    announce: Callable[[str], None],
    check: Callable[[EmbeddedPostgres, datetime], None] = lambda _server, _moment: None,
) -> Restored:
    """Make the data folder `data`, which must not be there, as it was at `to`; None: the last.

    `line` is asked for where more than one leads there (`choose`). `check` is given the server
    while it runs, and the moment. Raises RestoreRefused, SealBroken, PostgresFailed or DiskFull;
    nothing is then left in `data`.
    """
    span = choose(shelf.spans(), to, line)
    if os.path.lexists(data):
        raise RestoreRefused(f"{data} is there already, and nothing is put over it.")
    if missing := missing_segment(span, shelf.segments(span.base.line)):
        raise RestoreRefused(f"Of this backup the segment {missing} is missing: it leads nowhere.")
    moment = to or span.until
    # Under its own name only when it is whole: nobody starts what a kill left in the middle.
    unfinished = data.with_name(f"{data.name}.unfinished")
    data.parent.mkdir(parents=True, exist_ok=True)
    try:
        unfinished.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700)
    except FileExistsError:
        raise RestoreRefused(
            f"{unfinished} is there: of a restore that goes on, or remove what one left behind."
        ) from None
    try:
        announce(f"Taking the base backup of {told(span.base.ended)}, line {span.base.line} ...")
        _lay_out(shelf, span, unfinished)
        if not shelf.seal.encrypts and (out := without_commands(unfinished / "postgres")):
            announce(
                f"Taken out of its settings, as anybody may have written them: {', '.join(out)}."
                " Set again what is yours."
            )
        announce(f"Going on from there to {told(moment)} ...")
        server = _recovering(unfinished, to)
        try:
            if asyncio.run(_timeline(server)) == span.base.segment[:8]:
                raise PostgresFailed("Postgres went on past the moment: nothing was restored.")
            check(server, moment)
        finally:
            server.stop()
        done = Restored(to=moment, base=span.base.name, at=datetime.now(UTC))
        _note(unfinished, done)
        os.sync()  # all at once: of a thousand small files each would wait for the disk
        unfinished.rename(data)
        sync_folder(data.parent)
    except OSError as reason:
        raise system_failure(reason, data) from reason
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)  # not there any more when all went well
    return done


def restored(data: Path) -> Restored | None:
    """To which moment the database in a data folder was restored; None: it never was."""
    try:
        return msgspec.json.decode((data / NOTE).read_bytes(), type=Restored)
    except FileNotFoundError:
        return None


def _lay_out(shelf: Shelf, span: Span, data: Path) -> None:
    """The base backup, what was written since, and the secrets, each where it belongs."""
    base = span.base
    account = _account_for(data, base)
    cluster = data / "postgres"
    _unpack(shelf, base, cluster, account)
    for name, path in sorted(shelf.segments(base.line).items()):
        # What leads no further than the base may hold less of its segments than the base itself.
        if span.segment is not None and name >= base.segment:
            _unseal(shelf, path, cluster / "pg_wal" / name, account)
    for name, path in shelf.secrets().items():
        _unseal(shelf, path, data / name, None)


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
    archives = list(sealed.glob(f"{base.name}.tar.gz*"))
    if not archives:
        raise RestoreRefused(f"The base backup {base.name} is noted and not there.")
    try:
        with (
            shelf.seal.reading(archives[0]) as file,
            tarfile.open(fileobj=file, mode="r|") as packed,
        ):
            for member in packed:
                _take_out(packed, member, cluster, account)
    except tarfile.TarError:
        raise SealBroken(f"{archives[0]} is damaged.") from None


def _take_out(
    packed: tarfile.TarFile, member: tarfile.TarInfo, cluster: Path, account: Account | None
) -> None:
    parts = PurePosixPath(member.name).parts
    content = packed.extractfile(member) if member.isfile() else None
    if member.name.startswith("/") or ".." in parts or not (member.isdir() or content):
        raise RestoreRefused(
            f"The base backup holds {member.name}, which is no file or folder of our Postgres."
        )
    target = cluster.joinpath(*parts)
    if content is None:
        target.mkdir(mode=0o700, exist_ok=True)
    else:
        _put(content, target)
    give(target, account)


def _unseal(shelf: Shelf, path: Path, target: Path, account: Account | None) -> None:
    with shelf.seal.reading(path) as content:
        _put(content, target)
    give(target, account)


def _put(content: IO[bytes], target: Path) -> None:
    target.unlink(missing_ok=True)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(content, file, _PIECE)


def _recovering(data: Path, to: datetime | None) -> EmbeddedPostgres:
    """A server that went on from the base to the moment, and only then is one for itself.

    What it reads lies in its own folder already, so the command that fetches more has none.
    """
    settings = {"restore_command": "false", "recovery_target_timeline": "current"}
    at = (
        {"recovery_target_time": to.isoformat(" "), "recovery_target_action": "promote"}
        if to
        else {}
    )
    server = EmbeddedPostgres(data, settings=settings | at, announce=_said_already)
    _put_signal(server.cluster / "recovery.signal", server.programs().account)
    try:
        server.start()
    except PostgresFailed:
        # Nobody wrote anything after the moment: then the last there is, is the state of then.
        if not to or _NOT_REACHED not in (data / "postgres.log").read_text(errors="replace"):
            raise
        server = EmbeddedPostgres(data, settings=settings, announce=_said_already)
        server.start()
    return server


def _said_already(_sentence: str) -> None:
    """What takes long here is the restore that somebody asked for."""


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
