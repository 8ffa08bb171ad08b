"""What residents would send, prepared before the clock runs: each body with a token of its own."""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from ingest.keys import Keys
from ingest.tokens import Tokens

PATH, NUMBER = "molensloot/balie-hal", 1
_AGO = timedelta(minutes=5)  # not too quick
_TEXT = (
    "Ik werd vriendelijk geholpen, maar ik moest wel twee keer terugkomen omdat een formulier"
    " ontbrak. Bel mij gerust op 06 12345678 als u meer wilt weten."
)
# Two in five say something in their own words.
_SHARE_WITH_TEXT = 0.4


def token(tokens: Tokens) -> str:
    """A token that nobody was sent, for the desk of Molensloot."""
    now = datetime.now(UTC) - _AGO
    return tokens.issue(
        purpose="open", touchpoint=NUMBER, now=now, expires_at=now + timedelta(hours=24)
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
            }
            if draw.random() < _SHARE_WITH_TEXT:
                answers["toelichting"] = _TEXT
            body = {
                "touchpoint": PATH,
                "responseId": str(uuid4()),
                "questionnaire": "balie",
                "version": 1,
                "language": "nl",
                "token": token(tokens),
                "answers": answers,
            }
            file.write(json.dumps(body, separators=(",", ":")) + "\n")


def write_comments(count: int, to: Path) -> None:
    """`count` bodies of Isso's POST /new, a line each, about as long."""
    with to.open("w") as file:
        for number in range(count):
            body = {"author": "inwoner", "title": "Balie", "text": f"{number}: {_TEXT}"}
            file.write(json.dumps(body) + "\n")


def write_pages(keys: Keys, count: int, to: Path) -> None:
    """`count` paths of surveys, a line each."""
    tokens = Tokens(keys)
    to.write_text("".join(f"/v/{token(tokens)}\n" for _ in range(count)))
