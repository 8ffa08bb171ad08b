"""For builders of clients: the API's document, the same as a page, and a page for each problem."""

from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from ingest.asgi import headers
from ingest.asgi.edge import accepts_html
from ingest.web.api_pages import STYLES, ApiDocument
from ingest.web.declaring import Call, Reply, Route
from ingest.web.problems import KINDS, Refused, problem
from ingest.web.static_pages import static_page

_PAGE = headers.as_dict(headers.API_PAGE)


def publish_openapi(
    request: Request[Any, Any, Any], api: NamedDependency[ApiDocument]
) -> Response[bytes | None]:
    """The API's own document, for everybody."""
    lines = {"access-control-allow-origin": "*", "vary": "Accept-Encoding"}
    return static_page(request, api.json, "application/json", lines)


def show_api(
    request: Request[Any, Any, Any], api: NamedDependency[ApiDocument]
) -> Response[bytes | None]:
    """The document as a page."""
    return static_page(request, api.page, "text/html", _PAGE)


def explain_problem(
    request: Request[Any, Any, Any], name: FromPath[str], api: NamedDependency[ApiDocument]
) -> Response[Any]:
    """What a problem's `type` points at: a page for a browser, JSON for a program."""
    reads = accepts_html(request.headers.get("accept", "").encode("latin-1"))
    if reads and name in KINDS:
        return static_page(request, api.problem(name), "text/html", _PAGE)
    if reads:
        return Response(
            api.no_such_problem(), status_code=404, media_type="text/html", headers=_PAGE
        )
    if name not in KINDS:
        raise Refused("not-found")
    lines = headers.as_dict(headers.DATA) | {"vary": "Accept"}
    return Response(problem(name), media_type="application/json", headers=lines)


def style(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes | None]:
    """The style sheet of these pages, named by its content and kept for ever."""
    stylesheet = STYLES.get(name)
    if stylesheet is None:
        raise Refused("not-found")
    return static_page(request, stylesheet.page, "text/css", headers.as_dict(headers.ASSET))


ROUTES = (
    Route(
        "GET",
        "/api/v1/openapi.json",
        publish_openapi,
        call=Call(
            id="getOpenapi",
            tag="document",
            summary="This document",
            description="The same for everybody, readable from every site. For people there is the "
            "page /api.",
            replies=(
                Reply(
                    status=200,
                    description="OpenAPI 3.1",
                    schema={
                        "type": "object",
                        "description": "An OpenAPI document.",
                        "required": ["openapi", "info", "paths"],
                        "properties": {
                            "openapi": {
                                "type": "string",
                                "description": "The version of OpenAPI.",
                                "const": "3.1.0",
                                "examples": ["3.1.0"],
                            },
                            "info": {
                                "type": "object",
                                "description": "What this is, and whose.",
                                "examples": [{"title": "Meetpunt", "version": "1.0.0"}],
                            },
                            "paths": {
                                "type": "object",
                                "description": "Every call.",
                                "examples": [{}],
                            },
                        },
                    },
                    example={
                        "openapi": "3.1.0",
                        "info": {"title": "Meetpunt", "version": "1.0.0"},
                        "paths": {},
                    },
                ),
            ),
            scripts="all",
        ),
    ),
    Route("GET", "/api", show_api),
    Route("GET", "/problems/{name}", explain_problem),
    Route("GET", "/static/api/{name}", style),
)
