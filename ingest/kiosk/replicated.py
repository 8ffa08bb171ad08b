"""A commit that did not wait for its standby is none that may be told of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from ingest.running import metrics
from ingest.writer import WriterUnavailable

# Warning of a commit whose wait was cancelled: the rows are visible, and may be gone after a
# failover.
_NOT_REPLICATED = "01000"


@asynccontextmanager
async def replicated(db: asyncpg.Connection) -> AsyncIterator[None]:
    """For around a transaction: raises `WriterUnavailable` when its commit did not wait.

    The same items come again then, and are known once a standby has them.
    """
    missed = False

    def hear(_connection: object, message: asyncpg.PostgresLogMessage) -> None:
        nonlocal missed
        missed = missed or getattr(message, "sqlstate", None) == _NOT_REPLICATED

    db.add_log_listener(hear)
    try:
        yield
    finally:
        db.remove_log_listener(hear)
    if missed:
        metrics.syncrep_cancelled.inc()
        raise WriterUnavailable("not-replicated")
