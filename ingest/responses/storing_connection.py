"""The connection over which responses are stored: tested with a commit, and replaced when lost."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import asyncpg

from ingest.database.acknowledged import HEAR_WARNINGS, MARK, acknowledged
from ingest.running import metrics
from ingest.running.logs import log

type_of_connect = Callable[[], Awaitable[asyncpg.Connection]]

# The reason in /readyz, by the name of an exception; every other one counts as `_AWAY`.
_WHY: dict[str, str] = {
    "DiskFullError": "disk-full",
    "ReadOnlySQLTransactionError": "read-only",
    "NotReplicated": "not-replicated",
    "InvalidPasswordError": "role-refused",
    "InvalidAuthorizationSpecificationError": "role-refused",
    "InsufficientPrivilegeError": "role-refused",
    "TooManyConnectionsError": "too-many-connections",
}
_AWAY = "database-away"
_LONGEST_PAUSE_SECONDS = 1.0
# Closing also cancels what the server still does for this connection, such as wait for a standby.
_SECONDS_TO_LET_GO = 5.0

# Tests whether a full disk has room again: a mark needs only a hundred bytes, which may fit where a
# response does not. This writes 4 MB into a temporary file on the same disk, and needs no right.
_ROOM = "set local work_mem = '64kB'; select count(*) from generate_series(1, 300000)"

_MAY_STORE = f"""/* prove */
    select current_setting('transaction_read_only') as only_read,
        has_table_privilege('meetpunt.response', 'insert') as may_store
    from ({MARK}) as mark"""  # noqa: S608 (our own words)


def _reason(failure: Exception) -> str:
    """As /readyz calls it; there it is away already when its connection was only lost."""
    return _WHY.get(type(failure).__name__, "connection-lost")


class StoringConnection:
    """Opens with `connect`; is ready once something was committed over it.

    `reconnect_seconds` is the first pause after a failure. One log line tells the beginning of an
    outage, one each further reason that is found meanwhile, and one its end.
    """

    def __init__(self, connect: type_of_connect, *, reconnect_seconds: float) -> None:
        self.db: asyncpg.Connection | None = None
        self.why = _AWAY
        self._told: set[str] = set()  # reasons of this outage that the log has
        self._connect = connect
        self._reconnect_seconds = reconnect_seconds
        self._reconnecting: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()
        self._doubted = False
        self._closed = False

    @property
    def connected(self) -> bool:
        """Whether there is a connection, which may be in doubt."""
        return self.db is not None and not self.db.is_closed()

    @property
    def ready(self) -> bool:
        """Whether the last thing we tried was committed; else `why` says what is wrong."""
        return self.connected and not self._doubted

    async def start(self) -> None:
        """Connect; when the database is away, or takes nothing, keep trying in the background."""
        try:
            await self._open()
        except Exception as failure:
            self._note_reason(failure)
            self._told = {_AWAY, self.why}
            named = type(failure).__name__ if self.why == _AWAY else self.why
            log("database_away", reason=named)
            self.reconnect()

    async def close(self) -> None:
        """Close the connection, and stop making a new one."""
        self._closed = True
        if self._reconnecting is not None:
            self._reconnecting.cancel()
            await asyncio.gather(self._reconnecting, return_exceptions=True)
        if self.db is not None:
            await self.db.close(timeout=_SECONDS_TO_LET_GO)
        await asyncio.gather(*self._leaving)

    def committed(self) -> None:
        """Note that something was committed: whatever was wrong is over."""
        if self._doubted:
            self._doubted = False
            log("database_back")

    def doubt(self, failure: Exception) -> None:
        """Note that a commit over another connection failed in a way that ours would as well."""
        if self.ready:
            log("database_lost", level="warning", reason=_reason(failure), exception=failure)
        self._doubted = True
        self._note_reason(failure)

    async def prove(self) -> None:
        """Commit the smallest thing there is, and wait for the standby as always.

        Raises what Postgres raises. Also raises for a session that may only read, although Postgres
        lets it write a mark.
        """
        if self.db is not None:
            await _prove(self.db, room=self._doubted and self.why == "disk-full")
            self.committed()

    def lose(self, failure: Exception, rows: int) -> None:
        """Give up the connection; for `rows` responses it is not known whether they are stored."""
        db, self.db = self.db, None
        if db is not None:  # otherwise this was noticed and logged before
            self._note_reason(failure)
            if not self._doubted:
                reason = _reason(failure)
                log("database_lost", level="warning", reason=reason, rows=rows, exception=failure)
            self._let_go(db)
        self.reconnect()

    def reconnect(self) -> None:
        """Begin to make a new connection, unless that is under way."""
        if self._closed or (self._reconnecting is not None and not self._reconnecting.done()):
            return
        self._told |= {_AWAY, self.why}  # whoever lost it told that
        self._reconnecting = asyncio.create_task(self._keep_connecting())

    async def _keep_connecting(self) -> None:
        wait = self._reconnect_seconds
        while True:
            try:
                await self._open()
            except Exception as failure:
                self._note_reason(failure)
                self._tell_further_reason()
                await asyncio.sleep(wait)
                wait = min(wait * 2, _LONGEST_PAUSE_SECONDS)
            else:
                metrics.database_reconnects.inc()
                log("database_back")
                return

    async def _open(self) -> None:
        db = await self._connect()
        try:
            # The service role's statements are few and always by key. A generic plan saves planning
            # each batch; without sequential scans no statistics of a young table lead it astray.
            await db.execute(
                "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set jit = off;"
                f" {HEAR_WARNINGS}"
            )
            await _prove(db, room=self.why == "disk-full")
        except BaseException:
            self._let_go(db)
            raise
        db.add_termination_listener(self._notice_the_end)
        self.db, self._doubted, self.why = db, False, _AWAY
        self._told.clear()

    def _note_reason(self, failure: Exception) -> None:
        self.why = _WHY.get(type(failure).__name__, _AWAY)

    def _tell_further_reason(self) -> None:
        """A connection that was closed says nothing of why no other is to be had."""
        if self.why not in self._told:
            self._told.add(self.why)
            log("database_away", level="warning", reason=self.why)

    def _let_go(self, db: asyncpg.Connection) -> None:
        """Close in the background, because cancelling what the server still does takes time."""

        async def close() -> None:
            with contextlib.suppress(Exception):
                await db.close(timeout=_SECONDS_TO_LET_GO)

        leaving = asyncio.create_task(close())
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    def _notice_the_end(self, connection: object) -> None:
        """Reconnect at once, also when nothing is being written, so that /readyz knows."""
        if connection is self.db and not self._closed:
            if not self._doubted:
                log("database_lost", level="warning", reason="connection-closed")
            self.db = None
            self.reconnect()


async def _prove(db: asyncpg.Connection, *, room: bool) -> None:
    async with acknowledged(db):
        if room:
            async with db.transaction():
                await db.execute(_ROOM)
        # A session that may only read may still write marks.
        rights = await db.fetchrow(_MAY_STORE)
        if rights["only_read"] == "on":
            raise asyncpg.ReadOnlySQLTransactionError("this session may only read")
        if not rights["may_store"]:
            raise asyncpg.InsufficientPrivilegeError("this role may store no responses")
