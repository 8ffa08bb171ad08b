"""Read a platform's message by its mapping: a call that somebody answered, or why it is none. Pure.

What no pointer points at is not looked at. Of a message that cannot be read the reply names the
field of the mapping, never what stood there.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from ingest.asgi.messages import InvalidParam
from ingest.files.json_pointers import value_at
from ingest.invitations.moments import read_moment
from ingest.invitations.occasions import ContactEnded, Recipient
from ingest.invitations.recipients import RecipientUnusable, read_recipient
from ingest.municipalities.call_mappings import ANYTHING, CallMapping
from ingest.municipalities.connecting import Connector

NoContact = Literal["another-event", "not-answered", "unknown-queue", "too-short"]
"""Why a message invites nobody, whatever the rules of a touchpoint."""

_MOST_CHARACTERS = 200
_WHOLE_SECONDS = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,9})?")


class CallUnreadable(Exception):
    """A message that the connector's mapping does not fit; `params` say which of its fields."""

    def __init__(self, params: tuple[InvalidParam, ...]) -> None:
        self.params = params
        super().__init__(", ".join(f"{param.name}: {param.code}" for param in params))


def read_call(
    connector: Connector, message: Mapping[str, Any], *, municipality: str, now: datetime
) -> ContactEnded | NoContact:
    """The contact that a message tells of. Raises `CallUnreadable`.

    `municipality` is a slug; `now` (UTC) stands in where the platform tells no moment, or one that
    is still to come: its clock is wrong then, and the call ended all the same.
    """
    mapping = connector.mapping
    if not all(_says(message, *each) for each in mapping.only.items()):
        return "another-event"
    if not any(_says(message, *each) for each in mapping.answered.items()):
        return "not-answered"
    read = _Read(message)
    name_of_queue = read.text("queue", mapping.queue)
    id = read.text("id", mapping.id)
    seconds = read.seconds(mapping.duration) if connector.least_seconds else 0.0
    ended_at = read.moment(mapping.ended_at, now)
    if read.faults:
        raise CallUnreadable(tuple(read.faults))
    queue = connector.queues.get(name_of_queue)
    if queue is None:
        return "unknown-queue"
    if seconds < connector.least_seconds:
        return "too-short"
    return ContactEnded(
        municipality=municipality,
        touchpoint=queue.touchpoint,
        ended_at=ended_at,
        source=connector.platform,
        # Two connectors may number their calls alike.
        source_key=msgspec.json.encode([connector.name, id]).decode(),
        dimensions={"product": queue.product} if queue.product else {},
        recipient=_caller(message, mapping),
        outcome=_first(message, mapping.outcome) or "answered",
    )


def _caller(message: Any, mapping: CallMapping) -> Recipient | None:
    """Who called, where that is a mobile number; many hide theirs, or call from a land line."""
    number = _first(message, mapping.number)
    try:
        return read_recipient(f"tel:{number}") if number else None
    except RecipientUnusable:
        return None


class _Read:
    """Reads what has to be there, and notes all that is not."""

    def __init__(self, message: Any) -> None:
        self._message = message
        self.faults: list[InvalidParam] = []

    def text(self, name: str, pointers: Iterable[str]) -> str:
        found = _first(self._message, pointers)
        if not found:
            reason = (
                f"A text of 1 to {_MOST_CHARACTERS} characters is needed where the mapping looks."
            )
            self.faults.append(_param(name, "required", reason))
        return found

    def seconds(self, pointers: Iterable[str]) -> float:
        found = _first(self._message, pointers)
        if _WHOLE_SECONDS.fullmatch(found):
            return float(found)
        self.faults.append(_param("duration", "wrong-type", "A number of seconds is needed."))
        return 0.0

    def moment(self, pointers: Iterable[str], now: datetime) -> datetime:
        if all(value_at(self._message, each) is None for each in pointers):
            return now
        moment = read_moment(_first(self._message, pointers))
        if moment is None:
            reason = "A moment is needed, as 2026-11-29T09:30:00Z or in seconds since 1970."
            self.faults.append(_param("ended_at", "wrong-type", reason))
        return min(moment, now) if moment else now


def _says(message: Any, pointer: str, words: tuple[str, ...]) -> bool:
    found = _text(value_at(message, pointer))
    return bool(found) and (ANYTHING in words or found in words)


def _first(message: Any, pointers: Iterable[str]) -> str:
    """The first text that is not empty, or nothing."""
    return next(filter(None, (_text(value_at(message, each)) for each in pointers)), "")


def _text(value: Any) -> str:
    """A text, or a number as one; nothing for what is too long, invisible, or neither."""
    match value:
        case bool():
            text = "true" if value else "false"
        case str():
            text = value.strip(" ")
        case int() | float():
            text = str(value) if abs(value) < 10**16 else ""
        case _:
            return ""
    return text if len(text) <= _MOST_CHARACTERS and text.isprintable() else ""


def _param(name: str, code: str, reason: str) -> InvalidParam:
    return InvalidParam(name=name, code=code, reason=reason)
