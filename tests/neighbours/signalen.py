"""Signalen 2.50.12, as far as a closing mail leads to it: strict, and with its odd sides.

What was seen on the real one is imitated line by line (marked "seen"): what is stored though it
fails, what reopens, and that four PUTs at once may be taken twice.
"""

import asyncio
import json
import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Any
from uuid import uuid4

import msgspec

from tests.neighbours.server import BadDay, Behaviour, Reply, Request

ROOT = "/signals"
SITE = "https://meldingen.molensloot.example"

SOLVED = "Het probleem is verholpen"
UNSOLVED = "Er is niets met mijn melding gedaan"
STANDARD: dict[str, tuple[bool, bool]] = {
    # Text: for who is content, and whether it reopens otherwise. Seen: the last two do not.
    SOLVED: (True, False),
    "Mijn melding is snel opgepakt": (True, False),
    UNSOLVED: (False, True),
    "Ik voel mij niet serieus genomen door de gemeente": (False, True),
    "De behandeling duurde te lang": (False, False),
    "Het contact over de afhandeling was slecht": (False, False),
}
_FORM = re.compile(ROOT + r"/v1/public/feedback/forms/([^/]+)/?")
_LIST = re.compile(ROOT + r"/v1/public/feedback/standard_answers/?")
_SIGNAL = re.compile(ROOT + r"/v1/public/signals/([0-9a-f-]{36})/?")
_MOST = 1000
_DAYS = 14


class Feedback(msgspec.Struct, kw_only=True):
    """A row of Signalen's: one for each closing. What was filled in, and when."""

    signal: str
    token: str
    created_at: datetime
    submitted_at: datetime | None = None
    filled_in: dict[str, Any] | None = None
    writes: int = 0


class Report(msgspec.Struct, kw_only=True):
    """A report. `o` is "Afgehandeld"."""

    id: str
    state: str = "o"
    email: bool = True
    is_child: bool = False
    allows_contact: bool = True
    history: list[str] = []


