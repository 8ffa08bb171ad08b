"""Group commit: while one transaction is on its way, what arrives queues up for the next.

No timer, no wait when idle, nothing acknowledged before its commit. One flusher a worker, on one
connection of its own: a second one was measured to gain nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from time import perf_counter

import asyncpg

from ingest.read_models import KnownResponse, find_responses
from ingest.running import metrics
from ingest.running.logs import log
from ingest.store import NewResponse, store_responses, wait_for_replicas
from ingest.waiting import Waiting, WaitingLine

# Warning of a commit that did not wait for its standby, because the wait was cancelled: the row is
# visible, and may be gone after a failover.
_NOT_REPLICATED = "01000"

type_of_connect = Callable[[], Awaitable[asyncpg.Connection]]
type_of_database = Callable[[], AbstractAsyncContextManager[asyncpg.Connection]]
"""Lends a connection for a moment, or raises `WriterUnavailable`."""


class WriterUnavailable(Exception):
    """The database is away, or more responses wait than it will take soon. Nothing was promised.

    `retry_after_seconds` says when to try again, with the same response id.
    """

    def __init__(self, reason: str, retry_after_seconds: int = 2) -> None:
        self.reason = reason
        self.retry_after_seconds = retry_after_seconds
        super().__init__(reason)


class TokenSpent(Exception):
    """The permission was used for another response."""


class ResponseKnown(Exception):
    """A response under this id is stored already; if it is the same is for the caller to say."""

    def __init__(self, known: KnownResponse) -> None:
        self.known = known
        super().__init__("a response under this id is stored already")


class ResponseUnstorable(Exception):
    """The database refuses this one response; a gap in our own checks."""


class Writer:
    """Stores responses in batches, each batch one statement and one commit.

    `connect` opens a connection as `meetpunt_ingest`. `largest_batch` of 1 gives a transaction a
    response, for comparison. `queue_rows` bounds what waits; beyond it `store` refuses at once.
    """

    def __init__(
        self,
        connect: type_of_connect,
        *,
        largest_batch: int = 256,
        queue_rows: int = 2000,
        statement_timeout_seconds: float = 5.0,
        reconnect_seconds: float = 0.25,
    ) -> None:
        self._connect = connect
        self._largest_batch = largest_batch
        self._queue_rows = queue_rows
        self._timeout = statement_timeout_seconds
        self._reconnect_seconds = reconnect_seconds
        self._queue = WaitingLine()
        self._connection: asyncpg.Connection | None = None
        self._flusher: asyncio.Task[None] | None = None
        self._reconnecting: asyncio.Task[None] | None = None
        self._not_replicated = False
        self._closed = False

    @property
    def connected(self) -> bool:
        """Whether the writer has a database to write to."""
        return self._connection is not None and not self._connection.is_closed()

    async def start(self) -> None:
        """Connect; when the database is away, keep trying in the background."""
        try:
            await self._open()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as away:
            log("database_away", reason=type(away).__name__)
            self._reconnect()

    async def close(self) -> None:
        """Finish what waits, then close the connection."""
        self._closed = True
        if self._reconnecting is not None:
            self._reconnecting.cancel()
        if self._flusher is not None:
            await self._flusher
        if self._connection is not None:
            await self._connection.close(timeout=self._timeout)

    def store(self, response: NewResponse) -> asyncio.Future[None]:
        """Queue one response; the future is done when it is committed.

        The future raises `ResponseKnown`, `TokenSpent`, `ResponseUnstorable` or
        `WriterUnavailable`. Raises `WriterUnavailable` at once when nothing more can wait.
        """
        if not self.connected:
            self._reconnect()
            metrics.shed.inc()
            raise WriterUnavailable("database-away")
        if len(self._queue) >= self._queue_rows:
            metrics.shed.inc()
            raise WriterUnavailable("queue-full", retry_after_seconds=1)
        waiting = Waiting(response, asyncio.get_running_loop().create_future())
        if self._queue.is_crowded(waiting):
            metrics.shed.inc()
            raise WriterUnavailable("permission-crowded", retry_after_seconds=1)
        self._queue.join(waiting)
        if self._flusher is None:
            self._flusher = asyncio.create_task(self._flush())
        return waiting.done

    async def _flush(self) -> None:
        try:
            while self._queue:
                await self._write(self._queue.next_batch(self._largest_batch))
        finally:
            # No await between "the queue is empty" and here: a response that queued up in between
            # would never be written.
            self._flusher = None

    async def _write(self, batch: list[Waiting]) -> None:
        started = perf_counter()
        try:
            await self._write_at_once(batch)
        except asyncpg.UniqueViolationError:
            # Another worker stored one of these ids between our look and our insert. Nothing of
            # this batch was written; one by one, that row finds itself known.
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

    async def _write_one_by_one(self, batch: Sequence[Waiting]) -> None:
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

    async def _write_at_once(self, batch: Sequence[Waiting]) -> None:
        """One statement for all. Outcomes are told only when nothing can fail any more."""
        db = self._connection
        if db is None:
            raise ConnectionError
        self._not_replicated = False
        left = await store_responses(db, [waiting.response for waiting in batch])
        if not left:
            self._require_replicated()
            for waiting in batch:
                if not waiting.done.done():
                    waiting.done.set_result(None)
            return
        # Spent between our look and our delete: perhaps by this very response, by another worker.
        spent = [key for key, known_as in left.items() if known_as is None]
        known = {key: known_as for key, known_as in left.items() if known_as is not None}
        if spent:
            known.update(await find_responses(db, spent))
        if known:
            await wait_for_replicas(db)
        self._require_replicated()
        for waiting in batch:
            key = (waiting.response.municipality, waiting.response.id)
            if key in known:
                self._fail(waiting, ResponseKnown(known[key]))
            elif key in left:
                self._fail(waiting, TokenSpent())
            elif not waiting.done.done():
                waiting.done.set_result(None)

    def _require_replicated(self) -> None:
        if self._not_replicated:
            metrics.syncrep_cancelled.inc()
            raise ConnectionError("a commit did not wait for its standby")

    @staticmethod
    def _fail(waiting: Waiting, why: Exception) -> None:
        if not waiting.done.done():
            waiting.done.set_exception(why)

    def _lose_connection(self, broken: Exception, batch: Sequence[Waiting]) -> None:
        """The outcome of this batch is not known: a retry with the same ids will tell it."""
        if self._connection is not None:  # else it was noticed, and told, before
            log(
                "database_lost",
                level="warning",
                reason=type(broken).__name__,
                rows=len(batch) + len(self._queue),
            )
        for waiting in (*batch, *self._queue):
            self._fail(waiting, WriterUnavailable("database-away"))
        self._queue.clear()
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
        self._reconnect()

    def _reconnect(self) -> None:
        if self._closed or (self._reconnecting is not None and not self._reconnecting.done()):
            return
        self._reconnecting = asyncio.create_task(self._keep_connecting())

    async def _keep_connecting(self) -> None:
        wait = self._reconnect_seconds
        while True:
            try:
                await self._open()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                await asyncio.sleep(wait)
                wait = min(wait * 2, 2.0)
            else:
                metrics.database_reconnects.inc()
                log("database_back")
                return

    async def _open(self) -> None:
        connection = await self._connect()
        connection.add_log_listener(self._hear)
        connection.add_termination_listener(self._notice_the_end)
        # The service role's statements are few and always by key. A generic plan saves planning
        # each batch; without sequential scans no statistics of a young table lead it astray.
        await connection.execute(
            "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set jit = off"
        )
        self._connection = connection

    def _notice_the_end(self, connection: object) -> None:
        """Also when nothing is being written: /readyz keeps responses away until we are back."""
        if connection is self._connection and not self._closed:
            log(
                "database_lost",
                level="warning",
                reason="connection-closed",
                rows=len(self._queue),
            )
            self._connection = None
            self._reconnect()

    def _hear(self, _connection: object, message: asyncpg.PostgresLogMessage) -> None:
        if getattr(message, "sqlstate", None) == _NOT_REPLICATED:
            self._not_replicated = True
