"""Send what waits in the outbox: pick, call, write down; any number of processes at once.

A row is committed as `sending` before its call (`picking`), and what came of it afterwards
(`outcomes`). Who is killed in between leaves a row whose fate nobody knows: after its lease another
process asks the provider, and where nobody can be asked it is never sent again, and counted.

What was picked and not begun in time is given back: a process that was stopped for a while must
not call for what another looks up meanwhile.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID, uuid4

import asyncpg
import msgspec

from ingest.clock import now_in_utc
from ingest.database import connection_errors
from ingest.database.acknowledged import HEAR_WARNINGS, NotReplicated, acknowledged
from ingest.database.connecting import connect
from ingest.invitations.calling import Calling, Providers
from ingest.invitations.composing import Composing
from ingest.invitations.giving_way import GivingWay
from ingest.invitations.outcomes import Ended, Pauses, record
from ingest.invitations.picked import Attempt
from ingest.invitations.picking import OF_THE_ROW, Picking
from ingest.invitations.sending_statements import Called, give_back, take_lost
from ingest.invitations.turns import Turns
from ingest.municipalities.catalogue import Catalogue
from ingest.running.logs import log
from ingest.tokens.derived_keys import DerivedKeys

AWAY = (OSError, TimeoutError, NotReplicated, *connection_errors.AWAY)

_REFUSED_LONGER = 30


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How a process works, in seconds; only tests and the demo have another than the usual.

    `at_once` calls over all senders, `each` of one municipality's sender: see `Turns`. `lease` is
    for how long a row stays with who picked it; what is not begun within a quarter of it is given
    back, and a call is cut off after `call`.
    """

    at_once: int = 100
    each: int = 50
    look: float = 1.0
    look_for_lost: float = 5.0
    lease: float = 120.0
    call: float = 45.0
    statement: float = 30.0
    pauses: Pauses = Pauses()


USUAL_PACE = Pace()


def never() -> bool:
    """Nobody but who sends needs this process."""
    return False


