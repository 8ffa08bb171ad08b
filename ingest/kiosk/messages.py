"""What travels between a kiosk and the service, in camelCase."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from ingest.asgi.messages import Message, Moment, Name, Version
from ingest.kiosk.clock import Reading
from ingest.widget.messages import OfferedItem, OfferedStyle

MOST_ITEMS = 50
# Numbers that JavaScript counts exactly.
HIGHEST_COUNTER = 2**53 - 2

Signature = Annotated[str, msgspec.Meta(max_length=100)]
Counter = Annotated[int, msgspec.Meta(ge=0, le=HIGHEST_COUNTER)]

Verdict = Literal["stored", "known", "set-aside", "quarantined"]


_SCHEMAS = "#/components/schemas"


def _json_of(name: str) -> msgspec.Meta:
    """A string that holds JSON: it is signed as it stands, so nobody has to agree on spaces."""
    held = {"$ref": f"{_SCHEMAS}/{name}"}
    return msgspec.Meta(
        extra_json_schema={"contentMediaType": "application/json", "contentSchema": held}
    )


class RequestedPairing(Message, frozen=True, forbid_unknown_fields=True):
    """Body of `POST /kiosks/pairings`. `public_key`: base64url of the uncompressed P-256 point.

    `kiosk` is the id that the tablet had in a database that forgot it: what it holds is signed so.
    """

    touchpoint: Name
    public_key: Annotated[str, msgspec.Meta(max_length=100)]
    kiosk: UUID | None = None


class Pairing(Message, frozen=True):
    """A code to show, until `expires_op`; an operator enrols it with `meetpunt kiosk enrol`."""

    code: str
    expires_op: Moment


class AskedPairing(Message, frozen=True, forbid_unknown_fields=True):
    """Body of `POST /kiosks/pairings/state`; `signature` is over `pairing/<code>`."""

    public_key: Annotated[str, msgspec.Meta(max_length=100)]
    code: Annotated[str, msgspec.Meta(max_length=20)]
    signature: Signature


class PairingState(Message, frozen=True, omit_defaults=True):
    """Whether somebody enrolled the kiosk. `counter` only before its first sync.

    `revoked`: this key will never do; the tablet has to make another.
    """

    state: Literal["waiting", "enrolled", "expired", "revoked"]
    kiosk: UUID | None = None
    counter: int | None = None


class ClockReading(Reading, frozen=True, kw_only=True, rename="camel"):
    """Both clocks of a tablet at one moment, in milliseconds.

    `boot` is random and new with every start; `monotonic` counts from there, `wall` from 1970.
    `jumped`: since this start the wall clock was set, by more than ten minutes.
    """

    boot: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    monotonic: Annotated[float, msgspec.Meta(ge=0, le=1e13)]
    wall: Annotated[float, msgspec.Meta(ge=-1e14, le=1e14)]
    jumped: bool = False


class KioskPayload(Message, frozen=True):
    """The JSON text in an item's `payload`: one response, as the kiosk signed it.

    What a newer kiosk adds is passed over. `questionnaire` may be left out: the touchpoint's own.
    """

    kiosk: UUID
    response_id: UUID
    touchpoint: Name
    version: Version
    language: Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}$")]
    answers: dict[str, Any]
    time: ClockReading
    questionnaire: Name | None = None
    complete: bool = True
    suspect: bool = False


class KioskItem(Message, frozen=True):
    """One signed response: `payload` is the JSON text as it was signed.

    `jumped`: after the answer the wall clock was set by over ten minutes, or may have been.
    """

    payload: Annotated[str, _json_of("KioskPayload")]
    signature: str
    jumped: bool = False


class KioskEnvelope(Message, frozen=True):
    """The JSON text in `envelope`: what a kiosk sends, and what is to be seen of it.

    `queue` counts what the kiosk holds, these items included; `version` is of its program.
    """

    kiosk: UUID
    counter: Counter
    now: ClockReading
    queue: Annotated[int, msgspec.Meta(ge=0, le=2_000_000_000)]
    version: Annotated[str, msgspec.Meta(max_length=40, pattern=r"^[\x20-\x7e]*$")]
    # Read one by one: a broken one keeps no other from being stored.
    items: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=MOST_ITEMS)]


class SignedEnvelope(Message, frozen=True, forbid_unknown_fields=True):
    """Body of `POST /kiosks/{kiosk}/sync`; `signature` is over the bytes of `envelope`."""

    envelope: Annotated[str, _json_of("KioskEnvelope")]
    signature: Signature


class KioskVerdict(Message, frozen=True, omit_defaults=True):
    """What became of the item at `index` of the batch. `response_id` where it could be read.

    `stored` and `known`: it is stored once. `set-aside`: kept, and never a response. `quarantined`:
    kept until somebody looks. In all four cases the kiosk may drop it; what has no verdict is sent
    again.
    """

    index: int
    verdict: Verdict
    response_id: str | None = None
    reason: str | None = None


class SyncReply(Message, frozen=True):
    """Reply to a sync. Without a `counter` the kiosk has to be enrolled anew.

    `now` is our clock in milliseconds, `survey` the ETag of what is to be asked now.
    """

    counter: int | None
    verdicts: tuple[KioskVerdict, ...]
    now: int
    survey: str


class KioskLanguage(Message, frozen=True):
    """All that is asked and said in one language. `texts` are words by name."""

    code: str
    name: str
    dir: str
    title: str
    touchpoint_name: str
    items: tuple[OfferedItem, ...]
    texts: dict[str, Any]


class KioskSurvey(Message, frozen=True):
    """Reply to `GET /kiosks/{kiosk}/survey`: everything to ask without a network."""

    touchpoint: str
    municipality_name: str
    questionnaire: str
    version: int
    interval_seconds: int
    reset_seconds: int
    languages: tuple[KioskLanguage, ...]
    style: OfferedStyle
    open_link: str
    # The last: it is made over all before it.
    etag: str
