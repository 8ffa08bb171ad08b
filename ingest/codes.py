"""Keyed codes that are remembered instead of what they stand for; the key lies elsewhere."""

import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha256

import msgspec


def content_code(
    key: bytes, head: str, canonical: bytes, texts: Sequence[Mapping[str, object]]
) -> bytes:
    """What tells a retry from another response under the same id: 32 bytes.

    `canonical` is JSON of {item: value}, `texts` are {item, text, masked} as they are stored. The
    code goes over the texts as they are stored: with what was masked in it, whoever knows the id
    could guess a telephone number and be told when it is right.
    """
    if any(text["masked"] for text in texts):
        values = msgspec.json.decode(canonical)
        values.update((text["item"], text["text"]) for text in texts)
        canonical = msgspec.json.encode(values, order="sorted")
    return hmac.digest(key, head.encode() + canonical, sha256)


def spent_code(key: bytes, token_id: bytes) -> bytes:
    """What is remembered of a token that nobody was sent: 16 bytes that lead back to no link.

    A link stands in somebody's history; with its id in the table, whoever holds both could join
    them.
    """
    return hmac.digest(key, b"spent/" + token_id, sha256)[:16]
