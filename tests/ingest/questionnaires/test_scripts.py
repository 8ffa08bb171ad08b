"""A text in another alphabet is in that alphabet, with its signs, or the check says so."""

import pytest

from ingest.questionnaires.scripts import script_faults


@pytest.mark.parametrize(
    ("language", "wording"),
    [
        ("ar", "ما الدرجة التي تعطونها؟ من 1 إلى 10، من فضلكم."),
        ("ar", "بلدية {municipality}"),
        ("uk", "Яку оцінку ви поставите? Від 1 до 10."),
        ("uk", "Об’єднання Meetpunt"),
        ("uk", "5"),
        ("pl", "Gdzie? Tu, czy tam; wszystko jedno."),
    ],
)
def test_nothing_is_said_of_a_text_as_it_should_be(language: str, wording: str) -> None:
    assert list(script_faults(wording, language)) == []


@pytest.mark.parametrize(
    ("language", "wording", "told"),
    [
        ("ar", "هل توافقون?", "`?` is no sign"),
        ("ar", "نعم, لا", "`,` is no sign"),
        ("ar", "من ١", "`١` is no sign"),
        ("uk", "Это вопрос", "`Э` is no letter"),
        ("uk", "Добрый день", "`ы` is no letter"),
        ("uk", "Дякуємо. Thank you very much.", "without one Cyrillic letter (Thank"),
        ("ar", "{count} questions", "without one Arabic letter"),
    ],
)
def test_what_shows_another_language_is_told(language: str, wording: str, told: str) -> None:
    (fault,) = script_faults(wording, language)
    assert told in fault
