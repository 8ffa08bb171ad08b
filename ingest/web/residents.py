"""For residents: the open link and the thank-you page."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from ingest.asgi import headers
from ingest.asgi.edge import client_address
from ingest.municipalities.catalogue import TouchpointUnknown
from ingest.municipalities.municipality import Touchpoint
from ingest.service import Service
from ingest.texts.chosen_language import choose_language
from ingest.texts.page_texts import page_texts
from ingest.web.declaring import Route
from ingest.web.survey_query import handed_on, purpose_of_open_link

HOME = "/"


def open_link(
    request: Request[Any, Any, Any],
    service: NamedDependency[Service],
    municipality: FromPath[str],
    touchpoint: FromPath[str],
) -> Response[bytes]:
    """Redirect to a survey with a fresh token. Stores nothing.

    Raises `TouchpointUnknown` or `TooManyRequests`.
    """
    asked_touchpoint = service.catalogue.touchpoint(municipality, touchpoint)
    if asked_touchpoint.retired:
        raise TouchpointUnknown(asked_touchpoint.path)
    now = datetime.now(UTC)
    service.limits.take(asked_touchpoint.number, client_address(request.scope))
    parameters = dict(request.query_params)
    token = service.issue(asked_touchpoint, purpose_of_open_link(parameters), now)
    kept = handed_on(asked_touchpoint, parameters)
    query = f"?{urlencode(kept)}" if kept else ""
    return Response(
        b"",
        status_code=303,
        media_type="text/plain",
        headers={"location": f"/v/{token}{query}", **headers.as_dict(headers.REDIRECT)},
    )


def thanks(request: Request[Any, Any, Any], service: NamedDependency[Service]) -> Response[bytes]:
    """The page of thanks. Its address holds no token, so that it may be kept or shared."""
    slug, _, name = request.query_params.get("meetpunt", "").partition("/")
    touchpoint = service.catalogue.touchpoint(slug, name)
    return message_page(service, request, "thanks", touchpoint, 200)


def home(request: Request[Any, Any, Any], service: NamedDependency[Service]) -> Response[bytes]:
    """The address of the host alone: what this is, for who comes without a link."""
    language = choose_language(
        tuple(page_texts()),
        requested=request.query_params.get("lang"),
        accept_language=request.headers.get("accept-language", ""),
    )
    body, lines = service.pages.hosts.home(language, request.headers.get("host", ""))
    return page(body, 200, lines)


def message_page(
    service: Service,
    request: Request[Any, Any, Any],
    name: str,
    touchpoint: Touchpoint,
    status: int,
    more: Mapping[str, str] = {},
) -> Response[bytes]:
    """A page without questions, in the style and a language of the touchpoint's municipality."""
    language = choose_language(
        touchpoint.languages,
        requested=request.query_params.get("lang"),
        accept_language=request.headers.get("accept-language", ""),
    )
    message = service.pages.message(
        name,
        municipality=service.catalogue.municipality(touchpoint.municipality),
        language=language,
        touchpoint=touchpoint,
        # A day of ours begins an hour or two before: nobody waits for what was improved.
        today=datetime.now(UTC).date(),
    )
    return page(message, status, service.pages.lines(touchpoint.municipality), more)


def page(
    body: bytes, status: int, lines: headers.PageLines, more: Mapping[str, str] = {}
) -> Response[bytes]:
    """Reply with a page, with the header lines that allow its style."""
    return Response(
        body,
        status_code=status,
        media_type="text/html",
        headers={**headers.as_dict(lines.empty), **more},
    )


ROUTES = (
    Route("GET", "/o/{municipality}/{touchpoint}", open_link),
    Route("GET", "/v/bedankt", thanks),
    Route("GET", HOME, home),
)
