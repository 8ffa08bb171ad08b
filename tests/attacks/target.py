"""What is attacked: a database with rows of several municipalities, and a reader of one of them.

An attack is told how to connect, as whom, and which code and schema are its own. What must not be
found stands in `Secrets`: an attack compares its guesses with them at the end, to be counted, and
never uses them to find something.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date
from typing import Any

import asyncpg
import msgspec

PASSWORD = "a reader's password"


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of another municipality that is too small to be shown."""

    municipality: str
    month: date
    channel: str
    touchpoint: int
    indicator: str
    n: int
    total: int


class Secrets(msgspec.Struct, frozen=True, kw_only=True):
    """What no reader of the own municipality may come to know."""

    texts: frozenset[str]
    """Open answers of others, as stored; of everybody why a signal came to nothing, and mails."""

    ids: frozenset[str]
    """Ids of others' responses, in whatever table, as text; of everybody those of signals and of
    who wants to be called."""

    counts: Mapping[str, int]
    """How many responses another municipality has, by its code."""

    cells: tuple[Cell, ...]
    days: Mapping[str, date]
    """The exact day of an own row that is shown without it: by its text, or by its id as text."""

    links: Mapping[str, str]
    """Which own response an own text belongs to: its id as text, by the text."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """One shape in one database of one version of Postgres."""

    label: str
    server: Any
    database: str
    own: str
    """Code of the municipality whose reader attacks."""

    schemas: frozenset[str]
    """Schemas that the reader is meant to see; whatever opens elsewhere was found."""

    functions: frozenset[str]
    """Functions that the reader is meant to call, as schema.name."""

    reader: str
    """A login that may read figures and rows, and no open answers."""

    reader_of_texts: str
    """The same, with the own municipality's open answers."""

    secrets: Secrets
    storing: Callable[[asyncpg.Connection, int], Awaitable[None]]
    """What another municipality's residents do, by a connection that may: so many responses."""

    writer: str
    """The login that stores."""

    @asynccontextmanager
    async def attacker(self, *, texts: bool = False) -> AsyncIterator[asyncpg.Connection]:
        """A session of the reader, and nothing more than that."""
        role = self.reader_of_texts if texts else self.reader
        db = await asyncpg.connect(
            self.server.url("postgres", self.database), user=role, password=PASSWORD
        )
        try:
            yield db
        finally:
            await db.close()

    def superuser(self) -> AbstractAsyncContextManager[asyncpg.Connection]:
        """For what is no part of an attack: waiting until Postgres has counted."""
        return self._as("postgres")

    def writing(self) -> AbstractAsyncContextManager[asyncpg.Connection]:
        """Where residents are stored, for who says when: pass it to `storing`."""
        return self._as(self.writer)

    def publishing(self) -> AbstractAsyncContextManager[asyncpg.Connection]:
        """As the tasks of the service."""
        return self._as("meetpunt_folder")

    @asynccontextmanager
    async def others_in_a_transaction(self) -> AsyncIterator[None]:
        """While this lasts another municipality's response is being stored."""
        async with self._as(self.writer) as db:
            transaction = db.transaction()
            await transaction.start()
            try:
                await self.storing(db, 1)
                yield
            finally:
                await transaction.rollback()

    async def others_store(self, count: int) -> None:
        """Others' responses come in, and Postgres has counted them when this returns."""
        async with self.superuser() as superuser:
            before = await superuser.fetchval(_INSERTED)
            async with self._as(self.writer) as db:
                await self.storing(db, count)
            # Sessions report what they counted when they end; no attack needs to wait for that.
            while await superuser.fetchval(_INSERTED) < before + count:
                pass

    @asynccontextmanager
    async def _as(self, role: str) -> AsyncIterator[asyncpg.Connection]:
        db = await asyncpg.connect(self.server.url(role, self.database))
        try:
            yield db
        finally:
            await db.close()


_INSERTED = "select coalesce(sum(n_tup_ins), 0)::bigint from pg_stat_user_tables"
