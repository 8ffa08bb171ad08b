"""Ask every Open Klant for contacts that ended, each minute, and take each in once.

It can be asked for no period of time, so each time we read from the last contact that was written
down, back to those that we know. Once an hour, and after a start, we read on to those that are too
old to ask about: a contact may have been changed, or its call back done, after it was written down.
What was taken in before is known by its row (`meetpunt.occasion`); what is kept here only spares
work, and is gone after a restart.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

import asyncpg
import msgspec

from ingest.connectors.openklant.api import Away, OpenKlant, Page
from ingest.connectors.openklant.contacts import Contact, Read, read_contact
from ingest.database.acknowledged import acknowledged
from ingest.invitations.moments import read_moment
from ingest.invitations.occasions import ContactEnded
from ingest.invitations.taking import Taking
from ingest.municipalities.municipality import Municipality
from ingest.running import metrics
from ingest.running.logs import log
from ingest.tasks.failing import Failing

CONNECTOR = "contacts"
"""What these are called where messages of connectors are counted."""

WHOLE_SECONDS = 3600.0
"""So often everything is read that is young enough to ask about."""

# After the contact itself; what is done later we learn from its notification alone.
_CALLED_BACK_WITHIN = timedelta(days=7)
_OLD_PAGES = 3
# Of one Open Klant at once: 100,000 contacts. More is somebody's mistake, not a few days of calls.
_MOST_PAGES = 2000


class Asked:
    """One municipality's Open Klant, and what is known of it between two times."""

    def __init__(
        self,
        municipality: Municipality,
        open_klant: OpenKlant,
        taking: Taking,
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`clock` counts seconds."""
        self.municipality = municipality
        self.open_klant = open_klant
        self.failing = Failing()
        self._taking = taking
        self._clock = clock
        self._settled: set[UUID] = set()
        self._whole_at: float | None = None
        self._not_before = float("-inf")
        self._oldest = _oldest(municipality)

    async def read(self, db: asyncpg.Connection, now: datetime) -> Counter[str]:
        """Take in what is new there `now` (UTC), as meetpunt_work; what was told, by how many.

        Nothing while it failed a moment ago. What it answers wrongly is logged, and raises nothing:
        another municipality's is asked all the same.
        """
        if self._clock() < self._not_before:
            return Counter()
        try:
            told = await self._read(db, now)
        except Away as away:
            self._not_before = self._clock() + self.failing.failed()
            _count(self.municipality, Counter(away=1))
            if self.failing.told.is_news(away.reason):
                slug = self.municipality.slug
                log("contacts_away", level="warning", municipality=slug, reason=away.reason)
            return Counter(away=1)
        if self.failing.over():
            log("contacts_back", municipality=self.municipality.slug)
        _count(self.municipality, told)
        return told

    async def _read(self, db: asyncpg.Connection, now: datetime) -> Counter[str]:
        begun = self._clock()
        whole = self._whole_at is None or begun - self._whole_at >= WHOLE_SECONDS
        # Whoever is cut off on the way has to read all of it again: what is known then is known of
        # the first pages alone.
        before, self._whole_at = self._whole_at, None
        told: Counter[str] = Counter()
        settled: set[UUID] = set()
        old_pages = 0
        for number in range(1, _MOST_PAGES + 1):
            page = await self.open_klant.page(number)
            contacts, unreadable = _read_page(page)
            told["unreadable"] += unreadable
            new = [each for each in contacts if each.uuid not in self._settled]
            settled |= {each.uuid for each in contacts if each.uuid in self._settled}
            settled |= await self._take(db, new, now, told)
            self._settled |= settled
            old_pages = 0 if any(map(self._is_young(now), contacts)) else old_pages + 1
            if not page.next or old_pages == _OLD_PAGES or not (whole or new):
                break
        else:
            log("contacts_endless", level="error", municipality=self.municipality.slug)
        self._whole_at = before
        if whole:
            # Whatever is older is not met again.
            self._settled, self._whole_at = settled, begun
        return +told

    async def _take(
        self, db: asyncpg.Connection, contacts: list[Contact], now: datetime, told: Counter[str]
    ) -> set[UUID]:
        """Take these in; returns the ids of those that need not be looked at again."""
        read = {each.uuid: self._meant(each, now) for each in contacts}
        ended = [each for each in read.values() if isinstance(each, ContactEnded)]
        if ended:
            async with acknowledged(db), db.transaction():
                await self._taking.take_in(db, ended, now=now)
        told.update(_verdict(each) for each in read.values())
        return {uuid for uuid, each in read.items() if each != "call-back-open"}

    def _meant(self, contact: Contact, now: datetime) -> Read:
        return read_contact(
            self.open_klant.contacts,
            contact,
            municipality=self.municipality.slug,
            holidays=self.municipality.invitations.holidays,
            now=now,
        )

    def _is_young(self, now: datetime) -> Callable[[Contact], bool]:
        def is_young(contact: Contact) -> bool:
            moment = read_moment(contact.plaatsgevonden_op or "")
            return moment is not None and now - moment <= self._oldest

        return is_young


def asked(municipalities: Mapping[str, Municipality], taking: Taking) -> list[Asked]:
    """Every Open Klant that a municipality's file names."""
    return [
        Asked(each, OpenKlant(each.contacts), taking)
        for each in municipalities.values()
        if each.contacts is not None
    ]


async def poll(db: asyncpg.Connection, everybody: list[Asked], now: datetime) -> Counter[str]:
    """Ask each of them, one after the other; `db` is a connection as meetpunt_work."""
    told: Counter[str] = Counter()
    for each in everybody:
        told += await each.read(db, now)
    return told


def _oldest(municipality: Municipality) -> timedelta:
    """How long ago a contact was, at most, that is still looked at."""
    rules = [each.invitations for each in municipality.touchpoints if each.invitations]
    age = timedelta(hours=max((each.most_age_hours for each in rules), default=0))
    promises = municipality.contacts is not None and municipality.contacts.callbacks
    return age + _CALLED_BACK_WITHIN if promises else age


def _read_page(page: Page) -> tuple[list[Contact], int]:
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


def _count(municipality: Municipality, told: Counter[str]) -> None:
    for verdict, many in told.items():
        metrics.connector_messages.labels(
            municipality=municipality.slug, connector=CONNECTOR, verdict=verdict
        ).inc(many)
