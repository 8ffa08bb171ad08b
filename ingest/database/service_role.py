"""The role that the service connects with: able to store responses, and to do little else."""

import asyncpg

ROLE = "meetpunt_ingest"


class RoleUnfit(Exception):
    """The role may do more than store responses, or may not store them at all."""


async def require_service_role(db: asyncpg.Connection) -> None:
    """Raise `RoleUnfit` unless this connection's role has rights like those of `meetpunt_ingest`.

    Before the tables exist, rights on them cannot be checked; then the check of migrations fails.
    """
    row = await db.fetchrow(
        """/* service_role */
        select rolname as name, rolsuper as superuser, rolbypassrls as sees_all,
            pg_has_role(current_user, database.datdba, 'member')
                or coalesce(pg_has_role(current_user, response.relowner, 'member'), false) as owns,
            has_table_privilege(response.oid, 'insert') as stores,
            has_table_privilege(response.oid, 'delete') as destroys
        from pg_roles
        join pg_database as database on database.datname = current_database()
        left join (
            select pg_class.oid, relowner
            from pg_class
            join pg_namespace on pg_namespace.oid = relnamespace
            where nspname = 'meetpunt' and relname = 'response'
        ) as response on true
        where rolname = current_user
        """
    )
    if row["superuser"]:
        why = "is a superuser"
    elif row["sees_all"]:
        why = "bypasses row-level security"
    elif row["owns"]:
        why = "owns the database"
    elif row["stores"] is False:
        why = "may not store responses"
    elif row["destroys"]:
        why = "may destroy responses"
    else:
        return
    raise RoleUnfit(
        f"role {row['name']} {why}; meetpunt serve connects as role {ROLE}: "
        "put that one into MEETPUNT_DATABASE_URL."
    )
