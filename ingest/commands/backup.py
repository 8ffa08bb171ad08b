"""`meetpunt backup` and `meetpunt restore`: for our own Postgres."""

import asyncio
import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import click
import msgspec

from ingest.audit import Action, Entry, cleaned, harmless, note
from ingest.backup.looking import look
from ingest.backup.making import Source, database_in, make_base
from ingest.backup.moments import MomentUnclear, moment_of, told
from ingest.backup.receiving import line_of
from ingest.backup.restoring import RestoreRefused, restore
from ingest.backup.revocations import NAME, Revocation, live_again, noted
from ingest.backup.sealing import (
    BackupKeyUnusable,
    NoRoom,
    Seal,
    SealBroken,
    read_backup_key,
)
from ingest.backup.shelf import OtherDatabase, Shelf, new_line
from ingest.backup.writing import OtherWriter, refuse_beside
from ingest.commands.environment import (
    NAMING,
    connection,
    embedded_postgres,
    fail,
    keys_file,
    own_url,
    read_settings,
    start_postgres,
)
from ingest.invitations.dead_letters import doubt_what_is_due
from ingest.postgres.folder import take_data_folder
from ingest.postgres.server import (
    OWNER,
    SUPERUSER,
    DataDirectoryInUse,
    DiskFull,
    EmbeddedPostgres,
    PostgresFailed,
    PostgresMissing,
)
from ingest.settings import Settings

_FOLDER = click.Path(path_type=Path, file_okay=False)
_REFUSALS = (
    RestoreRefused, SealBroken, NoRoom, OtherDatabase, OtherWriter, DiskFull, PostgresFailed,
    PostgresMissing,
)  # fmt: skip


def shelf_of(settings: Settings, folder: Path) -> Shelf:
    """The folder of backups, with the key that is set, or the end of the command."""
    try:
        key = read_backup_key(settings.backup_key_file) if settings.backup_key_file else None
    except BackupKeyUnusable as unusable:
        fail(unusable)
    if folder.resolve().is_relative_to(settings.data.resolve()):
        fail("MEETPUNT_BACKUP lies in MEETPUNT_DATA: what destroys the one destroys the other.")
    return Shelf(folder.absolute(), Seal(key))


def _settings(folder: Path | None, keep: int | None = None) -> tuple[Settings, Shelf]:
    settings = read_settings()
    if settings.database_url or any(getattr(settings, each) for each in NAMING):
        fail("this is for Meetpunt's own Postgres; docs/backup.md tells how to back up yours.")
    chosen = folder or settings.backup
    if chosen is None:
        fail("set MEETPUNT_BACKUP to the folder in which backups are kept.")
    days = keep or settings.backup_days
    return msgspec.structs.replace(settings, backup_days=days), shelf_of(settings, chosen)


@click.command()
@click.option("--folder", type=_FOLDER, help="Instead of MEETPUNT_BACKUP.")
@click.option("--keep", type=click.IntRange(1, 3650), help="Days; instead of MEETPUNT_BACKUP_DAYS.")
@click.option("--list", "only_list", is_flag=True, help="Make none; show what can be restored.")
def backup(folder: Path | None, keep: int | None, only_list: bool) -> None:
    """Make a backup of Meetpunt's own Postgres and its keys now, and remove what is past its days.

    Alone it leads to the moment it was made. With MEETPUNT_BACKUP 'meetpunt serve' makes one every
    day by itself and keeps all that is written in between: then every moment can be restored.
    """
    settings, shelf = _settings(folder, keep)
    if only_list:
        _list(shelf)
        return
    server = embedded_postgres(settings)
    if not server.cluster.exists():
        fail(f"there is no database in {settings.data} yet.")
    ours = True
    try:
        start_postgres(server)
    except DataDirectoryInUse:
        ours = False
    try:
        source = Source(server, keys_file(settings))
        source.admit(shelf)
        line = line_of(settings.data)
        refuse_beside(shelf, line)
        if line is None or line not in shelf.lines():
            line = new_line(datetime.now(UTC))
        base = make_base(source, shelf, line)
        gone = shelf.prune(timedelta(days=settings.backup_days), datetime.now(UTC))
    except (*_REFUSALS, OSError) as refused:
        fail(f"no backup was made: {refused}")
    finally:
        if ours:
            server.stop()
    click.echo(f"Made a backup of {told(base.ended)}, {base.size / 1e6:.1f} MB, in {shelf.folder}.")
    if gone:
        click.echo(f"Removed {gone} that no moment of the last {settings.backup_days} days needs.")


def _list(shelf: Shelf) -> None:
    try:
        spans = shelf.spans()
    except SealBroken as broken:
        fail(broken)
    if not spans:
        fail(f"there is no backup in {shelf.folder}.")
    for span in spans:
        size = f"{span.base.size / 1e6:.1f} MB"
        click.echo(
            f"from {told(span.base.ended)} to {told(span.until)}, {size}, line {span.base.line}"
        )
    state = look(shelf, now=datetime.now(UTC))
    click.echo(f"{state.bytes / 1e6:.1f} MB in all.")


