"""Around every write that somebody is told of: nothing is told that a failover may take back.

With a synchronous standby there are two ways in which Postgres says "done" of what that standby
lacks: a commit whose wait was cancelled succeeds with a warning, and whoever then finds the row
there writes nothing, and so waits for nothing. What is new costs no statement more than before.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg

from ingest.running import metrics

# Warning of a commit that did not wait for its standby, because the wait was cancelled: the row is
# visible, and may be gone after a failover.
_NOT_REPLICATED = "01000"

MARK = "select pg_logical_emit_message(true, 'meetpunt', '')"
"""The smallest thing to commit: a mark in the log, in no table. Anybody may write it."""

HEAR_WARNINGS = "set client_min_messages = warning"
"""For each connection that acknowledges: a role may have chosen to hear errors alone."""


class NotReplicated(ConnectionError):
    """A commit did not wait for its standby; the same again will, and will be told of then."""


@asynccontextmanager
async def acknowledged(
    db: asyncpg.Connection,
) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """For around statements or a transaction: who comes out at the end may tell of it.

    Yields `already`, to be awaited outside a transaction before telling that something was there
    already: known, spent, enrolled. What earlier commits wait for is waited for then. Raises
    `NotReplicated`, in place of what was to be told, when a commit did not wait.
    """
    missed = False

    def hear(_connection: object, message: asyncpg.PostgresLogMessage) -> None:
        nonlocal missed
        missed = missed or getattr(message, "sqlstate", None) == _NOT_REPLICATED

    async def already() -> None:
        await db.execute(f"/* wait_for_replicas */ {MARK}")

    db.add_log_listener(hear)
    try:
        yield already
    except Exception:
        # A refusal may rest on that commit as well.
        if not missed:
            raise
    finally:
        db.remove_log_listener(hear)
    if missed:
        metrics.syncrep_cancelled.inc()
        raise NotReplicated("a commit did not wait for its standby")