class Signalen:
    """One Signalen. `questionnaires_app` is its flag that breaks links, `template` its mail's."""

    def __init__(self, *, questionnaires_app: bool = False, template: bool = True) -> None:
        self.questionnaires_app = questionnaires_app
        self.template = template
        self.reports: dict[str, Report] = {}
        self.feedback: dict[str, Feedback] = {}
        self.bad_days: deque[BadDay] = deque()
        self.away = False
        self.together: asyncio.Barrier | None = None

    def report(self, **changes: Any) -> Report:
        """Somebody reports something; it is being worked on."""
        made = Report(id=str(uuid4()), state="b", **changes)
        self.reports[made.id] = made
        return made

    def close(self, report: Report) -> str | None:
        """Close it: the link for "yes" in the mail that goes out, or None where there is none.

        Seen: no mail for who cannot or may not be mailed, for a child report, or when it was asked
        to be opened again; and without its template a mail without a link, though a row is made.
        """
        asked_again = report.state == "reopen requested"
        report.history.append(report.state)
        report.state = "o"
        if asked_again or not report.email or report.is_child or not report.allows_contact:
            return None
        token = token_urlsafe()
        self.feedback[token] = Feedback(signal=report.id, token=token, created_at=datetime.now(UTC))
        if not self.template:
            return None
        if self.questionnaires_app:
            return f"{SITE}/feedback/ja/{uuid4()}"
        return f"{SITE}/kto/ja/{token}"

    def closed(self, **changes: Any) -> str:
        """The token of a report that was just closed."""
        link = self.close(self.report(**changes))
        assert link is not None
        return link.rpartition("/")[2]

    def grow_old(self, token: str) -> None:
        """Fifteen days pass."""
        self.feedback[token].created_at -= timedelta(days=_DAYS + 1)

    def state_of(self, token: str) -> str:
        """Of the report that this token is about."""
        return self.reports[self.feedback[token].signal].state

    @contextmanager
    def out_of_reach(self) -> Iterator[None]:
        """It is away for so long."""
        self.away = True
        yield
        self.away = False

    async def __call__(self, request: Request) -> Behaviour:
        """Answer one request."""
        if self.away:
            return _told(503, {"detail": "Service Unavailable"})
        bad_day = self.bad_days.popleft() if self.bad_days else None
        if bad_day and not bad_day.after:
            return bad_day.behaviour
        answer = await self._answer(request)
        return bad_day.behaviour if bad_day else answer

    async def _answer(self, request: Request) -> Reply:
        target = request.target.partition("?")[0]
        if _LIST.fullmatch(target) and request.method == "GET":
            return _told(200, self._standard_answers())
        if signal := _SIGNAL.fullmatch(target):
            return self._signal(signal[1])
        if form := _FORM.fullmatch(target):
            return await self._form(request, form[1])
        return Reply(404, b"<h1>Not Found</h1>", (("Content-Type", "text/html"),))

    def _standard_answers(self) -> dict[str, Any]:
        # Seen: whether one reopens is not told.
        return {
            "_links": {"self": {"href": f"{ROOT}{'/v1/public/feedback/standard_answers/'}"}},
            "count": len(STANDARD),
            "results": [
                {"is_satisfied": content, "text": text, "topic": None, "open_answer": False}
                for text, (content, _) in STANDARD.items()
            ],
        }

    def _signal(self, id: str) -> Reply:
        report = self.reports.get(id)
        if report is None:
            return _told(404, {"detail": "No Signal matches the given query."})
        state = "CLOSED" if report.state == "o" else "OPEN"
        return _told(200, {"signal_id": id, "status": {"state": state}})

    async def _form(self, request: Request, token: str) -> Reply:
        feedback = self.feedback.get(token)
        # Seen: with the flag every form is unknown, in other words than a token is.
        if self.questionnaires_app:
            return Reply(404, b'{"detail":"Not found."}')
        if request.method not in ("GET", "PUT", "PATCH"):
            return _told(405, {"detail": f'Method "{request.method}" not allowed.'})
        if feedback is None:
            return _told(404, {"detail": "No Feedback matches the given query."})
        if feedback.submitted_at is not None:
            return _told(410, {"detail": "filled out"})
        if datetime.now(UTC) - feedback.created_at > timedelta(days=_DAYS):
            return _told(410, {"detail": "too late"})
        if request.method == "GET":
            return _told(200, {"signal_id": feedback.signal})
        if self.together is not None:
            # Seen: not atomic. Whoever looked before somebody else stored is taken too.
            await self.together.wait()
        return self._fill_in(request, feedback)

    def _fill_in(self, request: Request, feedback: Feedback) -> Reply:
        if request.headers.get("content-type") != "application/json":
            return _told(415, {"detail": "Unsupported media type in request."})
        try:
            body = json.loads(request.body)
        except ValueError:
            return _told(400, {"detail": "JSON parse error"})
        if faults := _faults(body):
            return _told(400, faults)
        # Seen: null fails here, and nothing is stored.
        if "text_list" in body and body["text_list"] is None:
            return Reply(500)
        feedback.submitted_at = datetime.now(UTC)
        feedback.filled_in = body
        feedback.writes += 1
        report = self.reports[feedback.signal]
        # Seen: what is left out counts as false, and silences every later mail on this report.
        report.allows_contact = body.get("allows_contact", False)
        # Seen: a PATCH without it fails, and is stored.
        if request.method == "PATCH" and "is_satisfied" not in body:
            return Reply(500)
        if report.state == "o" and _reopens(body):
            report.history.append(report.state)
            report.state = "reopen requested"
        return _told(200, body)


def _faults(body: Any) -> dict[str, list[str]]:
    if not isinstance(body, dict):
        return {"non_field_errors": ["Invalid data."]}
    faults: dict[str, list[str]] = {}
    if not body.get("text") and not body.get("text_list") and body.get("text_list", "") is not None:
        faults["non_field_errors"] = ["Either text or text_list must be filled in"]
    for name in ("text", "text_extra"):
        if len(body.get(name) or "") > _MOST:
            faults[name] = [f"Ensure this field has no more than {_MOST} characters."]
    if any(len(text) > _MOST for text in body.get("text_list") or ()):
        faults["text_list"] = [f"Ensure this field has no more than {_MOST} characters."]
    return faults


def _reopens(body: dict[str, Any]) -> bool:
    # Seen: null, or nothing at all, is not content.
    if body.get("is_satisfied"):
        return False
    texts = [*(body.get("text_list") or ()), *([body["text"]] if body.get("text") else ())]
    # Seen: letter by letter but for spaces around it, and whether it is one for who is content does
    # not matter. `text_extra` never does.
    return any(STANDARD.get(text.strip(), (False, True))[1] for text in texts)


def _told(status: int, body: dict[str, Any]) -> Reply:
    return Reply(status, json.dumps(body).encode())
