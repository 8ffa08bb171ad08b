"""Room for a few at once, of which each has one place: nobody's haste keeps others out."""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class FairRoom:
    """Lets `places` in at once, and of those who are alike one after another."""

    def __init__(self, places: int) -> None:
        self._places = asyncio.Semaphore(places)
        # Kept for as long as somebody waits for it or has it.
        self._turns: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def place(self, whose: Hashable, *, seconds: float) -> AsyncIterator[None]:
        """A place for as long as this lasts. Raises TimeoutError after waiting so long for one."""
        turn = self._turns.get(whose)
        if turn is None:
            turn = self._turns[whose] = asyncio.Lock()
        async with asyncio.timeout(seconds) as waiting, turn, self._places:
            waiting.reschedule(None)
            yield
