"""What travels when invitations are asked for, in camelCase."""

from typing import Annotated

import msgspec

from ingest.asgi.messages import (
    DimensionName,
    DimensionValue,
    LanguageCode,
    Message,
    Moment,
    TouchpointName,
    Web,
    described,
)

_SHORT = msgspec.Meta(max_length=100)
_RECIPIENT = msgspec.Meta(min_length=1, max_length=300)
_CODE = msgspec.Meta(pattern="^[a-z]+(-[a-z]+)*$", max_length=40)
_SOURCE_KEY = msgspec.Meta(min_length=1, max_length=200)


class RequestedInvitation(Message, frozen=True, forbid_unknown_fields=True):
    """One invitation that is asked for: a link for one response, or a message that holds one."""

    recipient: Annotated[
        Annotated[str, _RECIPIENT] | msgspec.UnsetType,
        described(
            "Who gets a message with the link: tel: and a mobile number, or mailto: and an "
            "address. All invitations of a call have one, or none has. It is kept sealed until "
            "the message arrived, and then no more.",
            "tel:+31612345678",
            pattern="^(tel|mailto):.+$",
        ),
    ] = msgspec.UNSET
    ended_at: Annotated[
        Moment | msgspec.UnsetType,
        described(
            "When the contact ended; needed where there is a recipient, and at most ten minutes "
            "ahead of our clock. The rules of the touchpoint say how long after it the message is "
            "sent, and when it is too late; that it was is counted, and not told.",
            "2026-11-29T09:30:00Z",
        ),
    ] = msgspec.UNSET
    send_after: Annotated[
        Moment | msgspec.UnsetType,
        described(
            "Send nothing before this moment, at most 90 days ahead. The touchpoint's own hours "
            "hold as well.",
            "2026-11-30T08:00:00Z",
        ),
    ] = msgspec.UNSET
    source_key: Annotated[
        Annotated[str, _SOURCE_KEY] | msgspec.UnsetType,
        described(
            "Your own name for the contact, such as the number of a ticket: told again within 35 "
            "days, in whatever call, it sends nothing more. We keep a keyed code of it. Left out, "
            "each invitation of a call is a contact of its own.",
            "ticket-2026-104",
            contentMediaType="text/plain",
        ),
    ] = msgspec.UNSET
    language: Annotated[
        LanguageCode | msgspec.UnsetType,
        described(
            "What the resident speaks. Without it, or where the touchpoint has no words in it, its "
            "own first language.",
            "nl",
        ),
    ] = msgspec.UNSET
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
            "One for each link or message; {} for a link where nothing is known of the contact.",
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


class ToldInvitation(Message, frozen=True, omit_defaults=True):
    """What is told of one recipient: whether anybody can be reached so.

    Whether somebody was not drawn, asked for no more messages or was asked recently is counted and
    never told.
    """

    result: Annotated[
        str,
        described(
            "accepted: it is taken in. invalid-recipient: nobody is sent anything there.",
            "accepted",
            "invalid-recipient",
            enum=["accepted", "invalid-recipient"],
        ),
    ]
    reason: Annotated[
        Annotated[str, _CODE] | None,
        described(
            "Of an invalid recipient: unknown-scheme, not-a-number, not-a-mobile-number, "
            "not-a-mail-address, or not-reachable where the touchpoint sends nothing to such an "
            "address. Others may come.",
            None,
            "not-a-mobile-number",
        ),
    ] = None


class ToldInvitations(Message, frozen=True):
    """What was taken in, in the order told; the rules of the touchpoint decide what is sent."""

    touchpoint: Annotated[TouchpointName, described("As it was asked for.", "molensloot/telefonie")]
    invitations: Annotated[
        list[ToldInvitation], described("As many as were told, in the same order.", maxItems=1000)
    ]