@click.command("restore")
@click.option(
    "--to", "moment", required=True, help="'2026-11-28 14:30 Amsterdam', '... UTC', latest."
)
@click.option("--folder", type=_FOLDER, help="Of the backups; instead of MEETPUNT_BACKUP.")
@click.option("--into", type=_FOLDER, help="The new data folder; else one beside MEETPUNT_DATA.")
@click.option("--line", help="Of the backups, where more than one leads to that moment.")
@click.option("--replace", is_flag=True, help="Put it in the place of MEETPUNT_DATA; that is kept.")
def restore_command(
    moment: str, folder: Path | None, into: Path | None, line: str | None, replace: bool
) -> None:
    """Put Meetpunt's own Postgres back as it was at a moment, in a new data folder.

    What is there is left alone: start with MEETPUNT_DATA set to the new folder, or let --replace
    put it in its place (the old one is renamed). Says what was revoked since, and lives again.
    """
    settings, shelf = _settings(folder)
    data = settings.data.resolve()  # what a link leads to
    if into and replace:
        fail("name a folder with --into, or let it --replace the old one: not both.")
    try:
        to = moment_of(moment)
    except MomentUnclear as unclear:
        fail(unclear)
    has_data = os.path.lexists(data) and any(data.iterdir())
    if os.path.ismount(data) and not into:
        fail(
            f"{data} is a disk of its own, which has no place beside it: name a folder in it"
            " with --into, and start with MEETPUNT_DATA set to that."
        )
    now = datetime.now(UTC)
    beside = data.with_name(f"{data.name}.restored-{now:%Y%m%dT%H%M%SZ}")
    target = into.absolute() if into else beside
    lock = _hold(data) if has_data and replace else None
    try:
        living_again: list[Revocation] = []
        revoked = [*noted(keys_file(settings)), *noted(data / NAME)]
        done = restore(
            shelf,
            target,
            to,
            line=line,
            announce=lambda sentence: click.echo(harmless(sentence), err=True),
            check=lambda server, moment: living_again.extend(_finish(server, moment, revoked)),
        )
        if has_data:
            _take_along(data, target)
        if replace or (into is None and not has_data):
            target = _put_in_place(data, target, now)
    except (*_REFUSALS, DataDirectoryInUse, OSError) as refused:
        fail(refused)
    finally:
        if lock is not None:
            os.close(lock)
    click.echo(f"{target} is as it was at {told(done.to)}.")
    if target != data:
        click.echo(f"Start with MEETPUNT_DATA={target}, or restore again with --replace.")
        click.echo("To look at it while the service goes on, set MEETPUNT_TELLS=nobody as well.")
    _tell(living_again, settings, target)


def _hold(data: Path) -> int:
    try:
        return take_data_folder(data)
    except DataDirectoryInUse as used:
        fail(f"{used} Stop it first.")


def _take_along(data: Path, target: Path) -> None:
    """Keys that were added since, and what was noted since, are newer than in the backup."""
    if not (data / "postgres").exists() or database_in(data) != database_in(target):
        click.echo(f"{data} holds another database: its keys stay there.")
        return
    for name in ("keys.json", "keys.log", NAME):
        if (data / name).is_file():
            shutil.copy(data / name, target / name)
            (target / name).chmod(0o600)


def _put_in_place(data: Path, target: Path, now: datetime) -> Path:
    if os.path.lexists(data):
        kept = data.with_name(f"{data.name}.before-{now:%Y%m%dT%H%M%SZ}")
        data.rename(kept)
        click.echo(f"What was in {data} is in {kept} now; remove it when you are sure.")
    target.rename(data)
    return data


def _finish(
    server: EmbeddedPostgres, moment: datetime, revoked: list[Revocation]
) -> list[Revocation]:
    """Note the restore in what was restored; return what was revoked and is in use there.

    By the notes here and those in the backup. What was to be sent may have been sent since.
    """
    last: dict[tuple[str, str], Revocation] = {}
    for each in [*noted(server.data / NAME), *revoked]:
        if each.at >= last.get((each.kind, each.name), each).at:
            last[each.kind, each.name] = each

    async def note_and_look() -> list[Revocation]:
        async with connection(own_url(server, OWNER)) as owner:
            # In a backup of before there was a trail there is nothing to write in.
            with suppress(asyncpg.UndefinedFunctionError):
                await note(owner, Entry(action=Action.RESTORE, object=f"to {told(moment)}"))
            again = await live_again(owner, list(last.values()))
        async with connection(own_url(server, SUPERUSER)) as superuser:
            # As well: of before there was an outbox.
            with suppress(asyncpg.UndefinedTableError):
                await doubt_what_is_due(superuser)
        return again

    return asyncio.run(note_and_look())


def _tell(living_again: list[Revocation], settings: Settings, target: Path) -> None:
    if settings.keys_file and not settings.keys_file.exists():
        click.echo(
            f"{settings.keys_file} is not there; its copy is {target / 'keys.json'}: put it back."
        )
    if living_again:
        click.echo("These were revoked since, and live again. Revoke them again before you serve:")
    for each in living_again:
        # Of a plain backup anybody may have written these names.
        click.echo(f"  {cleaned(each.command)}    (revoked {told(each.at)})")
    click.echo("docs/backup.md, 'After a restore', tells what else to do.")
