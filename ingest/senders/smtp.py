"""Mail by a relay of the municipality or its provider, which signs it and sends it on.

A relay answers at once, or it has the mail: what bounces later comes back to `sent_from`.
"""

import asyncio
import re
import ssl
from datetime import UTC, datetime
from urllib.parse import urlsplit

import aiosmtplib

from ingest.outgoing.client import is_about_certificate, trusting_this_machine
from ingest.outgoing.connecting import Guard, NotSent
from ingest.outgoing.looking_up import system_lookup, type_of_lookup
from ingest.outgoing.places import address_of, is_private
from ingest.senders.mail import MailUnwritable, mail_of
from ingest.senders.provider_keys import ProviderKey
from ingest.senders.sender import (
    MOST_SECONDS,
    Accepted,
    Outcome,
    OutgoingMessage,
    RefusedForGood,
    RefusedForNow,
    Unknown,
)

_PORTS = {"smtp": 25, "smtps": 465}
# RFC 3463, 5.7.x: the relay does not do this for us, whoever it is for, until it is set right.
_NOT_FOR_US = re.compile(r"\A5\.7\.")


class Relay:
    """Where mail is handed over: `smtp://host:587` (STARTTLS) or `smtps://host`.

    In a network of one's own (`private`) it may be without encryption, and then without a password.
    """

    def __init__(
        self,
        url: str,
        *,
        private: bool = False,
        user: str = "",
        password: ProviderKey | None = None,
        tls: ssl.SSLContext | None = None,
        look_up: type_of_lookup = system_lookup,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("no relay: smtp:// or smtps://, and a host")
        self.host = parts.hostname
        self.port = parts.port or _PORTS[parts.scheme]
        self.encrypted = parts.scheme == "smtps"
        self.user = user
        self.password = password
        self.tls = tls or trusting_this_machine("smtp")
        self.guard = Guard(private=private, look_up=look_up)


class Smtp:
    """Sends from the address `sent_from`, in the name of the municipality."""

    kinds = frozenset({"mailto"})
    receipts = False

    def __init__(
        self, relay: Relay, sent_from: str, *, most_seconds: float = MOST_SECONDS - 5
    ) -> None:
        self._relay = relay
        self._sent_from = sent_from
        self._most_seconds = most_seconds

    @property
    def account(self) -> str:
        """The relay, and as whom it is called."""
        return f"smtp {self._relay.host}:{self._relay.port} {self._relay.user}"

    async def send(self, message: OutgoingMessage) -> Outcome:
        """Hand the mail over on a connection of its own."""
        if message.recipient.scheme not in self.kinds:
            return RefusedForGood("kind-not-sent")
        try:
            mail = mail_of(message, sent_from=self._sent_from, now=datetime.now(UTC))
        except MailUnwritable:
            return RefusedForGood("message-refused")
        handing_over = _HandingOver(self._relay, self._sent_from)
        try:
            async with asyncio.timeout(self._most_seconds):
                return await handing_over.of(mail, message.recipient.address)
        except NotSent as not_sent:
            return RefusedForNow(not_sent.reason)
        except aiosmtplib.SMTPResponseException as refused:
            return handing_over.refused(refused)
        except TimeoutError:
            return handing_over.broken("no-answer")
        except (aiosmtplib.SMTPException, OSError) as broken:
            if is_about_certificate(broken):
                return RefusedForNow("certificate-refused")
            return handing_over.broken("connection-lost")

    async def look_up(self, reference: str, provider_reference: str | None) -> Outcome | None:
        """Nobody can be asked."""
        return None

    async def close(self) -> None:
        """Nothing is open."""


def may_be_clear(peer: str) -> bool:
    """Whether mail may go to this address without encryption: nobody else's network is between."""
    return is_private(address_of(peer))


class _HandingOver:
    """One mail on its way into a relay, and how far it came."""

    def __init__(self, relay: Relay, sent_from: str) -> None:
        self._relay = relay
        self._sent_from = sent_from
        self._step = "greeting"

    async def of(self, mail: bytes, recipient: str) -> Outcome:
        relay = self._relay
        connection = await relay.guard.connect(relay.host, relay.port)
        in_the_clear = may_be_clear(connection.getpeername()[0])
        smtp = aiosmtplib.SMTP(
            hostname=relay.host,
            sock=connection,
            local_hostname=self._sent_from.rpartition("@")[2],
            use_tls=relay.encrypted,
            start_tls=False,
            timeout=None,
            tls_context=relay.tls,
        )
        try:
            await smtp.connect()
            if refused := await self._encrypted_and_known(smtp, in_the_clear):
                return refused
            self._step = "from"
            await smtp.mail(self._sent_from)
            self._step = "to"
            await smtp.rcpt(recipient)
            self._step = "mail"
            await smtp.data(mail)
            return Accepted()
        finally:
            # Without a QUIT: once the mail is taken nothing may make that doubtful.
            smtp.close()

    async def _encrypted_and_known(
        self, smtp: aiosmtplib.SMTP, in_the_clear: bool
    ) -> Outcome | None:
        relay = self._relay
        await smtp.ehlo()
        encrypted = relay.encrypted
        if not encrypted and smtp.supports_extension("starttls"):
            await smtp.starttls()
            await smtp.ehlo()
            encrypted = True
        if not encrypted and (not in_the_clear or relay.user):
            return RefusedForNow("no-encryption")
        if relay.user:
            if relay.password is None or relay.password.secret is None:
                return RefusedForNow("key-unreadable")
            self._step = "login"
            await smtp.login(relay.user, relay.password.secret)
        return None

    def broken(self, reason: str) -> Outcome:
        """Nothing is lost before the text of the mail is on its way."""
        return Unknown(reason) if self._step == "mail" else RefusedForNow("unreachable")

    def refused(self, refusal: aiosmtplib.SMTPResponseException) -> Outcome:
        """By the first digit: 4 is for now and 5 for good, where it is about this mail."""
        if self._step == "login":
            return RefusedForNow("key-refused")
        if self._step == "mail" and not 400 <= refusal.code <= 599:
            return Unknown("answer-unreadable")
        if not 500 <= refusal.code <= 599:
            return RefusedForNow("provider-busy")
        if self._step == "mail":
            return RefusedForGood("text-refused")
        if self._step == "to" and not _NOT_FOR_US.match(str(refusal.message)):
            return RefusedForGood("recipient-refused")
        return RefusedForNow("not-allowed")
