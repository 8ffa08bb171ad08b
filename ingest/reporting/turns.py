"""Let one process at a time publish, while nobody counts figures again."""

from uuid import UUID

import asyncpg

from ingest.tasks.leases import hold
from ingest.tasks.names import TaskName


async def take_turn(db: asyncpg.Connection, *, wait: bool, holder: UUID | None = None) -> bool:
    """Lock the task's row until the end of the transaction; False when another session has it.

    `holder` has the task's lease; None: somebody runs it by hand. Until the end of the transaction
    every statement is planned for its own municipalities, because a plan for any municipality
    would lock the partitions of all. Raises `LeaseLost`.
    """
    if not await hold(db, TaskName.PUBLISH, holder=holder, wait=wait):
        return False
    await db.execute(
        "/* planned_apart */ set local plan_cache_mode = force_custom_plan; set local jit = off"
    )
    return True
