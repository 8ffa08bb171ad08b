"""For kiosks: become one, fetch what is asked, hand in what was answered."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from ingest.asgi.edge import client_address, read_body
from ingest.asgi.json_bodies import JsonBody
from ingest.kiosk.messages import (
    AskedPairing,
    Pairing,
    PairingState,
    RequestedPairing,
    SignedEnvelope,
    SyncReply,
)
from ingest.kiosk.statements import KioskUnknown
from ingest.municipalities.catalogue import TouchpointUnknown
from ingest.service import Service
from ingest.web.static_pages import static_page

_pairing = JsonBody(RequestedPairing)
_asked = JsonBody(AskedPairing)
_sync = JsonBody(SignedEnvelope)

_NOT_PAIRED = "new"


@post("/api/v1/kiosks/pairings")
async def pair(
    request: Request[Any, Any, Any], service: NamedDependency[Service]
) -> Response[Pairing]:
    """A code for a tablet to show.

    Raises `TouchpointUnknown`, `KeyUnreadable`, `TooManyRequests` or `WriterUnavailable`.
    """
    body = await read_body(request.scope, request.receive, media_type=b"application/json")
    asked = _pairing.read(body)
    municipality, _, slug = asked.touchpoint.partition("/")
    touchpoint = service.catalogue.touchpoint(municipality, slug)
    now = datetime.now(UTC)
    service.kiosks.pairing_limits.take(touchpoint.number, client_address(request.scope))
    code, expires_at = await service.kiosks.pairings.begin(
        asked.touchpoint, asked.public_key, kiosk=asked.kiosk, now=now
    )
    made = Pairing(code=code, expires_op=expires_at.replace(microsecond=0))
    return Response(made, status_code=201)


@post("/api/v1/kiosks/pairings/state")
async def pairing_state(
    request: Request[Any, Any, Any], service: NamedDependency[Service]
) -> Response[PairingState]:
    """Whether a tablet's code was enrolled.

    Raises `KeyUnreadable`, `SignatureRefused`, `TooManyRequests` or `WriterUnavailable`.
    """
    body = await read_body(request.scope, request.receive, media_type=b"application/json")
    asked = _asked.read(body)
    now = datetime.now(UTC)
    service.kiosks.question_limits.take(0, client_address(request.scope))
    state = await service.kiosks.pairings.state(
        asked.public_key, asked.code, asked.signature, now=now
    )
    return Response(state, status_code=200)


@post("/api/v1/kiosks/{kiosk:str}/sync")
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


@get("/api/v1/kiosks/{kiosk:str}/survey", sync_to_thread=False)
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


ROUTES = (pair, pairing_state, sync, survey)
