"""Which themes a text has: the patterns of one language, compiled. Pure.

A word of the text is looked up by itself and by its first and last letters; so what it costs grows
with the text, and hardly with the number of patterns.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from ingest.themes.patterns import NUMBER, SHORTEST_STEM, Pattern, Word
from ingest.themes.words import words_of

_SENTENCE = 20
"""So far apart are two sentences that no pattern reaches from one into the other."""

Positions = dict[int, list[int]]


class _Rest(msgspec.Struct, frozen=True):
    """What follows the first place of a pattern: the numbers of the words, and the longest gap."""

    places: tuple[tuple[tuple[int, ...], int], ...]
    theme: str
    excludes: bool


class Matcher:
    """Finds the themes of texts in one language."""

    def __init__(self, patterns: Mapping[str, Iterable[Pattern]]) -> None:
        """`patterns` by the code of their theme, in the order in which themes are told."""
        self._codes = tuple(patterns)
        self._numbers: dict[Word, int] = {}
        self._starting: dict[int, list[_Rest]] = defaultdict(list)
        for code, of_theme in patterns.items():
            for pattern in of_theme:
                self._learn(code, pattern)
        self._is: dict[str, int] = {}
        self._begins: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self._ends: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self._holds: list[tuple[str, int]] = []
        for (how, text), number in self._numbers.items():
            if how == "is":
                self._is[text] = number
            elif how == "begins":
                self._begins[text[:SHORTEST_STEM]].append((text, number))
            elif how == "ends":
                self._ends[text[-SHORTEST_STEM:]].append((text, number))
            else:
                self._holds.append((text, number))

    def themes(self, text: str) -> tuple[str, ...]:
        """The codes of the themes that the text has, in the order of the file."""
        return self.themes_of_words(words_of(text))

    def themes_of_words(self, words: Sequence[str]) -> tuple[str, ...]:
        """As `themes`, of words that were told apart already."""
        found = self._found(words)
        if not found:
            return ()
        hits: dict[str, list[tuple[int, ...]]] = {}
        covered: dict[str, set[int]] = {}
        for number in found:
            for rest in self._starting.get(number, ()):
                if not rest.excludes and not rest.places and rest.theme not in hits:
                    hits[rest.theme] = [(position,) for position in found[number]]
                    continue
                for first in found[number]:
                    span = _span(rest.places, first, found)
                    if span is None:
                        continue
                    if rest.excludes:
                        covered.setdefault(rest.theme, set()).update(span)
                    else:
                        hits.setdefault(rest.theme, []).append(span)
        return tuple(
            code
            for code in self._codes
            if code in hits
            and (code not in covered or any(covered[code].isdisjoint(span) for span in hits[code]))
        )

    def _learn(self, code: str, pattern: Pattern) -> None:
        first, *others = pattern.places
        rest = _Rest(
            tuple((tuple(map(self._number, place.words)), place.gap) for place in others),
            code,
            pattern.excludes,
        )
        for word in first.words:
            self._starting[self._number(word)].append(rest)

    def _number(self, word: Word) -> int:
        return self._numbers.setdefault(word, len(self._numbers))

    def _found(self, words: Sequence[str]) -> Positions:
        """The words of patterns that the text holds, by their number, and where."""
        found: Positions = {}
        holds = self._holds and _held(self._holds, " ".join(words))
        position = 0
        for word in words:
            position += 1
            for number in self._of(word, holds):
                if number in found:
                    found[number].append(position)
                else:
                    found[number] = [position]
            if not word[0].isalnum():
                position += _SENTENCE
        return found

    def _of(self, word: str, holds: Sequence[tuple[str, int]]) -> Iterator[int]:
        number = self._is.get(word)
        if number is not None:
            yield number
        for stem, number in self._begins.get(word[:SHORTEST_STEM], ()):
            if word.startswith(stem):
                yield number
        for stem, number in self._ends.get(word[-SHORTEST_STEM:], ()):
            if word.endswith(stem):
                yield number
        for stem, number in holds:
            if stem in word:
                yield number
        if word[0].isdigit():
            number = self._is.get(NUMBER)
            if number is not None:
                yield number


def _held(stems: Sequence[tuple[str, int]], text: str) -> list[tuple[str, int]]:
    return [stem for stem in stems if stem[0] in text]


def _span(
    places: Sequence[tuple[tuple[int, ...], int]], first: int, found: Positions
) -> tuple[int, ...] | None:
    """Where the words of a pattern stand that begins at `first`; None where it does not fit.

    Of several words that fit a place the nearest is taken.
    """
    span: tuple[int, ...] = (first,)
    for numbers, gap in places:
        after = span[-1]
        nearest = min(
            (
                position
                for number in numbers
                for position in found.get(number, ())
                if after < position <= after + gap + 1
            ),
            default=None,
        )
        if nearest is None:
            return None
        span = (*span, nearest)
    return span
