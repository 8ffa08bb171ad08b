"""What a command needs of the database before it writes: this version's tables, and these files."""

import asyncpg

from ingest.commands.environment import fail
from ingest.database.known_files import (
    KnownFiles,
    contradictions,
    known_files,
    lacks,
    lacks_themes,
)
from ingest.database.migrate import DatabaseBehind, require_current
from ingest.files.findings import FilesRejected
from ingest.municipalities.catalogue import Catalogue

_BEHIND = "the database is behind your files: run 'meetpunt migrate' first."


async def require_in_step(db: asyncpg.Connection, catalogue: Catalogue) -> None:
    """End the command unless migrations ran and the database knows the files as they are now."""
    try:
        await require_current(db)
    except DatabaseBehind as behind:
        fail(behind)
    except asyncpg.PostgresError as refused:
        fail(f"the database refused ({refused.sqlstate}): {refused}")
    await _known(db, catalogue)


async def require_files(db: asyncpg.Connection, catalogue: Catalogue) -> None:
    """End the command unless the database knows the files as they are now, with their themes.

    For a role that cannot read which migrations ran, and that writes what readers see.
    """
    if lacks_themes(await _known(db, catalogue), catalogue):
        fail(_BEHIND)


async def _known(db: asyncpg.Connection, catalogue: Catalogue) -> KnownFiles:
    try:
        known = await known_files(db)
    except asyncpg.InsufficientPrivilegeError:
        fail(_BEHIND)  # a migration gives the right
    except asyncpg.PostgresError as refused:
        fail(f"the database refused ({refused.sqlstate}): {refused}")
    if findings := contradictions(known, catalogue):
        fail(f"the files do not fit this database:\n{FilesRejected(findings)}")
    if lacks(known, catalogue):
        fail(_BEHIND)
    return known


async def require_touchpoint(db: asyncpg.Connection, code: str, number: int) -> None:
    """End the command unless migrations ran and the database knows this touchpoint.

    `code` is the municipality's. For a role that reads no more of what the files say.
    """
    try:
        await require_current(db)
    except DatabaseBehind as behind:
        fail(behind)
    if not await db.fetchval(_TOUCHPOINT_IS_KNOWN, code, number):
        fail(_BEHIND)


_TOUCHPOINT_IS_KNOWN = """/* touchpoint_is_known */
    select exists (
        select from meetpunt.touchpoint where municipality = $1 and number = $2
    )
"""
