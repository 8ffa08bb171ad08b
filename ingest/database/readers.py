"""Which role reads which municipality or group, with which password, and until when.

The `world` of a municipality or group is all that its readers may see.
"""

from contextlib import suppress
from datetime import date, datetime

import asyncpg
import msgspec

from ingest.audit import Note
from ingest.municipalities.schemas import bi_schema, reads_role, reads_texts_role
from ingest.running.verifiers import ITERATIONS, scram_verifier

# The roles as which the program itself logs in: to serve, to publish, to send and to migrate.
SERVICE_ROLES = ("meetpunt_ingest", "meetpunt_folder", "meetpunt_work", "meetpunt_owner")

# Settings of a new reader, so that no dashboard can slow down others or the service.
# Only the first is a limit: a role can set the other two itself, while it is connected.
CONNECTIONS = 20
_LIMITS = (
    f"alter role %I connection limit {CONNECTIONS}",
    "alter role %I set statement_timeout = '60s'",
    "alter role %I set idle_in_transaction_session_timeout = '60s'",
)

# What it sorts goes to the server's disk. The role cannot change this one, and we may set it only
# where `once.sql` gave us the right.
SORTED = "512MB"
_SORTED = f"alter role %I set temp_file_limit = '{SORTED}'"

_A_GRANT_FOR_EACH_GRANTOR = 16

# A reader may change its own settings. While its transaction is open, we cannot change them: so we
# wait this long, and then go on without.
_PATIENCE = "2s"
_SOMEBODY_ELSES = (
    asyncpg.InsufficientPrivilegeError,
    asyncpg.LockNotAvailableError,
    # "tuple concurrently updated", and where there was no setting yet.
    asyncpg.InternalServerError,
    asyncpg.UniqueViolationError,
)


# From Postgres 16 on a setting says how many.
SCRAM_ITERATIONS = """/* scram_iterations */
    select coalesce(current_setting('scram_iterations', true)::integer, $1)"""


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """A role that logs in, and a world that it reads. After `until` its password is refused."""

    role: str
    schema: str
    free_text: bool
    until: datetime | None


class RoleRefused(Exception):
    """The role may not become a reader or get a password here; the message says why."""


class WorldUnknown(LookupError):
    """This database has no schema for a municipality or group with this slug."""


async def grant_reader(
    owner: asyncpg.Connection,
    slug: str,
    role: str,
    password: str,
    *,
    free_text: bool,
    until: date | None = None,
    noting: Note | None = None,
) -> bool:
    """Let `role` read the world of a municipality or group; True when the role was made.

    `password` and limits are only given to a role that is made. The password works until the end of
    the day before `until`, in Amsterdam; None leaves that as it is. `noting` runs in the same
    transaction as the grant. Raises `RoleRefused` for a role of the service or one that reads
    everything anyway, `WorldUnknown`, and `asyncpg.InsufficientPrivilegeError` when the owner may
    not make roles.
    """
    if role.startswith(("meetpunt_", "pg_")):
        raise RoleRefused(
            f"{role} is a role of Meetpunt or Postgres itself; give a reader a role of its own."
        )
    async with owner.transaction():
        if not await owner.fetchval(
            "/* world_there */ select to_regnamespace($1)", bi_schema(slug)
        ):
            raise WorldUnknown(slug)
        known = await _require_ordinary(owner, role)
        plain, texts = reads_role(slug), reads_texts_role(slug)
        if not known:
            await _execute_with_names(owner, "create role %I login", role)
            await set_password(owner, role, password, reads=True)
            for limit in _LIMITS:
                await _execute_with_names(owner, limit, role)
            with suppress(asyncpg.InsufficientPrivilegeError):
                async with owner.transaction():
                    await _execute_with_names(owner, _SORTED, role)
        granted, other = (texts, plain) if free_text else (plain, texts)
        await _execute_with_names(owner, "grant %I to %I", granted, role)
        await _revoke(owner, other, role)
        if until is not None:
            await _execute_with_names(owner, "alter role %I valid until %L", role, _end_of(until))
        if noting is not None:
            await noting(owner)
    await _set_path(owner, role)
    return not known


