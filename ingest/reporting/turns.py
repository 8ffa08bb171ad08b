"""Let one process at a time publish, while nobody counts figures again."""

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from uuid import UUID

import asyncpg

from ingest.running.logs import log
from ingest.tasks.leases import hold
from ingest.tasks.names import TaskName

# These tables fill by day and empty by night, so Postgres' statistics of them are often wrong. With
# these settings it always looks rows up by an index, and finds equal rows by hash.
_PLANNED = "/* planned */ set local enable_seqscan = off; set local enable_sort = off"

# Errors of one row, and not of the connection.
_ODD = (
    *(asyncpg.DataError, asyncpg.IntegrityConstraintViolationError),
    *(LookupError, TypeError, ValueError),
)


async def take_turn(db: asyncpg.Connection, *, wait: bool, holder: UUID | None = None) -> bool:
    """Lock the task's row until the end of the transaction; False when another session has it.

    `holder` has the task's lease; None: somebody runs it by hand. Until the end of the transaction
    every statement is planned for its own municipalities, because a plan for any municipality
    would lock the partitions of all. Raises `LeaseLost`.
    """
    if not await hold(db, TaskName.PUBLISH, holder=holder, wait=wait):
        return False
    await db.execute(
        "/* planned_apart */ set local plan_cache_mode = force_custom_plan; set local jit = off"
    )
    return True


async def in_one_transaction(
    db: asyncpg.Connection,
    codes: Sequence[str],
    work: Callable[[Sequence[str]], Awaitable[None]],
    failed: MutableMapping[str, str],
    take: Callable[[], Awaitable[bool]],
) -> bool:
    """Do `work` for these municipalities in one transaction; False when it is another's turn.

    A row that cannot be published must not stop other municipalities. Then each one gets its own
    transaction, and that with the bad row is added to `failed`, with what kind of error it was; an
    operator finds it in the log.
    """
    try:
        async with db.transaction():
            if not await take():
                return False
            await db.execute(_PLANNED)
            await work(codes)
    except _ODD as odd:
        if len(codes) == 1:
            log("publish_failed", level="error", municipality=codes[0], exception=odd)
            failed[codes[0]] = _kind_of(odd)
            return True
        for code in codes:
            if not await in_one_transaction(db, [code], work, failed, take):
                return False
    return True


def _kind_of(error: Exception) -> str:
    """What kind of error it was, for an operator: never its message, which may hold the value."""
    kind = type(error).__name__
    if not isinstance(error, asyncpg.PostgresError):
        return kind
    constraint = getattr(error, "constraint_name", None)
    return f"{kind}, {constraint or error.sqlstate}"
