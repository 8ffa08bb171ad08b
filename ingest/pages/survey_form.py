"""The questions of a survey's form, each with labels, errors and what was typed. Pure."""

import unicodedata
from collections.abc import Mapping, Sequence

import msgspec

from ingest.questionnaires.items import NOT_APPLICABLE, Item
from ingest.questionnaires.kinds import MOST_CHARACTERS, Control, Layout
from ingest.questionnaires.questionnaire import Questionnaire
from ingest.responses.answers import Reason
from ingest.texts.page_texts import Texts, ends, labels, sentence, wording

# Estimates: a choice takes a few seconds, a text takes some typing.
_SECONDS_PER_CHOICE = 8
_SECONDS_PER_TEXT = 25

# U+0000 and half of a surrogate pair can arrive in a form and cannot stand in a page.
UNSHOWABLE = {0: "\ufffd"} | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


class FormState(msgspec.Struct, frozen=True, kw_only=True):
    """What one request adds to a survey page.

    `values` are the fields as they were sent; `notice` is a key of the texts' notices; `action` is
    where to send the form instead of to its own address; `query` is what the address has beside
    `lang`, so that its languages keep it. With `asks_report` the page also asks what to tell the
    report (`ingest.pages.report_questions`).
    """

    values: Mapping[str, Sequence[str]] = {}
    reasons: tuple[Reason, ...] = ()
    notice: str | None = None
    action: str | None = None
    response_id: str | None = None
    query: Mapping[str, str] = {}
    asks_report: bool = False


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One radio or checkbox."""

    value: str
    label: str
    checked: bool
    apart: bool


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One item as the page shows it; `described_by` names the elements that explain it.

    `told` stands beside its label: whether it may be skipped, where that differs from what is said
    above all questions. `count` says how much more can be typed, of `limit` characters.
    """

    code: str
    control: Control
    layout: Layout
    label: str
    required: bool
    told: str
    help: str
    low: str
    high: str
    choices: tuple[Choice, ...]
    written: str
    count: str
    errors: tuple[str, ...]
    described_by: str
    limit: int = MOST_CHARACTERS

    @property
    def field_id(self) -> str:
        """The id of its first input, which the error summary links to."""
        return f"i-{self.code}"


def questions(questionnaire: Questionnaire, texts: Texts, state: FormState) -> tuple[Question, ...]:
    """Every item of the questionnaire, in order, as the page shows it."""
    required = [item for item in questionnaire.items if item.required]
    told = {True: "", False: texts.survey.optional if required or state.asks_report else ""}
    if len(required) == 1 < len(questionnaire.items) and not state.asks_report:
        told = {True: texts.survey.required, False: ""}
    return tuple(_question(item, texts, state, told[item.required]) for item in questionnaire.items)


def stray_errors(
    questionnaire: Questionnaire, texts: Texts, reasons: Sequence[Reason]
) -> tuple[str, ...]:
    """Sentences for rejected fields that belong to no question; each sentence once."""
    sentences = [
        sentence(texts, reason.code, None, limit=MOST_CHARACTERS)
        for reason in reasons
        if questionnaire.item(reason.name) is None and not reason.name.startswith("_")
    ]
    return tuple(dict.fromkeys(sentences))


def what_to_expect(
    questionnaire: Questionnaire, texts: Texts, more: Sequence[Question] = ()
) -> str:
    """How many questions there are, with `more` that are no items, and how long they take."""
    count = len(questionnaire.items) + len(more)
    if any(item.ask_if for item in questionnaire.items):
        questions_text = texts.survey.questions_at_most
    else:
        questions_text = texts.survey.questions_one if count == 1 else texts.survey.questions_many
    are_texts = [
        *(item.declared.holds == "text" for item in questionnaire.items),
        *(question.layout == "text" for question in more),
    ]
    seconds = sum(_SECONDS_PER_TEXT if is_text else _SECONDS_PER_CHOICE for is_text in are_texts)
    minutes = max(1, round(seconds / 60))
    minutes_text = texts.survey.minutes_one if minutes == 1 else texts.survey.minutes_many
    return f"{questions_text.format(count=count)} {minutes_text.format(minutes=minutes)}"


def what_is_required(questionnaire: Questionnaire, texts: Texts, more: int = 0) -> str:
    """The sentence above the form about questions that may be skipped.

    Of `more` that are no items some are required and some are not.
    """
    if more:
        return texts.survey.some_optional
    required = [item for item in questionnaire.items if item.required]
    if len(required) == len(questionnaire.items):
        return texts.survey.all_required
    if len(required) != 1:
        return texts.survey.some_optional if required else texts.survey.none_required
    # "The mark" must be one that nobody can take for another.
    marks = [item for item in questionnaire.items if item.declared.layout == "numbers"]
    return texts.survey.only_mark if required == marks else texts.survey.only_one


def _question(item: Item, texts: Texts, state: FormState, told: str) -> Question:
    kind, language = item.declared, texts.language
    sent = [value.translate(UNSHOWABLE) for value in state.values.get(item.code, ())]
    errors = tuple(
        dict.fromkeys(
            sentence(texts, reason.code, item.kind, limit=MOST_CHARACTERS)
            for reason in state.reasons
            if reason.name == item.code
        )
    )
    low, high = ends(item, texts) or ("", "")
    help_text = wording(item.help, language)
    is_text = kind.holds == "text"
    written = sent[0] if sent and is_text else ""
    parts = (("e", errors), ("h", help_text), ("l", low), ("u", high), ("c", is_text))
    return Question(
        code=item.code,
        control=kind.control,
        layout=kind.layout,
        label=wording(item.text, language),
        required=item.required,
        told=told,
        help=help_text,
        low=low,
        high=high,
        choices=tuple(
            Choice(
                value=str(value),
                label=label,
                checked=str(value) in sent,
                apart=value == NOT_APPLICABLE,
            )
            for value, label in labels(item, texts)
        ),
        written=written,
        count=_count(written, texts) if is_text else "",
        errors=errors,
        described_by=" ".join(f"{letter}-{item.code}" for letter, text in parts if text),
    )


def _count(written: str, texts: Texts) -> str:
    """How many characters can still be typed, counted as answers are: after normalising."""
    left = MOST_CHARACTERS - len(unicodedata.normalize("NFC", written))
    said = texts.survey.characters_left if left >= 0 else texts.survey.characters_over
    return said.format(count=abs(left))
