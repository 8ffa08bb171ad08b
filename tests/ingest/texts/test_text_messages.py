"""How long a text message is, as a telephone network counts."""

import pytest

from ingest.texts.text_messages import Length, NotInTheAlphabet, length, septets


def test_a_plain_character_is_one_septet() -> None:
    assert septets("Hoe ging dat? één @ £1") == 22


def test_a_character_of_the_extension_is_two() -> None:
    assert septets("€[]~") == 8


def test_a_character_outside_the_alphabet_is_named() -> None:
    with pytest.raises(NotInTheAlphabet, match="ê"):
        septets("crêpe")


def test_both_tables_are_whole() -> None:
    basic = [chr(code) for code in range(0x10000) if _count(chr(code)) == 1]
    extension = [chr(code) for code in range(0x10000) if _count(chr(code)) == 2]
    # 128 places in the basic table, one of which is the escape to the extension.
    assert len(basic) == 127
    assert len(extension) == 10


def _count(character: str) -> int:
    try:
        return septets(character)
    except NotInTheAlphabet:
        return 0


def test_a_text_of_the_alphabet_has_room_for_160() -> None:
    assert length("é" * 160) == Length(taken=160, room=160)
    assert length("é" * 160).over == 0
    assert length("€" * 81).over == 2


def test_with_one_character_outside_the_alphabet_there_is_room_for_70() -> None:
    assert length("ł" + "a" * 69) == Length(taken=70, room=70, outside="ł")
    assert length("ł" + "a" * 70).over == 1
    # A character beyond the basic plane is two units of UTF-16.
    assert length("🙂").taken == 2
