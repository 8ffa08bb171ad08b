"""What travels when invitations are asked for, in camelCase."""

import msgspec

from ingest.asgi.messages import Message, Moment, Name


class RequestedInvitation(Message, frozen=True, forbid_unknown_fields=True):
    """One invitation asked for. `dimensions` holds only what the touchpoint allows."""

    dimensions: dict[Name, Name] = msgspec.field(default_factory=dict)


class RequestedInvitations(Message, frozen=True, forbid_unknown_fields=True):
    """Body of `POST /invitations`: at most 1,000 at once."""

    touchpoint: Name
    invitations: list[RequestedInvitation]


class Invitation(Message, frozen=True):
    """One link, for one response."""

    link: str


class Invitations(Message, frozen=True):
    """Reply to `POST /invitations`, in the order asked for. The same call gives the same links.

    After `expires_op` the links say that the survey is over.
    """

    touchpoint: str
    expires_op: Moment
    invitations: list[Invitation]
