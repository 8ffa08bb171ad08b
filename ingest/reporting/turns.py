"""Of any number of processes one publishes, and nobody works figures out meanwhile."""

from uuid import UUID

import asyncpg

from ingest.tasks.leases import hold
from ingest.tasks.names import TaskName


async def take_turn(db: asyncpg.Connection, *, wait: bool, holder: UUID | None = None) -> bool:
    """Hold the row of whoever publishes to the end of the transaction; False: another has it.

    `holder` is who has the task's lease; None: by hand. Until the end every statement is planned
    for who it is about: a plan for any municipality would lock the partitions of all. Raises
    `LeaseLost`.
    """
    if not await hold(db, TaskName.PUBLISH, holder=holder, wait=wait):
        return False
    await db.execute(
        "/* planned_apart */ set local plan_cache_mode = force_custom_plan; set local jit = off"
    )
    return True
