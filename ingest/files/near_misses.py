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
    """The known word of which this one is a slip: a letter too many, too few, wrong or swapped.

    None where it is a known word itself, or another one: for names that may also be new.
    """
    words = sorted(known)
    return None if word in words else next((one for one in words if _is_slip(word, one)), None)


def _is_slip(word: str, meant: str) -> bool:
    alike = _length_alike(word, meant)
    left, right = word[alike:], meant[alike:]
    behind = _length_alike(left[::-1], right[::-1])
    left, right = left[: len(left) - behind], right[: len(right) - behind]
    swapped = len(left) == 2 and left == right[::-1]
    return swapped or max(len(left), len(right)) == 1


def _length_alike(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    shortest = min(len(one), len(other))
    return next((at for at in range(shortest) if one[at] != other[at]), shortest)
