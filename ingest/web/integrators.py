"""For integrators: links for those who are invited, or messages that hold one."""

from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency

from ingest.asgi.edge import BodyTooLarge, LengthUnreadable, MediaTypeUnsupported, read_body
from ingest.asgi.json_bodies import BodyUnreadable, JsonBody
from ingest.invitations.asked_for import InvitationsRejected, has_recipients
from ingest.invitations.idempotent_calls import IdempotencyConflict
from ingest.invitations.messages import (
    Invitation,
    Invitations,
    RequestedInvitations,
    ToldInvitations,
)
from ingest.invitations.minting import ApiKeyNotMeant, ApiKeyUnknown, MintedLinks
from ingest.municipalities.catalogue import TouchpointUnknown
from ingest.responses.writer import WriterUnavailable
from ingest.service import Service
from ingest.web.declaring import OF_EVERY_BODY, Call, Example, Parameter, Reply, Route
from ingest.web.problems import Refused

_MOST_KEY_CHARACTERS = 200
_requested = JsonBody(RequestedInvitations)


async def make_invitations(
    request: Request[Any, Any, Any], service: NamedDependency[Service]
) -> Response[Invitations] | Response[ToldInvitations]:
    """Links, one for each response asked for, or messages; the same call again makes none anew.

    Raises `ApiKeyUnknown`, `ApiKeyNotMeant`, `TouchpointUnknown`, `InvitationsRejected`,
    `IdempotencyConflict` or `WriterUnavailable`.
    """
    api_key = bearer_of(request)
    try:
        key, requested = await _asked(request)
    except _UNREADABLE:
        # Who has no key of ours hears that first, and is counted.
        async with service.database_for_integrators(api_key) as db:
            await service.minter.municipality_of(db, api_key)
        raise
    now = datetime.now(UTC)
    async with service.database_for_integrators(api_key) as db:
        municipality = await service.minter.municipality_of(db, api_key)
        asked: dict[str, Any] = {"municipality": municipality, "idempotency_key": key, "now": now}
        if has_recipients(requested):
            told = await service.telling.tell(db, requested, **asked)
            taken = ToldInvitations(touchpoint=requested.touchpoint, invitations=told)
            return Response(taken, status_code=202)
        minted = await service.minter.mint(db, requested, **asked)
    return Response(_made(requested, minted), status_code=201)


def bearer_of(request: Request[Any, Any, Any]) -> str:
    """The API key that a call shows. Raises `ApiKeyUnknown` where it shows none."""
    scheme, _, api_key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not api_key:
        raise ApiKeyUnknown
    return api_key


async def _asked(request: Request[Any, Any, Any]) -> tuple[str, RequestedInvitations]:
    """The call's own key, and what it asks for. Raises one of `_UNREADABLE`."""
    key = request.headers.get("idempotency-key", "")
    if not 1 <= len(key) <= _MOST_KEY_CHARACTERS:
        raise Refused("idempotency-key-missing")
    body = await read_body(request.scope, request.receive, media_type=b"application/json")
    return key, _requested.read(body)


_UNREADABLE = (Refused, BodyTooLarge, LengthUnreadable, MediaTypeUnsupported, BodyUnreadable)


def _made(requested: RequestedInvitations, minted: MintedLinks) -> Invitations:
    return Invitations(
        touchpoint=requested.touchpoint,
        expires_op=minted.expires_at.astimezone(UTC).replace(microsecond=0),
        invitations=[Invitation(link=link) for link in minted.links],
    )


_EXAMPLES = {
    "links": Example(
        "Links, which you send yourself",
        {
            "touchpoint": "molensloot/online",
            "invitations": [{"dimensions": {"product": "paspoort"}}],
        },
    ),
    "messages": Example(
        "Messages, which are sent for you",
        {
            "touchpoint": "molensloot/telefonie",
            "invitations": [
                {
                    "recipient": "tel:+31612345678",
                    "endedAt": "2026-11-29T09:30:00Z",
                    "sourceKey": "ticket-2026-104",
                    "language": "nl",
                    "dimensions": {"product": "paspoort"},
                }
            ],
        },
    ),
}

ROUTES = (
    Route(
        "POST",
        "/api/v1/invitations",
        make_invitations,
        call=Call(
            id="makeInvitations",
            tag="invitations",
            summary="Make links, or have messages sent",
            description="Without recipients: links, one for each response asked for, which you "
            "send yourself; after the survey's end a link says so. With recipients no link is "
            "told: the rules of the touchpoint decide who gets a message with one, and when. The "
            "same Idempotency-Key and body again give the same links, and send nothing twice.",
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
            examples=_EXAMPLES,
            replies=(
                Reply(
                    status=201,
                    description="The links, in the order asked for",
                    message=Invitations,
                ),
                Reply(
                    status=202,
                    description="What was taken in, in the order told; no link is told",
                    message=ToldInvitations,
                ),
            ),
            refusals=(
                *OF_EVERY_BODY,
                "idempotency-key-missing",
                InvitationsRejected,
                ApiKeyUnknown,
                ApiKeyNotMeant,
                TouchpointUnknown,
                IdempotencyConflict,
                WriterUnavailable,
            ),
            key="apiKey",
        ),
    ),
)
