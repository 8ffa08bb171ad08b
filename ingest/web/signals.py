"""For who follows up: which answers ask for somebody's attention, and what was done about them."""

import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response
from litestar.di import NamedDependency

from ingest.asgi.edge import BodyTooLarge, LengthUnreadable, MediaTypeUnsupported, read_body
from ingest.asgi.json_bodies import BodyUnreadable, JsonBody
from ingest.asgi.messages import RANDOM_UUID, SLUG_PATTERN, InvalidParam
from ingest.followup.following import SearchRejected, SignalUnknown, find_signals, follow_up
from ingest.followup.messages import MOST_SIGNALS, NEXT_PATTERN, FollowUp, Signal, Signals
from ingest.followup.steps import FollowUpConflict, FollowUpRejected
from ingest.invitations.minting import ApiKeyNotMeant, ApiKeyUnknown
from ingest.municipalities.catalogue import MunicipalityUnknown
from ingest.municipalities.municipality import Municipality
from ingest.responses.writer import WriterUnavailable
from ingest.service import Service
from ingest.web.declaring import OF_EVERY_BODY, Call, Example, Parameter, Reply, Route
from ingest.web.integrators import bearer_of

_told = JsonBody(FollowUp)
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


async def list_signals(
    request: Request[Any, Any, Any], service: NamedDependency[Service]
) -> Response[Signals]:
    """Signals of the municipality whose key this is, as far as they are shown already.

    Raises `ApiKeyUnknown`, `ApiKeyNotMeant`, `MunicipalityUnknown`, `SearchRejected` or
    `WriterUnavailable`.
    """
    api_key = bearer_of(request)
    async with service.database_for_integrators(api_key) as db:
        municipality = await service.minter.municipality_of(db, api_key, may="signals")
        query = request.query_params
        if not query.get("municipality"):
            raise _rejected("municipality", "required", "Name the municipality of the key.")
        if query.get("municipality") != municipality.slug:
            # Also one that there is: a key must not reveal another municipality.
            raise MunicipalityUnknown(query.get("municipality", ""))
        found = await find_signals(
            db,
            municipality,
            states=query.getall("state", []),
            department=query.get("department"),
            since=_since(query.get("since")),
            after=query.get("after"),
            most=_most(query.get("limit")),
        )
    return Response(found, status_code=200)


async def follow_up_signal(
    request: Request[Any, Any, Any], service: NamedDependency[Service]
) -> Response[Signal]:
    """Note what was done about one signal; the same again changes nothing.

    Raises `ApiKeyUnknown`, `ApiKeyNotMeant`, `BodyUnreadable`, `FollowUpRejected`, `SignalUnknown`,
    `FollowUpConflict` or `WriterUnavailable`.
    """
    api_key = bearer_of(request)

    async def whose(db: Any) -> Municipality:
        return await service.minter.municipality_of(db, api_key, may="signals")

    try:
        body = await read_body(request.scope, request.receive, media_type=b"application/json")
        told = _told.read(body)
    except (BodyTooLarge, LengthUnreadable, MediaTypeUnsupported, BodyUnreadable):
        # Who has no key of ours hears that first, and is counted.
        async with service.database_for_integrators(api_key) as db:
            await whose(db)
        raise
    now = datetime.now(UTC)
    async with service.database_for_integrators(api_key) as db:
        municipality = await whose(db)
        signal = await follow_up(db, municipality, _id(request), told, now)
    return Response(signal, status_code=200)


def _id(request: Request[Any, Any, Any]) -> UUID:
    try:
        return UUID(request.path_params["signalId"])
    except ValueError:
        raise SignalUnknown(request.path_params["signalId"]) from None


