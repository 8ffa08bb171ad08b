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
