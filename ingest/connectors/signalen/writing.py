"""Tell Signalen what reporters say: take, call, write down; any number of processes at once.

A row is committed as `writing` before its call. Who is killed in between leaves it so; after its
lease another tells it once more, and is answered that it was filled in: then it was done. Signalen
is not atomic, so no two may tell the same at once: a lease is far longer than a call, and what is
not begun in time is given back.
"""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from secrets import SystemRandom
from time import monotonic
from uuid import uuid4

import asyncpg
import msgspec

from ingest.connectors.signalen import statements
from ingest.connectors.signalen.permitting import SPENT_DAYS, ToTell, sealing_of
from ingest.connectors.signalen.public_api import DONE, FILLED_OUT, CannotTell, PublicApi, Systems
from ingest.connectors.signalen.sayings import YES_BUT, written_back
from ingest.connectors.signalen.statements import Result, Taken
from ingest.database import connection_errors
from ingest.database.acknowledged import HEAR_WARNINGS, NotReplicated, acknowledged
from ingest.database.connecting import connect
from ingest.invitations.sealing import SealBroken
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.signalen import Signalen
from ingest.running import metrics
from ingest.running.logs import log
from ingest.tokens.derived_keys import DerivedKeys

BACKOFF_MINUTES = (1, 5, 15, 60, 180)
"""After the first, second, ... try that came to nothing; from then on every six hours."""

_THEN_MINUTES = 360
_AWAY = (OSError, TimeoutError, NotReplicated, *connection_errors.AWAY)
_REFUSED_LONGER = 30
_chance = SystemRandom()


class WritingPace(msgspec.Struct, frozen=True, kw_only=True):
    """How a process works, in seconds; only tests and the demo have another than the usual.

    `lease` is for how long a row stays with who took it; a call that is not begun within a quarter
    of it is not made. `again`: pauses after a try come to so much of what they are.
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
        self._closing = asyncio.Event()
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
                self._tell_waiting(type(failure).__name__, failure)
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
        if self._waits != reason:
            self._waits = reason
            log("reports_wait", level="warning", reason=reason, exception=failure)

    async def _work(self, db: asyncpg.Connection) -> None:
        while not self._closing.is_set():
            await self._forget(db)
            taken_at = monotonic()
            async with acknowledged(db):
                taken = await statements.take_due(
                    db,
                    holder=self._holder,
                    lease=timedelta(seconds=self._pace.lease),
                    most=self._pace.at_once,
                )
            self._waits = None
            if taken:
                await self._tell(db, taken, taken_at)
            if len(taken) < self._pace.at_once:
                await self._pause(self._pace.look)

    async def _forget(self, db: asyncpg.Connection) -> None:
        if monotonic() - self._forgot_at >= self._pace.forget:
            await statements.forget_responses(db)
            await statements.move_links(db, known_days=SPENT_DAYS)
            self._forgot_at = monotonic()

    async def _tell(self, db: asyncpg.Connection, taken: list[Taken], taken_at: float) -> None:
        if monotonic() - taken_at > self._pace.lease / 4:
            await statements.give_back(db, self._holder, [each.id for each in taken])
            return
        results = await asyncio.gather(*(self._tell_one(each) for each in taken))
        async with acknowledged(db):
            await statements.end(db, results, self._holder)
        for each in results:
            slug = self._slugs.get(each.municipality, "unknown")
            metrics.writebacks.labels(municipality=slug, verdict=each.outcome or "again").inc()

    async def _tell_one(self, row: Taken) -> Result:
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
        await _require_harmless(to_tell, signalen, api)
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


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many tries, and up to a fifth more by chance."""
    known = attempts <= len(BACKOFF_MINUTES)
    minutes = BACKOFF_MINUTES[attempts - 1] if known else _THEN_MINUTES
    return timedelta(minutes=minutes * _chance.uniform(1, 1.2))


async def _require_harmless(to_tell: ToTell, signalen: Signalen, api: PublicApi) -> None:
    """Of somebody who is not content and whose report was solved: would it stay closed?

    It does under an answer that Signalen offers to who is content. Under one that it does not know
    it would be opened again, which nobody asked. Raises `CannotTell`.
    """
    if to_tell.saying.solved != YES_BUT:
        return
    offered = await api.standard_answers()
    if not any(each.text == signalen.solved and each.is_satisfied for each in offered):
        raise CannotTell("answer-not-offered")


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
