"""Texts in one file per language: all have the same keys and the same placeholders."""

import string
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from ingest.files.findings import FilesRejected, Finding
from ingest.files.toml_files import TomlFile, read_toml, struct_of

ORIGINAL = "nl"
"""The language that is written first; the other files are translations of it."""


class TextsIncomplete(FilesRejected):
    """Texts are wrong: two languages differ in their keys, a sentence is empty, and the like."""


class LanguageUnknown(LookupError):
    """There are no texts in this language."""


class LanguageFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every file of texts says about itself.

    `reviewed_by` names a speaker of the language who read the file; it is empty while nobody did.
    Only the original does not have it.
    """

    language: str
    reviewed_by: str | None = None


_File = TypeVar("_File", bound=LanguageFile)


NUMBER_FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})
"""The forms of a sentence with a number in it, as CLDR names them."""


def load_language_files(directory: Path, kind: type[_File]) -> dict[str, _File]:
    """The texts of every file `<language>.toml` in `directory`: Dutch, English, the others.

    Raises TextsIncomplete with all that is wrong in any of them: a key or a placeholder that
    differs from the original's is a finding of the translation.
    """
    tables: dict[str, TomlFile] = {}
    files: dict[str, _File] = {}
    findings: list[Finding] = []
    for path in sorted(directory.glob("*.toml"), key=lambda each: _place_of(each.stem)):
        try:
            table = read_toml(path)
            files[path.stem] = struct_of(table, kind)
        except FilesRejected as rejected:
            findings += rejected.findings
        else:
            tables[path.stem] = table
            findings += _about_itself(table, files[path.stem], path.stem)
    findings += _differences(tables)
    if findings:
        raise TextsIncomplete(findings)
    return files


def _place_of(language: str) -> tuple[bool, bool, str]:
    return language != ORIGINAL, language != "en", language


def _about_itself(table: TomlFile, file: LanguageFile, language: str) -> Iterator[Finding]:
    if file.language != language:
        sentence = f"says that its `language` is '{file.language}': it has to be '{language}'"
        yield table.finding(("language",), sentence)
    if file.reviewed_by is None and language != ORIGINAL:
        yield table.finding(
            ("reviewed_by",), '`reviewed_by` is missing: reviewed_by = "" while nobody read it'
        )
    if file.reviewed_by is not None and language == ORIGINAL:
        yield table.finding(("reviewed_by",), "is the original and needs no `reviewed_by`")


def _differences(tables: Mapping[str, TomlFile]) -> Iterator[Finding]:
    """What a language says otherwise than the original; where that is faulty, what is empty."""
    known = {language: dict(leaves(table.data)) for language, table in tables.items()}
    original = known.get(ORIGINAL)
    for language, texts in known.items():
        file = tables[language]
        for leaf in sorted({*texts, *(original or ())} - {"reviewed_by"}):
            if sentence := _difference(leaf, texts, original):
                yield file.finding(tuple(leaf.split(".")), sentence)


def _difference(
    leaf: str, texts: Mapping[str, str], original: Mapping[str, str] | None
) -> str | None:
    text = texts.get(leaf, "")
    if not text.strip():
        return f"`{leaf}` is empty" if leaf in texts else f"`{leaf}` is missing"
    if (filled_in := _placeholders(text)) is None:
        return f"`{leaf}` has a brace without its other half"
    if original is None:
        return None
    if leaf not in original:
        return f"`{leaf}` is not in {ORIGINAL}.toml"
    if filled_in != (_placeholders(original[leaf]) or set()):
        return f"`{leaf}` fills in other words between braces than {ORIGINAL}.toml"
    return None


def leaves(value: object, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a file with its place: `("survey.send", "Send your answers")`."""
    if isinstance(value, dict) and value and value.keys() <= NUMBER_FORMS:
        # Some languages have one form for a number, others six; all of them say one thing.
        yield where, " ".join(value.values())
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{where}.{key}" if where else key)
    elif isinstance(value, list | tuple):
        # Languages may need more or fewer sentences; what matters is that there are some.
        yield where, " ".join(value)
    else:
        yield where, str(value)


def _placeholders(text: str) -> set[str] | None:
    """The names between braces; None where a brace stands alone."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return None
