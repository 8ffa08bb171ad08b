"""Check that everybody can read the questions: short sentences, "u", no personal data asked.

Also that a translation is not the Dutch text again, and uses the letters of its language.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from ingest.files.findings import Finding
from ingest.files.toml_files import TomlFile
from ingest.questionnaires.items import FilePath, Item, Text
from ingest.questionnaires.scripts import script_faults
from ingest.questionnaires.translations import DUTCH

MOST_WORDS = {DUTCH: 15}
"""Words in a sentence, by language. Source: what level B1 asks of Dutch."""

MOST_WORDS_ELSEWHERE = 20

_SENTENCE_END = re.compile(r"[.!?؟…]+(?:\s+|$)")
_ZERO_TO_TEN = re.compile(r"\b0\s*(?:-|–|/|t/m|tot(?: en met)?|to|through|bis|à)\s*10\b")
_FAMILIAR = re.compile(r"\b(?:je|jij|jou|jouw|jullie)\b", re.IGNORECASE)
# How the hint not to give personal data is recognised. In other languages people must check it.
_HINT = {
    DUTCH: re.compile(r"persoonlijke gegevens|persoonsgegevens", re.IGNORECASE),
    "ar": re.compile(r"(?:بيانات|البيانات|معلومات|المعلومات) (?:ال)?شخصية"),
    "de": re.compile(r"persönlichen? (?:daten|angaben)|personenbezogen", re.IGNORECASE),
    "en": re.compile(r"personal (?:data|details|information)", re.IGNORECASE),
    "pl": re.compile(r"dan(?:e|ych) osobow(?:e|ych)", re.IGNORECASE),
    "tr": re.compile(r"kişisel (?:bilgi|veri)", re.IGNORECASE),
    "uk": re.compile(r"(?:особист|персональн)(?:і|их) дан(?:і|их)", re.IGNORECASE),
}

_WORDS_OF_A_SENTENCE = 3
"""A name or a loan word may be the same in two languages; so many words in a row are not."""


def wording_findings(
    items: Sequence[Item], file: TomlFile, translations: Mapping[str, TomlFile], **head: Text
) -> Iterator[Finding]:
    """What is hard to read or unwise in the texts of these items, and of `title` and `intro`."""
    for where, text in head.items():
        for language in text:
            place = (where, language) if language == DUTCH else (where,)
            source = file if language == DUTCH else translations[language]
            for message in _faults_of_text(text, language):
                yield source.finding(place, message)
    for index, item in enumerate(items):
        for language in item.text:
            source = file if language == DUTCH else translations[language]
            for where_in_item, message in _faults_of_item(item, language):
                yield source.finding(_place(item, index, where_in_item, language), message)


def sentence_faults(wording: str, language: str) -> Iterator[str]:
    """What is wrong with a wording by itself."""
    most = MOST_WORDS.get(language, MOST_WORDS_ELSEWHERE)
    for sentence in _SENTENCE_END.split(wording):
        count = len(sentence.split())
        if count > most:
            opening = " ".join(sentence.split()[:4])
            yield f"a sentence of {count} words ({opening} ...); at most {most}"
    if _ZERO_TO_TEN.search(wording):
        yield "a scale from 0 to 10 confuses beside a mark from 1 to 10"
    if language == DUTCH and _FAMILIAR.search(wording):
        yield "residents are addressed with `u`"
    yield from script_faults(wording, language)


def _faults_of_text(text: Text, language: str) -> Iterator[str]:
    """As `sentence_faults`; also whether a translation is still the Dutch text."""
    wording = text.get(language, "")
    if (
        language != DUTCH
        and wording == text.get(DUTCH)
        and len(wording.split()) >= _WORDS_OF_A_SENTENCE
    ):
        yield "is the Dutch text; translate it"
    yield from sentence_faults(wording, language)


def _faults_of_item(item: Item, language: str) -> Iterator[tuple[FilePath, str]]:
    for where, text in item.texts():
        for message in _faults_of_text(text, language):
            yield where, message
    if item.declared.holds == "text" and language in _HINT:
        wording = f"{item.text[language]} {item.help.get(language, '')}"
        if not _HINT[language].search(wording):
            yield ("help",), "an open question needs the hint not to give personal data"
    if item.declared.holds == "text" and not item.help:
        yield (), "an open question needs a `help` text with the hint not to give personal data"


def _place(item: Item, index: int, where: FilePath, language: str) -> FilePath:
    """The place of a text: by the item's number in the Dutch file, by its code in a translation."""
    if language == DUTCH:
        return ("items", index, *where, DUTCH)
    if where[:1] == ("options",):
        where = ("options", item.options[int(where[1])].code)
    return ("items", item.code, *where)
