"""Receive what neighbours tell: whose message it is, what it says, and into the rules with it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import asyncpg
import msgspec

from ingest.asgi.json_bodies import BodyUnreadable, json_object
from ingest.connectors.authentication import ConnectorRefused, require_authentic, type_of_headers
from ingest.connectors.telephony.calls import CallUnreadable, NoContact, read_call
from ingest.database.acknowledged import acknowledged
from ingest.invitations.occasions import ContactEnded
from ingest.invitations.taking import Taking
from ingest.municipalities.connecting import FEWEST_KEY_CHARACTERS, Connector
from ingest.municipalities.municipality import Municipality
from ingest.running import metrics
from ingest.running.logs import log
from ingest.senders.provider_keys import ProviderKey

Told = Literal["taken", "no-number"] | NoContact
"""What a platform is told; what the rules decide about somebody is not."""


class ConnectorUnready(Exception):
    """The connector's key cannot be read here, so nobody can be believed; see the log."""

    retry_after_seconds = 60


class _Known(msgspec.Struct, frozen=True):
    """A connector of a municipality, and the key of whoever may use it."""

    municipality: str
    connector: Connector
    key: ProviderKey

    @property
    def secret(self) -> str:
        """Raises `ConnectorUnready` for none, and for one that somebody could guess."""
        secret = self.key.secret or ""
        if len(secret) < FEWEST_KEY_CHARACTERS:
            raise ConnectorUnready
        return secret

    def tell_of_a_short_key(self) -> None:
        """A key that is not there is told of by whoever reads it."""
        if self.key.secret is not None and len(self.key.secret) < FEWEST_KEY_CHARACTERS:
            reason = (
                f"a key has at least {FEWEST_KEY_CHARACTERS} characters: {self.connector.key_file}"
            )
            log("connector_key_short", level="error", municipality=self.municipality, reason=reason)


class Connectors:
    """Every connector of every municipality."""

    def __init__(self, municipalities: Mapping[str, Municipality], taking: Taking) -> None:
        self._taking = taking
        self._known = {
            (slug, name): _Known(slug, connector, ProviderKey(connector.key_file))
            for slug, municipality in municipalities.items()
            for name, connector in municipality.connectors.items()
        }
        for each in self._known.values():
            each.tell_of_a_short_key()

    def reread(self) -> None:
        """Read every key again."""
        for each in self._known.values():
            each.key.read()
            each.tell_of_a_short_key()

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
        require_authentic(known.connector.signature, known.secret, headers, body, now=now)
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
