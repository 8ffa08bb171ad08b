"""Sees in every worker whether the outbox is late, also where this one sends nothing itself."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from time import monotonic

import asyncpg

from ingest.invitations.outbox_status import TASK, OutboxStatus, read_outbox
from ingest.running import metrics
from ingest.running.logs import log

_LOOK_SECONDS = 10.0
_TELL_SECONDS = 3600.0


class OutboxWatch:
    """Reads how the outbox is, every ten seconds. `start` on the event loop, then `close`.

    `database` gives a connection for a moment; what it raises is waited out.
    """

    def __init__(
        self,
        database: Callable[[], AbstractAsyncContextManager[asyncpg.Connection]],
        *,
        look_seconds: float = _LOOK_SECONDS,
        sends: bool = True,
    ) -> None:
        """Without `sends` it is never late: nothing is to go out."""
        self._database = database
        self._sends = sends
        self._look_seconds = look_seconds
        self._read: OutboxStatus | None = None
        self._read_at = monotonic()
        self._told_at: float | None = None
        self._looking: asyncio.Task[None] | None = None

    async def start(self, *, tells: bool) -> None:
        """Begin; returns at once. `tells`: whether this worker is the one that writes it down."""
        self._looking = asyncio.create_task(self._keep_looking(tells), name="watch outbox")

    async def close(self) -> None:
        """Stop looking."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
            self._looking = None

    def why_late(self) -> str | None:
        """Why somebody should look, by what was last read."""
        if self._read is None or not self._sends:
            return None
        return self._read.why_late(elapsed_seconds=monotonic() - self._read_at)

    async def look(self) -> None:
        """Read once."""
        async with self._database() as db:
            self._read = await read_outbox(db)
            self._read_at = monotonic()

    async def _keep_looking(self, tells: bool) -> None:
        while True:
            try:
                await self.look()
            except Exception as failure:
                # Whoever stores says that the database is away; and this must not end.
                log("outbox_unread", level="debug", reason=type(failure).__name__)
            self.tell(in_log=tells)
            await asyncio.sleep(self._look_seconds)

    def tell(self, *, in_log: bool) -> None:
        """Let metrics say how it is, and the log where it is late, or not any more."""
        if self._read is not None:
            for state in ("waiting", "due", "sending"):
                metrics.outbox_rows.labels(state=state).set(getattr(self._read, state))
            metrics.outbox_due_seconds.set(self._read.due_seconds)
            metrics.task_late.labels(task=TASK).set(self.why_late() is not None)
        if in_log:
            self._log()

    def _log(self) -> None:
        """One line an hour while it is late, and one when it is not any more."""
        now, late = monotonic(), self.why_late()
        if late is None:
            if self._told_at is not None:
                self._told_at = None
                log("task_runs_again", kind=TASK)
        elif self._told_at is None or now - self._told_at >= _TELL_SECONDS:
            self._told_at = now
            log("task_late", level="warning", kind=TASK, reason=late)
