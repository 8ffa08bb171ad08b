"""Tell Signalen what reporters say: take, call, write down; any number of processes at once.

A row is committed as `writing` before its call. Who is killed in between leaves it so; after its
lease another tells it once more, and is answered that it was filled in: then it was done. Signalen
is not atomic, so no two may tell the same at once: a lease is far longer than a call, and what is
not begun in time is given back. Each municipality has a share of its own, so that no report waits
for the Signalen of another.
"""

import asyncio
import contextlib
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from secrets import SystemRandom
from time import monotonic
from uuid import uuid4

import asyncpg
import msgspec

from ingest.connectors.signalen import statements
from ingest.connectors.signalen.noting import note
from ingest.connectors.signalen.permitting import SPENT_DAYS, require_harmless, sealing_of
from ingest.connectors.signalen.public_api import DONE, FILLED_OUT, CannotTell, Systems
from ingest.connectors.signalen.sayings import written_back
from ingest.connectors.signalen.statements import Result, Taken
from ingest.database import connection_errors
from ingest.database.acknowledged import HEAR_WARNINGS, NotReplicated, acknowledged
from ingest.database.connecting import connect
from ingest.invitations.sealing import SealBroken
from ingest.municipalities.catalogue import Catalogue
from ingest.running import metrics
from ingest.running.logs import log
from ingest.tasks.neighbours import Kind, Neighbours
from ingest.tokens.derived_keys import DerivedKeys

BACKOFF_MINUTES = (1, 5, 15, 60, 180)
"""After the first, second, ... try that came to nothing; from then on every six hours."""

_THEN_MINUTES = 360
_AWAY = (OSError, TimeoutError, NotReplicated, *connection_errors.AWAY)
_REFUSED_LONGER = 30
_chance = SystemRandom()


class WritingPace(msgspec.Struct, frozen=True, kw_only=True):
    """How a process works, in seconds; only tests and the demo have another than the usual.

    `at_once`: so many reports of one municipality are told together. `lease` is for how long a row
    stays with who took it; a call that is not begun within a quarter of it is not made. `again`:
    pauses after a try come to so much of what they are.
    """

    at_once: int = 20
    look: float = 1.0
    lease: float = 60.0
    forget: float = 30.0
    again: float = 1.0


USUAL_WRITING_PACE = WritingPace()


