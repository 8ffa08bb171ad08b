"""How long a text message is, as networks count: in septets of the GSM alphabet. Pure.

A text with one character outside that alphabet is counted in UTF-16 units, of which far fewer fit.
"""

import msgspec

# 3GPP TS 23.038, section 6.2.1: the basic table is one septet a character, the extension two.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")

ONE_PART = 160
"""Septets in a message of one part; a longer one is sent, and paid, in parts of 153."""

ONE_PART_OUTSIDE = 70
"""UTF-16 units in a message of one part, where a character is outside the alphabet."""


class NotInTheAlphabet(ValueError):
    """A character outside the alphabet: with it a message of one part holds 70 characters."""


class Length(msgspec.Struct, frozen=True, kw_only=True):
    """How much of one part a text takes: `taken` of `room`, both in the unit that it is counted in.

    `outside` is the first character outside the GSM alphabet, for which `room` is 70; else None.
    """

    taken: int
    room: int
    outside: str | None = None

    @property
    def over(self) -> int:
        """How much too long it is for one part; 0 when it fits."""
        return max(0, self.taken - self.room)


def length(text: str) -> Length:
    """How long the text is as a message, in whichever alphabet it must be sent."""
    try:
        return Length(taken=septets(text), room=ONE_PART)
    except NotInTheAlphabet as refused:
        units = len(text.encode("utf-16-le", "surrogatepass")) // 2
        return Length(taken=units, room=ONE_PART_OUTSIDE, outside=str(refused))


def septets(text: str) -> int:
    """How many septets the text takes. Raises NotInTheAlphabet."""
    count = 0
    for character in text:
        if character in _BASIC:
            count += 1
        elif character in _EXTENSION:
            count += 2
        else:
            raise NotInTheAlphabet(character)
    return count
