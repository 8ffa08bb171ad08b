"""Locks: who is at work on which table, told to everybody while it lasts."""

import asyncpg

from tests.attacks.attack import Depth, Found, of_several
from tests.attacks.target import Target

_LOOKS = {
    "pg_locks, tables": """
        select c.relname from pg_locks as l join pg_class as c on c.oid = l.relation
        where l.pid <> pg_backend_pid() and c.relnamespace <> 'pg_catalog'::regnamespace""",
    "pg_locks, transactions": """
        select l.transactionid::text from pg_locks as l
        where l.pid <> pg_backend_pid() and l.locktype = 'transactionid'""",
    "pg_lock_status()": """
        select relation::text from pg_lock_status()
        where pid <> pg_backend_pid() and mode = 'RowExclusiveLock'""",
    "pg_stat_activity": """
        select usename from pg_stat_activity
        where pid <> pg_backend_pid() and datname = current_database()""",
    "pg_current_snapshot()": """
        select xip::text from pg_snapshot_xip(pg_current_snapshot()) as xip""",
    "pg_export_snapshot()": "select pg_export_snapshot()",
}


async def who_is_at_work(target: Target, _: Depth) -> Found:
    """Looks, while somebody else's response is being stored, for a sign that it is.

    A sign is a row that was not there a moment before.
    """
    found: set[str] = set()
    async with target.attacker() as db:
        before = {name: await _seen(db, look) for name, look in _LOOKS.items()}
        async with target.others_in_a_transaction():
            for name, look in _LOOKS.items():
                if new := await _seen(db, look) - before[name]:
                    found.add(f"{name}: {min(new)}")
    return of_several(found, len(_LOOKS))


async def _seen(db: asyncpg.Connection, look: str) -> set[str]:
    try:
        return {str(row[0]) for row in await db.fetch(look)}
    except asyncpg.InsufficientPrivilegeError:
        return set()
