"""Send what was written for departments, as invitations are sent (decision 0014).

A row is committed as `sending` before its call, on a standby too. Who is killed in between leaves
one of which nobody knows whether it went out: its sender is asked, and where nobody can be asked it
becomes `unknown` and is not sent again. 'meetpunt report' makes the page at any time.

Municipalities are sent for beside each other: one whose relay is slow keeps no other waiting.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Protocol, TypeVar
from uuid import UUID

import asyncpg
import msgspec

from ingest.clock import day_of, now_in_utc
from ingest.database.acknowledged import HEAR_WARNINGS
from ingest.invitations.occasions import Recipient
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Municipality
from ingest.reports.months import months_back
from ingest.reports.statements import (
    Taken,
    due_reports,
    end_report,
    lost_reports,
    take_report,
)
from ingest.reports.writing import recipients
from ingest.running.logs import log
from ingest.senders.sender import (
    MOST_SECONDS,
    Accepted,
    Outcome,
    OutgoingMessage,
    RefusedForGood,
    RefusedForNow,
    Sender,
    Unknown,
)
from ingest.tasks.names import TaskName
from ingest.tasks.sharing import FINISH_SECONDS, Shared
from ingest.tasks.upkeep import Task

Answer = TypeVar("Answer")

LEASE = timedelta(minutes=2)
"""No call takes so long: a row that is `sending` for longer was left by somebody."""

_PAUSES_MINUTES = (1, 5, 15, 60)
_TOO_LATE_MONTHS = 2

_ALL_AT_ONCE = 50
_SHARE_SECONDS = 60.0
"""So long a municipality goes on while others may have begun to wait; all begin at once."""


class Providers(Protocol):
    """Every sender there is: `ingest.senders.senders.Senders`."""

    def of(self, municipality: str, name: str) -> Sender:
        """By the municipality's slug and its name there. Raises LookupError: there is none."""


def message_of(taken: Taken, municipality: Municipality, address: str) -> OutgoingMessage:
    """What its sender is given; the reference is the row's, so each attempt is the same mail."""
    return OutgoingMessage(
        reference=str(taken.id),
        recipient=Recipient(scheme="mailto", address=address),
        language="nl",
        name=municipality.name,
        link="",
        subject=taken.subject,
        plain=taken.plain,
    )


def became(
    outcome: Outcome | None, taken: Taken, *, now: datetime
) -> tuple[str, str | None, timedelta]:
    """State, reason and the pause before the next try, after a call; None: nobody can be asked."""
    pause = timedelta(minutes=_PAUSES_MINUTES[min(taken.attempts, len(_PAUSES_MINUTES)) - 1])
    match outcome:
        case Accepted():
            return "sent", None, timedelta()
        case RefusedForGood():
            return "failed", outcome.reason, timedelta()
        case RefusedForNow() if now.date() < months_back(taken.month, -_TOO_LATE_MONTHS):
            return "waiting", outcome.reason, pause
        case RefusedForNow():
            return "failed", outcome.reason, timedelta()
        case Unknown():
            return "unknown", outcome.reason, timedelta()
    return "unknown", "process-lost", timedelta()


