"""The program that the demo's municipality has of its own: it is told of signals, and shows it.

It checks signatures as its makers would, and keeps the last deliveries in memory.
"""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from ingest.followup.pushing.signing import key_of, signature

PATH = "/voorbeeldwebhook"
"""Where it is, on the host of the demo."""

_MOST_KEPT = 5
_TOLERANCE_SECONDS = 300


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """One delivery as it came. `body` is JSON, written for people."""

    id: str
    lines: tuple[str, ...]
    body: str
    again: int = 0


class OwnProgram:
    """Takes deliveries that are signed with `secret`."""

    def __init__(self, secret: str) -> None:
        self._key = key_of(secret)
        self._kept: dict[str, Delivered] = {}

    @property
    def last(self) -> Delivered | None:
        """The last one that came for the first time; None before that."""
        return next(reversed(self._kept.values()), None)

    def take(self, headers: Mapping[str, str], body: bytes, *, now: datetime | None = None) -> int:
        """Take one; returns the status to answer with."""
        now = now or datetime.now(UTC)
        id, told = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        if self._key is None or not told.isascii() or not told.isdigit() or len(told) > 12:
            return 401
        good = signature(id, int(told), body, self._key)
        shown = headers.get("webhook-signature", "").split(" ")
        if not any(hmac.compare_digest(good.encode(), each.encode()) for each in shown):
            return 401
        if abs(now.timestamp() - int(told)) > _TOLERANCE_SECONDS:
            return 401
        before = self._kept.get(id)
        if before is not None:
            self._kept[id] = msgspec.structs.replace(before, again=before.again + 1)
            return 204
        self._kept[id] = _read(id, body)
        while len(self._kept) > _MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        return 204


def _read(id: str, body: bytes) -> Delivered:
    read: dict[str, Any] = msgspec.json.decode(body)
    return Delivered(
        id=id,
        lines=tuple(read["data"]["summary"].splitlines()),
        body=msgspec.json.format(body, indent=2).decode(),
    )
