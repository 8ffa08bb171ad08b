"""`POST /api/v1/responses` and the completion of a response, in plain ASGI."""

from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from ingest.asgi import headers
from ingest.asgi.edge import (
    ClientGone,
    accepts_json,
    header,
    read_body,
    reply,
    type_of_headers,
    type_of_receive,
    type_of_scope,
    type_of_send,
)
from ingest.asgi.json_bodies import BodyUnreadable, JsonBody
from ingest.asgi.messages import RANDOM_UUID, InvalidParam, example_of
from ingest.municipalities.catalogue import VersionUnknown
from ingest.responses.answers import AnswersRejected
from ingest.responses.messages import ReceivedResponse, SubmittedCompletion, SubmittedResponse
from ingest.responses.submission import Receipt, ResponseConflict, Submission
from ingest.responses.versions import VersionAhead
from ingest.responses.writer import ResponseUnstorable, TokenSpent, WriterUnavailable
from ingest.running.logs import log
from ingest.service import Service
from ingest.tokens.completion_tokens import CompletionTooLate
from ingest.tokens.response_tokens import TokenExpired, TokenForged
from ingest.web.declaring import OF_EVERY_BODY, Call, Parameter, Reply, Route
from ingest.web.problems import Refused, problem_of, retry_after_seconds

RESPONSES = "/api/v1/responses"
COMPLETION = "/completion"
# Which tokens the API takes: one purpose never stands in for another.
PURPOSES = frozenset({"invitation", "open", "qr", "embed", "preview"})

_encode = msgspec.json.Encoder().encode
_REQUIRED_FIELDS = sum(field.required for field in msgspec.structs.fields(SubmittedResponse))
_body = JsonBody(
    SubmittedResponse,
    fewest_keys=lambda response: (
        _REQUIRED_FIELDS + len(response.answers) + len(response.dimensions)
    ),
)
_completion_body = JsonBody(
    SubmittedCompletion, fewest_keys=lambda completion: 2 + len(completion.answers)
)
_NOT_RANDOM = InvalidParam(
    name="responseId", code="not-random", reason="A random UUID (version 4) is needed."
)


