"""Who may more than Meetpunt gives: logins that act as its roles, and rights to its tables."""

import asyncpg

from ingest.doctor.findings import Finding, look, ok, some, wrong
from ingest.doctor.given import GIVEN, expected_rights

_READS_OR_WRITES_ALL = (
    "pg_read_all_data",
    "pg_write_all_data",
    "pg_read_server_files",
    "pg_write_server_files",
    "pg_execute_server_program",
)
_HOLDS_ROLES_APART = 16
"""From this Postgres on a member may be one that can only make others, and itself, a member."""


async def too_much(db: asyncpg.Connection) -> list[Finding]:
    """A finding for each login that may act as somebody else's role, and one for the tables."""
    findings = [*await _past_rules(db), *await _members(db)]
    rights = expected_rights()
    rows = await db.fetch(_TOO_MUCH, *zip(*rights, strict=True))
    if rows:
        given = some(row["what"] for row in rows)
        findings.append(
            wrong(f"Not given by Meetpunt, and to be revoked where nobody knows why: {given}.")
        )
    if not findings:
        findings.append(ok("Nobody else may read or write its tables, or act as its roles."))
    return findings


async def _past_rules(db: asyncpg.Connection) -> list[Finding]:
    rows = await db.fetch(_PAST_RULES)
    return [
        look(f"Role {row['rolname']} is a superuser, who sees everything: who logs in as that one?")
        if row["rolsuper"]
        else wrong(
            f"Role {row['rolname']} bypasses the rules on rows: "
            f"'alter role {row['rolname']} nobypassrls'."
        )
        for row in rows
    ]


async def _members(db: asyncpg.Connection) -> list[Finding]:
    apart = db.get_server_version().major >= _HOLDS_ROLES_APART
    rows = await db.fetch(_MEMBERS, _READS_OR_WRITES_ALL, "SET" if apart else "MEMBER")
    return [
        wrong(f"Role {row['rolname']} may act as {some(row['others'])}: revoke that.")
        if row["acts"]
        else look(f"Role {row['rolname']} may make itself a member of {some(row['others'])}.")
        for row in rows
    ]


# The first superuser, number 10, every server has; of our own roles `rights` tells.
_PAST_RULES = """/* past_rules */
    select rolname, rolsuper from pg_roles
    where rolcanlogin and (rolsuper and oid <> 10 or rolbypassrls and not rolsuper)
        and rolname not in ('meetpunt_ingest', 'meetpunt_folder', 'meetpunt_work')
    order by rolname"""

_MEMBERS = """/* members */
    with owner as (select datdba from pg_database where datname = current_database())
    select member.rolname, acts, array_agg(role.rolname::text order by role.rolname) as others
    from pg_roles as member
    join pg_roles as role on role.oid <> member.oid
    cross join lateral (
        select pg_has_role(member.oid, role.oid, 'USAGE') or pg_has_role(member.oid, role.oid, $2)
            as acts
    ) as how
    where member.rolcanlogin and not member.rolsuper
        and member.oid <> (select datdba from owner)
        and pg_has_role(member.oid, role.oid, 'MEMBER')
        and (role.rolname ~ '^meetpunt_' and role.rolname !~ '^meetpunt_(reads_|auditor$)'
            or role.oid = (select datdba from owner)
            or role.rolsuper or role.rolbypassrls or role.rolname = any ($1::text[]))
    group by member.rolname, acts
    order by member.rolname"""

# A municipality's own tables and views come with its files, so the schema does not name them all.
_TOO_MUCH = f"""/* rights_too_many */
    with {GIVEN}
    select format('%s on %s for %s', lower(privilege),
        case part when '' then named else named || '.' || part end, role)
        as what
    from given
    where grantee not in (relowner, datdba)
        and not exists (
            select from unnest($1::text[], $2::text[], $3::text[], $4::text[])
                as expected (privilege, part, named, role)
            where (expected.privilege, expected.named, expected.role)
                    = (given.privilege, given.named, given.role)
                and (expected.part = '' or expected.part = given.part)
        )
        and not (nspname like 'lees\\_%' and (
            role = 'meetpunt_views' and privilege = 'SELECT'
            or role = 'meetpunt_folder'
                and privilege in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
        ))
        and not (nspname like 'bi\\_%' and privilege = 'SELECT'
            and role = 'meetpunt_reads_' || nspname
                || case relname when 'toelichting' then '_texts' else '' end)
    order by what"""  # noqa: S608  # our own words
