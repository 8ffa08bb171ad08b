"""Who may do what: the roles that have to be there, and the rights that a restore may lose."""

import re
from functools import cache

import asyncpg

from ingest.database.service_role import RoleUnfit, require_service_role
from ingest.doctor.excess import too_much
from ingest.doctor.findings import Finding, ok, some, wrong
from ingest.doctor.given import GIVEN, SCHEMA, expected_rights
from ingest.doctor.sight import FOLDER, WORK, Sight

_LOG_IN = ("meetpunt_ingest", "meetpunt_folder", "meetpunt_work")
_NEVER_LOG_IN = ("meetpunt_views", "meetpunt_audit", "meetpunt_auditor")

_POLICY = re.compile(r"^CREATE POLICY (\w+) ON ((?:meetpunt|lees)\.\w+) ", re.MULTILINE)
_WALLED = re.compile(
    r"^ALTER TABLE (?:ONLY )?((?:meetpunt|lees)\.\w+) (?:ENABLE|FORCE) ROW LEVEL SECURITY;",
    re.MULTILINE,
)


async def examine(sight: Sight) -> list[Finding]:
    """Roles, and rights on tables."""
    db = sight.any
    if db is None:
        return []
    roles = await _roles(db)
    findings = [wrong(sentence) for sentence in roles] or [ok("Every role is there, and fit.")]
    if sight.ingest is not None:
        try:
            await require_service_role(sight.ingest)
        except RoleUnfit as unfit:
            findings.append(wrong(f"The {unfit}"))
    if sight.folder is not None:
        role = await sight.folder.fetchval("/* who_am_i */ select current_user")
        if role != FOLDER:
            findings.append(wrong(f"MEETPUNT_FOLDER_URL connects as {role} instead of {FOLDER}."))
    if sight.work is not None:
        role = await sight.work.fetchval("/* who_am_i */ select current_user")
        if role != WORK:
            findings.append(wrong(f"MEETPUNT_WORK_URL connects as {role} instead of {WORK}."))
    lost = await _lost(db)
    if lost:
        findings.append(
            wrong(
                f"Of the rights and rules of a new database {len(lost)} "
                f"{'is' if len(lost) == 1 else 'are'} missing, as after a restore that left some "
                f"behind: {some(lost)}."
            )
        )
    else:
        findings.append(ok("No rule on rows is missing, and no right on tables."))
    return [*findings, *await too_much(db)]


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
    sentences = []
    for name in (*_LOG_IN, *_NEVER_LOG_IN):
        role = known.get(name)
        if role is None:
            sentences.append(f"There is no role {name}: run 'meetpunt migrate'.")
        elif role["sees_all"]:
            sentences.append(f"Role {name} is a superuser, or bypasses row-level security.")
        elif name in _LOG_IN and not role["rolcanlogin"]:
            sentences.append(f"Role {name} may not log in: run 'meetpunt db password {name}'.")
        elif name in _LOG_IN and role["ran_out"]:
            sentences.append(f"The password of role {name} is past its last day.")
        elif name in _NEVER_LOG_IN and role["rolcanlogin"]:
            sentences.append(f"Role {name} may log in, and nobody should as that one.")
    owner = await db.fetchval(
        """/* owner_is_superuser */
        select rolname from pg_roles join pg_database on datdba = pg_roles.oid
        where datname = current_database() and rolsuper"""
    )
    if owner is not None:
        sentences.append(
            f"The database belongs to {owner}, a superuser: rules on rows do not hold."
        )
    return sentences


async def _lost(db: asyncpg.Connection) -> list[str]:
    """What a new database has and this one lacks."""
    policies, walled = _expected()
    rights = expected_rights()
    rows = await db.fetch(_LOST, *zip(*policies, strict=True), walled, *zip(*rights, strict=True))
    return [row["what"] for row in rows]


@cache
def _expected() -> tuple[list[tuple[str, str]], list[str]]:
    """(policy, table), and tables with rules on rows, which hold for their owner as well."""
    schema = SCHEMA.read_text("utf-8")
    return _POLICY.findall(schema), sorted(set(_WALLED.findall(schema)))


# A table that is not there at all is a migration's to tell.
_LOST = f"""/* rights_lost */
    with {GIVEN}, present as (
        select pg_class.oid, nspname || '.' || relname as named, relrowsecurity, relforcerowsecurity
        from pg_class join pg_namespace on pg_namespace.oid = relnamespace
        where nspname in ('meetpunt', 'lees') or nspname like 'lees\\_%'
    ), walled as (
        select unnest($3::text[]) as named
    )
    select format('rule %s on %s', policy, named) as what
    from unnest($1::text[], $2::text[]) as expected (policy, named)
    join present using (named)
    where not exists (select from pg_policy where polrelid = present.oid and polname = policy)
    union all
    select format(case when relrowsecurity then 'rules on %s for its owner' else 'rules on %s' end,
        present.named)
    from present
    where not (relrowsecurity and relforcerowsecurity) and (
        named in (select named from walled)
        or exists (
            select from pg_inherits join present as parent on parent.oid = inhparent
            where inhrelid = present.oid and present.named like 'lees\\_%'
                and parent.named in (select named from walled)
        ))
    union all
    select format('%s on %s for %s', lower(privilege),
        case part when '' then named else named || '.' || part end, role)
    from unnest($4::text[], $5::text[], $6::text[], $7::text[])
        as expected (privilege, part, named, role)
    join present using (named)
    where not exists (
        select from given
        where (given.privilege, given.part, given.named, given.role)
            = (expected.privilege, expected.part, expected.named, expected.role))
"""  # noqa: S608  # our own words
