"""What a superuser does once per database: take away from all roles what shows others' rows."""

from pathlib import Path

import asyncpg

ONCE = Path(__file__).resolve().parent / "once.sql"


async def run_once(superuser: asyncpg.Connection) -> None:
    """Apply the whole file or nothing; applying it again changes nothing.

    Raises `asyncpg.InsufficientPrivilegeError` where `superuser` is not a superuser.
    """
    try:
        await superuser.execute(ONCE.read_text("utf-8"))
    except BaseException:
        # The file itself begins the transaction, so that psql too applies it as a whole.
        await superuser.execute("/* once_undone */ rollback")
        raise


async def has_run(db: asyncpg.Connection) -> bool:
    """Whether the file was applied and nothing on its list is open to all roles.

    Works for any role that may use schema `meetpunt`. False also after an upgrade of Postgres that
    added something new: then the file has to be applied again.
    """
    listed = await db.fetchval(
        "/* once_listed */ select to_regprocedure('meetpunt.tells_of_others()')"
    )
    return listed is not None and not await db.fetchval(
        "/* once_left */ select exists (select from meetpunt.tells_of_others() where to_public)"
    )
