"""The demo's routes: its start page, contacts that end, the tablet, responses, and a site."""

from collections.abc import Coroutine, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from ingest.asgi import headers
from ingest.asgi.edge import read_body
from ingest.demo.arrivals import Arrivals, Watch
from ingest.demo.delivered import Delivered
from ingest.demo.pages import LANGUAGES, STEPS, DemoPages
from ingest.demo.tablet import Tablet
from ingest.demo.telling import Neighbours, NotArrived
from ingest.responses.writer import WriterUnavailable
from ingest.senders.file import WrittenMessage
from ingest.texts.chosen_language import choose_language
from ingest.web.problems import Refused

# Touchpoints after which a message comes, and how the start page shows it: as what it is.
_KINDS = {"telefonie": "tel", "melding": "mailto", "vergunning": "mailto", "terugbelverzoek": "tel"}
_LIST = "lijst"
_MOST_LISTED = 10
type_of_request = Request[Any, Any, Any]


@get("/")
async def start(
    request: type_of_request,
    demo_pages: NamedDependency[DemoPages],
    watch: NamedDependency[Watch],
    messages: NamedDependency[Delivered],
) -> Response[bytes]:
    """The start page. It sends nothing: the names of messages that it shows are in its address."""
    if _is_on(request, demo_pages.site_url) and demo_pages.site_url != demo_pages.base_url:
        return _to(f"{demo_pages.base_url}/")
    return await _start_page(demo_pages, watch, messages, request, dict(request.query_params))


@post("/bericht", status_code=303)
async def end_call(
    request: type_of_request,
    demo_pages: NamedDependency[DemoPages],
    watch: NamedDependency[Watch],
    messages: NamedDependency[Delivered],
    neighbours: NamedDependency[Neighbours],
) -> Response[bytes]:
    """Let a telephone call end, and show the text message that comes of it."""
    fields = await _fields(request)
    told = _Told("telefonie", neighbours.end_call())
    return await _show(told, fields, demo_pages, watch, messages, request)


@post("/melding", status_code=303)
async def close_report(
    request: type_of_request,
    demo_pages: NamedDependency[DemoPages],
    watch: NamedDependency[Watch],
    messages: NamedDependency[Delivered],
    neighbours: NamedDependency[Neighbours],
) -> Response[bytes]:
    """Let a report be closed, and show the mail that comes of it."""
    fields = await _fields(request)
    told = _Told("melding", neighbours.close_report(_language(request, fields.get("lang"))))
    return await _show(told, fields, demo_pages, watch, messages, request)


@post("/vergunning", status_code=303)
async def close_case(
    request: type_of_request,
    demo_pages: NamedDependency[DemoPages],
    watch: NamedDependency[Watch],
    messages: NamedDependency[Delivered],
    neighbours: NamedDependency[Neighbours],
) -> Response[bytes]:
    """Let a case be closed, and show the mail that comes of it."""
    fields = await _fields(request)
    told = _Told("vergunning", neighbours.close_case())
    return await _show(told, fields, demo_pages, watch, messages, request)


@post("/terugbelverzoek", status_code=303)
async def call_back(
    request: type_of_request,
    demo_pages: NamedDependency[DemoPages],
    watch: NamedDependency[Watch],
    messages: NamedDependency[Delivered],
    neighbours: NamedDependency[Neighbours],
) -> Response[bytes]:
    """Have somebody called back as was promised, and show the text message that comes of it."""
    fields = await _fields(request)
    told = _Told("terugbelverzoek", neighbours.call_back())
    return await _show(told, fields, demo_pages, watch, messages, request)


@post("/lijst", status_code=303)
async def invite_list(
    request: type_of_request,
    demo_pages: NamedDependency[DemoPages],
    watch: NamedDependency[Watch],
    messages: NamedDependency[Delivered],
    neighbours: NamedDependency[Neighbours],
) -> Response[bytes]:
    """Invite everybody on a list, and show the messages that come of it."""
    fields = await _fields(request)
    told = _Told(_LIST, neighbours.invite_list())
    return await _show(told, fields, demo_pages, watch, messages, request)


@post("/tablet", status_code=303)
async def open_tablet(
    request: type_of_request, tablet: NamedDependency[Tablet | None]
) -> Response[bytes]:
    """Open the tablet, and pair it as soon as it asks. Not there where others could press it."""
    # Nor for a page elsewhere that lets its visitor's browser press it.
    if tablet is None or request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise Refused("not-found")
    await tablet.expect()
    return _to(f"/kiosk/{tablet.path}")


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


class _Told(NamedTuple):
    """Where the page shows what comes of it, and the messages that are waited for."""

    place: str
    arriving: Coroutine[Any, Any, Sequence[WrittenMessage]]


async def _fields(request: type_of_request) -> dict[str, str]:
    body = await read_body(
        request.scope, request.receive, media_type=b"application/x-www-form-urlencoded"
    )
    return {key: values[0] for key, values in parse_qs(body.decode("latin-1")).items()}


async def _show(
    told: _Told,
    fields: dict[str, str],
    pages: DemoPages,
    watch: Watch,
    messages: Delivered,
    request: type_of_request,
) -> Response[bytes]:
    """Go to the page that shows the message, beside those that were shown."""
    try:
        arrived = await told.arriving
    except WriterUnavailable:
        return await _start_page(pages, watch, messages, request, fields, trouble="away")
    except NotArrived:
        return await _start_page(pages, watch, messages, request, fields, trouble="not_sent")
    shown = {name: each.reference for name, each in _still_there(messages, fields).items()}
    if listed := _listed(messages, fields):
        shown[_LIST] = _names(listed)
    query = shown | {told.place: _names(arrived), "lang": _language(request, fields.get("lang"))}
    return _to(f"/?{urlencode(query)}#{told.place}")


async def _start_page(
    pages: DemoPages,
    watch: Watch,
    messages: Delivered,
    request: type_of_request,
    fields: dict[str, str],
    *,
    trouble: str | None = None,
) -> Response[bytes]:
    """`trouble`: the key of the words for why what was asked did not come of it."""
    arrivals = await watch.look(at_once=True)
    page = pages.start(
        _language(request, fields.get("lang")),
        arrivals=arrivals,
        etag=_encoded(arrivals)[1],
        messages=_still_there(messages, fields),
        listed=_listed(messages, fields),
        figures=await watch.figures(),
        written=await watch.written(),
        trouble=trouble,
    )
    return _page(page, 503 if trouble else 200)


def _still_there(messages: Delivered, fields: dict[str, str]) -> Mapping[str, WrittenMessage]:
    """The messages that an address names, where they are of the kind that stands at its place."""
    named = {name: messages.read(fields.get(name, "")) for name in _KINDS}
    return {
        name: message
        for name, message in named.items()
        if message is not None and message.kind == _KINDS[name]
    }


def _listed(messages: Delivered, fields: dict[str, str]) -> list[WrittenMessage]:
    """The text messages of a list that an address names."""
    names = fields.get(_LIST, "").split(" ")[:_MOST_LISTED]
    return [each for name in names if (each := messages.read(name)) and each.kind == "tel"]


def _names(messages: Sequence[WrittenMessage]) -> str:
    return " ".join(each.reference for each in messages)


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


ROUTES = (
    *(start, end_call, close_report, close_case, call_back, invite_list, open_tablet),
    *(what_came_in, enter_site, example_form, file),
)
