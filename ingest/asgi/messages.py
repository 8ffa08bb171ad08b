"""What travels over the wire of `/api/v1`, in camelCase."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

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
    """Body of `POST /responses`. `response_id`: a random UUID, chosen when the form opens.

    `dimensions` are coarse details of the page that asked; what the touchpoint does not list is
    dropped, and so is all of it where somebody was invited. `website` is a field that people do not
    see: what fills it is stored and marked as suspect.
    """

    touchpoint: Name
    response_id: UUID
    questionnaire: Name
    version: Version
    language: Name
    token: Name
    answers: dict[str, Any]
    complete: bool = True
    dimensions: dict[str, str] = {}
    website: str = ""


class ReceivedResponse(_Message, frozen=True, omit_defaults=True):
    """Reply to `POST /responses` and to its completion, the first time and every next time.

    `completion_token`, where a widget sent the first step alone: good for 15 minutes.
    """

    response_id: UUID
    received: bool
    complete: bool
    completion_token: str | None = None


class SubmittedCompletion(_Message, frozen=True, forbid_unknown_fields=True):
    """Body of `POST /responses/{responseId}/completion`: only items that were not answered yet."""

    completion_token: Annotated[str, msgspec.Meta(max_length=10_000)]
    answers: dict[str, Any]


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


class OfferedItem(_Message, frozen=True, omit_defaults=True):
    """One item, in one language. What is empty or false is left out."""

    code: str
    kind: str
    text: str
    help: str = ""
    required: bool = False
    not_applicable: bool = False
    ask_if: OfferedAskIf | None = None
    options: tuple[OfferedOption, ...] = ()
    low: str = ""
    high: str = ""


class OfferedTexts(_Message, frozen=True, omit_defaults=True):
    """What a widget says around the items. Words for a kind of item come only where one is asked.

    `agreement` and `smileys` are in the order of their values; `errors` is by kind of item, and
    `tooLong`. Words between braces are filled in by the widget. `intro` is to be shown before the
    first question: it also says so where few residents answer, and one may be recognised.
    """

    intro: str
    send: str
    send_first: str
    next: str
    close: str
    sending: str
    thanks_title: str
    thanks: str
    thanks_first: str
    failed: str
    again: str
    link: str
    error_heading: str
    private: str
    leave_empty: str
    privacy: str
    privacy_url: str
    accessibility: str
    accessibility_url: str
    errors: dict[str, str]
    optional: str = ""
    not_applicable: str = ""
    anchor: str = ""
    characters_left: str = ""
    characters_over: str = ""
    agreement: tuple[str, ...] = ()
    smileys: tuple[str, ...] = ()
    yes_partly_no: dict[str, str] = {}


class OfferedColours(_Message, frozen=True):
    """Colours as `#rrggbb`."""

    text: str
    background: str
    accent: str
    on_accent: str
    link: str
    focus: str
    border: str
    error: str


class OfferedStyle(OfferedColours, frozen=True, omit_defaults=True):
    """The municipality's house style; by day, and `dark` for pages that are dark."""

    font: str
    dark: OfferedColours


class OfferedLanguage(_Message, frozen=True):
    """A language that the touchpoint asks in, by the name that its own speakers use."""

    code: str
    name: str
    dir: str


class OfferedQuestionnaire(_Message, frozen=True):
    """Reply to `GET /touchpoints/...`: all that a widget needs, and a token for one response.

    `link` is the page with the same questions, for whom the widget cannot serve.
    """

    touchpoint: str
    questionnaire: str
    version: int
    language: str
    dir: str
    title: str
    items: tuple[OfferedItem, ...]
    texts: OfferedTexts
    style: OfferedStyle
    languages: tuple[OfferedLanguage, ...]
    link: str
    token_lifetime_seconds: int
    # The last: all before it is the same for everybody, and is built and compressed once.
    token: str


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
