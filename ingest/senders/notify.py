"""Text messages by NotifyNL or GOV.UK Notify, which speak the same API.

The text lies there as a template, with `((text))` for ours as a whole, or `((link))` and
`((name))` for one that is written there.
"""

import re
import time
from typing import Any
from urllib.parse import quote
from uuid import UUID

import jwt
import msgspec

from ingest.outgoing.client import Answer, Client, PerhapsSent
from ingest.outgoing.connecting import NotSent
from ingest.senders.provider_keys import ProviderKey
from ingest.senders.receipts import NOTIFY_ENDED
from ingest.senders.sender import (
    Accepted,
    Outcome,
    OutgoingMessage,
    RefusedForGood,
    RefusedForNow,
    Unknown,
)

_UUID = 36
_OF_THE_RECIPIENT = {"InvalidPhoneError", "InvalidEmailError"}
# What its sentences of 400 are about. They are looked at and go no further: some hold the number.
_SENTENCES: tuple[tuple[str, Outcome], ...] = (
    (r"^phone_number |^email_address |international", RefusedForGood("recipient-refused")),
    (r"character count|longer than", RefusedForGood("text-refused")),
    # Somebody repairs these at Notify, and what waited is sent.
    (r"team-only|trial mode|service permission|not allowed", RefusedForNow("not-allowed")),
    (r"[Pp]ersonalisation|[Tt]emplate|template_id|sender_id", RefusedForNow("template-refused")),
)
_MINUTE = 60.0
_HOUR = 3600.0


class Notify:
    """Sends by the template with this id, at this API."""

    kinds = frozenset({"tel"})
    receipts = True

    def __init__(self, client: Client, key: ProviderKey, template: str) -> None:
        self._client = client
        self._key = key
        self._template = template

    @property
    def account(self) -> str | None:
        """The service at this API, which stays the same when its key changes."""
        service = _service(self._key.secret)
        return None if service is None else f"notify {self._client.base_url} {service}"

    async def send(self, message: OutgoingMessage) -> Outcome:
        """Ask Notify to send. The same reference twice would be two messages to it."""
        if message.recipient.scheme not in self.kinds:
            return RefusedForGood("kind-not-sent")
        body = {
            "phone_number": message.recipient.address,
            "template_id": self._template,
            "personalisation": {
                "text": message.text,
                "link": message.link,
                "name": message.name,
            },
            "reference": message.reference,
        }
        answer = await self._asked("POST", "/v2/notifications/sms", msgspec.json.encode(body))
        return answer if not isinstance(answer, Answer) else _outcome(answer)

    async def look_up(self, reference: str, provider_reference: str | None) -> Outcome:
        """Notify finds a message by our own reference, for seven days."""
        target = f"/v2/notifications?reference={quote(reference, safe='')}"
        answer = await self._asked("GET", target)
        if not isinstance(answer, Answer):
            return Unknown(answer.reason)
        found = answer.json()
        if answer.status != 200 or not isinstance(found, dict):
            refused = _outcome(answer)
            return Unknown("answer-unreadable" if isinstance(refused, Accepted) else refused.reason)
        messages = found.get("notifications")
        if not isinstance(messages, list):
            return Unknown("answer-unreadable")
        ours = [
            one for one in messages if isinstance(one, dict) and one.get("reference") == reference
        ]
        return _became(ours[0]) if ours else RefusedForNow("not-there")

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.close()

    async def _asked(
        self, method: str, target: str, body: bytes = b""
    ) -> Answer | RefusedForNow | Unknown:
        token = _token(self._key.secret)
        if token is None:
            return RefusedForNow("key-unreadable")
        headers = {"Authorization": f"Bearer {token}"}
        if body:
            headers["Content-Type"] = "application/json"
        try:
            return await self._client.call(method, target, headers=headers, body=body)
        except NotSent as not_sent:
            return RefusedForNow(not_sent.reason)
        except PerhapsSent as perhaps:
            return Unknown(perhaps.reason)


def _token(key: str | None) -> str | None:
    """One for a call that is made now; None for a key that is none."""
    service = _service(key)
    if key is None or service is None:
        return None
    claims = {"iss": service, "iat": int(time.time())}
    return jwt.encode(claims, key[-_UUID:], algorithm="HS256")


def _service(key: str | None) -> str | None:
    """A key is a name, the service's id and a secret, with hyphens between; None for another."""
    if key is None:
        return None
    try:
        UUID(key[-_UUID:])
        return str(UUID(key[-2 * _UUID - 1 : -_UUID - 1]))
    except ValueError:
        return None


def _outcome(answer: Answer) -> Outcome:
    told = answer.json()
    body: dict[str, Any] = told if isinstance(told, dict) else {}
    listed = body.get("errors")
    errors = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    names = {str(one.get("error", "")) for one in errors}
    match answer.status:
        case 201 if isinstance(body.get("id"), str):
            return Accepted(body["id"], receipts=True)
        case 400 if names & _OF_THE_RECIPIENT:
            return RefusedForGood("recipient-refused")
        case 400:
            return _bad_request(" \n".join(str(one.get("message", "")) for one in errors))
        case 403 if any("clock" in str(one.get("message", "")) for one in errors):
            return RefusedForNow("clock-refused")
        case 401 | 403:
            return RefusedForNow("key-refused")
        case 404 | 405:
            return RefusedForNow("not-found")
        case 429 if "TooManyRequestsError" in names:
            return RefusedForNow("over-limit", answer.retry_after_seconds or _HOUR)
        case 429:
            return RefusedForNow("too-many", answer.retry_after_seconds or _MINUTE)
        case 503:
            return RefusedForNow("provider-busy", answer.retry_after_seconds)
        # Its own failure, in its own words: it did not take the message, and asks for it again.
        case 500 if errors:
            return RefusedForNow("provider-failed")
        case status if 500 <= status <= 599:
            return Unknown("provider-failed")
    return Unknown("answer-unreadable")


def _bad_request(sentences: str) -> Outcome:
    for pattern, outcome in _SENTENCES:
        if re.search(pattern, sentences, re.MULTILINE):
            return outcome
    return RefusedForGood("message-refused")


def _became(message: dict[str, Any]) -> Outcome:
    status = str(message.get("status", ""))
    if status in NOTIFY_ENDED:
        return RefusedForGood(NOTIFY_ENDED[status])
    id = message.get("id")
    # Of one that has arrived no receipt comes any more.
    return Accepted(id if isinstance(id, str) else None, receipts=status != "delivered")
