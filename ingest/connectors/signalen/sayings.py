"""What a reporter says to their report: read from the form, and as Signalen takes it. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ingest.municipalities.signalen import Signalen

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
"""A token of Signalen's feedback: 32 random bytes in URL-safe base64."""

SOLVED, WORDS, CONTACT = "_solved", "_words", "_contact"
"""The fields of the form. They are no items, so they begin so."""

YES, YES_BUT, NO = "solved", "solved-but", "unsolved"
SOLVED_VALUES = (YES, YES_BUT, NO)
CONTACT_VALUES = ("yes", "no")

MOST_CHARACTERS = 1000
"""Signalen refuses more."""


class Saying(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says to their report.

    `solved` is one of SOLVED_VALUES: only NO asks to look at the report again. `words` are their
    own, or nothing. `contact`: the municipality may contact them; where it may not, Signalen sends
    them no mail on this report any more.
    """

    solved: str
    contact: bool
    words: str = ""

    def __repr__(self) -> str:
        # What somebody wrote could end up in a traceback, and so in a log.
        return "Saying()"


def read_saying(
    fields: Mapping[str, Sequence[str]],
) -> tuple[Saying | None, tuple[tuple[str, str], ...]]:
    """What the form says; or None, and what is wrong: fields with the codes of reasons."""
    sent = {name: fields.get(name, [""])[0] for name in (SOLVED, WORDS, CONTACT)}
    faults = []
    for name, values in ((SOLVED, SOLVED_VALUES), (CONTACT, CONTACT_VALUES)):
        if sent[name] not in values:
            faults.append((name, "unknown-option" if sent[name] else "required"))
    words = normal(sent[WORDS])
    if len(words) > MOST_CHARACTERS:
        faults.append((WORDS, "too-long"))
    elif any(_is_strange(sign) for sign in words):
        faults.append((WORDS, "bad-characters"))
    if faults:
        return None, tuple(faults)
    return Saying(solved=sent[SOLVED], contact=sent[CONTACT] == "yes", words=words), ()


def normal(words: str) -> str:
    """As it is counted and sent: composed, with plain line ends, and nothing around it."""
    return unicodedata.normalize("NFC", words.replace("\r\n", "\n").replace("\r", "\n")).strip()


def written_back(saying: Saying, signalen: Signalen) -> dict[str, Any]:
    """The body of a PUT.

    What somebody wrote stands in `text_extra`, which reopens no report; a text anywhere else does.
    No value is ever null: that would reopen it too.
    """
    body: dict[str, Any] = {
        "is_satisfied": saying.solved == YES,
        "text_list": [signalen.unsolved if saying.solved == NO else signalen.solved],
        "allows_contact": saying.contact,
    }
    if saying.words:
        body["text_extra"] = saying.words
    return body


def _is_strange(sign: str) -> bool:
    """A control character, or half of a letter: neither can be stored there."""
    return sign not in "\n\t" and unicodedata.category(sign) in ("Cc", "Cs")
