"""The kiosk's own texts: in every language that pages speak, short enough to read standing up."""

import pytest

from ingest.questionnaires.scripts import script_faults
from ingest.texts.kiosk_texts import kiosk_texts, kiosk_texts_in, sent_in
from ingest.texts.language_files import LanguageUnknown
from ingest.texts.page_texts import page_texts

LANGUAGES = tuple(kiosk_texts())
LONGEST = 90
# The forms that CLDR has for whole numbers in each language; a browser asks for these.
FORMS = {"one", "other"}
MORE_FORMS = {
    "pl": {"few", "many"},
    "uk": {"few", "many"},
    "ar": {"zero", "two", "few", "many"},
}


def every_text(language: str) -> dict[str, str]:
    """Each text by its name, and each form of those with a number."""
    texts: dict[str, str] = {}
    for name, text in sent_in(language).items():
        forms = text.items() if isinstance(text, dict) else [("", text)]
        texts |= {f"{name} {form}".strip(): words for form, words in forms}
    return texts


def test_the_kiosk_speaks_every_language_of_the_pages() -> None:
    assert tuple(page_texts()) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_texts_are_short_and_in_the_letters_of_the_language(language: str) -> None:
    for text in every_text(language).values():
        assert len(text) <= LONGEST
        assert list(script_faults(text, language)) == []


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_nothing_was_left_in_dutch(language: str) -> None:
    dutch = every_text("nl")
    same = {key for key, text in every_text(language).items() if text == dutch.get(key)}
    assert not same - {"pairCode"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_with_a_number_has_every_form_of_the_language(language: str) -> None:
    texts = kiosk_texts_in(language)
    for forms in (texts.countdown, texts.waiting):
        assert set(forms) == FORMS | MORE_FORMS.get(language, set())
        assert "{seconds}" in forms["other"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_who_has_translated_is_reviewed(language: str) -> None:
    assert (kiosk_texts_in(language).reviewed_by is None) == (language == "nl")


def test_a_language_without_texts_is_refused() -> None:
    with pytest.raises(LanguageUnknown):
        sent_in("xx")
