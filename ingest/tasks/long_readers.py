"""End queries of readers that run too long: a role can change its own time-outs."""

from uuid import UUID

import asyncpg

from ingest.running.logs import log
from ingest.tasks.leases import hold
from ingest.tasks.names import TaskName
from ingest.tasks.upkeep import Task

_END = """/* end_long_readers */ select meetpunt.end_long_readers()"""
_THERE = """/* once_ran */ select to_regprocedure('meetpunt.end_long_readers(interval)')"""


async def end_long_readers(folder: asyncpg.Connection) -> int:
    """End readers' sessions with a snapshot older than ten minutes; returns how many.

    0 where `once.sql` was not applied, which gives us the right. `folder` is a connection as
    meetpunt_folder.
    """
    if await folder.fetchval(_THERE) is None:
        return 0
    ended: int = await folder.fetchval(_END)
    if ended:
        log("readers_ended", level="warning", rows=ended)
    return ended


def ending_long_readers() -> Task:
    """The task that ends sessions of readers."""

    async def work(folder: asyncpg.Connection, holder: UUID) -> None:
        async with folder.transaction():
            await hold(folder, TaskName.END_LONG_READERS, holder=holder)
            await end_long_readers(folder)

    return Task(name=TaskName.END_LONG_READERS, work=work)
