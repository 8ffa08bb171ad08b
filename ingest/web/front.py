"""The hot routes as plain ASGI handlers, in front of everything else.

A survey page, what a widget asks for and the storing of a response are asked for far more often
than anything else, and a typed Litestar handler was measured to cost two and a half times as much.
What is not `/v/<token>`, `/api/v1/touchpoints/...` or `/api/v1/responses` goes on to Litestar.
"""

from collections.abc import MutableMapping
from typing import Any

from ingest.asgi import headers
from ingest.asgi.edge import (
    ClientGone,
    accepts_json,
    header,
    reply,
    type_of_app,
    type_of_receive,
    type_of_scope,
    type_of_send,
)
from ingest.running.logs import log
from ingest.service import Service
from ingest.web.iframe_survey import EMBED, EmbeddedSurvey
from ingest.web.problems import Refused
from ingest.web.responses import COMPLETION, RESPONSES, HotResponses, send_problem
from ingest.web.survey import HotSurvey
from ingest.web.widget_questions import TOUCHPOINTS, HotWidget


class Front:
    """Answers the hot routes itself and hands the rest on."""

    def __init__(self, rest: type_of_app, service: Service) -> None:
        self._rest = rest
        self._service = service
        self._survey = HotSurvey(service).answer
        self._embedded = EmbeddedSurvey(service).answer
        responses = HotResponses(service)
        self._responses = responses.answer
        self._completion = responses.answer_completion
        self._touchpoints = HotWidget(service).answer

    async def __call__(
        self, scope: type_of_scope, receive: type_of_receive, send: type_of_send
    ) -> None:
        """Serve one ASGI event stream."""
        if scope["type"] != "http":
            await self._rest(scope, receive, send)
            return
        path: str = scope["path"]
        try:
            if path.startswith("/v/") and path != "/v/bedankt":
                await self._or_apology(self._survey, scope, receive, send)
            elif path.startswith(EMBED):
                await self._or_apology(self._embedded, scope, receive, send)
            elif path == RESPONSES:
                await self._responses(scope, receive, send)
            elif path.startswith(f"{RESPONSES}/") and path.endswith(COMPLETION):
                await self._completion(scope, receive, send)
            elif path.startswith(TOUCHPOINTS):
                await self._touchpoints(scope, receive, send)
            elif path.startswith("/api/") or path == "/api":
                await self._other_api(scope, receive, send)
            else:
                await self._page(scope, receive, send)
        except ClientGone:
            return

    async def _or_apology(
        self,
        answer: type_of_app,
        scope: type_of_scope,
        receive: type_of_receive,
        send: type_of_send,
    ) -> None:
        try:
            await answer(scope, receive, send)
        except ClientGone:
            raise
        except Exception as fault:
            log("page_failed", level="error", exception=fault)
            page = self._service.pages.message("unavailable")
            await reply(scope, send, 500, headers.SURVEY_IDENTITY, page)

    async def _page(
        self, scope: type_of_scope, receive: type_of_receive, send: type_of_send
    ) -> None:
        # Litestar reads `//o//x` as `/o/x`; a page has one address.
        if "//" in scope["path"]:
            page = self._service.pages.message("not-found")
            await reply(scope, send, 404, headers.SURVEY_IDENTITY, page)
            return
        await self._hand_on(scope, receive, send)

    async def _other_api(
        self, scope: type_of_scope, receive: type_of_receive, send: type_of_send
    ) -> None:
        """What every reply under `/api` owes the NL API Design Rules, whoever writes it."""
        path: str = scope["path"]
        if path.endswith("/") or "//" in path:
            await send_problem(scope, send, Refused("not-found"))
        elif not accepts_json(header(scope, b"accept")):
            await send_problem(scope, send, Refused("not-acceptable"))
        else:
            await self._hand_on(scope, receive, send, headers.API)

    async def _hand_on(
        self,
        scope: type_of_scope,
        receive: type_of_receive,
        send: type_of_send,
        more: headers.type_of_header_lines = (),
    ) -> None:
        """To Litestar, which knows no HEAD: that is a GET whose body is not sent (RFC 9110)."""
        is_head = scope["method"] == "HEAD"

        async def send_on(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *more]
            elif is_head:
                message["body"] = b""
            await send(message)

        await self._rest({**scope, "method": "GET"} if is_head else scope, receive, send_on)
