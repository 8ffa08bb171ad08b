"""For kiosks: pair a tablet, fetch the survey, send responses."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from ingest.asgi.edge import client_address, read_body
from ingest.asgi.json_bodies import BodyUnreadable, JsonBody
from ingest.asgi.messages import RANDOM_UUID, TOUCHPOINT_PATTERN
from ingest.asgi.rate_limits import TooManyRequests
from ingest.kiosk.messages import KioskEnvelope, KioskItem, KioskPayload, SignedEnvelope, SyncReply
from ingest.kiosk.pairing import SignatureRefused
from ingest.kiosk.pairing_messages import (
    EXAMPLE_KIOSK,
    EXAMPLE_TOUCHPOINT,
    AskedPairing,
    Pairing,
    PairingState,
    RequestedPairing,
)
from ingest.kiosk.signatures import KeyUnreadable
from ingest.kiosk.statements import KioskUnknown
from ingest.kiosk.survey_messages import KioskSurvey
from ingest.municipalities.catalogue import MunicipalityUnknown, TouchpointUnknown
from ingest.responses.writer import WriterUnavailable
from ingest.service import Service
from ingest.web.declaring import OF_EVERY_BODY, Call, Parameter, Reply, Route
from ingest.web.static_pages import static_page

_pairing = JsonBody(RequestedPairing)
_state_question = JsonBody(AskedPairing)
_sync = JsonBody(SignedEnvelope)

_NOT_PAIRED = "new"


async def pair(
    request: Request[Any, Any, Any], service: NamedDependency[Service]
) -> Response[Pairing]:
    """A code for a tablet to show.

    Raises `TouchpointUnknown`, `KeyUnreadable`, `TooManyRequests` or `WriterUnavailable`.
    """
    body = await read_body(request.scope, request.receive, media_type=b"application/json")
    requested = _pairing.read(body)
    municipality, _, slug = requested.touchpoint.partition("/")
    touchpoint = service.catalogue.touchpoint(municipality, slug)
    now = datetime.now(UTC)
    service.kiosks.pairing_limits.take(touchpoint.number, client_address(request.scope))
    code, expires_at = await service.kiosks.pairings.begin(
        requested.touchpoint, requested.public_key, kiosk=requested.kiosk, now=now
    )
    pairing = Pairing(code=code, expires_op=expires_at.replace(microsecond=0))
    return Response(pairing, status_code=201)


async def pairing_state(
    request: Request[Any, Any, Any], service: NamedDependency[Service]
) -> Response[PairingState]:
    """Whether a tablet's code was enrolled.

    Raises `KeyUnreadable`, `SignatureRefused`, `TooManyRequests` or `WriterUnavailable`.
    """
    body = await read_body(request.scope, request.receive, media_type=b"application/json")
    question = _state_question.read(body)
    now = datetime.now(UTC)
    service.kiosks.question_limits.take(0, client_address(request.scope))
    state = await service.kiosks.pairings.state(
        question.public_key, question.code, question.signature, now=now
    )
    return Response(state, status_code=200)


async def sync(
    request: Request[Any, Any, Any], service: NamedDependency[Service], kiosk: FromPath[str]
) -> Response[SyncReply]:
    """Take in a batch, and say of each item what became of it.

    Raises `KioskUnknown`, `SignatureRefused`, `BodyUnreadable`, `TooManyRequests` or
    `WriterUnavailable`.
    """
    kiosk_id = _uuid(kiosk)
    body = await read_body(request.scope, request.receive, media_type=b"application/json")
    reply = await service.kiosks.syncing.sync(
        kiosk_id, _sync.read(body), address=client_address(request.scope), now=datetime.now(UTC)
    )
    return Response(reply, status_code=200)


def survey(
    request: Request[Any, Any, Any], service: NamedDependency[Service], kiosk: FromPath[str]
) -> Response[bytes | None]:
    """All that a touchpoint asks, in all its languages: the same for everybody.

    Raises `KioskUnknown` or `TouchpointUnknown`.
    """
    if kiosk != _NOT_PAIRED:
        _uuid(kiosk)
    municipality, _, slug = request.query_params.get("touchpoint", "").partition("/")
    touchpoint = service.catalogue.touchpoint(municipality, slug)
    if touchpoint.retired:
        raise TouchpointUnknown(touchpoint.path)
    offered = service.kiosks.surveys.of(touchpoint)
    return static_page(
        request,
        offered.page,
        "application/json",
        {"vary": "Accept-Encoding"},
        etag=f'"{offered.etag}"',
    )


def _uuid(kiosk: str) -> UUID:
    """Raises `KioskUnknown` for what is no id at all."""
    try:
        return UUID(kiosk)
    except ValueError:
        raise KioskUnknown(kiosk[:40]) from None


_KIOSKS = "/api/v1/kiosks"

ROUTES = (
    Route(
        "POST",
        f"{_KIOSKS}/pairings",
        pair,
        call=Call(
            id="pairKiosk",
            tag="kiosks",
            summary="A code for a tablet to show",
            description="For ten minutes an operator can enrol the tablet by this code. A tablet "
            "makes a new key for every pairing, and keeps the private half where nothing can read "
            "it.",
            body=RequestedPairing,
            replies=(Reply(status=201, description="The code", message=Pairing),),
            refusals=(
                *OF_EVERY_BODY,
                KeyUnreadable,
                MunicipalityUnknown,
                TouchpointUnknown,
                TooManyRequests,
                WriterUnavailable,
            ),
        ),
    ),
    Route(
        "POST",
        f"{_KIOSKS}/pairings/state",
        pairing_state,
        call=Call(
            id="getPairingState",
            tag="kiosks",
            summary="Whether the tablet was enrolled",
            description="Changes nothing; the signature stands in the body, and not in an address "
            "that is kept somewhere.",
            body=AskedPairing,
            replies=(
                Reply(
                    status=200,
                    description="Waiting, enrolled, expired or revoked",
                    message=PairingState,
                ),
            ),
            refusals=(
                *OF_EVERY_BODY,
                KeyUnreadable,
                SignatureRefused,
                TooManyRequests,
                WriterUnavailable,
            ),
        ),
    ),
    Route(
        "POST",
        f"{_KIOSKS}/{{kiosk}}/sync",
        sync,
        call=Call(
            id="syncKiosk",
            tag="kiosks",
            summary="Hand in what was answered, each response once",
            description="At most 50 items; none at all is a sign of life. A reply that was lost "
            "may be asked for again with the same counter. Each item has a verdict of its own; "
            "what has one is kept here, and only what has none is sent again.",
            parameters=(
                Parameter(
                    name="kiosk",
                    within="path",
                    description="The id that the kiosk was told when it was enrolled.",
                    example=EXAMPLE_KIOSK,
                    schema={"type": "string", **RANDOM_UUID},
                ),
            ),
            body=SignedEnvelope,
            within=(KioskEnvelope, KioskItem, KioskPayload),
            replies=(
                Reply(
                    status=200,
                    description="A verdict an item, and the counter of the next call",
                    message=SyncReply,
                ),
            ),
            refusals=(
                *OF_EVERY_BODY,
                SignatureRefused,
                KioskUnknown,
                TouchpointUnknown,
                TooManyRequests,
                WriterUnavailable,
            ),
        ),
    ),
    Route(
        "GET",
        f"{_KIOSKS}/{{kiosk}}/survey",
        survey,
        call=Call(
            id="getKioskSurvey",
            tag="kiosks",
            summary="All that a touchpoint asks, in all its languages",
            description="The same for everybody, and without a token: to ask without a network. "
            "With If-None-Match and the etag at hand: 304, where nothing changed.",
            parameters=(
                Parameter(
                    name="kiosk",
                    within="path",
                    description="The kiosk's id, or new before it is enrolled.",
                    example=_NOT_PAIRED,
                    schema={
                        "type": "string",
                        "pattern": f"^({_NOT_PAIRED}|{str(RANDOM_UUID['pattern'])[1:-1]})$",
                        "maxLength": 36,
                    },
                ),
                Parameter(
                    name="touchpoint",
                    within="query",
                    description="The municipality and the touchpoint.",
                    example=EXAMPLE_TOUCHPOINT,
                    schema={"type": "string", "pattern": TOUCHPOINT_PATTERN, "maxLength": 100},
                ),
            ),
            replies=(
                Reply(status=200, description="The survey", message=KioskSurvey, headers=("ETag",)),
                Reply(status=304, description="As it was under this ETag", headers=("ETag",)),
            ),
            refusals=(BodyUnreadable, KioskUnknown, MunicipalityUnknown, TouchpointUnknown),
        ),
    ),
)
