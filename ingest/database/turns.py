"""Let only one session at a time change tables, from the very first migration on.

A row names the session whose turn it is, for as long as that session lives. An advisory lock would
do the same, but any reader could hold it. A session that was killed loses its turn.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import TypeVar

import asyncpg

Result = TypeVar("Result")

_POLL_SECONDS = 0.1
# While a change waits for a reader of the table, all later statements wait too, even storing.
_LOCK_SECONDS = 1.5
# After a failed try, the statements that waited behind it run first.
_PAUSE_SECONDS = 1.0
# Longer than the minute that a reader's query may take.
PATIENCE_SECONDS = 75.0

IN_THE_WAY = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError)
"""What a change meets when others need what it locks, or each waits for the other."""

# When two sessions make the table at once, Postgres refuses one of them in one of these ways.
_MADE_MEANWHILE = (asyncpg.UniqueViolationError, asyncpg.DuplicateTableError)


class MigrationLocked(Exception):
    """Another session changes tables, and did not end in time."""


class Turn:
    """The right to change tables, which lasts until the block of `alone` ends."""

    def __init__(self, owner: asyncpg.Connection, patience_seconds: float) -> None:
        self._owner = owner
        self._patience_seconds = patience_seconds

    async def in_transaction(self, change: Callable[[], Awaitable[Result]]) -> Result:
        """Do `change` in a transaction; try again while another session holds a lock it needs.

        Raises one of `IN_THE_WAY` when that lasts longer than the patience; then nothing is
        changed.
        """
        until = monotonic() + self._patience_seconds
        while True:
            try:
                async with self._owner.transaction():
                    return await change()
            except IN_THE_WAY:
                if monotonic() >= until:
                    raise
            await asyncio.sleep(min(_PAUSE_SECONDS, self._patience_seconds))


@asynccontextmanager
async def alone(
    owner: asyncpg.Connection, patience_seconds: float = PATIENCE_SECONDS
) -> AsyncIterator[Turn]:
    """Hold the turn for the block, in which tables, mirror and schemas may be changed.

    Raises `MigrationLocked` when another session does so for longer than `patience_seconds`. No
    statement waits longer than a second and a half for a lock.
    """
    await owner.execute(f"set lock_timeout = {round(min(patience_seconds, _LOCK_SECONDS) * 1000)}")
    until = monotonic() + patience_seconds
    while not await _take(owner):
        if monotonic() >= until:
            raise MigrationLocked(
                f"Another 'meetpunt migrate' is at work, for over {patience_seconds:g} seconds:"
                " wait for it, or end it."
            )
        await asyncio.sleep(_POLL_SECONDS)
    try:
        yield Turn(owner, patience_seconds)
    finally:
        await owner.execute(_GIVE_BACK)


async def _take(owner: asyncpg.Connection) -> bool:
    try:
        await owner.execute(_MAKE)
    except _MADE_MEANWHILE:
        return False
    try:
        async with owner.transaction():
            # Locked before reading whose turn it is, so that nobody else takes it in between.
            await owner.execute(_LOCK)
            return bool(await owner.fetchval(_TAKE))
    except asyncpg.LockNotAvailableError:
        return False


_MAKE = """/* migration_turn_table */
    create table if not exists public.meetpunt_migrating (
        only_row boolean primary key default true check (only_row),
        pid integer not null,
        session_began timestamptz not null
    )"""

_LOCK = "/* migration_turn_lock */ lock table public.meetpunt_migrating in exclusive mode"

# The start of another role's session may be hidden from us; then its process id alone decides.
_TAKE = """/* migration_turn */
    insert into public.meetpunt_migrating (pid, session_began)
    select pid, backend_start from pg_stat_activity where pid = pg_backend_pid()
    on conflict (only_row) do update
    set pid = excluded.pid, session_began = excluded.session_began
    where not exists (
        select from pg_stat_activity as holder
        where holder.pid = meetpunt_migrating.pid
            and coalesce(holder.backend_start = meetpunt_migrating.session_began, true)
            and holder.pid <> pg_backend_pid()
    )
    returning true"""

_GIVE_BACK = """/* migration_turn_over */
    delete from public.meetpunt_migrating where pid = pg_backend_pid()"""
