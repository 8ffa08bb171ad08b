"""Group commit: while one transaction runs, new responses wait and share the next one.

There is no timer, an idle writer stores at once, and nothing is acknowledged before its commit.
Each worker has one connection for this: a second one was measured to gain nothing.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from secrets import SystemRandom
from time import monotonic, perf_counter
from uuid import UUID

import asyncpg

from ingest.database.acknowledged import acknowledged
from ingest.responses.queue import Queue, Queued
from ingest.responses.statements import KnownResponse, NewResponse, find_responses, store_responses
from ingest.responses.storing_connection import StoringConnection, type_of_connect
from ingest.running import metrics
from ingest.running.logs import log

# Written together, because they came while those before them were committed.
_MANY_AT_ONCE = 8
_BUSY_SECONDS = 1.0

_chance = SystemRandom()

type_of_database = Callable[[], AbstractAsyncContextManager[asyncpg.Connection]]
"""Lends a connection for a moment, or raises `WriterUnavailable`."""


class WriterUnavailable(Exception):
    """The database is away, or too many responses wait. This one was not stored.

    `retry_after_seconds` says when to try again, with the same response id.
    """

    def __init__(self, reason: str, retry_after_seconds: int = 2) -> None:
        self.reason = reason
        self.retry_after_seconds = retry_after_seconds
        super().__init__(reason)


class TokenSpent(Exception):
    """The permission was used for another response."""


class ResponseKnown(Exception):
    """A response under this id is stored already; the caller checks whether it is the same."""

    def __init__(self, known: KnownResponse) -> None:
        self.known = known
        super().__init__("a response under this id is stored already")


class ResponseUnstorable(Exception):
    """The database refuses this one response: our own checks have a gap."""


class Writer:
    """Stores responses in batches, each batch one statement and one commit.

    `connect` opens a connection as `meetpunt_ingest`. `largest_batch` of 1 gives a transaction a
    response, for comparison. At most `queue_rows` responses wait; beyond it `store` refuses at
    once. Within `quiet_seconds` of each other marks are committed, so that an outage is noticed
    before somebody sends a response.
    """

    def __init__(
        self,
        connect: type_of_connect,
        *,
        largest_batch: int = 256,
        queue_rows: int = 2000,
        reconnect_seconds: float = 0.25,
        quiet_seconds: float = 2.0,
    ) -> None:
        self._largest_batch = largest_batch
        self._queue_rows = queue_rows
        self._quiet_seconds = quiet_seconds
        self._queue = Queue()
        self._connection = StoringConnection(connect, reconnect_seconds=reconnect_seconds)
        self._flusher: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._busy_until = 0.0

    @property
    def busy(self) -> bool:
        """Whether residents answered in numbers just now: what can wait should."""
        return monotonic() < self._busy_until

    @property
    def connected(self) -> bool:
        """Whether the writer has a database to write to."""
        return self._connection.connected

    @property
    def why_not(self) -> str | None:
        """None when the last commit succeeded; else why responses cannot be stored.

        That is `disk-full`, `read-only`, `not-replicated`, `role-refused`, `too-many-connections`
        or `database-away`.
        """
        return None if self._connection.ready else self._connection.why

    async def start(self) -> None:
        """Connect; when the database is away, or takes nothing, keep trying in the background."""
        await self._connection.start()
        self._watching = asyncio.create_task(self._prove_now_and_then())

    async def close(self) -> None:
        """Finish what waits, then close the connection."""
        if self._watching is not None:
            self._watching.cancel()
        if self._flusher is not None:
            await self._flusher
        await self._connection.close()

    def doubt(self, broken: Exception) -> None:
        """Note that a commit elsewhere failed as ours would: not ready until a commit succeeds."""
        self._connection.doubt(broken)
        self._prove_soon()

    def store(self, response: NewResponse) -> asyncio.Future[None]:
        """Queue one response; the future is done when it is committed.

        The future raises `ResponseKnown`, `TokenSpent`, `ResponseUnstorable` or
        `WriterUnavailable`. Raises `WriterUnavailable` at once when nothing more can wait.
        """
        if not self.connected:
            self._connection.reconnect()
            metrics.shed.inc()
            raise WriterUnavailable(self._connection.why)
        if len(self._queue) >= self._queue_rows:
            metrics.shed.inc()
            raise WriterUnavailable("queue-full", retry_after_seconds=1)
        waiting = Queued(response, asyncio.get_running_loop().create_future())
        if self._queue.is_crowded(waiting):
            metrics.shed.inc()
            raise WriterUnavailable("permission-crowded", retry_after_seconds=1)
        self._queue.join(waiting)
        if self._flusher is None:
            self._flusher = asyncio.create_task(self._flush())
        return waiting.done

    def _prove_soon(self) -> None:
        """Commit a mark to test the connection, unless a commit is under way already."""
        if self._flusher is None and self.connected:
            self._flusher = asyncio.create_task(self._flush(prove=True))

    async def _prove_now_and_then(self) -> None:
        # At moments that say nothing, also when responses come in. A reader can see that a
        # transaction was; a rhythm that begins anew with each response would say when it came.
        while True:
            await asyncio.sleep(self._quiet_seconds * _chance.uniform(0.5, 1))
            self._prove_soon()

    async def _flush(self, *, prove: bool = False) -> None:
        try:
            if prove:
                await self._prove()
            while self._queue:
                await self._write(self._queue.next_batch(self._largest_batch))
        finally:
            # No await between "the queue is empty" and here: a response that queued up in between
            # would never be written.
            self._flusher = None

    async def _prove(self) -> None:
        try:
            await self._connection.prove()
        except Exception as broken:
            self._lose_connection(broken, ())

    async def _write(self, batch: list[Queued]) -> None:
        started = perf_counter()
        try:
            await self._write_at_once(batch)
        except asyncpg.UniqueViolationError:
            # Another worker stored one of these ids after our statement looked for it. Nothing of
            # this batch was written; one by one, that response will be found as known.
            await self._write_one_by_one(batch)
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as refused:
            log("batch_refused", reason=type(refused).__name__, rows=len(batch))
            await self._write_one_by_one(batch)
        except asyncpg.DeadlockDetectedError:
            await self._write_one_by_one(batch)
        except Exception as broken:
            self._lose_connection(broken, batch)
        metrics.commit_seconds.observe(perf_counter() - started)
        metrics.batch_rows.observe(len(batch))
        if len(batch) >= _MANY_AT_ONCE:
            self._busy_until = monotonic() + _BUSY_SECONDS

    async def _write_one_by_one(self, batch: Sequence[Queued]) -> None:
        for waiting in batch:
            try:
                await self._write_at_once([waiting])
            except (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError):
                self._fail(waiting, WriterUnavailable("try-again", retry_after_seconds=1))
            except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as refused:
                log("response_refused", reason=type(refused).__name__)
                self._fail(waiting, ResponseUnstorable(type(refused).__name__))
            except Exception as broken:
                self._lose_connection(broken, batch)
                return

    async def _write_at_once(self, batch: Sequence[Queued]) -> None:
        """Store all in one statement; set the outcomes only once nothing can fail any more."""
        db = self._connection.db
        if db is None:
            raise ConnectionError
        known: dict[tuple[str, UUID], KnownResponse] = {}
        async with acknowledged(db) as wait_for_replicas:
            not_stored = await store_responses(db, [waiting.response for waiting in batch])
            if not_stored:
                # Another worker may have stored this same response after our statement looked for
                # it, and spent its permission.
                spent = [
                    key for key, known_response in not_stored.items() if known_response is None
                ]
                known = {
                    key: known_response
                    for key, known_response in not_stored.items()
                    if known_response is not None
                }
                if spent:
                    known.update(await find_responses(db, spent))
                await wait_for_replicas()
        self._connection.committed()
        for waiting in batch:
            key = (waiting.response.municipality, waiting.response.id)
            if key in known:
                self._fail(waiting, ResponseKnown(known[key]))
            elif key in not_stored:
                self._fail(waiting, TokenSpent())
            elif not waiting.done.done():
                waiting.done.set_result(None)

    @staticmethod
    def _fail(waiting: Queued, failure: Exception) -> None:
        if not waiting.done.done():
            waiting.done.set_exception(failure)

    def _lose_connection(self, broken: Exception, batch: Sequence[Queued]) -> None:
        """Give up the connection. Whether the batch is stored is not known; a retry tells it."""
        self._connection.lose(broken, len(batch) + len(self._queue))
        for waiting in (*batch, *self._queue):
            self._fail(waiting, WriterUnavailable(self._connection.why))
        self._queue.clear()
