"""Take in what other systems notify us of: whose message it is, what of it is kept, and that.

Nothing is followed here: whoever notifies waits for the answer, and takes one that comes late for
none.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import asyncpg

from ingest.clock import day_of
from ingest.connectors.authentication import (
    ConnectorRefused,
    require_authentic,
    require_token,
    type_of_headers,
)
from ingest.connectors.keys import Key
from ingest.connectors.notifications.channels import Notification, Unheeded, read_notification
from ingest.connectors.notifications.statements import (
    NewNotification,
    is_full,
    store_notifications,
)
from ingest.database.acknowledged import acknowledged
from ingest.invitations.codes import InvitationCodes
from ingest.municipalities.municipality import Municipality
from ingest.running import metrics
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys

NOTIFICATIONS = "notifications"
"""What messages are counted under, in place of the name of a connector."""


class Inbox:
    """Where notifications of every municipality wait until they are followed."""

    def __init__(self, municipalities: Mapping[str, Municipality], keys: Keys) -> None:
        self._municipalities = municipalities
        self._codes = InvitationCodes(derived_keys(keys))

    async def has_room(self, db: asyncpg.Connection, municipality: str) -> bool:
        """Whether more may wait of this municipality, by its slug."""
        return not await is_full(db, self._municipalities[municipality].code)

    async def store(
        self, db: asyncpg.Connection, told: Sequence[Notification], *, now: datetime
    ) -> int:
        """Keep what is new of it, as part of the caller's transaction; how many that were."""
        if not told:
            return 0
        fresh = [self._new(each, now) for each in told]
        # Of what came twice in one message one is kept.
        return await store_notifications(db, list({each.code: each for each in fresh}.values()))

    def _new(self, told: Notification, now: datetime) -> NewNotification:
        municipality = self._municipalities[told.municipality].code
        what = (told.channel, told.resource, told.action, told.url, told.told_at.isoformat())
        return NewNotification(
            municipality=municipality,
            code=self._codes.of_notification(municipality, *what),
            since=day_of(now),
            channel=told.channel,
            resource=told.resource,
            action=told.action,
            about=told.about,
            url=told.url,
        )


class Notifications:
    """Takes notifications in, of every municipality that has `[notifications]`."""

    def __init__(self, municipalities: Mapping[str, Municipality], keys: Keys) -> None:
        self._municipalities = municipalities
        self._inbox = Inbox(municipalities, keys)
        self._keys = {
            slug: Key(each.notifications.key_file, municipality=slug)
            for slug, each in municipalities.items()
            if each.notifications is not None
        }

    def reread(self) -> None:
        """Read every key again."""
        for key in self._keys.values():
            key.read()

    def read(self, municipality: str, body: Mapping[str, object]) -> Notification | Unheeded:
        """What a message tells; `require` was asked before whether it is believed."""
        read = read_notification(self._municipalities[municipality], body)
        if isinstance(read, str):
            _count(municipality, read)
        return read

    def require(self, municipality: str, headers: type_of_headers, *, now: datetime) -> None:
        """Raises `ConnectorRefused`, the same where no notifications are taken, or
        `ConnectorUnready`.
        """
        there, key = self._municipalities.get(municipality), self._keys.get(municipality)
        if there is None or there.notifications is None or key is None:
            raise ConnectorRefused
        given = list(headers)
        try:
            require_authentic(None, key.secret, given, b"", now=now)
        except ConnectorRefused:
            require_token(there.notifications.client_id, key.secret, given, now=now)

    async def keep(self, db: asyncpg.Connection, told: Notification, *, now: datetime) -> bool:
        """Keep one, for good; False where so many wait that nothing was kept.

        Raises `NotReplicated`.
        """
        if not await self._inbox.has_room(db, told.municipality):
            _count(told.municipality, "full")
            return False
        async with acknowledged(db) as wait_for_replicas:
            if not await self._inbox.store(db, [told], now=now):
                await wait_for_replicas()
        _count(told.municipality, "taken")
        return True


def _count(municipality: str, verdict: str) -> None:
    metrics.connector_messages.labels(
        municipality=municipality, connector=NOTIFICATIONS, verdict=verdict
    ).inc()
