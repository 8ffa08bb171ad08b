"""Who may read which municipality's rows: roles, their passwords and what they are granted."""

import asyncpg


async def grant_reader(
    owner: asyncpg.Connection, municipality: str, role: str, password: str, *, free_text: bool
) -> bool:
    """Let `role` read the rows of the municipality with this code; True when the role was made.

    `password` is only given to a role that is made. Raises `asyncpg.InsufficientPrivilegeError`
    when the owner may not make roles.
    """
    async with owner.transaction():
        known = await owner.fetchval(
            "/* role_exists */ select exists (select from pg_roles where rolname = $1)", role
        )
        if not known:
            await _execute_with_names(owner, "create role %I login in role meetpunt_reader", role)
            await set_password(owner, role, password)
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
    """Give a role a password."""
    await _execute_with_names(owner, "alter role %I login password %L", role, password)


async def _execute_with_names(owner: asyncpg.Connection, pattern: str, *names: str) -> None:
    # A role's name and password cannot be parameters; the server quotes them itself.
    statement = await owner.fetchval(
        "/* quote_names */ select format($1, variadic $2::text[])", pattern, list(names)
    )
    await owner.execute(statement)
