"""For providers of messages: they tell how one ended, and what somebody answered to one.

Whoever has the secret of a sender is told "heard", also of a message that nobody here knows: a
provider that is refused stops telling, or tells it for days.
"""

from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from ingest.asgi import headers
from ingest.asgi.edge import read_body
from ingest.asgi.json_bodies import json_object
from ingest.asgi.messages import SLUG_PATTERN
from ingest.responses.writer import WriterUnavailable
from ingest.senders.receipts import (
    SenderSecretUnknown,
    is_from_provider,
    notify_receipt,
    notify_reply,
    spryng_receipt,
)
from ingest.service import Service
from ingest.web.declaring import OF_EVERY_BODY, Call, Parameter, Reply, Route
from ingest.web.problems import Refused


async def hear_notify(
    request: Request[Any, Any, Any],
    service: NamedDependency[Service],
    municipality: FromPath[str],
    sender: FromPath[str],
) -> Response[None]:
    """How a message ended, as Notify tells. Raises `SenderSecretUnknown` or `WriterUnavailable`."""
    body = await _told_by_notify(request, service, municipality, sender)
    receipt = notify_receipt(body, municipality=municipality, sender=sender)
    if receipt is not None:
        await service.end_message(receipt)
    return Response(None, status_code=204)


async def hear_reply(
    request: Request[Any, Any, Any],
    service: NamedDependency[Service],
    municipality: FromPath[str],
    sender: FromPath[str],
) -> Response[None]:
    """What somebody answered. Raises `SenderSecretUnknown` or `WriterUnavailable`."""
    body = await _told_by_notify(request, service, municipality, sender)
    reply = notify_reply(body, municipality=municipality, sender=sender)
    if reply is not None:
        await service.opting_out.hear(reply)
    return Response(None, status_code=204)


async def hear_spryng(
    request: Request[Any, Any, Any],
    service: NamedDependency[Service],
    municipality: FromPath[str],
    sender: FromPath[str],
    secret: FromPath[str],
) -> Response[None]:
    """How a message ended, as Spryng tells it. Raises `WriterUnavailable`.

    Spryng sends a GET and no header of ours, so the secret stands in the path, and without it there
    is no such path. That is no way for an API, and it is not in the document of ours.
    """
    if not _is_from(service, municipality, sender, kind="spryng", shown=secret):
        raise Refused("not-found")
    query = dict(request.query_params.items())
    receipt = spryng_receipt(query, municipality=municipality, sender=sender)
    if receipt is not None:
        await service.end_message(receipt)
    return Response(None, status_code=204, headers=_HEADERS)


async def _told_by_notify(
    request: Request[Any, Any, Any], service: Service, municipality: str, sender: str
) -> dict[str, Any]:
    """The body, which may hold anything. Raises `SenderSecretUnknown`, and what bodies raise."""
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not _is_from(
        service, municipality, sender, kind="notify", shown=shown
    ):
        raise SenderSecretUnknown
    return json_object(
        await read_body(request.scope, request.receive, media_type=b"application/json")
    )


def _is_from(service: Service, municipality: str, sender: str, *, kind: str, shown: str) -> bool:
    there = service.catalogue.municipalities.get(municipality)
    declared = there.senders.get(sender) if there else None
    # Compared before it is known whether there is such a sender, so that nobody hears that sooner.
    right = is_from_provider(shown, service.keys.accounts, municipality, sender)
    return right and declared is not None and declared.kind == kind


_HEADERS = headers.as_dict(headers.DATA)
_PLACE = (
    Parameter(
        name="municipality",
        within="path",
        description="Slug of the municipality.",
        example="molensloot",
        schema={"type": "string", "pattern": SLUG_PATTERN, "maxLength": 100},
    ),
    Parameter(
        name="sender",
        within="path",
        description="Name of the sender in the municipality's file.",
        example="sms",
        schema={"type": "string", "pattern": SLUG_PATTERN, "maxLength": 100},
    ),
)
_HEARD = Reply(status=204, description="Heard, also of a message that is not known")
_AS_NOTIFY = (
    "NotifyNL and GOV.UK Notify send it by themselves, with the secret of the sender as bearer "
    "token. Of what they send, the telephone number is not looked at and nothing is kept."
)

ROUTES = (
    Route(
        "POST",
        "/api/v1/messages/{municipality}/{sender}/receipts",
        hear_notify,
        call=Call(
            id="hearNotify",
            tag="receipts",
            summary="Notify tells how a message ended",
            description=_AS_NOTIFY,
            parameters=_PLACE,
            replies=(_HEARD,),
            refusals=(*OF_EVERY_BODY, SenderSecretUnknown, WriterUnavailable),
            key="senderSecret",
        ),
    ),
    Route(
        "POST",
        "/api/v1/messages/{municipality}/{sender}/replies",
        hear_reply,
        call=Call(
            id="hearReply",
            tag="receipts",
            summary="Notify passes on what somebody answered to a message",
            description="Who answers STOP is asked no more. The same secret as for how a message "
            "ended; neither number nor text is kept.",
            parameters=_PLACE,
            replies=(_HEARD,),
            refusals=(*OF_EVERY_BODY, SenderSecretUnknown, WriterUnavailable),
            key="senderSecret",
        ),
    ),
    Route("GET", "/messages/spryng/{municipality}/{sender}/{secret}", hear_spryng),
)
