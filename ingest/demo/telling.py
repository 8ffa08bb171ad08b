"""Plays neighbour systems: tells that contacts ended, and waits for their messages to arrive.

What is told goes the way of any real one: the connector or the API's own part, the rules of the
touchpoint, the outbox, the sender.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec

from ingest.database.acknowledged import acknowledged
from ingest.demo.delivered import Delivered
from ingest.demo.neighbours import voys
from ingest.demo.neighbours.openklant import ContactRegister
from ingest.demo.neighbours.openzaak import CaseRegister
from ingest.demo.neighbours.residents import list_of_residents, made_up_address, made_up_number
from ingest.demo.neighbours.signalen import ReportSystem
from ingest.demo.played import CALLED, CONNECTOR
from ingest.demo.reader_roles import SHOWN
from ingest.invitations.contact_lists import read_list
from ingest.senders.file import WrittenMessage
from ingest.service import Service
from ingest.texts.page_texts import wording
from ingest.tokens.derived_keys import derived_keys


class NotArrived(Exception):
    """It was told, and no message came of it yet."""


class Neighbours:
    """The systems around the municipality. `clock` tells the time in the demo."""

    def __init__(
        self,
        service: Service,
        messages: Delivered,
        *,
        key: str,
        list_file: Path,
        reports: ReportSystem,
        cases: CaseRegister,
        contacts: ContactRegister,
        clock: Callable[[], datetime],
        patience_seconds: float = 6.0,
    ) -> None:
        """`key` is what other systems show; a list of residents lies in `list_file`."""
        self.reports = reports
        self.cases = cases
        self.contacts = contacts
        self._service = service
        self._messages = messages
        self._headers = ((b"authorization", f"Bearer {key}".encode()),)
        self._list_file = list_file
        self._clock = clock
        self._patience_seconds = patience_seconds

    async def end_call(self) -> Sequence[WrittenMessage]:
        """A call has ended. Raises `NotArrived` and `WriterUnavailable`."""
        number, now = made_up_number(), self._clock()
        body = msgspec.json.encode(voys.call_ended(number, called=CALLED, now=now))
        connectors = self._service.connectors
        contact = connectors.read(SHOWN, CONNECTOR, self._headers, body, now=now)
        if isinstance(contact, str):
            raise NotArrived
        async with self._service.database() as db:
            await connectors.take(db, contact, now=now)
        return await self._arrived([number])

    async def close_report(self, language: str) -> Sequence[WrittenMessage]:
        """A report about a street light was closed: the report system mails who made it.

        The line in that mail is what `meetpunt connect signalen` gives, when it is filled in.
        """
        municipality = self._service.catalogue.municipality(SHOWN)
        touchpoint = self._service.catalogue.touchpoint(SHOWN, "melding")
        rules = touchpoint.invitations
        if rules is None:
            raise NotArrived
        base_url = self._service.options.base_url or municipality.base_url
        query = f"?soort=verlichting&lang={language}"
        link = f"{base_url}/melding/{touchpoint.path}/{self.reports.close()}{query}"
        mail = wording(rules.mail, language).format(name=municipality.name, link=link)
        message = WrittenMessage(
            reference=str(uuid4()),
            at=datetime.now(UTC),
            kind="mailto",
            to=made_up_address(),
            sent_from=municipality.name,
            language=language if language in rules.mail else next(iter(rules.mail)),
            link=link,
            subject=wording(rules.subject, language),
            plain=mail,
        )
        await asyncio.to_thread(self._messages.write, message)
        return [message]

    async def close_case(self) -> Sequence[WrittenMessage]:
        """A case was closed: Open Notificaties says where to look, and the case says whom to ask.

        Raises `NotArrived` and `WriterUnavailable`.
        """
        address, now = made_up_address(), self._clock()
        return await self._notified(self.cases.close(address, now=now), address, now)

    async def call_back(self) -> Sequence[WrittenMessage]:
        """A promise to call back was kept: Open Klant tells of its task, and knows who was called.

        Raises `NotArrived` and `WriterUnavailable`.
        """
        number, now = made_up_number(), self._clock()
        return await self._notified(self.contacts.call_back(number, now=now), number, now)

    async def invite_list(self) -> Sequence[WrittenMessage]:
        """A list of ten residents is sent, as `meetpunt invitations send` does it.

        The file stays, to send it once more. Raises `NotArrived` and `WriterUnavailable`.
        """
        now = self._clock()
        await asyncio.to_thread(self._list_file.write_text, list_of_residents(now), "utf-8")
        touchpoint = self._service.catalogue.touchpoint(SHOWN, "telefonie")
        key = derived_keys(self._service.keys).occasions
        contacts = read_list(self._list_file, touchpoint, key).contacts
        async with self._service.database() as db, acknowledged(db), db.transaction():
            await self._service.taking.take_in(db, contacts, now=now)
        return await self._arrived([each.recipient.address for each in contacts if each.recipient])

    async def _notified(
        self, message: Mapping[str, Any], address: str, now: datetime
    ) -> Sequence[WrittenMessage]:
        """Open Notificaties hands this on, and a message comes of it."""
        inbox = self._service.connectors.notifications
        inbox.require(SHOWN, self._headers, now=now)
        told = inbox.read(SHOWN, message)
        if isinstance(told, str):
            raise NotArrived
        async with self._service.database() as db:
            await inbox.keep(db, told, now=now)
        return await self._arrived([address])

    async def _arrived(self, addresses: Sequence[str]) -> Sequence[WrittenMessage]:
        """A message to each, in their order."""
        found = await self._messages.arrived(addresses, within_seconds=self._patience_seconds)
        if len(found) < len(addresses):
            raise NotArrived
        return [found[each] for each in addresses]
