"""What a superuser does once per database: take from everybody what tells of rows of others."""

from pathlib import Path

import asyncpg

ONCE = Path(__file__).resolve().parent / "once.sql"


async def run_once(superuser: asyncpg.Connection) -> None:
    """Apply the file, all or nothing; the same again changes nothing.

    Raises `asyncpg.InsufficientPrivilegeError` where `superuser` is none.
    """
    try:
        await superuser.execute(ONCE.read_text("utf-8"))
    except BaseException:
        # The file opens a transaction of its own, so that psql applies it as a whole as well.
        await superuser.execute("/* once_undone */ rollback")
        raise


async def has_run(db: asyncpg.Connection) -> bool:
    """Whether nothing of the list is left to everybody; any role that may look at `meetpunt`.

    False also after an upgrade of Postgres that brought something new: then it is time again.
    """
    listed = await db.fetchval(
        "/* once_listed */ select to_regprocedure('meetpunt.tells_of_others()')"
    )
    return listed is not None and not await db.fetchval(
        "/* once_left */ select exists (select from meetpunt.tells_of_others() where to_public)"
    )
