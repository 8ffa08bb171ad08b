"""Seal what waits: who a message goes to, what a reporter says. The database alone tells nobody."""

from secrets import token_bytes
from typing import Generic, TypeVar
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from ingest.invitations.occasions import Recipient

_NONCE_BYTES = 12
# One length for nearly all, so that a length tells nothing of an address.
_BLOCK = 192


class SealBroken(Exception):
    """It was sealed with other keys, for another row, or changed since."""


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """What is sealed: to whom, in which language if they have one, and details of the contact.

    `about` is what the source may take it back by, where it may.
    """

    recipient: Recipient
    language: str | None = None
    dimensions: dict[str, str] = {}
    about: str | None = None


Content = TypeVar("Content")


class SealingOf(Generic[Content]):
    """Seals and opens contents of one type under one key, in lengths of so many bytes."""

    def __init__(self, key: bytes, content: type[Content], *, block: int = _BLOCK) -> None:
        self._cipher = ChaCha20Poly1305(key)
        self._content = content
        self._block = block

    def seal(self, municipality: str, id: UUID, content: Content) -> bytes:
        """The content for the row with this id, and no other; `municipality` is its code."""
        plain = msgspec.json.encode(content)
        plain += b" " * (-len(plain) % self._block)
        nonce = token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, _of_row(municipality, id))

    def open(self, municipality: str, id: UUID, sealed: bytes) -> Content:
        """What was sealed for this row. Raises SealBroken."""
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            plain = self._cipher.decrypt(nonce, rest, _of_row(municipality, id))
        except (InvalidTag, ValueError):
            raise SealBroken from None
        try:
            return msgspec.json.decode(plain, type=self._content)
        except msgspec.DecodeError:
            # Not chained: what it says may repeat what was sealed.
            raise SealBroken from None


class Sealing(SealingOf[Sealed]):
    """Seals who a message goes to."""

    def __init__(self, key: bytes) -> None:
        super().__init__(key, Sealed)


def _of_row(municipality: str, id: UUID) -> bytes:
    return municipality.encode() + b"/" + id.bytes
