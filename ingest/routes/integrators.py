"""For integrators: what a touchpoint asks, links for the invited, and the API's own document."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from ingest import headers
from ingest.edge import BodyTooLarge, MediaTypeUnsupported, read_body
from ingest.invitations import ApiKeyUnknown
from ingest.languages import choose_language
from ingest.messages import (
    Invitation,
    Invitations,
    OfferedQuestionnaire,
    RequestedInvitations,
    offered_item,
)
from ingest.openapi import openapi_document
from ingest.problems import KINDS, Refused, problem, unreadable
from ingest.routes.residents import client_address
from ingest.service import Service
from ingest.texts import texts_in
from ingest.tokens import LIFETIMES

_MOST_KEY_CHARACTERS = 200
_decode_invitations = msgspec.json.Decoder(RequestedInvitations).decode


@get("/api/v1/touchpoints/{municipality:str}/{touchpoint:str}", sync_to_thread=False)
def offer_questionnaire(
    request: Request[Any, Any, Any],
    service: NamedDependency[Service],
    municipality: FromPath[str],
    touchpoint: FromPath[str],
) -> Response[OfferedQuestionnaire]:
    """The questionnaire in one language, and a token for one response, for a site that may ask.

    Raises `TouchpointUnknown`, `TooManyRequests`, or the refusal `origin-not-allowed`.
    """
    asked_here = service.catalogue.touchpoint(municipality, touchpoint)
    origin = request.headers.get("origin", "")
    if origin not in asked_here.allowed_origins or asked_here.retired:
        raise Refused("origin-not-allowed")
    now = datetime.now(UTC)
    service.limits.take(asked_here.number, client_address(request), now)
    questionnaire = service.catalogue.questionnaire(asked_here)
    language = choose_language(
        asked_here.languages,
        asked=request.query_params.get("language"),
        accept_language=request.headers.get("accept-language", ""),
    )
    texts = texts_in(language)
    offered = OfferedQuestionnaire(
        touchpoint=asked_here.path,
        questionnaire=questionnaire.code,
        version=questionnaire.version,
        language=language,
        dir=texts.dir,
        title=questionnaire.title[language],
        items=tuple(offered_item(item, language) for item in questionnaire.items),
        texts=msgspec.to_builtins(
            {
                "survey": texts.survey,
                "agreement": texts.agreement,
                "smileys": texts.smileys,
                "yesPartlyNo": texts.yes_partly_no,
            }
        ),
        style=msgspec.to_builtins(service.catalogue.municipality(municipality).style),
        token=service.issue(asked_here, "embed", now),
        token_lifetime_seconds=int(LIFETIMES["embed"].total_seconds()),
    )
    return Response(offered, headers=_cors(service, origin))


@post("/api/v1/invitations")
async def make_invitations(
    request: Request[Any, Any, Any], service: NamedDependency[Service]
) -> Response[Invitations]:
    """Links, one for each response asked for; the same call with the same key gives the same links.

    Raises `ApiKeyUnknown`, `TouchpointUnknown`, `InvitationsRejected`, `IdempotencyConflict`.
    """
    scheme, _, api_key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not api_key:
        raise ApiKeyUnknown
    key = request.headers.get("idempotency-key", "")
    if not 1 <= len(key) <= _MOST_KEY_CHARACTERS:
        raise Refused("idempotency-key-missing")
    try:
        body = await read_body(request.scope, request.receive, media_type=b"application/json")
        requested = _decode_invitations(body)
    except BodyTooLarge:
        raise Refused("body-too-large") from None
    except MediaTypeUnsupported:
        raise Refused("media-type-unsupported") from None
    except (msgspec.DecodeError, ValueError, RecursionError) as fault:
        raise unreadable(fault) from None
    async with service.database() as db:
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
        expires_op=minted.expires_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
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
    return Response(problem(name), media_type="application/json")


def _cors(service: Service, origin: str) -> dict[str, str]:
    return headers.as_dict(service.cors(origin.encode()))


ROUTES = (
    offer_questionnaire,
    make_invitations,
    publish_openapi,
    explain_problem,
)