class WritingBack:
    """Tells for one process, as meetpunt_work. `start` on the event loop, then `close`."""

    def __init__(
        self,
        work_url: str,
        *,
        catalogue: Catalogue,
        keys: DerivedKeys,
        pace: WritingPace = USUAL_WRITING_PACE,
    ) -> None:
        self._url = work_url
        self._pace = pace
        self._holder = uuid4()
        self._sealing = sealing_of(keys)
        self._slugs = {each.code: each.slug for each in catalogue.municipalities.values()}
        self._systems = Systems(catalogue.municipalities.values())
        codes = {
            each.slug: each.code for each in catalogue.municipalities.values() if each.signalen
        }
        self._neighbours = Neighbours(Kind.REPORTS, codes)
        self._closing = asyncio.Event()
        self._wake = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self._forgot_at = -pace.forget
        self._waits: str | None = None

    async def start(self) -> None:
        """Begin; returns at once."""
        self._loop = asyncio.create_task(self._keep(), name="tell reports")

    async def close(self, *, seconds: float = 4.0) -> None:
        """Begin nothing more, and write down what ends within `seconds`."""
        if self._loop is None:
            return
        self._closing.set()
        self._wake.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await asyncio.gather(self._loop, return_exceptions=True)
        self._loop.cancel()
        await asyncio.gather(self._loop, return_exceptions=True)
        self._loop = None
        await self._systems.close()

    async def _keep(self) -> None:
        """Work on a connection, and on another when that is lost."""
        while not self._closing.is_set():
            pause = self._pace.look
            try:
                db = await self._connected()
                try:
                    await self._work(db)
                finally:
                    db.terminate()
            except _AWAY:
                self._tell_waiting("database-away")
            except asyncpg.InvalidAuthorizationSpecificationError:
                self._tell_waiting("role-refused")
                pause *= _REFUSED_LONGER
            except Exception as failure:
                self._tell_waiting("failed", failure)
            await self._pause(pause)

    async def _connected(self) -> asyncpg.Connection:
        db = await connect(
            self._url,
            timeout=5,
            command_timeout=30,
            server_settings={"application_name": "meetpunt reports"},
        )
        await db.execute(HEAR_WARNINGS)
        return db

    async def _pause(self, seconds: float) -> None:
        """So long, or until this closes."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()

    def _tell_waiting(self, reason: str, failure: Exception | None = None) -> None:
        """Once for each reason."""
        news = f"{reason} {type(failure).__name__}"
        if self._waits != news:
            self._waits = news
            log("reports_wait", level="warning", reason=reason, exception=failure)

    def _goes_on(self) -> None:
        if self._waits:
            self._waits = None
            log("reports_go_on")

    async def _work(self, db: asyncpg.Connection) -> None:
        await self._neighbours.recall(db)
        turn = asyncio.Lock()  # to use the connection
        telling: dict[str, asyncio.Task[None]] = {}
        try:
            while not self._closing.is_set():
                self._wake.clear()
                telling = _still(telling)
                taken_at = monotonic()
                async with turn:
                    taken = await self._take(db, telling)
                self._goes_on()
                for code, rows in _by_municipality(taken).items():
                    telling[code] = asyncio.create_task(self._tell(db, turn, rows, taken_at))
                    if len(rows) == self._pace.at_once:
                        # More of it may be due.
                        telling[code].add_done_callback(lambda _: self._wake.set())
                await self._look_again()
            await asyncio.gather(*telling.values())
        finally:
            for each in telling.values():
                each.cancel()
            await asyncio.gather(*telling.values(), return_exceptions=True)

    async def _look_again(self) -> None:
        """In a moment, at once where more is due, and when this closes."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._pace.look):
                await self._wake.wait()

    async def _take(self, db: asyncpg.Connection, busy: Collection[str]) -> list[Taken]:
        await self._forget(db)
        async with acknowledged(db):
            return await statements.take_due(
                db,
                holder=self._holder,
                lease=timedelta(seconds=self._pace.lease),
                each=self._pace.at_once,
                busy=busy,
            )

    async def _forget(self, db: asyncpg.Connection) -> None:
        if monotonic() - self._forgot_at >= self._pace.forget:
            await statements.forget_responses(db)
            await statements.move_links(db, known_days=SPENT_DAYS)
            self._forgot_at = monotonic()

    async def _tell(
        self, db: asyncpg.Connection, turn: asyncio.Lock, taken: list[Taken], taken_at: float
    ) -> None:
        if monotonic() - taken_at > self._pace.lease / 4:
            async with turn:
                await statements.give_back(db, self._holder, [each.id for each in taken])
            return
        results = await asyncio.gather(*(self._tell_one(db, turn, each) for each in taken))
        note(self._neighbours, self._slugs, results)
        async with turn, acknowledged(db):
            await self._neighbours.write_down(db)

    async def _tell_one(self, db: asyncpg.Connection, turn: asyncio.Lock, row: Taken) -> Result:
        """Written down as soon as it ends: one that is slow must not undo the others."""
        result = await self._try(row)
        async with turn, acknowledged(db):
            await statements.end(db, [result], self._holder)
        slug = self._slugs.get(row.municipality, "unknown")
        metrics.writebacks.labels(municipality=slug, verdict=result.outcome or "again").inc()
        return result

    async def _try(self, row: Taken) -> Result:
        try:
            outcome = await self._outcome(row)
        except CannotTell as cannot:
            if not row.over:
                return self._result(row, None, cannot.reason)
            outcome = "away"
        except SealBroken:
            outcome = "unreadable"
        return self._result(row, outcome, None)

    async def _outcome(self, row: Taken) -> str:
        """What came of telling it. Raises `CannotTell` and `SealBroken`."""
        to_tell = self._sealing.open(row.municipality, row.id, row.sealed)
        system = self._systems.of(row.municipality)
        if system is None:
            raise CannotTell("not-in-the-files")
        signalen, api = system
        await require_harmless(to_tell, signalen, api)
        found = await api.fill_in(to_tell.token, written_back(to_tell.saying, signalen))
        if found == FILLED_OUT:
            # After a try that got no answer it was that one.
            return DONE if row.attempts > 1 else "done-elsewhere"
        return found

    def _result(self, row: Taken, outcome: str | None, reason: str | None) -> Result:
        return Result(
            municipality=row.municipality,
            id=row.id,
            outcome=outcome,
            reason=reason,
            due=datetime.now(UTC) + pause_after(row.attempts) * self._pace.again,
        )


def _still(telling: Mapping[str, asyncio.Task[None]]) -> dict[str, asyncio.Task[None]]:
    """Those that are not done yet. Raises what one of the others raised."""
    for each in telling.values():
        if each.done():
            each.result()
    return {code: each for code, each in telling.items() if not each.done()}


def _by_municipality(taken: Iterable[Taken]) -> dict[str, list[Taken]]:
    found: dict[str, list[Taken]] = {}
    for each in taken:
        found.setdefault(each.municipality, []).append(each)
    return found


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many tries, and up to a fifth more by chance."""
    known = attempts <= len(BACKOFF_MINUTES)
    minutes = BACKOFF_MINUTES[attempts - 1] if known else _THEN_MINUTES
    return timedelta(minutes=minutes * _chance.uniform(1, 1.2))


def working_on_reports(
    work_url: str,
    *,
    catalogue: Catalogue,
    keys: DerivedKeys,
    pace: WritingPace = USUAL_WRITING_PACE,
) -> WritingBack | None:
    """What tells for these municipalities; None where none of them has a Signalen."""
    if not any(each.signalen for each in catalogue.municipalities.values()):
        return None
    return WritingBack(work_url, catalogue=catalogue, keys=keys, pace=pace)
