"""The API's own document (OpenAPI 3.1), as the NL API Design Rules want it."""

from functools import cache
from typing import Any

import msgspec

from ingest.messages import (
    Invitations,
    OfferedQuestionnaire,
    Problem,
    ReceivedResponse,
    RequestedInvitations,
    SubmittedResponse,
)
from ingest.problems import KINDS

# Semantic version of the API, also sent as API-Version with every reply (/core/version-header).
API_VERSION = "1.0.0"

_MESSAGES = (
    SubmittedResponse,
    ReceivedResponse,
    RequestedInvitations,
    Invitations,
    OfferedQuestionnaire,
    Problem,
)
_VERSION_HEADER = {
    "API-Version": {
        "description": "Version of this API.",
        "schema": {"type": "string", "examples": [API_VERSION]},
    }
}


@cache
def openapi_document() -> bytes:
    """The document as JSON, always the same bytes."""
    _, components = msgspec.json.schema_components(
        _MESSAGES, ref_template="#/components/schemas/{name}"
    )
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "Meetpunt",
            "version": API_VERSION,
            "description": "Takes what residents answer and makes links for those who are asked. "
            "Every refusal is a problem (RFC 9457); its type says which.",
            "contact": {
                "name": "The municipality that runs this service",
                "url": "https://github.com/meetpunt/meetpunt",
                "email": "meetpunt@example.org",
            },
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": "/api/v1", "description": "This service"}],
        "tags": [
            {"name": "responses", "description": "What residents answer"},
            {"name": "touchpoints", "description": "What is asked where"},
            {"name": "invitations", "description": "Links for those who are asked"},
        ],
        "paths": {
            "/responses": {"post": _post_responses()},
            "/touchpoints/{municipality}/{touchpoint}": {"get": _get_touchpoint()},
            "/invitations": {"post": _post_invitations()},
            "/openapi.json": {"get": _get_openapi()},
        },
        "components": {
            "schemas": components,
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


def _post_responses() -> dict[str, Any]:
    return {
        "operationId": "submitResponse",
        "tags": ["responses"],
        "summary": "Store one response, exactly once",
        "description": "Send the same responseId again after a lost reply, 429 or 503: 201 when it "
        "is stored now, 200 when it was.",
        "requestBody": _body("SubmittedResponse"),
        "responses": {
            "201": _reply("Stored", "ReceivedResponse"),
            "200": _reply("Received before, with the same content", "ReceivedResponse"),
            **_problems(400, 403, 405, 406, 409, 410, 413, 415, 500, 503),
        },
    }


def _get_touchpoint() -> dict[str, Any]:
    return {
        "operationId": "getTouchpoint",
        "tags": ["touchpoints"],
        "summary": "The questionnaire of a touchpoint, and a token for one response",
        "description": "For scripts on the touchpoint's allowed origins only.",
        "parameters": [
            _path_parameter("municipality", "molensloot"),
            _path_parameter("touchpoint", "online"),
            {
                "name": "language",
                "in": "query",
                "description": "ISO 639-1; else as Accept-Language says.",
                "schema": {"type": "string", "examples": ["nl"]},
            },
        ],
        "responses": {
            "200": _reply("The questionnaire in one language", "OfferedQuestionnaire"),
            **_problems(400, 403, 404, 406, 429),
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
        "requestBody": _body("RequestedInvitations"),
        "responses": {
            "201": _reply("The links, in the order asked for", "Invitations"),
            **_problems(400, 401, 404, 406, 409, 413, 415, 503),
        },
    }


def _get_openapi() -> dict[str, Any]:
    return {
        "operationId": "getOpenapi",
        "tags": ["touchpoints"],
        "summary": "This document",
        "responses": {
            "200": {
                "description": "OpenAPI 3.1",
                "headers": _VERSION_HEADER,
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            **_problems(406),
        },
    }


def _body(schema: str) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": _ref(schema)}}}


def _reply(description: str, schema: str) -> dict[str, Any]:
    return {
        "description": description,
        "headers": _VERSION_HEADER,
        "content": {"application/json": {"schema": _ref(schema)}},
    }


def _problems(*statuses: int) -> dict[str, Any]:
    return {
        str(status): {
            "description": "; ".join(
                f"{name}: {title}" for name, (code, title, _) in KINDS.items() if code == status
            ),
            "headers": _VERSION_HEADER,
            "content": {"application/problem+json": {"schema": _ref("Problem")}},
        }
        for status in statuses
    }


def _path_parameter(name: str, example: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^[a-z][a-z0-9-]*$", "examples": [example]},
    }


def _ref(schema: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{schema}"}
