"""Whether a text is written as its language is: in its letters, with its signs. Pure."""

import re
from collections.abc import Iterator

_LATIN = re.compile(r"[A-Za-z]{2,}")
_FILLED_IN = re.compile(r"\{[a-z]+\}")
_SENTENCE_END = re.compile(r"(?<=[.!?؟…])\s+")
_LETTERS = {
    "ar": ("Arabic", re.compile(r"[\u0621-\u064a]")),
    "uk": ("Cyrillic", re.compile(r"[\u0400-\u04ff]")),
}
_STRANGE = {
    "ar": (
        re.compile(r"[?,;\u0660-\u0669]"),
        "is no sign of Arabic; there is ؟ and ، and ؛, and digits are 0 to 9",
    ),
    # Letters of Russian that Ukrainian does not have.
    "uk": (re.compile(r"[ыэёъ]", re.IGNORECASE), "is no letter of Ukrainian"),
}


def script_faults(wording: str, language: str) -> Iterator[str]:
    """What shows that a text is not in this language, or typed with signs of another one."""
    if language in _LETTERS:
        name, letters = _LETTERS[language]
        for sentence in _SENTENCE_END.split(_FILLED_IN.sub("", wording)):
            if _LATIN.search(sentence) and not letters.search(sentence):
                yield f"a sentence without one {name} letter ({sentence[:30]})"
    if language in _STRANGE:
        signs, advice = _STRANGE[language]
        for found in sorted(set(signs.findall(wording))):
            yield f"`{found}` {advice}"
