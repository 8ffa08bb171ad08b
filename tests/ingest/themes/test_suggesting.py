"""Words that are suggested are about something, in whichever language."""

import pytest

from ingest.themes.suggesting import small_words, suggestions

LANGUAGES = {
    "nl": ("een nog werd moest", "wachtkamer"),
    "en": ("they were still not", "parking"),
    "de": ("für ich wurde noch", "wartezeit"),
    "pl": ("żeby się jest byłam", "kolejka"),
    "tr": ("için çok değil ama", "randevu"),
    "uk": ("дуже було мені також", "черга"),
    "ar": ("لأن كان إلى الذي", "موعد"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_about_nothing_is_not_suggested(language: str) -> None:
    small, word = LANGUAGES[language]
    low, other = [(f"{small} {word}", True)] * 20, [("prima", False)] * 20
    assert [found.word for found in suggestions([*low, *other])] == [word]


def test_no_word_that_a_theme_has_is_a_small_one() -> None:
    for word in ("wacht", "vriendelijk", "duidelijk", "telefoon", "open", "website", "opgelost"):
        assert word not in small_words()