class SendingReports:
    """Sends for one process, as meetpunt_work."""

    def __init__(
        self, catalogue: Catalogue, providers: Providers, *, clock: Callable[[], datetime]
    ) -> None:
        self._providers = providers
        self._clock = clock
        self._by_code = {
            each.code: each for each in catalogue.municipalities.values() if recipients(each)
        }

    async def send_all(self, db: asyncpg.Connection, holder: UUID) -> int:
        """Send what is due; how many went out. Raises `LeaseLost`."""
        await db.execute(HEAR_WARNINGS)
        shared = Shared(db, TaskName.SEND_REPORTS, holder)
        async with shared.storing() as storing:
            lost = await lost_reports(storing)
        due = await due_reports(db, list(self._by_code))
        run = _Run(shared=shared, holder=holder, until=monotonic() + _SHARE_SECONDS)
        await shared.side_by_side(
            [self._end_lost(run, each) for each in lost] + [self._send(run, each) for each in due],
            # Of a mail that is cut off nobody knows whether it went out, and it is not sent again.
            finish_seconds=FINISH_SECONDS,
        )
        return run.sent

    async def _send(self, run: "_Run", municipality: str) -> None:
        """What is due of this one, by its code, one after another."""
        while monotonic() < run.until:
            async with run.room:
                if run.shared.stopping:
                    return
                taken = await self._take(run, municipality)
                if taken is None:
                    return
                outcome = await self._call(taken)
                await self._end(run, taken, outcome)
            run.sent += isinstance(outcome, Accepted)

    async def _take(self, run: "_Run", municipality: str) -> Taken | None:
        """Committed, on a standby too, before anything is called."""
        async with run.shared.storing() as db:
            return await take_report(
                db, municipality, holder=run.holder, lease=LEASE, today=self._today()
            )

    async def _end_lost(self, run: "_Run", lost: Taken) -> None:
        async with run.room:
            outcome = await self._look_up(lost)
        # Where it may be busy with it yet, nobody looks again: the department has its page.
        await self._end(run, lost, outcome if isinstance(outcome, Accepted) else None)

    async def _end(self, run: "_Run", taken: Taken, outcome: Outcome | None) -> None:
        state, reason, pause = became(outcome, taken, now=self._clock())
        async with run.shared.storing() as db:
            await end_report(
                db, taken.id, state=state, reason=reason, pause=pause, today=self._today()
            )
        there = self._by_code.get(taken.municipality)
        slug = there.slug if there else None
        level = "info" if state == "sent" else "warning"
        log("report_ended", level=level, municipality=slug, result=state, reason=reason)

    async def _call(self, taken: Taken) -> Outcome:
        municipality = self._by_code[taken.municipality]
        address = recipients(municipality).get(taken.department)
        if address is None or municipality.reports is None:
            return RefusedForGood("recipient-refused")
        try:
            sender = self._providers.of(municipality.slug, municipality.reports.sender)
        except LookupError:
            return RefusedForNow("not-allowed")
        return await _answer(sender.send(message_of(taken, municipality, address)))

    async def _look_up(self, taken: Taken) -> Outcome | None:
        municipality = self._by_code.get(taken.municipality)
        if municipality is None or municipality.reports is None:
            return None
        try:
            sender = self._providers.of(municipality.slug, municipality.reports.sender)
        except LookupError:
            return None
        return await _answer(sender.look_up(str(taken.id), None))

    def _today(self) -> date:
        return day_of(self._clock())


class _Run(msgspec.Struct, kw_only=True):
    """One run over what is due; nothing is begun after `until`, by the clock of this process."""

    shared: Shared
    holder: UUID
    until: float
    room: asyncio.Semaphore = msgspec.field(default_factory=lambda: asyncio.Semaphore(_ALL_AT_ONCE))
    sent: int = 0


async def _answer(asking: Awaitable[Answer]) -> Answer | Unknown:
    """A sender raises nothing; of one that does nobody knows what it did before."""
    try:
        async with asyncio.timeout(MOST_SECONDS):
            return await asking
    except TimeoutError:
        return Unknown("no-answer")
    except Exception as failure:
        log("sender_failed", level="error", exception=failure)
        return Unknown("answer-unreadable")


def sending_reports(
    catalogue: Catalogue, providers: Providers, *, clock: Callable[[], datetime] = now_in_utc
) -> Task:
    """The task of sending them, as meetpunt_work."""
    sending = SendingReports(catalogue, providers, clock=clock)

    async def work(db: asyncpg.Connection, holder: UUID) -> None:
        await sending.send_all(db, holder)

    return Task(name=TaskName.SEND_REPORTS, work=work)
