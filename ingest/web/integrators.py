"""For integrators: links for those who are invited."""

from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency

from ingest.asgi.edge import read_body
from ingest.asgi.json_bodies import JsonBody
from ingest.invitations.messages import Invitation, Invitations, RequestedInvitations
from ingest.invitations.minting import ApiKeyUnknown, IdempotencyConflict, InvitationsRejected
from ingest.municipalities.catalogue import TouchpointUnknown
from ingest.responses.writer import WriterUnavailable
from ingest.service import Service
from ingest.web.declaring import OF_EVERY_BODY, Call, Parameter, Reply, Route
from ingest.web.problems import Refused

_MOST_KEY_CHARACTERS = 200
_requested = JsonBody(RequestedInvitations)


async def make_invitations(
    request: Request[Any, Any, Any], service: NamedDependency[Service]
) -> Response[Invitations]:
    """Links, one for each response asked for; the same call with the same key gives the same links.

    Raises `ApiKeyUnknown`, `TouchpointUnknown`, `InvitationsRejected`, `IdempotencyConflict` or
    `WriterUnavailable`.
    """
    scheme, _, api_key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not api_key:
        raise ApiKeyUnknown
    key = request.headers.get("idempotency-key", "")
    if not 1 <= len(key) <= _MOST_KEY_CHARACTERS:
        raise Refused("idempotency-key-missing")
    body = await read_body(request.scope, request.receive, media_type=b"application/json")
    requested = _requested.read(body)
    async with service.database_for_integrators() as db:
        municipality = await service.minter.municipality_of(db, api_key)
        minted = await service.minter.mint(
            db,
            requested,
            municipality=municipality,
            idempotency_key=key,
            now=datetime.now(UTC),
        )
    invitations = Invitations(
        touchpoint=requested.touchpoint,
        expires_op=minted.expires_at.astimezone(UTC).replace(microsecond=0),
        invitations=[Invitation(link=link) for link in minted.links],
    )
    return Response(invitations, status_code=201)


ROUTES = (
    Route(
        "POST",
        "/api/v1/invitations",
        make_invitations,
        call=Call(
            id="makeInvitations",
            tag="invitations",
            summary="Make links, one for each response asked for",
            description="The same Idempotency-Key and body again give the same links. Nothing is "
            "sent: that is for whoever asks. After the survey's end a link says so.",
            parameters=(
                Parameter(
                    name="Idempotency-Key",
                    within="header",
                    description="New for each call that is not a retry: a random UUID, or the "
                    "number of your own message. 1 to 200 characters of ASCII.",
                    example="7e1b0f6c-52d3-4a8e-bb14-90c3f5d2e871",
                    schema={
                        "type": "string",
                        "pattern": "^[!-~]([ -~]{0,198}[!-~])?$",
                        "minLength": 1,
                        "maxLength": _MOST_KEY_CHARACTERS,
                    },
                ),
            ),
            body=RequestedInvitations,
            replies=(
                Reply(
                    status=201,
                    description="The links, in the order asked for",
                    message=Invitations,
                ),
            ),
            refusals=(
                *OF_EVERY_BODY,
                "idempotency-key-missing",
                InvitationsRejected,
                ApiKeyUnknown,
                TouchpointUnknown,
                IdempotencyConflict,
                WriterUnavailable,
            ),
            needs_key=True,
        ),
    ),
)
