"""Ask every Open Klant for contacts that ended, each minute, and take each in once.

It can be asked for no period of time, so each time we read from the last contact that was written
down, back to those that we know. Once an hour, and after a start, we read on to those that are too
old to ask about: a contact may have been changed, or its call back done, after it was written down.
What was taken in before is known by its row (`meetpunt.occasion`); what is kept here only spares
work, and is gone after a restart.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import chain
from time import monotonic
from uuid import UUID

import asyncpg
import msgspec

from ingest.clock import now_in_utc
from ingest.connectors.notifications.following import NotNow
from ingest.connectors.openklant.api import OpenKlant, Page
from ingest.connectors.openklant.contacts import Contact, Read
from ingest.connectors.openklant.telling import Telling
from ingest.database.acknowledged import HEAR_WARNINGS
from ingest.invitations.moments import read_moment
from ingest.invitations.occasions import ContactEnded
from ingest.municipalities.municipality import Municipality
from ingest.running import metrics
from ingest.running.logs import log
from ingest.tasks.failing import Failing
from ingest.tasks.leases import LeaseLost
from ingest.tasks.names import TaskName
from ingest.tasks.neighbours import Kind, Neighbours
from ingest.tasks.sharing import Shared
from ingest.tasks.upkeep import AWAY, Task

CONNECTOR = "contacts"
"""What these are called where messages of connectors are counted."""

WHOLE_SECONDS = 3600.0
"""So often everything is read that is young enough to ask about."""

MOST_SECONDS = 180.0
"""So long one Open Klant may take to tell; the others are asked meanwhile."""

# After the contact itself; what is done later we learn from its notification alone.
_CALLED_BACK_WITHIN = timedelta(days=7)
_OLD_PAGES = 3
# Of one Open Klant at once: 25,000 contacts. More is somebody's mistake, not a few days of calls.
_MOST_PAGES = 500


class Asked:
    """One municipality's Open Klant, and what is known of it between two times."""

    def __init__(
        self,
        open_klant: OpenKlant,
        telling: Telling,
        *,
        clock: Callable[[], float] = monotonic,
        most_seconds: float = MOST_SECONDS,
    ) -> None:
        """`clock` counts seconds."""
        self.open_klant = open_klant
        self._telling = telling
        self._slug = telling.municipality.slug
        self.code = {self._slug: telling.municipality.code}
        self.neighbours = Neighbours(Kind.CONTACTS, self.code, clock=clock)
        self._clock = clock
        self._most_seconds = most_seconds
        self._failing = Failing()
        self._settled: set[UUID] = set()
        self._open: set[UUID] = set()  # known, and to be looked at again
        self._whole_at: float | None = None
        self._not_before = float("-inf")
        self._oldest = _oldest(telling.municipality)

    async def read(self, shared: Shared, now: datetime) -> Counter[str]:
        """Take in what is new there `now` (UTC), as meetpunt_work; what was told, by how many.

        Takes `most_seconds` at most, and nothing is read while it failed a moment ago.
        Whatever it answers is logged, and raises nothing: another municipality's is asked all the
        same. Raises `LeaseLost`, and what a database raises that is away.
        """
        if self._clock() < self._not_before:
            return Counter()
        try:
            told = await self._read(shared, now)
        except (LeaseLost, *AWAY):
            raise
        except Exception as failure:
            self._not_before = self._clock() + self._failing.failed()
            told = Counter(away=1)
            self._tell_away(failure)
        else:
            self._failing.over()
            self.neighbours.well(self._slug)
        for verdict, many in told.items():
            metrics.connector_messages.labels(
                municipality=self._slug, connector=CONNECTOR, verdict=verdict
            ).inc(many)
        return told

    def _tell_away(self, failure: Exception) -> None:
        known = isinstance(failure, NotNow)
        reason = failure.reason if isinstance(failure, NotNow) else "failed"
        if self.neighbours.away(self._slug, reason):
            log(
                "contacts_away",
                level="warning" if known else "error",
                municipality=self._slug,
                reason=reason,
                exception=None if known else failure,
            )

    async def _read(self, shared: Shared, now: datetime) -> Counter[str]:
        begun = self._clock()
        until = monotonic() + self._most_seconds
        whole = self._whole_at is None or begun - self._whole_at >= WHOLE_SECONDS
        # Whoever is cut off on the way has to read all of it again: what is known then is known of
        # the first pages alone.
        before, self._whole_at = self._whole_at, None
        told: Counter[str] = Counter()
        met: set[UUID] = set()
        old_pages = 0
        for number in range(1, _MOST_PAGES + 1):
            page = await self._page(number, until)
            contacts, unreadable = read_page(page)
            told["unreadable"] += unreadable
            left = [each for each in contacts if each.uuid not in self._settled]
            new = {each.uuid for each in left} - self._open
            await self._take(shared, left, now, told)
            met.update(each.uuid for each in contacts)
            old_pages = 0 if any(self._is_young(each, now) for each in contacts) else old_pages + 1
            if not page.next or old_pages == _OLD_PAGES or not (whole or new):
                break
        else:
            log("contacts_endless", level="error", municipality=self._slug)
        self._whole_at = before
        if whole:
            self._whole_at = begun
            # Whatever is older is not met again.
            self._settled &= met
            self._open &= met
        return +told

    async def _page(self, number: int, until: float) -> Page:
        try:
            async with asyncio.timeout(max(until - monotonic(), 0)):
                return await self.open_klant.page(number)
        except TimeoutError:
            raise NotNow("too-slow") from None

    async def _take(
        self,
        shared: Shared,
        contacts: list[Contact],
        now: datetime,
        told: Counter[str],
    ) -> None:
        """Take these in; those that need not be looked at again are settled."""
        read = {each.uuid: self._telling.contact(each, now) for each in contacts}
        ended = [each for each in read.values() if isinstance(each, ContactEnded)]
        tasks = (each.expanded.leidde_tot_interne_taken for each in contacts)
        promises = self._telling.promises(chain.from_iterable(tasks), now)
        if ended or promises:
            async with shared.storing() as db:
                await self._telling.store(db, ended, promises, now=now)
        still = {uuid for uuid, each in read.items() if each == "call-back-open"}
        # What waits is met each minute, and counted once.
        known = still & self._open
        told.update(_verdict(each) for uuid, each in read.items() if uuid not in known)
        self._open = (self._open | still) - (read.keys() - still)
        self._settled |= read.keys() - still

    def _is_young(self, contact: Contact, now: datetime) -> bool:
        moment = read_moment(contact.plaatsgevonden_op or "")
        return moment is not None and now - moment <= self._oldest


