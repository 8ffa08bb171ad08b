"""Find personal data in free text and take it out, before the text is written. Pure: no I/O.

Residents are asked not to give personal data, and some do. What has a shape that a program can know
for certain (a number with a check digit, an address with an @) never reaches the database. Names do
not have such a shape; they are left to people.
"""

import re
from collections.abc import Sequence

import msgspec

from ingest.personal_data import DETECTORS

MASK = "[verwijderd]"


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Personal data of one kind at `text[start:end]`."""

    start: int
    end: int
    kind: str


class Screened(msgspec.Struct, frozen=True, kw_only=True):
    """A text that may be stored, and the kinds that were taken out, in order of appearance."""

    text: str
    masked: tuple[str, ...] = ()


def screen(text: str) -> Screened:
    """Replace every occurrence of personal data by `[verwijderd]`.

    Takes time in proportion to the text's length, whatever the text.
    """
    found = find_personal_data(text)
    if not found:
        return Screened(text=text)
    pieces = []
    position = 0
    for one in found:
        pieces += [text[position : one.start], MASK]
        position = one.end
    pieces.append(text[position:])
    return Screened(text="".join(pieces), masked=tuple(dict.fromkeys(one.kind for one in found)))


def find_personal_data(text: str) -> tuple[Found, ...]:
    """Every piece of personal data, in order of appearance; no two overlap."""
    plain, places = _plain(text)
    if not _WORTH_A_LOOK.search(plain):
        return ()
    found = []
    for detect in DETECTORS:
        spans = list(detect(plain))
        if not spans:
            continue
        for start, end, kind in spans:
            if kind is not None:
                found.append(Found(start=places[start], end=places[end - 1] + 1, kind=kind))
        plain = _without(plain, [(start, end) for start, end, _ in spans])
        if not _WORTH_A_LOOK.search(plain):
            break
    return tuple(sorted(found, key=lambda one: one.start))


# Without a digit, an @ or the bracket of `(at)` there is nothing that we know how to find.
_WORTH_A_LOOK = re.compile(r"[0-9@(\[]")


def _without(plain: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with what was found blanked, so that no later detector takes a part of it."""
    pieces = []
    position = 0
    for start, end in spans:
        pieces += [plain[position:start], "\x00" * (end - start)]
        position = end
    return "".join([*pieces, plain[position:]])


# Keyboards and text processors put in what looks the same: full-width and Arabic digits, spaces
# that do not break, dashes of every length. One character each, so that places stay the same.
_LOOKS_LIKE = (
    {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | {zero + digit: str(digit) for zero in (0x0660, 0x06F0, 0x0966) for digit in range(10)}
    | {ord(space): " " for space in "\t\u00a0\u1680\u202f\u205f\u3000"}
    | dict.fromkeys(range(0x2000, 0x200B), " ")
    | {ord(line_end): "\n" for line_end in "\r\v\f\u0085\u2028\u2029"}
    | {ord(dash): "-" for dash in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63"}
)
# And what does not show at all: soft hyphens, joiners, marks of direction, variation selectors.
_UNSEEN = (
    "\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
)
_ANY_UNSEEN = re.compile(f"[{_UNSEEN}]")
_SEEN = re.compile(f"[^{_UNSEEN}]", re.DOTALL)
# Looking for any of these is quicker than putting them right, and most texts have none.
_ANY_UNUSUAL = re.compile(f"[{''.join(map(chr, _LOOKS_LIKE))}{_UNSEEN}]")


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """The text as detectors read it, and for each of its characters the place in the original."""
    if not _ANY_UNUSUAL.search(text):
        return text, range(len(text))
    plain = text.translate(_LOOKS_LIKE)
    if not _ANY_UNSEEN.search(plain):
        return plain, range(len(plain))
    places = [seen.start() for seen in _SEEN.finditer(plain)]
    return _ANY_UNSEEN.sub("", plain), places
