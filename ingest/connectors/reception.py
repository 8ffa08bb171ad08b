"""Receive what neighbours tell: whose message it is, what it says, and into the rules with it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import asyncpg
import msgspec

from ingest.asgi.json_bodies import BodyUnreadable, json_object
from ingest.connectors.authentication import ConnectorRefused, require_authentic, type_of_headers
from ingest.connectors.keys import Key
from ingest.connectors.notifications.reception import Notifications
from ingest.connectors.telephony.calls import CallUnreadable, NoContact, read_call
from ingest.database.acknowledged import acknowledged
from ingest.invitations.occasions import ContactEnded
from ingest.invitations.taking import Taking
from ingest.municipalities.connecting import Connector
from ingest.municipalities.municipality import Municipality
from ingest.running import metrics
from ingest.tokens.keys import Keys

Told = Literal["taken", "no-number"] | NoContact
"""What a platform is told; what the rules decide about somebody is not."""


class _Known(msgspec.Struct, frozen=True):
    """A connector of a municipality, and the key of whoever may use it."""

    municipality: str
    connector: Connector
    key: Key


class Connectors:
    """Every connector of every municipality."""

    def __init__(
        self, municipalities: Mapping[str, Municipality], taking: Taking, keys: Keys
    ) -> None:
        self._taking = taking
        self._known = {
            (slug, name): _Known(slug, connector, Key(connector.key_file, municipality=slug))
            for slug, municipality in municipalities.items()
            for name, connector in municipality.connectors.items()
        }
        self.notifications = Notifications(municipalities, keys)

    def reread(self) -> None:
        """Read every key again."""
        for each in self._known.values():
            each.key.read()
        self.notifications.reread()

    def read(
        self,
        municipality: str,
        name: str,
        headers: type_of_headers,
        body: bytes,
        *,
        now: datetime,
    ) -> ContactEnded | NoContact:
        """What a message tells. Raises `ConnectorRefused`, the same for a connector that is not
        there, `ConnectorUnready`, `BodyUnreadable` or `CallUnreadable`.
        """
        known = self._known.get((municipality, name))
        if known is None:
            raise ConnectorRefused
        require_authentic(known.connector.signature, known.key.secret, headers, body, now=now)
        try:
            read = read_call(known.connector, json_object(body), municipality=municipality, now=now)
        except (BodyUnreadable, CallUnreadable):
            _count(known, "unreadable")
            raise
        _count(known, read if isinstance(read, str) else _told_of(read))
        return read

    async def take(self, db: asyncpg.Connection, contact: ContactEnded, *, now: datetime) -> Told:
        """Take a contact in, for good. Raises `NotReplicated`."""
        async with acknowledged(db) as wait_for_replicas:
            async with db.transaction():
                (taken,) = await self._taking.take_in(db, [contact], now=now)
            if taken == "again":
                await wait_for_replicas()
        return _told_of(contact)


def _told_of(contact: ContactEnded) -> Literal["taken", "no-number"]:
    return "taken" if contact.recipient else "no-number"


def _count(known: _Known, verdict: str) -> None:
    metrics.connector_messages.labels(
        municipality=known.municipality, connector=known.connector.name, verdict=verdict
    ).inc()
