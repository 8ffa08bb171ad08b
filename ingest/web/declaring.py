"""How a route says what it is: where it stands, who answers, and what the API's document owes it.

Every audience's module declares its `ROUTES` beside its handlers; `ingest.web.table` has them all.
"""

from collections.abc import Callable, Mapping
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
"""A fact of the domain, or the name of a problem that the edge itself finds (`Refused`)."""

OF_EVERY_BODY: tuple[type_of_refusal, ...] = (
    BodyUnreadable,
    BodyTooLarge,
    LengthUnreadable,
    MediaTypeUnsupported,
)
"""What can happen to a call with a body, whatever it asks."""


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

    `example` stands in for the one that the message's own words make.
    """

    status: int
    description: str
    message: type[Message] | None = None
    schema: Mapping[str, Any] | None = None
    example: Any = None
    headers: tuple[str, ...] = ()


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """What the API's document says of a route.

    `within` are messages that travel as text within others, so that nothing else names them.
    `scripts`: who may read the replies from a script, `sites` that are allowed to ask or `all`.
    """

    id: str
    tag: str
    summary: str
    description: str
    replies: tuple[Reply, ...]
    refusals: tuple[type_of_refusal, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    body: type[Message] | None = None
    within: tuple[type[Message], ...] = ()
    needs_key: bool = False
    scripts: str = ""


class Route(msgspec.Struct, frozen=True):
    """One method at one path; `{name}` in it stands for anything without a slash.

    `answer` is a function for Litestar. A `hot` route has plain ASGI instead, built around the
    service: all that its path can be is its own, whatever the method.
    """

    method: Literal["GET", "POST"]
    path: str
    answer: Callable[..., Any] | None = None
    hot: Callable[[Service], type_of_app] | None = None
    call: Call | None = None
