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
