"""End sessions of readers that are open for too long: no time-out of a role is a limit."""

from uuid import UUID

import asyncpg

from ingest.running.logs import log
from ingest.tasks.leases import hold
from ingest.tasks.names import TaskName
from ingest.tasks.upkeep import Task

_END = """/* end_long_readers */ select meetpunt.end_long_readers()"""
_THERE = """/* once_ran */ select to_regprocedure('meetpunt.end_long_readers(interval)')"""


async def end_long_readers(folder: asyncpg.Connection) -> int:
    """End sessions of readers that hold a view of the database for over ten minutes; how many.

    0 where `once.sql` did not run: only a superuser can let us. `folder` is a connection as
    meetpunt_folder.
    """
    if await folder.fetchval(_THERE) is None:
        return 0
    ended: int = await folder.fetchval(_END)
    if ended:
        log("readers_ended", level="warning", rows=ended)
    return ended


def ending_long_readers() -> Task:
    """The look as one worker of all takes it."""

    async def work(folder: asyncpg.Connection, holder: UUID) -> None:
        async with folder.transaction():
            await hold(folder, TaskName.END_LONG_READERS, holder=holder)
            await end_long_readers(folder)

    return Task(name=TaskName.END_LONG_READERS, work=work)
