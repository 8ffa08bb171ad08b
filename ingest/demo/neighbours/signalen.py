"""A report system: what Signalen's public endpoints answer, and its reports, in memory.

Only so much of it as a closing mail leads to; tests have a stricter one.
"""

from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Any

import msgspec

from ingest.municipalities.signalen import SOLVED, UNSOLVED

PATH = "/voorbeeldmeldingen"
"""Where it is, on the host of the demo."""

_MOST_KEPT = 200
_UNKNOWN = {"detail": "No Feedback matches the given query."}


class Report(msgspec.Struct, kw_only=True):
    """A report that was closed, and what its reporter said since. `words` are their own."""

    told: bool = False
    reopened: bool = False
    words: str = ""
    may_contact: bool = True


class ReportSystem:
    """Closes reports, and is told what their reporters say."""

    def __init__(self) -> None:
        self._reports: dict[str, Report] = {}

    def close(self) -> str:
        """A report is closed: the token of its feedback, which stands in the mail."""
        token = token_urlsafe(32)
        self._reports[token] = Report()
        while len(self._reports) > _MOST_KEPT:
            self._reports.pop(next(iter(self._reports)))
        return token

    def behind(self, link: str) -> Report | None:
        """The report that a link of ours is about."""
        return self._reports.get(link.partition("?")[0].rpartition("/")[2])

    def look(self, token: str) -> tuple[int, Mapping[str, Any]]:
        """What a GET of the form is answered."""
        report = self._reports.get(token)
        if report is None:
            return 404, _UNKNOWN
        return (410, {"detail": "filled out"}) if report.told else (200, {"signal_id": token[:8]})

    def fill_in(self, token: str, body: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
        """What a PUT of the form is answered."""
        status, told = self.look(token)
        if status != 200:
            return status, told
        report = self._reports[token]
        report.told = True
        report.words = str(body.get("text_extra", ""))
        report.may_contact = body.get("allows_contact") is True
        # Whoever is not content and gives an answer for who is, does not ask to look again.
        content = body.get("is_satisfied") is True or body.get("text_list") == [SOLVED]
        report.reopened = not content
        return 200, dict(body)

    def standard_answers(self) -> Mapping[str, Any]:
        """What it offers."""
        return {
            "results": [
                {"is_satisfied": True, "text": SOLVED, "topic": None, "open_answer": False},
                {"is_satisfied": False, "text": UNSOLVED, "topic": None, "open_answer": False},
            ]
        }
