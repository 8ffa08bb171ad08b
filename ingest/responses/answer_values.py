"""Check one value against one item: is it an answer that this item can hold? Pure."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import assert_never

from ingest.questionnaires.items import NOT_APPLICABLE, Item
from ingest.questionnaires.kinds import MOST_CHARACTERS

Value = int | str | tuple[str, ...] | None
"""A value as it is kept: a number, a code or a text, the codes of `choices`, None for nothing."""

Check = Callable[[object], Value]
"""Gives the value as it is kept, or raises ValueRefused."""

Read = Callable[[Sequence[str]], object]
"""Gives the value that the strings of a form's field stand for; None when it was left empty.

Strings that stand for no value are given as they are; the check refuses them.
"""


class ValueRefused(Exception):
    """A value does not fit its item: `code` for programs, `reason` for people."""

    def __init__(self, code: str, reason: str) -> None:
        self.code = code
        self.reason = reason
        super().__init__(reason)


def checker(item: Item) -> Check:
    """The check of one item, with all that can be worked out beforehand."""
    match item.declared.holds:
        case "number":
            return _number_checker(item)
        case "code":
            return _code_checker(item)
        case "codes":
            return _codes_checker(item)
        case "text":
            return _check_text
        case unknown:
            assert_never(unknown)


def reader(item: Item) -> Read:
    """What reads the strings of a form's field for this item, worked out beforehand."""
    match item.declared.holds:
        case "number":
            return _read_number
        case "code":
            return _read_one
        case "codes":
            return _read_codes
        case "text":
            return _read_text
        case unknown:
            assert_never(unknown)


def _read_one(strings: Sequence[str]) -> object:
    filled = [string for string in strings if string]
    return filled[0] if len(filled) == 1 else filled or None


def _read_number(strings: Sequence[str]) -> object:
    value = _read_one(strings)
    return _NUMERALS.get(value, value) if isinstance(value, str) else value


def _read_codes(strings: Sequence[str]) -> object:
    filled = [string for string in strings if string]
    return NOT_APPLICABLE if filled == [NOT_APPLICABLE] else filled or None


def _read_text(strings: Sequence[str]) -> object:
    value = _read_one(strings)
    return None if isinstance(value, str) and value.isspace() else value


# A number has one spelling: no sign, no leading zero, no digits of other scripts.
_NUMERALS: Mapping[str, int] = {str(number): number for number in range(1000)}


def _number_checker(item: Item) -> Check:
    allowed: frozenset[object] = frozenset(_offered(item))
    expected = f"A whole number from {item.values[0]} to {item.values[-1]} is expected."

    def check(value: object) -> Value:
        # In Python True equals 1 and 8.0 equals 8, but neither is a valid answer.
        if type(value) is int:
            if value in allowed:
                return value
            raise ValueRefused("out-of-range", expected)
        if type(value) is str and value in allowed:
            return value
        raise ValueRefused("wrong-type", expected)

    return check


def _code_checker(item: Item) -> Check:
    codes = frozenset(_offered(item))
    expected = f"One of {_listed(item)} is expected."

    def check(value: object) -> Value:
        if not isinstance(value, str):
            raise ValueRefused("wrong-type", expected)
        if value not in codes:
            raise ValueRefused("unknown-option", expected)
        return value

    return check


def _codes_checker(item: Item) -> Check:
    order = {code: place for place, code in enumerate(item.codes)}
    expected = f"A list with some of {_listed(item)} is expected."
    if item.not_applicable:
        expected = f"{expected[:-1]}, or {NOT_APPLICABLE} by itself."

    def check(value: object) -> Value:
        if item.not_applicable and value == NOT_APPLICABLE:
            return NOT_APPLICABLE
        if not isinstance(value, list | tuple) or not all(isinstance(code, str) for code in value):
            raise ValueRefused("wrong-type", expected)
        if not all(code in order for code in value):
            raise ValueRefused("unknown-option", expected)
        if len(set(value)) < len(value):
            raise ValueRefused("repeated-option", "Every option can be chosen once.")
        return tuple(sorted(value, key=order.__getitem__)) or None

    return check


def _offered(item: Item) -> tuple[int | str, ...]:
    return (*item.values, NOT_APPLICABLE) if item.not_applicable else item.values


def _listed(item: Item) -> str:
    return ", ".join(map(str, _offered(item)))


# A letter with two marks is three characters, and one when composed: the most that occurs.
_MOST_CHARACTERS_UNCOMPOSED = 3 * MOST_CHARACTERS
# UAX #15, Stream-Safe Text Format: no writing has more than 30 marks on one letter.
_MOST_MARKS = 30


def _longest_pile_of_marks(text: str) -> int:
    longest = pile = 0
    for character in text:
        pile = pile + 1 if unicodedata.combining(character) else 0
        longest = max(longest, pile)
    return longest


def _check_text(value: object) -> Value:
    if not isinstance(value, str):
        raise ValueRefused("wrong-type", "A text is expected.")
    text = value.replace("\r\n", "\n")
    if not text.isascii():
        # NFC takes quadratic time over many marks on one letter, so such a text is refused first.
        # NFC shortens a text to a third at most, so a text longer than three times is too long.
        if len(text) > _MOST_CHARACTERS_UNCOMPOSED:
            raise ValueRefused("too-long", f"At most {MOST_CHARACTERS} characters are kept.")
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise ValueRefused("bad-characters", "The text holds half a character.")
        if _longest_pile_of_marks(text) > _MOST_MARKS:
            raise ValueRefused("bad-characters", "The text piles up marks on one letter.")
        text = unicodedata.normalize("NFC", text)
    if "\0" in text:
        raise ValueRefused("bad-characters", "The text holds the character U+0000.")
    if len(text) > MOST_CHARACTERS:
        raise ValueRefused("too-long", f"At most {MOST_CHARACTERS} characters are kept.")
    return None if not text or text.isspace() else text
