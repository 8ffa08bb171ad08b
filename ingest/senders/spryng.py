"""Text messages by Spryng (its REST API), which NotifyNL sends by too.

It cannot be asked by our reference what became of a message; its receipts carry that reference.
"""

from typing import Any

import msgspec

from ingest.outgoing.client import Answer, Client, PerhapsSent
from ingest.outgoing.connecting import NotSent
from ingest.senders.provider_keys import ProviderKey
from ingest.senders.sender import (
    Accepted,
    Outcome,
    OutgoingMessage,
    RefusedForGood,
    RefusedForNow,
    Unknown,
)

# Which field it finds fault with, by how its name begins.
_FIELDS: tuple[tuple[str, Outcome], ...] = (
    ("recipients", RefusedForGood("recipient-refused")),
    ("body", RefusedForGood("text-refused")),
    ("originator", RefusedForNow("not-allowed")),
    ("route", RefusedForNow("not-allowed")),
)
_MINUTE = 60.0
_HOUR = 3600.0


class Spryng:
    """Sends in the name of `originator`, at most 11 characters."""

    kinds = frozenset({"tel"})
    receipts = True

    def __init__(self, client: Client, key: ProviderKey, originator: str) -> None:
        self._client = client
        self._key = key
        self._originator = originator

    @property
    def account(self) -> str:
        """The API; of its accounts nothing has to be known, as nobody can be asked there."""
        return f"spryng {self._client.base_url}"

    async def send(self, message: OutgoingMessage) -> Outcome:
        """Ask Spryng to send; it chooses the alphabet, and so the number of parts, by the text."""
        if message.recipient.scheme not in self.kinds:
            return RefusedForGood("kind-not-sent")
        if self._key.secret is None:
            return RefusedForNow("key-unreadable")
        body = {
            "originator": self._originator,
            "recipients": [message.recipient.address.removeprefix("+")],
            "body": message.text,
            "reference": message.reference,
            "route": "business",
            "encoding": "auto",
        }
        headers = {
            "Authorization": f"Bearer {self._key.secret}",
            "Content-Type": "application/json",
        }
        try:
            answer = await self._client.call(
                "POST", "/messages", headers=headers, body=msgspec.json.encode(body)
            )
        except NotSent as not_sent:
            return RefusedForNow(not_sent.reason)
        except PerhapsSent as perhaps:
            return Unknown(perhaps.reason)
        return _outcome(answer)

    async def look_up(self, reference: str, provider_reference: str | None) -> Outcome | None:
        """Nobody can be asked."""
        return None

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.close()


def _outcome(answer: Answer) -> Outcome:
    told = answer.json()
    match answer.status:
        case 200 | 201 if isinstance(told, dict):
            id = told.get("id")
            return Accepted(id if isinstance(id, str) else None, receipts=True)
        # Others send again when a good answer is no JSON, and residents get two messages.
        case 200 | 201:
            return Unknown("answer-unreadable")
        case 401 | 403:
            return RefusedForNow("key-refused")
        case 402:
            return RefusedForNow("over-limit", _HOUR)
        case 404 | 405:
            return RefusedForNow("not-found")
        case 400 | 422:
            return _faulty(told)
        case 429:
            return RefusedForNow("too-many", answer.retry_after_seconds or _MINUTE)
        # Whatever failed, the text may be on its way: nothing of theirs says that it is not, of 503
        # neither, and what stands between us says so in its own way.
        case status if 500 <= status <= 599:
            return Unknown("provider-failed")
    return Unknown("answer-unreadable")


def _faulty(told: Any) -> Outcome:
    errors = told.get("errors") if isinstance(told, dict) else None
    for begin, outcome in _FIELDS:
        if isinstance(errors, dict) and any(str(name).startswith(begin) for name in errors):
            return outcome
    return RefusedForGood("message-refused")
