"""For municipal sites: the scripts that they load, under names that they may count on."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from ingest.http import headers
from ingest.http.edge import preferred_encoding
from ingest.service import Service
from ingest.widget.bundle import Bundle


def routes_of(scripts: Bundle) -> tuple[HTTPRouteHandler, ...]:
    """A route for every script there is; another name is not there, as everywhere."""
    return (get([f"/{name}" for name in scripts.files], sync_to_thread=False)(site_script),)


def site_script(
    request: Request[Any, Any, Any], service: NamedDependency[Service]
) -> Response[bytes | None]:
    """A script for other sites, for everybody who asks."""
    script = service.scripts.files[request.scope["path"].removeprefix("/")]
    lines = {
        **headers.as_dict(headers.SITE_SCRIPT_PINNED if script.pinned else headers.SITE_SCRIPT),
        "etag": script.etag,
    }
    if _holds(request.headers.get("if-none-match", ""), script.etag):
        return Response(None, status_code=304, headers=lines)
    match preferred_encoding(request.headers.get("accept-encoding", "").encode("latin-1")):
        case b"br":
            body, lines["content-encoding"] = script.page.brotli, "br"
        case b"gzip":
            body, lines["content-encoding"] = script.page.gzip, "gzip"
        case _:
            body = script.page.identity
    return Response(body, media_type="text/javascript", headers=lines)


def _holds(if_none_match: str, etag: str) -> bool:
    """Whether the copy that somebody kept is this one (RFC 9110, 13.1.2: compared weakly)."""
    opaque = etag.removeprefix("W/")
    kept = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return any(tag in ("*", opaque) for tag in kept)
