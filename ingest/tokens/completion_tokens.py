"""The permission to complete a response of which only the first step was sent. Pure.

The token itself holds the response's id and the answers so far, so that the service need not read
them from the database. It is signed, not encrypted, and holds no text that was typed.
"""

from binascii import Error as NotBase64
from binascii import a2b_base64, b2a_base64
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from ingest.tokens.keys import Keys
from ingest.tokens.response_tokens import SKEW, TAG_BYTES, KeyedBlake2s, TokenForged, derived_key

# What was left halfway is finished by then.
LIFETIME = timedelta(minutes=15)

_PURPOSE = "completion"
_TO_OURS = bytes.maketrans(b"+/", b"-_")
_TO_THEIRS = bytes.maketrans(b"-_+/", b"+/  ")


class CompletionTooLate(Exception):
    """A token that we issued, more than a quarter of an hour ago; `begun` is what it held."""

    def __init__(self, begun: "Begun") -> None:
        self.begun = begun
        super().__init__(f"issued at {begun.issued_at:%Y-%m-%d %H:%M} UTC")


class Begun(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A response that was begun: where, under which id, and what was answered so far.

    `id` is the one that it is stored under; `day` is that of the last try, in Amsterdam; `typed`
    names the items that have a text. `sampled`: it was asked what only a sample is asked.
    """

    touchpoint: int
    version: int
    id: UUID
    day: date
    answers: dict[str, Any]
    typed: tuple[str, ...]
    issued_at: datetime
    sampled: bool = False


class CompletionTokens:
    """Issues with the newest key and verifies with all of them."""

    def __init__(self, keys: Keys) -> None:
        self._algorithm = KeyedBlake2s()
        self._encode = msgspec.json.Encoder().encode
        self._decode = msgspec.json.Decoder(Begun).decode
        self.use(keys)

    def use(self, keys: Keys) -> None:
        """Use these keys from now on, after the file was read again."""
        self._keys = tuple(derived_key(key.secret, _PURPOSE) for key in reversed(keys.signing))

    def issue(self, begun: Begun) -> str:
        """A token for this response, valid for 15 minutes from `begun.issued_at`."""
        body = self._encode(begun)
        tag = self._algorithm.get_signature(self._keys[0], body)
        text = b2a_base64(body + tag, newline=False).rstrip(b"=").translate(_TO_OURS)
        return text.decode("ascii")

    def verify(self, text: str, *, now: datetime) -> Begun:
        """What a token of ours says. Raises TokenForged or CompletionTooLate.

        Clocks may differ by five minutes.
        """
        try:
            unpadded = text.encode("ascii").translate(_TO_THEIRS)
            raw = a2b_base64(unpadded + b"=" * (-len(unpadded) % 4), strict_mode=True)
        except (UnicodeEncodeError, NotBase64):
            raise TokenForged from None
        body, tag = raw[:-TAG_BYTES], raw[-TAG_BYTES:]
        if not any(self._algorithm.verify_signature(key, body, tag) for key in self._keys):
            raise TokenForged
        begun = self._decode(body)
        if begun.issued_at > now + SKEW:
            raise TokenForged
        if now > begun.issued_at + LIFETIME + SKEW:
            raise CompletionTooLate(begun)
        return begun
