"""Keyed codes, which are stored instead of ids and contents; the key is not in the database."""

import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha256
from uuid import UUID

import msgspec


class Codes:
    """Makes codes under one key, which is kept outside the database."""

    def __init__(self, key: bytes) -> None:
        # Made once and copied for each code, because setting the key costs more than a code.
        self._keyed = hmac.new(key, digestmod=sha256)

    def of_content(
        self, head: str, canonical: bytes, texts: Sequence[Mapping[str, object]]
    ) -> bytes:
        """What tells a retry from another response under the same id: 32 bytes.

        `canonical` is JSON of {item: value}, `texts` are {item, text, masked} as they are stored.
        The code is made of the masked texts. If it were made of the original ones, somebody who
        knows the id could guess a masked telephone number, and see when a guess is right.
        """
        if any(text["masked"] for text in texts):
            values = msgspec.json.decode(canonical)
            values.update((text["item"], text["text"]) for text in texts)
            canonical = msgspec.json.encode(values, order="sorted")
        return self._code(head.encode() + canonical)

    def of_spent(self, token_id: bytes) -> bytes:
        """What is stored of a spent token of an open link or widget: 16 bytes.

        A link stays in a browser's history. If the table held the id in it, somebody with both
        could find out whose response it was.
        """
        return self._code(b"spent/" + token_id)[:16]

    def of_response(self, response_id: UUID) -> UUID:
        """The id that a response is stored under: a code of the id that was sent.

        The sender's program knows the id that was sent. If the table held it, somebody with both
        could find out whose response it was. The same id always gives the same code, so that a
        retry is recognised.
        """
        return UUID(bytes=self._code(b"response/" + response_id.bytes)[:16], version=4)

    def of_completion(self, stored_id: UUID) -> UUID:
        """The id of the receipt for the rest of a response that was begun."""
        return UUID(bytes=self._code(b"completion/" + stored_id.bytes)[:16], version=4)

    def of_kiosk_item(self, payload: bytes) -> bytes:
        """A code by which a kiosk's item is recognised when it is sent again: 32 bytes."""
        return self._code(b"kiosk/" + payload)

    def _code(self, message: bytes) -> bytes:
        code = self._keyed.copy()
        code.update(message)
        return code.digest()
