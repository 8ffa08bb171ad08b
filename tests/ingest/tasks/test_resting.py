"""Between two runs a task rests for its period, also while the machine was suspended."""

import asyncio
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


# Waits for the first look at the lease, at most five seconds.
@pytest.mark.long
async def test_after_a_sleep_of_the_machine_a_task_runs_when_it_is_due(database: Database) -> None:
    """A suspended machine counts no second of sleep; its clock since boot does."""
    runs = 0
    again = asyncio.Event()

    async def work(_db: asyncpg.Connection, _holder: UUID) -> None:
        nonlocal runs
        runs += 1
        if runs == 2:
            again.set()

    # At each look an hour has passed, but for the first of a rest.
    looks = count()
    upkeep = Upkeep(
        database.url("meetpunt_folder"),
        [Task(name=TaskName.PURGE, work=work, seconds=_AN_HOUR)],
        look_seconds=0.02,
        clock=lambda: next(looks) // 2 * _AN_HOUR,
    )
    await upkeep.start()
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await again.wait()
    finally:
        await upkeep.close()


# Waits as the one above.
@pytest.mark.long
async def test_a_clock_that_is_set_back_makes_no_rest_longer(database: Database) -> None:
    again = asyncio.Event()
    runs: list[UUID] = []

    async def work(_db: asyncpg.Connection, holder: UUID) -> None:
        runs.append(holder)
        if len(runs) == 2:
            again.set()

    looks = count()
    upkeep = Upkeep(
        database.url("meetpunt_folder"),
        [Task(name=TaskName.PURGE, work=work, seconds=6)],
        look_seconds=0.02,
        clock=lambda: next(looks) * -_AN_HOUR,
    )
    await upkeep.start()
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await again.wait()
    finally:
        await upkeep.close()
