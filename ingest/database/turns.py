"""One at a time changes tables, from the very first migration on, and no reader can be that one.

A row names the session whose turn it is, and it is that session's for as long as it lives: an
advisory lock does as much, and any reader can hold it. Nothing is left behind by who was killed.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import TypeVar

import asyncpg

Result = TypeVar("Result")

_POLL_SECONDS = 0.1
# While a change waits for who reads a table, all that comes after it waits as well, storing too.
_LOCK_SECONDS = 1.5
# Then what piled up behind it goes first.
_PAUSE_SECONDS = 1.0
# A reader's question may take a minute.
PATIENCE_SECONDS = 75.0

# Two that make the first table at once: one of them is refused, in one of these ways.
_MADE_MEANWHILE = (asyncpg.UniqueViolationError, asyncpg.DuplicateTableError)


class MigrationLocked(Exception):
    """Another session changes tables, and did not end in time."""


class Turn:
    """Who has it changes what it likes, in `in_transaction`, within the patience that is left."""

    def __init__(self, owner: asyncpg.Connection, patience_seconds: float) -> None:
        self._owner = owner
        self._patience_seconds = patience_seconds

    async def in_transaction(self, change: Callable[[], Awaitable[Result]]) -> Result:
        """Do `change` in a transaction; again and again while somebody holds what it needs.

        Raises `LockNotAvailableError` when that lasts: nothing of it is done then.
        """
        until = monotonic() + self._patience_seconds
        while True:
            try:
                async with self._owner.transaction():
                    return await change()
            except asyncpg.LockNotAvailableError:
                if monotonic() >= until:
                    raise
            await asyncio.sleep(min(_PAUSE_SECONDS, self._patience_seconds))


@asynccontextmanager
async def alone(
    owner: asyncpg.Connection, patience_seconds: float = PATIENCE_SECONDS
) -> AsyncIterator[Turn]:
    """Change tables, mirror files and make schemas while nobody else does.

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
            # Before we look who is there: nobody else looks and writes meanwhile.
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

# When a session of another role began is hidden from us: then its number alone has to do.
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
