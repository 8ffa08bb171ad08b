"""Backups: of our own Postgres what is kept, of another what its server tells of archiving."""

from pathlib import Path

import asyncpg

from ingest.backup.looking import IGNORED, State
from ingest.backup.looking import look as look_at
from ingest.backup.making import SLOT
from ingest.backup.receiving import line_of
from ingest.backup.revocations import live_again, noted
from ingest.backup.sealing import Seal, SealBroken
from ingest.backup.shelf import Shelf
from ingest.doctor.findings import Finding, Mark, ago, look, ok, unseen, wrong
from ingest.doctor.sight import OWNER, Sight, needs

_LONG_SECONDS = 86_400.0


async def examine(sight: Sight) -> list[Finding]:
    """How far back and how near a restore leads, and what was revoked and lives again."""
    kept = await _shelf(sight) if sight.own else await _archiver(sight)
    ignored = [look(IGNORED)] if sight.settings.backup and not sight.own else []
    return [*ignored, *kept, *await _live_again(sight)]


async def _shelf(sight: Sight) -> list[Finding]:
    folder = sight.settings.backup
    if folder is None:
        return [look("No backups are made: MEETPUNT_BACKUP is not set.")]
    try:
        # Names and notes are read, and nothing that is sealed.
        state = look_at(Shelf(folder, Seal(None)), now=sight.clock())
    except SealBroken as damaged:
        return [wrong(f"{damaged}")]
    except OSError as failure:
        return [wrong(f"The backups in {folder} cannot be read: {failure.strerror}.")]
    finding = _state(state, folder, sight.settings.data)
    if finding.mark == Mark.OK and (why_not := await _nobody_receives(sight)):
        # A minute may pass before the backups themselves look old.
        finding = wrong(f"{_leads(state)}, and nothing is being kept now: {why_not}.")
    return [finding, *_same_disk(sight, folder)]


async def _nobody_receives(sight: Sight) -> str | None:
    """Why nothing that is written now can reach the backups; None: it does, as far as is seen."""
    if sight.any is None:
        return "the database does not answer"
    if sight.owner is not None and await sight.owner.fetchval(_LEFT, SLOT):
        return "nobody receives what the database writes"
    return None


def _same_disk(sight: Sight, folder: Path) -> list[Finding]:
    """What ends the one disk ends both."""
    try:
        same = folder.stat().st_dev == sight.settings.data.stat().st_dev
    except OSError:
        return []  # one of them is gone, which is told elsewhere
    if not same:
        return []
    return [look(f"The backups in {folder} are on the disk of the data: losing it loses both.")]


def _state(state: State, folder: Path, data: Path) -> Finding:
    if state.behind_seconds is None or state.last_base_seconds is None:
        return wrong(f"There is no backup in {folder}: 'meetpunt backup' makes one.")
    sentence = _leads(state)
    if state.last_base_seconds > _LONG_SECONDS * 2:
        base = ago(state.last_base_seconds)
        return wrong(f"{sentence}, and the last base backup is {base} old: one is due every day.")
    if not state.receiving:
        return wrong(f"{sentence}: what is written now is not being kept.")
    if state.line != line_of(data):
        return wrong(
            f"{sentence}, but what is written now in {data} is not being kept: the last in {folder}"
            " is of another data folder, or was made by hand."
        )
    return ok(f"{sentence}, and what is written now is being kept.")


def _leads(state: State) -> str:
    return f"A restore leads to {ago(state.behind_seconds or 0.0)} ago"


async def _live_again(sight: Sight) -> list[Finding]:
    """What a restore put back: the database has forgotten that it was revoked."""
    revoked = noted(sight.settings.keys_file or sight.settings.data / "keys.json")
    if not revoked:
        return []
    if sight.owner is None:
        return needs(OWNER)
    return [
        wrong(f"Revoked before, and in use again: '{each.command}' revokes it once more.")
        for each in await live_again(sight.owner, revoked)
    ]


async def _archiver(sight: Sight) -> list[Finding]:
    """Of one's own Postgres what pg_stat_archiver counts."""
    db = sight.widest
    if db is None:
        return []
    if await db.fetchval("/* archives */ select current_setting('archive_mode')") == "off":
        return [
            look(
                "The server archives nothing (archive_mode = off): whether there is a backup of "
                "another kind cannot be seen from here."
            )
        ]
    try:
        row = await db.fetchrow(_ARCHIVER)
    except asyncpg.InsufficientPrivilegeError:
        return [unseen("The server archives; how that goes, only the owner sees.")]
    if row["fails"]:
        return [
            wrong(
                f"Archiving fails: {row['failed_count']} times, the last {ago(row['failed'])} ago;"
                " the disk of the database fills up meanwhile."
            )
        ]
    if row["archived"] is None:
        return [look("The server archives, and nothing was archived yet.")]
    sentence = f"The last piece of the log was archived {ago(row['archived'])} ago"
    if row["archived"] > _LONG_SECONDS:
        return [look(f"{sentence}: set archive_timeout, or what came in since has no backup.")]
    return [ok(f"{sentence}.")]


_LEFT = """/* left_alone */
    select not active from pg_replication_slots where slot_name = $1"""

_ARCHIVER = """/* archiver */
    select failed_count,
        extract(epoch from clock_timestamp() - last_archived_time)::float8 as archived,
        extract(epoch from clock_timestamp() - last_failed_time)::float8 as failed,
        coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) as fails
    from pg_stat_archiver"""
