"""How a route is declared: its path, its handler, and what the API's document says of it.

Every audience's module declares its `ROUTES` beside its handlers; `ingest.web.table` has them all.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal

import msgspec

from ingest.asgi.edge import (
    BodyTooLarge,
    LengthUnreadable,
    MediaTypeUnsupported,
    type_of_app,
)
from ingest.asgi.json_bodies import BodyUnreadable
from ingest.asgi.messages import Message
from ingest.service import Service

type_of_refusal = type[Exception] | str
"""An exception of the domain, or the name of a problem that the edge finds itself (`Refused`)."""

OF_EVERY_BODY: tuple[type_of_refusal, ...] = (
    BodyUnreadable,
    BodyTooLarge,
    LengthUnreadable,
    MediaTypeUnsupported,
)
"""The refusals of every call that has a body."""

KEYS: Mapping[str, str] = MappingProxyType(
    {
        "apiKey": "Authorization: Bearer, and a key: mp_ and 43 characters of URL-safe base64. Who "
        "runs the service makes it with meetpunt apikeys new, one municipality a key; we keep no "
        "more of it than a keyed digest.",
        "notificationKey": "Authorization: Bearer, and the text of the key file of [notifications] "
        "in the municipality's file or, where that names a client, a token that was signed with "
        "the text in the last hour (ZGW-JWT, HS256).",
        "senderSecret": "Authorization: Bearer, and the secret of the sender. Who runs the service "
        "reads it with meetpunt senders receipts.",
    }
)
"""What a call can ask to be shown, by the name of its security scheme: how it is shown, and who has
it. Each is a bearer token. OpenAPI has no word for what is permitted by its body or a signature.
"""


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """What a call holds besides its body: `within` its path, its query or its headers."""

    name: str
    within: str
    description: str
    example: str
    schema: Mapping[str, Any]
    required: bool = True


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A reply that is no refusal; without a message it has no body, or one of `schema`.

    `example` replaces the one that is made of the message's own examples.
    """

    status: int
    description: str
    message: type[Message] | None = None
    schema: Mapping[str, Any] | None = None
    example: Any = None
    headers: tuple[str, ...] = ()


class Example(msgspec.Struct, frozen=True):
    """One whole body, and in a few words what it asks."""

    summary: str
    value: Any


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """What the API's document says of a route.

    `examples` are whole bodies by name, where one does not show all that may be asked; the first of
    them is the usual one.
    `within` are messages that travel as text inside others, so that no schema names them.
    `key` is the one of `KEYS` that must be shown; empty where none of them is.
    `scripts` says whose scripts may read the replies: those of allowed `sites`, or of `all`.
    """

    id: str
    tag: str
    summary: str
    description: str
    replies: tuple[Reply, ...]
    refusals: tuple[type_of_refusal, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    body: type[Message] | None = None
    examples: Mapping[str, Example] = MappingProxyType({})
    within: tuple[type[Message], ...] = ()
    key: str = ""
    scripts: str = ""


class Route(msgspec.Struct, frozen=True):
    """One method at one path; `{name}` in it stands for anything without a slash.

    `answer` is a function for Litestar. A `hot` route has instead a plain ASGI application, which
    is built around the service and answers every method at its path.
    """

    method: Literal["GET", "POST"]
    path: str
    answer: Callable[..., Any] | None = None
    hot: Callable[[Service], type_of_app] | None = None
    call: Call | None = None
