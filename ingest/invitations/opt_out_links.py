"""The code in the address at which one asks, from a mail, for no more of them.

It holds the municipality and the code by which we know the reader, sealed: whoever sees the address
learns neither, and nobody can make one for somebody else. Their address is not in it.
"""

import string
from binascii import Error as NotBase64
from binascii import a2b_base64, b2a_base64
from datetime import date, timedelta
from secrets import token_bytes

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

LIFETIME = timedelta(days=400)
"""Longer than a mail is kept for a reason; whoever comes later can type their address."""

_NONCE_BYTES = 12
_DAY_BYTES = 3
_CODE_BYTES = 32
_MUNICIPALITY_BYTES = 6
_TAG_BYTES = 16
# 69 bytes are 92 characters with no bit to spare, so that every code has exactly one spelling.
_BYTES = _NONCE_BYTES + _DAY_BYTES + _CODE_BYTES + _MUNICIPALITY_BYTES + _TAG_BYTES
_CHARACTERS = _BYTES * 4 // 3
_OURS = frozenset(string.ascii_letters + string.digits + "-_")
_TO_THEIRS = bytes.maketrans(b"-_", b"+/")
_TO_OURS = bytes.maketrans(b"+/", b"-_")
_PURPOSE = b"meetpunt/opt-out"


class OptOutLinkForged(Exception):
    """Not a code that we sealed: mistyped, tampered with, or of other keys."""


class OptOutLink(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks: `code` is theirs in `opted_out`. `municipality` is a code, such as "GM9001"."""

    municipality: str
    code: bytes
    until: date

    def __repr__(self) -> str:
        return f"OptOutLink({self.municipality})"


class OptOutLinks:
    """Seals and opens under one key of 32 bytes, which does not rotate."""

    def __init__(self, key: bytes) -> None:
        self._cipher = ChaCha20Poly1305(key)

    def seal(self, municipality: str, code: bytes, *, today: date) -> str:
        """92 characters, good for 400 days; another text each time.

        Raises ValueError unless the municipality's code has 6 bytes, and that of a person 32.
        """
        named = municipality.encode()
        if len(named) != _MUNICIPALITY_BYTES or len(code) != _CODE_BYTES:
            raise ValueError("a municipality's code has 6 bytes, that of a person 32")
        until = (today + LIFETIME).toordinal().to_bytes(_DAY_BYTES)
        nonce = token_bytes(_NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, until + code + named, _PURPOSE)
        return b2a_base64(sealed, newline=False).translate(_TO_OURS).decode("ascii")

    def open(self, text: str) -> OptOutLink:
        """What was sealed, whether or not it is still good. Raises OptOutLinkForged."""
        if len(text) != _CHARACTERS or not _OURS.issuperset(text):
            raise OptOutLinkForged
        try:
            raw = a2b_base64(text.encode("ascii").translate(_TO_THEIRS), strict_mode=True)
            plain = self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _PURPOSE)
        except (NotBase64, InvalidTag):
            raise OptOutLinkForged from None
        code_ends = _DAY_BYTES + _CODE_BYTES
        return OptOutLink(
            municipality=plain[code_ends:].decode(),
            code=plain[_DAY_BYTES:code_ends],
            until=date.fromordinal(int.from_bytes(plain[:_DAY_BYTES])),
        )
