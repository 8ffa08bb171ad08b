"""The API's own document (OpenAPI 3.1), as the NL API Design Rules want it."""

from functools import cache
from typing import Any

import msgspec

from ingest.asgi.messages import API_VERSION, Problem
from ingest.invitations.messages import Invitations, RequestedInvitations
from ingest.responses.messages import ReceivedResponse, SubmittedCompletion, SubmittedResponse
from ingest.web.openapi_kiosk import KIOSK_MESSAGES, kiosk_paths, name_items
from ingest.web.openapi_parts import (
    HEADERS,
    OF_EVERY_BODY,
    body,
    headers,
    path_parameter,
    problems,
    reply,
)
from ingest.widget.messages import OfferedQuestionnaire

_MESSAGES = (
    SubmittedResponse,
    SubmittedCompletion,
    ReceivedResponse,
    RequestedInvitations,
    Invitations,
    OfferedQuestionnaire,
    Problem,
    *KIOSK_MESSAGES,
)


@cache
def openapi_document() -> bytes:
    """The document as JSON, always the same bytes."""
    _, components = msgspec.json.schema_components(
        _MESSAGES, ref_template="#/components/schemas/{name}"
    )
    name_items(components)
    document = {
        "openapi": "3.1.0",
        "info": _info(),
        "servers": [{"url": "/api/v1", "description": "The service that gave this document"}],
        "tags": [
            {"name": "document", "description": "This document"},
            {"name": "invitations", "description": "Links for those who are asked"},
            {"name": "kiosks", "description": "Tablets at the counter, which sign what they send"},
            {"name": "responses", "description": "What residents answer"},
            {"name": "touchpoints", "description": "What is asked where"},
        ],
        "paths": {
            "/responses": {"post": _post_responses()},
            "/responses/{responseId}/completion": {"post": _post_completion()},
            "/touchpoints/{municipality}/{touchpoint}": {"get": _get_touchpoint()},
            "/invitations": {"post": _post_invitations()},
            **kiosk_paths(),
            "/openapi.json": {"get": _get_openapi()},
        },
        "components": {
            "schemas": components,
            "headers": HEADERS,
            "securitySchemes": {
                "apiKey": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Made by 'meetpunt apikeys new', one municipality a key.",
                }
            },
        },
    }
    return msgspec.json.encode(document)


def _info() -> dict[str, Any]:
    return {
        "title": "Meetpunt",
        "version": API_VERSION,
        "description": "Takes what residents answer and makes links for those who are asked. "
        "Every refusal is a problem (RFC 9457); its type says which, and leads to a page that says "
        "what to do about it.",
        # The project's own, as in publiccode.yml; whoever runs a service has their own contact.
        "contact": {
            "name": "The maintainers of Meetpunt",
            "url": "https://code.example/meetpunt/meetpunt",
            "email": "meetpunt@code.example",
        },
        "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    }


def _post_responses() -> dict[str, Any]:
    return {
        "operationId": "submitResponse",
        "tags": ["responses"],
        "summary": "Store one response, exactly once",
        "description": "Send the same responseId again after a lost reply, 429 or 503: 201 when it "
        "is stored now, 200 when it was. The token is the permission; no key is needed. What seems "
        "to come from a program (a filled 'website', or within two seconds of its token) is stored "
        "too, marked as suspect, and left out of the figures.",
        "security": [],
        "requestBody": body("SubmittedResponse"),
        "responses": {
            "201": reply("Stored", "ReceivedResponse"),
            "200": reply("Received before, with the same content", "ReceivedResponse"),
            **problems(
                *OF_EVERY_BODY,
                "answers-rejected",
                "version-unknown",
                "token-forged",
                "response-conflict",
                "token-expired",
                "token-spent",
                "response-unstorable",
                "unavailable",
            ),
        },
    }


def _post_completion() -> dict[str, Any]:
    return {
        "operationId": "completeResponse",
        "tags": ["responses"],
        "summary": "Add the rest to a response that was begun, exactly once",
        "description": "For 15 minutes after the first step, under the completionToken of its "
        "reply. Only items that were not answered yet; then the response is complete.",
        "security": [],
        "parameters": [
            {
                "name": "responseId",
                "in": "path",
                "required": True,
                "description": "The id that the response was sent under.",
                "schema": {"type": "string", "format": "uuid"},
            }
        ],
        "requestBody": body("SubmittedCompletion"),
        "responses": {
            "201": reply("Stored", "ReceivedResponse"),
            "200": reply("Received before, with the same content", "ReceivedResponse"),
            **problems(
                *OF_EVERY_BODY,
                "answers-rejected",
                "token-forged",
                "response-conflict",
                "completion-too-late",
                "token-spent",
                "unavailable",
            ),
        },
    }


def _get_touchpoint() -> dict[str, Any]:
    return {
        "operationId": "getTouchpoint",
        "tags": ["touchpoints"],
        "summary": "The questionnaire of a touchpoint, and a token for one response",
        "description": "For scripts on the touchpoint's allowed origins only. What is empty or "
        "false is left out; the words for a kind of item come only where one is asked. Compressed "
        "as Accept-Encoding allows (br, gzip).",
        "security": [],
        "parameters": [
            path_parameter("municipality", "Its short name.", "molensloot"),
            path_parameter("touchpoint", "Its short name within the municipality.", "online"),
            {
                "name": "language",
                "in": "query",
                "description": "A language tag, such as that of the page; else Accept-Language.",
                "schema": {"type": "string", "examples": ["nl"]},
            },
        ],
        "responses": {
            "200": reply("The questionnaire in one language", "OfferedQuestionnaire"),
            **problems(
                "language-unreadable",
                "origin-not-allowed",
                "municipality-unknown",
                "touchpoint-unknown",
                "too-many-requests",
            ),
        },
    }


def _post_invitations() -> dict[str, Any]:
    return {
        "operationId": "makeInvitations",
        "tags": ["invitations"],
        "summary": "Make links, one for each response asked for",
        "description": "The same key and body again give the same links.",
        "security": [{"apiKey": []}],
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": True,
                "description": "1 to 200 characters, new for each call that is not a retry.",
                "schema": {"type": "string", "minLength": 1, "maxLength": 200},
            }
        ],
        "requestBody": body("RequestedInvitations"),
        "responses": {
            "201": reply("The links, in the order asked for", "Invitations"),
            **problems(
                *OF_EVERY_BODY,
                "idempotency-key-missing",
                "invitations-rejected",
                "api-key-unknown",
                "touchpoint-unknown",
                "idempotency-conflict",
                "unavailable",
            ),
        },
    }


def _get_openapi() -> dict[str, Any]:
    return {
        "operationId": "getOpenapi",
        "tags": ["document"],
        "summary": "This document",
        "description": "The same for everybody, readable from every site.",
        "security": [],
        "responses": {
            "200": {
                "description": "OpenAPI 3.1",
                "headers": headers("200"),
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            **problems(),
        },
    }
