"""Open Klant's API: the calls that we make of it; of what comes back only what we read is kept."""

import ssl
from typing import TypeVar
from urllib.parse import quote, urlencode
from uuid import UUID

import msgspec

from ingest.connectors.keys import ConnectorUnready, Key
from ingest.connectors.notifications.following import NotNow
from ingest.connectors.openklant.contacts import Contact, TaskOfContact
from ingest.municipalities.contacts import Contacts
from ingest.outgoing.client import Client, PerhapsSent
from ingest.outgoing.connecting import NotSent

PAGE = 50
"""Contacts in one answer: of each some 5 kB comes, with its people and tasks."""

_MOST_BYTES = 2_000_000
_MOST_SECONDS = 10.0
_EXPANDED = ("hadBetrokkenen", "hadBetrokkenen.digitaleAdressen", "leiddeTotInterneTaken")

_REASONS = {400: "question-refused", 401: "key-refused", 403: "key-refused", 429: "too-many"}

Read = TypeVar("Read")


class Page(msgspec.Struct, frozen=True):
    """One page of contacts, each still as it came; `next` is an address that we do not follow."""

    results: list[msgspec.Raw]
    next: str | None = None

    def __repr__(self) -> str:
        return f"Page({len(self.results)})"


class _Count(msgspec.Struct, frozen=True):
    count: int


class OpenKlant:
    """One Open Klant, asked as its municipality's file says. `tls` says whom to trust."""

    def __init__(self, contacts: Contacts, key: Key, *, tls: ssl.SSLContext | None = None) -> None:
        self.contacts = contacts
        self._key = key
        self._client = Client(
            contacts.url,
            private=contacts.private_network,
            tls=tls,
            most_seconds=_MOST_SECONDS,
            most_bytes=_MOST_BYTES,
        )

    async def page(self, number: int) -> Page:
        """Contacts by telephone in which somebody was reached, not confidential, the last to be
        written down first. Raises `NotNow`.
        """
        asked = {
            "kanaal": self.contacts.channel,
            "indicatieContactGelukt": "true",
            "vertrouwelijk": "false",
            "expand": ",".join(_EXPANDED),
            "pageSize": str(PAGE),
            "page": str(number),
        }
        page = await self._get(f"/klantcontacten?{urlencode(asked, quote_via=quote)}", Page)
        if page is None and number == 1:
            raise NotNow("not-found")
        # While we read on, what is removed there makes the last page one that is no more.
        return page or Page(results=[])

    async def count(self, **filters: str) -> int:
        """How many contacts there are by these filters alone. Raises `NotNow`."""
        counted = await self._get(
            f"/klantcontacten?{urlencode(filters | {'pageSize': '1'})}", _Count
        )
        if counted is None:
            raise NotNow("not-found")
        return counted.count

    async def contact(self, uuid: UUID) -> Contact | None:
        """One contact; None where there is none of this id. Raises `NotNow`."""
        return await self._get(f"/klantcontacten/{uuid}?expand={','.join(_EXPANDED)}", Contact)

    async def task(self, uuid: UUID) -> TaskOfContact | None:
        """One internal task; None where there is none of this id. Raises `NotNow`."""
        return await self._get(f"/internetaken/{uuid}", TaskOfContact)

    def task_at(self, address: str) -> UUID | None:
        """Which internal task this address names; None where it is not one of this Open Klant."""
        before, _, last = address.rpartition("/")
        if before != f"{self.contacts.url}/internetaken":
            return None
        try:
            uuid = UUID(last)
        except ValueError:
            return None
        return uuid if str(uuid) == last else None

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.close()

    async def _get(self, target: str, kind: type[Read]) -> Read | None:
        try:
            headers = {"Authorization": f"Token {self._key.secret}"}
        except ConnectorUnready:
            raise NotNow("key-unreadable") from None
        try:
            answer = await self._client.call("GET", target, headers=headers)
        except (NotSent, PerhapsSent) as failed:
            raise NotNow(failed.reason) from None
        match answer.status:
            case 200:
                try:
                    return msgspec.json.decode(answer.body, type=kind)
                except (msgspec.DecodeError, ValueError, RecursionError):
                    # Not chained: it may repeat what stood there.
                    raise NotNow("answer-unreadable") from None
            case 404:
                return None
            case status if status >= 500:
                raise NotNow("system-failed")
        raise NotNow(_REASONS.get(answer.status, "answer-unreadable"))
