"""What travels when invitations are asked for, in camelCase."""

from typing import Annotated

import msgspec

from ingest.asgi.messages import (
    DimensionName,
    DimensionValue,
    Message,
    Moment,
    TouchpointName,
    Web,
    described,
)

_SHORT = msgspec.Meta(max_length=100)


class RequestedInvitation(Message, frozen=True, forbid_unknown_fields=True):
    """One invitation that is asked for: a link for one response."""

    dimensions: Annotated[
        dict[Annotated[DimensionName, _SHORT], Annotated[DimensionValue, _SHORT]],
        described(
            "Coarse details of the contact, by name: only names and values that the touchpoint "
            "lists in the municipality's file. They are stored with the response, so nothing "
            "about a person belongs here.",
            {"product": "paspoort"},
            maxProperties=6,
        ),
    ] = msgspec.field(default_factory=dict)


class RequestedInvitations(Message, frozen=True, forbid_unknown_fields=True):
    """Invitations for one touchpoint, 1 to 1,000 at once."""

    touchpoint: Annotated[
        TouchpointName,
        described(
            "The municipality and the touchpoint, of the municipality whose key this is.",
            "molensloot/online",
        ),
    ]
    invitations: Annotated[
        list[RequestedInvitation],
        described(
            "One for each link; {} where nothing is known of the contact.",
            minItems=1,
            maxItems=1000,
        ),
    ]


class Invitation(Message, frozen=True):
    """One link, for one response. Whoever has it may answer: it is the resident's own."""

    link: Annotated[
        Web,
        described(
            "The page with the questions. What comes after the last slash is the token, with which "
            "a program can send the response itself.",
            "https://kto.molensloot.example/v/mFzrS1K7dX0bQ2eVtYpAcwAAgAIKgB3yWl6uJ9nHq4Ro",
        ),
    ]


class Invitations(Message, frozen=True):
    """The links, in the order asked for. The same call with the same key gives the same links."""

    touchpoint: Annotated[TouchpointName, described("As it was asked for.", "molensloot/online")]
    expires_op: Annotated[
        Moment,
        described(
            "After this moment the links say that the survey is over.", "2026-12-13T09:30:00Z"
        ),
    ]
    invitations: Annotated[
        list[Invitation], described("As many as were asked for, in the same order.", maxItems=1000)
    ]
