"""Issue and verify tokens: the signed permission for exactly one response. Pure but for randomness.

A token is its own proof: it is checked without the database. Its bytes, most significant first:

    16  random id: this is what is spent, never the string
     5  3 bits purpose, 17 bits touchpoint number, 20 bits expiry in steps of ten minutes
     3  seconds of issue modulo 2**24; not in an invitation, whose link must fit a text message
    12  tag over all of the above

33 or 36 bytes are 44 or 48 characters of URL-safe base64 with no bit to spare, so that every token
has exactly one spelling.
"""

import string
from binascii import Error as NotBase64
from binascii import a2b_base64, b2a_base64
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from hashlib import blake2s, sha256
from secrets import token_bytes

import msgspec
from itsdangerous import Signer
from itsdangerous.signer import SigningAlgorithm

from ingest.tokens.keys import Keys

# The place in this tuple is the number in the token: never reorder. It is full.
PURPOSES = ("invitation", "open", "embed", "pairing", "preview", "qr", "callback")
RESERVED = 7
"""The last number of three bits, and never a purpose: tokens with it will be laid out otherwise,
with more than 17 bits for the touchpoint. Until then nobody issues one, and each is forged.
"""
SKEW = timedelta(minutes=5)
# That of an invitation is its touchpoint's `link_lifetime_days`.
LIFETIMES = {
    "open": timedelta(hours=24),
    "qr": timedelta(hours=24),
    "embed": timedelta(hours=12),
    # Of no response: who wants to be called. Long enough to look a number up.
    "callback": timedelta(minutes=15),
}
MOST_TOUCHPOINT = 2**17 - 1

_ID_BYTES = 16
_FIELDS_END = _ID_BYTES + 5
TAG_BYTES = 12
_INVITATION = PURPOSES.index("invitation")
_INVITATION_CHARACTERS = 44
OPEN_CHARACTERS = 48
"""How long a token of an open link is, as of every purpose but `invitation`."""
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_STEP = timedelta(minutes=10)
_STEP_SECONDS = 600
_SECOND = timedelta(seconds=1)
_EXPIRY_STEPS = 2**20
_ISSUE_SECONDS = 2**24

# Translate between the URL-safe alphabet and that of binascii. A character outside our alphabet,
# also `+`, `/` and `=`, becomes a byte that strict decoding refuses.
_OURS = (string.ascii_letters + string.digits + "-_").encode()
_THEIRS = (string.ascii_letters + string.digits + "+/").encode()
_TO_THEIRS = bytes(_THEIRS[_OURS.index(byte)] if byte in _OURS else 0 for byte in range(256))
_TO_OURS = bytes.maketrans(_THEIRS, _OURS)


class TokenForged(Exception):
    """Not a token that we issued for this: malformed, tampered with, or for another purpose."""


class TokenExpired(Exception):
    """A token that we issued, whose time is over; `token` is what it held."""

    def __init__(self, token: "Token") -> None:
        self.token = token
        super().__init__(f"expired at {token.expires_at:%Y-%m-%d %H:%M} UTC")


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """What a token says. Times are UTC; `issued_at` is None for an invitation."""

    id: bytes
    purpose: str
    touchpoint: int
    expires_at: datetime
    issued_at: datetime | None = None


