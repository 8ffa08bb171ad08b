"""A misspelt name in a file: which known name was probably meant? Pure."""

import reprlib
from collections.abc import Iterable
from difflib import get_close_matches

_ALIKE = 0.75
"""Below this, words share letters and no more: `post` is no misspelling of `portaal`."""


def unknown_key(key: str, known: Iterable[str]) -> str:
    """The sentence about a key that nobody knows, with the nearest of the known ones."""
    return f"unknown key {reprlib.repr(key)}{did_you_mean(key, known)}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'balie'?`, or nothing at all when no known word looks like it."""
    # Words far longer than any of ours are no misspelling, and comparing them takes long.
    nearest = get_close_matches(word, sorted(known), 1, _ALIKE) if len(word) <= 80 else []
    return f"; did you mean {nearest[0]!r}?" if nearest else ""


def slip_of(word: str, known: Iterable[str]) -> str | None:
    """The known word that was meant: one letter too many, too few, wrong, or two swapped.

    None where `word` is known itself, or differs more: for names that may also be new.
    """
    words = sorted(known)
    if word in words:
        return None
    return next((known_word for known_word in words if _is_slip(word, known_word)), None)


def _is_slip(word: str, known_word: str) -> bool:
    same_start = _length_alike(word, known_word)
    left, right = word[same_start:], known_word[same_start:]
    same_end = _length_alike(left[::-1], right[::-1])
    left, right = left[: len(left) - same_end], right[: len(right) - same_end]
    swapped = len(left) == 2 and left == right[::-1]
    return swapped or max(len(left), len(right)) == 1


def _length_alike(word: str, other: str) -> int:
    """How many letters two words have in common at their beginning."""
    shortest = min(len(word), len(other))
    return next((at for at in range(shortest) if word[at] != other[at]), shortest)
