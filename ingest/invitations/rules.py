"""Whether a contact that ended invites somebody, and when: the rules of its touchpoint. Pure.

Whether somebody was asked recently, or asked not to be, is not decided here: that needs what is
remembered, and is looked up in the transaction that takes the occasion in.
"""

import hmac
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Literal

import msgspec

from ingest.clock import AMSTERDAM, day_of
from ingest.invitations.dutch_holidays import is_holiday
from ingest.invitations.occasions import ContactEnded, Recipient
from ingest.invitations.recipients import country_of
from ingest.municipalities.hours import WEEKDAYS, first_and_last
from ingest.municipalities.inviting import InvitationRules
from ingest.municipalities.touchpoints import Touchpoint

Reason = Literal[
    "touchpoint-retired",
    "not-inviting",
    "ended-in-the-future",
    "too-old",
    "not-this-product",
    "not-this-outcome",
    "not-this-case-type",
    "no-recipient",
    "not-reachable",
    "sampled-out",
]
"""Why nobody is invited; of several the first that is true, in this order.

`not-inviting`: the touchpoint has no `[...invitations]`. `not-reachable`: it has no sender, or no
words, for this recipient.
"""

Unreached = Literal["sender", "words", "country"]
"""What is missing to reach somebody: a sender that sends in this way, words, or the country."""

CLOCKS_DIFFER = timedelta(minutes=10)
"""How far ahead of ours a neighbour's clock may be."""


class Invite(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody is invited, at `due` (UTC) at the soonest."""

    due: datetime


class NotInvited(msgspec.Struct, frozen=True, kw_only=True):
    """Nobody is invited, and why."""

    reason: Reason


def verdict(
    contact: ContactEnded, touchpoint: Touchpoint, now: datetime, sampling_key: bytes
) -> Invite | NotInvited:
    """What becomes of this contact at its touchpoint, `now` (UTC) that it is told.

    The same contact, told again, is drawn again or not drawn again: `sampling_key`, which never
    changes, decides with its source's own key. Who is in at one percentage is in at every higher
    one.
    """
    rules = touchpoint.invitations
    if touchpoint.retired:
        return NotInvited(reason="touchpoint-retired")
    if rules is None:
        return NotInvited(reason="not-inviting")
    reason = _not_of_this_time(contact, rules, now) or _not_meant(contact, touchpoint, rules)
    if reason:
        return NotInvited(reason=reason)
    if contact.recipient is None:
        return NotInvited(reason="no-recipient")
    if not is_reached(contact.recipient, rules):
        return NotInvited(reason="not-reachable")
    if not is_drawn(contact, rules.percentage, sampling_key):
        return NotInvited(reason="sampled-out")
    earliest = max(now, contact.ended_at + timedelta(minutes=rules.wait_minutes))
    if contact.send_after is not None:
        earliest = max(earliest, contact.send_after)
    return Invite(due=next_moment(rules, earliest))


def is_reached(recipient: Recipient, rules: InvitationRules) -> bool:
    """Whether there is a sender that sends to such an address or number, and something to say."""
    return why_unreached(recipient, rules) is None


def why_unreached(recipient: Recipient, rules: InvitationRules) -> Unreached | None:
    """What is missing to send something to such an address or number; None where nothing is."""
    sender = rules.sender
    if sender is None or recipient.scheme not in sender.reaches:
        return "sender"
    if not rules.words(recipient.scheme):
        return "words"
    if recipient.scheme == "tel" and country_of(recipient) not in sender.countries:
        return "country"
    return None


def is_drawn(contact: ContactEnded, percentage: int, sampling_key: bytes) -> bool:
    """Whether this contact is among the `percentage` of a hundred that are invited; for ever."""
    told = msgspec.json.encode([contact.source, contact.source_key])
    drawn = int.from_bytes(hmac.digest(sampling_key, b"sampling/" + told, sha256)[:8])
    # Whole numbers: at a hundred everybody is in, whatever the draw.
    return drawn * 100 < percentage * 2**64


def next_moment(rules: InvitationRules, earliest: datetime) -> datetime:
    """The first moment (UTC), at `earliest` or after it, at which something may be sent.

    Within the hours of the touchpoint, on its days, and on no holiday, all by the clock in
    Amsterdam. The end of the hours is outside them.
    """
    opening, closing = first_and_last(rules.hours)
    # Aware moments of one zone are compared by their clock faces, so all is compared in UTC.
    earliest = earliest.astimezone(UTC)
    day = day_of(earliest)
    while True:
        if _is_sending_day(rules, day):
            # Clocks change between two and three at night, when no hours are: these times exist,
            # and exist once.
            opens = datetime.combine(day, opening, AMSTERDAM).astimezone(UTC)
            closes = datetime.combine(day, closing, AMSTERDAM).astimezone(UTC)
            moment = max(earliest, opens)
            if moment < closes:
                return moment
        day += timedelta(days=1)


def may_send(rules: InvitationRules, now: datetime) -> bool:
    """Whether something may be sent at this moment: what was due may have waited until night."""
    return next_moment(rules, now) == now


def _is_sending_day(rules: InvitationRules, day: date) -> bool:
    if WEEKDAYS[day.weekday()] not in rules.days:
        return False
    return rules.on_holidays or not is_holiday(day, rules.holidays)


def _not_of_this_time(
    contact: ContactEnded, rules: InvitationRules, now: datetime
) -> Reason | None:
    age = now - contact.ended_at
    if age < -CLOCKS_DIFFER:
        return "ended-in-the-future"
    return "too-old" if age > timedelta(hours=rules.most_age_hours) else None


def _not_meant(
    contact: ContactEnded, touchpoint: Touchpoint, rules: InvitationRules
) -> Reason | None:
    if rules.products:
        product = contact.dimensions.get("product", touchpoint.product)
        if product not in rules.products:
            return "not-this-product"
    if rules.outcomes and contact.outcome not in rules.outcomes:
        return "not-this-outcome"
    if rules.case_types and contact.case_type not in rules.case_types:
        return "not-this-case-type"
    return None
