"""The texts of a questionnaire: Dutch beside the structure, every translation in its own file.

A text has the same place in every file: `("items", "cijfer", "help")`. So a translation can be
compared with the Dutch, and every missing or superfluous text gets a finding at its line.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from ingest.files.findings import FilesRejected, Finding
from ingest.files.toml_files import TomlFile, read_toml, struct_of
from ingest.questionnaires.items import Code, FilePath, Item, Language, Text, Wording
from ingest.questionnaires.scripts import unseen_fault

DUTCH = "nl"
Sheet = dict[FilePath, Text]
"""All texts of a questionnaire by their place in a translation file."""


class TranslatedItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The texts of one item in one language; `options` is option code -> label."""

    text: Wording
    help: Wording | None = None
    low: Wording | None = None
    high: Wording | None = None
    options: dict[Code, Wording] = {}


class Translation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file `v1.en.toml`. `reviewed_by` names a speaker of the language who read it, if any.

    A translation of a municipality's own items has no title and no intro.
    """

    language: Language
    reviewed_by: str
    title: Wording | None = None
    intro: Wording | None = None
    items: dict[Code, TranslatedItem]


def sheet_of(items: Sequence[Item], **head: Text) -> Sheet:
    """The texts of these items, and of `title` and `intro` where there are any."""
    sheet: Sheet = {(name,): text for name, text in head.items() if text}
    for item in items:
        for where, text in item.texts():
            if where[0] == "options":
                where = ("options", item.options[int(where[1])].code)
            sheet[("items", item.code, *where)] = text
    return sheet


def with_texts_of(items: Sequence[Item], sheet: Sheet) -> tuple[Item, ...]:
    """The items with the sheet's texts, in every language it has."""
    return tuple(
        msgspec.structs.replace(
            item,
            text=sheet[("items", item.code, "text")],
            help=sheet.get(("items", item.code, "help"), {}),
            low=sheet.get(("items", item.code, "low"), {}),
            high=sheet.get(("items", item.code, "high"), {}),
            options=tuple(
                msgspec.structs.replace(
                    option, label=sheet[("items", item.code, "options", option.code)]
                )
                for option in item.options
            ),
        )
        for item in items
    )


def dutch_findings(file: TomlFile, items: Sequence[Item], **head: Text) -> Iterator[Finding]:
    """Texts of the structure file that are not Dutch, or not only Dutch."""
    places: list[tuple[FilePath, Text]] = [((name,), text) for name, text in head.items() if text]
    for index, item in enumerate(items):
        places += [(("items", index, *where), text) for where, text in item.texts()]
    for where, text in places:
        if DUTCH not in text:
            yield file.finding(where, f"`{where[-1]}` has no Dutch text (`.nl`)")
        if fault := unseen_fault(text.get(DUTCH, "")):
            yield file.finding((*where, DUTCH), f"`{where[-1]}` {fault}")
        for language in text:
            if language != DUTCH:
                translation = f"{Path(file.path).stem}.{language}.toml"
                yield file.finding((*where, language), f"only Dutch stands here; see {translation}")


def lay_on(sheet: Sheet, files: Mapping[str, Path]) -> tuple[Sheet, list[Finding]]:
    """The Dutch sheet with every translation added, and findings where one does not fit."""
    whole = {where: dict(text) for where, text in sheet.items()}
    findings: list[Finding] = []
    for language, path in files.items():
        try:
            file = read_toml(path)
            translation = struct_of(file, Translation)
        except FilesRejected as refused:
            findings += refused.findings
            continue
        findings += _misfits(sheet, translation, file, language)
        for where, text in _texts_of(translation).items():
            if where in whole:
                whole[where][language] = text
    return whole, findings


def unreadable(files: Mapping[str, Path]) -> list[Finding]:
    """Findings in translations alone, where the Dutch file cannot be read."""
    findings: list[Finding] = []
    for path in files.values():
        try:
            struct_of(read_toml(path), Translation)
        except FilesRejected as refused:
            findings += refused.findings
    return findings


def _texts_of(translation: Translation) -> dict[FilePath, str]:
    texts: dict[FilePath, str | None] = {
        ("title",): translation.title,
        ("intro",): translation.intro,
    }
    for code, item in translation.items.items():
        for name in ("text", "help", "low", "high"):
            texts[("items", code, name)] = getattr(item, name)
        for option, label in item.options.items():
            texts[("items", code, "options", option)] = label
    return {where: text for where, text in texts.items() if text is not None}


def _misfits(
    sheet: Sheet, translation: Translation, file: TomlFile, language: str
) -> Iterator[Finding]:
    if translation.language != language or language == DUTCH:
        right_name = re.sub(
            r"\.[^.]+\.toml$", f".{translation.language}.toml", Path(file.path).name
        )
        message = f"`language` is {translation.language!r}; that belongs in {right_name}"
        yield file.finding(("language",), message)
    texts = _texts_of(translation)
    for where in sheet:
        if where not in texts:
            yield file.finding(where, f"`{_dotted(where)}` is not translated")
    for where, text in texts.items():
        if fault := unseen_fault(text):
            yield file.finding(where, f"`{_dotted(where)}` {fault}")
        if where not in sheet:
            yield file.finding(where, f"there is no Dutch `{_dotted(where)}` to translate")


def _dotted(where: FilePath) -> str:
    return ".".join(str(part) for part in where)
