"""The API's own document (OpenAPI 3.1), put together from what routes declare.

The NL API Design Rules say what it holds.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from ingest.asgi.messages import API_VERSION, SCHEMAS, Message, Problem, example_of, example_within
from ingest.web.declaring import KEYS, Call, Example, Parameter, Reply, Route
from ingest.web.openapi_answers import answer_schemas
from ingest.web.problems import KINDS, NAMES, problem

BASE = "/api/v1"

# In the order of the page for people.
TAGS = {
    "invitations": "Links or messages for those who are asked",
    "contacts": "What telephone platforms tell of calls",
    "operational-figures": "What other systems count of the work itself",
    "signals": "Low marks, for whoever does something about them",
    "receipts": "What providers tell of messages that were sent",
    "touchpoints": "What is asked where",
    "responses": "What residents answer",
    "kiosks": "Tablets at the counter, which sign what they send",
    "document": "This document",
}

_HEADERS: dict[str, dict[str, Any]] = {
    "API-Version": {
        "description": "Version of this API, with every reply.",
        "schema": {
            "type": "string",
            "pattern": "^[0-9]+[.][0-9]+[.][0-9]+$",
            "maxLength": 20,
            "examples": [API_VERSION],
        },
    },
    "Retry-After": {
        "description": "Seconds to wait before the same call is made again.",
        "schema": {
            "type": "integer",
            "format": "int32",
            "minimum": 1,
            "maximum": 86_400,
            "examples": [5],
        },
    },
    "WWW-Authenticate": {
        "description": "How a key is sent: Bearer.",
        "schema": {"type": "string", "const": "Bearer", "examples": ["Bearer"]},
    },
    "Allow": {
        "description": "Methods that are allowed here.",
        "schema": {
            "type": "string",
            "pattern": "^[A-Z]+(, [A-Z]+)*$",
            "maxLength": 100,
            "examples": ["OPTIONS, POST"],
        },
    },
    "Access-Control-Allow-Origin": {
        "description": "For whom a browser lets a script read this: the site that asked, where a "
        "touchpoint lists it, or everybody. Left out for others.",
        "schema": {
            "type": "string",
            "pattern": "^([*]|https?://[^ ]+)$",
            "maxLength": 300,
            "examples": ["https://www.molensloot.example"],
        },
    },
    "ETag": {
        "description": "Another one whenever the reply changes; send it as If-None-Match.",
        "schema": {
            "type": "string",
            "pattern": '^"[0-9a-f]{24}"$',
            "maxLength": 26,
            "examples": ['"9d40cdc2e1cb7a2649f9a9b6"'],
        },
    },
}
_HEADERS_OF = {
    "401": "WWW-Authenticate",
    "405": "Allow",
    "429": "Retry-After",
    "503": "Retry-After",
}
_OF_EVERY_CALL = ("not-found", "method-not-allowed", "not-acceptable", "internal")


def problem_names(call: Call) -> list[str]:
    """The names of all problems that a call can get, with those that every call can get."""
    own = (refusal if isinstance(refusal, str) else NAMES[refusal] for refusal in call.refusals)
    names = {*own, *_OF_EVERY_CALL}
    return [name for name in KINDS if name in names]


def openapi_document(routes: Iterable[Route]) -> dict[str, Any]:
    """The document, of those routes that are calls of the API."""
    calls = [(route, route.call) for route in routes if route.call is not None]
    paths: dict[str, Any] = {}
    for route, call in calls:
        at = paths.setdefault(route.path.removeprefix(BASE), {})
        at[route.method.lower()] = _operation(call)
    return {
        "openapi": "3.1.0",
        "info": _info(),
        "servers": [
            {
                "url": BASE,
                "description": "The service that gave this document: production, acceptance or "
                "local",
                "x-internal": False,
            }
        ],
        "tags": [{"name": name, "description": words} for name, words in sorted(TAGS.items())],
        "paths": paths,
        "components": {
            "schemas": _schemas(call for _, call in calls),
            "headers": _HEADERS,
            "securitySchemes": {
                name: {"type": "http", "scheme": "bearer", "description": words}
                for name, words in KEYS.items()
            },
        },
    }


def _info() -> dict[str, Any]:
    return {
        "title": "Meetpunt",
        "version": API_VERSION,
        "description": "Takes what residents answer and makes links for those who are asked. "
        "Every refusal is a problem (RFC 9457); its type says which, and leads to a page that says "
        "what to do about it. A reply may get new fields within this version, and a refusal new "
        "codes; what is here stays.",
        # The project's own, as in publiccode.yml; whoever runs a service has their own contact.
        "contact": {
            "name": "The maintainers of Meetpunt",
            "url": "https://code.example/meetpunt/meetpunt",
            "email": "meetpunt@code.example",
        },
        "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    }


def _operation(call: Call) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": call.id,
        "tags": [call.tag],
        "summary": call.summary,
        "description": call.description,
        "security": [{call.key: []}] if call.key else [],
    }
    if call.parameters:
        operation["parameters"] = [_parameter(parameter) for parameter in call.parameters]
    if call.body is not None:
        operation["requestBody"] = {
            "description": f"{call.body.__doc__}",
            "required": True,
            "content": _body(call.body, call.examples),
        }
    operation["responses"] = {
        **{str(reply.status): _reply(reply, call) for reply in call.replies},
        **_problems(call),
    }
    return operation


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": parameter.within,
        "required": parameter.required,
        "description": parameter.description,
        "schema": {**parameter.schema, "examples": [parameter.example]},
        "example": parameter.example,
    }


def _reply(reply: Reply, call: Call) -> dict[str, Any]:
    described: dict[str, Any] = {
        "description": reply.description,
        "headers": _headers(str(reply.status), call, *reply.headers),
    }
    if reply.message is not None:
        example = reply.example or example_of(reply.message)
        described["content"] = _content("application/json", reply.message, example)
    elif reply.schema is not None:
        described["content"] = {
            "application/json": {"schema": reply.schema, "example": reply.example}
        }
    return described


def _content(kind: str, message: type[Message], example: Any) -> dict[str, Any]:
    return {kind: {"schema": {"$ref": f"{SCHEMAS}/{message.__name__}"}, "example": example}}


def _body(message: type[Message], examples: Mapping[str, Example]) -> dict[str, Any]:
    if not examples:
        return _content("application/json", message, example_of(message))
    schema = {"$ref": f"{SCHEMAS}/{message.__name__}"}
    told = {name: {"summary": each.summary, "value": each.value} for name, each in examples.items()}
    return {"application/json": {"schema": schema, "examples": told}}


def _problems(call: Call) -> dict[str, Any]:
    """The replies of a call's problems, a status each."""
    by_status: dict[str, list[str]] = {}
    for name in problem_names(call):
        by_status.setdefault(str(KINDS[name][0]), []).append(name)
    return {
        status: {
            "description": " ".join(f"{name}: {KINDS[name][1]}." for name in names),
            "headers": _headers(status, call),
            "content": {
                "application/problem+json": {
                    "schema": {"$ref": f"{SCHEMAS}/Problem"},
                    "examples": {
                        name: {
                            "summary": KINDS[name][1],
                            "value": msgspec.to_builtins(problem(name)),
                        }
                        for name in names
                    },
                }
            },
        }
        for status, names in by_status.items()
    }


