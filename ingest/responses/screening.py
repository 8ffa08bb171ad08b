"""Find personal data in free text and take it out, before the text is written. Pure: no I/O.

Residents are asked not to give personal data, and some do. What has a shape that a program can know
for certain (a number with a check digit, an address with an @) never reaches the database. Names do
not have such a shape; they are left to people.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from ingest.responses.mail_addresses import may_hold_one_in_words
from ingest.responses.personal_data import detectors_for
from ingest.responses.readings import readings

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
    personal_data = find_personal_data(text)
    if not personal_data:
        return Screened(text=text)
    pieces = []
    position = 0
    for one in personal_data:
        pieces += [text[position : one.start], MASK]
        position = one.end
    pieces.append(text[position:])
    kinds = dict.fromkeys(one.kind for one in personal_data)
    return Screened(text="".join(pieces), masked=tuple(kinds))


def find_personal_data(text: str) -> tuple[Found, ...]:
    """Every piece of personal data, in order of appearance; no two overlap."""
    personal_data: list[Found] = []
    read = readings(text)
    for plain, places in read:
        _find(plain, places, personal_data)
    if not personal_data:
        return ()
    personal_data.sort(key=lambda one: one.start)
    return tuple(personal_data if len(read) == 1 else _apart(personal_data))


def _find(plain: str, places: Sequence[int], personal_data: list[Found]) -> None:
    """Add what one reading holds."""
    if not _is_worth_a_look(plain):
        return
    for detect in detectors_for(plain):
        spans = list(detect(plain))
        if not spans:
            continue
        for start, end, kind in spans:
            if kind is not None:
                first, last = _first_and_last(places[start:end])
                personal_data.append(Found(start=first, end=last + 1, kind=kind))
        plain = _without(plain, [(start, end) for start, end, _ in spans])
        if not _is_worth_a_look(plain):
            break


def _first_and_last(places: Sequence[int]) -> tuple[int, int]:
    if isinstance(places, range):
        return places[0], places[-1]
    # Read from right to left, they go down.
    return min(places), max(places)


def _apart(overlapping: list[Found]) -> Iterator[Found]:
    """Of what overlaps, because it was read in two ways, one piece from its begin to its end."""
    kept: Found | None = None
    for one in overlapping:
        if kept is None:
            kept = one
        elif one.start >= kept.end:
            yield kept
            kept = one
        else:
            kept = Found(start=kept.start, end=max(kept.end, one.end), kind=kept.kind)
    if kept is not None:
        yield kept


def _is_worth_a_look(plain: str) -> bool:
    return _WORTH_A_LOOK.search(plain) is not None or may_hold_one_in_words(plain)


# Without a digit, an @ or the bracket of `(at)` there is nothing but an address in words.
_WORTH_A_LOOK = re.compile(r"[0-9@(\[]")


def _without(plain: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with what was found blanked, so that no later detector takes a part of it."""
    pieces = []
    position = 0
    for start, end in spans:
        pieces += [plain[position:start], "\x00" * (end - start)]
        position = end
    return "".join([*pieces, plain[position:]])
