"""One invitation as a mail: plain text and HTML that say the same, and what it says of itself."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any

from ingest.senders.mail_html import html_of
from ingest.senders.sender import OutgoingMessage

# The standard library writes a word that does not fit on a line as `=?utf-8?q?...?=`. In these that
# is an address that nobody can follow.
_NEVER_FOLDED = {"list-unsubscribe", "list-unsubscribe-post", "message-id"}


class MailUnwritable(Exception):
    """Some text or address of the message cannot stand in a mail."""


class _Policy(EmailPolicy):
    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() in _NEVER_FOLDED:
            return f"{name}: {value}\r\n".encode("ascii")
        folded: bytes = super().fold_binary(name, value)
        return folded


# Relays that take ASCII alone take it, and nobody's signature breaks on the way.
_POLICY = _Policy(linesep="\r\n", cte_type="7bit")


def mail_of(message: OutgoingMessage, *, sent_from: str, now: datetime) -> bytes:
    """The mail as it travels. Raises MailUnwritable, so that no text becomes a header of its own.

    Its Message-ID is made of the reference: the same invitation again is the same mail, to whoever
    looks. It is signed (DKIM) by the relay, which has the key.
    """
    mail = EmailMessage(policy=_POLICY)
    try:
        mail["From"] = Address(display_name=message.name, addr_spec=sent_from)
        mail["To"] = Address(addr_spec=message.recipient.address)
        mail["Subject"] = message.subject
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = f"<{message.reference}@{sent_from.rpartition('@')[2]}>"
        # No absence message comes back, and no list asks for a receipt.
        mail["Auto-Submitted"] = "auto-generated"
        if message.unsubscribe_url:
            mail["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail.set_content(message.plain)
        mail.add_alternative(html_of(message), subtype="html")
        # Last: what begins with `Content-` would have moved into the first part.
        mail["Content-Language"] = message.language
        return mail.as_bytes()
    except (ValueError, IndexError, AttributeError, LookupError):
        # The parser of addresses says in several ways that something is none.
        raise MailUnwritable from None
