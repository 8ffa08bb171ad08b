"""Words that stand in texts with a low mark more often than in others. Pure.

Without those that are about nothing, such as "een" and "nog": `small_words.toml` has them.

For a person, who decides whether a word belongs to a theme: a name that ten write is no theme.
"""

import math
import tomllib
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec

from ingest.themes.words import words_of

FEWEST_TEXTS = 10
"""A word that stands in fewer texts is not told: it would lead to a text."""

_SHORTEST = 3
_SMALL_WORDS = Path(__file__).with_name("small_words.toml")


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """A word without capitals and accents, and in how many texts it stands.

    `times` is how much more often it stands in a text with a low mark than in another.
    """

    word: str
    low: int
    others: int
    times: float


def suggestions(texts: Iterable[tuple[str, bool]], most: int = 40) -> list[Suggestion]:
    """The words that are surest to be of low marks, at most so many; each in ten texts or more.

    `texts` are texts, each with whether its mark is low.
    """
    counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    many = {True: 0, False: 0}
    for text, is_low in texts:
        many[is_low] += 1
        counts[is_low].update(
            {
                word
                for word in words_of(text)
                if len(word) >= _SHORTEST and word.isalpha() and word not in small_words()
            }
        )
    if not many[True] or not many[False]:
        return []
    ranked = []
    for word, low in counts[True].items():
        others = counts[False][word]
        if low + others < FEWEST_TEXTS:
            continue
        # With half a text more on either side, so that a word of low marks alone has a ratio too.
        odds = math.log((low + 0.5) / (many[True] - low + 0.5))
        odds -= math.log((others + 0.5) / (many[False] - others + 0.5))
        error = math.sqrt(1 / (low + 0.5) + 1 / (others + 0.5))
        if odds > 1.96 * error:
            share = (low + 0.5) / (many[True] + 1), (others + 0.5) / (many[False] + 1)
            found = Suggestion(word=word, low=low, others=others, times=share[0] / share[1])
            ranked.append((odds / error, found))
    ranked.sort(key=lambda one: (-one[0], one[1].word))
    return [found for _, found in ranked[:most]]


@cache
def small_words() -> frozenset[str]:
    """Those of every language, as words compare: in which one a text is, nobody asks here."""
    by_language: dict[str, str] = tomllib.loads(_SMALL_WORDS.read_text("utf-8"))
    return frozenset(words_of(" ".join(by_language.values())))
