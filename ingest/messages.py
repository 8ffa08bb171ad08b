"""What travels over the wire of `/api/v1`, in camelCase."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from ingest.questionnaires.questionnaire import Item

# Semantic version of the API, sent as API-Version with every reply (/core/version-header).
API_VERSION = "1.0.0"

# A name of ours: none is longer, and what is refused need not be repeated at length.
Name = Annotated[str, msgspec.Meta(max_length=100)]
Version = Annotated[int, msgspec.Meta(ge=1, le=32_767)]
# Names of moments end in `Op`, and a moment has a time zone (/core/date-time).
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class _Message(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    pass


class SubmittedResponse(_Message, frozen=True, forbid_unknown_fields=True):
    """Body of `POST /responses`. `response_id`: a random UUID, chosen when the form opens."""

    touchpoint: Name
    response_id: UUID
    questionnaire: Name
    version: Version
    language: Name
    token: Name
    answers: dict[str, Any]
    complete: bool = True


class ReceivedResponse(_Message, frozen=True):
    """Reply to `POST /responses`, the first time and every next time."""

    response_id: UUID
    received: bool
    complete: bool


class RequestedInvitation(_Message, frozen=True, forbid_unknown_fields=True):
    """One invitation asked for. `dimensions` holds only what the touchpoint allows."""

    dimensions: dict[Name, Name] = {}


class RequestedInvitations(_Message, frozen=True, forbid_unknown_fields=True):
    """Body of `POST /invitations`: at most 1,000 at once."""

    touchpoint: Name
    invitations: list[RequestedInvitation]


class Invitation(_Message, frozen=True):
    """One link, for one response."""

    link: str


class Invitations(_Message, frozen=True):
    """Reply to `POST /invitations`, in the order asked for. The same call gives the same links.

    After `expires_op` the links say that the survey is over.
    """

    touchpoint: str
    expires_op: Moment
    invitations: list[Invitation]


class OfferedAskIf(_Message, frozen=True):
    """The item is asked when an earlier item's answer is one of these values."""

    item: str
    values: tuple[int | str, ...]


class OfferedOption(_Message, frozen=True):
    """One option of a choice."""

    code: str
    label: str


class OfferedItem(_Message, frozen=True):
    """One item, in one language."""

    code: str
    kind: str
    text: str
    help: str
    required: bool
    not_applicable: bool
    ask_if: OfferedAskIf | None
    options: tuple[OfferedOption, ...]
    low: str
    high: str


class OfferedQuestionnaire(_Message, frozen=True):
    """Reply to `GET /touchpoints/...`: all that a widget needs, and a token for one response."""

    touchpoint: str
    questionnaire: str
    version: int
    language: str
    dir: str
    title: str
    items: tuple[OfferedItem, ...]
    texts: dict[str, Any]
    style: dict[str, Any]
    token: str
    token_lifetime_seconds: int


class InvalidParam(_Message, frozen=True):
    """One thing wrong in a body: where, why, and a stable code."""

    name: str
    reason: str
    code: str


class Problem(_Message, frozen=True, omit_defaults=True):
    """A refusal, as RFC 9457 has it."""

    type: str
    status: int
    title: str
    detail: str
    invalid_params: tuple[InvalidParam, ...] = ()


def offered_item(item: Item, language: str) -> OfferedItem:
    """An item with its texts in one language."""
    return OfferedItem(
        code=item.code,
        kind=item.kind,
        text=item.text[language],
        help=item.help.get(language, ""),
        required=item.required,
        not_applicable=item.not_applicable,
        ask_if=None
        if item.ask_if is None
        else OfferedAskIf(item=item.ask_if.item, values=item.ask_if.values),
        options=tuple(
            OfferedOption(code=option.code, label=option.label[language]) for option in item.options
        ),
        low=item.low.get(language, ""),
        high=item.high.get(language, ""),
    )
