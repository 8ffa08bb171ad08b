"""For systems of a municipality that count the work itself: it stands beside the marks."""

from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency

from ingest.asgi.edge import BodyTooLarge, LengthUnreadable, MediaTypeUnsupported, read_body
from ingest.asgi.json_bodies import BodyUnreadable, JsonBody
from ingest.invitations.minting import ApiKeyNotMeant, ApiKeyUnknown
from ingest.operational.figures import FiguresRejected
from ingest.operational.messages import OperationalFigures, StoredFigures
from ingest.operational.storing import tell_figures
from ingest.responses.writer import WriterUnavailable
from ingest.running.logs import log
from ingest.service import Service
from ingest.web.declaring import OF_EVERY_BODY, Call, Example, Reply, Route
from ingest.web.integrators import bearer_of

_told = JsonBody(OperationalFigures)


async def take_figures(
    request: Request[Any, Any, Any], service: NamedDependency[Service]
) -> Response[StoredFigures]:
    """Store figures of the municipality whose key this is: all of them, or none.

    Raises `ApiKeyUnknown`, `ApiKeyNotMeant`, `BodyUnreadable`, `FiguresRejected` or
    `WriterUnavailable`.
    """
    api_key = bearer_of(request)
    try:
        body = await read_body(request.scope, request.receive, media_type=b"application/json")
        told = _told.read(body)
    except (BodyTooLarge, LengthUnreadable, MediaTypeUnsupported, BodyUnreadable):
        # Who has no key of ours hears that first, and is counted.
        async with service.database_for_integrators(api_key) as db:
            await service.minter.municipality_of(db, api_key)
        raise
    now = datetime.now(UTC)
    async with service.database_for_integrators(api_key) as db:
        municipality = await service.minter.municipality_of(db, api_key)
        stored = await tell_figures(db, municipality, told.figures, now=now)
    log("operational_figures", municipality=municipality.slug, rows=stored)
    return Response(StoredFigures(stored=stored), status_code=200)


_EXAMPLES = {
    "month": Example(
        "A month of one channel",
        {
            "figures": [
                {
                    "period": "2026-10",
                    "channel": "telefonie",
                    "measure": "wachttijd",
                    "value": 3.4,
                    "n": 4210,
                },
                {
                    "period": "2026-10",
                    "channel": "telefonie",
                    "measure": "herhaalcontact",
                    "value": 0.12,
                    "n": 4210,
                },
            ]
        },
    ),
    "product": Example(
        "A product, and how much work is left",
        {
            "figures": [
                {
                    "period": "2026-10",
                    "channel": "telefonie",
                    "product": "paspoort",
                    "measure": "afhandeltijd",
                    "value": 8.5,
                    "n": 640,
                },
                {
                    "period": "2026-10-31",
                    "channel": "telefonie",
                    "measure": "werkvoorraad",
                    "value": 118,
                },
            ]
        },
    ),
    "taken-back": Example(
        "A figure that should not have been told",
        {
            "figures": [
                {
                    "period": "2026-09",
                    "channel": "telefonie",
                    "measure": "wachttijd",
                    "value": None,
                }
            ]
        },
    ),
}

ROUTES = (
    Route(
        "POST",
        "/api/v1/operational-figures",
        take_figures,
        call=Call(
            id="tellOperationalFigures",
            tag="operational-figures",
            summary="Tell figures of the work itself",
            description="Handling time, waiting time, how much work is left and the like, of a day "
            "or a month, which reports show beside the mark of the same channel, department and "
            "product. A figure of the same period, channel, department, product and measure "
            "replaces the one before, so a call may be made again. All of a body is stored, or "
            "nothing of it.",
            body=OperationalFigures,
            examples=_EXAMPLES,
            replies=(
                Reply(status=200, description="All of them are stored", message=StoredFigures),
            ),
            refusals=(
                *OF_EVERY_BODY,
                FiguresRejected,
                ApiKeyUnknown,
                ApiKeyNotMeant,
                WriterUnavailable,
            ),
            key="apiKey",
        ),
    ),
)
