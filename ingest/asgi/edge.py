"""The edge of the hot routes: read a request and send a reply in plain ASGI."""

import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from functools import lru_cache
from typing import Any

from ingest.asgi.compression import Gapped, Spliced, StaticPage
from ingest.asgi.headers import PageLines

type_of_scope = Any  # ASGI's own; Litestar's typed dicts and plain dicts alike
type_of_receive = Callable[[], Awaitable[Any]]
type_of_send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
type_of_headers = Iterable[tuple[bytes, bytes]]
type_of_app = Callable[[Any, Any, Any], Awaitable[None]]

# A resident's longest text is 2,000 characters; a whole response fits in a few kB.
MOST_BODY_BYTES = 64_000

_MOST_ENCODING_CHARACTERS = 200

_LENGTH = re.compile(rb"[0-9]{1,18}")
_NOT_AT_ALL = re.compile(rb"q\s*=\s*0(\.0*)?")


class BodyTooLarge(Exception):
    """The body is larger than `MOST_BODY_BYTES`, or its Content-Length says so."""


class MediaTypeUnsupported(Exception):
    """The body is of another media type than asked for, not in UTF-8, or compressed."""


class LengthUnreadable(ValueError):
    """The Content-Length is not a number of bytes."""


class ClientGone(Exception):
    """The client hung up before its body was complete: there is nobody to answer."""


async def read_body(scope: type_of_scope, receive: type_of_receive, *, media_type: bytes) -> bytes:
    """The whole body.

    Raises `MediaTypeUnsupported`, `BodyTooLarge`, `LengthUnreadable` or `ClientGone`. A compressed
    body is refused without reading it: it could unpack to any size.
    """
    content_type: bytes | None = None
    for name, value in scope["headers"]:
        if name == b"content-type":
            if content_type is not None:
                raise MediaTypeUnsupported
            content_type = value
        elif name == b"content-encoding" and value.strip().lower() != b"identity":
            raise MediaTypeUnsupported
        elif name == b"content-length":
            if not _LENGTH.fullmatch(value):
                raise LengthUnreadable
            if int(value) > MOST_BODY_BYTES:
                raise BodyTooLarge
    if content_type != media_type and not _is_media_type(content_type or b"", media_type):
        raise MediaTypeUnsupported
    message = await receive()
    body: bytes = message.get("body", b"")
    if message.get("more_body", False):
        body, message = await _read_on(body, receive)
    if message["type"] == "http.disconnect":
        raise ClientGone
    if len(body) > MOST_BODY_BYTES:
        raise BodyTooLarge
    return body


async def _read_on(first: bytes, receive: type_of_receive) -> tuple[bytes, Any]:
    """The whole body and the last message; stops reading once the body is too large."""
    body = bytearray(first)
    more = True
    while more and len(body) <= MOST_BODY_BYTES:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body), message


def _is_media_type(content_type: bytes, media_type: bytes) -> bool:
    kind, _, parameters = content_type.lower().partition(b";")
    if kind.strip() != media_type:
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
    lines = list(headers)
    if status != 204:  # RFC 9110, 8.6: that one has no length
        lines.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send(
        {
            "type": "http.response.body",
            "body": b"" if scope["method"] == "HEAD" else body,
        }
    )


async def reply_survey(
    scope: type_of_scope, send: type_of_send, page: StaticPage, lines: PageLines
) -> None:
    """Send a page of the survey's kind, in the encoding that this browser takes."""
    chosen, body = lines.identity, page.identity
    match preferred_encoding(header(scope, b"accept-encoding")):
        case b"br":
            chosen, body = lines.brotli, page.brotli
        case b"gzip":
            chosen, body = lines.gzip, page.gzip
    await reply(scope, send, 200, chosen, body)


async def reply_filled(
    scope: type_of_scope,
    send: type_of_send,
    page: Spliced | Gapped,
    filling: bytes,
    lines: PageLines,
) -> None:
    """As `reply_survey`, for a page of which `filling` differs with each reply."""
    match preferred_encoding(header(scope, b"accept-encoding")):
        case b"br":
            chosen, body = lines.brotli, page.brotli(filling)
        case b"gzip":
            chosen, body = lines.gzip, page.gzip(filling)
        case _:
            chosen, body = lines.identity, page.identity(filling)
    await reply(scope, send, 200, chosen, body)


def header(scope: type_of_scope, wanted: bytes) -> bytes:
    """The first header of this lower-case name, or nothing."""
    for name, value in scope["headers"]:
        if name == wanted:
            content: bytes = value
            return content
    return b""


@lru_cache(maxsize=256)
def preferred_encoding(accepted: bytes) -> bytes:
    """`br` or `gzip`, whichever an Accept-Encoding header allows first; b"" for neither."""
    if len(accepted) > _MOST_ENCODING_CHARACTERS:
        return b""  # no browser sends so much, and the cache stays small
    allowed: dict[bytes, bool] = {}
    for part in accepted.lower().split(b","):
        name, *parameters = (piece.strip() for piece in part.split(b";"))
        allowed[name] = not any(_NOT_AT_ALL.fullmatch(parameter) for parameter in parameters)
    return next((name for name in (b"br", b"gzip") if allowed.get(name)), b"")


def client_address(scope: type_of_scope) -> str:
    """The client's address for a rate limit, or ""; callers hash it and store it nowhere."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def accepts_html(accept: bytes) -> bool:
    """Whether a client names HTML in its Accept header, as browsers do and programs do not."""
    for part in accept.lower().split(b","):
        kind, *parameters = (piece.strip() for piece in part.split(b";"))
        if kind in (b"text/html", b"application/xhtml+xml"):
            return not any(_NOT_AT_ALL.fullmatch(parameter) for parameter in parameters)
    return False


def accepts_json(accept: bytes) -> bool:
    """Whether a client that sent this Accept header takes JSON (RFC 9110, 12.5.1)."""
    if not accept or accept in (b"*/*", b"application/json"):
        return True
    allowed: dict[bytes, bool] = {}
    for part in accept.lower().split(b","):
        kind, *parameters = (piece.strip() for piece in part.split(b";"))
        allowed[kind] = not any(_NOT_AT_ALL.fullmatch(parameter) for parameter in parameters)
    # The most specific one counts; a client that takes problem+json takes JSON as well.
    for kind in (b"application/json", b"application/*", b"*/*", b"application/problem+json"):
        if kind in allowed:
            return allowed[kind]
    return False