class HotResponses:
    """Answers `/api/v1/responses` and `/api/v1/responses/<id>/completion`, whatever the method."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def answer(
        self, scope: type_of_scope, receive: type_of_receive, send: type_of_send
    ) -> None:
        """Serve one request for `/api/v1/responses`. Raises `ClientGone`."""
        await self._answer(self._take(scope, receive), scope, send)

    async def answer_completion(
        self, scope: type_of_scope, receive: type_of_receive, send: type_of_send
    ) -> None:
        """Serve one request for a completion. Raises `ClientGone`."""
        await self._answer(self._complete(scope, receive), scope, send)

    async def _answer(
        self, taking: Coroutine[Any, Any, Receipt], scope: type_of_scope, send: type_of_send
    ) -> None:
        cors = self._service.cors(header(scope, b"origin"))
        if scope["method"] != "POST":
            taking.close()
            await _refuse_method(scope, send, cors)
            return
        try:
            receipt = await taking
        except ClientGone:
            raise
        except Exception as fact:
            await send_problem(scope, send, fact, cors)
            return
        body = _encode(
            ReceivedResponse(
                response_id=receipt.response_id,
                received=True,
                complete=receipt.complete,
                completion_token=receipt.completion_token,
            )
        )
        status = 200 if receipt.again else 201
        await reply(scope, send, status, (*headers.API_JSON, *cors), body)

    async def _take(self, scope: type_of_scope, receive: type_of_receive) -> Receipt:
        if not accepts_json(header(scope, b"accept")):
            raise Refused("not-acceptable")
        submitted = _body.read(await read_body(scope, receive, media_type=b"application/json"))
        if submitted.response_id.version != 4:
            raise BodyUnreadable((_NOT_RANDOM,))
        return await self._service.intake.receive(
            Submission(
                token=submitted.token,
                language=submitted.language,
                version=submitted.version,
                touchpoint=submitted.touchpoint,
                questionnaire=submitted.questionnaire,
                response_id=submitted.response_id,
                answers=submitted.answers,
                complete=submitted.complete,
                trapped=bool(submitted.website),
                hints=submitted.dimensions,
            ),
            purposes=PURPOSES,
            now=datetime.now(UTC),
        )

    async def _complete(self, scope: type_of_scope, receive: type_of_receive) -> Receipt:
        if not accepts_json(header(scope, b"accept")):
            raise Refused("not-acceptable")
        try:
            response_id = UUID(scope["path"].removeprefix(RESPONSES)[1 : -len(COMPLETION)])
        except ValueError:
            raise Refused("not-found") from None
        body = await read_body(scope, receive, media_type=b"application/json")
        submitted = _completion_body.read(body)
        return await self._service.completing.complete(
            response_id, submitted.completion_token, submitted.answers, now=datetime.now(UTC)
        )


async def send_problem(
    scope: type_of_scope, send: type_of_send, fact: Exception, more: type_of_headers = ()
) -> None:
    """Reply with the problem of a fact; an unexpected exception is logged."""
    problem = problem_of(fact)
    if problem.status == 500:
        log("request_failed", level="error", exception=fact)
    seconds = retry_after_seconds(fact)
    retry = () if seconds is None else ((b"retry-after", b"%d" % seconds),)
    await reply(
        scope, send, problem.status, (*headers.API_PROBLEM, *more, *retry), _encode(problem)
    )


async def _refuse_method(scope: type_of_scope, send: type_of_send, cors: type_of_headers) -> None:
    allow = (b"allow", b"OPTIONS, POST")
    if scope["method"] == "OPTIONS":
        await reply(scope, send, 204, (*headers.API, *cors, *headers.PREFLIGHT, allow))
    else:
        await send_problem(scope, send, Refused("method-not-allowed"), (*cors, allow))


_WHOLE = {k: v for k, v in example_of(ReceivedResponse).items() if k != "completionToken"}
_REPLIES = (
    Reply(status=201, description="Stored now", message=ReceivedResponse, example=_WHOLE),
    Reply(
        status=200,
        description="Stored before, with the same content",
        message=ReceivedResponse,
        example=_WHOLE,
    ),
)

ROUTES = (
    Route(
        "POST",
        RESPONSES,
        hot=lambda service: HotResponses(service).answer,
        call=Call(
            id="submitResponse",
            tag="responses",
            summary="Store one response, exactly once",
            description="Send the same responseId again after a lost reply, 429 or 503: 201 when "
            "it is stored now, 200 when it was. The token is the permission; no key is needed. "
            "What seems to come from a program (a filled website, or within two seconds of its "
            "token) is stored too, marked as suspect, and left out of the figures.",
            body=SubmittedResponse,
            replies=_REPLIES,
            refusals=(
                *OF_EVERY_BODY,
                AnswersRejected,
                VersionUnknown,
                TokenForged,
                ResponseConflict,
                TokenExpired,
                TokenSpent,
                ResponseUnstorable,
                VersionAhead,
                WriterUnavailable,
            ),
            scripts="sites",
        ),
    ),
    Route(
        "POST",
        f"{RESPONSES}/{{responseId}}{COMPLETION}",
        hot=lambda service: HotResponses(service).answer_completion,
        call=Call(
            id="completeResponse",
            tag="responses",
            summary="Add the rest to a response that was begun, exactly once",
            description="For 15 minutes after the first step, under the completionToken of its "
            "reply. Only items that were not answered yet; then the response is complete.",
            parameters=(
                Parameter(
                    name="responseId",
                    within="path",
                    description="The id that the response was sent under.",
                    example=_WHOLE["responseId"],
                    schema={"type": "string", **RANDOM_UUID},
                ),
            ),
            body=SubmittedCompletion,
            replies=_REPLIES,
            refusals=(
                *OF_EVERY_BODY,
                AnswersRejected,
                TokenForged,
                ResponseConflict,
                CompletionTooLate,
                TokenSpent,
                VersionAhead,
                WriterUnavailable,
            ),
            scripts="sites",
        ),
    ),
)
