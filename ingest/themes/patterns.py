"""The small language in which a theme file says which words are about a theme. Pure.

wachtrij        this word
wacht*          a word that begins so; *rij: that ends so; *balie*: that holds it
lang wachten    these words, next to each other
lang .. wacht*  with at most three words between; ..5: at most five
niet|geen       one of these
#               a number in figures
@niet           one of the group `niet` of the file, which may name other groups
!wacht maar     not about it: what these words cover does not count
"""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from ingest.themes.words import plain

SHORTEST_STEM = 3
"""A shorter beginning or end of words fits too many of them."""

GAP = 3
"""How many words may stand between two places around `..`."""

LONGEST_GAP = 9

MOST_PLACES = 10
"""Of a pattern: each is looked for at every word of a text, while a resident waits."""

MOST_WORDS = 300
"""Of a place, with those of the groups that it names."""

DEEPEST_GROUP = 5
"""So many groups may name each other in a row."""

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
        places.append(Place(words=_words(piece, groups), gap=gap))
        gap = 0
    if not places or gap:
        raise PatternRefused("ends in `..`" if gap else "holds no word")
    if len(places) > MOST_PLACES:
        raise PatternRefused(f"has {len(places)} places; {MOST_PLACES} may be")
    return Pattern(places=tuple(places), excludes=excludes)


def _words(piece: str, groups: Mapping[str, Sequence[str]]) -> tuple[Word, ...]:
    """The words of one place, each once."""
    known: dict[str, dict[Word, None]] = {}
    words: dict[Word, None] = {}
    for one in piece.split("|"):
        words |= _meant(one, groups, (), known)
        _check_many(words, piece)
    return tuple(words)


def _meant(
    text: str,
    groups: Mapping[str, Sequence[str]],
    within: tuple[str, ...],
    known: dict[str, dict[Word, None]],
) -> dict[Word, None]:
    """What one word of a place stands for. `known` are groups that were read before.

    So a group is read once, however often others name it: two that name the next one twice would
    be four, and thirty in a row more than a machine holds.
    """
    if text == NUMBER:
        return {Word("is", NUMBER): None}
    if not text.startswith("@"):
        return {_word(text): None}
    name = text[1:]
    if name not in groups or name in within:
        raise PatternRefused(f"names a group `{name}` that is not there")
    if len(within) == DEEPEST_GROUP:
        row = ", ".join(f"`{one}`" for one in (*within, name))
        raise PatternRefused(f"names groups that name each other: {row}; {DEEPEST_GROUP} may be")
    if name not in known:
        words: dict[Word, None] = {}
        for one in groups[name]:
            words |= _meant(one, groups, (*within, name), known)
            _check_many(words, text)
        known[name] = words
    return known[name]


def _check_many(words: Collection[Word], of: str) -> None:
    if len(words) > MOST_WORDS:
        raise PatternRefused(f"has more than {MOST_WORDS} words in the place of {of!r}")


# Many patterns name the same groups.
@lru_cache(maxsize=10_000)
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
