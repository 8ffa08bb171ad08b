"""For who wants to be called: `/bellen/<municipality>/<touchpoint>`, offered in the thanks.

The address is the same for everybody, and so is all that leads to it. Whoever opens the page gets a
token of its own, in the form; to open it stores nothing. To send it spends that token, so that the
same form, sent again, is known as the same. What is typed is neither logged nor kept unsealed.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs

import msgspec

from ingest.asgi.edge import (
    client_address,
    header,
    reply,
    reply_filled,
    type_of_app,
    type_of_receive,
    type_of_scope,
    type_of_send,
)
from ingest.asgi.headers import PageLines
from ingest.asgi.rate_limits import BY_DAY, TooManyRequests
from ingest.callbacks.sealing import ToCall
from ingest.invitations.recipients import RecipientUnusable, read_number_to_call
from ingest.municipalities.catalogue import TouchpointUnknown
from ingest.municipalities.municipality import Municipality, Touchpoint
from ingest.pages.callback_pages import (
    DONE,
    MOMENT,
    MOMENTS,
    NUMBER,
    CallbackPages,
    CallbackState,
    type_of_sentence,
)
from ingest.pages.opt_out_pages import languages_of
from ingest.responses.writer import WriterUnavailable
from ingest.running import metrics
from ingest.service import Service
from ingest.texts.chosen_language import choose_language
from ingest.tokens.response_tokens import OPEN_CHARACTERS, Token, TokenExpired, TokenForged
from ingest.web.declaring import Route
from ingest.web.elsewhere import from_elsewhere
from ingest.web.not_found import reply_not_found
from ingest.web.posted_form import FormUnreadable, posted_form
from ingest.web.problems import retry_after_line
from ingest.web.submitted_form import SubmittedForm

PLACE = "/bellen/"
PURPOSE = "callback"

_METHODS = (b"allow", b"GET, HEAD, OPTIONS, POST")
# No number is longer; what is shown again must not be either.
_MOST_CHARACTERS = 60


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One request: of which touchpoint, in which language, and whether it asks what was done."""

    municipality: Municipality
    touchpoint: Touchpoint
    language: str
    is_done: bool


