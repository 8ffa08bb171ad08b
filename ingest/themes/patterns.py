"""The small language in which a theme file says which words are about a theme. Pure.

wachtrij        this word
wacht*          a word that begins so; *rij: that ends so; *balie*: that holds it
lang wachten    these words, next to each other
lang .. wacht*  with at most three words between; ..5: at most five
niet|geen       one of these
#               a number in figures
@niet           one of the group `niet` of the file
!wacht maar     not about it: what these words cover does not count
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ingest.themes.words import plain

SHORTEST_STEM = 3
"""A shorter beginning or end of words fits too many of them."""

GAP = 3
"""How many words may stand between two places around `..`."""

LONGEST_GAP = 9
NUMBER = "#"

_GAP = re.compile(r"\.\.([1-9])?")
_WORD = re.compile(r"(\*?)([^\W_]+)(\*?)")


class PatternRefused(ValueError):
    """A pattern cannot be read; the message says why, as the end of a sentence."""


class Word(NamedTuple):
    """One word of a pattern: `how` it is met is `is`, `begins`, `ends` or `holds`."""

    how: str
    text: str


class Place(NamedTuple):
    """One place of a pattern: words that may stand there, with at most `gap` words before it."""

    words: tuple[Word, ...]
    gap: int


class Pattern(NamedTuple):
    """Places after each other. `excludes`: what it covers is not about the theme."""

    places: tuple[Place, ...]
    excludes: bool


def read_pattern(text: str, groups: Mapping[str, Sequence[str]]) -> Pattern:
    """Read one pattern; `groups` are words by the name of their group. Raises PatternRefused."""
    excludes = text.startswith("!")
    places: list[Place] = []
    gap = 0
    for piece in text.removeprefix("!").split():
        if between := _GAP.fullmatch(piece):
            if not places or gap:
                raise PatternRefused("has `..` with no word before it")
            gap = int(between[1] or GAP)
            continue
        words = tuple(word for one in piece.split("|") for word in _words(one, groups, within=()))
        places.append(Place(words=words, gap=gap))
        gap = 0
    if not places or gap:
        raise PatternRefused("ends in `..`" if gap else "holds no word")
    return Pattern(places=tuple(places), excludes=excludes)


def _words(
    text: str, groups: Mapping[str, Sequence[str]], within: tuple[str, ...]
) -> Iterator[Word]:
    if text == NUMBER:
        yield Word("is", NUMBER)
    elif text.startswith("@"):
        name = text[1:]
        if name not in groups or name in within:
            raise PatternRefused(f"names a group `{name}` that is not there")
        for one in groups[name]:
            yield from _words(one, groups, (*within, name))
    else:
        yield _word(text)


def _word(text: str) -> Word:
    read = _WORD.fullmatch(plain(text)) if "*" in text else None
    if read is None:
        if not re.fullmatch(r"[^\W\d_]+|\d+", plain(text)):
            raise PatternRefused(f"has {text!r}, which is no word")
        return Word("is", plain(text))
    before, stem, behind = read.groups()
    if len(stem) < SHORTEST_STEM:
        raise PatternRefused(f"has {text!r}: a part of a word has at least {SHORTEST_STEM} letters")
    how = {("", "*"): "begins", ("*", ""): "ends", ("*", "*"): "holds"}[before, behind]
    return Word(how, stem)
