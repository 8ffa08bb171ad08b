"""Work that goes on beside the requests, in one worker of all: whoever holds the lock does it."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence

import asyncpg
import msgspec

from ingest.locks import Lock
from ingest.running.logs import log

# Until another worker, or this one, tries again for the lock or the database.
_RETRY_SECONDS = 10.0

_AWAY = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
)


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """Something to do every `seconds`, by the one worker that has the `lock`.

    `work` is given a connection as meetpunt_folder, its own for as long as it lives.
    """

    name: str
    lock: Lock
    seconds: float
    work: Callable[[asyncpg.Connection], Awaitable[object]]


class Upkeep:
    """Does `tasks`, each over a connection of its own. `start` on the event loop, then `close`."""

    def __init__(
        self, folder_url: str, tasks: Sequence[Task], *, retry_seconds: float = _RETRY_SECONDS
    ) -> None:
        self._url = folder_url
        self._tasks = tasks
        self._retry_seconds = retry_seconds
        self._running: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin; returns at once."""
        self._running = [
            asyncio.create_task(self._keep_doing(task), name=f"upkeep {task.name}")
            for task in self._tasks
        ]

    async def close(self) -> None:
        """Stop where it is: what a task does is in transactions, and goes on elsewhere."""
        for running in self._running:
            running.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self._running = []

    async def _keep_doing(self, task: Task) -> None:
        while True:
            try:
                await self._do_while_ours(task)
            except _AWAY:
                log("upkeep_waits", level="warning", kind=task.name, reason="database-away")
            except Exception as failure:
                log("upkeep_failed", level="error", kind=task.name, exception=failure)
            await asyncio.sleep(min(self._retry_seconds, task.seconds))

    async def _do_while_ours(self, task: Task) -> None:
        """Return when another worker has the lock; else go on until the connection is lost."""
        db = await asyncpg.connect(
            self._url, timeout=5, server_settings={"application_name": f"meetpunt {task.name}"}
        )
        try:
            # Held by the session: it is free again when this worker or its connection ends.
            while await db.fetchval("/* upkeep_lock */ select pg_try_advisory_lock($1)", task.lock):
                await task.work(db)
                await asyncio.sleep(task.seconds)
        finally:
            with contextlib.suppress(*_AWAY):
                await db.close(timeout=2)
