"""Between two runs a task rests for its period, also while the machine was suspended."""

import asyncio
from collections.abc import Callable
from itertools import count
from uuid import UUID

import asyncpg
import pytest

from ingest.tasks.names import TaskName
from ingest.tasks.upkeep import Task, Upkeep
from tests.conftest import Database

pytestmark = pytest.mark.anyio

_AN_HOUR = 3600.0
_PATIENCE_SECONDS = 30


async def runs_twice(database: Database, *, seconds: float, clock: Callable[[], float]) -> None:
    """Until a task with this period ran a second time, by this clock. Raises TimeoutError."""
    runs = 0
    again = asyncio.Event()

    async def work(_db: asyncpg.Connection, _holder: UUID) -> None:
        nonlocal runs
        runs += 1
        if runs == 2:
            again.set()

    upkeep = Upkeep(
        database.url("meetpunt_folder"),
        [Task(name=TaskName.PURGE, work=work, seconds=seconds)],
        look_seconds=0.02,
        clock=clock,
    )
    await upkeep.start()
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await again.wait()
    finally:
        await upkeep.close()


# Waits for the first look at the lease, at most five seconds.
@pytest.mark.long
async def test_after_a_sleep_of_the_machine_a_task_runs_when_it_is_due(database: Database) -> None:
    """A suspended machine counts no second of sleep; its clock since boot does."""
    # At each look an hour has passed, but for the first of a rest.
    looks = count()
    await runs_twice(database, seconds=_AN_HOUR, clock=lambda: next(looks) // 2 * _AN_HOUR)


# Waits as the one above.
@pytest.mark.long
async def test_a_clock_that_is_set_back_makes_no_rest_longer(database: Database) -> None:
    """As that of the wall is, where a machine has none since boot."""
    looks = count()
    await runs_twice(database, seconds=6, clock=lambda: next(looks) * -_AN_HOUR)
