"""The two ways in which somebody is told of signals: one call each, and what came of it."""

import re
import ssl
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

import msgspec

from ingest.clock import day_of
from ingest.followup.pushing.saying import TYPE, body_of, mail_of_signals
from ingest.followup.pushing.signing import key_of, signed_headers
from ingest.followup.pushing.statements import Count
from ingest.invitations.occasions import Recipient
from ingest.municipalities.departments import Department
from ingest.municipalities.municipality import Municipality
from ingest.municipalities.pushing import Digest, Pushing, Webhook
from ingest.outgoing.client import Answer, Client, PerhapsSent
from ingest.outgoing.connecting import NotSent
from ingest.senders.provider_keys import ProviderKey
from ingest.senders.sender import (
    Accepted,
    Outcome,
    OutgoingMessage,
    RefusedForGood,
    RefusedForNow,
)
from ingest.senders.senders import Senders

DONE, REFUSED = "done", "refused"
MOST_SECONDS = 15.0
"""A webhook has so long: programs that ask another one first take their time."""

# Its answer is read for its status alone; some say more than they have to.
_MOST_BYTES = 1_000_000
_MOST_PAUSE = timedelta(hours=6)


class NotTold(Exception):
    """Nobody knows that it was told: it is told again. `reason` is a code of ours.

    With `gone` the address says that there is nothing any more. `pause` is what was asked of us.
    """

    def __init__(self, reason: str, *, pause: timedelta = timedelta(0), gone: bool = False) -> None:
        self.reason = reason
        self.pause = min(pause, _MOST_PAUSE)
        self.gone = gone
        super().__init__(reason)


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What is told. `id` is that of its delivery, the same at every try."""

    id: str
    counts: list[Count]
    made: datetime
    kind: str = TYPE


class CalledWebhook:
    """The webhook of one municipality; its secrets are read at start, and when told to."""

    def __init__(
        self,
        municipality: Municipality,
        pushing: Pushing,
        webhook: Webhook,
        *,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._municipality, self._pushing, self._webhook = municipality, pushing, webhook
        files = (webhook.key_file, webhook.former_key_file)
        self._keys = [ProviderKey(path) for path in files if path]
        self._tls = tls

    def reread(self) -> None:
        """Read the secrets again."""
        for key in self._keys:
            key.read()

    @property
    def signs(self) -> list[bytes]:
        """The keys to sign with, the newest first; what cannot be read is left out."""
        read = (key_of(each.secret) for each in self._keys if each.secret)
        return [key for key in read if key is not None]

    async def call(self, message: Message, *, now: datetime) -> str:
        """Tell it once: DONE. Raises `NotTold`. `now` has a time zone."""
        keys = self.signs
        if not keys:
            raise NotTold("key-unreadable")
        body = body_of(
            self._municipality,
            message.counts,
            made=message.made,
            today=day_of(now),
            follow_up_url=self._pushing.follow_up_url,
            kind=message.kind,
        )
        headers = {
            "Content-Type": "application/json",
            **signed_headers(message.id, int(now.timestamp()), body, keys),
        }
        client, target = client_of(self._webhook, tls=self._tls)
        try:
            answer = await client.call("POST", target, headers=headers, body=body)
        except (NotSent, PerhapsSent) as failed:
            raise NotTold(failed.reason) from None
        finally:
            await client.close()
        return _said(answer)


class MailedDigest:
    """Mail to the departments of one municipality."""

    def __init__(
        self, municipality: Municipality, pushing: Pushing, mail: Digest, senders: Senders
    ) -> None:
        self._municipality, self._pushing, self._mail = municipality, pushing, mail
        self._senders = senders

    async def send(self, message: Message, department: str | None, *, now: datetime) -> str | None:
        """Send it once: DONE or REFUSED; None where nobody has a mailbox for it any more.

        Raises `NotTold`: it may have gone out, with the same Message-ID as the next time.
        """
        mailbox = self._mailbox(department)
        if not mailbox:
            return None
        mail = mail_of_signals(
            self._municipality,
            self._department(department),
            message.counts,
            today=day_of(now),
            follow_up_url=self._pushing.follow_up_url,
        )
        try:
            sender = self._senders.of(self._municipality.slug, self._mail.sender)
        except LookupError:
            return None
        outgoing = OutgoingMessage(
            reference=message.id,
            recipient=Recipient(scheme="mailto", address=mailbox),
            language="nl",
            name=f"Gemeente {self._municipality.name}",
            link=self._pushing.follow_up_url,
            subject=mail.subject,
            plain=mail.plain,
        )
        return _became(await sender.send(outgoing))

    def _department(self, slug: str | None) -> Department | None:
        departments = self._municipality.departments
        return next((each for each in departments if each.slug == slug), None)

    def _mailbox(self, slug: str | None) -> str:
        """Of a department that has none any more: who is told of the rest."""
        department = self._department(slug)
        return (department.mail if department else None) or self._mail.to


def client_of(webhook: Webhook, *, tls: ssl.SSLContext | None = None) -> tuple[Client, str]:
    """Calls that host alone; and what to call there, a query and all."""
    parts = urlsplit(webhook.url)
    target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    client = Client(
        f"{parts.scheme}://{parts.netloc}",
        private=webhook.private_network,
        tls=tls,
        most_seconds=MOST_SECONDS,
        most_bytes=_MOST_BYTES,
    )
    return client, target


def address_code(webhook: Webhook) -> bytes:
    """Stands for its address, which may hold a secret, where it is kept that it is gone."""
    return sha256(webhook.url.encode()).digest()


def _said(answer: Answer) -> str:
    """By the status alone. Raises `NotTold`."""
    status = answer.status
    if 200 <= status <= 299:
        return DONE
    if status == 410:
        raise NotTold("gone", gone=True)
    pause = timedelta(seconds=_asked_to_wait(answer))
    if status == 429:
        raise NotTold("too-many", pause=pause)
    if status >= 500:
        raise NotTold("failing", pause=pause)
    raise NotTold(_REASONS.get(status, "redirected" if 300 <= status <= 399 else "refused"))


_REASONS = {401: "key-refused", 403: "key-refused", 404: "not-found"}


def _asked_to_wait(answer: Answer) -> float:
    """Seconds by `Retry-After`, which may be a moment as well; 0 where it says nothing."""
    if answer.retry_after_seconds is not None:
        return answer.retry_after_seconds
    told = answer.headers.get("retry-after", "")
    if not re.fullmatch(r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT", told):
        return 0.0
    try:
        until = datetime.strptime(told, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    except ValueError:
        return 0.0
    return max((until - datetime.now(UTC)).total_seconds(), 0.0)


def _became(outcome: Outcome) -> str:
    """Raises `NotTold`."""
    match outcome:
        case Accepted():
            return DONE
        case RefusedForGood():
            return REFUSED
        case RefusedForNow(reason, seconds):
            raise NotTold(reason, pause=timedelta(seconds=seconds or 0))
    raise NotTold(outcome.reason)
