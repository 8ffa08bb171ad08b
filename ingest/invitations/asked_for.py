"""What is wrong in a call for invitations, all of it at once; nothing here tells of a person."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from ingest.asgi.messages import InvalidParam
from ingest.invitations.messages import RequestedInvitation, RequestedInvitations
from ingest.invitations.rules import CLOCKS_DIFFER
from ingest.municipalities.municipality import Touchpoint
from ingest.responses.submission import allowed_dimensions

MOST_INVITATIONS = 1000
MOST_WAIT = timedelta(days=90)
"""How far ahead a message may be asked for."""

_BELIEVED = timedelta(days=3650)

# Fields that say something of a message, and nothing of a link.
_OF_A_MESSAGE = {
    "ended_at": "endedAt",
    "send_after": "sendAfter",
    "source_key": "sourceKey",
    "language": "language",
}


class InvitationsRejected(Exception):
    """The call cannot be carried out; `params` say all that is wrong."""

    def __init__(self, params: tuple[InvalidParam, ...]) -> None:
        self.params = params
        super().__init__(f"{len(params)} thing(s) wrong")


def has_recipients(requested: RequestedInvitations) -> bool:
    """Whether messages are asked for, or at least for one of the items."""
    return any(isinstance(each.recipient, str) for each in requested.invitations)


def chosen_already(touchpoint: Touchpoint) -> tuple[str | None, str | None]:
    """How a contact ended and what case it was, of one whom somebody asks to invite by name.

    Rules choose among all contacts that a neighbour tells of. Who tells of this one alone, to have
    it invited, has chosen already, and need not say why.
    """
    rules = touchpoint.invitations
    if rules is None:
        return None, None
    return next(iter(rules.outcomes), None), next(iter(rules.case_types), None)


def check_asked_for(
    touchpoint: Touchpoint, requested: RequestedInvitations, now: datetime | None = None
) -> None:
    """Raises `InvitationsRejected`. With `now` (UTC) messages are asked for, without it links."""
    params = [
        *_of_the_whole(touchpoint, requested, now),
        *(
            param
            for index, invitation in enumerate(requested.invitations)
            for param in _of_one(f"invitations[{index}]", touchpoint, invitation, now)
        ),
    ]
    if params:
        raise InvitationsRejected(tuple(params))


def _of_the_whole(
    touchpoint: Touchpoint, requested: RequestedInvitations, now: datetime | None
) -> Iterator[InvalidParam]:
    if touchpoint.retired:
        yield InvalidParam(
            name="touchpoint", reason="This touchpoint is retired.", code="touchpoint-retired"
        )
    elif now is not None and not reaches_anybody(touchpoint):
        yield InvalidParam(
            name="touchpoint",
            reason="This touchpoint has no sender: leave the recipients out, and send the links "
            "yourself.",
            code="not-inviting",
        )
    if not 1 <= len(requested.invitations) <= MOST_INVITATIONS:
        yield InvalidParam(
            name="invitations",
            reason=f"Ask for 1 to {MOST_INVITATIONS} invitations at once.",
            code="out-of-range",
        )


def reaches_anybody(touchpoint: Touchpoint) -> bool:
    """Whether it has a sender, and words for those whom that one reaches."""
    rules = touchpoint.invitations
    return rules is not None and (rules.reaches("tel") or rules.reaches("mailto"))


def why_silent(touchpoint: Touchpoint) -> str | None:
    """What a touchpoint lacks that sends nothing to anybody, in words; None for one that sends."""
    rules = touchpoint.invitations
    if touchpoint.retired:
        return "it is retired"
    if rules is None:
        return f"it has no [touchpoints.{touchpoint.slug}.invitations]"
    if rules.sender is None:
        return "it has no sender"
    if not rules.sender.reaches:
        return f"its sender {rules.sender.name!r} is of kind none, which reaches nobody"
    return None if reaches_anybody(touchpoint) else "it has no words for whom its sender reaches"


def _of_one(
    name: str, touchpoint: Touchpoint, invitation: RequestedInvitation, now: datetime | None
) -> Iterator[InvalidParam]:
    if now is None:
        for field, told in _OF_A_MESSAGE.items():
            if getattr(invitation, field) is not msgspec.UNSET:
                reason = "This says something of a message: give a recipient, or leave it out."
                yield InvalidParam(
                    name=f"{name}.{told}", reason=reason, code="not-without-recipient"
                )
    else:
        yield from _of_a_message(name, invitation, now)
    allowed = allowed_dimensions(touchpoint, invitation.dimensions)
    for dimension in invitation.dimensions:
        if dimension not in allowed:
            yield InvalidParam(
                name=f"{name}.dimensions.{dimension}",
                reason="The touchpoint does not list this value.",
                code="unknown-dimension",
            )


def _of_a_message(
    name: str, invitation: RequestedInvitation, now: datetime
) -> Iterator[InvalidParam]:
    if not isinstance(invitation.recipient, str):
        reason = "All invitations of a call have a recipient, or none has."
        yield InvalidParam(name=f"{name}.recipient", reason=reason, code="required")
    if not isinstance(invitation.ended_at, datetime):
        reason = "When the contact ended is needed to send something after it."
        yield InvalidParam(name=f"{name}.endedAt", reason=reason, code="required")
    elif abs(now - invitation.ended_at) > _BELIEVED:
        # Kept within what a calendar can hold in any time zone.
        reason = "This is no moment at which a contact can have ended."
        yield InvalidParam(name=f"{name}.endedAt", reason=reason, code="out-of-range")
    elif invitation.ended_at - now > CLOCKS_DIFFER:
        # No rule of the touchpoint: taken in it would be known, and could not be told again.
        reason = "This is still to come: look at the clock or the time zone of who tells it."
        yield InvalidParam(name=f"{name}.endedAt", reason=reason, code="in-the-future")
    if isinstance(invitation.send_after, datetime) and invitation.send_after - now > MOST_WAIT:
        reason = f"At most {MOST_WAIT.days} days ahead."
        yield InvalidParam(name=f"{name}.sendAfter", reason=reason, code="out-of-range")
