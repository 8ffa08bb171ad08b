"""The widget's own texts: in every language that pages speak, short, and said."""

import re
from pathlib import Path

import msgspec
import pytest

from ingest.questionnaires.scripts import script_faults
from ingest.texts.language_files import LanguageFile, LanguageUnknown, leaves
from ingest.texts.page_texts import page_texts
from ingest.texts.widget_texts import WidgetTexts, widget_texts, widget_texts_in
from ingest.widget import offered

LANGUAGES = tuple(widget_texts())
LONGEST = 80
"""Characters: every one goes to every visitor of a page with a widget."""


def told_in(language: str) -> dict[str, str]:
    told = dict(leaves(msgspec.to_builtins(widget_texts_in(language))))
    return {key: text for key, text in told.items() if key not in LanguageFile.__struct_fields__}


def test_the_widget_speaks_every_language_of_the_pages() -> None:
    assert tuple(page_texts()) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_texts_are_short_and_in_the_letters_of_the_language(language: str) -> None:
    for text in told_in(language).values():
        assert len(text) <= LONGEST
        assert "{" not in text
        assert list(script_faults(text, language)) == []


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_nothing_was_left_in_dutch(language: str) -> None:
    dutch = told_in("nl")
    assert not [key for key, text in told_in(language).items() if text == dutch[key]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_who_has_translated_is_reviewed(language: str) -> None:
    assert (widget_texts_in(language).reviewed_by is None) == (language == "nl")


def test_every_text_is_sent() -> None:
    sent = Path(offered.__file__).read_text("utf-8")
    own = WidgetTexts.__struct_fields__
    unsent = [
        key
        for key in own
        if key not in LanguageFile.__struct_fields__ and not re.search(rf"\bown\.{key}\b", sent)
    ]
    assert not unsent


def test_a_language_without_texts_is_refused() -> None:
    with pytest.raises(LanguageUnknown):
        widget_texts_in("xx")
