"""For residents who want no more messages: `/afmelden/<code>` from a mail, `/afmelden/<slug>`.

To open a page changes nothing, because programs open the links in a mail too. To send its form
writes it down. A mail program does the same with one press (RFC 8058): a POST to the same address,
in a body of a form or of several parts, which says no more than the address does. So of the body
nothing is read, and the reply is no redirect.

What is typed is neither logged nor kept, and the reply is the same whether we knew it or not.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs

import msgspec

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
from ingest.asgi.headers import PageLines
from ingest.asgi.rate_limits import TooManyRequests
from ingest.invitations.occasions import Recipient
from ingest.invitations.opt_out_links import OptOutLink, OptOutLinkForged
from ingest.invitations.recipients import RecipientUnusable, read_recipient
from ingest.municipalities.municipality import Municipality
from ingest.pages.opt_out_pages import (
    DONE,
    FIELDS,
    OptOutPages,
    OptOutState,
    languages_of,
    type_of_way,
)
from ingest.responses.writer import WriterUnavailable
from ingest.service import Service
from ingest.texts.chosen_language import choose_language
from ingest.web.declaring import Route
from ingest.web.elsewhere import from_elsewhere
from ingest.web.not_found import reply_not_found
from ingest.web.posted_form import FormUnreadable, posted_form
from ingest.web.problems import retry_after_line
from ingest.web.submitted_form import SubmittedForm

PLACE = "/afmelden/"

_SCHEMES = {"tel": "tel", "email": "mailto"}
_METHODS = (b"allow", b"GET, HEAD, OPTIONS, POST")
# No number or address is longer; what is shown again must not be either.
_MOST_CHARACTERS = 300


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One request: of whom, in which language, how, and with which link where that is good."""

    municipality: Municipality
    language: str
    way: type_of_way
    link: OptOutLink | None = None
    is_over: bool = False
    is_done: bool = False


