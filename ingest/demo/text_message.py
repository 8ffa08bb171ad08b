"""How long a text message is: in septets of the GSM alphabet, as networks count. Pure."""

# 3GPP TS 23.038, section 6.2.1: the basic table is one septet a character, the extension two.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")

ONE_PART = 160
"""Septets in a message of one part; a longer one is sent, and paid, in parts of 153."""


class NotInTheAlphabet(ValueError):
    """A character outside the alphabet: with it a message of one part holds 70 characters."""


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
