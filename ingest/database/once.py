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


async def not_granted(db: asyncpg.Connection) -> list[str]:
    """What the file of this version gives and who has it not, as an older one was run; in words.

    Works for any role that may use schema `meetpunt`. Nothing where it was not run at all.
    """
    rows = await db.fetch(_NOT_GRANTED)
    return [row["lacking"] for row in rows]


_NOT_GRANTED = """/* once_not_granted */
    with services as (
        select oid, rolname from pg_roles
        where rolname in ('meetpunt_ingest', 'meetpunt_folder', 'meetpunt_work')
    ),
    owner as (
        select datdba as oid from pg_database where datname = current_database()
    ),
    lacking (role, object) as (
        select services.rolname, proname
        from services
        cross join pg_proc
        where pronamespace = 'pg_catalog'::regnamespace
            and proname in ('pg_logical_emit_message', 'pg_terminate_backend')
            and not has_function_privilege(services.oid, pg_proc.oid, 'execute')
        union
        select services.rolname, object
        from services
        cross join meetpunt.tells_of_others()
        where kind = 'system columns' and not has_table_privilege(services.oid, object, 'select')
        union
        select services.rolname, granted.rolname
        from services
        join pg_roles as granted on granted.rolname = 'pg_use_reserved_connections'
        where not pg_has_role(services.oid, granted.oid, 'usage')
        union
        select 'meetpunt_folder', 'meetpunt.end_long_readers'
        where not coalesce(has_function_privilege(
            'meetpunt_folder', to_regprocedure('meetpunt.end_long_readers(interval)'), 'execute'
        ), false)
        union
        select 'the owner', 'temp_file_limit'
        from owner
        where not has_parameter_privilege(owner.oid, 'temp_file_limit', 'set')
        union
        select 'a reader', 'meetpunt_tools.pg_stat_user_tables'
        where to_regclass('meetpunt_tools.pg_stat_user_tables') is null
    )
    select format('%s may not use %s', role, object) as lacking
    from lacking
    order by 1
"""
