"""The messages of a pairing, in camelCase, and how keys and signatures are written."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from ingest.asgi.messages import RANDOM_UUID, Message, Moment, TouchpointName, described

CODE_CHARACTERS = 8
# An operator reads the code from a screen and types it on another machine. So of signs that look
# alike (B8, G6, I1L, O0Q, S5, Z2) most are left out. Those that sound alike are in.
CODE_SIGNS = "ACDEFHJKMNPRTUVWXY34679"

# Numbers that JavaScript counts exactly.
HIGHEST_COUNTER = 2**53 - 2

_SIGNATURE = "^[A-Za-z0-9_-]{86}$"
Signature = Annotated[str, msgspec.Meta(max_length=100, extra_json_schema={"pattern": _SIGNATURE})]
ItemSignature = Annotated[
    str, msgspec.Meta(extra_json_schema={"pattern": _SIGNATURE, "maxLength": 86})
]
"""As `Signature`, but a malformed one does not refuse the whole message."""
Counter = Annotated[int, msgspec.Meta(ge=0, le=HIGHEST_COUNTER)]
PublicKey = Annotated[
    str,
    msgspec.Meta(max_length=100, extra_json_schema={"pattern": "^B[A-Za-z0-9_-]{86}$"}),
]
Code = Annotated[
    str,
    msgspec.Meta(
        max_length=20, extra_json_schema={"pattern": f"^[{CODE_SIGNS}]{{{CODE_CHARACTERS}}}$"}
    ),
]
KioskId = Annotated[UUID, msgspec.Meta(extra_json_schema=RANDOM_UUID)]

# Examples are signed with the key of RFC 6979, A.2.5, whose private half is published: whoever
# builds a kiosk can check their own signatures with it.
EXAMPLE_KEY = (
    "BGD-1LolWp0xyWHrdMY1bWjASbiSO2H6bOZpYi5g8p-2eQP-EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRGIpk"
)
EXAMPLE_KIOSK = "0b6f3c5a-1f7e-4d29-8a3b-9c5e2d7f4a10"
EXAMPLE_TOUCHPOINT = "molensloot/balie-hal"
_EXAMPLE_CODE = "K7MX4PDA"


class RequestedPairing(Message, frozen=True, forbid_unknown_fields=True):
    """A tablet that asks to become a kiosk, with the public half of a key that it just made."""

    touchpoint: Annotated[TouchpointName, described("Where the tablet stands.", EXAMPLE_TOUCHPOINT)]
    public_key: Annotated[
        PublicKey,
        described(
            "The uncompressed point of a P-256 key, 65 bytes, in URL-safe base64 without padding: "
            "what WebCrypto exports as raw. No JWK.",
            EXAMPLE_KEY,
        ),
    ]
    kiosk: Annotated[
        KioskId | None,
        described(
            "The id that the tablet had in a database that forgot it: what it still holds is "
            "signed with that. Left out by every other tablet.",
            EXAMPLE_KIOSK,
        ),
    ] = None


class Pairing(Message, frozen=True):
    """A code to show. An operator enrols the tablet with it: meetpunt kiosk enrol."""

    code: Annotated[
        Code,
        described("Without letters and digits that are mistaken for each other.", _EXAMPLE_CODE),
    ]
    expires_op: Annotated[
        Moment, described("Until when the code works: ten minutes.", "2026-11-29T09:40:00Z")
    ]


class AskedPairing(Message, frozen=True, forbid_unknown_fields=True):
    """Asks whether the code was enrolled, by whoever holds the key."""

    public_key: Annotated[
        PublicKey, described("The key that the code was asked with.", EXAMPLE_KEY)
    ]
    code: Annotated[Code, described("The code that is shown.", _EXAMPLE_CODE)]
    signature: Annotated[
        Signature,
        described(
            "Over the text pairing/ and the code, with the key: ECDSA on P-256 with SHA-256, r and "
            "s as 64 bytes (as WebCrypto makes it), in URL-safe base64 without padding.",
            "3w4fIBtZ7Ms4DFMqNfjhEul7jWmvxV-KPCxNwnSneeEfXcK-FANijkz7HphdKynyYN0jGrNgqQMzt3qPzvOxxQ",
        ),
    ]


class PairingState(Message, frozen=True, omit_defaults=True):
    """Whether somebody enrolled the kiosk."""

    state: Annotated[
        Literal["waiting", "enrolled", "expired", "revoked"],
        described(
            "waiting: nobody did yet. expired: ask for another code. revoked: this key will never "
            "do, and the tablet has to make another.",
            "enrolled",
        ),
    ]
    kiosk: Annotated[
        KioskId | None,
        described("The kiosk's id from now on, once it is enrolled.", EXAMPLE_KIOSK),
    ] = None
    counter: Annotated[
        Counter | None,
        described("What the first sync brings; left out once a sync was made.", 1),
    ] = None
