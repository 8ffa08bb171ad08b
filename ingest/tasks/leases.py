"""Which worker does a task: it has the lease, a row that each of its transactions locks.

Readers have no right on these rows, so they cannot block a task. An advisory lock would not do: any
reader could hold it. All times are the database's.

A worker that was killed or stopped (SIGSTOP, a machine that froze) loses its tasks `LEASE_SECONDS`
after its last sign of life. Then its lease has run out, and the server ends a transaction that it
left open (`prepare_session`). Another worker looks every `ingest.tasks.upkeep.LOOK_SECONDS`, so it
takes over within 20 seconds. A statement that a killed worker left running is ended by the server
within `_CHECK_SECONDS`.

There is one exception. No limit of Postgres ends the session of a worker that was stopped while a
large answer was on its way over a Unix socket, or while a statement was being prepared behind the
lock of a migration. A worker that wants the task ends that session, after `LONGEST_SECONDS`.
"""

import asyncio
import contextlib
import os
from collections.abc import Coroutine
from datetime import timedelta
from socket import gethostname
from typing import Any, TypeVar
from uuid import UUID

import asyncpg

from ingest.tasks.names import LEASE_SECONDS, TaskName

Done = TypeVar("Done")

LONGEST_SECONDS = 600.0
"""No statement of a task takes longer, and no transaction that somebody else waits for."""

# A statement goes on after whoever asked for it died; the server looks this often.
_CHECK_SECONDS = LEASE_SECONDS / 3
_LEASE = timedelta(seconds=LEASE_SECONDS)
_MOST_CHARACTERS = 100


class LeaseLost(Exception):
    """Another worker has the task now: what this transaction did must be rolled back."""


class TaskUnknown(Exception):
    """The database has no row for the task: 'meetpunt migrate' makes it."""


async def prepare_session(db: asyncpg.Connection) -> None:
    """Let the server end this session when its worker stops or dies during its work."""
    milliseconds = str(round(LEASE_SECONDS * 1000))
    await db.execute(_LIMITS, milliseconds)
    # Where the system cannot tell that a connection was closed, Postgres refuses to look.
    with contextlib.suppress(asyncpg.InvalidParameterValueError):
        await db.execute(_CHECK, str(round(_CHECK_SECONDS * 1000)))


async def free(db: asyncpg.Connection, holder: UUID) -> set[str]:
    """Names of the tasks that `holder` could take: free, its own, or with a lease that ran out."""
    return {row["name"] for row in await db.fetch(_FREE, holder, _LEASE)}


async def take(
    db: asyncpg.Connection, name: TaskName, holder: UUID, *, files: str | None = None
) -> bool:
    """Take the task, unless another has it or works under its row. Ends a session that is stuck.

    `files` is the checksum of those that the holder goes by, for whoever looks.
    """
    place = None if files is None else f"process {os.getpid()} on {gethostname()}"
    told = (files, place and place[:_MOST_CHARACTERS])
    if await db.fetchval(_TAKE, holder, _LEASE, name, *told):
        return True
    # That session may have ended meanwhile, or belong to another role.
    with contextlib.suppress(asyncpg.PostgresError):
        await db.execute(_END_STUCK, name, timedelta(seconds=LONGEST_SECONDS))
    return False


async def hold(
    db: asyncpg.Connection, name: TaskName, *, holder: UUID | None = None, wait: bool = True
) -> bool:
    """Lock the task's row until the end of this transaction.

    False when another session has it and this one should not `wait`. With a `holder` its lease is
    prolonged; None: somebody runs the task by hand. Raises `LeaseLost` and `TaskUnknown`.
    """
    row = await db.fetchrow(_HOLD if wait else _HOLD_UNLESS_HELD, name)
    if row is None:
        if wait:
            raise TaskUnknown(f"no row for the task {name}: run 'meetpunt migrate'")
        return False
    if holder is not None:
        if row["holder"] != holder:
            raise LeaseLost(name)
        await db.execute(_PROLONG, name, holder, _LEASE)
    return True


