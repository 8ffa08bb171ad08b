"""Reply with bytes that were made before, in an encoding that the browser accepts."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response

from ingest.asgi.compression import StaticPage
from ingest.asgi.edge import preferred_encoding


def static_page(
    request: Request[Any, Any, Any],
    page: StaticPage,
    media_type: str,
    lines: Mapping[str, str],
    *,
    etag: str = "",
) -> Response[bytes | None]:
    """`page` with these header lines; 304 for a browser that holds the version of `etag`."""
    header_lines = {**lines, **({"etag": etag} if etag else {})}
    if etag and _holds(request.headers.get("if-none-match", ""), etag):
        return Response(None, status_code=304, headers=header_lines)
    match preferred_encoding(request.headers.get("accept-encoding", "").encode("latin-1")):
        case b"br":
            body, header_lines["content-encoding"] = page.brotli, "br"
        case b"gzip":
            body, header_lines["content-encoding"] = page.gzip, "gzip"
        case _:
            body = page.identity
    return Response(body, media_type=media_type, headers=header_lines)


def _holds(if_none_match: str, etag: str) -> bool:
    """Whether the browser's copy is this version (weak comparison of RFC 9110, 13.1.2)."""
    opaque = etag.removeprefix("W/")
    held_tags = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return any(tag in ("*", opaque) for tag in held_tags)
