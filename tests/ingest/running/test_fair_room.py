"""A few at once, and of each one: whoever asks a hundred times at once keeps nobody else out."""

import asyncio

import pytest

from ingest.running.fair_room import FairRoom

pytestmark = pytest.mark.anyio


async def test_one_of_each_is_in_and_no_more_than_there_are_places() -> None:
    room, inside, most = FairRoom(2), [], []
    leave, full = asyncio.Event(), asyncio.Event()

    async def enter(whose: str) -> None:
        async with room.place(whose, seconds=60):
            inside.append(whose)
            most.append(len(inside))
            if len(inside) == 2:
                full.set()
            await leave.wait()
            inside.remove(whose)

    async with asyncio.TaskGroup() as group:
        for whose in ("hasty",) * 50 + ("calm",) * 2 + ("late",):
            group.create_task(enter(whose))
        await full.wait()
        # The first of fifty, and the first of the others.
        assert inside == ["hasty", "calm"]
        leave.set()
    assert max(most) == 2
    assert len(most) == 53


async def test_who_waits_too_long_is_told_and_leaves_its_place_to_others() -> None:
    room = FairRoom(1)
    async with room.place("one", seconds=60):
        for whose in ("one", "other"):
            with pytest.raises(TimeoutError):
                async with room.place(whose, seconds=0.01):
                    raise AssertionError("there was no place")
    async with room.place("other", seconds=0.01), asyncio.timeout(60):
        # For as long as somebody is in, no time runs.
        await asyncio.sleep(0)