def _since(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _rejected("since", "wrong-type", "Write a day as 2026-11-30.")


def _most(text: str | None) -> int:
    if text is None:
        return MOST_SIGNALS
    if text.isascii() and text.isdecimal() and len(text) < 4 and 1 <= int(text) <= MOST_SIGNALS:
        return int(text)
    raise _rejected("limit", "out-of-range", f"A whole number from 1 to {MOST_SIGNALS}.")


def _rejected(name: str, code: str, reason: str) -> SearchRejected:
    return SearchRejected((InvalidParam(name=name, code=code, reason=reason),))


def _asked(name: str, description: str, example: str, **schema: Any) -> Parameter:
    return Parameter(
        name=name,
        within="query",
        description=description,
        example=example,
        schema={"type": "string", **schema},
        required=name == "municipality",
    )


_PARAMETERS = (
    _asked(
        "municipality",
        "The municipality of the key.",
        "molensloot",
        pattern=SLUG_PATTERN,
        maxLength=40,
    ),
    _asked(
        "state",
        "Only of this state; may be given several times.",
        "nieuw",
        enum=["nieuw", "gezien", "bezig", "afgehandeld"],
    ),
    _asked(
        "department",
        "Only of this department; overig: of none.",
        "publiekszaken",
        pattern=SLUG_PATTERN,
        maxLength=40,
    ),
    _asked(
        "since",
        "Only of this day and later ones.",
        "2026-11-01",
        pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        maxLength=10,
    ),
    _asked(
        "after",
        "What next said in the reply before.",
        "2026-11-30.ochtend.5b0c5d3e-3f0e-4f43-9a53-0d6a4f6b8b1e",
        pattern=NEXT_PATTERN,
        maxLength=100,
    ),
    _asked("limit", "How many at most.", "50", pattern="^[0-9]{1,3}$", maxLength=3),
)

_EXAMPLES = {
    "seen": Example("Somebody has seen it", {"state": "gezien"}),
    "improved": Example(
        "Done: something was improved", {"state": "afgehandeld", "outcome": "verbeterd"}
    ),
    "impossible": Example(
        "Done: nothing can be done",
        {
            "state": "afgehandeld",
            "outcome": "kan-niet",
            "why": "De wet laat geen andere termijn toe.",
        },
    ),
}

ROUTES = (
    Route(
        "GET",
        "/api/v1/signals",
        list_signals,
        call=Call(
            id="listSignals",
            tag="signals",
            summary="List signals",
            description="That an answer at a touchpoint asks for attention: a low mark, or "
            "somebody who was not helped. A signal leads to a department and never to an answer; "
            "it is shown at 12:30 or 17:30 in Amsterdam, once ten answers of its touchpoint are "
            "together. So its half day is that by which it came in.",
            parameters=_PARAMETERS,
            replies=(Reply(status=200, description="Signals, the newest first", message=Signals),),
            refusals=(
                SearchRejected,
                ApiKeyUnknown,
                ApiKeyNotMeant,
                MunicipalityUnknown,
                WriterUnavailable,
            ),
            key="apiKey",
        ),
    ),
    Route(
        "POST",
        "/api/v1/signals/{signalId}/follow-up",
        follow_up_signal,
        call=Call(
            id="followUpSignal",
            tag="signals",
            summary="Note what was done about a signal",
            description="It goes on from nieuw to gezien, bezig and afgehandeld, past one where "
            "need be, and never back. The same call again changes nothing.",
            parameters=(
                Parameter(
                    name="signalId",
                    within="path",
                    description="The id of the signal.",
                    example="5b0c5d3e-3f0e-4f43-9a53-0d6a4f6b8b1e",
                    schema={"type": "string", **RANDOM_UUID},
                ),
            ),
            body=FollowUp,
            examples=_EXAMPLES,
            replies=(Reply(status=200, description="What it is now", message=Signal),),
            refusals=(
                *OF_EVERY_BODY,
                FollowUpRejected,
                ApiKeyUnknown,
                ApiKeyNotMeant,
                SignalUnknown,
                FollowUpConflict,
                WriterUnavailable,
            ),
            key="apiKey",
        ),
    ),
)
