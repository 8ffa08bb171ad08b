"""The survey at `/v/<token>`, in plain ASGI: show it, receive it, or say why not."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs, quote, urlencode
from uuid import uuid4

from msgspec.structs import replace

from ingest.asgi.edge import (
    client_address,
    header,
    reply,
    reply_survey,
    type_of_app,
    type_of_receive,
    type_of_scope,
    type_of_send,
)
from ingest.asgi.headers import type_of_header_lines
from ingest.asgi.rate_limits import TooManyRequests
from ingest.clock import today_here
from ingest.municipalities.catalogue import VersionUnknown
from ingest.municipalities.municipality import Touchpoint
from ingest.pages.pages import FormState, Frame
from ingest.responses.answers import AnswersRejected
from ingest.responses.submission import ResponseConflict, Submission
from ingest.responses.writer import ResponseUnstorable, TokenSpent, WriterUnavailable
from ingest.running.logs import log
from ingest.service import Service
from ingest.texts.chosen_language import choose_language
from ingest.tokens.response_tokens import TokenExpired, TokenForged
from ingest.web.asked import asked_under, id_for_the_same
from ingest.web.declaring import Route
from ingest.web.not_found import reply_not_found
from ingest.web.posted_form import FormUnreadable, posted_form
from ingest.web.problems import retry_after_seconds
from ingest.web.submitted_form import SubmittedForm
from ingest.web.survey_query import Opened, chosen_mark, kept

METHODS = (b"allow", b"GET, HEAD, OPTIONS, POST")


class HotSurvey:
    """Answers everything under `/v/` but the page of thanks."""

    # The purposes of the tokens that this page takes; it refuses all others.
    purposes = frozenset({"invitation", "open", "qr", "preview"})

    def __init__(self, service: Service) -> None:
        self._service = service

    async def answer(
        self, scope: type_of_scope, receive: type_of_receive, send: type_of_send
    ) -> None:
        """Serve one request. Raises `ClientGone`."""
        method = scope["method"]
        if method not in ("GET", "HEAD", "POST"):
            status = 204 if method == "OPTIONS" else 405
            await reply(scope, send, status, (*self._service.pages.lines().empty, METHODS))
            return
        # The path as it was sent, undecoded: a token has exactly one spelling.
        text = scope["raw_path"][3:].decode("latin-1")
        is_expired = False
        try:
            token = self._service.tokens.verify(text, now=datetime.now(UTC), purposes=self.purposes)
        except TokenForged:
            await self._not_found(scope, send)
            return
        except TokenExpired as expired:
            is_expired, token = True, expired.token
        touchpoint = self._service.catalogue.touchpoint_numbered(token.touchpoint)
        if touchpoint is None:
            await self._not_found(scope, send)
            return
        opened = self._opened(scope, text, token.purpose, touchpoint)
        if method == "POST":
            # Also when it expired, since this may be a retry of something stored; the intake knows.
            await self._take(scope, receive, send, opened)
        elif is_expired:
            await self._message(scope, send, 410, "expired", opened)
        else:
            await self._show(scope, send, opened)

    def _opened(
        self, scope: type_of_scope, text: str, purpose: str, touchpoint: Touchpoint
    ) -> Opened:
        parameters: Mapping[str, str] = {}
        if scope["query_string"]:
            values_by_name = parse_qs(scope["query_string"].decode("latin-1"))
            parameters = {name: values[0] for name, values in values_by_name.items()}
        language = choose_language(
            touchpoint.languages,
            requested=parameters.get("lang"),
            accept_language=header(scope, b"accept-language").decode("latin-1"),
        )
        return Opened(
            text=text,
            purpose=purpose,
            touchpoint=touchpoint,
            language=language,
            parameters=parameters,
            query=kept(touchpoint, parameters) if parameters else {},
        )

    async def _show(self, scope: type_of_scope, send: type_of_send, opened: Opened) -> None:
        mark = chosen_mark(opened.parameters)
        if mark is not None:
            state = FormState(values={"cijfer": [mark]}, query=opened.query)
            await self._survey(scope, send, 200, opened, state)
            return
        touchpoint = opened.touchpoint
        service = self._service
        questionnaire = asked_under(service, opened)
        page = service.pages.survey(touchpoint, questionnaire, opened.language, opened.query)
        await reply_survey(scope, send, page, service.pages.lines(touchpoint.municipality))

    async def _take(
        self, scope: type_of_scope, receive: type_of_receive, send: type_of_send, opened: Opened
    ) -> None:
        try:
            form = await posted_form(scope, receive)
        except FormUnreadable as unreadable:
            await self._message(scope, send, unreadable.status, "not-understood", opened)
            return
        submission = self._submission(opened, form)
        opened = replace(opened, language=submission.language, text=submission.token)
        if form.in_other_language is not None:
            await self._show_translated(scope, send, opened, form)
            return
        try:
            await self._service.intake.receive(
                submission, purposes=self.purposes, now=datetime.now(UTC)
            )
        except Exception as refusal:
            await self._refuse(scope, send, opened, submission, refusal)
            return
        location = (b"location", self._thanks(opened).encode())
        await reply(scope, send, 303, (*self._lines(opened), location))

    async def _show_translated(
        self, scope: type_of_scope, send: type_of_send, opened: Opened, form: SubmittedForm
    ) -> None:
        """The same questions in another language, with what was filled in.

        Nothing is stored, no database is asked: a link that was used or expired reads the same.
        """
        if form.in_other_language in opened.touchpoint.languages:
            opened = replace(opened, language=form.in_other_language)
        kept_id = str(form.response_id or "") or None
        state = FormState(values=form.fields, response_id=kept_id, query=opened.query)
        await self._survey(scope, send, 200, opened, state, form.version)

    async def _refuse(
        self,
        scope: type_of_scope,
        send: type_of_send,
        opened: Opened,
        submission: Submission,
        refusal: Exception,
    ) -> None:
        again = self._again(opened, submission)
        match refusal:
            case AnswersRejected():
                state = replace(again, reasons=refusal.reasons)
                await self._survey(scope, send, 400, opened, state, submission.version)
            case VersionUnknown():
                state = replace(again, notice="questions-changed")
                await self._survey(scope, send, 400, opened, state)
            case TokenForged():
                await self._not_found(scope, send)
            case TokenSpent() | ResponseConflict():
                await self._message(scope, send, 410, "spent", opened)
            case TokenExpired():
                # For an open link the same answers can be sent again with a fresh token.
                fresh = self._fresh(scope, opened)
                if fresh is None:
                    await self._message(scope, send, 410, "expired", opened)
                    return
                state = replace(again, notice="open-too-long")
                opened, state = self._under(opened, state, fresh)
                await self._survey(scope, send, 410, opened, state, submission.version)
            case _:
                if not isinstance(refusal, WriterUnavailable | ResponseUnstorable):
                    log("form_failed", level="error", exception=refusal)
                status = 503 if isinstance(refusal, WriterUnavailable) else 500
                retry = b"%d" % (retry_after_seconds(refusal) or 5)
                # The response may have been stored, and its token spent, without any reply.
                fresh = self._fresh(scope, opened)
                state = replace(again, notice="unavailable")
                if fresh is not None:
                    opened, state = self._under(opened, state, fresh)
                await self._survey(
                    scope, send, status, opened, state, submission.version, (b"retry-after", retry)
                )

    @staticmethod
    def _again(opened: Opened, submission: Submission) -> FormState:
        """What was typed, and the response id, so that a second try is stored only once."""
        return FormState(
            values=submission.fields or {},
            response_id=str(submission.response_id),
            query=opened.query,
        )

    def _fresh(self, scope: type_of_scope, opened: Opened) -> str | None:
        """A fresh token for a second try; None where only the same token may be used."""
        touchpoint = opened.touchpoint
        if opened.purpose not in ("open", "qr", "embed") or touchpoint.retired:
            return None
        now = datetime.now(UTC)
        try:
            self._service.limits.take(touchpoint.number, client_address(scope))
        except TooManyRequests:
            return None
        asks_the_same = id_for_the_same(self._service, opened)
        return self._service.issue(touchpoint, opened.purpose, now, asks_the_same)

    # Where a survey in a frame differs: see ingest.web.iframe_survey.

    def _lines(self, opened: Opened) -> type_of_header_lines:
        return self._service.pages.lines(opened.touchpoint.municipality).identity

    def _frame(self, _opened: Opened) -> Frame | None:
        return None

    def _thanks(self, opened: Opened) -> str:
        return f"/v/bedankt?meetpunt={quote(opened.touchpoint.path)}&lang={opened.language}"

    def _under(self, opened: Opened, state: FormState, fresh: str) -> tuple[Opened, FormState]:
        """The same form, to be sent under a fresh token."""
        query = f"?{urlencode(opened.query)}" if opened.query else ""
        return opened, replace(state, action=f"/v/{fresh}{query}")

    def _submission(self, opened: Opened, form: SubmittedForm) -> Submission:
        is_offered = form.language in opened.touchpoint.languages
        return Submission(
            token=opened.text,
            language=form.language if is_offered else opened.language,
            version=form.version,
            response_id=form.response_id or uuid4(),
            first_try=form.response_id is None,
            fields=form.fields,
            trapped=form.trapped,
            hints=opened.query,
        )

    async def _survey(
        self,
        scope: type_of_scope,
        send: type_of_send,
        status: int,
        opened: Opened,
        state: FormState,
        version: int | None = None,
        *more: tuple[bytes, bytes],
    ) -> None:
        """Reply with the survey of this request, in the version that was filled in."""
        page = self._service.pages.survey_again(
            opened.touchpoint,
            asked_under(self._service, opened, version),
            opened.language,
            state,
            self._frame(opened),
        )
        await reply(scope, send, status, (*self._lines(opened), *more), page)

    async def _message(
        self,
        scope: type_of_scope,
        send: type_of_send,
        status: int,
        name: str,
        opened: Opened,
        *more: tuple[bytes, bytes],
    ) -> None:
        page = self._service.pages.message(
            name,
            municipality=self._service.catalogue.municipality(opened.touchpoint.municipality),
            language=opened.language,
            touchpoint=opened.touchpoint,
            frame=self._frame(opened),
            scanned=opened.purpose == "qr",
            today=today_here(),
        )
        await reply(scope, send, status, (*self._lines(opened), *more), page)

    async def _not_found(self, scope: type_of_scope, send: type_of_send) -> None:
        """Reply with the same page for everything that is not a token of ours."""
        await reply_not_found(scope, send, self._service.pages)


def _hot(service: Service) -> type_of_app:
    return HotSurvey(service).answer


ROUTES = (Route("GET", "/v/{token}", hot=_hot), Route("POST", "/v/{token}", hot=_hot))