async def prolong(db: asyncpg.Connection, name: TaskName, holder: UUID) -> None:
    """Keep the task for another while, outside a transaction. Raises `LeaseLost`."""
    if not await db.fetchval(_PROLONG, name, holder, _LEASE):
        raise LeaseLost(name)


async def while_prolonged(
    db: asyncpg.Connection, name: TaskName, holder: UUID, doing: Coroutine[Any, Any, Done]
) -> Done:
    """What `doing` gives, which may take long and does not use `db`; the task is kept meanwhile.

    Raises `LeaseLost`, and what `doing` raises.
    """
    task = asyncio.ensure_future(doing)
    try:
        while not (await asyncio.wait({task}, timeout=_CHECK_SECONDS))[0]:
            await prolong(db, name, holder)
        return task.result()
    finally:
        task.cancel()


async def note_ran(db: asyncpg.Connection, name: TaskName, holder: UUID) -> bool:
    """Write down that it ran now, and prolong; returns whether it had failed since it last ran.

    Raises `LeaseLost`.
    """
    failed_before: bool | None = await db.fetchval(_RAN, name, holder, _LEASE)
    if failed_before is None:
        raise LeaseLost(name)
    return failed_before


async def note_failed(db: asyncpg.Connection, name: TaskName, holder: UUID, reason: str) -> None:
    """Write down that it failed now. `reason` is the name of a class, never what was in it."""
    await db.execute(_FAILED, name, holder, reason[:_MOST_CHARACTERS])


async def give_back(db: asyncpg.Connection, name: TaskName, holder: UUID) -> None:
    """Let another worker take the task at once. Nothing happens when it is not ours any more."""
    await db.execute(_GIVE_BACK, name, holder)


# Set by a statement, which works through a pooler too. A system without TCP_USER_TIMEOUT ignores
# the second one.
_LIMITS = """/* task_limits */
    select set_config('idle_in_transaction_session_timeout', $1, false),
        set_config('tcp_user_timeout', $1, false)"""

_CHECK = """/* task_check */
    select set_config('client_connection_check_interval', $1, false)"""

# A lease that ends too far in the future was given before the clock was set back.
_RUN_OUT = "(held_until <= clock_timestamp() or held_until > clock_timestamp() + $2)"

_FREE = f"""/* free_tasks */
    select name from meetpunt.task where holder is null or holder = $1 or {_RUN_OUT}
"""  # noqa: S608  # our own

_TAKE = f"""/* take_task */
    with free as (
        select name from meetpunt.task
        where name = $3 and (holder is null or holder = $1 or {_RUN_OUT})
        for update skip locked
    )
    update meetpunt.task
    set holder = $1, held_until = clock_timestamp() + $2, pid = pg_backend_pid(),
        told_by = case when $4::text is not null then $1 end, files = $4, place = $5
    from free
    where task.name = free.name
    returning true
"""  # noqa: S608  # our own

# Used only after the lease could not be taken. If it ran out long ago, a stuck session must hold
# its row. Postgres refuses to end a session of another role.
_END_STUCK = """/* end_stuck_task */
    select pg_terminate_backend(pid) from meetpunt.task
    where name = $1 and held_until < clock_timestamp() - $2::interval"""

_HOLD = """/* hold_task */
    select holder from meetpunt.task where name = $1 for update"""

_HOLD_UNLESS_HELD = """/* hold_task_unless_held */
    select holder from meetpunt.task where name = $1 for update skip locked"""

_PROLONG = """/* prolong_task */
    update meetpunt.task set held_until = clock_timestamp() + $3
    where name = $1 and holder = $2
    returning true"""

_RAN = """/* task_ran */
    with before as (
        select coalesce(last_failed > coalesce(last_ran, '-infinity'), false) as failed
        from meetpunt.task where name = $1
    )
    update meetpunt.task set last_ran = clock_timestamp(), held_until = clock_timestamp() + $3
    from before
    where name = $1 and holder = $2
    returning before.failed"""

_FAILED = """/* task_failed */
    update meetpunt.task set last_failed = clock_timestamp(), reason = $3
    where name = $1 and holder = $2"""

_GIVE_BACK = """/* give_task_back */
    update meetpunt.task set holder = null, held_until = null, pid = null
    where name = $1 and holder = $2"""
