"""Ask which cases were closed in the last days: whoever notifies us gives up after some minutes.

What is found goes into the inbox, as if it had been notified: there each closing is known. So does
what is not found and about which a message waits: perhaps it was opened again.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from math import ceil
from time import monotonic
from uuid import UUID

import asyncpg
import msgspec

from ingest.clock import today_here
from ingest.connectors.cases.closing import Case, is_of, may_be_asked_about, read_case
from ingest.connectors.cases.following import SOURCE
from ingest.connectors.cases.system import CaseSystem
from ingest.connectors.notifications.channels import Notification, target_below
from ingest.connectors.notifications.following import NotNow
from ingest.connectors.notifications.reception import Inbox
from ingest.database.acknowledged import HEAR_WARNINGS
from ingest.invitations.taking import Taking
from ingest.municipalities.catalogue import Catalogue
from ingest.running import metrics
from ingest.running.logs import log
from ingest.tasks.leases import LeaseLost
from ingest.tasks.names import TaskName
from ingest.tasks.neighbours import Kind, Neighbours
from ingest.tasks.sharing import Shared
from ingest.tasks.upkeep import AWAY, Task

POLLED = "poll"
"""What stands in place of an action."""

MOST_SECONDS = 300.0
"""So long one system may take to tell what was closed; the others are asked meanwhile."""

_HOURS = 24


def polling(
    systems: Mapping[str, CaseSystem],
    inbox: Inbox,
    catalogue: Catalogue,
    taking: Taking,
    *,
    seconds: float | None = None,
    most_seconds: float = MOST_SECONDS,
) -> Task:
    """The task; `systems` by the municipality's slug. As meetpunt_work.

    They are asked beside each other, each for `most_seconds` at most.
    """
    # What of a municipality that our files do not know breaks is told, and written down nowhere.
    known = catalogue.municipalities
    codes = {slug: known[slug].code for slug in systems if slug in known}
    neighbours = Neighbours(Kind.CASES, codes)

    async def work(db: asyncpg.Connection, holder: UUID) -> None:
        await db.execute(HEAR_WARNINGS)
        await neighbours.recall(db)
        shared = Shared(db, TaskName.POLL_CASES, holder)
        polls = [
            _Poll(shared, slug, system, inbox, monotonic() + most_seconds)
            for slug, system in systems.items()
        ]
        await shared.side_by_side([polled(each) for each in polls])
        await neighbours.write_down(db, TaskName.POLL_CASES, holder)

    async def polled(poll: _Poll) -> None:
        try:
            listed = await poll.closed(days_looked_at(catalogue, poll.slug))
            async with poll.shared.reading() as db:
                waiting = await taking.waiting_about(db, poll.slug, SOURCE)
            await poll.look_again(waiting - listed)
        except (LeaseLost, *AWAY):
            raise
        except Exception as failure:
            # One that is away, or breaks something here, keeps no other from being asked.
            verdict = "poll-failed"
            reason = failure.reason if isinstance(failure, NotNow) else "failed"
            if neighbours.away(poll.slug, reason):
                _tell_failed(poll.slug, reason, failure)
        else:
            verdict = "polled"
            neighbours.well(poll.slug)
        metrics.connector_messages.labels(
            municipality=poll.slug, connector=SOURCE, verdict=verdict
        ).inc()

    return Task(name=TaskName.POLL_CASES, work=work, seconds=seconds)


def _tell_failed(slug: str, reason: str, failure: Exception) -> None:
    known = isinstance(failure, NotNow)
    log(
        "poll_failed",
        level="warning" if known else "error",
        municipality=slug,
        reason=reason,
        exception=None if known else failure,
    )


def days_looked_at(catalogue: Catalogue, slug: str) -> int:
    """For how many days back anybody would still be asked about a case, and one more."""
    municipality = catalogue.municipality(slug)
    cases = municipality.cases
    if cases is None:
        return 1
    ends = [
        *cases.types.values(),
        *(end for each in cases.phases.values() for end in each.values()),
    ]
    rules = [catalogue.touchpoint(slug, end.touchpoint).invitations for end in ends]
    return 1 + ceil(max((each.most_age_hours for each in rules if each), default=0) / _HOURS)


class _Poll(msgspec.Struct, frozen=True):
    """One look at one municipality's cases, until this moment by the clock of this process."""

    shared: Shared
    slug: str
    system: CaseSystem
    inbox: Inbox
    until: float

    async def closed(self, days: int) -> set[str]:
        """Put what was closed into the inbox; returns which cases those are. Raises `NotNow`."""
        today = today_here()
        first, last = (today + timedelta(days=each) for each in (-days - 1, 1))
        pages = self.system.closed_between(first.isoformat(), last.isoformat())
        listed: set[str] = set()
        while True:
            page = await self._page(pages)
            if page is None:
                return listed
            cases = [
                case
                for told in page
                # Days that we did not ask for are none of ours, however many it tells of.
                if (case := read_case(told)) and case.ended and first < case.ended < last
            ]
            followed = [each for each in cases if _is_followed(self.system, each)]
            await self._store([_found(self.slug, each) for each in followed])
            base = self.system.cases.zaken_url
            listed |= {each.url.removeprefix(base) for each in followed}

    async def look_again(self, cases: set[str]) -> None:
        """Let each of these be looked at; once an hour at most."""
        hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        base = self.system.cases.zaken_url
        # What waits may be of a system that was elsewhere.
        urls = [
            url for each in sorted(cases) if target_below(base, url := f"{base}{each}") is not None
        ]
        await self._store([_doubted(self.slug, url, hour) for url in urls])

    async def _page(
        self, pages: AsyncIterator[list[dict[str, object]]]
    ) -> list[dict[str, object]] | None:
        try:
            async with asyncio.timeout(max(self.until - monotonic(), 0)):
                return await anext(pages, None)
        except TimeoutError:
            raise NotNow("too-slow") from None

    async def _store(self, found: list[Notification]) -> None:
        async with self.shared.storing() as db:
            if not await self.inbox.has_room(db, self.slug):
                raise NotNow("inbox-full")
            await self.inbox.store(db, found, now=datetime.now(UTC))


def _is_followed(system: CaseSystem, case: Case) -> bool:
    base = system.cases.zaken_url
    return (
        not case.is_part
        and is_of(case, system.cases.organisations)
        and bool(case.status)
        and may_be_asked_about(case.confidentiality, system.cases.most_confidential)
        and all(target_below(base, each) is not None for each in (case.url, case.status))
    )


def _found(slug: str, case: Case) -> Notification:
    """Known by the status that closed it, so that each closing is found once."""
    ended = case.ended or today_here()
    return Notification(
        municipality=slug,
        channel=SOURCE,
        resource="zaak",
        action=POLLED,
        about=case.url,
        url=case.status,
        told_at=datetime(ended.year, ended.month, ended.day, tzinfo=UTC),
    )


def _doubted(slug: str, url: str, hour: datetime) -> Notification:
    return Notification(
        municipality=slug,
        channel=SOURCE,
        resource="zaak",
        action=POLLED,
        about=url,
        url=url,
        told_at=hour,
    )
