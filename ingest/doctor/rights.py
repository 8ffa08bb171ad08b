"""Who may do what: the roles that have to be there, and the rights that a restore may lose."""

import re
from functools import cache
from pathlib import Path

import asyncpg

from ingest.doctor.findings import Finding, ok, some, wrong
from ingest.doctor.sight import FOLDER, Sight
from ingest.service_role import RoleUnfit, require_service_role

SCHEMA = Path(__file__).resolve().parents[1] / "database" / "schema.sql"
"""Every table and right of a database that was just made."""

_LOG_IN = ("meetpunt_ingest", "meetpunt_folder")
_NEVER_LOG_IN = ("meetpunt_views", "meetpunt_audit", "meetpunt_auditor")

_POLICY = re.compile(r"^CREATE POLICY (\w+) ON ((?:meetpunt|lees)\.\w+) ", re.MULTILINE)
_WALLED = re.compile(
    r"^ALTER TABLE (?:ONLY )?((?:meetpunt|lees)\.\w+) (?:ENABLE|FORCE) ROW LEVEL SECURITY;",
    re.MULTILINE,
)
_GRANT = re.compile(
    r"^GRANT ([A-Z,]+) ON TABLE ((?:meetpunt|lees)\.\w+) TO (meetpunt_\w+);", re.MULTILINE
)


async def examine(sight: Sight) -> list[Finding]:
    """Roles, and rights on tables."""
    db = sight.any
    if db is None:
        return []
    roles = await _roles(db)
    found = [wrong(sentence) for sentence in roles] or [ok("Every role is there, and fit.")]
    if sight.ingest is not None:
        try:
            await require_service_role(sight.ingest)
        except RoleUnfit as unfit:
            found.append(wrong(f"The {unfit}"))
    if sight.folder is not None:
        role = await sight.folder.fetchval("/* who_am_i */ select current_user")
        if role != FOLDER:
            found.append(wrong(f"MEETPUNT_FOLDER_URL connects as {role} instead of {FOLDER}."))
    lost = await _lost(db)
    if lost:
        found.append(
            wrong(
                f"{len(lost)} rights and rules of a new database are missing here, as after a "
                f"restore that left some behind: {some(lost)}."
            )
        )
    else:
        found.append(ok("Every rule on rows and every right on tables is there."))
    return found


async def _roles(db: asyncpg.Connection) -> list[str]:
    """A sentence about each that is missing, or may more than it should."""
    rows = await db.fetch(
        """/* roles */
        select rolname, rolcanlogin, rolsuper or rolbypassrls as sees_all,
            rolvaliduntil < clock_timestamp() as ran_out
        from pg_roles where rolname = any ($1)""",
        [*_LOG_IN, *_NEVER_LOG_IN],
    )
    known = {row["rolname"]: row for row in rows}
    found = []
    for name in (*_LOG_IN, *_NEVER_LOG_IN):
        role = known.get(name)
        if role is None:
            found.append(f"There is no role {name}: run 'meetpunt migrate'.")
        elif role["sees_all"]:
            found.append(f"Role {name} is a superuser, or bypasses row-level security.")
        elif name in _LOG_IN and not role["rolcanlogin"]:
            found.append(f"Role {name} may not log in: run 'meetpunt db password {name}'.")
        elif name in _LOG_IN and role["ran_out"]:
            found.append(f"The password of role {name} is past its last day.")
        elif name in _NEVER_LOG_IN and role["rolcanlogin"]:
            found.append(f"Role {name} may log in, and nobody should as that one.")
    owner = await db.fetchval(
        """/* owner_is_superuser */
        select rolname from pg_roles join pg_database on datdba = pg_roles.oid
        where datname = current_database() and rolsuper"""
    )
    if owner is not None:
        found.append(f"The database belongs to {owner}, a superuser: rules on rows do not hold.")
    return found


async def _lost(db: asyncpg.Connection) -> list[str]:
    """What a new database has and this one lacks."""
    policies, walled, grants = _expected()
    rows = await db.fetch(_LOST, *zip(*policies, strict=True), walled, *zip(*grants, strict=True))
    return [row["what"] for row in rows]


@cache
def _expected() -> tuple[list[tuple[str, str]], list[str], list[tuple[str, str, str]]]:
    """(policy, table), tables with rules on rows, and (right, table, role)."""
    schema = SCHEMA.read_text("utf-8")
    grants = [
        (right, table, role)
        for rights, table, role in _GRANT.findall(schema)
        for right in rights.split(",")
        # Whoever owns the database may have another name.
        if role != "meetpunt_owner" and right != "ALL"
    ]
    return _POLICY.findall(schema), sorted(set(_WALLED.findall(schema))), grants


# A table that is not there at all is a migration's to tell. By name, as to_regclass asks for rights
# on its schema.
_LOST = """/* rights_lost */
    with present as (
        select pg_class.oid, nspname || '.' || relname as named, relrowsecurity, relacl
        from pg_class join pg_namespace on pg_namespace.oid = relnamespace
        where nspname in ('meetpunt', 'lees')
    )
    select format('rule %s on %s', policy, named) as what
    from unnest($1::text[], $2::text[]) as expected (policy, named)
    join present using (named)
    where not exists (select from pg_policy where polrelid = present.oid and polname = policy)
    union all
    select format('rules on %s', named)
    from unnest($3::text[]) as expected (named)
    join present using (named)
    where not relrowsecurity
    union all
    select format('%s on %s for %s', lower(privilege), named, role)
    from unnest($4::text[], $5::text[], $6::text[]) as expected (privilege, named, role)
    join present using (named)
    where not exists (
        select from aclexplode(relacl) as given join pg_roles on pg_roles.oid = given.grantee
        where given.privilege_type = privilege and rolname = role)
"""
