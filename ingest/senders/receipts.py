"""What providers tell later: that a message arrived, or did not, or that somebody answered STOP.

Each sender of each municipality has a secret of its own for that, made of our keys: nobody types
one in a file, and who has one can tell of that sender's messages alone.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Literal, TypeAlias

import msgspec

from ingest.senders.sender import reason


class SenderSecretUnknown(Exception):
    """Whoever tells of a sender's messages has not its secret, or there is no such sender."""


State: TypeAlias = Literal["delivered", "failed", "expired"]

NOTIFY_ENDED = {
    "permanent-failure": "delivered-not",
    "temporary-failure": "delivered-not-now",
    "technical-failure": "provider-error",
    "validation-failed": "text-refused",
}
"""How a message can end at Notify without having arrived, and what we call it."""

_REFERENCE = re.compile(r"[A-Za-z0-9-]{1,64}")
# Spryng's own numbers, as NotifyNL reads them.
_SPRYNG_REASONS = {
    "20": "delivered-not",
    "21": "delivered-not",
    "22": "provider-error",
    "31": "recipient-refused",
    "32": "not-allowed",
}


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """How one message ended. `reference` is ours: the outbox row's id, as it was sent along.

    `municipality` is a slug. `expired`: the provider tried for as long as it does. `reason` is a
    code of `sender.REASONS`, empty where it arrived.
    """

    municipality: str
    sender: str
    reference: str
    state: State
    reason: str = ""

    def __post_init__(self) -> None:
        if self.reason:
            reason(self.reason)


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody sent back to a text message: from which number, and what. Neither is kept."""

    municipality: str
    sender: str
    number: str
    text: str

    def __repr__(self) -> str:
        return f"Reply({self.municipality}, {self.sender})"


def receipt_secret(key: bytes, municipality: str, sender: str) -> str:
    """What this sender's provider shows when it tells us something: 43 characters.

    `key` is that of accounts (`tokens.keys`). A sender that is given another name gets another one,
    which is how a secret that leaked is replaced.
    """
    label = f"receipts of senders\0{municipality}\0{sender}".encode()
    return urlsafe_b64encode(hmac.digest(key, label, sha256)).decode().rstrip("=")


def is_from_provider(shown: str, key: bytes, municipality: str, sender: str) -> bool:
    """Whether this is the secret of that sender; takes as long whatever is shown."""
    expected = receipt_secret(key, municipality, sender)
    return hmac.compare_digest(shown.encode("utf-8", "surrogateescape"), expected.encode())


def notify_receipt(body: Any, *, municipality: str, sender: str) -> Receipt | None:
    """What Notify tells; None where it is no end, or nothing of ours. `to` is not looked at."""
    if not isinstance(body, Mapping):
        return None
    status = str(body.get("status", ""))
    if status == "delivered":
        return _receipt(body.get("reference"), municipality, sender, "delivered")
    if status not in NOTIFY_ENDED:
        return None
    why = NOTIFY_ENDED[status]
    state: State = "expired" if why == "delivered-not-now" else "failed"
    return _receipt(body.get("reference"), municipality, sender, state, why)


def spryng_receipt(query: Mapping[str, str], *, municipality: str, sender: str) -> Receipt | None:
    """What Spryng tells, in the query of a GET; None where it is no end, or nothing of ours."""
    reference = query.get("REFERENCE")
    match query.get("STATUS"):
        case "10":
            return _receipt(reference, municipality, sender, "delivered")
        case "20":
            why = _SPRYNG_REASONS.get(query.get("REASONCODE", ""), "delivered-not")
            return _receipt(reference, municipality, sender, "failed", why)
    return None


def _receipt(
    reference: Any, municipality: str, sender: str, state: State, why: str = ""
) -> Receipt | None:
    if not isinstance(reference, str) or not _REFERENCE.fullmatch(reference):
        return None
    return Receipt(
        municipality=municipality, sender=sender, reference=reference, state=state, reason=why
    )


def notify_reply(body: Any, *, municipality: str, sender: str) -> Reply | None:
    """What somebody answered by text message, as Notify passes it on; None for anything else."""
    if not isinstance(body, Mapping):
        return None
    number, text = body.get("source_number"), body.get("message")
    if not isinstance(number, str) or not isinstance(text, str) or len(number) > 40:
        return None
    return Reply(municipality=municipality, sender=sender, number=number, text=text[:1000])
