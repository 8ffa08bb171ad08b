"""Signatures as Standard Webhooks has them: whoever is told can see that we say it, and when. Pure.

https://github.com/standard-webhooks/standard-webhooks, version 1, with a secret that both sides
hold. While it is changed for another, what we send is signed with both.
"""

import base64
import binascii
import hmac
from collections.abc import Iterable
from hashlib import sha256

PREFIX = "whsec_"
"""How a secret begins, so that people and scanners know it for one."""

FEWEST_BYTES, MOST_BYTES = 24, 64


def key_of(secret: str) -> bytes | None:
    """The key that a secret stands for: 24 to 64 bytes in base64. None where it is no secret."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if FEWEST_BYTES <= len(key) <= MOST_BYTES else None


def signature(id: str, timestamp: int, body: bytes, key: bytes) -> str:
    """One signature. `timestamp` is in whole seconds since 1970."""
    signed = f"{id}.{timestamp}.".encode() + body
    return f"v1,{base64.b64encode(hmac.digest(key, signed, sha256)).decode()}"


def signed_headers(id: str, timestamp: int, body: bytes, keys: Iterable[bytes]) -> dict[str, str]:
    """The headers that go with this body; a signature for each key, the newest first."""
    return {
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(id, timestamp, body, key) for key in keys),
    }
