"""What every operation in the API's document is put together from."""

from typing import Any

from ingest.web.problems import KINDS

HEADERS = {
    "API-Version": {"description": "Version of this API.", "schema": {"type": "string"}},
    "Retry-After": {
        "description": "Seconds to wait before the same call is made again.",
        "schema": {"type": "integer", "minimum": 1},
    },
    "WWW-Authenticate": {"description": "Bearer.", "schema": {"type": "string"}},
    "Allow": {"description": "Methods that are allowed.", "schema": {"type": "string"}},
}
_HEADERS_OF = {
    "401": "WWW-Authenticate",
    "405": "Allow",
    "429": "Retry-After",
    "503": "Retry-After",
}

# What can happen to a call with a body, whatever it asks.
OF_EVERY_BODY = ("body-unreadable", "body-too-large", "media-type-unsupported")
_OF_EVERY_CALL = ("not-found", "method-not-allowed", "not-acceptable", "internal")


def body(schema: str) -> dict[str, Any]:
    """The body of a call, by the name of its schema."""
    return {"required": True, "content": {"application/json": {"schema": ref(schema)}}}


def reply(description: str, schema: str) -> dict[str, Any]:
    """A reply that is no refusal, by the name of its schema."""
    return {
        "description": description,
        "headers": headers("200"),
        "content": {"application/json": {"schema": ref(schema)}},
    }


def problems(*names: str) -> dict[str, Any]:
    """The replies of these problems and of those that any call can meet, a status each."""
    described: dict[str, list[str]] = {}
    for name in sorted({*names, *_OF_EVERY_CALL}):
        status, title, _ = KINDS[name]
        described.setdefault(str(status), []).append(f"`{name}`: {title}.")
    return {
        status: {
            "description": " ".join(sentences),
            "headers": headers(status),
            "content": {"application/problem+json": {"schema": ref("Problem")}},
        }
        for status, sentences in sorted(described.items())
    }


def headers(status: str) -> dict[str, Any]:
    """The headers of a reply with this status."""
    names = ["API-Version", *([_HEADERS_OF[status]] if status in _HEADERS_OF else [])]
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def path_parameter(name: str, description: str, example: str) -> dict[str, Any]:
    """A name of ours in the path."""
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "string", "pattern": "^[a-z][a-z0-9-]*$", "examples": [example]},
    }


def ref(schema: str) -> dict[str, str]:
    """A reference to a schema."""
    return {"$ref": f"#/components/schemas/{schema}"}
