"""Rewrite a text in plain characters, as a person would read it, without invisible ones. Pure.

Keyboards and text processors put in characters that look like others, and some people use them to
get past a program: digits in circles, letters of another alphabet, blanks that are no spaces.
Detectors of personal data know plain characters only, so they get a rewritten text, with the place
of each of its characters in the original.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

Reading = tuple[str, Sequence[int]]
"""The text as detectors read it, and for each of its characters the place in the original."""


def readings(text: str) -> Sequence[Reading]:
    """One for most texts; more where it may be read in more than one way.

    Each takes time in proportion to the text's length, and there are at most nine.
    """
    unusual = _is_unusual(text)
    if not unusual and not (("\n" in text or "  " in text) and _LONG_RUN.search(text)):
        return ((text, range(len(text))),)
    variants: list[Reading] = list(_ambiguous(text)) if unusual else [(text, range(len(text)))]
    for sign, gap in _GAPS.items():
        if sign in text or unusual:
            variants += [
                _as_one(*variant, gap) for variant in variants if _goes_over(sign, variant[0])
            ]
    if _OVERRIDE in text:
        variants.append(_as_shown(text))
    return variants


def _goes_over(sign: str, plain: str) -> bool:
    """Whether `sign` stands in a long run of digits, or just before one: `NL  91`."""
    return sign in plain and any(
        sign in plain[max(run.start() - 2, 0) : run.end()] for run in _LONG_RUN.finditer(plain)
    )


def _is_unusual(text: str) -> bool:
    """Whether a text has characters to rewrite: most have none, and looking is quicker."""
    if text.isascii():
        return "\t" in text or "\r" in text or "\v" in text or "\f" in text
    perhaps = _NOT_USUAL.search(text)
    return perhaps is not None and _ANY_UNUSUAL.search(text, perhaps.start()) is not None


def _ambiguous(text: str) -> Iterator[Reading]:
    """Where characters may be read as blanks or as nothing, both ways to read the text."""
    yield _seen(text, _ANY_UNSEEN)
    if _ANY_DOUBTFUL.search(text):
        yield _seen(text, _ANY_UNSEEN_OR_DOUBTFUL)


def _seen(text: str, unseen: re.Pattern[str]) -> Reading:
    plain = text.translate(_LOOKS_LIKE)
    hidden = [match.start() for match in unseen.finditer(text)]
    if not hidden:
        return plain, range(len(plain))
    left_out = set(hidden)
    places = [place for place in range(len(plain)) if place not in left_out]
    return "".join([plain[place] for place in places]), places


def _as_one(plain: str, places: Sequence[int], gap: re.Pattern[str]) -> Reading:
    """The text with each gap made into one space, as if a number went on after it."""
    pieces: list[str] = []
    kept: list[int] = []
    position = 0
    for match in gap.finditer(plain):
        pieces += [plain[position : match.start()], " "]
        kept += [*places[position : match.start()], places[match.start()]]
        position = match.end()
    return "".join([*pieces, plain[position:]]), [*kept, *places[position:]]


def _as_shown(text: str) -> Reading:
    """The text as a screen shows it, where a control character reverses a part of it."""
    plain = text.translate(_LOOKS_LIKE)
    order: list[int] = []
    position = 0
    for match in _TURNED.finditer(text):
        order += range(position, match.start())
        order += reversed(range(*match.span()))
        position = match.end()
    order += range(position, len(text))
    places = [place for place in order if not _ANY_UNSEEN.match(text[place])]
    return "".join([plain[place] for place in places]), places


# Where a character has one plain character that Unicode says is the same: full-width, mathematical,
# in a circle, raised. One for one, so that places stay the same.
# Chinese and Korean have none, and of what is beyond the first 65,536 few ranges have one.
_BEYOND = ((0x1D400, 0x1D7FF), (0x1F100, 0x1F16C), (0x1FBF0, 0x1FBF9))
_FIRST = [*range(0x80, 0x3400), *range(0xA620, 0xAC00), *range(0xF900, 0x10000)]
_LOOKED_AT = [*_FIRST, *(code for first, end in _BEYOND for code in range(first, end + 1))]
_SAME = {
    code: same
    for code in _LOOKED_AT
    if len(same := unicodedata.normalize("NFKC", chr(code))) == 1 and "!" <= same <= "~"
}
# In a circle that is filled, with brackets or a full stop: the same to the eye.
_NUMBERS = {
    code: str(unicodedata.digit(chr(code)))
    for code in _LOOKED_AT
    if unicodedata.digit(chr(code), None) is not None
}
_TAGS = {0xE0000 + code: chr(code) for code in range(0x20, 0x7F)}  # never shown: ASCII, hidden
_BLANKS = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")
_LOOKS_LIKE = (
    _SAME
    | _NUMBERS
    | _TAGS
    | _BLANKS
    | {ord(space): " " for space in "\t\u00a0\u1680\u202f\u205f\u3000"}
    | dict.fromkeys(range(0x2000, 0x200B), " ")
    | {ord(line_end): "\n" for line_end in "\r\v\f\u0085\u2028\u2029"}
    | {ord(dash): "-" for dash in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63"}
)
# And what does not show at all: soft hyphens, joiners, marks of direction, variation selectors,
# what puts a frame around a digit, and of two characters that end a line the first.
_UNSEEN_AT_ALL = (
    "\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20f0"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
)
_UNSEEN_BEYOND = (
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e007f\U000e0100-\U000e01ef"
)
_UNSEEN = f"{_UNSEEN_AT_ALL}{_UNSEEN_BEYOND}"
_DOUBTFUL = "".join(map(chr, (*_BLANKS, *_TAGS)))
_OVERRIDE = "\u202e"
_TURNED = re.compile("(?<=\u202e)[^\n\u202c\u202e]+")
_ANY_UNSEEN = re.compile(f"[{_UNSEEN}]|\r(?=\n)")
_ANY_DOUBTFUL = re.compile(f"[{_DOUBTFUL}]")
_ANY_UNSEEN_OR_DOUBTFUL = re.compile(f"[{_UNSEEN}{_DOUBTFUL}]|\r(?=\n)")
# Where a number may go on: after the end of a line, and after more than one space.
_GAPS = {"\n": re.compile(" ?\n ?"), "  ": re.compile(" {2,3}")}
# As many digits as the shortest number has, or capitals of an account number.
_LONG_RUN = re.compile(r"[0-9](?:[ ./()\n-]{0,3}+[0-9A-Z]){7,}")
_ANY_UNUSUAL = re.compile(
    "".join(
        (
            "[",
            *(chr(code) for code in _LOOKS_LIKE if 0x80 <= code < 0x10000),
            *(f"{chr(first)}-{chr(end)}" for first, end in _BEYOND),
            f"{_UNSEEN}{_DOUBTFUL}]",
        )
    )
)
# Said as what is not one of the first 65,536 that are usual, it is one look a character. Further
# ones, such as emoji, are found by it too, and then the other decides.
_UNUSUAL = [code for code in _FIRST if _ANY_UNUSUAL.match(chr(code))]
_BETWEEN = zip([-1, *_UNUSUAL], [*_UNUSUAL, 0x10000], strict=True)
_USUAL = (rf"\u{first + 1:04x}-\u{end - 1:04x}" for first, end in _BETWEEN if end - first > 1)
_NOT_USUAL = re.compile(f"[^{''.join(_USUAL)}]")
