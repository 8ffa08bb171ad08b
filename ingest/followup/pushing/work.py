"""Tell who is to be told of signals: make deliveries, take them, call, write down what came of it.

A task, so that one process makes deliveries at a time. A delivery is committed as `sending` before
its call, with a lease of its own: who is killed in between leaves it so, and after its lease it is
told once more, under the same id. So each is told at least once; whoever is told twice sees that by
its id (`webhook-id`, and the Message-ID of a mail). Municipalities are told beside each other: one
that does not answer keeps no other waiting.
"""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import SystemRandom
from time import monotonic
from uuid import UUID, uuid4

import asyncpg
import msgspec

from ingest.database.acknowledged import HEAR_WARNINGS, acknowledged
from ingest.followup.pushing import statements
from ingest.followup.pushing.making import TOLD_WITHIN, make, pushing_of
from ingest.followup.pushing.noting import Noting
from ingest.followup.pushing.standing_statements import note_gone, webhooks_gone
from ingest.followup.pushing.statements import MAIL, WEBHOOK, Result, Taken, Way
from ingest.followup.pushing.ways import (
    CalledWebhook,
    MailedDigest,
    Message,
    NotTold,
    address_code,
)
from ingest.municipalities.catalogue import Catalogue
from ingest.running import metrics
from ingest.running.logs import log
from ingest.senders.senders import Senders
from ingest.tasks.names import TaskName
from ingest.tasks.sharing import FINISH_SECONDS, Shared
from ingest.tasks.upkeep import Task

BACKOFF_MINUTES = (1, 5, 15, 60, 180)
"""After the first, second, ... try that came to nothing; from then on every six hours."""

_THEN_MINUTES = 360
_chance = SystemRandom()

_ALL_AT_ONCE = 100
_SHARE_SECONDS = 30.0
"""So long a municipality goes on while others may have begun to wait; all begin at once."""


class PushingPace(msgspec.Struct, frozen=True, kw_only=True):
    """How a process works, in seconds; only tests and the demo have another than the usual.

    `at_once`: so many deliveries of one municipality are told together. `lease` is for how long a
    delivery stays with who took it; a call that is not begun within a quarter of it is not made.
    `again`: pauses after a try come to so much of what they are.
    """

    at_once: int = 5
    lease: float = 120.0
    again: float = 1.0


USUAL_PACE = PushingPace()