def asking(
    everybody: Sequence[Asked],
    *,
    seconds: float | None = None,
    clock: Callable[[], datetime] = now_in_utc,
) -> Task:
    """The task that asks each of them, beside each other, by `clock`. As meetpunt_work."""

    codes = dict(chain.from_iterable(each.code.items() for each in everybody))
    neighbours = Neighbours(Kind.CONTACTS, codes)
    for each in everybody:
        each.neighbours = neighbours

    async def work(db: asyncpg.Connection, holder: UUID) -> None:
        await db.execute(HEAR_WARNINGS)
        await neighbours.recall(db)
        shared = Shared(db, TaskName.POLL_CONTACTS, holder)

        async def ask(each: Asked) -> None:
            await each.read(shared, clock())

        await shared.side_by_side([ask(each) for each in everybody])
        await neighbours.write_down(db, TaskName.POLL_CONTACTS, holder)

    return Task(name=TaskName.POLL_CONTACTS, work=work, seconds=seconds)


def _oldest(municipality: Municipality) -> timedelta:
    """How long ago a contact was, at most, that is still looked at."""
    rules = [each.invitations for each in municipality.touchpoints if each.invitations]
    age = timedelta(hours=max((each.most_age_hours for each in rules), default=0))
    promises = municipality.contacts is not None and municipality.contacts.callbacks
    return age + _CALLED_BACK_WITHIN if promises else age


def read_page(page: Page) -> tuple[list[Contact], int]:
    """The contacts, and how many cannot be read."""
    contacts = []
    for raw in page.results:
        try:
            contacts.append(msgspec.json.decode(raw, type=Contact))
        except (msgspec.DecodeError, ValueError):
            continue
    return contacts, len(page.results) - len(contacts)


def _verdict(read: Read) -> str:
    if isinstance(read, ContactEnded):
        return "taken" if read.recipient else "no-number"
    return read
