"""NotifyNL's API as it was found, strict in all that it takes.

It keeps what it sent. The same reference twice is two messages; a clock that is 31 seconds off is
refused and one of 25 is not; a sign that a text message cannot hold becomes a question mark.
"""

import json
import re
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import jwt

from tests.neighbours.server import BadDay, Behaviour, Reply, Request

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"meetpunt-{SERVICE}-{SECRET}"
TEMPLATE = "c887d4a9-204b-43a0-9344-9bd475059832"

_MOST_SECONDS_OFF = 30
_ALLOWED = {"phone_number", "template_id", "personalisation", "reference", "sms_sender_id"}
_MOBILE = re.compile(r"(?:\+|00)?316[0-9]{8}|06[0-9]{8}|(?:\+|00)?324[0-9]{8}")
_PLACEHOLDER = re.compile(r"\(\(([^()]+)\)\)")
# What the alphabet of text messages has; the rest of it does not matter here.
_OUTSIDE = re.compile(r"[^\x0a\x0d\x20-\x7e€£¥§äåæèéìñòöøùüÄÅÆÇÉÑÖØÜß]")


class Notify:
    """One service at NotifyNL, with its templates by id."""

    def __init__(self, **templates: str) -> None:
        self.templates = {TEMPLATE: "((text))", **templates}
        self.seconds_off = 0.0
        self.sent: list[dict[str, Any]] = []
        self.bad_days: deque[BadDay] = deque()

    def texts(self) -> list[tuple[str, str]]:
        """To whom went what, in the order in which it went."""
        return [(one["phone_number"], one["body"]) for one in self.sent]

    def end(self, id: str, status: str) -> dict[str, Any]:
        """A message comes to its end; gives what the callback says of it, in its ten fields."""
        (message,) = (one for one in self.sent if one["id"] == id)
        message["status"] = status
        message["completed_at"] = _now()
        return {
            "id": message["id"],
            "reference": message["reference"],
            "to": message["phone_number"],
            "status": status,
            "created_at": message["created_at"],
            "completed_at": message["completed_at"],
            "sent_at": message["sent_at"],
            "notification_type": "sms",
            "template_id": message["template"]["id"],
            "template_version": 1,
        }

    async def __call__(self, request: Request) -> Behaviour:
        """Answer one request."""
        bad_day = self.bad_days.popleft() if self.bad_days else None
        if bad_day and not bad_day.after:
            return bad_day.behaviour
        answer = self._answer(request)
        return bad_day.behaviour if bad_day else answer

    def _answer(self, request: Request) -> Reply:
        if refused := self._unauthorized(request):
            return refused
        target = urlsplit(request.target)
        routes: dict[tuple[str, str], Callable[[], Reply]] = {
            ("POST", "/v2/notifications/sms"): lambda: self._send(request),
            ("GET", "/v2/notifications"): lambda: self._list(parse_qs(target.query)),
        }
        if route := routes.get((request.method, target.path)):
            return route()
        if request.method == "GET" and target.path.startswith("/v2/notifications/"):
            return self._one(target.path.rpartition("/")[2])
        return _told(404, {"result": "error", "message": "The requested URL was not found"})

    def _unauthorized(self, request: Request) -> Reply | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return error(401, "AuthError", "Unauthorized: authentication token must be provided")
        try:
            claims = jwt.decode(
                token,
                SECRET,
                algorithms=["HS256"],
                options={"require": ["iss", "iat"], "verify_iat": False},
            )
        except jwt.PyJWTError:
            return error(403, "AuthError", "Invalid token: API key not found")
        if claims["iss"] != SERVICE:
            return error(403, "AuthError", "Invalid token: service not found")
        off = abs(time.time() + self.seconds_off - claims["iat"])
        if off > _MOST_SECONDS_OFF + 0.99:
            words = "Error: Your system clock must be accurate to within 30 seconds"
            return error(403, "AuthError", words)
        return None

    def _send(self, request: Request) -> Reply:
        if request.headers.get("content-type") != "application/json":
            return error(400, "BadRequestError", "Invalid JSON supplied in POST data")
        try:
            body = json.loads(request.body)
        except ValueError:
            return error(400, "BadRequestError", "Invalid JSON supplied in POST data")
        for name in ("phone_number", "template_id"):
            if name not in body:
                return error(400, "ValidationError", f"{name} is a required property")
        if strangers := sorted(set(body) - _ALLOWED):
            words = f"Additional properties are not allowed ({', '.join(strangers)} was unexpected)"
            return error(400, "ValidationError", words)
        if not isinstance(body.get("reference", ""), str) or not _is_uuid(body["template_id"]):
            return error(400, "ValidationError", "template_id is not a valid UUID")
        if not _MOBILE.fullmatch(re.sub(r"[\s()-]", "", str(body["phone_number"]))):
            return error(400, "InvalidPhoneError", f"{body['phone_number']} is not a mobile number")
        template = self.templates.get(body["template_id"])
        if template is None:
            return error(400, "BadRequestError", "Template not found")
        given = body.get("personalisation", {})
        if missing := [name for name in _PLACEHOLDER.findall(template) if name not in given]:
            return error(400, "BadRequestError", f"Missing personalisation: {', '.join(missing)}")
        return _told(201, self._taken(body, template, given))

    def _taken(self, body: dict[str, Any], template: str, given: dict[str, Any]) -> dict[str, Any]:
        text = _PLACEHOLDER.sub(lambda found: str(given[found[1]]), template)
        at = {
            "id": body["template_id"],
            "version": 1,
            "uri": f"https://api.notify.example/services/{SERVICE}/templates/{body['template_id']}",
        }
        message = {
            "id": str(uuid4()),
            "reference": body.get("reference"),
            "phone_number": body["phone_number"],
            "type": "sms",
            "status": "created",
            "body": _OUTSIDE.sub("?", text),
            "template": at,
            "created_at": _now(),
            "sent_at": None,
            "completed_at": None,
            "scheduled_for": None,
        }
        self.sent.append(message)
        return {
            "id": message["id"],
            "reference": message["reference"],
            "content": {"body": message["body"], "from_number": "Molensloot"},
            "scheduled_for": None,
            "template": at,
            "uri": f"https://api.notify.example/v2/notifications/{message['id']}",
        }

    def _list(self, query: dict[str, list[str]]) -> Reply:
        found = [
            one
            for one in reversed(self.sent)
            if "reference" not in query or one["reference"] == query["reference"][0]
        ]
        links = {"current": "https://api.notify.example/v2/notifications"}
        return _told(200, {"notifications": found, "links": links})

    def _one(self, id: str) -> Reply:
        found = [one for one in self.sent if one["id"] == id]
        if not found:
            return error(404, "NoResultFound", "No result found")
        return _told(200, found[0])


def error(status: int, name: str, message: str) -> Reply:
    """A refusal in the shape that all of them have."""
    return _told(status, {"errors": [{"error": name, "message": message}], "status_code": status})


def _told(status: int, body: dict[str, Any]) -> Reply:
    return Reply(status, json.dumps(body).encode())


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _is_uuid(text: Any) -> bool:
    try:
        UUID(str(text))
    except ValueError:
        return False
    return True
