"""What travels when a widget asks what to ask, in camelCase."""

import msgspec

from ingest.asgi.messages import Message


class OfferedAskIf(Message, frozen=True):
    """The item is asked when an earlier item's answer is one of these values."""

    item: str
    values: tuple[int | str, ...]


class OfferedOption(Message, frozen=True):
    """One option of a choice."""

    code: str
    label: str


class OfferedItem(Message, frozen=True, omit_defaults=True):
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


class OfferedTexts(Message, frozen=True, omit_defaults=True):
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
    yes_partly_no: dict[str, str] = msgspec.field(default_factory=dict)


class OfferedColours(Message, frozen=True):
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


class OfferedLanguage(Message, frozen=True):
    """A language that the touchpoint asks in, by the name that its own speakers use."""

    code: str
    name: str
    dir: str


class OfferedQuestionnaire(Message, frozen=True):
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
