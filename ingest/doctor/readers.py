"""Readers: whether they can take from the service its connections, its disk, or its rest."""

import asyncpg

from ingest.database.readers import CONNECTIONS, SORTED
from ingest.doctor.findings import Finding, look, ok, some, wrong
from ingest.doctor.sight import Sight

OURS = 40
"""Connections that are held for a service of four workers, its tasks and a command."""


async def examine(sight: Sight) -> list[Finding]:
    """What is left when every reader takes all that it may."""
    db = sight.any
    if db is None:
        return []
    readers = await db.fetch(_READERS)
    return [
        await _connections(db, readers),
        *await _sorted(db, readers),
        *await _prepared(sight.widest or db, readers),
    ]


async def _connections(db: asyncpg.Connection, readers: list[asyncpg.Record]) -> Finding:
    now = await db.fetchrow(_ROOM)
    if now["reserved"] >= OURS and now["may_use"]:
        return ok(f"Readers leave {now['reserved']} connections to the service.")
    unlimited = [row["role"] for row in readers if row["connections"] < 0]
    if unlimited:
        return look(
            f"No limit of connections has {some(unlimited)}, and nothing is kept for the service: "
            f"'alter role {unlimited[0]} connection limit {CONNECTIONS}'."
        )
    if not readers:
        return ok("Nobody has rights as a reader yet.")
    taken = sum(row["connections"] for row in readers)
    if taken + OURS <= now["room"]:
        return ok(f"There is room for {taken} connections of readers beside the service.")
    return look(
        f"Readers may take {taken} of {now['room']} connections, and the service needs some {OURS}:"
        " raise max_connections, or lower their limits. With reserved_connections (Postgres 16 and "
        "newer, and once.sql) the service keeps its own."
    )


async def _sorted(db: asyncpg.Connection, readers: list[asyncpg.Record]) -> list[Finding]:
    free = [row["role"] for row in readers if not row["limited"]]
    if not free or await db.fetchval(_LIMITED):
        return [ok("What readers sort cannot fill the disk.")]
    return [
        look(
            f"What {some(free)} sorts may fill the disk: once.sql limits that, as does "
            f"\"alter role {free[0]} set temp_file_limit = '{SORTED}'\"."
        )
    ]


async def _prepared(db: asyncpg.Connection, readers: list[asyncpg.Record]) -> list[Finding]:
    """A prepared transaction has no session, so that nothing ends one that stays."""
    if not await db.fetchval(_MAY_PREPARE):
        return []
    try:
        left = await db.fetch(_PREPARED, [row["role"] for row in readers])
    except asyncpg.InsufficientPrivilegeError:
        left = []
    if left:
        return [
            wrong(
                f"A transaction that {row['owner']} prepared is open, and keeps what was destroyed "
                f"from being cleared away: \"rollback prepared '{row['gid']}'\"."
            )
            for row in left
        ]
    return [
        look(
            "max_prepared_transactions is above 0: a reader can leave a transaction open that "
            "nothing ends. Meetpunt needs none: set it to 0 where nobody else does."
        )
    ]


# As meetpunt.readers() of once.sql, which may not have run.
_READERS = r"""/* readers_there */
    with recursive reads (role) as (
        select oid from pg_roles where rolname like 'meetpunt\_reads\_%'
        union
        select members.member
        from reads
        join pg_auth_members as members on members.roleid = reads.role
        where coalesce((to_jsonb(members) ->> 'inherit_option')::boolean, true)
            or coalesce((to_jsonb(members) ->> 'set_option')::boolean, true)
    )
    select rolname as role, rolconnlimit as connections, exists (
        select from pg_db_role_setting
        where setrole = pg_roles.oid and setconfig::text ~ '\mtemp_file_limit=[^-]'
    ) as limited
    from pg_roles
    where oid in (select role from reads) and rolcanlogin and not rolsuper
        and rolname not like 'meetpunt\_%'
        and oid <> (select datdba from pg_database where datname = current_database())
    order by rolname"""

# Some settings and one role are of Postgres 16.
_ROOM = """/* connections */
    select current_setting('max_connections')::integer
            - current_setting('superuser_reserved_connections')::integer as room,
        coalesce(current_setting('reserved_connections', true)::integer, 0) as reserved,
        to_regrole('pg_use_reserved_connections') is not null and (
            select bool_and(coalesce(
                pg_has_role(oid, to_regrole('pg_use_reserved_connections'), 'usage'), false))
            from pg_roles
            where rolname in ('meetpunt_ingest', 'meetpunt_folder', 'meetpunt_work')
        ) as may_use"""

# Of the whole server: the roles of the service have no limit of their own.
_LIMITED = """/* sorting_limited */
    select reset_val <> '-1' from pg_settings where name = 'temp_file_limit'"""

_MAY_PREPARE = """/* may_prepare */
    select current_setting('max_prepared_transactions')::integer > 0"""

_PREPARED = """/* prepared */
    select owner, gid from pg_prepared_xacts
    where database = current_database() and owner = any ($1::text[]) order by prepared"""
