"""What a case is to us: whether anybody may be asked about it, how long it took, and whom to ask.

Pure. Of what the system says of a case nothing else is looked at.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from ingest.invitations.occasions import Recipient
from ingest.invitations.recipients import RecipientUnusable, read_recipient
from ingest.invitations.rules import is_reached
from ingest.municipalities.cases import CONFIDENTIALITY
from ingest.municipalities.inviting import InvitationRules

ON_TIME = "op_tijd"
"""The detail that says whether a case was closed by the last day for it: `ja` or `nee`."""

HANDLED_IN = "doorlooptijd"
"""The detail that says within how many weeks it was closed, in four bands."""

BANDS = ((7, "tot-1-week"), (28, "tot-4-weken"), (56, "tot-8-weken"))
"""The most days of each band; what took longer is `langer`."""

LONGER = "langer"


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A case as it is now.

    `status` and `type` are addresses, `organisation` is the RSIN of whose case it is; `ended` is
    None while it is open.
    """

    url: str
    type: str
    status: str
    result: str
    organisation: str
    confidentiality: str
    is_part: bool
    begun: date | None
    ended: date | None
    last_day: date | None

    def __repr__(self) -> str:
        return "Case()"

    @property
    def details(self) -> dict[str, str]:
        """How it went, as coarsely as may be known of somebody who answers."""
        told: dict[str, str] = {}
        if self.ended and self.last_day:
            told[ON_TIME] = "ja" if self.ended <= self.last_day else "nee"
        if self.ended and self.begun and self.begun <= self.ended:
            days = (self.ended - self.begun).days
            told[HANDLED_IN] = next((name for most, name in BANDS if days <= most), LONGER)
        return told


def read_case(told: Mapping[str, Any]) -> Case | None:
    """A case by what the system says of it; None where that is no case."""
    url, kind, confidentiality = (
        told.get(name) for name in ("url", "zaaktype", "vertrouwelijkheidaanduiding")
    )
    if not (isinstance(url, str) and isinstance(kind, str) and isinstance(confidentiality, str)):
        return None
    return Case(
        url=url,
        type=kind,
        status=_text(told.get("status")),
        result=_text(told.get("resultaat")),
        organisation=_text(told.get("bronorganisatie")),
        confidentiality=confidentiality,
        is_part=bool(told.get("hoofdzaak")),
        begun=_day(told.get("registratiedatum")),
        ended=_day(told.get("einddatum")),
        last_day=_day(told.get("uiterlijkeEinddatumAfdoening")),
    )


def may_be_asked_about(confidentiality: str, most: str) -> bool:
    """Whether it is at most so confidential; what nobody knows is not."""
    if confidentiality not in CONFIDENTIALITY:
        return False
    return CONFIDENTIALITY.index(confidentiality) <= CONFIDENTIALITY.index(most)


def is_of(case: Case, organisations: Collection[str]) -> bool:
    """Whether it is a case of one of these; of none named, every case is."""
    return not organisations or case.organisation in organisations


def whom_to_ask(
    roles: Iterable[Mapping[str, Any]], rules: InvitationRules | None
) -> Recipient | None:
    """Who asked for the case, where the touchpoint reaches them; by telephone before by mail."""
    people = [role.get("contactpersoonRol") for role in roles]
    given = [person for person in people if isinstance(person, Mapping)]
    found = [
        recipient
        for name, scheme in (("telefoonnummer", "tel"), ("emailadres", "mailto"))
        for person in given
        if (recipient := _recipient(scheme, _text(person.get(name))))
    ]
    reached = [each for each in found if rules is not None and is_reached(each, rules)]
    # Where none is reached the rules say so, of whom there is.
    return next(iter(reached or found), None)


def _recipient(scheme: str, address: str) -> Recipient | None:
    try:
        return read_recipient(f"{scheme}:{address}") if address else None
    except RecipientUnusable:
        return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None