class CallbackForms:
    """Answers everything under `/bellen/`."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._pages = CallbackPages(service.pages, OPEN_CHARACTERS)

    async def answer(
        self, scope: type_of_scope, receive: type_of_receive, send: type_of_send
    ) -> None:
        """Serve one request. Raises `ClientGone`."""
        asked = self._asked(scope)
        method = scope["method"]
        if asked is None:
            await reply_not_found(scope, send, self._service.pages)
        elif method == "POST":
            await self._take(scope, receive, send, asked)
        elif method not in ("GET", "HEAD"):
            status = 204 if method == "OPTIONS" else 405
            await reply(scope, send, status, (*self._lines(asked).empty, _METHODS))
        elif asked.is_done:
            page = self._pages.done(asked.municipality, asked.touchpoint, asked.language)
            await reply(scope, send, 200, self._lines(asked).identity, page)
        else:
            await self._show(scope, send, asked)

    def _asked(self, scope: type_of_scope) -> _Asked | None:
        """None for a touchpoint that is none, or where nobody can ask to be called.

        One that is retired still has its page: links that were sent still lead to its thanks.
        """
        names = scope["path"].removeprefix(PLACE).split("/")
        if len(names) != 2:
            return None
        try:
            touchpoint = self._service.catalogue.touchpoint(*names)
        except TouchpointUnknown:
            return None
        if touchpoint.callback is None:
            return None
        municipality = self._service.catalogue.municipality(touchpoint.municipality)
        query = parse_qs(scope["query_string"].decode("latin-1"))
        return _Asked(
            municipality=municipality,
            touchpoint=touchpoint,
            language=choose_language(
                languages_of(municipality),
                requested=query.get("lang", [None])[0],
                accept_language=header(scope, b"accept-language").decode("latin-1"),
            ),
            is_done=DONE in query,
        )

    async def _show(
        self,
        scope: type_of_scope,
        send: type_of_send,
        asked: _Asked,
        status: int = 200,
        state: CallbackState | None = None,
    ) -> None:
        """The form under a fresh token: as everybody gets it or, with a state, of this request."""
        try:
            token = self._fresh(scope, asked)
        except TooManyRequests as refused:
            busy = self._service.pages.message(
                "too-many", municipality=asked.municipality, language=asked.language
            )
            lines = (*self._lines(asked).identity, retry_after_line(refused))
            await reply(scope, send, 429, lines, busy)
            return
        if state is not None:
            await self._again(scope, send, status, asked, state, token)
            return
        page = self._pages.form(asked.municipality, asked.touchpoint, asked.language)
        await reply_filled(scope, send, page, token.encode("ascii"), self._lines(asked))

    async def _take(
        self, scope: type_of_scope, receive: type_of_receive, send: type_of_send, asked: _Asked
    ) -> None:
        try:
            form = await posted_form(scope, receive)
        except FormUnreadable as unreadable:
            await self._show(
                scope, send, asked, unreadable.status, CallbackState(sentence="unreadable")
            )
            return
        text = form.fields.get("_token", [""])[0]
        try:
            token, is_over = self._token(text, asked.touchpoint)
        except TokenForged:
            await reply_not_found(scope, send, self._service.pages)
            return
        values = _typed(form)
        try:
            if is_over and await self._service.callbacks.was_asked(asked.municipality.code, token):
                await self._known(scope, send, asked)
            elif is_over:
                state = CallbackState(values=values, sentence="open_too_long")
                fresh = self._fresh(scope, asked)
                await self._again(scope, send, 410, asked, state, fresh)
            elif form.in_other_language:
                await self._again(scope, send, 200, asked, CallbackState(values=values), text)
            else:
                await self._take_typed(scope, send, asked, form, token, text)
        except TooManyRequests as refused:
            is_of_today = refused.limit == BY_DAY
            sentence: type_of_sentence = "too_many_today" if is_of_today else "too_many"
            state = CallbackState(values=values, sentence=sentence)
            await self._again(scope, send, 429, asked, state, text, retry_after_line(refused))
        except WriterUnavailable as refusal:
            # Perhaps it was stored without any reply: the same token makes it the same form.
            state = CallbackState(values=values, sentence="unavailable")
            await self._again(scope, send, 503, asked, state, text, retry_after_line(refusal, 5))

    def _token(self, text: str, touchpoint: Touchpoint) -> tuple[Token, bool]:
        """The token of a form of this page, and whether its time is over. Raises TokenForged."""
        is_over = False
        try:
            token = self._service.tokens.verify(text, now=datetime.now(UTC), purposes=(PURPOSE,))
        except TokenExpired as expired:
            is_over, token = True, expired.token
        if token.touchpoint != touchpoint.number:
            raise TokenForged
        return token, is_over

    async def _take_typed(
        self,
        scope: type_of_scope,
        send: type_of_send,
        asked: _Asked,
        form: SubmittedForm,
        token: Token,
        text: str,
    ) -> None:
        """Raises TooManyRequests and `WriterUnavailable`."""
        values = _typed(form)
        wanted, wrong = _read(values, asked)
        state = CallbackState(values=values, wrong=wrong)
        if form.trapped:
            # A program filled in what people do not see. If it was a browser's own, the resident
            # presses once more, and is never told that we call when we do not.
            state = CallbackState(values=values, sentence="unreadable")
        if from_elsewhere(scope):
            # A page elsewhere could let its visitors send what it likes, each from an address of
            # their own. Whoever stands here sends once more, from this page.
            await self._again(scope, send, 403, asked, CallbackState(values=values), text)
            return
        if form.trapped or wanted is None:
            await self._again(scope, send, 400, asked, state, text)
            return
        is_new = await self._service.callbacks.take(
            asked.municipality.code, client_address(scope), token, wanted, now=datetime.now(UTC)
        )
        verdicts = metrics.callbacks.labels(
            municipality=asked.municipality.slug, verdict="taken" if is_new else "again"
        )
        verdicts.inc()
        if not is_new:
            await self._known(scope, send, asked)
            return
        location = f"{PLACE}{asked.touchpoint.path}?{DONE}=ja&lang={asked.language}"
        lines = (*self._lines(asked).empty, (b"location", location.encode()))
        await reply(scope, send, 303, lines)

    async def _known(self, scope: type_of_scope, send: type_of_send, asked: _Asked) -> None:
        page = self._pages.again(asked.municipality, asked.touchpoint, asked.language)
        await reply(scope, send, 200, self._lines(asked).identity, page)

    async def _again(
        self,
        scope: type_of_scope,
        send: type_of_send,
        status: int,
        asked: _Asked,
        state: CallbackState,
        token: str,
        *more: tuple[bytes, bytes],
    ) -> None:
        """The form with what was typed, to be sent under this token."""
        page = self._pages.form_again(
            asked.municipality, asked.touchpoint, asked.language, token, state
        )
        await reply(scope, send, status, (*self._lines(asked).identity, *more), page)

    def _fresh(self, scope: type_of_scope, asked: _Asked) -> str:
        """Raises TooManyRequests."""
        self._service.limits.take(asked.touchpoint.number, client_address(scope))
        return self._service.issue(asked.touchpoint, PURPOSE, datetime.now(UTC))

    def _lines(self, asked: _Asked) -> PageLines:
        return self._service.pages.lines(asked.municipality.slug)


def _typed(form: SubmittedForm) -> dict[str, str]:
    names = (NUMBER, MOMENT)
    return {name: form.fields.get(name, [""])[0].strip()[:_MOST_CHARACTERS] for name in names}


def _read(values: Mapping[str, str], asked: _Asked) -> tuple[ToCall | None, dict[str, str]]:
    """What is asked for, or None and what is wrong by field. No half of the day is either."""
    wrong = {}
    number, moment = "", values[MOMENT] or next(iter(MOMENTS))
    try:
        calling = asked.touchpoint.callback
        countries = calling.countries if calling else ()
        number = read_number_to_call(values[NUMBER], countries)
    except RecipientUnusable as unusable:
        wrong[NUMBER] = unusable.code
    if moment not in MOMENTS:
        wrong[MOMENT] = "unknown"
    if wrong:
        return None, wrong
    told = {"number": number, "moment": moment, "language": asked.language}
    return msgspec.convert(told, ToCall), {}


def _hot(service: Service) -> type_of_app:
    return CallbackForms(service).answer


_ADDRESS = f"{PLACE}{{municipality}}/{{touchpoint}}"
ROUTES = (Route("GET", _ADDRESS, hot=_hot), Route("POST", _ADDRESS, hot=_hot))