def _headers(status: str, call: Call, *more: str) -> dict[str, Any]:
    names = ["API-Version", *more]
    if status in _HEADERS_OF:
        names.append(_HEADERS_OF[status])
    if call.scripts == "sites" or (call.scripts == "all" and status < "400"):
        names.append("Access-Control-Allow-Origin")
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _schemas(calls: Iterable[Call]) -> dict[str, Any]:
    """Every message that travels, with an example of the whole."""
    messages = dict.fromkeys([*(message for call in calls for message in _messages(call)), Problem])
    _, schemas = msgspec.json.schema_components(messages, ref_template=f"{SCHEMAS}/{{name}}")
    for name, schema in schemas.items():
        schema["examples"] = [example_within(schemas, name)]
    schemas |= answer_schemas()
    for integer in _integers(schemas):
        integer["format"] = "int32" if abs(integer.get("maximum", 2**53)) < 2**31 else "int64"
    return schemas


def _messages(call: Call) -> Iterator[type[Message]]:
    if call.body is not None:
        yield call.body
    yield from call.within
    yield from (reply.message for reply in call.replies if reply.message is not None)


def _integers(part: Any) -> Iterator[dict[str, Any]]:
    """Every schema of a whole number, at any depth."""
    if isinstance(part, dict):
        if part.get("type") == "integer":
            yield part
        for value in part.values():
            yield from _integers(value)
    elif isinstance(part, list):
        for value in part:
            yield from _integers(value)
