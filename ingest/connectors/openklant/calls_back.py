"""Follow a promise to call back: Open Klant tells of its internal task, and we look how it is.

A promise is counted when it was kept, or when its two days are over. Which promise it was is not
kept then; only a keyed code, for some weeks, so that it is not counted twice.
"""

from collections.abc import Mapping
from datetime import datetime

import asyncpg

from ingest.connectors.notifications.following import NotYet, Store, Thing
from ingest.connectors.openklant.api import OpenKlant
from ingest.connectors.openklant.contacts import TaskOfContact
from ingest.connectors.openklant.telling import Telling
from ingest.invitations.occasions import ContactEnded


class CallsBack:
    """Follows internal tasks, of every municipality that calls some of them calls back."""

    def __init__(self, known: Mapping[str, tuple[OpenKlant, Telling]]) -> None:
        """`known` is by the slug of a municipality."""
        self._known = known

    async def follow(self, thing: Thing, *, now: datetime) -> Store | None:
        """Raises `NotNow`, or `NotYet` for a promise whose days are not over."""
        open_klant, telling = self._known.get(thing.municipality, (None, None))
        if open_klant is None or telling is None or telling.contacts.callbacks is None:
            return None
        uuid = open_klant.task_at(thing.about)
        task = await open_klant.task(uuid) if uuid else None
        # One that is gone, and any other task than a call back: nobody was promised anything.
        if task is None or not task.is_call_back(telling.contacts.callbacks):
            return None
        ended = await _ended(open_klant, telling, task, now)
        promise = telling.promise(task, now)
        if isinstance(promise, datetime):
            raise NotYet(promise)

        async def store(db: asyncpg.Connection) -> None:
            await telling.store(db, ended, [promise] if promise else [], now=now)

        return store


async def _ended(
    open_klant: OpenKlant, telling: Telling, task: TaskOfContact, now: datetime
) -> list[ContactEnded]:
    """The contact that ended with this call back, once it did."""
    if task.done_at is None or task.aanleidinggevend_klantcontact is None:
        return []
    contact = await open_klant.contact(task.aanleidinggevend_klantcontact.uuid)
    told = telling.contact(contact, now) if contact else None
    return [told] if isinstance(told, ContactEnded) else []
