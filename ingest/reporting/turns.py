"""Of any number of processes one publishes, and nobody works figures out meanwhile."""

import asyncpg

from ingest.locks import Lock


async def take_turn(db: asyncpg.Connection, *, wait: bool) -> bool:
    """Hold the lock of whoever publishes to the end of the transaction; False: another has it."""
    if wait:
        await db.execute("/* publish_turn */ select pg_advisory_xact_lock($1)", Lock.PUBLISH)
        return True
    taken: bool = await db.fetchval(
        "/* publish_try */ select pg_try_advisory_xact_lock($1)", Lock.PUBLISH
    )
    return taken
