"""Open Klant's API: the calls that we make of it; of what comes back only what we read is kept."""

import ssl
from typing import TypeVar
from urllib.parse import quote, urlencode
from uuid import UUID

import msgspec

from ingest.connectors.openklant.contacts import Contact, TaskOfContact
from ingest.municipalities.contacts import Contacts
from ingest.outgoing.client import Client, PerhapsSent
from ingest.outgoing.connecting import NotSent
from ingest.senders.provider_keys import ProviderKey

PAGE = 50
"""Contacts in one answer: of each some 5 kB comes, with its people and tasks."""

_MOST_BYTES = 2_000_000
_MOST_SECONDS = 10.0
_EXPANDED = ("hadBetrokkenen", "hadBetrokkenen.digitaleAdressen", "leiddeTotInterneTaken")

Read = TypeVar("Read")


class Away(Exception):
    """It could not be asked, or did not answer as it should; `reason` is a code of ours."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Page(msgspec.Struct, frozen=True):
    """One page of contacts, each still as it came; `next` is an address that we do not follow."""

    results: list[msgspec.Raw]
    next: str | None = None

    def __repr__(self) -> str:
        return f"Page({len(self.results)})"


class OpenKlant:
    """One Open Klant, asked as its municipality's file says. `tls` says whom to trust."""

    def __init__(self, contacts: Contacts, *, tls: ssl.SSLContext | None = None) -> None:
        self.contacts = contacts
        self.key = ProviderKey(contacts.key_file)
        self._client = Client(
            contacts.url,
            private=contacts.private_network,
            tls=tls,
            most_seconds=_MOST_SECONDS,
            most_bytes=_MOST_BYTES,
        )

    async def page(self, number: int) -> Page:
        """Contacts by telephone in which somebody was reached, not confidential, the last to be
        written down first. Raises `Away`.
        """
        asked = {
            "kanaal": self.contacts.channel,
            "indicatieContactGelukt": "true",
            "vertrouwelijk": "false",
            "expand": ",".join(_EXPANDED),
            "pageSize": str(PAGE),
            "page": str(number),
        }
        # While we read on, what is removed there makes the last page one that is no more.
        page = await self._get(f"/klantcontacten?{urlencode(asked, quote_via=quote)}", Page)
        return page or Page(results=[])

    async def contact(self, uuid: UUID) -> Contact | None:
        """One contact; None where there is none of this id. Raises `Away`."""
        return await self._get(f"/klantcontacten/{uuid}?expand={','.join(_EXPANDED)}", Contact)

    async def task(self, uuid: UUID) -> TaskOfContact | None:
        """One internal task; None where there is none of this id. Raises `Away`."""
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
        if self.key.secret is None:
            raise Away("key-unreadable")
        headers = {"Authorization": f"Token {self.key.secret}"}
        try:
            answer = await self._client.call("GET", target, headers=headers)
        except (NotSent, PerhapsSent) as failed:
            raise Away(failed.reason) from None
        match answer.status:
            case 200:
                try:
                    return msgspec.json.decode(answer.body, type=kind)
                except (msgspec.DecodeError, ValueError, RecursionError):
                    # Not chained: it may repeat what stood there.
                    raise Away("answer-unreadable") from None
            case 401 | 403:
                raise Away("key-refused")
            case 404:
                return None
            case 400:
                raise Away("question-refused")
            case status if status == 429 or 500 <= status <= 599:
                raise Away("provider-failed")
        raise Away("answer-unreadable")
