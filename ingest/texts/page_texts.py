"""Texts of pages around the questions, one file per language; every file has the same keys."""

import datetime
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from ingest.questionnaires.items import NOT_APPLICABLE, Item, Text
from ingest.texts.callback_texts import CallbackTexts
from ingest.texts.language_files import (
    LanguageFile,
    LanguageUnknown,
    TextsIncomplete,
    load_language_files,
)

__all__ = [
    "DIRECTORY",
    "Invitation",
    "LanguageUnknown",
    "Message",
    "Notice",
    "OptOut",
    "Problems",
    "ReportTexts",
    "Survey",
    "Texts",
    "TextsIncomplete",
    "ends",
    "in_words",
    "labels",
    "languages_of_pages",
    "load_texts",
    "page_texts",
    "sentence",
    "texts_in",
    "wording",
]

DIRECTORY = Path(__file__).resolve().parent / "pages"


class Survey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The sentences and labels of a survey page.

    `small_group` is shown wherever a touchpoint publishes fewer than ten responses together; no
    setting can hide it.
    """

    questions_one: str
    questions_many: str
    questions_at_most: str
    minutes_one: str
    minutes_many: str
    private: str
    small_group: str
    all_required: str
    some_optional: str
    none_required: str
    only_mark: str
    only_one: str
    optional: str
    required: str
    anchor: str
    not_applicable: str
    characters_left: str
    characters_over: str
    clear: str
    leave_empty: str
    send: str
    send_again: str
    help: str
    new_tab: str
    contact: str
    privacy: str
    accessibility: str
    site: str


class Invitation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What we add to a municipality's own words: `small_group` to a text message, so it is short.

    In languages that can be written so it keeps to the alphabet of text messages. A mail has the
    sentence of the page instead, and `opt_out`, a question with `opt_out_link` as what to press.
    """

    small_group: str
    opt_out: str
    opt_out_link: str

    def way_out(self, address: str) -> str:
        """The end of a mail, where nothing can be pressed: its HTML hides the address."""
        return f"{self.opt_out} {self.opt_out_link}: {address}"


class OptOut(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The pages where one asks for no more messages: where one types, and that of a link in a mail.

    `problem` stands above the form with one of the sentences after it.
    """

    title: str
    typed: tuple[str, ...]
    linked: tuple[str, ...]
    tel: str
    tel_help: str
    email: str
    email_help: str
    send: str
    problem: str
    nothing: str
    wrong_tel: str
    wrong_email: str
    unreadable: str
    expired: str
    too_many: str
    unavailable: str
    done: str
    done_text: tuple[str, ...]
    contact: str


class ReportTexts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the page asks besides of who made a report: that goes to the report, and says so.

    Above the form stand `until`, for as long as the link works there, and `apart`, which takes that
    part from what holds for all other answers. `ask` is answered with `solved`, `solved_but` or
    `unsolved`.
    """

    until: str
    apart: str
    heading: str
    text: tuple[str, ...]
    ask: str
    solved: str
    solved_but: str
    unsolved: str
    contact: str
    contact_help: str
    contact_yes: str
    contact_no: str
    words: str


class Problems(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands above a form that was not accepted; sentences by reason code, then item kind."""

    title: str
    heading: str
    one: str
    many: str
    mistake: str
    sentences: dict[str, dict[str, str]]


class Notice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a correct form could not be stored now."""

    title: str
    text: tuple[str, ...]


class Message(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A page without questions; `again` leads to an open link, `contact` to the municipality."""

    title: str
    text: tuple[str, ...]
    again: str = ""
    again_link: str = ""
    contact: str = ""


class Texts(LanguageFile, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything around the questions in one language; `dir` is its direction of writing.

    `words` has the words for each value, by kind of question and value; `months` are twelve, as
    they stand in `date`.
    """

    name: str
    dir: str
    asker: str
    fictional: str
    languages: str
    skip: str
    date: str
    months: tuple[str, ...]
    improved: str
    survey: Survey
    invitation: Invitation
    opt_out: OptOut
    callback: CallbackTexts
    report: ReportTexts
    words: dict[str, dict[str, str]]
    problems: Problems
    notices: dict[str, Notice]
    messages: dict[str, Message]


def load_texts(directory: Path = DIRECTORY) -> dict[str, Texts]:
    """The texts of every language in `directory`: Dutch, English, the others.

    Raises TextsIncomplete when a file lacks a key or a placeholder that another one has.
    """
    return load_language_files(directory, Texts)


@cache
def page_texts() -> Mapping[str, Texts]:
    """The texts that come with Meetpunt, read once."""
    return load_texts(DIRECTORY)


def languages_of_pages() -> frozenset[str]:
    """The languages that have a file of texts, whether or not something is wrong in it."""
    return frozenset(path.stem for path in DIRECTORY.glob("*.toml"))


def texts_in(language: str) -> Texts:
    """The page texts in `language`; raises LanguageUnknown."""
    try:
        return page_texts()[language]
    except KeyError:
        raise LanguageUnknown(language) from None


def wording(text: Text, language: str) -> str:
    """The text in `language`, else in its first language, else nothing."""
    return text.get(language) or next(iter(text.values()), "")


def in_words(day: datetime.date, texts: Texts) -> str:
    """A day as people say it: "5 mei 2026"."""
    return texts.date.format(day=day.day, month=texts.months[day.month - 1], year=day.year)


def labels(item: Item, texts: Texts) -> tuple[tuple[int | str, str], ...]:
    """The choices of an item in order: the stored value and the words for it, `nvt` last.

    A `text` offers nothing. Where its kind says so, an item's own `low` and `high` name the ends.
    """
    kind, language = item.declared, texts.language
    offered: list[tuple[int | str, str]]
    if kind.has_options:
        offered = [(option.code, wording(option.label, language)) for option in item.options]
    else:
        words = texts.words[kind.name] if kind.words else {}
        offered = [(value, words.get(str(value), str(value))) for value in kind.values]
    if kind.ends == "instead" and item.low:
        offered[0] = (offered[0][0], wording(item.low, language))
        offered[-1] = (offered[-1][0], wording(item.high, language))
    if item.not_applicable:
        offered.append((NOT_APPLICABLE, texts.survey.not_applicable))
    return tuple(offered)


def ends(item: Item, texts: Texts) -> tuple[str, ...]:
    """The texts for both ends of a scale, each with its number; empty where there are none."""
    scale = item.declared.scale
    if scale is None or item.declared.ends not in ("beside", "required") or not item.low:
        return ()
    return tuple(
        texts.survey.anchor.format(number=number, meaning=wording(meaning, texts.language))
        for number, meaning in zip(scale, (item.low, item.high), strict=True)
    )


def sentence(texts: Texts, code: str, kind: str | None, *, limit: int) -> str:
    """What to tell a resident about a rejected answer: by reason code and the item's kind."""
    sentences = texts.problems.sentences
    by_kind = sentences.get(code) or sentences["unknown-item"]
    chosen = by_kind.get(kind or "any") or by_kind.get("any") or sentences["unknown-item"]["any"]
    return chosen.format(limit=limit)
