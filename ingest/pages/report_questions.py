"""What a page asks besides of who made a report, and tells that report. Pure."""

import unicodedata

from ingest.pages.survey_form import UNSHOWABLE, Choice, FormState, Question
from ingest.questionnaires.kinds import Control, Layout
from ingest.texts.page_texts import Texts, sentence

MOST_WORDS = 1000
"""How many characters somebody's own words may have: Signalen takes no more."""


def report_questions(texts: Texts, state: FormState) -> tuple[Question, ...]:
    """Whether it is solved, whether they may be contacted, and their own words if they like."""
    told = texts.report
    solved = (
        ("solved", told.solved),
        ("solved-but", told.solved_but),
        ("unsolved", told.unsolved),
    )
    contact = (("yes", told.contact_yes), ("no", told.contact_no))
    return (
        _question("_solved", told.ask, texts, state, choices=solved),
        _question("_words", told.words, texts, state),
        _question(
            "_contact", told.contact, texts, state, choices=contact, explained=told.contact_help
        ),
    )


def _question(
    code: str,
    label: str,
    texts: Texts,
    state: FormState,
    *,
    choices: tuple[tuple[str, str], ...] = (),
    explained: str = "",
) -> Question:
    sent = [value.translate(UNSHOWABLE) for value in state.values.get(code, ())]
    errors = tuple(
        sentence(texts, reason.code, "choice" if choices else "text", limit=MOST_WORDS)
        for reason in state.reasons
        if reason.name == code
    )
    control: Control = "radio" if choices else "textarea"
    layout: Layout = "list" if len(choices) > 2 else "few" if choices else "text"
    parts = (("e", errors), ("h", explained), ("c", not choices))
    written = sent[0] if sent and not choices else ""
    return Question(
        code=code,
        control=control,
        layout=layout,
        label=label,
        required=bool(choices),
        told="" if choices else texts.survey.optional,
        help=explained,
        low="",
        high="",
        choices=tuple(
            Choice(value=value, label=words, checked=value in sent, apart=False)
            for value, words in choices
        ),
        written=written,
        count="" if choices else _count(written, texts),
        errors=errors,
        limit=MOST_WORDS,
        described_by=" ".join(f"{letter}-{code}" for letter, text in parts if text),
    )


def _count(written: str, texts: Texts) -> str:
    left = MOST_WORDS - len(unicodedata.normalize("NFC", written))
    said = texts.survey.characters_left if left >= 0 else texts.survey.characters_over
    return said.format(count=abs(left))
