"""The database: whether it answers, which Postgres it is, and whether it is in step with us."""

import asyncpg

from ingest.backup.sealing import Seal
from ingest.backup.shelf import Shelf
from ingest.database.behind import not_mirrored
from ingest.database.known_files import contradictions, known_files, lacks
from ingest.database.migrate import DatabaseBehind, require_current
from ingest.database.once import has_run, not_granted
from ingest.doctor.findings import Finding, ok, unseen, wrong
from ingest.doctor.sight import Sight

_OLDEST = 15


async def examine(sight: Sight) -> list[Finding]:
    """Version, migrations, files, and `once.sql`."""
    db = sight.any
    if db is None:
        return [_gone(sight)]
    findings = [await _version(db)]
    # The folder may not know what ran.
    best_placed = sight.ingest or sight.owner or db
    try:
        await require_current(best_placed)
    except DatabaseBehind as behind:
        return [*findings, wrong(str(behind))]
    except asyncpg.InsufficientPrivilegeError:
        return [
            *findings,
            unseen("Which migrations have run: the roles that are set may not see it."),
        ]
    findings.append(ok("Every migration of this version has run."))
    findings.append(await _files(best_placed, sight))
    return [*findings, await _once(db)]


async def _once(db: asyncpg.Connection) -> Finding:
    if not await has_run(db):
        return wrong(
            "once.sql has not run, or not since Postgres was upgraded: a reader can see when "
            "others answer. 'meetpunt db once' prints it, for a superuser."
        )
    if lacking := await not_granted(db):
        return wrong(
            f"once.sql was run by an older version of Meetpunt: {', '.join(lacking)}. Run once.sql "
            "again: 'meetpunt db once' prints it, for a superuser."
        )
    return ok("once.sql has run: nobody sees from counters what others answered.")


def _gone(sight: Sight) -> Finding:
    """Where there is no connection; why one of those that are set failed is told beside it."""
    settings = sight.settings
    if not sight.own or sight.urls:
        return wrong("Nothing of the database can be seen: no connection was made.")
    sentence = f"There is no database in {settings.data}"
    try:
        if settings.backup is not None and Shelf(settings.backup, Seal(None)).spans():
            return wrong(
                f"{sentence}, and {settings.backup} has backups of one: put it back with "
                "'meetpunt restore --to latest'."
            )
    except OSError:
        pass  # told of the backups themselves
    return wrong(f"{sentence}: 'meetpunt serve' makes one.")


async def _version(db: asyncpg.Connection) -> Finding:
    # In full, as asyncpg leaves out the minor one; a packager's words come after it.
    version = await db.fetchval("/* version */ select current_setting('server_version')")
    sentence = f"Postgres {version.split()[0]} answers"
    if db.get_server_version().major < _OLDEST:
        return wrong(f"{sentence}, which is too old: {_OLDEST} or newer is needed.")
    return ok(f"{sentence}.")


async def _files(db: asyncpg.Connection, sight: Sight) -> Finding:
    if sight.catalogue is None:
        return unseen("Whether the database knows what the files ask, as they hold errors.")
    known = await known_files(db)
    if odd := contradictions(known, sight.catalogue):
        return wrong(f"The files do not fit this database: {odd[0].message}")
    if lacks(known, sight.catalogue):
        return wrong("The database is behind your files: run 'meetpunt migrate'.")
    try:
        behind = await not_mirrored(sight.owner or db, sight.catalogue)
    except asyncpg.InsufficientPrivilegeError:
        return unseen(
            "Whether the database knows what the files ask: the roles that are set may not see it."
        )
    if behind:
        return wrong(
            f"Your files changed and the database has what they said before: {', '.join(behind)}. "
            "Run 'meetpunt migrate', and start the service anew."
        )
    return ok("The database knows what the files ask.")