class KeyedBlake2s(SigningAlgorithm):
    """A tag of 96 bits: guessing one is a matter of asking us 2**96 times, per key."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """The tag of `value` under a key of 1 to 32 bytes."""
        return blake2s(value, key=key, digest_size=TAG_BYTES).digest()


class Tokens:
    """Issues with the newest key, verifies with all of them, each purpose under keys of its own."""

    def __init__(self, keys: Keys) -> None:
        self._algorithm = KeyedBlake2s()
        self.use(keys)

    def use(self, keys: Keys) -> None:
        """Use these keys from now on, after the file was read again."""
        # Newest first: nearly every token that comes in was signed by the newest key.
        self._keys_by_purpose = tuple(
            tuple(derived_key(key.secret, purpose) for key in reversed(keys.signing))
            for purpose in PURPOSES
        )

    def issue(
        self,
        *,
        purpose: str,
        touchpoint: int,
        expires_at: datetime,
        now: datetime,
        id: bytes | None = None,
    ) -> str:
        """A new token of 44 characters (an invitation) or 48, valid until `expires_at` or up to ten
        minutes longer: the expiry is rounded up, never down.

        `touchpoint` is 0..131071; `expires_at` lies after `now`, before the end of 2045, and for
        other purposes than an invitation less than 194 days ahead; `id` is 16 bytes, random when
        left out. Raises ValueError on anything else, and on times without a time zone.
        """
        number = _number_of(purpose)
        if not 0 <= touchpoint <= MOST_TOUCHPOINT:
            raise ValueError(f"a touchpoint's number is 0..{MOST_TOUCHPOINT}, not {touchpoint}")
        if id is not None and len(id) != _ID_BYTES:
            raise ValueError(f"an id is {_ID_BYTES} bytes, not {len(id)}")
        steps = _expiry_steps(expires_at, now)
        fields = number << 37 | touchpoint << 20 | steps
        body = (token_bytes(_ID_BYTES) if id is None else id) + fields.to_bytes(5, "big")
        if number != _INVITATION:
            body += _issue_seconds(now, steps).to_bytes(3, "big")
        tag = self._algorithm.get_signature(self._keys_by_purpose[number][0], body)
        return b2a_base64(body + tag, newline=False).translate(_TO_OURS).decode("ascii")

    def read(self, text: str) -> Token:
        """What a token of ours says, whether or not it has expired. Raises TokenForged.

        Needs neither clock nor database, so a forged link costs a few microseconds.
        """
        length = len(text)
        if length != _INVITATION_CHARACTERS and length != OPEN_CHARACTERS:
            raise TokenForged
        try:
            raw = a2b_base64(text.encode("ascii").translate(_TO_THEIRS), strict_mode=True)
        except (UnicodeEncodeError, NotBase64):
            raise TokenForged from None
        body, tag = raw[:-TAG_BYTES], raw[-TAG_BYTES:]
        fields = int.from_bytes(raw[_ID_BYTES:_FIELDS_END], "big")
        number = fields >> 37
        is_invitation = number == _INVITATION
        if number >= len(PURPOSES) or is_invitation != (length == _INVITATION_CHARACTERS):
            raise TokenForged
        for key in self._keys_by_purpose[number]:
            if self._algorithm.verify_signature(key, body, tag):
                break
        else:
            raise TokenForged
        steps = fields & (_EXPIRY_STEPS - 1)
        return Token(
            id=raw[:_ID_BYTES],
            purpose=PURPOSES[number],
            touchpoint=fields >> 20 & MOST_TOUCHPOINT,
            expires_at=_EPOCH + steps * _STEP,
            issued_at=None if is_invitation else _issued_at(body[_FIELDS_END:], steps),
        )

    def verify(self, text: str, *, now: datetime, purposes: Collection[str]) -> Token:
        """The token, when it is ours, for one of these purposes, and valid at `now`.

        Clocks may differ by five minutes. Raises TokenExpired, or TokenForged for anything else,
        also for a token whose time of issue is more than five minutes ahead.
        """
        token = self.read(text)
        if token.purpose not in purposes:
            raise TokenForged
        if token.issued_at is not None and token.issued_at > now + SKEW:
            raise TokenForged
        if now > token.expires_at + SKEW:
            raise TokenExpired(token)
        return token


def digest(id: bytes) -> bytes:
    """What the database keeps of a token's id: SHA-256 over the decoded bytes."""
    return sha256(id).digest()


def longest_lifetime(link_lifetimes_days: Iterable[int]) -> timedelta:
    """How long a token issued now may be needed, whatever its purpose."""
    return max([*LIFETIMES.values(), *(timedelta(days=days) for days in link_lifetimes_days)])


def derived_key(secret: bytes, purpose: str) -> bytes:
    """The key for tokens of one purpose: one never stands in for another."""
    signer = Signer(
        secret, salt=f"meetpunt.token.{purpose}", key_derivation="hmac", digest_method=sha256
    )
    return signer.derive_key()


def _number_of(purpose: str) -> int:
    if purpose not in PURPOSES:
        raise ValueError(f"a token's purpose is one of {', '.join(PURPOSES)}, not {purpose!r}")
    return PURPOSES.index(purpose)


def _expiry_steps(expires_at: datetime, now: datetime) -> int:
    if expires_at.tzinfo is None or now.tzinfo is None:
        raise ValueError("times need a time zone")
    if expires_at < now:
        raise ValueError("a token must expire after it is issued")
    steps = -((_EPOCH - expires_at) // _STEP)  # rounds up
    if not 0 <= steps < _EXPIRY_STEPS:
        last = _EPOCH + (_EXPIRY_STEPS - 1) * _STEP
        raise ValueError(f"a token expires between {_EPOCH:%Y-%m-%d} and {last:%Y-%m-%d %H:%M} UTC")
    return steps


def _issue_seconds(now: datetime, steps: int) -> int:
    seconds = (now - _EPOCH) // _SECOND
    if steps * _STEP_SECONDS - seconds >= _ISSUE_SECONDS:
        raise ValueError("a token that tells its time of issue lives less than 194 days")
    return seconds % _ISSUE_SECONDS


def _issued_at(field: bytes, steps: int) -> datetime:
    """The last moment before the expiry whose seconds end in these 24 bits."""
    expires = steps * _STEP_SECONDS
    seconds = expires - (expires - int.from_bytes(field, "big")) % _ISSUE_SECONDS
    return _EPOCH + seconds * _SECOND
