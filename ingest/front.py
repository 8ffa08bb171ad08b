"""The hot routes as plain ASGI handlers, in front of everything else.

A survey page and the storing of a response are asked for far more often than anything else, and a
typed Litestar handler costs about two and a half times as much (performance.md, section 5).
What is not `/v/<token>` or `POST /api/v1/responses` goes on to Litestar.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote
from uuid import UUID, uuid4

import msgspec

from ingest import headers
from ingest.answers import AnswersRejected
from ingest.catalogue import VersionUnknown
from ingest.edge import (
    BodyTooLarge,
    ClientGone,
    MediaTypeUnsupported,
    header,
    read_body,
    reply,
    type_of_receive,
    type_of_scope,
    type_of_send,
)
from ingest.intake import ResponseConflict, Submission
from ingest.languages import choose_language
from ingest.logs import log
from ingest.messages import Problem, ReceivedResponse, SubmittedResponse
from ingest.municipalities import Touchpoint
from ingest.pages import FormState
from ingest.problems import Refused, problem_of, retry_after_seconds, unreadable
from ingest.service import Service
from ingest.tokens import Token, TokenExpired, TokenForged
from ingest.writer import ResponseUnstorable, TokenSpent, WriterUnavailable

# Which tokens a page takes, and which the API: one purpose never stands in for another.
PAGE_PURPOSES = frozenset({"invitation", "open", "preview"})
API_PURPOSES = frozenset({"invitation", "open", "embed", "preview"})

_RESPONSES_PATH = "/api/v1/responses"
_FORM = b"application/x-www-form-urlencoded"
_MOST_FIELDS = 200

type_of_app = Callable[[Any, Any, Any], Awaitable[None]]

_decode_response = msgspec.json.Decoder(SubmittedResponse).decode
_encode = msgspec.json.Encoder().encode


class Front:
    """Answers the hot routes itself and hands the rest on."""

    def __init__(self, rest: type_of_app, service: Service) -> None:
        self._rest = rest
        self._service = service

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
                await self._survey(scope, receive, send)
            elif path == _RESPONSES_PATH:
                await self._responses(scope, receive, send)
            elif path.startswith("/api/"):
                await self._other_api(scope, receive, send)
            else:
                await self._rest(scope, receive, send)
        except ClientGone:
            return

    # The survey page

    async def _survey(
        self, scope: type_of_scope, receive: type_of_receive, send: type_of_send
    ) -> None:
        method = scope["method"]
        if method not in ("GET", "HEAD", "POST"):
            status = 204 if method == "OPTIONS" else 405
            await reply(scope, send, status, (*headers.SURVEY, (b"allow", b"GET, HEAD, POST")))
            return
        # The path as it was sent: a token has one spelling, also where a URL would allow another.
        text = scope["raw_path"][3:].decode("latin-1")
        asked = parse_qs(scope["query_string"].decode("latin-1")) if scope["query_string"] else {}
        try:
            token = self._service.tokens.verify(text, now=datetime.now(UTC), purposes=PAGE_PURPOSES)
        except TokenForged:
            await self._page(scope, send, 404, self._service.pages.message("not-found"))
            return
        except TokenExpired as expired:
            if method == "POST":
                # The intake knows whether this is a retry of something stored.
                await self._submit(scope, receive, send, text, expired.token, asked)
            else:
                await self._message(scope, send, 410, "expired", expired.token.touchpoint, asked)
            return
        if method == "POST":
            await self._submit(scope, receive, send, text, token, asked)
        else:
            await self._show(scope, send, token, asked)

    async def _show(
        self,
        scope: type_of_scope,
        send: type_of_send,
        token: Token,
        asked: dict[str, list[str]],
    ) -> None:
        touchpoint = self._service.catalogue.touchpoint_numbered(token.touchpoint)
        if touchpoint is None:
            await self._page(scope, send, 404, self._service.pages.message("not-found"))
            return
        language = self._language(scope, touchpoint, asked)
        questionnaire = self._service.catalogue.questionnaire(touchpoint)
        if "cijfer" in asked:
            state = FormState(values={"cijfer": asked["cijfer"]})
            page = self._service.pages.survey_again(touchpoint, questionnaire, language, state)
            await self._page(scope, send, 200, page)
            return
        static = self._service.pages.survey(touchpoint, questionnaire, language)
        accepted = header(scope, b"accept-encoding")
        if b";" in accepted:
            chosen, body = headers.SURVEY_IDENTITY, static.identity
        elif b"br" in accepted:
            chosen, body = headers.SURVEY_BROTLI, static.brotli
        elif b"gzip" in accepted:
            chosen, body = headers.SURVEY_GZIP, static.gzip
        else:
            chosen, body = headers.SURVEY_IDENTITY, static.identity
        await reply(scope, send, 200, chosen, body)

    async def _submit(
        self,
        scope: type_of_scope,
        receive: type_of_receive,
        send: type_of_send,
        text: str,
        token: Token,
        asked: dict[str, list[str]],
    ) -> None:
        touchpoint = self._service.catalogue.touchpoint_numbered(token.touchpoint)
        if touchpoint is None:
            await self._page(scope, send, 404, self._service.pages.message("not-found"))
            return
        try:
            fields = _parse_form(await read_body(scope, receive, media_type=_FORM))
        except (BodyTooLarge, MediaTypeUnsupported, ValueError) as fault:
            status = {BodyTooLarge: 413, MediaTypeUnsupported: 415}.get(type(fault), 400)
            await self._message(scope, send, status, "not-understood", touchpoint.number, asked)
            return
        submission = self._submission(scope, text, touchpoint, fields, asked)
        try:
            await self._service.intake.receive(
                submission, purposes=PAGE_PURPOSES, now=datetime.now(UTC)
            )
        except Exception as refusal:
            await self._refuse_form(scope, send, token, touchpoint, submission, refusal)
            return
        thanks = f"/v/bedankt?meetpunt={quote(touchpoint.path)}&lang={submission.language}"
        await reply(scope, send, 303, (*headers.SURVEY, (b"location", thanks.encode())))

    def _submission(
        self,
        scope: type_of_scope,
        text: str,
        touchpoint: Touchpoint,
        fields: dict[str, list[str]],
        asked: dict[str, list[str]],
    ) -> Submission:
        said = {name: values[0] for name, values in fields.items() if name.startswith("_")}
        language = said.get("_language", "")
        if language not in touchpoint.languages:
            language = self._language(scope, touchpoint, asked)
        version = said.get("_version", "")
        return Submission(
            token=text,
            language=language,
            version=int(version) if version.isascii() and version.isdecimal() else None,
            response_id=_random_uuid(said.get("_response", "")) or uuid4(),
            fields=fields,
            trapped=bool(said.get("_website")),
            hints={name: values[0] for name, values in asked.items()},
        )

    async def _refuse_form(
        self,
        scope: type_of_scope,
        send: type_of_send,
        token: Token,
        touchpoint: Touchpoint,
        submission: Submission,
        refusal: Exception,
    ) -> None:
        pages = self._service.pages
        questionnaire = self._service.catalogue.questionnaire(touchpoint)
        language = submission.language
        fields = submission.fields or {}
        match refusal:
            case AnswersRejected():
                state = FormState(values=fields, reasons=refusal.reasons)
                page = pages.survey_again(touchpoint, questionnaire, language, state)
                await self._page(scope, send, 400, page)
            case TokenForged():
                await self._page(scope, send, 404, pages.message("not-found"))
            case TokenSpent() | ResponseConflict():
                await self._message(scope, send, 410, "spent", touchpoint.number, {}, language)
            case TokenExpired() | VersionUnknown():
                await self._message(scope, send, 410, "expired", touchpoint.number, {}, language)
            case _:
                if not isinstance(refusal, WriterUnavailable | ResponseUnstorable):
                    log("form_failed", exception=refusal)
                state = FormState(
                    values=fields,
                    notice="unavailable",
                    action=self._fresh_action(token, touchpoint),
                    # The first try may have been stored although nobody was told: with the same id
                    # the second finds that out, also under a fresh token.
                    response_id=str(submission.response_id),
                )
                page = pages.survey_again(touchpoint, questionnaire, language, state)
                retry = str(retry_after_seconds(refusal) or 5).encode()
                status = 503 if isinstance(refusal, WriterUnavailable) else 500
                await self._page(scope, send, status, page, (b"retry-after", retry))

    def _fresh_action(self, token: Token, touchpoint: Touchpoint) -> str | None:
        """Where to send again: for a token that nobody was sent a fresh one, else the same."""
        if token.purpose != "open":
            return None
        return "/v/" + self._service.issue(touchpoint, "open", datetime.now(UTC))

    def _language(
        self, scope: type_of_scope, touchpoint: Touchpoint, asked: dict[str, list[str]]
    ) -> str:
        return choose_language(
            touchpoint.languages,
            asked=asked.get("lang", [None])[0],
            accept_language=header(scope, b"accept-language").decode("latin-1"),
        )

    async def _message(
        self,
        scope: type_of_scope,
        send: type_of_send,
        status: int,
        name: str,
        number: int,
        asked: dict[str, list[str]],
        language: str | None = None,
    ) -> None:
        touchpoint = self._service.catalogue.touchpoint_numbered(number)
        if touchpoint is None:
            await self._page(scope, send, 404, self._service.pages.message("not-found"))
            return
        page = self._service.pages.message(
            name,
            municipality=self._service.catalogue.municipality(touchpoint.municipality),
            language=language or self._language(scope, touchpoint, asked),
            touchpoint=touchpoint,
        )
        await self._page(scope, send, status, page)

    @staticmethod
    async def _page(
        scope: type_of_scope,
        send: type_of_send,
        status: int,
        page: bytes,
        *more: tuple[bytes, bytes],
    ) -> None:
        await reply(scope, send, status, (*headers.SURVEY_IDENTITY, *more), page)

    # The API

    async def _responses(
        self, scope: type_of_scope, receive: type_of_receive, send: type_of_send
    ) -> None:
        cors = self._service.cors(header(scope, b"origin"))
        if scope["method"] != "POST":
            if scope["method"] == "OPTIONS":
                await reply(scope, send, 204, (*headers.API, *cors, *headers.PREFLIGHT))
                return
            refused = problem_of(Refused("method-not-allowed"))
            await _send_problem(scope, send, refused, (*cors, (b"allow", b"POST, OPTIONS")))
            return
        try:
            status, body = await self._take(scope, receive)
        except ClientGone:
            raise
        except Exception as fact:
            refused = problem_of(fact)
            if refused.status == 500:
                log("request_failed", exception=fact)
            retry = retry_after_seconds(fact)
            more = () if retry is None else ((b"retry-after", str(retry).encode()),)
            await _send_problem(scope, send, refused, (*cors, *more))
            return
        await reply(scope, send, status, (*headers.API_JSON, *cors), body)

    async def _other_api(
        self, scope: type_of_scope, receive: type_of_receive, send: type_of_send
    ) -> None:
        """What every reply under `/api` owes the NL API Design Rules, whoever writes it."""
        if scope["path"].endswith("/"):
            await _send_problem(scope, send, problem_of(Refused("not-found")), ())
            return
        if scope["method"] == "OPTIONS":
            cors = self._service.cors(header(scope, b"origin"))
            await reply(scope, send, 204, (*headers.API, *cors, *headers.PREFLIGHT))
            return
        if not accepts_json(header(scope, b"accept")):
            await _send_problem(scope, send, problem_of(Refused("not-acceptable")), ())
            return

        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *headers.API]
            await send(message)

        await self._rest(scope, receive, send_with_headers)

    async def _take(self, scope: type_of_scope, receive: type_of_receive) -> tuple[int, bytes]:
        if not accepts_json(header(scope, b"accept")):
            raise Refused("not-acceptable")
        try:
            body = await read_body(scope, receive, media_type=b"application/json")
            submitted = _decode_response(body)
        except BodyTooLarge:
            raise Refused("body-too-large") from None
        except MediaTypeUnsupported:
            raise Refused("media-type-unsupported") from None
        except (msgspec.DecodeError, ValueError, RecursionError) as fault:
            raise unreadable(fault) from None
        if submitted.response_id.version != 4:
            raise Refused("body-unreadable", "responseId must be a random UUID (version 4).")
        receipt = await self._service.intake.receive(
            Submission(
                token=submitted.token,
                language=submitted.language,
                version=submitted.version,
                touchpoint=submitted.touchpoint,
                questionnaire=submitted.questionnaire,
                response_id=submitted.response_id,
                answers=submitted.answers,
                complete=submitted.complete,
            ),
            purposes=API_PURPOSES,
            now=datetime.now(UTC),
        )
        received = ReceivedResponse(
            response_id=receipt.response_id, received=True, complete=receipt.complete
        )
        return 200 if receipt.again else 201, _encode(received)


def accepts_json(accept: bytes) -> bool:
    """Whether a client that sent this Accept header takes JSON."""
    if not accept or b"*/*" in accept:
        return True
    kinds = {part.partition(b";")[0].strip().lower() for part in accept.split(b",")}
    return bool(
        kinds & {b"application/json", b"application/*", b"*/*", b"application/problem+json"}
    )


async def _send_problem(
    scope: type_of_scope,
    send: type_of_send,
    refused: Problem,
    more: tuple[tuple[bytes, bytes], ...],
) -> None:
    await reply(scope, send, refused.status, (*headers.API_PROBLEM, *more), _encode(refused))


def _parse_form(body: bytes) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    pairs = parse_qsl(
        body.decode("utf-8"),
        keep_blank_values=True,
        max_num_fields=_MOST_FIELDS,
        errors="strict",
    )
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def _random_uuid(text: str) -> UUID | None:
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if found.version == 4 else None
