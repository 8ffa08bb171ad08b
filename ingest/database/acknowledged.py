"""Confirm a write only once it is on the synchronous standby, so that no failover can undo it.

Postgres can report success of a row that the standby does not have, in two ways. A commit whose
wait was cancelled succeeds with a warning. And whoever then finds that row writes nothing, so there
is nothing to wait for. A write of a new row costs no extra statement.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg

from ingest.running import metrics

# The code of the warning that the wait for the standby was cancelled: the row is visible, and may
# be gone after a failover.
_NOT_REPLICATED = "01000"

MARK = "select pg_logical_emit_message(true, 'meetpunt', '')"
"""The smallest thing to commit: a mark in the log, in no table. Every role may write it."""

HEAR_WARNINGS = "set client_min_messages = warning"
"""Needed on each connection used here: a role's own setting could hide the warning."""


class NotReplicated(ConnectionError):
    """A commit did not wait for its standby. Trying the same again waits for it."""


@asynccontextmanager
async def acknowledged(
    db: asyncpg.Connection,
) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Wrap statements or a transaction; after the block, their result may be confirmed.

    Yields `wait_for_replicas`. Await it before confirming something that another commit stored:
    known, spent, enrolled. It waits until that commit is on the standby too; within a transaction
    that happens when this commits.
    Raises `NotReplicated` when a commit of the block did not wait.
    """
    missed = False

    def hear(_connection: object, message: asyncpg.PostgresLogMessage) -> None:
        nonlocal missed
        missed = missed or getattr(message, "sqlstate", None) == _NOT_REPLICATED

    async def wait_for_replicas() -> None:
        await db.execute(f"/* wait_for_replicas */ {MARK}")

    db.add_log_listener(hear)
    try:
        yield wait_for_replicas
    except Exception:
        # The refusal may be the result of that commit, so it cannot be confirmed either.
        if not missed:
            raise
    finally:
        db.remove_log_listener(hear)
    if missed:
        metrics.syncrep_cancelled.inc()
        raise NotReplicated("a commit did not wait for its standby")
