"""End sessions of readers that are open for too long: no time-out of a role is a limit."""

import asyncpg

from ingest.locks import Lock
from ingest.running.logs import log
from ingest.running.upkeep import Task

_SECONDS = 60.0

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
    return Task(
        name="end long readers",
        lock=Lock.SERVING_READERS,
        seconds=_SECONDS,
        work=end_long_readers,
    )
