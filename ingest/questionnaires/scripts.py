"""Check that a text uses the letters and signs of its language. Pure."""

import re
from collections.abc import Iterator

# Characters that are invisible or change the direction of text: with them, a question would read
# differently from what was checked.
_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
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


def unseen_fault(wording: str) -> str | None:
    """A character that nobody sees, or that turns text around, or nothing but blanks; else None."""
    if wording and not wording.strip():
        return "is blank; write what residents read"
    match = _UNSEEN.search(wording)
    if match is None:
        return None
    before = wording[: match.start()][-20:]
    where = f"after {before!r}" if before else "at the begin"
    return f"has a character that does not show (U+{ord(match[0]):04X}) {where}; take it out"


def script_faults(wording: str, language: str) -> Iterator[str]:
    """What shows that a text is not in this language, or typed with signs of another one."""
    if language in _LETTERS:
        name, letters = _LETTERS[language]
        for sentence in _SENTENCE_END.split(_FILLED_IN.sub("", wording)):
            if _LATIN.search(sentence) and not letters.search(sentence):
                yield f"a sentence without one {name} letter ({sentence[:30]})"
    if language in _STRANGE:
        signs, advice = _STRANGE[language]
        for sign in sorted(set(signs.findall(wording))):
            yield f"`{sign}` {advice}"