class Work:
    """Sends for one process, as meetpunt_work. `start` on the event loop, then `close`."""

    def __init__(
        self,
        work_url: str,
        *,
        catalogue: Catalogue,
        keys: DerivedKeys,
        composing: Composing,
        providers: Providers,
        pace: Pace = USUAL_PACE,
        clock: Callable[[], datetime] = now_in_utc,
        busy: Callable[[], bool] = never,
    ) -> None:
        # Others after a restart: what the former held is not ours.
        self._holder, self._asker = uuid4(), uuid4()
        self._url = work_url
        self._pace = pace
        self._providers = providers
        self._clock = clock
        self._lease = timedelta(seconds=pace.lease)
        self._picking = Picking(
            catalogue=catalogue,
            keys=keys,
            providers=providers,
            holder=self._holder,
            lease=self._lease,
        )
        self._calls = Calling(
            catalogue=catalogue, composing=composing, providers=providers, seconds=pace.call
        )
        self._giving_way = GivingWay(busy)
        self._turns = Turns(at_once=pace.at_once, each=pace.each)
        self._calling: dict[UUID, asyncio.Task[None]] = {}
        self._unrecorded: list[Ended] = []
        self._something_ended = asyncio.Event()
        self._room = asyncio.Event()
        self._left_over = False  # something was picked, and will not be called
        self._uncertain: set[UUID] = set()  # was called, and nobody here will know how it ended
        self._closing = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []
        self._waits: str | None = None  # for what, as it was told

    async def start(self) -> None:
        """Begin; returns at once."""
        loops = {"send": self._send, "look up": self._look_up, "record": self._record}
        self._loops = [
            asyncio.create_task(self._keep(loop), name=f"{name} messages")
            for name, loop in loops.items()
        ]

    async def close(self, *, seconds: float = 4.0) -> None:
        """Begin nothing more, and write down what ends within `seconds`; the rest is looked up."""
        if not self._loops:
            return
        self._closing.set()
        self._room.set()
        *beginning, _ = self._loops
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                # Not cut off: what was picked just now would have to be looked up.
                await asyncio.gather(*beginning, return_exceptions=True)
                while self._calling or self._unrecorded:
                    self._room.clear()
                    await self._room.wait()
        left = [*self._loops, *self._calling.values()]
        for each in left:
            each.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        self._loops = []
        await self._providers.close()

    async def _keep(self, loop: Callable[[asyncpg.Connection], Awaitable[None]]) -> None:
        """Do `loop` on a connection of its own, and on another when that is lost."""
        records = loop == self._record  # to the very end
        while records or not self._closing.is_set():
            pause = self._pace.look
            try:
                db = await self._connected()
                try:
                    await loop(db)
                finally:
                    db.terminate()
            except asyncpg.QueryCanceledError:
                self._tell_waiting("statement-cut-off")
            except AWAY:
                self._tell_waiting("database-away")
            except asyncpg.InvalidAuthorizationSpecificationError:
                self._tell_waiting("role-refused")
                # Somebody has to change something, and each try is a line in the server's log.
                pause *= _REFUSED_LONGER
            except Exception as failure:
                self._tell_waiting("failed", failure)
            await (asyncio.sleep if records else self._pause)(pause)

    async def _pause(self, seconds: float) -> None:
        """So long, or until this closes."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()

    async def _connected(self) -> asyncpg.Connection:
        db = await connect(
            self._url,
            timeout=5,
            command_timeout=self._pace.statement,
            server_settings={"application_name": "meetpunt work"},
        )
        await db.execute(HEAR_WARNINGS)
        return db

    def _tell_waiting(self, reason: str, failure: Exception | None = None) -> None:
        """Once for each reason."""
        news = f"{reason} {type(failure).__name__}"
        if self._waits != news:
            self._waits = news
            log("sending_waits", level="warning", reason=reason, exception=failure)

    def _goes_on(self) -> None:
        if self._waits:
            self._waits = None
            log("sending_goes_on")

    async def _send(self, db: asyncpg.Connection) -> None:
        """Pick and call, until the connection is lost."""
        # A commit that was cut off may have been one: nothing of it was called.
        self._left_over = True
        while not self._closing.is_set():
            if self._left_over:
                self._left_over = False
                await give_back(db, self._holder, [*self._calling, *self._uncertain])
            most = self._giving_way.most()
            picked = await self._picking.pick(db, self._turns, now=self._clock(), most=most)
            for each in picked:
                self._begin(each.row, self._call(each))
            self._giving_way.began(len(picked))
            self._goes_on()
            await self._wait_for_a_turn()

    async def _wait_for_a_turn(self) -> None:
        """Until there is something to pick, as far as we know; a second at the most.

        Longer while others go first: what is picked is called at once, and does not wait then.
        """
        while (seconds := self._giving_way.wait()) and not self._closing.is_set():
            await self._pause(seconds)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._pace.look):
                while not (self._turns.worth_a_look() or self._closing.is_set()):
                    self._room.clear()
                    await self._room.wait()

    def _begin(self, row: Called, call: Coroutine[None, None, None]) -> None:
        self._calling[row.id] = asyncio.create_task(call)
        self._turns.begin((row.municipality, row.sender))

    def _end(self, row: Called) -> None:
        # Not what was looked up: that took nobody's turn.
        if self._calling.pop(row.id, None) is not None:
            self._turns.end((row.municipality, row.sender))
        self._room.set()

    async def _call(self, attempt: Attempt) -> None:
        if monotonic() - attempt.taken_at > self._pace.lease / 4:
            self._left_over = True
            self._end(attempt.row)
            return
        try:
            ended = await self._calls.send(attempt)
        except BaseException as failure:
            # It may have gone out all the same: the row stays as it is, and is looked up.
            self._uncertain.add(attempt.row.id)
            self._end(attempt.row)
            if not isinstance(failure, Exception):
                raise
            log("sending_failed", level="error", exception=failure)
            return
        way = (attempt.row.municipality, attempt.row.sender)
        if (seconds := self._turns.hear(way, ended.outcome)) is not None:
            slug = attempt.municipality.slug
            log("sender_paused", level="warning", municipality=slug, seconds=seconds)
        self._unrecorded.append(ended)
        self._something_ended.set()

    async def _look_up(self, db: asyncpg.Connection) -> None:
        """Ask about messages whose process died or got no answer, until the connection is lost."""
        while not self._closing.is_set():
            async with acknowledged(db):
                lost = await take_lost(
                    db, holder=self._asker, lease=self._lease, most=self._pace.at_once
                )
            asking = [self._calls.look_up(each) for each in lost]
            self._unrecorded.extend(await asyncio.gather(*asking))
            self._something_ended.set()
            if len(lost) < self._pace.at_once:
                await self._pause(self._pace.look_for_lost)

    async def _record(self, db: asyncpg.Connection) -> None:
        """Write down what ended, as much at once as there is, until the connection is lost."""
        # Nobody asks it anything for hours: that it went is noticed then, not at the next message.
        db.add_termination_listener(lambda _: self._something_ended.set())
        while not db.is_closed():
            calls = list(self._unrecorded)
            for holder, looked_up in ((self._holder, False), (self._asker, True)):
                some = [each for each in calls if each.looked_up == looked_up]
                await self._write_down(db, some, holder)
            # Only now: what is cut off is written down again, and what was is left alone.
            del self._unrecorded[: len(calls)]
            for each in calls:
                self._end(each.row)
            if not self._unrecorded and not db.is_closed():
                self._something_ended.clear()
                await self._something_ended.wait()

    async def _write_down(
        self, db: asyncpg.Connection, calls: Sequence[Ended], holder: UUID
    ) -> None:
        """One that the database refuses keeps no other from being written down."""
        if not calls:
            return
        try:
            await record(db, calls, holder=holder, now=self._clock(), pauses=self._pace.pauses)
        except OF_THE_ROW as refused:
            if len(calls) == 1:
                self._uncertain.add(calls[0].row.id)
                log("outcome_refused", level="error", exception=refused)
                return
            for each in calls:
                await self._write_down(db, [each], holder)
