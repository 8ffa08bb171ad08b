"""What one municipality's contacts and promises become: taken in, and counted, each once."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import asyncpg

from ingest.clock import day_of
from ingest.connectors.openklant.contacts import (
    SOURCE,
    Contact,
    Promise,
    Read,
    Task,
    read_contact,
    read_promise,
)
from ingest.invitations.occasions import ContactEnded
from ingest.invitations.taking import Taking
from ingest.municipalities.contacts import Contacts
from ingest.municipalities.municipality import Municipality
from ingest.operational.storing import count_promise


class Telling:
    """Reads what one municipality's Open Klant says, and stores what comes of it."""

    def __init__(self, municipality: Municipality, contacts: Contacts, taking: Taking) -> None:
        self.municipality = municipality
        self.contacts = contacts
        self._taking = taking
        self._holidays = municipality.invitations.holidays

    def contact(self, contact: Contact, now: datetime) -> Read:
        """What a contact tells, `now` (UTC)."""
        return read_contact(
            self.contacts,
            contact,
            municipality=self.municipality.slug,
            holidays=self._holidays,
            now=now,
        )

    def promise(self, task: Task, now: datetime) -> Promise | datetime | None:
        """What became of a promise by `now` (UTC), or until when that is to be seen."""
        if self.contacts.callbacks is None:
            return None
        return read_promise(self.contacts.callbacks, task, holidays=self._holidays, now=now)

    def promises(self, tasks: Iterable[Task], now: datetime) -> list[Promise]:
        """Those of which it is known by `now` (UTC)."""
        told = (self.promise(task, now) for task in tasks)
        return [each for each in told if isinstance(each, Promise)]

    async def store(
        self,
        db: asyncpg.Connection,
        ended: Sequence[ContactEnded],
        promises: Sequence[Promise],
        *,
        now: datetime,
    ) -> None:
        """Take these in, and count those, in the caller's `acknowledged` transaction.

        As meetpunt_work; `now` is in UTC. Told again, nothing happens.
        """
        if ended:
            await self._taking.take_in(db, ended, now=now)
        for promise in promises:
            about = f"promise/{promise.task}"
            slug = self.municipality.slug
            if await self._taking.is_first(db, slug, SOURCE, about, now=now):
                await count_promise(
                    db,
                    self.municipality.code,
                    self._channel,
                    day_of(promise.promised_at),
                    kept=promise.kept,
                    now=now,
                )

    @property
    def _channel(self) -> str:
        """The figure stands beside the marks of the touchpoint that calls back lead to."""
        callbacks = self.contacts.callbacks
        slug = callbacks.queue.touchpoint if callbacks else ""
        return next(each.channel for each in self.municipality.touchpoints if each.slug == slug)
