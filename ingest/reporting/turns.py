"""Of any number of processes one publishes, and nobody works figures out meanwhile."""

import asyncpg

from ingest.locks import Lock


async def take_turn(db: asyncpg.Connection, *, wait: bool) -> bool:
    """Hold the lock of whoever publishes to the end of the transaction; False: another has it.

    Until then every statement is planned for who it is about: a plan for any municipality would
    lock the partitions of all.
    """
    if wait:
        await db.execute("/* publish_turn */ select pg_advisory_xact_lock($1)", Lock.PUBLISH)
    elif not await db.fetchval(
        "/* publish_try */ select pg_try_advisory_xact_lock($1)", Lock.PUBLISH
    ):
        return False
    await db.execute(
        "/* planned_apart */ set local plan_cache_mode = force_custom_plan; set local jit = off"
    )
    return True
