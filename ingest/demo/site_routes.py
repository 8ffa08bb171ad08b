"""The example municipal site over HTTP, on the other origin of the demo."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from ingest.asgi import headers
from ingest.demo.example_site import FILES, STYLES, WIDGETS, ExampleSite
from ingest.demo.pages import LANGUAGES, DemoPages
from ingest.texts.chosen_language import choose_language
from ingest.web.problems import Refused

type_of_request = Request[Any, Any, Any]


@get("/voorbeeldsite", sync_to_thread=False)
def enter(demo_pages: NamedDependency[DemoPages]) -> Response[bytes]:
    """The site begins in its first style."""
    return _to(f"{demo_pages.site_url}/voorbeeldsite/{next(iter(STYLES))}")


@get("/voorbeeldsite/{style:str}", sync_to_thread=False)
def enter_style(demo_pages: NamedDependency[DemoPages], style: FromPath[str]) -> Response[bytes]:
    """In every style the first page comes first."""
    if style not in STYLES:
        raise Refused("not-found")
    return _to(f"{demo_pages.site_url}/voorbeeldsite/{style}/{next(iter(WIDGETS))}")


@get("/voorbeeldsite/{style:str}/{name:str}", sync_to_thread=False)
def page(
    request: type_of_request,
    demo_pages: NamedDependency[DemoPages],
    example_site: NamedDependency[ExampleSite],
    style: FromPath[str],
    name: FromPath[str],
) -> Response[bytes]:
    """A page of the site. What is typed into its form is never sent."""
    if style not in STYLES or name not in WIDGETS:
        raise Refused("not-found")
    if request.headers.get("host", "") != urlsplit(demo_pages.site_url).netloc:
        return _to(f"{demo_pages.site_url}{request.url.path}")
    return Response(
        example_site.page(style, name, sent="verstuurd" in request.query_params),
        media_type="text/html",
        headers={
            **headers.as_dict(headers.ILLUSTRATED),
            "content-security-policy": example_site.policy,
        },
    )


@get(FILES + "/{name:str}", sync_to_thread=False)
def file(example_site: NamedDependency[ExampleSite], name: FromPath[str]) -> Response[bytes]:
    """A style sheet or the icon of the site, named by its content."""
    asset = example_site.files.get(name)
    if asset is None:
        raise Refused("not-found")
    return Response(
        asset.body, media_type=asset.content_type, headers=headers.as_dict(headers.ASSET)
    )


@get("/voorbeeld/{slug:str}/{name:str}", sync_to_thread=False)
def municipal_page(
    request: type_of_request,
    demo_pages: NamedDependency[DemoPages],
    slug: FromPath[str],
    name: FromPath[str],
) -> Response[bytes]:
    """What the file of a municipality names: how to reach it, and what it says of privacy."""
    language = choose_language(
        LANGUAGES,
        requested=request.query_params.get("lang"),
        accept_language=request.headers.get("accept-language", ""),
    )
    try:
        body = demo_pages.municipal(language, slug, name)
    except LookupError:
        raise Refused("not-found") from None
    return Response(body, media_type="text/html", headers=headers.as_dict(headers.ILLUSTRATED))


def _to(address: str) -> Response[bytes]:
    return Response(
        b"",
        status_code=303,
        headers={"location": address, **headers.as_dict(headers.REDIRECT)},
    )


ROUTES = (enter, enter_style, page, file, municipal_page)
