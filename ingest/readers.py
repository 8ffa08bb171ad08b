"""Who may read which municipality's rows: roles, their passwords and what they are granted."""

import asyncpg

# Who serves, folds and migrates: it is the program itself that logs in as these.
SERVICE_ROLES = ("meetpunt_ingest", "meetpunt_folder", "meetpunt_owner")

# What a new reader begins with, so that no dashboard keeps others, or the service, from working.
CONNECTIONS = 20
_LIMITS = (
    f"alter role %I connection limit {CONNECTIONS}",
    "alter role %I set statement_timeout = '60s'",
    "alter role %I set idle_in_transaction_session_timeout = '60s'",
)


class RoleRefused(Exception):
    """The role has another part to play than the one it was offered."""


async def grant_reader(
    owner: asyncpg.Connection, municipality: str, role: str, password: str, *, free_text: bool
) -> bool:
    """Let `role` read the rows of the municipality with this code; True when the role was made.

    `password` and limits are only given to a role that is made. Raises `RoleRefused` for a role of
    the service or one that sees every row anyway, and `asyncpg.InsufficientPrivilegeError` when the
    owner may not make roles.
    """
    if role.startswith(("meetpunt_", "pg_")):
        raise RoleRefused(
            f"{role} is a role of Meetpunt or Postgres itself; give a reader a role of its own."
        )
    async with owner.transaction():
        known = await _require_ordinary(owner, role)
        if not known:
            await _execute_with_names(owner, "create role %I login in role meetpunt_reader", role)
            await set_password(owner, role, password)
            for limit in _LIMITS:
                await _execute_with_names(owner, limit, role)
        else:
            await _execute_with_names(owner, "grant meetpunt_reader to %I", role)
        await owner.execute(
            """/* grant_reader */
            insert into meetpunt.reader (municipality, role_name, free_text)
            values ($1, $2, $3)
            on conflict (municipality, role_name) do update set free_text = excluded.free_text
            """,
            municipality,
            role,
            free_text,
        )
    return not known


async def revoke_reader(owner: asyncpg.Connection, municipality: str, role: str) -> bool:
    """Take the right away; False when there was none."""
    done: str = await owner.execute(
        """/* revoke_reader */
        delete from meetpunt.reader where municipality = $1 and role_name = $2
        """,
        municipality,
        role,
    )
    return done != "DELETE 0"


async def set_password(owner: asyncpg.Connection, role: str, password: str) -> None:
    """Give a reader or a role of the service a password.

    Raises `RoleRefused` for any other role: what logs in with a password can do all that it can.
    """
    if role not in SERVICE_ROLES:
        await _require_ordinary(owner, role)
        reads = await owner.fetchval(
            """/* is_reader */
            select exists (
                select from pg_auth_members
                join pg_roles as reader on reader.oid = member
                join pg_roles as read on read.oid = roleid
                where reader.rolname = $1 and read.rolname = 'meetpunt_reader'
            )""",
            role,
        )
        if not reads:
            raise RoleRefused(
                f"{role} is no reader; 'meetpunt db grant' makes one, and roles of the service "
                f"that log in are {', '.join(SERVICE_ROLES)}."
            )
    await _execute_with_names(owner, "alter role %I login password %L", role, password)


async def _require_ordinary(owner: asyncpg.Connection, role: str) -> bool:
    """Whether the role exists; raises `RoleRefused` when no row-level security would hold it."""
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
        raise RoleRefused(f"{role} sees every row, whatever it is granted; choose another role.")
    if known and known["owns"]:
        raise RoleRefused(f"{role} owns the database; give a reader a role of its own.")
    return known is not None


async def _execute_with_names(owner: asyncpg.Connection, pattern: str, *names: str) -> None:
    # A role's name and password cannot be parameters; the server quotes them itself.
    statement = await owner.fetchval(
        "/* quote_names */ select format($1, variadic $2::text[])", pattern, list(names)
    )
    await owner.execute(statement)