class Telling:
    """Tells for one process, as meetpunt_work.

    `folder` is where senders of kind `file` write that name none.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        folder: Path,
        pace: PushingPace = USUAL_PACE,
    ) -> None:
        self._pace = pace
        self._senders = _senders_of(catalogue, folder)
        self._holder = uuid4()  # of deliveries; another after a restart
        self._room = asyncio.Semaphore(_ALL_AT_ONCE)
        self._municipalities = {each.code: each for each in catalogue.municipalities.values()}
        slugs = {code: each.slug for code, each in self._municipalities.items()}
        self._noting = Noting(slugs)
        self._webhooks: dict[str, CalledWebhook] = {}
        self._addresses: dict[str, bytes] = {}
        self._mail: dict[str, MailedDigest] = {}
        for code, each in self._municipalities.items():
            pushing = pushing_of(each)
            if pushing is None:
                continue
            if pushing.webhook is not None:
                self._webhooks[code] = CalledWebhook(each, pushing, pushing.webhook)
                self._addresses[code] = address_code(pushing.webhook)
            if pushing.mail is not None:
                self._mail[code] = MailedDigest(each, pushing, pushing.mail, self._senders)

    def task(self, *, seconds: float | None = None) -> Task:
        """The task. Where no municipality has signals, it finds nothing."""

        async def work(db: asyncpg.Connection, holder: UUID) -> None:
            await self.tell(db, holder=holder)

        return Task(name=TaskName.TELL_SIGNALS, work=work, seconds=seconds)

    def reread(self) -> None:
        """Read every secret again, as the process was told that files changed (SIGHUP)."""
        self._senders.reread()
        for each in self._webhooks.values():
            each.reread()

    async def tell(self, db: asyncpg.Connection, *, holder: UUID | None = None) -> None:
        """Tell all that is due. `holder` has the task; None: it is done by hand."""
        await db.execute(HEAR_WARNINGS)
        gone = await self._gone(db)
        # Most of the time there is nothing: then nothing is locked or written.
        left = await statements.untold(db, within=TOLD_WITHIN)
        for code in sorted(self._webhooks.keys() | self._mail.keys()):
            ways = [way for way in self._ways(code, gone) if (code, way) in left]
            await make(db, self._municipalities[code], ways, holder=holder)
        shared = Shared(db, TaskName.TELL_SIGNALS, holder)
        until = monotonic() + _SHARE_SECONDS
        await shared.side_by_side(
            [
                self._tell(shared, code, until, but_webhooks=code in gone)
                for code in await statements.who_is_due(db)
            ],
            finish_seconds=FINISH_SECONDS,
        )

    def _ways(self, code: str, gone: Collection[str]) -> Iterator[Way]:
        """In which the municipality tells somebody. For a webhook that is gone nothing is made."""
        if code in self._webhooks and code not in gone:
            yield WEBHOOK
        if code in self._mail:
            yield MAIL

    async def _gone(self, db: asyncpg.Connection) -> list[str]:
        """Municipalities whose webhook said that it is no more, at the address of their file."""
        return [
            each.municipality
            for each in await webhooks_gone(db)
            if each.address == self._addresses.get(each.municipality)
        ]

    async def _tell(
        self, shared: Shared, municipality: str, until: float, *, but_webhooks: bool
    ) -> None:
        """What is due of this one, by its code; nothing is begun after `until`."""
        while monotonic() < until and not shared.stopping:
            begun = monotonic()
            async with shared.storing() as db:
                taken = await statements.take_due(
                    db,
                    municipality,
                    holder=self._holder,
                    lease=timedelta(seconds=self._pace.lease),
                    most=self._pace.at_once,
                    but_webhooks=but_webhooks,
                )
            if taken:
                results = await self._tell_at_once(shared, taken, begun)
                # Where it said that it is no more, it is told nothing else.
                but_webhooks |= any(each.reason == "gone" for each in results)
            if len(taken) < self._pace.at_once:
                return

    async def _tell_at_once(
        self, shared: Shared, taken: Sequence[Taken], begun: float
    ) -> list[Result]:
        """Each is written down as soon as it ends: one that is slow must not undo the others."""
        telling = [self._tell_one(shared, each, begun) for each in taken]
        ended = await asyncio.gather(*telling, return_exceptions=True)
        told = []
        for row, each in zip(taken, ended, strict=True):
            if isinstance(each, BaseException):
                raise each
            if each is not None:
                told.append((row, each))
        self._noting.note(told)
        return [each for _, each in told]

    async def _tell_one(self, shared: Shared, row: Taken, begun: float) -> Result | None:
        result = await self._try(shared, row, begun)
        # Under the lease of each, and not of the task: who lost that still knows what it told.
        async with shared.reading() as db, acknowledged(db):
            if result is None:
                await statements.give_back(db, self._holder, [row.id])
                return None
            if result.reason == "gone":
                await self._note_gone(db, row.municipality)
            await statements.end(db, [result], self._holder)
        self._count(row, result)
        return result

    async def _try(self, shared: Shared, row: Taken, begun: float) -> Result | None:
        """What came of it; None where it was not begun in time."""
        async with self._room:
            # Some are begun late where this process was stopped for a while, or has much to tell.
            if shared.stopping or monotonic() - begun > self._pace.lease / 4:
                return None
            now = datetime.now(UTC)
            try:
                outcome = await self._outcome(row, now) or "nobody"
            except NotTold as not_told:
                return self._again(row, not_told)
            except Exception as failure:
                # One that we do not understand keeps no other waiting.
                log("telling_failed", level="error", exception=failure)
                return self._again(row, NotTold("failed"))
            return _result(row, outcome)

    def _again(self, row: Taken, not_told: NotTold) -> Result:
        """It is told again later, or was tried for the last time."""
        if row.over:
            return _result(row, "away", reason=not_told.reason)
        pause = max(pause_after(row.attempts) * self._pace.again, not_told.pause)
        return _result(row, None, reason=not_told.reason, pause=pause)

    async def _outcome(self, row: Taken, now: datetime) -> str | None:
        """None where the file names nobody to tell any more. Raises `NotTold`."""
        if row.municipality not in self._municipalities:
            raise NotTold("not-in-the-files")
        message = Message(id=str(row.id), counts=row.counts, made=row.made)
        if row.way == WEBHOOK:
            webhook = self._webhooks.get(row.municipality)
            return None if webhook is None else await webhook.call(message, now=now)
        mail = self._mail.get(row.municipality)
        return None if mail is None else await mail.send(message, row.department, now=now)

    async def _note_gone(self, db: asyncpg.Connection, code: str) -> None:
        if code in self._addresses:
            await note_gone(db, code, self._addresses[code])
            log("webhook_gone", level="error", municipality=self._municipalities[code].slug)

    def _count(self, row: Taken, result: Result) -> None:
        known = self._municipalities.get(row.municipality)
        metrics.signal_deliveries.labels(
            municipality=known.slug if known else "unknown",
            way=row.way,
            verdict=result.outcome or "again",
        ).inc()


def _senders_of(catalogue: Catalogue, folder: Path) -> Senders:
    """Those that send digests, and no others: each reads the key that it has."""
    declared = {}
    for slug, each in catalogue.municipalities.items():
        pushing = pushing_of(each)
        if pushing is not None and pushing.mail is not None:
            declared[slug] = [each.senders[pushing.mail.sender]]
    return Senders(declared, folder=folder)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many tries, and up to a fifth more by chance."""
    known = attempts <= len(BACKOFF_MINUTES)
    minutes = BACKOFF_MINUTES[attempts - 1] if known else _THEN_MINUTES
    return timedelta(minutes=minutes * _chance.uniform(1, 1.2))


def _result(
    row: Taken, outcome: str | None, *, reason: str | None = None, pause: timedelta = timedelta(0)
) -> Result:
    return Result(
        municipality=row.municipality, id=row.id, outcome=outcome, reason=reason, pause=pause
    )
