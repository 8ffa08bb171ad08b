"""Texts in one file per language: all have the same keys and the same placeholders."""

import string
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

ORIGINAL = "nl"
"""The language that is written first; the other files are translations of it."""


class TextsIncomplete(Exception):
    """The texts of two languages differ in their keys, or a sentence is empty."""


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

    Raises TextsIncomplete when a file lacks a key or a placeholder that another one has.
    """
    tables = {
        path.stem: tomllib.loads(path.read_text("utf-8")) for path in directory.glob("*.toml")
    }
    files: dict[str, _File] = {}
    for language in sorted(tables, key=_place_of):
        try:
            files[language] = msgspec.convert(tables[language], kind)
        except msgspec.ValidationError as fault:
            raise TextsIncomplete(f"{language}.toml: {fault}") from fault
        _check_what_it_says_about_itself(files[language], language)
    for table in tables.values():
        table.pop("reviewed_by", None)
    _check_that_all_say_the_same(tables)
    return files


def _place_of(language: str) -> tuple[bool, bool, str]:
    return language != ORIGINAL, language != "en", language


def _check_what_it_says_about_itself(file: LanguageFile, language: str) -> None:
    if file.language != language:
        raise TextsIncomplete(f"{language}.toml says that it is {file.language}")
    if (file.reviewed_by is None) != (language == ORIGINAL):
        wrong = "has no" if file.reviewed_by is None else "is the original and needs no"
        raise TextsIncomplete(f"{language}.toml {wrong} reviewed_by")


def _check_that_all_say_the_same(tables: Mapping[str, object]) -> None:
    known = {language: dict(leaves(table)) for language, table in tables.items()}
    everything = sorted({leaf for texts in known.values() for leaf in texts})
    for language, texts in known.items():
        for leaf in everything:
            if not texts.get(leaf, "").strip():
                raise TextsIncomplete(f"{language}.toml has no {leaf}")
        for other in known.values():
            for leaf, text in texts.items():
                if _placeholders(text) != _placeholders(other.get(leaf, text)):
                    raise TextsIncomplete(f"{language}.toml fills in other words at {leaf}")


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


def _placeholders(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
