"""What the API's document says of kiosks."""

from typing import Any

from ingest.kiosk.messages import (
    AskedPairing,
    KioskEnvelope,
    KioskItem,
    KioskPayload,
    KioskSurvey,
    Pairing,
    PairingState,
    RequestedPairing,
    SignedEnvelope,
    SyncReply,
)
from ingest.web.openapi_parts import OF_EVERY_BODY, body, headers, problems, ref, reply

KIOSK_MESSAGES = (
    RequestedPairing,
    Pairing,
    AskedPairing,
    PairingState,
    SignedEnvelope,
    KioskEnvelope,
    KioskItem,
    KioskPayload,
    SyncReply,
    KioskSurvey,
)

_KIOSK = {
    "name": "kiosk",
    "in": "path",
    "required": True,
    "description": "The id that the kiosk was told when it was enrolled.",
    "schema": {"type": "string", "format": "uuid"},
}
_KIOSK_OR_NEW = {
    **_KIOSK,
    "description": "The kiosk's id, or `new` before it is enrolled.",
    "schema": {"type": "string", "examples": ["new"]},
}


def name_items(schemas: dict[str, Any]) -> None:
    """Items are read one by one, so that the type of the envelope does not name theirs."""
    schemas["KioskEnvelope"]["properties"]["items"]["items"] = ref("KioskItem")


def kiosk_paths() -> dict[str, Any]:
    """The paths under `/kiosks`."""
    return {
        "/kiosks/pairings": {"post": _post_pairings()},
        "/kiosks/pairings/state": {"post": _post_state()},
        "/kiosks/{kiosk}/sync": {"post": _post_sync()},
        "/kiosks/{kiosk}/survey": {"get": _get_survey()},
    }


def _post_pairings() -> dict[str, Any]:
    return {
        "operationId": "pairKiosk",
        "tags": ["kiosks"],
        "summary": "A code for a tablet to show",
        "description": "For ten minutes an operator can enrol the tablet by this code. A tablet "
        "makes a new key for every pairing, and keeps the private half where nothing can read it.",
        "security": [],
        "requestBody": body("RequestedPairing"),
        "responses": {
            "201": reply("The code", "Pairing"),
            **problems(*OF_EVERY_BODY, "touchpoint-unknown", "too-many-requests", "unavailable"),
        },
    }


def _post_state() -> dict[str, Any]:
    return {
        "operationId": "getPairingState",
        "tags": ["kiosks"],
        "summary": "Whether the tablet was enrolled",
        "description": "Changes nothing; the signature stands in the body, and not in an address "
        "that is kept somewhere.",
        "security": [],
        "requestBody": body("AskedPairing"),
        "responses": {
            "200": reply("Waiting, enrolled or expired", "PairingState"),
            **problems(*OF_EVERY_BODY, "signature-refused", "too-many-requests", "unavailable"),
        },
    }


def _post_sync() -> dict[str, Any]:
    return {
        "operationId": "syncKiosk",
        "tags": ["kiosks"],
        "summary": "Hand in what was answered, each response once",
        "description": "At most 50 items; none at all is a sign of life. A reply that was lost may "
        "be asked for again with the same counter. Each item has a verdict of its own; what has "
        "one is kept here, and only what has none is sent again.",
        "security": [],
        "parameters": [_KIOSK],
        "requestBody": body("SignedEnvelope"),
        "responses": {
            "200": reply("A verdict an item, and the counter of the next call", "SyncReply"),
            **problems(
                *OF_EVERY_BODY,
                "signature-refused",
                "kiosk-unknown",
                "touchpoint-unknown",
                "too-many-requests",
                "unavailable",
            ),
        },
    }


def _get_survey() -> dict[str, Any]:
    return {
        "operationId": "getKioskSurvey",
        "tags": ["kiosks"],
        "summary": "All that a touchpoint asks, in all its languages",
        "description": "The same for everybody, and without a token: to ask without a network.",
        "security": [],
        "parameters": [
            _KIOSK_OR_NEW,
            {
                "name": "touchpoint",
                "in": "query",
                "required": True,
                "description": "The municipality and the touchpoint.",
                "schema": {"type": "string", "examples": ["molensloot/balie-hal"]},
            },
        ],
        "responses": {
            "200": reply("The survey", "KioskSurvey"),
            "304": {"description": "As it was under this ETag", "headers": headers("304")},
            **problems("body-unreadable", "kiosk-unknown", "touchpoint-unknown"),
        },
    }
