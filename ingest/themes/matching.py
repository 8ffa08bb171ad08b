"""Which themes a text has: the patterns of one language, compiled. Pure.

A word of the text is looked up by itself and by its first and last letters; so what it costs grows
with the text, and hardly with the number of patterns.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import msgspec

from ingest.themes.patterns import NUMBER, SHORTEST_STEM, Pattern, Word
from ingest.themes.words import words_of

_SENTENCE = 20
"""So far apart are two sentences that no pattern reaches from one into the other."""

_MOST_SPANS = 200
"""Of one theme in one text, where it matters how much of it is covered: what people write has some
ten. A file could have thousands of patterns begin at each word, and nobody waits for it."""

Positions = dict[int, list[int]]
Span = tuple[int, ...]


class _Rest(msgspec.Struct, frozen=True):
    """What follows the first place of a pattern: the numbers of the words, and the longest gap."""

    places: tuple[tuple[frozenset[int], int], ...]
    theme: str


class Matcher:
    """Finds the themes of texts in one language."""

    def __init__(self, patterns: Mapping[str, Iterable[Pattern]]) -> None:
        """`patterns` by the code of their theme, in the order in which themes are told."""
        self._codes = tuple(patterns)
        self._numbers: dict[Word, int] = {}
        self._starting: dict[int, list[_Rest]] = defaultdict(list)
        self._excluding: dict[int, list[_Rest]] = defaultdict(list)
        for code, of_theme in patterns.items():
            for pattern in of_theme:
                self._learn(code, pattern)
        excluded = {rest.theme for rests in self._excluding.values() for rest in rests}
        # Of a theme that nothing is taken from, one place is as good as all.
        self._enough = {code: _MOST_SPANS if code in excluded else 1 for code in self._codes}
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
        hits = _spans(self._starting, found, self._enough)
        if not hits:
            return ()
        # What is not about it is only looked for where something is.
        covered = _spans(self._excluding, found, dict.fromkeys(hits, _MOST_SPANS))
        return tuple(
            code
            for code in self._codes
            if code in hits and (code not in covered or _is_left(hits[code], covered[code]))
        )

    def _learn(self, code: str, pattern: Pattern) -> None:
        first, *others = pattern.places
        rest = _Rest(
            tuple((frozenset(map(self._number, place.words)), place.gap) for place in others), code
        )
        patterns = self._excluding if pattern.excludes else self._starting
        for word in first.words:
            patterns[self._number(word)].append(rest)

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


def _is_left(spans: Iterable[Span], covered: Iterable[Span]) -> bool:
    """Whether any of the spans has no word that is covered."""
    words = {position for span in covered for position in span}
    return any(words.isdisjoint(span) for span in spans)


def _spans(
    patterns: Mapping[int, Sequence[_Rest]], found: Positions, enough: Mapping[str, int]
) -> dict[str, list[Span]]:
    """Where the patterns of these themes stand in a text, by theme: of each so many at the most."""
    spans: dict[str, list[Span]] = {}
    met = found.keys()
    standing: dict[frozenset[int], int] = {}
    for number, positions in found.items():
        for rest in patterns.get(number, ()):
            if rest.places and met.isdisjoint(rest.places[0][0]):
                continue  # most: the next word of the pattern is nowhere in the text
            left = enough.get(rest.theme, 0) - len(spans.get(rest.theme, ()))
            if left <= 0 or (fitting := _fitting(rest.places, found, standing)) is None:
                continue
            before, windows = fitting
            firsts = (first for first in positions if before >> first & 1)
            for first in islice(firsts, left):
                spans.setdefault(rest.theme, []).append(_span(windows, first))
    return spans


def _fitting(
    places: Sequence[tuple[frozenset[int], int]],
    found: Positions,
    standing: dict[frozenset[int], int],
) -> tuple[int, list[tuple[int, int]]] | None:
    """Behind which positions all these places fit; and for each place, where a word of it stands
    behind which all later places fit, with its window. None if nowhere.

    As the bits of numbers: what stands near enough behind another word is found at once, and not by
    trying each way through the text, of which a pattern with many gaps has more than anybody can
    wait for. `standing` is what was worked out before of this text.
    """
    fitting = []
    before = -1
    for numbers, gap in reversed(places):
        if (fits := standing.get(numbers)) is None:
            fits = 0
            for one in numbers & found.keys():
                for position in found[one]:
                    fits |= 1 << position
            standing[numbers] = fits
        fits &= before
        if not fits:
            return None
        fitting.append((fits, (2 << gap) - 1))
        before = _just_before(fits, gap + 1)
    fitting.reverse()
    return before, fitting


def _just_before(fits: int, distance: int) -> int:
    """All positions from one to `distance` before one of those."""
    before, reached = fits >> 1, 1
    while reached < distance:
        further = min(reached, distance - reached)
        before |= before >> further
        reached += further
    return before


def _span(fitting: Sequence[tuple[int, int]], first: int) -> Span:
    """Where the words of a pattern stand of which the first stands at `first`, behind which the
    rest fits.

    Of several words that fit a place the nearest is taken with which the rest fits too.
    """
    span = [first]
    for fits, window in fitting:
        near = (fits >> span[-1] + 1) & window
        span.append(span[-1] + (near & -near).bit_length())
    return tuple(span)
