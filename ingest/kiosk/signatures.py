"""Verify a kiosk's signatures: ECDSA over P-256 with SHA-256, as WebCrypto makes them. Pure."""

import re
from binascii import Error as NotBase64
from binascii import a2b_base64

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

KEY_BYTES = 65
SIGNATURE_BYTES = 64

_URL_SAFE = re.compile(r"[A-Za-z0-9_-]+")
_TO_THEIRS = bytes.maketrans(b"-_", b"+/")


class KeyUnreadable(ValueError):
    """The bytes are not an uncompressed point of the curve P-256."""


class PublicKey:
    """The public half of a kiosk's key. Raises `KeyUnreadable`."""

    def __init__(self, point: bytes) -> None:
        # The compressed form (33 bytes) is refused, so that every key has exactly one spelling.
        if len(point) != KEY_BYTES:
            raise KeyUnreadable("not a point of 65 bytes")
        try:
            self._key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
        except ValueError:
            raise KeyUnreadable("not a point of P-256") from None

    def signed(self, text: bytes, signature: str) -> bool:
        """Whether `signature` (base64url of r and s, 64 bytes) is this key's over `text`."""
        raw = from_base64url(signature)
        if raw is None or len(raw) != SIGNATURE_BYTES:
            return False
        r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        try:
            self._key.verify(encode_dss_signature(r, s), text, ECDSA(SHA256()))
        except InvalidSignature:
            return False
        return True


def from_base64url(text: str) -> bytes | None:
    """The bytes of URL-safe base64 without padding; None where it is not that."""
    if not _URL_SAFE.fullmatch(text):
        return None
    padded = text.encode("ascii").translate(_TO_THEIRS) + b"=" * (-len(text) % 4)
    try:
        return a2b_base64(padded, strict_mode=True)
    except NotBase64:
        return None
