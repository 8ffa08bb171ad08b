"""What comes in, made before the clock runs: each request as its bytes, and when it is due."""

import itertools
import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import msgspec

from ingest.municipalities.catalogue import Catalogue
from ingest.tokens.keys import Keys
from ingest.tokens.response_tokens import Tokens
from tests.bench.arriving import DRAWN
from tests.bench.bodies import TEXT
from tests.bench.monday.hour import BY_KIOSK, BY_MESSAGE, BY_WIDGET, Rates
from tests.bench.monday.municipalities import ORIGIN, Place
from tests.bench.monday.player import Request
from tests.bench.monday.tablets import KioskAt
from tests.inviting import mobile
from tests.sampled import an_id

A_CALL, A_SYNC = 10, 5
"""People who are told of in one call; responses that a kiosk hands in at once."""

EXPECTED = {"submit": 201, "page": 200, "widget": 200, "kiosk": 200, "invitations": 202}
"""The kinds, and the status of what went well."""

_WITH_TEXT = 0.4
_PAGES_OF_INVITED = 0.5
_AGO = timedelta(minutes=5)  # not too quick
_INVITED_AT = ("telefonie", "telefonie", "melding")


class Invited(msgspec.Struct, frozen=True):
    """A link that was sent before: the id of its token, and for which touchpoint."""

    municipality: str
    touchpoint: int
    id: bytes


class Requests:
    """Makes what a country sends. `invited` grows by every link that has to be there beforehand."""

    def __init__(
        self, catalogue: Catalogue, places: Sequence[Place], keys: Keys, kiosks: Sequence[KioskAt]
    ) -> None:
        self.invited: list[Invited] = []
        self._catalogue, self._tokens, self._kiosks = catalogue, Tokens(keys), kiosks
        self._chance = random.Random(len(places))
        self._places = [place.slug for place in places]
        self._codes = {place.slug: place.code for place in places}
        self._until = list(itertools.accumulate(place.inhabitants for place in places))
        self._people = itertools.count(1)
        origin = f"Origin: {ORIGIN}\r\n"
        self._widgets = {
            slug: _get(f"/api/v1/touchpoints/{slug}/online?language=nl", origin)
            for slug in self._places
        }

    def first(self) -> list[Request]:
        """Everything that a service builds when somebody first asks for it, at once."""
        pages = [
            _get(path)
            for slug in self._places
            for path in (
                f"/v/{self._token(slug, 'telefonie', 'invitation')}",
                f"/o/{slug}/balie-hal",
            )
        ]
        kiosks = [
            _get(f"/api/v1/kiosks/new/survey?touchpoint={each.path}") for each in self._kiosks
        ]
        return [
            *(Request(0.0, "page", sent) for sent in pages),
            *(Request(0.0, "widget", sent) for sent in self._widgets.values()),
            *(Request(0.0, "kiosk", sent) for sent in kiosks),
        ]

    def during(self, seconds: float, rates: Rates) -> list[Request]:
        """As many a second as `rates` says, at moments drawn by lot, in their order."""
        kiosk = rates.responses * BY_KIOSK / A_SYNC
        a_second = {
            "submit": rates.responses * (1 - BY_KIOSK),
            "page": rates.pages,
            "widget": rates.widgets,
            "kiosk": kiosk if self._kiosks else 0.0,
            "invitations": rates.messages / A_CALL,
        }
        kinds, weights = list(a_second), list(a_second.values())
        made, at, in_all = [], 0.0, sum(weights)
        while (at := at + self._chance.expovariate(in_all)) < seconds:
            (kind,) = self._chance.choices(kinds, weights)
            made.append(Request(at, kind, getattr(self, f"_{kind}")()))
        return made

    def _place(self) -> str:
        (slug,) = self._chance.choices(self._places, cum_weights=self._until)
        return slug

    def _page(self) -> bytes:
        slug = self._place()
        if self._chance.random() < _PAGES_OF_INVITED:
            return _get(f"/v/{self._token(slug, 'telefonie', 'invitation')}")
        return _get(f"/o/{slug}/balie-hal")

    def _widget(self) -> bytes:
        return self._widgets[self._place()]

    def _submit(self) -> bytes:
        slug, drawn = self._place(), self._chance.random() * (1 - BY_KIOSK)
        if drawn < BY_MESSAGE:
            touchpoint, purpose = self._chance.choice(_INVITED_AT), "invitation"
        elif drawn < BY_MESSAGE + BY_WIDGET:
            touchpoint, purpose = "online", "embed"
        else:
            touchpoint, purpose = "balie-hal", "open"
        asked = self._catalogue.questionnaire(self._catalogue.touchpoint(slug, touchpoint))
        body = {
            "touchpoint": f"{slug}/{touchpoint}",
            "responseId": str(uuid4()),
            "questionnaire": asked.code,
            "version": asked.version,
            "language": "nl",
            "token": self._token(slug, touchpoint, purpose),
            "answers": self._answers(slug, touchpoint),
        }
        return _post("/api/v1/responses", body)

    def _kiosk(self) -> bytes:
        kiosk = self._chance.choice(self._kiosks)
        asked = self._catalogue.questionnaire(self._catalogue.touchpoint(*kiosk.path.split("/")))
        answers = [self._answers(*kiosk.path.split("/")) for _ in range(A_SYNC)]
        return _post(f"/api/v1/kiosks/{kiosk.id}/sync", kiosk.handed_in(asked.version, answers))

    def _invitations(self) -> bytes:
        slug = self._place()
        ended = (datetime.now(UTC) - _AGO).isoformat()
        body = {
            "touchpoint": f"{slug}/telefonie",
            "invitations": [
                {"recipient": mobile(next(self._people)).uri, "endedAt": ended}
                for _ in range(A_CALL)
            ],
        }
        lines = f"Authorization: Bearer {api_key(slug)}\r\nIdempotency-Key: {uuid4().hex}\r\n"
        return _post("/api/v1/invitations", body, lines)

    def _answers(self, slug: str, touchpoint: str) -> dict[str, object]:
        asked = self._catalogue.questionnaire(self._catalogue.touchpoint(slug, touchpoint))
        # What is asked of everybody.
        items = [each for each in asked.items if each.ask_if is None and each.asked_of is None]
        answers: dict[str, object] = {
            each.code: self._chance.choice(DRAWN[each.kind]) for each in items if each.kind in DRAWN
        }
        text = next((each.code for each in items if each.kind == "text"), None)
        if text and self._chance.random() < _WITH_TEXT:
            answers[text] = TEXT
        return answers

    def _token(self, slug: str, touchpoint: str, purpose: str) -> str:
        number = self._catalogue.touchpoint(slug, touchpoint).number
        now, id_ = datetime.now(UTC) - _AGO, an_id(sampled=False)
        if purpose == "invitation":
            self.invited.append(Invited(self._codes[slug], number, id_))
        return self._tokens.issue(
            purpose=purpose,
            touchpoint=number,
            now=now,
            expires_at=now + timedelta(hours=12),
            id=id_,
        )


def api_key(slug: str) -> str:
    """The API key of a municipality."""
    return f"mp_bench_{slug}"


def write(requests: Sequence[Request], file: Path) -> None:
    """For the player, in another process."""
    file.write_bytes(msgspec.msgpack.encode(requests))


def _get(path: str, lines: str = "") -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip, deflate, br\r\n"
        f"Accept-Language: nl\r\n{lines}\r\n"
    ).encode()


def _post(path: str, body: object, lines: str = "") -> bytes:
    written = json.dumps(body, separators=(",", ":")).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(written)}\r\n{lines}\r\n"
    )
    return head.encode() + written
