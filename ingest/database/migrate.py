"""Bring a database up to date with plain SQL files, in order, and never back to an older one."""

import hashlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import asyncpg

from ingest.database.turns import PATIENCE_SECONDS, alone
from ingest.tasks.names import TaskName

MIGRATIONS = Path(__file__).resolve().parent / "migrations"


class MigrationChanged(Exception):
    """This database was made by other migrations than those that are here."""


class DatabaseBehind(Exception):
    """The database lacks migrations that this version needs."""


def migration_files() -> list[Path]:
    """The migrations in the order in which they run."""
    return sorted(MIGRATIONS.glob("[0-9][0-9][0-9][0-9]_*.sql"))


async def migrate(
    owner: asyncpg.Connection, *, patience_seconds: float = PATIENCE_SECONDS
) -> list[str]:
    """Run the missing files, each in a transaction of its own; returns the names of what ran.

    Raises `MigrationChanged`, before anything is changed, when a file differs from what ran here
    before or others ran instead. Raises `MigrationLocked` when another session migrates for longer
    than `patience_seconds`, and one of `IN_THE_WAY` when a reader holds a table that a file
    changes for as long.
    """
    async with alone(owner, patience_seconds) as turn:
        applied = await turn.in_transaction(lambda: _applied_here(owner))
        files = {file.name: file.read_text(encoding="utf-8") for file in migration_files()}
        checksums = {name: hashlib.sha256(sql.encode()).hexdigest() for name, sql in files.items()}
        _require_same(applied, checksums)
        ran = [name for name in files if name not in applied]
        for name in ran:
            await turn.in_transaction(partial(_run, owner, name, files[name], checksums[name]))
        await turn.in_transaction(lambda: _tell_the_service(owner))
        return ran


async def _applied_here(owner: asyncpg.Connection) -> dict[str, str]:
    await owner.execute(
        """/* migration_table */
        create table if not exists public.meetpunt_migration (
            name text primary key,
            sha256 text not null,
            applied_on date not null default current_date
        )"""
    )
    return await _applied(owner)


async def _run(owner: asyncpg.Connection, name: str, sql: str, checksum: str) -> None:
    await owner.execute(sql)
    await owner.execute(
        """/* migration_applied */
        insert into public.meetpunt_migration (name, sha256) values ($1, $2)""",
        name,
        checksum,
    )


async def _tell_the_service(owner: asyncpg.Connection) -> None:
    await owner.execute(
        "grant select on public.meetpunt_migration to meetpunt_ingest, meetpunt_work"
    )
    await owner.execute(_TASKS, list(TaskName))


# Tasks of another version keep their rows: that version may still be serving.
_TASKS = """/* task_rows */
    insert into meetpunt.task (name) select unnest($1::text[]) on conflict do nothing"""


def _require_same(applied: Mapping[str, str], checksums: Mapping[str, str]) -> None:
    """Raise `MigrationChanged` unless what ran is a first part of our files, or all and more."""
    changed = [name for name in checksums if applied.get(name, checksums[name]) != checksums[name]]
    others = sorted(applied.keys() - checksums.keys()) if checksums.keys() - applied.keys() else []
    if changed or others:
        raise MigrationChanged(
            f"This database was made by another version of Meetpunt, whose {[*changed, *others][0]}"
            " is not ours. Nothing was released before 0.1.0, so nothing leads from there to here."
        )


async def require_current(db: asyncpg.Connection) -> None:
    """Raise `DatabaseBehind` unless every migration of this version has run.

    Raises `asyncpg.InsufficientPrivilegeError` for a role that may not know which ones did.
    """
    try:
        applied = await _applied(db)
    except asyncpg.UndefinedTableError:
        applied = {}
    missing = [file.name for file in migration_files() if file.name not in applied]
    if missing:
        raise DatabaseBehind(
            f"The database lacks {len(missing)} migration(s), the first is {missing[0]}: "
            "run 'meetpunt migrate' first."
        )


async def _applied(db: asyncpg.Connection) -> dict[str, str]:
    rows = await db.fetch("/* migrations */ select name, sha256 from public.meetpunt_migration")
    return {row["name"]: row["sha256"] for row in rows}
