"""For integrators: what a touchpoint asks, links for the invited, and the API's own document."""

import re
from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from ingest.http import headers
from ingest.http.edge import client_address, read_body
from ingest.http.json_bodies import JsonBody
from ingest.http.openapi import openapi_document
from ingest.invitations import ApiKeyUnknown
from ingest.messages import (
    Invitation,
    Invitations,
    OfferedQuestionnaire,
    RequestedInvitations,
    offered_item,
)
from ingest.municipalities.catalogue import TouchpointUnknown
from ingest.municipalities.municipality import Touchpoint
from ingest.pages.languages import choose_language
from ingest.pages.texts import texts_in
from ingest.problems import KINDS, Refused, problem
from ingest.service import Service
from ingest.tokens import LIFETIMES

_MOST_KEY_CHARACTERS = 200
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_requested = JsonBody(RequestedInvitations)


@get("/api/v1/touchpoints/{municipality:str}/{touchpoint:str}", sync_to_thread=False)
def offer_questionnaire(
    request: Request[Any, Any, Any],
    service: NamedDependency[Service],
    municipality: FromPath[str],
    touchpoint: FromPath[str],
) -> Response[OfferedQuestionnaire]:
    """The questionnaire in one language, and a token for one response, for a site that may ask.

    Raises `MunicipalityUnknown`, `TouchpointUnknown`, `TooManyRequests`, or the refusals
    `origin-not-allowed` and `language-unreadable`.
    """
    asked_here = service.catalogue.touchpoint(municipality, touchpoint)
    if request.headers.get("origin", "") not in asked_here.allowed_origins:
        raise Refused("origin-not-allowed")
    if asked_here.retired:
        raise TouchpointUnknown(asked_here.path)
    language = _language(request, asked_here)
    now = datetime.now(UTC)
    service.limits.take(asked_here.number, client_address(request.scope), now)
    questionnaire = service.catalogue.questionnaire(asked_here)
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
    return Response(offered)


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
    body = await read_body(request.scope, request.receive, media_type=b"application/json")
    requested = _requested.read(body)
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


def _language(request: Request[Any, Any, Any], touchpoint: Touchpoint) -> str:
    asked = request.query_params.get("language")
    if asked is not None and not _LANGUAGE_TAG.fullmatch(asked):
        raise Refused("language-unreadable")
    if asked is not None and asked not in touchpoint.languages:
        asked = asked.partition("-")[0].lower()  # a page's own lang="nl-NL" will do
    return choose_language(
        touchpoint.languages,
        asked=asked,
        accept_language=request.headers.get("accept-language", ""),
    )


ROUTES = (
    offer_questionnaire,
    make_invitations,
    publish_openapi,
    explain_problem,
)
