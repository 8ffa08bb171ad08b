"""Who reads which world: roles that log in, their passwords, and until when."""

from datetime import date, datetime

import asyncpg
import msgspec

from ingest.municipalities.schemas import bi_schema, reads_role, reads_texts_role

# Who serves, folds and migrates: it is the program itself that logs in as these.
SERVICE_ROLES = ("meetpunt_ingest", "meetpunt_folder", "meetpunt_owner")

# What a new reader begins with, so that no dashboard keeps others, or the service, from working.
# Only the first is a limit: a role can set the other two itself, while it is connected.
CONNECTIONS = 20
_LIMITS = (
    f"alter role %I connection limit {CONNECTIONS}",
    "alter role %I set statement_timeout = '60s'",
    "alter role %I set idle_in_transaction_session_timeout = '60s'",
)


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """A role that logs in, and a world that it reads. `until`: no password is taken after that."""

    role: str
    schema: str
    free_text: bool
    until: datetime | None


class RoleRefused(Exception):
    """The role has another part to play than the one it was offered."""


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
) -> bool:
    """Let `role` read the world of a municipality or group; True when the role was made.

    `password` and limits are only given to a role that is made. Until the end of the day before
    `until`, in Amsterdam, its password is taken; None leaves that as it is. Raises `RoleRefused`
    for a role of the service or one that reads everything anyway, `WorldUnknown`, and
    `asyncpg.InsufficientPrivilegeError` when the owner may not make roles.
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
        granted, other = (texts, plain) if free_text else (plain, texts)
        await _execute_with_names(owner, "grant %I to %I", granted, role)
        await _execute_with_names(owner, "revoke %I from %I", other, role)
        await _set_path(owner, role)
        if until is not None:
            await _execute_with_names(owner, "alter role %I valid until %L", role, _end_of(until))
    return not known


async def revoke_reader(owner: asyncpg.Connection, slug: str, role: str) -> bool:
    """Take the right away, from open sessions too; False when there was none."""
    there = [reader for reader in await list_readers(owner) if reader.role == role]
    if bi_schema(slug) not in {reader.schema for reader in there}:
        return False
    async with owner.transaction():
        for granted in (reads_role(slug), reads_texts_role(slug)):
            await _execute_with_names(owner, "revoke %I from %I", granted, role)
        await _set_path(owner, role)
    return True


async def list_readers(owner: asyncpg.Connection) -> list[Reader]:
    """Who reads which world, by role and then by schema."""
    rows = await owner.fetch(
        """/* list_readers */
        select member.rolname as role, schema.nspname as schema,
            bool_or(granted.rolname = 'meetpunt_reads_' || schema.nspname || '_texts') as free_text,
            min(member.rolvaliduntil) as until
        from pg_auth_members
        join pg_roles as member on member.oid = pg_auth_members.member
        join pg_roles as granted on granted.oid = pg_auth_members.roleid
        join pg_namespace as schema on granted.rolname in (
            'meetpunt_reads_' || schema.nspname, 'meetpunt_reads_' || schema.nspname || '_texts')
        where member.rolcanlogin and member.rolname <> current_user
        group by member.rolname, schema.nspname
        order by member.rolname, schema.nspname
        """
    )
    return [Reader(**row) for row in rows]


async def _set_path(owner: asyncpg.Connection, role: str) -> None:
    """Let the role find its views by their bare names, in this database.

    A role that somebody else made may be theirs to change: then it names the schema itself.
    """
    schemas = [reader.schema for reader in await list_readers(owner) if reader.role == role]
    database = await owner.fetchval("/* database */ select current_database()")
    # Before the catalogue: a tool that asks there for counters finds an empty view (once.sql).
    path = [*schemas, "meetpunt_tools", "pg_catalog"]
    pattern = "alter role %I in database %I set search_path = " + ", ".join(["%I"] * len(path))
    try:
        async with owner.transaction():
            await _execute_with_names(owner, pattern, role, database, *path)
    except asyncpg.InsufficientPrivilegeError:
        return


def _end_of(until: date) -> str:
    return f"{until.isoformat()} 00:00 Europe/Amsterdam"


async def set_password(
    owner: asyncpg.Connection, role: str, password: str, *, reads: bool = False
) -> None:
    """Give a reader or a role of the service a password.

    Raises `RoleRefused` for any other role: what logs in with a password can do all that it can.
    One that is about to be a reader `reads`.
    """
    if role not in SERVICE_ROLES and not reads:
        await _require_ordinary(owner, role)
        if role not in {reader.role for reader in await list_readers(owner)}:
            raise RoleRefused(
                f"{role} is no reader; 'meetpunt db grant' makes one, and roles of the service "
                f"that log in are {', '.join(SERVICE_ROLES)}."
            )
    await _execute_with_names(owner, "alter role %I login password %L", role, password)


async def _require_ordinary(owner: asyncpg.Connection, role: str) -> bool:
    """Whether the role exists; raises `RoleRefused` when it reads everything anyway."""
    known = await owner.fetchrow(
        """/* role_known */
        select rolsuper or rolbypassrls as sees_all,
            rolname = current_user
                or exists (select from pg_database
                    where datname = current_database() and datdba = pg_roles.oid) as owns
        from pg_roles where rolname = $1""",
        role,
    )
    if known and known["sees_all"]:
        raise RoleRefused(f"{role} reads everything, whatever it is granted; choose another role.")
    if known and known["owns"]:
        raise RoleRefused(f"{role} owns the database; give a reader a role of its own.")
    return known is not None


async def _execute_with_names(owner: asyncpg.Connection, pattern: str, *names: str) -> None:
    # A role's name and password cannot be parameters; the server quotes them itself.
    statement = await owner.fetchval(
        "/* quote_names */ select format($1, variadic $2::text[])", pattern, list(names)
    )
    await owner.execute(statement)
