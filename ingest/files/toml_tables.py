"""Read a TOML table key by key, and note every fault in it with its line.

Nothing is raised on the way: a value that is refused becomes a harmless one (`""`, `0`), so that
the rest of the file is checked too. Look at the findings before using the values.
"""

import re
import reprlib
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from ingest.files.findings import Finding
from ingest.files.near_misses import unknown_key
from ingest.files.toml_files import TomlFile
from ingest.files.toml_lines import TomlPath

Rule = Callable[[str], str | None]
"""Why a text is refused, as the end of a sentence that begins with its key; None when it is not."""


class Table:
    """One table of `file`; faults are added to `findings`."""

    def __init__(
        self, file: TomlFile, findings: list[Finding], values: dict[str, Any], where: TomlPath = ()
    ) -> None:
        self.file = file
        self.findings = findings
        self.values = values
        self.where = where
        self._known_keys: set[str] = set()

    def fault(self, message: str, *where: str | int) -> None:
        """Note what is wrong at the key `where` of this table."""
        self.findings.append(self.file.finding((*self.where, *where), message))

    def holds(self, key: str) -> bool:
        """Whether the key is written; it is known from now on."""
        self._known_keys.add(key)
        return key in self.values

    def text(self, key: str, rule: Rule | None = None) -> str:
        """A text that must be there and keep the rule."""
        if not self.holds(key):
            self.fault(f"`{key}` is missing", key)
            return ""
        return self._text(self.values[key], rule, key)

    def text_or_none(self, key: str, rule: Rule | None = None) -> str | None:
        """A text that may be left out."""
        return self.text(key, rule) if self.holds(key) else None

    def number(self, key: str, lowest: int, highest: int, default: int | None = None) -> int:
        """A whole number from `lowest` to `highest`; it must be there if there is no default."""
        if not self.holds(key):
            if default is None:
                self.fault(f"`{key}` is missing", key)
            return default or 0
        value = self.values[key]
        # In Python true is a number, in a file it is a mistake.
        if type(value) is int and lowest <= value <= highest:
            return value
        expected = f"must be a whole number from {lowest} to {highest}, not {reprlib.repr(value)}"
        self.fault(f"`{key}` {expected}", key)
        return 0

    def decimal(self, key: str, lowest: int, highest: int) -> Decimal:
        """A number with at most two decimals that must be there, exactly as it is written."""
        if not self.holds(key):
            self.fault(f"`{key}` is missing", key)
            return Decimal(0)
        value = self.values[key]
        # The shortest decimal that is this float is what stands in the file: 7.8, not 7.7999999.
        number = Decimal(repr(value)) if type(value) in (int, float) else Decimal("NaN")
        # NaN and infinity fail the first two; comparing NaN would raise.
        if number.is_finite() and lowest <= number <= highest and number == round(number, 2):
            return number
        expected = f"a number from {lowest} to {highest}, with at most two decimals"
        self.fault(f"`{key}` must be {expected}, not {reprlib.repr(value)}", key)
        return Decimal(0)

    def truth(self, key: str) -> bool:
        """True or false; false when left out."""
        value = self.values[key] if self.holds(key) else False
        if not isinstance(value, bool):
            self.fault(f"`{key}` must be true or false, not {reprlib.repr(value)}", key)
        return value is True

    def texts(
        self, key: str, rule: Rule, default: tuple[str, ...] | None = None
    ) -> tuple[str, ...]:
        """A list of different texts, at least one; it must be there if there is no default."""
        if not self.holds(key):
            if default is None:
                self.fault(f"`{key}` is missing", key)
            return default or ()
        value = self.values[key]
        if not isinstance(value, list) or not value:
            self.fault(f"`{key}` must be a list with at least one text in it", key)
            return ()
        texts: list[str] = []
        for index, element in enumerate(value):
            text = self._text(element, rule, key, index)
            if text and text in texts:
                self.fault(f"`{key}` has {text!r} twice", key, index)
            texts.append(text)
        return tuple(texts)

    def table(self, key: str) -> "Table":
        """A table inside this one; an empty one when it is left out."""
        value = self.values[key] if self.holds(key) else {}
        if not isinstance(value, dict):
            self.fault(f"`{key}` must be a table", key)
            value = {}
        return Table(self.file, self.findings, value, (*self.where, key))

    def tables(self, key: str) -> Iterator[tuple[str, "Table"]]:
        """Every table inside the table `key`, with its name."""
        parent = self.table(key)
        for name in parent.values:
            yield name, parent.table(name)

    def array(self, key: str) -> Iterator["Table"]:
        """Every table of the list `[[key]]`; none when it is left out."""
        value = self.values[key] if self.holds(key) else []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.fault(f"`{key}` must be written as `[[{key}]]`, once for each", key)
            return
        for index, values in enumerate(value):
            yield Table(self.file, self.findings, values, (*self.where, key, index))

    def wording(self, key: str, rule: Rule | None = None) -> dict[str, str]:
        """The same text in several languages, Dutch among them; one line each, unless `rule`."""
        if not self.holds(key):
            self.fault(f"`{key}` is missing", key)
            return {}
        if not isinstance(self.values[key], dict):
            self.fault(f"`{key}` must be a text for every language, such as `{key}.nl`", key)
            return {}
        translations = self.table(key)
        if "nl" not in translations.values:
            translations.fault(f"`{key}` needs a Dutch text: `{key}.nl`")
        for language in translations.values:
            if language_fault(language):
                told = f"a language is a code in small letters such as nl, not {language!r:.40}"
                translations.fault(f"`{key}`: {told}", language)
        return {
            said: translations._text(value, rule or line_fault, said, named=f"{key}.{said}")
            for said, value in translations.values.items()
        }

    def close(self) -> None:
        """Refuse every key that was not read. Call it when all known keys were read."""
        for key in self.values:
            if key not in self._known_keys:
                # A key that the file has already cannot be the one that was meant.
                self.fault(unknown_key(key, self._known_keys - self.values.keys()), key)

    def _text(
        self, value: object, rule: Rule | None, *where: str | int, named: object = None
    ) -> str:
        named = named or where[0]
        if not isinstance(value, str):
            self.fault(f"`{named}` must be a text, not {reprlib.repr(value)}", *where)
            return ""
        fault = rule(value) if rule else None
        if fault:
            self.fault(f"`{named}` {fault}", *where)
            return ""
        return value


def line_fault(text: str) -> str | None:
    """Refuse what is not one line: empty, over 200 characters, or with hidden characters."""
    if text.strip() and len(text) <= 200 and text.isprintable():
        return None
    return f"must be one line of at most 200 characters, not {reprlib.repr(text)}"


def language_fault(language: str) -> str | None:
    """Refuse what is not a language code as in HTML's `lang`: `nl`, `en`, `pt-BR`."""
    if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
        return None
    return f"must be a language code such as nl, not {reprlib.repr(language)}"


def slug_fault(slug: str, longest: int = 40) -> str | None:
    """Refuse what is not a name as it stands in a web address: `balie-hal`."""
    if len(slug) <= longest and re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", slug):
        return None
    expected = f"lower-case letters, digits and single hyphens, at most {longest} characters"
    return f"must be {expected}, not {reprlib.repr(slug)}"
