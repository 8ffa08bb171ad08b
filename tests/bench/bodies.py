"""What residents would send, prepared before the clock runs: each body with a token of its own."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from ingest.tokens.keys import Keys
from ingest.tokens.response_tokens import Tokens
from tests.example import VERSION
from tests.sampled import an_id

PATH, NUMBER = "molensloot/balie-hal", 1
WIDGET_PATH, WIDGET_NUMBER = "molensloot/online", 3
# What a widget asks first, and a site that may show it.
ASKED = "/api/v1/touchpoints/molensloot/online?language=nl"
SITE = "https://www.molensloot.example"
_AGO = timedelta(minutes=5)  # not too quick
TEXT = (
    "Ik werd vriendelijk geholpen, maar ik moest wel twee keer terugkomen omdat een formulier"
    " ontbrak. Bel mij gerust op 06 12345678 als u meer wilt weten."
)
# Two in five say something in their own words.
_SHARE_WITH_TEXT = 0.4


def token(tokens: Tokens, purpose: str = "open", touchpoint: int = NUMBER) -> str:
    """A token that nobody was sent, for the desk of Molensloot or another touchpoint."""
    now = datetime.now(UTC) - _AGO
    return tokens.issue(
        purpose=purpose,
        touchpoint=touchpoint,
        now=now,
        expires_at=now + timedelta(hours=12),
        id=an_id(sampled=False),  # who is asked what the bodies below answer
    )


def write_submissions(keys: Keys, count: int, to: Path) -> None:
    """`count` bodies of POST /api/v1/responses, a line each."""
    tokens, draw = Tokens(keys), random.Random(count)
    with to.open("w") as file:
        for _ in range(count):
            answers: dict[str, object] = {
                "cijfer": draw.randint(1, 10),
                "geholpen": draw.choice(("ja", "deels", "nee")),
                "vriendelijk": draw.randint(1, 5),
                "wachttijd": draw.randint(1, 5),
                "duidelijk": draw.randint(1, 5),
            }
            if draw.random() < _SHARE_WITH_TEXT:
                answers["toelichting"] = TEXT
            body = {
                "touchpoint": PATH,
                "responseId": str(uuid4()),
                "questionnaire": "balie",
                "version": VERSION,
                "language": "nl",
                "token": token(tokens),
                "answers": answers,
            }
            file.write(json.dumps(body, separators=(",", ":")) + "\n")


def begun_submissions(
    keys: Keys, count: int
) -> Iterator[tuple[dict[str, object], dict[str, object]]]:
    """`count` first steps of a widget, each with the answers that complete it."""
    tokens, draw = Tokens(keys), random.Random(count)
    for _ in range(count):
        body: dict[str, object] = {
            "touchpoint": WIDGET_PATH,
            "responseId": str(uuid4()),
            "questionnaire": "online",
            "version": VERSION,
            "language": "nl",
            "token": token(tokens, "embed", WIDGET_NUMBER),
            "answers": {"cijfer": draw.randint(1, 10)},
            "complete": False,
        }
        rest: dict[str, object] = {
            "geholpen": draw.choice(("ja", "deels", "nee")),
            "gemak": draw.randint(1, 5),
            "duidelijk": draw.randint(1, 5),
            "snelheid": draw.randint(1, 5),
        }
        if draw.random() < _SHARE_WITH_TEXT:
            rest["toelichting"] = TEXT
        yield body, rest


def write_comments(count: int, to: Path) -> None:
    """`count` bodies of Isso's POST /new, a line each, about as long."""
    with to.open("w") as file:
        for number in range(count):
            body = {"author": "inwoner", "title": "Balie", "text": f"{number}: {TEXT}"}
            file.write(json.dumps(body) + "\n")


def write_pages(keys: Keys, count: int, to: Path) -> None:
    """`count` paths of surveys, a line each."""
    tokens = Tokens(keys)
    to.write_text("".join(f"/v/{token(tokens)}\n" for _ in range(count)))
