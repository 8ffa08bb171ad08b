"""What every provider has in common: a message goes out, and one of four things became of it.

Nothing here, no outcome and no reason, ever holds an address, a text or a word of the provider:
providers repeat the number in what they say. A reason is a code of `REASONS`.
"""

from datetime import timedelta
from typing import Protocol, TypeAlias

import msgspec

from ingest.invitations.occasions import Recipient

REASONS: dict[str, str] = {
    # Before anything went out.
    "unreachable": "there is no such name, or nothing listens there",
    "certificate-refused": "nobody whom this machine trusts vouches for its certificate",
    "destination-refused": "it has an address that we do not connect to: see private_network, and "
    "for this machine itself MEETPUNT_LOOPBACK",
    "key-unreadable": "our file with the provider's key is gone, open to others, or not a key",
    "folder-unwritable": "the folder for messages cannot be written",
    "kind-not-sent": "this sender sends no messages of this kind",
    # It may have gone out.
    "no-answer": "the provider took the message and did not answer in time",
    "connection-lost": "the connection broke after the message was on its way",
    "answer-unreadable": "the provider answered, and not as it says it does",
    "provider-failed": "the provider failed, with an answer of 500 to 599",
    # The provider does not want it now.
    "too-many": "more messages at once than the provider takes",
    "over-limit": "more messages a day than the provider takes",
    "key-refused": "the provider does not take our key",
    "clock-refused": "the provider's clock and ours differ too much",
    "template-refused": "the template is not there, or asks for what we do not send",
    "not-allowed": "the account may not send this, or not from this name",
    "provider-busy": "the provider says: later",
    "not-found": "there is no such API at this address",
    "no-encryption": "the relay offers no STARTTLS",
    # The provider will never want it.
    "recipient-refused": "no message goes to this number or address",
    "text-refused": "the message itself is refused: its length or its content",
    "message-refused": "refused, and the provider does not say why in a way that we know",
    # What a receipt tells, later.
    "delivered-not": "it did not arrive: the number or address does not exist, or takes nothing",
    "delivered-not-now": "it did not arrive in the time that the provider tried",
    "provider-error": "it did not arrive, because the provider failed",
    # What the provider says when it is asked.
    "not-there": "the provider has no such message",
}
"""Every reason, and what it means to who runs this. The list is closed: see `reason`."""

MOST_SECONDS = 30.0
"""No sending takes longer, so a lease on a message is longer than this."""

BELIEVED_AFTER = timedelta(minutes=10)
"""So long after a call "not-there" means that the message will not go out after all.

Until then the provider may still be busy with it."""


def reason(code: str) -> str:
    """The code itself, if it is one of `REASONS`. Raises ValueError: no other words go further."""
    if code not in REASONS:
        raise ValueError("a reason that is not in the list")
    return code


class OutgoingMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message to one resident. `reference` is the outbox row's id, new for no second attempt.

    `text` is what a text message says, link included; `subject` and `plain` are the same as a mail,
    whose HTML is made of them. `name` is the municipality's, for templates that lie at a provider.
    """

    reference: str
    recipient: Recipient
    language: str
    name: str
    link: str
    text: str = ""
    subject: str = ""
    plain: str = ""
    unsubscribe_url: str = ""

    def __repr__(self) -> str:
        # A traceback that shows locals must show nobody's address or link.
        return f"OutgoingMessage(reference={self.reference!r})"


class Accepted(msgspec.Struct, frozen=True):
    """The provider has it. `reference` is its own; with `receipts` it will tell how it ended."""

    reference: str | None = None
    receipts: bool = False


class RefusedForGood(msgspec.Struct, frozen=True):
    """It did not go out, and never will."""

    reason: str

    def __post_init__(self) -> None:
        reason(self.reason)


class RefusedForNow(msgspec.Struct, frozen=True):
    """It did not go out, and may be sent again: after so many seconds, where the provider says."""

    reason: str
    retry_after_seconds: float | None = None

    def __post_init__(self) -> None:
        reason(self.reason)


class Unknown(msgspec.Struct, frozen=True):
    """It may have gone out: it is not sent again before `look_up` said that it did not."""

    reason: str

    def __post_init__(self) -> None:
        reason(self.reason)


Outcome: TypeAlias = Accepted | RefusedForGood | RefusedForNow | Unknown


class Sender(Protocol):
    """One way out of one municipality. It raises nothing: what goes wrong is an outcome."""

    kinds: frozenset[str]
    """Schemes of recipients that it reaches: "tel", "mailto"."""

    receipts: bool
    """Whether the provider tells later how a message ended."""

    @property
    def account(self) -> str | None:
        """Whom it calls, and as whom: kind, address, account, and no secret.

        Whoever has another one knows nothing of a message. None while it is not known, as the key
        cannot be read.
        """

    async def send(self, message: OutgoingMessage) -> Outcome:
        """Hand the message over, within `MOST_SECONDS`."""

    async def look_up(self, reference: str, provider_reference: str | None) -> Outcome | None:
        """What became of a message that was sent before; None where nobody can be asked.

        `RefusedForNow("not-there")`: it never arrived there. Only `BELIEVED_AFTER` the call may it
        be sent again. `Unknown`: the provider did not say; ask again later.
        """

    async def close(self) -> None:
        """Let go of connections."""