class OptOutForms:
    """Answers everything under `/afmelden/`."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._pages = OptOutPages(service.pages)

    async def answer(
        self, scope: type_of_scope, receive: type_of_receive, send: type_of_send
    ) -> None:
        """Serve one request. Raises `ClientGone`."""
        method = scope["method"]
        if method not in ("GET", "HEAD", "POST"):
            status = 204 if method == "OPTIONS" else 405
            await reply(scope, send, status, (*self._service.pages.lines().empty, _METHODS))
            return
        try:
            asked = self._asked(scope)
        except OptOutLinkForged:
            await reply_not_found(scope, send, self._service.pages)
            return
        if asked.is_over:
            action = f"{PLACE}{asked.municipality.slug}?lang={asked.language}"
            state = OptOutState(sentence="expired", action=action)
            await self._again(scope, send, 410, asked, state)
        elif method != "POST" and asked.is_done:
            await self._done(scope, send, asked)
        elif method != "POST":
            await self._show(scope, send, asked)
        elif asked.link is not None:
            await self._take_link(scope, send, asked, asked.link)
        else:
            await self._take_typed(scope, receive, send, asked)

    def _asked(self, scope: type_of_scope) -> _Asked:
        """Raises OptOutLinkForged for what is neither a municipality nor a code of ours."""
        # The path as it was sent, undecoded: a code has exactly one spelling.
        name = scope["raw_path"][len(PLACE) :].decode("latin-1")
        query = parse_qs(scope["query_string"].decode("latin-1"))
        municipality = self._service.catalogue.municipalities.get(name)
        link, is_over = None, False
        if municipality is None:
            municipality, link = self._service.opting_out.link(name, datetime.now(UTC))
            is_over = link is None
        language = choose_language(
            languages_of(municipality),
            requested=query.get("lang", [None])[0],
            accept_language=header(scope, b"accept-language").decode("latin-1"),
        )
        return _Asked(
            municipality=municipality,
            language=language,
            way="linked" if link else "typed",
            link=link,
            is_over=is_over,
            is_done=DONE in query,
        )

    async def _show(self, scope: type_of_scope, send: type_of_send, asked: _Asked) -> None:
        page = self._pages.form(asked.municipality, asked.language, asked.way)
        await reply_survey(scope, send, page, self._lines(asked))

    async def _take_link(
        self, scope: type_of_scope, send: type_of_send, asked: _Asked, link: OptOutLink
    ) -> None:
        try:
            await self._service.opting_out.by_link(link)
        except WriterUnavailable as refusal:
            await self._unavailable(scope, send, asked, OptOutState(), refusal)
            return
        await self._done(scope, send, asked)

    async def _take_typed(
        self, scope: type_of_scope, receive: type_of_receive, send: type_of_send, asked: _Asked
    ) -> None:
        try:
            form = await posted_form(scope, receive)
        except FormUnreadable as unreadable:
            await self._again(
                scope, send, unreadable.status, asked, OptOutState(sentence="unreadable")
            )
            return
        values = _typed(form)
        recipients, wrong = _read(values)
        state = OptOutState(values=values, wrong=wrong, nothing=not (recipients or wrong))
        if form.trapped:
            # A program filled in what people do not see. If it was a browser's own, the resident
            # presses once more, and is never thanked for what was not written down.
            state = OptOutState(values=values, sentence="unreadable")
        if from_elsewhere(scope):
            # A page elsewhere could let its visitors send what it likes, each from an address of
            # their own. Whoever stands here sends once more, from this page.
            await self._again(scope, send, 403, asked, OptOutState(values=values))
            return
        if form.trapped or state.wrong or state.nothing:
            await self._again(scope, send, 400, asked, state)
            return
        try:
            self._service.opting_out.count(asked.municipality, client_address(scope))
            await self._service.opting_out.by_name(asked.municipality, recipients)
        except TooManyRequests as refused:
            state = OptOutState(values=values, sentence="too_many")
            retry = retry_after_line(refused)
            await self._again(scope, send, 429, asked, state, retry)
        except WriterUnavailable as refusal:
            await self._unavailable(scope, send, asked, state, refusal)
        else:
            await self._done(scope, send, asked)

    async def _done(self, scope: type_of_scope, send: type_of_send, asked: _Asked) -> None:
        page = self._pages.done(asked.municipality, asked.language)
        await reply(scope, send, 200, self._lines(asked).identity, page)

    async def _unavailable(
        self,
        scope: type_of_scope,
        send: type_of_send,
        asked: _Asked,
        state: OptOutState,
        refusal: WriterUnavailable,
    ) -> None:
        retry = retry_after_line(refusal, 5)
        again = OptOutState(values=state.values, sentence="unavailable")
        await self._again(scope, send, 503, asked, again, retry)

    async def _again(
        self,
        scope: type_of_scope,
        send: type_of_send,
        status: int,
        asked: _Asked,
        state: OptOutState,
        *more: tuple[bytes, bytes],
    ) -> None:
        page = self._pages.form_again(asked.municipality, asked.language, asked.way, state)
        await reply(scope, send, status, (*self._lines(asked).identity, *more), page)

    def _lines(self, asked: _Asked) -> PageLines:
        return self._service.pages.lines(asked.municipality.slug)


def _typed(form: SubmittedForm) -> dict[str, str]:
    return {name: form.fields.get(name, [""])[0].strip()[:_MOST_CHARACTERS] for name in FIELDS}


def _read(values: Mapping[str, str]) -> tuple[list[Recipient], tuple[str, ...]]:
    """Who is meant, and the fields that name nobody."""
    recipients, wrong = [], []
    for name, value in values.items():
        if not value:
            continue
        try:
            recipients.append(read_recipient(f"{_SCHEMES[name]}:{value}"))
        except RecipientUnusable:
            wrong.append(name)
    return recipients, tuple(wrong)


def _hot(service: Service) -> type_of_app:
    return OptOutForms(service).answer


ROUTES = (
    Route("GET", f"{PLACE}{{who}}", hot=_hot),
    Route("POST", f"{PLACE}{{who}}", hot=_hot),
)
