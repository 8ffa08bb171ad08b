"""For neighbours that tell of contacts: a telephone platform posts what it knows of a call."""

from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from ingest.asgi.edge import read_body
from ingest.asgi.messages import SLUG_PATTERN
from ingest.connectors.authentication import ConnectorRefused
from ingest.connectors.keys import ConnectorUnready
from ingest.connectors.messages import TakenContact
from ingest.connectors.telephony.calls import CallUnreadable
from ingest.responses.writer import WriterUnavailable
from ingest.service import Service
from ingest.web.declaring import OF_EVERY_BODY, Call, Parameter, Reply, Route


async def take_contact(
    request: Request[Any, Any, Any],
    service: NamedDependency[Service],
    municipality: FromPath[str],
    connector: FromPath[str],
) -> Response[TakenContact]:
    """Take in a call that ended, by the mapping of the connector.

    What asks for no invitation is answered with success too: the platform could not mend it. Raises
    `ConnectorRefused`, `ConnectorUnready`, `BodyUnreadable`, `CallUnreadable` or
    `WriterUnavailable`.
    """
    body = await read_body(request.scope, request.receive, media_type=b"application/json")
    now = datetime.now(UTC)
    headers = request.scope["headers"]
    read = service.connectors.read(municipality, connector, headers, body, now=now)
    if isinstance(read, str):
        return Response(TakenContact(result=read), status_code=200)
    async with service.database_for_integrators((municipality, connector)) as db:
        told = await service.connectors.take(db, read, now=now)
    return Response(TakenContact(result=told), status_code=200)


ROUTES = (
    Route(
        "POST",
        "/api/v1/contacts/{municipality}/{connector}",
        take_contact,
        call=Call(
            id="takeContact",
            tag="contacts",
            summary="A telephone platform tells that a call ended",
            description="Telephone platforms send it by themselves, in JSON of their own: the "
            "connector in the municipality's file says where in it the number, the queue and the "
            "rest stand, and whether it is signed or shows a key. Nothing else of it is read, and "
            "nothing of it is kept but what an invitation needs while it waits.",
            parameters=(
                Parameter(
                    name="municipality",
                    within="path",
                    description="Slug of the municipality.",
                    example="molensloot",
                    schema={"type": "string", "pattern": SLUG_PATTERN, "maxLength": 100},
                ),
                Parameter(
                    name="connector",
                    within="path",
                    description="Name of the connector in the municipality's file.",
                    example="centrale",
                    schema={"type": "string", "pattern": SLUG_PATTERN, "maxLength": 100},
                ),
            ),
            replies=(Reply(status=200, description="What the message was", message=TakenContact),),
            refusals=(
                *OF_EVERY_BODY,
                ConnectorRefused,
                ConnectorUnready,
                CallUnreadable,
                WriterUnavailable,
            ),
        ),
    ),
)
