"""The edge of the hot routes: read a request and send a reply in plain ASGI."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

type_of_scope = Any  # ASGI's own; Litestar's typed dicts and plain dicts alike
type_of_receive = Callable[[], Awaitable[Any]]
type_of_send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
type_of_headers = Iterable[tuple[bytes, bytes]]

# A resident's longest text is 2,000 characters; a whole response fits in a few kB.
MOST_BODY_BYTES = 64_000


class BodyTooLarge(Exception):
    """The body is larger than `MOST_BODY_BYTES`, by its own word or in fact."""


class MediaTypeUnsupported(Exception):
    """The body is of another media type than asked for, not in UTF-8, or compressed."""


class ClientGone(Exception):
    """The client hung up before its body was complete: there is nobody to answer."""


async def read_body(scope: type_of_scope, receive: type_of_receive, *, media_type: bytes) -> bytes:
    """The whole body. Raises `MediaTypeUnsupported`, `BodyTooLarge` or `ClientGone`.

    A compressed body is refused unread: what it would unpack to is not known.
    """
    content_type = b""
    for name, value in scope["headers"]:
        if name == b"content-type":
            content_type = value
        elif name == b"content-encoding" and value.strip().lower() != b"identity":
            raise MediaTypeUnsupported
        elif name == b"content-length" and int(value) > MOST_BODY_BYTES:
            raise BodyTooLarge
    if content_type != media_type and not _is_media_type(content_type, media_type):
        raise MediaTypeUnsupported
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body", False):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MOST_BODY_BYTES:
            raise BodyTooLarge
    if message["type"] == "http.disconnect":
        raise ClientGone
    if len(body) > MOST_BODY_BYTES:
        raise BodyTooLarge
    return body


def _is_media_type(content_type: bytes, wanted: bytes) -> bool:
    kind, _, parameters = content_type.lower().partition(b";")
    if kind.strip() != wanted:
        return False
    for parameter in parameters.split(b";"):
        name, _, value = parameter.partition(b"=")
        if name.strip() == b"charset" and value.strip(b' "') != b"utf-8":
            return False
    return True


async def reply(
    scope: type_of_scope,
    send: type_of_send,
    status: int,
    headers: type_of_headers,
    body: bytes = b"",
) -> None:
    """Send a whole reply; of a HEAD request its headers alone."""
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [*headers, (b"content-length", str(len(body)).encode())],
        }
    )
    await send(
        {
            "type": "http.response.body",
            "body": b"" if scope["method"] == "HEAD" else body,
        }
    )


def header(scope: type_of_scope, wanted: bytes) -> bytes:
    """The first header of this lower-case name, or nothing."""
    for name, value in scope["headers"]:
        if name == wanted:
            found: bytes = value
            return found
    return b""
