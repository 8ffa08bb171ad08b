"""The kiosk's own texts: in every language that pages speak, short enough to read standing up."""

import pytest

from ingest.questionnaires.scripts import script_faults
from ingest.texts.kiosk_texts import kiosk_texts, kiosk_texts_in, sent_in
from ingest.texts.language_files import LanguageUnknown
from ingest.texts.page_texts import page_texts

LANGUAGES = tuple(kiosk_texts())
LONGEST = 90


def test_the_kiosk_speaks_every_language_of_the_pages() -> None:
    assert tuple(page_texts()) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_texts_are_short_and_in_the_letters_of_the_language(language: str) -> None:
    for text in sent_in(language).values():
        assert len(text) <= LONGEST
        assert list(script_faults(text, language)) == []


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_nothing_was_left_in_dutch(language: str) -> None:
    dutch = sent_in("nl")
    same = {key for key, text in sent_in(language).items() if text == dutch[key]}
    assert not same - {"pairCode"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_who_has_translated_is_reviewed(language: str) -> None:
    assert (kiosk_texts_in(language).reviewed_by is None) == (language == "nl")


def test_a_language_without_texts_is_refused() -> None:
    with pytest.raises(LanguageUnknown):
        sent_in("xx")
