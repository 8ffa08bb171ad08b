"""For systems that notify us: Open Notificaties tells that something happened to a case."""

from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from ingest.asgi.edge import read_body
from ingest.asgi.json_bodies import json_object
from ingest.asgi.messages import SLUG_PATTERN
from ingest.asgi.rate_limits import TooManyRequests
from ingest.connectors.authentication import ConnectorRefused
from ingest.connectors.keys import ConnectorUnready
from ingest.responses.writer import WriterUnavailable
from ingest.service import Service
from ingest.web.declaring import OF_EVERY_BODY, Call, Parameter, Reply, Route

_AGAIN_SECONDS = 60


async def take_notification(
    request: Request[Any, Any, Any], service: NamedDependency[Service], municipality: FromPath[str]
) -> Response[None]:
    """Keep what is to be followed; what nobody here follows is answered in the same way.

    Raises `ConnectorRefused`, `ConnectorUnready`, `BodyUnreadable` or `WriterUnavailable`, and
    `TooManyRequests` where too many wait already.
    """
    now = datetime.now(UTC)
    inbox = service.connectors.notifications
    # Open Notificaties tries first without a key, and wants to be refused.
    inbox.require(municipality, request.scope["headers"], now=now)
    body = await read_body(request.scope, request.receive, media_type=b"application/json")
    told = inbox.read(municipality, json_object(body))
    if not isinstance(told, str):
        async with service.database_for_integrators((municipality, "notifications")) as db:
            if not await inbox.keep(db, told, now=now):
                raise TooManyRequests("notifications that wait", _AGAIN_SECONDS)
    return Response(None, status_code=204)


ROUTES = (
    Route(
        "POST",
        "/api/v1/notifications/{municipality}",
        take_notification,
        call=Call(
            id="takeNotification",
            tag="contacts",
            summary="Open Notificaties tells that something happened to a case",
            description="Open Notificaties sends it by itself, as the Dutch standard for "
            "notifications has it, with Authorization: Bearer and the text of the key file of "
            "[notifications], or a token that is signed with it (ZGW-JWT). A subscription "
            "is tried first without a key, which is answered with 401. What is about a case "
            "that the municipality's file lets us follow is looked at later, at the case "
            "system itself; any other message is answered in the same way and has no "
            "effect, as has one that came before. Nothing is kept of a message but names "
            "and addresses of a fixed list.",
            parameters=(
                Parameter(
                    name="municipality",
                    within="path",
                    description="Slug of the municipality.",
                    example="molensloot",
                    schema={"type": "string", "pattern": SLUG_PATTERN, "maxLength": 100},
                ),
            ),
            replies=(Reply(status=204, description="Taken, or of no concern here"),),
            refusals=(
                *OF_EVERY_BODY,
                ConnectorRefused,
                ConnectorUnready,
                TooManyRequests,
                WriterUnavailable,
            ),
            key="notificationKey",
        ),
    ),
)
