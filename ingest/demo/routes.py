"""The demo's routes: the start page, links made on request, new responses, and the example site."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from ingest.asgi import headers
from ingest.asgi.edge import read_body
from ingest.demo.arrivals import Arrivals, Watch
from ingest.demo.pages import LANGUAGES, STEPS, DemoPages
from ingest.demo.reader_roles import SHOWN
from ingest.invitations.messages import RequestedInvitation, RequestedInvitations
from ingest.responses.writer import WriterUnavailable
from ingest.service import Service
from ingest.texts.chosen_language import choose_language
from ingest.tokens.response_tokens import TokenExpired, TokenForged
from ingest.web.problems import Refused

# Touchpoints for which the start page makes a link, and the path of the button for it.
_MINTED = {"telefonie": "/bericht", "melding": "/melding"}
type_of_request = Request[Any, Any, Any]


@get("/")
async def start(
    request: type_of_request,
    service: NamedDependency[Service],
    demo_pages: NamedDependency[DemoPages],
    watch: NamedDependency[Watch],
) -> Response[bytes]:
    """The start page. It makes no link: the token of a link that it shows stands in its address."""
    if _is_on(request, demo_pages.site_url) and demo_pages.site_url != demo_pages.base_url:
        return _to(f"{demo_pages.base_url}/")
    return await _start_page(service, demo_pages, watch, request, dict(request.query_params))


@post("/bericht", status_code=303)
async def send_message(
    request: type_of_request,
    service: NamedDependency[Service],
    demo_pages: NamedDependency[DemoPages],
    watch: NamedDependency[Watch],
) -> Response[bytes]:
    """Make a link for the message on the telephone."""
    return await _mint(service, demo_pages, watch, request, "telefonie")


@post("/melding", status_code=303)
async def close_report(
    request: type_of_request,
    service: NamedDependency[Service],
    demo_pages: NamedDependency[DemoPages],
    watch: NamedDependency[Watch],
) -> Response[bytes]:
    """Make a link for the e-mail about a report that was closed."""
    return await _mint(service, demo_pages, watch, request, "melding")


@get("/binnengekomen.json")
async def what_came_in(request: type_of_request, watch: NamedDependency[Watch]) -> Response[bytes]:
    """The last responses, as the views have them; 304 when nothing came in."""
    body, etag = _encoded(await watch.look())
    lines = {**headers.as_dict(headers.REDIRECT), "etag": etag}
    if request.headers.get("if-none-match") == etag:
        return Response(b"", status_code=304, headers=lines)
    return Response(body, media_type="application/json", headers=lines)


@get(["/voorbeeld", "/voorbeeld/verhuizing"], sync_to_thread=False)
def enter_site(demo_pages: NamedDependency[DemoPages]) -> Response[bytes]:
    """The example site begins with its form."""
    return _to(f"{demo_pages.site_url}/voorbeeld/verhuizing/1")


@get("/voorbeeld/verhuizing/{step:int}", sync_to_thread=False)
def example_form(
    request: type_of_request, demo_pages: NamedDependency[DemoPages], step: FromPath[int]
) -> Response[bytes]:
    """A step of the form. What is typed is never sent."""
    if not 1 <= step <= STEPS:
        raise Refused("not-found")
    if _is_on(request, demo_pages.base_url) and demo_pages.site_url != demo_pages.base_url:
        return _to(f"{demo_pages.site_url}{request.url.path}?{request.url.query}")
    return _page(demo_pages.site(_language(request, request.query_params.get("lang")), step))


@get("/demo/{name:str}", sync_to_thread=False)
def file(demo_pages: NamedDependency[DemoPages], name: FromPath[str]) -> Response[bytes]:
    """A style sheet or script of the demo, named by its content."""
    asset = demo_pages.files.get(f"/demo/{name}")
    if asset is None:
        raise Refused("not-found")
    kind = asset.content_type.partition(";")[0]  # Litestar adds the character set itself
    return Response(asset.body, media_type=kind, headers=headers.as_dict(headers.ASSET))


async def _mint(
    service: Service,
    pages: DemoPages,
    watch: Watch,
    request: type_of_request,
    name: str,
) -> Response[bytes]:
    body = await read_body(
        request.scope, request.receive, media_type=b"application/x-www-form-urlencoded"
    )
    fields = {key: values[0] for key, values in parse_qs(body.decode("latin-1")).items()}
    try:
        async with service.database() as db:
            minted = await service.minter.mint(
                db,
                RequestedInvitations(
                    touchpoint=f"{SHOWN}/{name}", invitations=[RequestedInvitation()]
                ),
                municipality=service.catalogue.municipality(SHOWN),
                idempotency_key=str(uuid4()),
                now=datetime.now(UTC),
            )
    except WriterUnavailable:
        return await _start_page(service, pages, watch, request, fields, away=True)
    new_link = {name: minted.links[0].rpartition("/")[2]}
    query = (
        _still_shown(service, fields) | new_link | {"lang": _language(request, fields.get("lang"))}
    )
    return _to(f"/?{urlencode(query)}#{name}")


async def _start_page(
    service: Service,
    pages: DemoPages,
    watch: Watch,
    request: type_of_request,
    fields: dict[str, str],
    *,
    away: bool = False,
) -> Response[bytes]:
    arrivals = await watch.look(at_once=True)
    page = pages.start(
        _language(request, fields.get("lang")),
        arrivals=arrivals,
        etag=_encoded(arrivals)[1],
        minted=_still_shown(service, fields),
        figures=await watch.figures(),
        away=away,
    )
    return _page(page, 503 if away else 200)


def _still_shown(service: Service, fields: dict[str, str]) -> dict[str, str]:
    """The tokens in an address that are ours, still valid, and for the touchpoint they stand at."""
    shown = {}
    for name in _MINTED:
        try:
            token = service.tokens.verify(
                fields.get(name, ""), now=datetime.now(UTC), purposes={"invitation"}
            )
        except (TokenForged, TokenExpired):
            continue
        if token.touchpoint == service.catalogue.touchpoint(SHOWN, name).number:
            shown[name] = fields[name]
    return shown


def _language(request: type_of_request, requested: str | None) -> str:
    return choose_language(
        LANGUAGES, requested=requested, accept_language=request.headers.get("accept-language", "")
    )


def _is_on(request: type_of_request, origin: str) -> bool:
    return request.headers.get("host", "") == urlsplit(origin).netloc


def _encoded(arrivals: Arrivals) -> tuple[bytes, str]:
    """The body, and its entity tag."""
    body = msgspec.json.encode(arrivals)
    return body, f'"{sha256(body).hexdigest()[:16]}"'


def _page(body: bytes, status: int = 200) -> Response[bytes]:
    return Response(
        body,
        status_code=status,
        media_type="text/html",
        headers=headers.as_dict(headers.ILLUSTRATED),
    )


def _to(address: str) -> Response[bytes]:
    return Response(
        b"",
        status_code=303,
        headers={"location": address, **headers.as_dict(headers.REDIRECT)},
    )


ROUTES = (start, send_message, close_report, what_came_in, enter_site, example_form, file)
