"""Readers: whether they can take from the service its connections, its disk, or its rest."""

import asyncpg

from ingest.database.readers import CONNECTIONS, SERVICE_ROLES, SORTED
from ingest.database.room import needed
from ingest.doctor.findings import Finding, look, ok, some, unseen, wrong
from ingest.doctor.sight import Sight


async def examine(sight: Sight) -> list[Finding]:
    """What is left when every reader takes all that it may."""
    db = sight.any
    if db is None:
        return []
    readers = await db.fetch(_READERS)
    ours = needed(sight.settings.workers, copies=1 if sight.own else 2)
    return [
        await _connections(db, readers, ours),
        *await _in_use(sight.widest or db, readers, ours),
        *await _sorted(db, readers),
        *await _prepared(sight.widest or db, readers),
    ]


async def _connections(db: asyncpg.Connection, readers: list[asyncpg.Record], ours: int) -> Finding:
    """Whether `ours` are left when readers take all theirs.

    That is what copies of this machine's number of workers take: two while one takes over from
    another, and one on a Postgres of our own.
    """
    now = await db.fetchrow(_ROOM)
    if now["reserved"] >= ours and now["may_use"]:
        return ok(
            f"Readers leave {now['reserved']} connections to the service, which needs {ours}."
        )
    unlimited = [row["role"] for row in readers if row["connections"] < 0]
    if unlimited:
        return look(
            f"No limit of connections has {some(unlimited)}, and too few are kept for the service, "
            f"which needs {ours}: 'alter role {unlimited[0]} connection limit {CONNECTIONS}'."
        )
    taken = sum(row["connections"] for row in readers)
    if taken + ours <= now["room"]:
        if not readers:
            return ok("Nobody has rights as a reader yet.")
        return ok(f"There is room for {taken} connections of readers beside the service.")
    return look(
        f"Readers may take {taken} of {now['room']} connections, and the service needs {ours}: "
        "raise max_connections, or lower their limits. With reserved_connections (Postgres 16 and "
        "newer, and once.sql) the service keeps its own."
    )


async def _in_use(
    db: asyncpg.Connection, readers: list[asyncpg.Record], ours: int
) -> list[Finding]:
    """Whether what is left now is enough for what the service may still open."""
    # Asked first, as a refusal is a line in the server's log.
    if not await db.fetchval(_MAY_SEE_SESSIONS):
        return [unseen("How many connections are in use now: the roles that are set may not see.")]
    now = await db.fetchrow(_IN_USE, SERVICE_ROLES, [row["role"] for row in readers])
    sentence = (
        f"In use now: {now['every']} of {now['room']} connections, {now['ours']} by the service "
        f"and {now['readers']} by readers"
    )
    left = now["room"] - now["every"]
    if left >= ours - now["ours"]:
        return [ok(f"{sentence}.")]
    return [look(f"{sentence}: {left} are left, and the service may need {ours} in all.")]


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

_MAY_SEE_SESSIONS = """/* may_see_sessions */
    select has_table_privilege('pg_catalog.pg_stat_activity', 'select')
        and has_function_privilege('pg_catalog.pg_stat_get_activity(integer)', 'execute')"""

# What kind a session of somebody else is, only pg_monitor sees; a standby is in no database.
_IN_USE = """/* connections_in_use */
    select current_setting('max_connections')::integer
            - current_setting('superuser_reserved_connections')::integer as room,
        count(*) as every,
        count(*) filter (where usename = any ($1::text[])) as ours,
        count(*) filter (where usename = any ($2::text[])) as readers
    from pg_stat_activity
    where usesysid is not null and datid is not null
        and coalesce(backend_type, 'client backend') = 'client backend'"""

# Of the whole server: the roles of the service have no limit of their own.
_LIMITED = """/* sorting_limited */
    select reset_val <> '-1' from pg_settings where name = 'temp_file_limit'"""

_MAY_PREPARE = """/* may_prepare */
    select current_setting('max_prepared_transactions')::integer > 0"""

_PREPARED = """/* prepared */
    select owner, gid from pg_prepared_xacts
    where database = current_database() and owner = any ($1::text[]) order by prepared"""
