"""For residents: the page of thanks, and that of the host alone."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency

from ingest.asgi import headers
from ingest.clock import today_here
from ingest.pages.links import THANKED_FOR_REPORT
from ingest.service import Service
from ingest.texts.chosen_language import choose_language
from ingest.texts.page_texts import page_texts
from ingest.web.declaring import Route

HOME = "/"


def thanks(request: Request[Any, Any, Any], service: NamedDependency[Service]) -> Response[bytes]:
    """The page of thanks. Its address holds no token, so that it may be kept or shared.

    Where a link of a report was answered, a part of it is traced to a person: the thanks say so.
    """
    slug, _, name = request.query_params.get("meetpunt", "").partition("/")
    touchpoint = service.catalogue.touchpoint(slug, name)
    language = choose_language(
        touchpoint.languages,
        requested=request.query_params.get("lang"),
        accept_language=request.headers.get("accept-language", ""),
    )
    municipality = service.catalogue.municipality(touchpoint.municipality)
    is_for_report = municipality.asks_reporters_at(touchpoint) and all(
        request.query_params.get(each) == value for each, value in THANKED_FOR_REPORT.items()
    )
    message = service.pages.message(
        "report-thanks" if is_for_report else "thanks",
        municipality=municipality,
        language=language,
        touchpoint=touchpoint,
        today=today_here(),
    )
    return page(message, 200, service.pages.lines(touchpoint.municipality))


def home(request: Request[Any, Any, Any], service: NamedDependency[Service]) -> Response[bytes]:
    """The address of the host alone: what this is, for who comes without a link."""
    language = choose_language(
        tuple(page_texts()),
        requested=request.query_params.get("lang"),
        accept_language=request.headers.get("accept-language", ""),
    )
    body, lines = service.pages.hosts.home(language, request.headers.get("host", ""))
    return page(body, 200, lines)


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
    Route("GET", "/v/bedankt", thanks),
    Route("GET", HOME, home),
)
