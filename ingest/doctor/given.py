"""The rights that a new database gives, and in SQL those that this one does."""

import re
from functools import cache
from pathlib import Path

SCHEMA = Path(__file__).resolve().parents[1] / "database" / "schema.sql"
"""Every table and right of a database that was just made."""

_GRANT = re.compile(
    r"^GRANT ([A-Z,a-z_()]+) ON TABLE ((?:meetpunt|lees)\.\w+) TO (meetpunt_\w+);", re.MULTILINE
)
_RIGHT = re.compile(r"([A-Z]+)(?:\((\w+)\))?")


@cache
def expected_rights() -> list[tuple[str, str, str, str]]:
    """(right, column or empty for all of them, table, role)."""
    return [
        (right, column, table, role)
        for rights, table, role in _GRANT.findall(SCHEMA.read_text("utf-8"))
        for right, column in _RIGHT.findall(rights)
        # Whoever owns the database may have another name.
        if role != "meetpunt_owner" and right != "ALL"
    ]


# By name, as to_regclass asks for rights on the schema of a table.
GIVEN = """given as (
        select nspname, relname, nspname || '.' || relname as named, part, relowner, datdba,
            privilege_type as privilege, acl.grantee, coalesce(rolname, 'everybody') as role
        from pg_class
        join pg_namespace on pg_namespace.oid = relnamespace
        join pg_database on datname = current_database()
        cross join lateral (
            select '' as part, relacl as rights
            union all
            select attname, attacl from pg_attribute
            where attrelid = pg_class.oid and attacl is not null and not attisdropped
        ) as parts
        cross join lateral aclexplode(rights) as acl
        left join pg_roles on pg_roles.oid = acl.grantee
        where nspname in ('meetpunt', 'lees') or nspname like 'lees\\_%' or nspname like 'bi\\_%'
    )"""
