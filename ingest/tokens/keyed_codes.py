"""Keyed codes that are remembered instead of what they stand for; the key lies elsewhere."""

import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha256
from uuid import UUID

import msgspec


class Codes:
    """Makes codes under one key, which is kept outside the database."""

    def __init__(self, key: bytes) -> None:
        # Keyed once and copied for each code: keying costs more than a code does.
        self._keyed = hmac.new(key, digestmod=sha256)

    def of_content(
        self, head: str, canonical: bytes, texts: Sequence[Mapping[str, object]]
    ) -> bytes:
        """What tells a retry from another response under the same id: 32 bytes.

        `canonical` is JSON of {item: value}, `texts` are {item, text, masked} as they are stored.
        The code goes over the texts as they are stored: with what was masked in it, whoever knows
        the id could guess a telephone number and be told when it is right.
        """
        if any(text["masked"] for text in texts):
            values = msgspec.json.decode(canonical)
            values.update((text["item"], text["text"]) for text in texts)
            canonical = msgspec.json.encode(values, order="sorted")
        return self._code(head.encode() + canonical)

    def of_spent(self, token_id: bytes) -> bytes:
        """What is remembered of a token that nobody was sent: 16 bytes that lead back to no link.

        A link stands in somebody's history; with its id in the table, whoever holds both could join
        them.
        """
        return self._code(b"spent/" + token_id)[:16]

    def of_response(self, response_id: UUID) -> UUID:
        """The id that a response is stored under, as random to look at as the one that was sent.

        The sender's own id stands in the sender's program; with it in the table, whoever holds both
        could join them. The same id gives the same code, so a retry is known as one.
        """
        return UUID(bytes=self._code(b"response/" + response_id.bytes)[:16], version=4)

    def of_completion(self, stored_id: UUID) -> UUID:
        """The id of the receipt for the rest of a response that was begun."""
        return UUID(bytes=self._code(b"completion/" + stored_id.bytes)[:16], version=4)

    def of_kiosk_item(self, payload: bytes) -> bytes:
        """What tells a kiosk's item that is sent again from another one: 32 bytes."""
        return self._code(b"kiosk/" + payload)

    def _code(self, message: bytes) -> bytes:
        code = self._keyed.copy()
        code.update(message)
        return code.digest()
