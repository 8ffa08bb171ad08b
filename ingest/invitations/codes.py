"""Keyed codes of people and contacts: to know them when they come again, and nothing else of them.

Who was asked is remembered under a key a quarter, which comes of a half in the database and a
secret outside it: neither alone tells whom it is about, and with the half a quarter is forgotten.
"""

import hmac
from datetime import date
from hashlib import sha256

from ingest.invitations.occasions import ContactEnded, Recipient
from ingest.tokens.derived_keys import DerivedKeys


class InvitationCodes:
    """Makes codes of 32 bytes; `municipality` is always its code, such as "GM9001"."""

    def __init__(self, keys: DerivedKeys) -> None:
        self._occasions = keys.occasions
        self._asked = keys.asked
        self._opted_out = keys.opted_out

    def of_occasion(self, municipality: str, contact: ContactEnded) -> bytes:
        """The same for the same contact, told again by the same source."""
        return _code(self._occasions, municipality, contact.source, contact.source_key)

    def of_matter(self, municipality: str, source: str, about: str) -> bytes:
        """The same for all that this source tells about the same thing, such as a case."""
        return _code(self._occasions, municipality, source, "about", about)

    def of_notification(self, municipality: str, *told: str) -> bytes:
        """The same for the same message, told again."""
        return _code(self._occasions, municipality, "notification", *told, "told")

    def of_opted_out(self, municipality: str, recipient: Recipient) -> bytes:
        """The same for the same person for as long as there are these keys."""
        return _code(self._opted_out, municipality, recipient.canonical)

    def of_asked(self, half: bytes, municipality: str, recipient: Recipient) -> bytes:
        """The same for the same person within the quarter that this half is of."""
        key = hmac.digest(self._asked, half, sha256)
        return _code(key, municipality, recipient.canonical)


def quarter_of(day: date) -> str:
    """ "2026-4" for a day in the last quarter of 2026."""
    return f"{day.year}-{(day.month + 2) // 3}"


def quarter_before(quarter: str) -> str:
    """The one before it."""
    year, _, number = quarter.partition("-")
    return f"{year}-{int(number) - 1}" if number != "1" else f"{int(year) - 1}-4"


def _code(key: bytes, *what: str) -> bytes:
    # Each with its length, so that no two of them run into one another.
    message = b"".join(len(part.encode()).to_bytes(4) + part.encode() for part in what)
    return hmac.digest(key, message, sha256)
