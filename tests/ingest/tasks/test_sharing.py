"""One task for several at once: they wait beside each other, and store one after the other."""

import asyncio
from uuid import uuid4

import pytest

from ingest.tasks.leases import LeaseLost, take
from ingest.tasks.names import TaskName
from ingest.tasks.sharing import Shared
from tests.conftest import Database

pytestmark = pytest.mark.anyio

NAME = TaskName.POLL_CASES


async def test_several_wait_beside_each_other_and_store_in_turn(database: Database) -> None:
    holder = uuid4()
    stored: list[int] = []
    everybody = asyncio.Barrier(5)
    async with database.connected("meetpunt_work") as db:
        assert await take(db, NAME, holder)
        shared = Shared(db, NAME, holder)

        async def one(number: int) -> None:
            await everybody.wait()
            async with shared.storing() as mine:
                # Two at once on one connection would be refused.
                stored.append(await mine.fetchval("select $1::integer", number))

        async with asyncio.timeout(10):
            await shared.side_by_side([one(number) for number in range(5)])
    assert sorted(stored) == [0, 1, 2, 3, 4]


async def test_when_the_lease_is_lost_nothing_more_is_done(database: Database) -> None:
    cut_off = False
    async with database.connected("meetpunt_work") as db:
        shared = Shared(db, NAME, uuid4())

        async def stores() -> None:
            async with shared.storing():
                raise AssertionError("another has the task")

        async def waits() -> None:
            nonlocal cut_off
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cut_off = True
                raise

        async with asyncio.timeout(10):
            with pytest.raises(LeaseLost):
                await shared.side_by_side([waits(), stores()])
    assert cut_off


@pytest.mark.parametrize(("finish_seconds", "ended"), [(10.0, "finished"), (0.01, "cut off")])
async def test_who_is_told_to_stop_finishes_what_is_in_flight_within_its_seconds(
    finish_seconds: float, ended: str
) -> None:
    said: list[str] = []
    answers, begun = asyncio.Event(), asyncio.Event()
    shared = Shared(None, NAME, None)

    async def waits() -> None:
        begun.set()
        try:
            await answers.wait()
        except asyncio.CancelledError:
            said.append("cut off")
            raise
        # So that nothing else is begun.
        assert shared.stopping
        said.append("finished")

    task = asyncio.create_task(shared.side_by_side([waits()], finish_seconds=finish_seconds))
    async with asyncio.timeout(5):
        await begun.wait()
        task.cancel()
        asyncio.get_running_loop().call_later(0.03, answers.set)
        with pytest.raises(asyncio.CancelledError):
            await task
    assert said == [ended]
