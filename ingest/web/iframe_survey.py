"""The survey at `/embed/<municipality>/<touchpoint>`, in plain ASGI: for an iframe on a site.

It is the same survey as at `/v/`, with three differences. Its address is the same for everybody, so
the token stands in the form. Only the touchpoint's own sites may frame it, and all replies to the
form stay within the frame. A small script tells the site its height, but it works without. It needs
no cookie and no storage, which browsers deny to pages in frames.
"""

from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote

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
from ingest.asgi.headers import type_of_header_lines
from ingest.asgi.rate_limits import TooManyRequests
from ingest.municipalities.catalogue import TouchpointUnknown
from ingest.municipalities.municipality import Touchpoint
from ingest.pages.iframe_survey import EmbeddedPages
from ingest.pages.pages import FormState, Frame
from ingest.responses.submission import Submission
from ingest.service import Service
from ingest.tokens.response_tokens import TokenExpired, TokenForged
from ingest.web.asked import asked_under
from ingest.web.declaring import Route
from ingest.web.problems import retry_after_line
from ingest.web.submitted_form import SubmittedForm
from ingest.web.survey import METHODS, HotSurvey
from ingest.web.survey_query import Opened

EMBED = "/embed/"

_THANKS = ["bedankt"]


class EmbeddedSurvey(HotSurvey):
    """Answers everything under `/embed/`."""

    purposes = frozenset({"embed"})

    def __init__(self, service: Service) -> None:
        super().__init__(service)
        self._pages = EmbeddedPages(service.pages)

    async def answer(
        self, scope: type_of_scope, receive: type_of_receive, send: type_of_send
    ) -> None:
        """Serve one request. Raises `ClientGone`."""
        names = scope["path"].removeprefix(EMBED).split("/")
        thanked = names == _THANKS
        if thanked:
            names = _asked_at(scope)
        touchpoint = self._touchpoint(names)
        if touchpoint is None:
            await self._not_found(scope, send)
            return
        opened = self._opened(scope, "", "embed", touchpoint)
        method = scope["method"]
        if method in ("GET", "HEAD"):
            if thanked:
                await self._message(scope, send, 200, "thanks", opened)
            else:
                await self._show(scope, send, opened)
        elif method == "POST" and not thanked:
            # Also at a retired touchpoint: a form that was open may still be sent.
            await self._take(scope, receive, send, opened)
        else:
            status = 204 if method == "OPTIONS" else 405
            allow = (b"allow", b"GET, HEAD, OPTIONS") if thanked else METHODS
            lines = self._service.pages.frame_lines(touchpoint).empty
            await reply(scope, send, status, (*lines, allow))

    def _touchpoint(self, names: list[str]) -> Touchpoint | None:
        if len(names) != 2:
            return None
        try:
            return self._service.catalogue.touchpoint(*names)
        except TouchpointUnknown:
            return None

    async def _show(self, scope: type_of_scope, send: type_of_send, opened: Opened) -> None:
        touchpoint, service = opened.touchpoint, self._service
        if touchpoint.retired:
            await self._message(scope, send, 410, "expired", opened)
            return
        now = datetime.now(UTC)
        try:
            service.limits.take(touchpoint.number, client_address(scope))
        except TooManyRequests as refused:
            retry = retry_after_line(refused)
            await self._message(scope, send, 429, "too-many", opened, retry)
            return
        token = service.issue(touchpoint, "embed", now)
        questionnaire = asked_under(service, replace(opened, text=token))
        page = self._pages.survey(touchpoint, questionnaire, opened.language, opened.query)
        await reply_filled(
            scope, send, page.start, page.end(token), service.pages.frame_lines(touchpoint)
        )

    async def _show_translated(
        self, scope: type_of_scope, send: type_of_send, opened: Opened, form: SubmittedForm
    ) -> None:
        # The token came with the form here, and a page of ours holds none that is forged.
        try:
            with suppress(TokenExpired):
                now = datetime.now(UTC)
                self._service.tokens.verify(opened.text, now=now, purposes=self.purposes)
        except TokenForged:
            await self._not_found(scope, send)
            return
        await super()._show_translated(scope, send, opened, form)

    def _submission(self, opened: Opened, form: SubmittedForm) -> Submission:
        submission = super()._submission(opened, form)
        token = form.fields.get("_token", [""])[0]
        # The token must be this touchpoint's: what is shown next is of this touchpoint.
        return replace(submission, token=token, touchpoint=opened.touchpoint.path)

    def _lines(self, opened: Opened) -> type_of_header_lines:
        return self._service.pages.frame_lines(opened.touchpoint).identity

    def _frame(self, opened: Opened) -> Frame | None:
        return self._service.pages.frame(opened.touchpoint, opened.text)

    def _thanks(self, opened: Opened) -> str:
        path = quote(opened.touchpoint.path)
        return f"{EMBED}bedankt?meetpunt={path}&lang={opened.language}"

    def _under(self, opened: Opened, state: FormState, fresh: str) -> tuple[Opened, FormState]:
        return replace(opened, text=fresh), state


def _asked_at(scope: type_of_scope) -> list[str]:
    """The municipality and touchpoint in `?meetpunt=`, to which the thanks belong."""
    query: bytes = scope["query_string"]
    parameters = dict(parse_qsl(query.decode("latin-1")))
    return parameters.get("meetpunt", "").split("/")


def _hot(service: Service) -> type_of_app:
    return EmbeddedSurvey(service).answer


ROUTES = (
    Route("GET", f"{EMBED}bedankt", hot=_hot),
    Route("GET", f"{EMBED}{{municipality}}/{{touchpoint}}", hot=_hot),
    Route("POST", f"{EMBED}{{municipality}}/{{touchpoint}}", hot=_hot),
)