async def revoke_reader(
    owner: asyncpg.Connection, slug: str, role: str, *, noting: Note | None = None
) -> bool:
    """Take the right away, from open sessions too; False when the role did not have it.

    `noting` runs in the same transaction. Raises `asyncpg.InsufficientPrivilegeError` where a role
    above ours gave the right.
    """
    readings = [reader for reader in await list_readers(owner) if reader.role == role]
    if bi_schema(slug) not in {reader.schema for reader in readings}:
        return False
    async with owner.transaction():
        for granted in (reads_role(slug), reads_texts_role(slug)):
            await _revoke(owner, granted, role)
        if noting is not None:
            await noting(owner)
    await _set_path(owner, role)
    return True


async def revoke_everybody(owner: asyncpg.Connection, slug: str) -> None:
    """Take the right to read a world from every role that has it, also from those without login.

    From Postgres 16 on, whoever made the roles of a world may grant them; that right stays.
    Raises `asyncpg.InsufficientPrivilegeError` as `revoke_reader` does.
    """
    rows = await owner.fetch(
        """/* members */
        select distinct granted.rolname as granted, member.rolname as role, member.rolcanlogin
        from pg_auth_members as members
        join pg_roles as member on member.oid = members.member
        join pg_roles as granted on granted.oid = members.roleid
        where granted.rolname = any ($1::text[])
            and member.rolname !~ '^meetpunt_' and member.rolname <> current_user
            and (
                coalesce((to_jsonb(members) ->> 'inherit_option')::boolean, true)
                or coalesce((to_jsonb(members) ->> 'set_option')::boolean, true)
            )
        """,
        [reads_role(slug), reads_texts_role(slug)],
    )
    async with owner.transaction():
        for row in rows:
            await _revoke(owner, row["granted"], row["role"])
    for role in sorted({row["role"] for row in rows if row["rolcanlogin"]}):
        await _set_path(owner, role)


async def list_readers(owner: asyncpg.Connection) -> list[Reader]:
    """Who reads which world, by role and then by schema."""
    rows = await owner.fetch(
        """/* list_readers */
        select member.rolname as role, schema.nspname as schema,
            bool_or(granted.rolname = 'meetpunt_reads_' || schema.nspname || '_texts') as free_text,
            nullif(min(member.rolvaliduntil), 'infinity') as until
        from pg_auth_members
        join pg_roles as member on member.oid = pg_auth_members.member
        join pg_roles as granted on granted.oid = pg_auth_members.roleid
        join pg_namespace as schema on granted.rolname in (
            'meetpunt_reads_' || schema.nspname, 'meetpunt_reads_' || schema.nspname || '_texts')
        where member.rolcanlogin and member.rolname !~ '^meetpunt_'
        group by member.rolname, schema.nspname
        order by member.rolname, schema.nspname
        """
    )
    return [Reader(**row) for row in rows]


async def _revoke(owner: asyncpg.Connection, granted: str, role: str) -> None:
    """Revoke every grant: from Postgres 16 on there may be one from each grantor."""
    rows = await owner.fetch(
        """/* grantors */
        select grantor.rolname as name
        from pg_auth_members
        join pg_roles as grantor on grantor.oid = pg_auth_members.grantor
        where roleid = to_regrole(quote_ident($1)) and member = to_regrole(quote_ident($2))""",
        granted,
        role,
    )
    per_grantor = owner.get_server_version().major >= _A_GRANT_FOR_EACH_GRANTOR
    for row in rows:
        if per_grantor:
            names = (granted, role, row["name"])
            await _execute_with_names(owner, "revoke %I from %I granted by %I", *names)
        else:
            await _execute_with_names(owner, "revoke %I from %I", granted, role)


