"""Spryng's REST API, as NotifyNL calls it, strict in all that it takes.

It keeps what it sent. On a bad day its good answer is no JSON.
"""

import json
import re
from collections import deque
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from tests.neighbours.server import BadDay, Behaviour, Reply, Request

KEY = "spryng-sleutel"

_NEEDED = {"originator", "recipients", "body"}
_ALLOWED = {*_NEEDED, "reference", "route", "encoding", "scheduled_at"}
_ORIGINATOR = re.compile(r"[A-Za-z0-9 .-]{1,11}")


class Spryng:
    """One account."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.bad_days: deque[BadDay] = deque()

    def texts(self) -> list[tuple[str, str]]:
        """To whom went what, in the order in which it went."""
        return [(one["recipients"][0], one["body"]) for one in self.sent]

    async def __call__(self, request: Request) -> Behaviour:
        """Answer one request."""
        bad_day = self.bad_days.popleft() if self.bad_days else None
        if bad_day and not bad_day.after:
            return bad_day.behaviour
        answer = self._answer(request)
        return bad_day.behaviour if bad_day else answer

    def _answer(self, request: Request) -> Reply:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return _told(401, {"message": "Unauthenticated."})
        if (request.method, request.target) != ("POST", "/v1/messages"):
            return _told(404, {"message": "Not found"})
        body = json.loads(request.body)
        if faults := _faults(body):
            return _told(422, {"message": "The given data was invalid.", "errors": faults})
        id = str(uuid4())
        self.sent.append({"id": id, **body})
        return _told(200, {"id": id, **body})


def receipt_query(reference: str, status: str, reason: str) -> str:
    """What comes after the question mark of the address that it tells how a message ended."""
    return urlencode({"STATUS": status, "REASONCODE": reason, "REFERENCE": reference})


def _faults(body: dict[str, Any]) -> dict[str, list[str]]:
    faults = {name: [f"The {name} field is required."] for name in _NEEDED - body.keys()}
    faults |= {name: [f"The {name} field is unknown."] for name in body.keys() - _ALLOWED}
    for number, recipient in enumerate(body.get("recipients", ())):
        if not re.fullmatch(r"[1-9][0-9]{9,14}", recipient):
            faults[f"recipients.{number}"] = [f"{recipient} is not a number."]
    if not _ORIGINATOR.fullmatch(body.get("originator", "x")):
        faults["originator"] = ["The originator may not be longer than 11 characters."]
    if body.get("encoding", "auto") not in ("auto", "plain", "unicode"):
        faults["encoding"] = ["The selected encoding is invalid."]
    return faults


def _told(status: int, body: dict[str, Any]) -> Reply:
    return Reply(status, json.dumps(body).encode())
