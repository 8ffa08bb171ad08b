"""For residents: the open link, the thank-you page, a page's files, what a refusal looks like."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from ingest import headers
from ingest.catalogue import TouchpointUnknown
from ingest.languages import choose_language
from ingest.municipalities import Touchpoint
from ingest.service import Service

# What an open link hands on to the page, besides the dimensions that the touchpoint lists.
_KEPT = ("product", "location", "form", "cijfer", "lang")
_MOST_CHARACTERS = 100


@get("/o/{municipality:str}/{touchpoint:str}", sync_to_thread=False)
def open_link(
    request: Request[Any, Any, Any],
    service: NamedDependency[Service],
    municipality: FromPath[str],
    touchpoint: FromPath[str],
) -> Response[None]:
    """Send whoever opens this to a fresh survey. Stores nothing.

    Raises `TouchpointUnknown` or `TooManyRequests`.
    """
    asked_here = service.catalogue.touchpoint(municipality, touchpoint)
    if asked_here.retired:
        raise TouchpointUnknown(asked_here.path)
    now = datetime.now(UTC)
    service.limits.take(asked_here.number, client_address(request), now)
    token = service.issue(asked_here, "open", now)
    kept = {
        name: value
        for name in _KEPT
        if (value := request.query_params.get(name)) and len(value) <= _MOST_CHARACTERS
    }
    query = f"?{urlencode(kept)}" if kept else ""
    return Response(
        None,
        status_code=303,
        headers={"location": f"/v/{token}{query}", **headers.as_dict(headers.REDIRECT)},
    )


@get("/v/bedankt", sync_to_thread=False)
def thanks(request: Request[Any, Any, Any], service: NamedDependency[Service]) -> Response[bytes]:
    """After a response was stored. The URL holds no token, so that it may be kept or shared."""
    slug, _, name = request.query_params.get("meetpunt", "").partition("/")
    touchpoint = service.catalogue.touchpoint(slug, name)
    return _page(service, request, "thanks", touchpoint, 200)


@get("/static/{name:str}", sync_to_thread=False)
def asset(
    request: Request[Any, Any, Any], service: NamedDependency[Service], name: FromPath[str]
) -> Response[bytes]:
    """A style sheet or script, named by its content and kept for ever."""
    found = service.pages.asset(f"/static/{name}")
    if found is None:
        raise TouchpointUnknown(name)
    accepted = request.headers.get("accept-encoding", "")
    body, encoding = found.page.identity, ""
    if ";" not in accepted:
        if "br" in accepted:
            body, encoding = found.page.brotli, "br"
        elif "gzip" in accepted:
            body, encoding = found.page.gzip, "gzip"
    return Response(
        body,
        media_type=found.content_type,
        headers={
            **headers.as_dict(headers.ASSET),
            **({"content-encoding": encoding} if encoding else {}),
        },
    )


def refusal_page(
    service: Service, request: Request[Any, Any, Any], status: int, more: dict[str, str]
) -> Response[bytes]:
    """What somebody sees who asked for something that is not there, or too often."""
    if status == 429:
        slug, name = request.url.path.split("/")[2:4]
        touchpoint = service.catalogue.touchpoint(slug, name)
        return _page(service, request, "too-many", touchpoint, status, more)
    return Response(
        service.pages.message("not-found"),
        status_code=404 if status in (400, 405) else status,
        media_type="text/html; charset=utf-8",
        headers={**headers.as_dict(headers.SURVEY), **more},
    )


def client_address(request: Request[Any, Any, Any]) -> str:
    """The address that a limit counts by; it is hashed at once and stored nowhere."""
    return request.client.host if request.client else ""


def _page(
    service: Service,
    request: Request[Any, Any, Any],
    name: str,
    touchpoint: Touchpoint,
    status: int,
    more: dict[str, str] | None = None,
) -> Response[bytes]:
    language = choose_language(
        touchpoint.languages,
        asked=request.query_params.get("lang"),
        accept_language=request.headers.get("accept-language", ""),
    )
    return Response(
        service.pages.message(
            name,
            municipality=service.catalogue.municipality(touchpoint.municipality),
            language=language,
            touchpoint=touchpoint,
        ),
        status_code=status,
        media_type="text/html; charset=utf-8",
        headers={**headers.as_dict(headers.SURVEY), **(more or {})},
    )


ROUTES = (open_link, thanks, asset)
