"""What somebody sent, what is stored of it, and the receipt. Pure, except for metrics."""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from ingest.clock import day_of
from ingest.municipalities.municipality import Touchpoint
from ingest.questionnaires.questionnaire import Questionnaire
from ingest.responses.answers import AnswersRejected, CheckedAnswers, Reason, TextAnswer
from ingest.responses.screening import screen
from ingest.responses.statements import KnownResponse
from ingest.running import metrics
from ingest.themes.finding import Finder
from ingest.tokens.completion_tokens import Begun
from ingest.tokens.response_tokens import Token

_encode = msgspec.json.Encoder(order="sorted").encode


# How a response was asked, by the permission that it spends. A kiosk's spends none, and is `kiosk`.
MODES: Mapping[str, str] = {
    "invitation": "bericht",
    "open": "link",
    "qr": "qr",
    "embed": "widget",
    "preview": "link",
    "report": "bericht",
}

# Faster than anybody reads one question and answers it.
TOO_QUICK_SECONDS = 2


class ResponseConflict(Exception):
    """Another response is stored under this response id."""


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody sent, before anything was checked.

    `touchpoint` and `questionnaire` are None where only the token says them (a form). `fields` are
    the raw fields of a form, `answers` those of a JSON body. `hints` are coarse details of the page
    that showed the survey (product, location, form); what the touchpoint does not list is dropped.
    On a `first_try` the response id was made for this submission: nothing can be stored under it.
    `told` is what is told to others with it, as it is stored; `said` stands for all of that: it is
    another response where this is another.
    """

    token: str
    language: str
    version: int | None = None
    touchpoint: str | None = None
    questionnaire: str | None = None
    response_id: UUID | None = None
    first_try: bool = False
    answers: Mapping[str, object] = {}
    fields: Mapping[str, list[str]] | None = None
    complete: bool = True
    trapped: bool = False
    hints: Mapping[str, str] = {}
    told: str = ""
    said: str = ""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """The response is stored. `again` says that it already was.

    `completion_token` lets a widget add the rest to a response that is not complete.
    """

    response_id: UUID
    complete: bool
    again: bool
    completion_token: str | None = None


def require_same(known: KnownResponse, code: bytes) -> None:
    """Raises `ResponseConflict` when what is stored under this id had another content."""
    if not hmac.compare_digest(known.content_code, code):
        raise ResponseConflict


def require_language(touchpoint: Touchpoint, language: str) -> None:
    """Raises `AnswersRejected` for a language in which this touchpoint does not ask."""
    if language not in touchpoint.languages:
        raise AnswersRejected(
            (
                Reason(
                    name="language",
                    code="unknown-language",
                    reason=f"This touchpoint asks in {', '.join(touchpoint.languages)}.",
                ),
            )
        )


def allowed_dimensions(touchpoint: Touchpoint, hints: Mapping[str, str]) -> dict[str, str]:
    """Those of the `hints` whose value the touchpoint lists; all others are dropped."""
    return {
        name: value for name, value in hints.items() if value in touchpoint.dimensions.get(name, ())
    }


def suspicions(submission: Submission, token: Token, now: datetime) -> list[str]:
    """Why it may come from a program. Such a response is stored and marked, never refused."""
    marks = []
    if submission.trapped:
        marks.append("honeypot")
    if token.issued_at is not None and now - token.issued_at < timedelta(seconds=TOO_QUICK_SECONDS):
        marks.append("too-quick")
    return marks


def screened(typed: TextAnswer, finder: Finder, language: str) -> dict[str, object]:
    """A text as it is stored: personal data taken out, which kinds there were, and its themes."""
    result = screen(typed.text)
    for kind in result.masked:
        metrics.pii_redactions.labels(kind=kind).inc()
    found = finder.find(result.text, language)
    return {
        "item": typed.item,
        "text": result.text,
        "masked": list(result.masked),
        "themes": list(found.codes),
        "theme_version": found.version,
    }


def as_json(value: object) -> str:
    """JSON as it is stored, keys sorted."""
    return _encode(value).decode()


def begun_with(
    stored_id: UUID,
    touchpoint: Touchpoint,
    questionnaire: Questionnaire,
    checked: CheckedAnswers,
    now: datetime,
) -> Begun:
    """What was begun, so that the rest can be added to it; `now` is when."""
    return Begun(
        touchpoint=touchpoint.number,
        version=questionnaire.version,
        id=stored_id,
        day=day_of(now),
        answers=checked.answers,
        typed=tuple(text.item for text in checked.texts),
        issued_at=now,
        sampled=questionnaire.asked_of is not None,
    )
