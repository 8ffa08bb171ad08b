"""One task that works for several at once, on the one connection that it has.

Whoever asks another system waits beside the others; whoever stores waits for its turn.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg

from ingest.database.acknowledged import acknowledged
from ingest.tasks.leases import hold, prolong
from ingest.tasks.names import LEASE_SECONDS, TaskName

_PROLONG_SECONDS = LEASE_SECONDS / 3

FINISH_SECONDS = 4.0
"""So long what is in flight may take when a process stops: a worker has a second more to close."""


class Shared:
    """A connection that several use, one at a time, for the task `name`.

    `holder` has the task; None: somebody runs it by hand.
    """

    def __init__(self, db: asyncpg.Connection, name: TaskName, holder: UUID | None) -> None:
        self._db = db
        self._name = name
        self._holder = holder
        self._turn = asyncio.Lock()
        self.stopping = False
        """Nothing more is to be begun: this process stops, or has the task no more."""

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[asyncpg.Connection]:
        """The connection, for a statement or two that change nothing."""
        async with self._turn:
            yield self._db

    @asynccontextmanager
    async def storing(self) -> AsyncIterator[asyncpg.Connection]:
        """A transaction under the lease. Raises `LeaseLost` and `NotReplicated`."""
        async with self._turn, acknowledged(self._db), self._db.transaction():
            await hold(self._db, self._name, holder=self._holder)
            yield self._db

    async def side_by_side(
        self, doing: Sequence[Coroutine[Any, Any, None]], *, finish_seconds: float = 0.0
    ) -> None:
        """Do these beside each other, and keep the task meanwhile.

        Raises `LeaseLost`, and what the first of them raises that raises anything. Then, and when
        this is cancelled, the others are cut off after `finish_seconds`: who asks for these must
        look at `stopping`.
        """
        tasks = [asyncio.ensure_future(each) for each in doing]
        left = set(tasks)
        try:
            while left:
                done, left = await asyncio.wait(
                    left, timeout=_PROLONG_SECONDS, return_when=asyncio.FIRST_EXCEPTION
                )
                for each in done:
                    each.result()
                if left and self._holder is not None:
                    async with self._turn:
                        await prolong(self._db, self._name, self._holder)
        finally:
            self.stopping = True
            try:
                if finish_seconds and (left := {each for each in tasks if not each.done()}):
                    await asyncio.wait(left, timeout=finish_seconds)
            finally:
                for each in tasks:
                    each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
