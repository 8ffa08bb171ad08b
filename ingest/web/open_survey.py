"""The survey at `/o/<municipality>/<touchpoint>`, in plain ASGI: an open link or a QR code.

It is the page of `/v/<token>` in one request: the token is fresh for everybody, and stands only in
the form, which goes to `/v/<token>`. So it is in no address before somebody sends the form, and all
that follows happens there. To open the link stores nothing.
"""

from datetime import UTC, datetime

from msgspec.structs import replace

from ingest.asgi.edge import (
    client_address,
    reply,
    reply_filled,
    type_of_app,
    type_of_receive,
    type_of_scope,
    type_of_send,
)
from ingest.asgi.rate_limits import TooManyRequests
from ingest.municipalities.catalogue import TouchpointUnknown
from ingest.municipalities.municipality import Touchpoint
from ingest.pages.open_survey import OpenPages
from ingest.service import Service
from ingest.tokens.response_tokens import OPEN_CHARACTERS
from ingest.web.asked import asked_under
from ingest.web.declaring import Route
from ingest.web.problems import retry_after_line
from ingest.web.survey import HotSurvey
from ingest.web.survey_query import Opened, purpose_of_open_link

_OPEN = "/o/"
_METHODS = (b"allow", b"GET, HEAD, OPTIONS")


class OpenSurvey(HotSurvey):
    """Answers everything under `/o/`."""

    def __init__(self, service: Service) -> None:
        super().__init__(service)
        self._pages = OpenPages(service.pages, OPEN_CHARACTERS)

    async def answer(
        self, scope: type_of_scope, _receive: type_of_receive, send: type_of_send
    ) -> None:
        """Serve one request."""
        touchpoint = self._touchpoint(scope["path"].removeprefix(_OPEN).split("/"))
        if touchpoint is None:
            await self._not_found(scope, send)
        elif scope["method"] in ("GET", "HEAD"):
            opened = self._opened(scope, "", "open", touchpoint)
            purpose = purpose_of_open_link(opened.parameters)
            await self._show(scope, send, replace(opened, purpose=purpose))
        else:
            status = 204 if scope["method"] == "OPTIONS" else 405
            lines = self._service.pages.lines(touchpoint.municipality).empty
            await reply(scope, send, status, (*lines, _METHODS))

    def _touchpoint(self, names: list[str]) -> Touchpoint | None:
        if len(names) != 2:
            return None
        try:
            touchpoint = self._service.catalogue.touchpoint(*names)
        except TouchpointUnknown:
            return None
        return None if touchpoint.retired else touchpoint

    async def _show(self, scope: type_of_scope, send: type_of_send, opened: Opened) -> None:
        touchpoint, service = opened.touchpoint, self._service
        now = datetime.now(UTC)
        try:
            service.limits.take(touchpoint.number, client_address(scope))
        except TooManyRequests as refused:
            retry = retry_after_line(refused)
            await self._message(scope, send, 429, "too-many", opened, retry)
            return
        token = service.issue(touchpoint, opened.purpose, now)
        questionnaire = asked_under(service, replace(opened, text=token))
        page = self._pages.survey(touchpoint, questionnaire, opened.language, opened.query)
        lines = service.pages.lines(touchpoint.municipality)
        await reply_filled(scope, send, page, token.encode("ascii"), lines)


def _hot(service: Service) -> type_of_app:
    return OpenSurvey(service).answer


ROUTES = (Route("GET", f"{_OPEN}{{municipality}}/{{touchpoint}}", hot=_hot),)
