"""Texts that are hard to read, or that ask for what we must not have, are found."""

from pathlib import Path

import pytest

from ingest.files.toml_files import read_toml
from ingest.questionnaires.questionnaire import load_questionnaire
from ingest.questionnaires.wording import sentence_faults, wording_findings
from ingest.questionnaires.written import translation_files
from tests.questionnaires_at_hand import DUTCH, ENGLISH, write_files

FIFTEEN = "een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien"


def found(tmp_path: Path, dutch: str = DUTCH, english: str = ENGLISH) -> list[str]:
    path = write_files(tmp_path, v1=dutch, v1_en=english)
    questionnaire = load_questionnaire(path)
    translations = {lang: read_toml(file) for lang, file in translation_files(path).items()}
    findings = wording_findings(
        questionnaire.items, read_toml(path), translations, title=questionnaire.title
    )
    return [str(finding).removeprefix(f"{path.parent}/") for finding in findings]


def test_plain_texts_are_left_alone(tmp_path: Path) -> None:
    assert found(tmp_path) == []


def test_a_sentence_of_level_b1_has_at_most_fifteen_words() -> None:
    assert list(sentence_faults(f"{FIFTEEN}. {FIFTEEN}?", "nl")) == []
    (fault,) = sentence_faults(f"Kort. {FIFTEEN} zestien.", "nl")
    assert fault == "a sentence of 16 words (een twee drie vier ...); at most 15"
    assert list(sentence_faults(f"{FIFTEEN} zestien", "en")) == []
    assert list(sentence_faults(f"{FIFTEEN} {FIFTEEN}", "en"))


@pytest.mark.parametrize(
    "wording", ["Van 0 tot 10", "0-10", "0 – 10", "0 t/m 10", "0 tot en met 10", "0/10"]
)
def test_a_scale_from_zero_to_ten_is_found(wording: str) -> None:
    assert list(sentence_faults(wording, "nl"))


@pytest.mark.parametrize("wording", ["Van 1 tot en met 10", "10 minuten", "0 of 1", "20-100"])
def test_another_scale_is_left_alone(wording: str) -> None:
    assert list(sentence_faults(wording, "nl")) == []


def test_residents_are_addressed_with_u() -> None:
    assert list(sentence_faults("Wat vond je ervan?", "nl"))
    assert list(sentence_faults("Is uw jas geel? Wilt u jouwen?", "nl")) == []


def test_an_open_question_asks_for_no_personal_data(tmp_path: Path) -> None:
    vague = DUTCH.replace("geen persoonlijke gegevens in", "in wat u wilt")
    assert found(tmp_path, vague, ENGLISH.replace("personal details", "nothing")) == [
        "v1.toml:30: an open question needs the hint not to give personal data",
        "v1.en.toml:18: an open question needs the hint not to give personal data",
    ]


def test_an_open_question_has_its_hint_in_every_language(tmp_path: Path) -> None:
    bare = DUTCH.replace('help.nl = "Vul geen persoonlijke gegevens in."\n', "")
    lines = found(tmp_path, bare, ENGLISH.replace('help = "Leave out personal details."\n', ""))
    assert any("needs a `help` text" in line for line in lines)


def test_a_sentence_that_was_never_translated_is_found(tmp_path: Path) -> None:
    forgotten = ENGLISH.replace("How was your visit?", "Hoe was uw bezoek?")
    assert found(tmp_path, english=forgotten) == ["v1.en.toml:3: is the Dutch text; translate it"]


def test_a_word_that_two_languages_share_is_left_alone(tmp_path: Path) -> None:
    dutch = DUTCH.replace("Iets anders", "Online account")
    assert found(tmp_path, dutch, ENGLISH.replace("Something else", "Online account")) == []


def test_a_translation_in_another_alphabet_is_looked_at_as_such(tmp_path: Path) -> None:
    path = write_files(tmp_path, v1=DUTCH, v1_uk=ENGLISH.replace('"en"', '"uk"'))
    translation = {"uk": read_toml(path.with_name("v1.uk.toml"))}
    findings = [
        str(finding)
        for finding in wording_findings(
            load_questionnaire(path).items, read_toml(path), translation
        )
    ]
    assert any("without one Cyrillic letter (What mark" in told for told in findings)


def test_a_fault_is_told_where_its_text_stands(tmp_path: Path) -> None:
    zero = "Van 0 tot 10"
    dutch = DUTCH.replace("Iets anders", zero).replace("Hoe was uw bezoek?", zero)
    english = ENGLISH.replace("Something else", "0-10").replace("How was your visit?", "0-10")
    assert [line.split(": ")[0] for line in found(tmp_path, dutch, english)] == [
        "v1.toml:4",
        "v1.en.toml:3",
        "v1.toml:24",
        "v1.en.toml:14",
    ]
