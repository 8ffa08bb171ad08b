"""For integrators: links for the invited, and the API's own document."""

from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from ingest.asgi import headers
from ingest.asgi.edge import read_body
from ingest.asgi.json_bodies import JsonBody
from ingest.invitations.messages import Invitation, Invitations, RequestedInvitations
from ingest.invitations.minting import ApiKeyUnknown
from ingest.service import Service
from ingest.web.openapi import openapi_document
from ingest.web.problems import KINDS, Refused, problem

_MOST_KEY_CHARACTERS = 200
_requested = JsonBody(RequestedInvitations)


@post("/api/v1/invitations")
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
    made = Invitations(
        touchpoint=requested.touchpoint,
        expires_op=minted.expires_at.astimezone(UTC).replace(microsecond=0),
        invitations=[Invitation(link=link) for link in minted.links],
    )
    return Response(made, status_code=201)


@get("/api/v1/openapi.json", sync_to_thread=False)
def publish_openapi() -> Response[bytes]:
    """The API's own document, for everybody."""
    return Response(
        openapi_document(),
        media_type="application/json",
        headers={"access-control-allow-origin": "*"},
    )


@get("/problems/{name:str}", sync_to_thread=False)
def explain_problem(name: FromPath[str]) -> Response[Any]:
    """What a problem's `type` points at."""
    if name not in KINDS:
        raise Refused("not-found")
    return Response(
        problem(name), media_type="application/json", headers=headers.as_dict(headers.DATA)
    )


ROUTES = (
    make_invitations,
    publish_openapi,
    explain_problem,
)
