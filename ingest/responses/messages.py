"""The messages in which a response is sent and received, in camelCase."""

from typing import Annotated, Any
from uuid import UUID

import msgspec

from ingest.asgi.messages import (
    ANSWERS,
    RANDOM_UUID,
    DimensionName,
    DimensionValue,
    LanguageCode,
    Message,
    QuestionnaireName,
    ResponseToken,
    TouchpointName,
    Version,
    described,
)

_CompletionToken = Annotated[
    str, msgspec.Meta(max_length=10_000, extra_json_schema={"pattern": "^[A-Za-z0-9_-]+$"})
]
_EXAMPLE_ID = "5f0c2b1e-8a4d-4c6e-9b37-2d1f6a7e9c05"
_EXAMPLE = "WzMsMSwiNWYwYzJiMWUtOGE0ZCIsIjIwMjYtMTEtMjkiXWtUNG5WYjJReThMdw"


class SubmittedResponse(Message, frozen=True, forbid_unknown_fields=True):
    """One response: what was answered, where, and the token that permits it."""

    touchpoint: Annotated[
        TouchpointName,
        described(
            "The municipality and the touchpoint that the token is for.", "molensloot/online"
        ),
    ]
    response_id: Annotated[
        UUID,
        described(
            "A random UUID (version 4), chosen when the form opens and kept for every retry: by it "
            "the same response is stored once. Another version is refused with the code "
            "not-random.",
            _EXAMPLE_ID,
            **RANDOM_UUID,
        ),
    ]
    questionnaire: Annotated[
        QuestionnaireName,
        described("Which questionnaire was answered, as the touchpoint named it.", "online"),
    ]
    version: Annotated[
        Version,
        described(
            "Its version, as the touchpoint named it. One that was replaced is still taken from "
            "whoever had it open.",
            2,
        ),
    ]
    language: Annotated[
        LanguageCode,
        described("The language in which it was asked, one of the touchpoint's own.", "nl"),
    ]
    token: Annotated[
        ResponseToken,
        described(
            "The permission for this one response: 44 or 48 characters of URL-safe base64, from "
            "the reply that held the questions or from the end of an invitation's link. Send it "
            "unchanged; it says nothing of a person.",
            "mFzrS1K7dX0bQ2eVtYpAcwAAgAIKgB3yWl6uJ9nHq4Ro",
        ),
    ]
    answers: Annotated[
        dict[str, Any],
        described(
            "What was answered, by the code of the item; an item that was skipped is left out. "
            "What a value may be follows from the item's kind: see Answer.",
            {
                "cijfer": 8,
                "geholpen": "ja",
                "gemak": 4,
                "toelichting": "Het formulier was duidelijk.",
            },
            **ANSWERS,
        ),
    ]
    complete: Annotated[
        bool,
        described(
            "false where more answers may follow: then the reply has a completionToken to send "
            "them with.",
            True,
        ),
    ] = True
    dimensions: Annotated[
        dict[DimensionName, DimensionValue],
        described(
            "Coarse details of the page that asked, by name. What the touchpoint does not list is "
            "dropped, and all of it where somebody was invited: then the invitation says it.",
            {"form": "verhuizing-doorgeven"},
            maxProperties=6,
        ),
    ] = msgspec.field(default_factory=dict)
    website: Annotated[
        str,
        described(
            "Leave it empty. A form has a field of this name that people do not see; what fills "
            "it is stored, marked as suspect and left out of the figures.",
            "",
            contentMediaType="text/plain",
            maxLength=64_000,
        ),
    ] = ""


class ReceivedResponse(Message, frozen=True, omit_defaults=True):
    """It is stored, for good: only now may somebody be thanked. The same for every retry."""

    response_id: Annotated[
        UUID, described("The id that it was sent under.", _EXAMPLE_ID, **RANDOM_UUID)
    ]
    received: Annotated[bool, described("Always true.", True)]
    complete: Annotated[bool, described("Whether all answers are in.", True)]
    completion_token: Annotated[
        _CompletionToken | None,
        described(
            "Only where complete was sent as false: the permission to add the rest, good for 15 "
            "minutes.",
            _EXAMPLE,
        ),
    ] = None


class SubmittedCompletion(Message, frozen=True, forbid_unknown_fields=True):
    """The rest of a response that was begun: only items that were not answered yet."""

    completion_token: Annotated[
        _CompletionToken, described("From the reply to the first step, unchanged.", _EXAMPLE)
    ]
    answers: Annotated[
        dict[str, Any],
        described(
            "As in the first step: by the code of the item. See Answer.",
            {"geholpen": "deels", "toelichting": "Ik moest twee keer inloggen."},
            **ANSWERS,
        ),
    ]
