"""Whether tasks run is watched beside the requests: one that is late is named in the log."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from ingest.tasks.watching import TaskWatch
from tests.conftest import Database

pytestmark = pytest.mark.anyio

_RAN = "update meetpunt.task set last_ran = clock_timestamp()"
_LATE = f"{_RAN} - interval '1 day' where name = 'publish'"


async def test_of_an_outage_no_task_is_named_late_until_each_had_time_to_run(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "meetpunt")
    answers = {0: True, 70: True, 110: False, 180: False, 190: True, 240: True, 260: True}
    moments, over = iter(answers.items()), asyncio.Event()
    now = 0.0

    @asynccontextmanager
    async def at_the_next_moment() -> AsyncIterator[asyncpg.Connection]:
        nonlocal now
        # What was told until now, was told at the moment before.
        told.update({task: now for task in late() if task not in told})
        now, there = next(moments, (now, None))
        if there is None:
            over.set()
            await asyncio.Event().wait()
        if not there:
            raise OSError
        async with database.superuser() as db:
            await db.execute(_RAN if now < 110 else _LATE)
            yield db

    def late() -> list[str]:
        lines = [record for record in caplog.records if record.getMessage() == "task_late"]
        return [vars(record)["meetpunt"]["kind"] for record in lines]

    told: dict[str, float] = {}
    watch = TaskWatch(at_the_next_moment, look_seconds=0, clock=lambda: now)
    await watch.start(tells=True)
    try:
        async with asyncio.timeout(10):
            await over.wait()
    finally:
        await watch.close()
    assert told == {"publish": 260}
