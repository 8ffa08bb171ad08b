"""Who is told of signals in the demo, and what is done about them: a program, a page, a button."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency

from ingest.asgi import headers
from ingest.asgi.edge import read_body
from ingest.clock import day_of
from ingest.demo.arrivals import Watch
from ingest.demo.delivered import Delivered
from ingest.demo.pages import LANGUAGES, DemoPages
from ingest.demo.reader_roles import SHOWN
from ingest.demo.told import PATH, OwnProgram
from ingest.followup.following import SignalUnknown, follow_up, signal_of
from ingest.followup.messages import MOST_SIGNALS, FollowUp, Signal
from ingest.followup.statements import list_signals
from ingest.followup.steps import STATES, FollowUpConflict, FollowUpRejected
from ingest.questionnaires.translations import DUTCH
from ingest.reports.months import months_back
from ingest.responses.writer import WriterUnavailable
from ingest.service import Service
from ingest.texts.chosen_language import choose_language
from ingest.texts.page_texts import wording
from ingest.web.problems import Refused

# The page says in words how many.
_SHOWN = 6
type_of_request = Request[Any, Any, Any]


@post(PATH)
async def take(
    request: type_of_request, own_program: NamedDependency[OwnProgram]
) -> Response[bytes]:
    """A delivery, as it comes to a program of the municipality."""
    status = own_program.take(dict(request.headers), await request.body())
    return Response(b"", status_code=status, headers=headers.as_dict(headers.REDIRECT))


@get("/opvolging")
async def show(
    request: type_of_request,
    service: NamedDependency[Service],
    demo_pages: NamedDependency[DemoPages],
    own_program: NamedDependency[OwnProgram],
    messages: NamedDependency[Delivered],
    watch: NamedDependency[Watch],
) -> Response[bytes]:
    """Who was told what, the latest signals, and what reports show of the follow-up."""
    this_month = day_of(_now()).replace(day=1)
    language = _language(request, request.query_params.get("lang"))
    page = demo_pages.told(
        language,
        own_program.last,
        await asyncio.to_thread(messages.last_to, _mailboxes(service)),
        signals=await _signals(service),
        names=_names(service, language),
        followed_up=await watch.followed_up(),
        months=[(f"{each:%Y-%m}", each) for each in (months_back(this_month, 1), this_month)],
    )
    return Response(page, media_type="text/html", headers=headers.as_dict(headers.ILLUSTRATED))


@post("/opvolging", status_code=303)
async def step(request: type_of_request, service: NamedDependency[Service]) -> Response[bytes]:
    """Somebody of the municipality says what was done about a signal."""
    # Nor for a page elsewhere that lets its visitor's browser press it.
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise Refused("not-found")
    body = await read_body(
        request.scope, request.receive, media_type=b"application/x-www-form-urlencoded"
    )
    fields = {key: values[0] for key, values in parse_qs(body.decode("latin-1")).items()}
    told = FollowUp(state=fields.get("state", ""), outcome=fields.get("outcome"))
    try:
        which = UUID(fields.get("signal", ""))
        async with service.database() as db:
            await follow_up(db, service.catalogue.municipality(SHOWN), which, told, _now())
    except (ValueError, SignalUnknown, FollowUpConflict, FollowUpRejected, WriterUnavailable):
        # The page shows how it is now.
        pass
    query = urlencode({"lang": _language(request, fields.get("lang"))})
    lines = {**headers.as_dict(headers.REDIRECT), "location": f"/opvolging?{query}#signalen"}
    return Response(b"", status_code=303, headers=lines)


def _mailboxes(service: Service) -> list[str]:
    """Of whom the municipality tells of signals."""
    municipality = service.catalogue.municipality(SHOWN)
    mail = municipality.signals.push.mail if municipality.signals else None
    departments = [each.mail for each in municipality.departments if each.mail]
    return [*departments, *((mail.to,) if mail and mail.to else ())]


def _names(service: Service, language: str) -> dict[str, tuple[str, str]]:
    """In which language each touchpoint's name is, and that name, by its path."""
    return {
        each.path: (language if language in each.name else DUTCH, wording(each.name, language))
        for each in service.catalogue.touchpoints.values()
    }


async def _signals(service: Service) -> list[Signal]:
    """The last that came, whatever was done about them: what a visitor just did stays in sight."""
    municipality = service.catalogue.municipality(SHOWN)
    try:
        async with service.database() as db:
            stored = await list_signals(
                db,
                municipality.code,
                touchpoints=[each.number for each in municipality.touchpoints],
                states=STATES,
                since=date.min,
                after=None,
                most=MOST_SIGNALS,
            )
    except WriterUnavailable:
        return []
    # A half day of a real municipality has no order: here everything is shown at once.
    stored.sort(key=lambda each: (each.day, each.shown_from), reverse=True)
    return [signal_of(municipality, each) for each in stored[:_SHOWN]]


def _now() -> datetime:
    return datetime.now(UTC)


def _language(request: type_of_request, requested: str | None) -> str:
    return choose_language(
        LANGUAGES,
        requested=requested,
        accept_language=request.headers.get("accept-language", ""),
    )


ROUTES = (take, show, step)
