"""`GET /api/v1/touchpoints/...`, in plain ASGI: the questions for a widget, at each view of a page.

The reply holds a token, and is compressed. Still, its length cannot reveal the token (BREACH). The
token is new in every reply and is never compressed. And the only things in the reply that depend on
the request are one of the touchpoint's own languages, and whether it is for a sample: that much of
a token anybody may know.
"""

import re
from datetime import UTC, datetime
from urllib.parse import parse_qs

from ingest.asgi import headers
from ingest.asgi.edge import (
    accepts_json,
    client_address,
    header,
    preferred_encoding,
    reply,
    type_of_receive,
    type_of_scope,
    type_of_send,
)
from ingest.asgi.messages import SLUG_PATTERN
from ingest.asgi.rate_limits import TooManyRequests
from ingest.municipalities.catalogue import MunicipalityUnknown, TouchpointUnknown
from ingest.municipalities.municipality import Touchpoint
from ingest.service import Service
from ingest.texts.chosen_language import choose_language
from ingest.web.declaring import Call, Parameter, Reply, Route
from ingest.web.problems import Refused
from ingest.web.responses import send_problem
from ingest.widget.messages import OfferedQuestionnaire

TOUCHPOINTS = "/api/v1/touchpoints/"

_ALLOW = ((b"allow", b"GET, HEAD, OPTIONS"),)
_NO_ORIGIN = "The request names no origin: ask from a script on the site, whose browser sends it."
_TAG_PATTERN = "[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"
_LANGUAGE_TAG = re.compile(_TAG_PATTERN)


class HotWidget:
    """Answers everything under `/api/v1/touchpoints/`, whatever the method."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def answer(
        self, scope: type_of_scope, _receive: type_of_receive, send: type_of_send
    ) -> None:
        """Serve one request."""
        # Also for a refusal, so that a script can read why, and when to try again.
        cors = self._service.cors(header(scope, b"origin"))
        try:
            names = scope["path"].removeprefix(TOUCHPOINTS).split("/")
            if len(names) != 2 or not all(names):
                raise Refused("not-found")  # noqa: TRY301 (told like every other refusal)
            if scope["method"] == "OPTIONS":
                await reply(scope, send, 204, (*headers.API, *cors, *_ALLOW))
            elif scope["method"] in ("GET", "HEAD"):
                encoding, body = self._offer(scope, *names)
                await reply(scope, send, 200, (*encoding, *cors), body)
            else:
                await send_problem(scope, send, Refused("method-not-allowed"), (*cors, *_ALLOW))
        except Exception as fact:
            await send_problem(scope, send, fact, cors)

    def _offer(
        self, scope: type_of_scope, municipality: str, slug: str
    ) -> tuple[headers.type_of_header_lines, bytes]:
        """Header lines and body, for a site that may ask.

        Raises `MunicipalityUnknown`, `TouchpointUnknown`, `TooManyRequests`, or the refusals
        `not-acceptable`, `origin-not-allowed` and `language-unreadable`.
        """
        if not accepts_json(header(scope, b"accept")):
            raise Refused("not-acceptable")
        service = self._service
        touchpoint = service.catalogue.touchpoint(municipality, slug)
        origin = header(scope, b"origin").decode("latin-1")
        if origin not in touchpoint.allowed_origins:
            raise Refused("origin-not-allowed", "" if origin not in ("", "null") else _NO_ORIGIN)
        if touchpoint.retired:
            raise TouchpointUnknown(touchpoint.path)
        language = _language(scope, touchpoint)
        now = datetime.now(UTC)
        service.limits.take(touchpoint.number, client_address(scope))
        token_id, sampled = service.offers.side(touchpoint, _side_before(scope))
        start = service.offers.start(touchpoint, language, sampled=sampled)
        end = service.offers.end(service.issue(touchpoint, "embed", now, token_id))
        match preferred_encoding(header(scope, b"accept-encoding")):
            case b"br":
                return headers.API_JSON_BROTLI, start.brotli(end)
            case b"gzip":
                return headers.API_JSON_GZIP, start.gzip(end)
        return headers.API_JSON, start.identity(end)


def _side_before(scope: type_of_scope) -> bool | None:
    """On which side a form is that was shown before, as its script says; None: there is none."""
    if not scope["query_string"]:
        return None
    query = parse_qs(scope["query_string"].decode("latin-1"))
    return {"true": True, "false": False}.get(query.get("sampled", [""])[0])


def _language(scope: type_of_scope, touchpoint: Touchpoint) -> str:
    requested = None
    if scope["query_string"]:
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        requested = query.get("language", [None])[0]
        # Some pages write nl_NL instead of nl-NL.
        requested = requested and requested.replace("_", "-")
    if requested is not None and not _LANGUAGE_TAG.fullmatch(requested):
        raise Refused("language-unreadable")
    if requested is not None and requested not in touchpoint.languages:
        requested = requested.partition("-")[0].lower()  # a page's own lang="nl-NL" will do
    return choose_language(
        touchpoint.languages,
        requested=requested,
        accept_language=header(scope, b"accept-language").decode("latin-1"),
    )


def _name(name: str, description: str, example: str) -> Parameter:
    """A name of ours in the path."""
    return Parameter(
        name=name,
        within="path",
        description=description,
        example=example,
        schema={"type": "string", "pattern": SLUG_PATTERN, "maxLength": 40},
    )


ROUTES = (
    Route(
        "GET",
        f"{TOUCHPOINTS}{{municipality}}/{{touchpoint}}",
        hot=lambda service: HotWidget(service).answer,
        call=Call(
            id="getTouchpoint",
            tag="touchpoints",
            summary="The questionnaire of a touchpoint, and a token for one response",
            description="For scripts on the touchpoint's allowed origins only; their browser sends "
            "Origin. What is empty or false is left out; the words for a kind of item come only "
            "where one is asked. Where some items are asked of a sample, these are the items of "
            "the token in this reply: answer under that one, or take not-asked into account. "
            "Compressed as Accept-Encoding allows (br, gzip).",
            parameters=(
                _name("municipality", "Its short name.", "molensloot"),
                _name("touchpoint", "Its short name within the municipality.", "online"),
                Parameter(
                    name="language",
                    within="query",
                    description="A language tag, such as that of the page; without it "
                    "Accept-Language says it. What the touchpoint does not speak becomes its "
                    "first language.",
                    example="nl",
                    schema={"type": "string", "pattern": f"^{_TAG_PATTERN}$", "maxLength": 100},
                    required=False,
                ),
                Parameter(
                    name="sampled",
                    within="query",
                    description="For a fresh token for a form that was shown before: what its "
                    "reply said. Without it chance decides which items are asked.",
                    example="false",
                    schema={"type": "string", "enum": ["true", "false"]},
                    required=False,
                ),
            ),
            replies=(
                Reply(
                    status=200,
                    description="The questionnaire in one language",
                    message=OfferedQuestionnaire,
                ),
            ),
            refusals=(
                "language-unreadable",
                "origin-not-allowed",
                MunicipalityUnknown,
                TouchpointUnknown,
                TooManyRequests,
            ),
            scripts="sites",
        ),
    ),
)