async def _set_path(owner: asyncpg.Connection, role: str) -> None:
    """Let the role find its views by their bare names, in this database.

    Where we may not change the role, because somebody else made it, its queries must name the
    schema. This runs in a transaction of its own, after that of the rights: a reader that blocks it
    cannot keep a right that way.
    """
    schemas = [reader.schema for reader in await list_readers(owner) if reader.role == role]
    database = await owner.fetchval("/* database */ select current_database()")
    # Before pg_catalog, so that tools find the empty views of once.sql instead of its counters.
    path = [*schemas, "meetpunt_tools", "pg_catalog"]
    pattern = "alter role %I in database %I set search_path = " + ", ".join(["%I"] * len(path))
    with suppress(*_SOMEBODY_ELSES):
        async with owner.transaction():
            await owner.execute(f"set local lock_timeout = '{_PATIENCE}'")
            await _execute_with_names(owner, pattern, role, database, *path)


def _end_of(until: date) -> str:
    return f"{until.isoformat()} 00:00 Europe/Amsterdam"


async def set_password(
    owner: asyncpg.Connection, role: str, password: str, *, reads: bool = False
) -> None:
    """Give a reader or a role of the service a password, which the server is not told itself.

    Raises `RoleRefused` for any other role, because whoever knows the password can do all that the
    role may. `reads`: the role is about to become a reader.
    """
    if role not in SERVICE_ROLES and not reads:
        await _require_ordinary(owner, role)
        if role not in {reader.role for reader in await list_readers(owner)}:
            raise RoleRefused(
                f"{role} is no reader; 'meetpunt db grant' makes one, and roles of the service "
                f"that log in are {', '.join(SERVICE_ROLES)}."
            )
    iterations = await owner.fetchval(SCRAM_ITERATIONS, ITERATIONS)
    kept = scram_verifier(password, iterations=iterations)
    await _execute_with_names(owner, "alter role %I login password %L", role, kept)


async def _require_ordinary(owner: asyncpg.Connection, role: str) -> bool:
    """Whether the role exists; raises `RoleRefused` when it can see more than a reader may.

    The roles that it is a member of count as well, because it has their rights too. A predefined
    role (pg_...) reads every table, or sees what the service is doing.
    """
    known = await owner.fetchrow(
        """/* role_known */
        select known.rolsuper or known.rolbypassrls or known.rolreplication as sees_all,
            known.rolcreaterole as makes_roles,
            known.rolname = current_user or exists (
                select from pg_database
                where datname = current_database() and pg_has_role(known.oid, datdba, 'member')
            ) as owns,
            (
                select min(other.rolname) from pg_roles as other
                where pg_has_role(known.oid, other.oid, 'member') and (
                    other.rolsuper or other.rolbypassrls or other.rolreplication
                    or other.rolname ~ '^(pg|meetpunt)_' and other.rolname !~ '^meetpunt_reads_'
                )
            ) as member_of
        from pg_roles as known where known.rolname = $1""",
        role,
    )
    if known is None:
        return False
    if known["sees_all"]:
        raise RoleRefused(f"{role} reads everything, whatever it is granted; choose another role.")
    if known["owns"]:
        raise RoleRefused(f"{role} owns the database; give a reader a role of its own.")
    if known["member_of"]:
        raise RoleRefused(
            f"{role} is a member of {known['member_of']}, and sees more than a reader may; "
            "give a reader a role of its own."
        )
    if known["makes_roles"]:
        raise RoleRefused(f"{role} may make roles, and so readers; choose another role.")
    return True


async def _execute_with_names(owner: asyncpg.Connection, pattern: str, *names: str) -> None:
    # A role's name and password cannot be parameters; the server quotes them itself.
    statement = await owner.fetchval(
        "/* quote_names */ select format($1, variadic $2::text[])", pattern, list(names)
    )
    await owner.execute(statement)
