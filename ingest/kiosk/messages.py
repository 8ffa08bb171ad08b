"""The messages of a sync, in which a kiosk sends its responses. Names in JSON are camelCase."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from ingest.asgi.messages import (
    ANSWERS,
    RANDOM_UUID,
    SCHEMAS,
    Message,
    QuestionnaireName,
    TouchpointName,
    Version,
    described,
    example_of,
)
from ingest.kiosk.clock import Reading
from ingest.kiosk.pairing_messages import (
    EXAMPLE_KIOSK,
    EXAMPLE_TOUCHPOINT,
    Counter,
    ItemSignature,
    Signature,
)
from ingest.kiosk.survey_messages import EXAMPLE_ETAG, Etag

MOST_ITEMS = 50

Verdict = Literal["stored", "known", "set-aside", "quarantined"]

_RESPONSE = "c2d9e1f4-6b3a-4f80-9e15-7a8b3c4d5e6f"


def _json_of(kind: type[Message]) -> msgspec.Meta:
    """A string that holds JSON: it is signed as it stands, so nobody has to agree on spaces."""
    schema = {"$ref": f"{SCHEMAS}/{kind.__name__}"}
    return msgspec.Meta(
        examples=[msgspec.json.encode(example_of(kind)).decode()],
        extra_json_schema={
            "contentMediaType": "application/json",
            "contentSchema": schema,
            "maxLength": 64_000,
        },
    )


class ClockReading(Reading, frozen=True, kw_only=True, rename="camel"):
    """Both clocks of a tablet at one moment, in milliseconds."""

    boot: Annotated[
        str,
        msgspec.Meta(min_length=1, max_length=64),
        described(
            "Random, and another one with every start of the page.",
            "9f2c4b7d1e6a",
            contentMediaType="text/plain",
        ),
    ]
    monotonic: Annotated[
        float, msgspec.Meta(ge=0, le=1e13), described("Counts from that start.", 61_250.5)
    ]
    wall: Annotated[
        float,
        msgspec.Meta(ge=-1e14, le=1e14),
        described("Counts from 1970, as far as the tablet knows.", 1_795_942_861_250),
    ]
    jumped: Annotated[
        bool,
        described("Whether the wall clock was set since this start, by over ten minutes.", False),
    ] = False


class KioskPayload(Message, frozen=True):
    """One response as the kiosk signed it: the JSON in payload. More fields are passed over."""

    kiosk: Annotated[UUID, described("The kiosk's id.", EXAMPLE_KIOSK, **RANDOM_UUID)]
    response_id: Annotated[
        UUID,
        described(
            "A random UUID (version 4), one for each response: by it the response is stored once.",
            _RESPONSE,
            **RANDOM_UUID,
        ),
    ]
    touchpoint: Annotated[
        TouchpointName, described("Where the kiosk was enrolled.", EXAMPLE_TOUCHPOINT)
    ]
    version: Annotated[Version, described("The version of the questionnaire that was asked.", 2)]
    language: Annotated[
        str,
        msgspec.Meta(pattern="^[a-z]{2,3}$"),
        described("The language in which it was asked.", "nl", maxLength=3),
    ]
    answers: Annotated[
        dict[str, Any],
        described(
            "What was answered, by the code of the item. See Answer.",
            {"cijfer": 9, "geholpen": "ja"},
            **ANSWERS,
        ),
    ]
    time: Annotated[ClockReading, described("Both clocks when it was answered.")]
    questionnaire: Annotated[
        QuestionnaireName | None,
        described("Which questionnaire was asked, if not the touchpoint's own.", "balie"),
    ] = None
    complete: Annotated[
        bool, described("false where somebody walked away before the end.", True)
    ] = True
    suspect: Annotated[bool, described("Whether it came too soon after the one before.", False)] = (
        False
    )


class KioskItem(Message, frozen=True):
    """One signed response."""

    payload: Annotated[
        str,
        _json_of(KioskPayload),
        described("The JSON of a KioskPayload, exactly as it was signed."),
    ]
    signature: Annotated[
        ItemSignature,
        described(
            "Over the bytes of payload in UTF-8, as elsewhere.",
            "JVh5LroLwDeYaL3amRTtPlsf1H6r1LXKsBH2l4hPTwoSpYlvys6Bj70n5xJ7woVfrCBzj5EIY-BopJc598wlSQ",
        ),
    ]
    jumped: Annotated[
        bool,
        described(
            "Whether the wall clock was set after the answer, by over ten minutes, or may have "
            "been.",
            False,
        ),
    ] = False


_RawItem = Annotated[msgspec.Raw, msgspec.Meta(extra_json_schema={"$ref": f"{SCHEMAS}/KioskItem"})]


class KioskEnvelope(Message, frozen=True, omit_defaults=True):
    """What a kiosk sends at once: the JSON text in envelope."""

    kiosk: Annotated[
        UUID, described("The kiosk's id, as in the address.", EXAMPLE_KIOSK, **RANDOM_UUID)
    ]
    counter: Annotated[
        Counter,
        described("What the reply before named. An old one comes from a copy of the kiosk.", 1),
    ]
    now: Annotated[ClockReading, described("Both clocks when this is sent.")]
    queue: Annotated[
        int,
        msgspec.Meta(ge=0, le=2_000_000_000),
        described("How many responses the kiosk holds, these included.", 1),
    ]
    version: Annotated[
        str,
        msgspec.Meta(max_length=40, pattern=r"^[\x20-\x7e]*$"),
        described("Of the kiosk's program.", "1.4.0"),
    ]
    # Read one by one, so that a broken item does not refuse the others.
    items: Annotated[
        list[_RawItem],
        msgspec.Meta(max_length=MOST_ITEMS),
        described(
            "Signed responses, each a KioskItem; none at all is a sign of life.",
            [example_of(KioskItem)],
        ),
    ]
    tile_mm: Annotated[
        Annotated[int, msgspec.Meta(ge=1, le=1000)] | None,
        described(
            "The shorter side of the smallest answer that was shown, in mm; 20 is what a finger "
            "needs.",
            None,
        ),
    ] = None


class SignedEnvelope(Message, frozen=True, forbid_unknown_fields=True):
    """What a kiosk sends at once, signed with its key."""

    envelope: Annotated[
        str,
        _json_of(KioskEnvelope),
        described("The JSON of a KioskEnvelope, exactly as it was signed."),
    ]
    signature: Annotated[
        Signature,
        described(
            "Over the bytes of envelope in UTF-8, as elsewhere.",
            "6fAVAEM2nqrNRM7limxJohv1sQinNa_qejbm5MWGm3s5p2UIP_Pg2hvq6hhoVmBJNbFcbbZ8BId-5A3Cwu6xLA",
        ),
    ]


class KioskVerdict(Message, frozen=True, omit_defaults=True):
    """What became of one item. With any verdict it is kept here, and the kiosk may drop it."""

    index: Annotated[
        int, described("Its place in items, from 0.", 0, minimum=0, maximum=MOST_ITEMS - 1)
    ]
    verdict: Annotated[
        Verdict,
        described(
            "stored and known: it is stored, once. set-aside: kept, and never a response. "
            "quarantined: kept until somebody looks. An item without a verdict is sent again.",
            "stored",
        ),
    ]
    response_id: Annotated[
        Annotated[str, msgspec.Meta(extra_json_schema={"pattern": "^.*$", "maxLength": 100})]
        | None,
        described("The id of the item, where one could be read.", _RESPONSE),
    ] = None
    reason: Annotated[
        Annotated[
            str, msgspec.Meta(extra_json_schema={"pattern": "^[a-z]+(-[a-z]+)*$", "maxLength": 40})
        ]
        | None,
        described(
            "Why it was set aside or put in quarantine. Others may come.",
            None,
            "signature",
        ),
    ] = None


class SyncReply(Message, frozen=True):
    """A verdict for each item, and what the kiosk should know."""

    counter: Annotated[
        Counter | None,
        described("What the next sync brings. null: the kiosk has to be enrolled anew.", 2),
    ]
    verdicts: Annotated[
        tuple[KioskVerdict, ...],
        described("In the order of the items.", maxItems=MOST_ITEMS),
    ]
    now: Annotated[
        int,
        described(
            "The service's clock, in milliseconds since 1970.",
            1_795_942_865_000,
            minimum=0,
            maximum=10**14,
        ),
    ]
    survey: Annotated[
        Etag,
        described("The etag of the survey that is to be asked now.", EXAMPLE_ETAG),
    ]
