"""What personal data looks like in the Netherlands: one detector a kind, each linear in the text.

A detector reads text with ASCII digits, spaces and dashes (screening.py sees to that) and yields
`(start, end, kind)`; kind None keeps a piece from the detectors after it without taking it out.

Quantifiers follow one another or are possessive, and repeat a bounded number of times where they
are inside one another: no text makes a pattern try the same characters again and again.
Where a pattern takes a digit first and only then looks at what stands before it (`[0-9](?<!\\w.)`),
that is for speed: the search skips from digit to digit, and residents write words. For the same
reason a detector whose pattern begins with letters first looks for what it cannot do without.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from operator import mul

from ingest.responses.account_numbers import ibans
from ingest.responses.mail_addresses import (
    mail_addresses,
    mail_addresses_in_words,
    mail_addresses_with_at,
)
from ingest.responses.telephone_numbers import (
    mistyped_telephone_numbers,
    telephone_numbers,
)

Span = tuple[int, int, str | None]
Detector = Callable[[str], Iterator[Span]]


def _bsn_after_cue(plain: str) -> Iterator[Span]:
    """Where a text says that it is one, the digits may be parted in any way."""
    if "bsn" not in plain and "BSN" not in plain and not _BSN_CUE.search(plain):
        return
    for match in _BSN_AFTER_CUE.finditer(plain):
        if _passes_the_eleven_check(match[1]) and not _NO_BSN.fullmatch(match[1]):
            yield *match.span(1), "bsn"


def _bsn(plain: str) -> Iterator[Span]:
    yield from _passing(_BSN, plain)


def _bsn_in_groups(plain: str) -> Iterator[Span]:
    yield from _passing(_BSN_IN_GROUPS, plain)


def _passing(pattern: re.Pattern[str], plain: str) -> Iterator[Span]:
    position = 0
    while match := pattern.search(plain, position):
        if _passes_the_eleven_check(match[0]) and not _NO_BSN.fullmatch(match[0]):
            yield *match.span(), "bsn"
            position = match.end()
        else:
            # The number may begin at the next group: `bus 345 123 456 782`.
            position = match.start() + 1


def _passes_the_eleven_check(written: str) -> bool:
    """A burgerservicenummer: nine digits, weighed 9 to 2 and -1; older ones lost their first 0."""
    digits = written.translate(_TOGETHER)
    if len(digits) != 9 and (len(digits) != 8 or digits[0] == "0"):
        return False
    weighed: int = sum(map(mul, digits.zfill(9).encode(), _WEIGHTS)) - ord("0") * sum(_WEIGHTS)
    return weighed % 11 == 0 and weighed > 0


_TOGETHER = str.maketrans("", "", " ./_,-")
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
# Not a part of an amount, a decimal, a case number (Z-123456782) or a path.
_FIRST_OF_BSN = (
    r"[0-9](?:(?<!\w.)(?<![€$].)(?<![€$] .)(?<![0-9][./:-].)(?<![A-Za-z][/-].)"
    r"|(?<=[Bb][Ss][Nn].)|(?<=[Bb][Ss][Nn]-.))"
)
_AFTER_BSN = r"(?!\w)(?![./:-][0-9]|,[0-9]{1,2}(?![0-9]))"
# In the usual groupings a number may stand before it or behind it, but not both.
_USUAL_GROUPS = r"(?:[0-9]{2}([ ._-])[0-9]{3}\%d[0-9]{3}|[0-9]{3}([ ._-])[0-9]{2}\%d[0-9]{3})"
_WIDE_GROUPS = (
    r"(?<![0-9] [/-] .)(?:[0-9]{2}( [/-] )[0-9]{3}\5[0-9]{3}|[0-9]{3}( [/-] )[0-9]{2}\6[0-9]{3})"
    r"(?! [/-] [0-9])"
)
# Two parts with a slash may not have a year at either end, nor three at the begin.
_NO_YEAR = "(?!(?<=1)9[0-9]{2}/|(?<=2)0[0-9]{2}/)"
_BETWEEN_SLASHES = (
    rf"{_NO_YEAR}(?:[0-9]{{1,3}}/[0-9]{{2,3}}/[0-9]{{3}}"
    r"|[0-9]{2}/[0-9]{6}|[0-9]{3}/[0-9]{5}|[0-9]{4}/(?!(?:19|20)[0-9]{2}(?![0-9]))[0-9]{4}"
    r"|[0-9]{5}/[0-9]{3})"
)
_BSN = re.compile(
    rf"{_FIRST_OF_BSN}(?:[0-9]{{7,8}}|{_BETWEEN_SLASHES}"
    rf"|(?<![0-9] .){_USUAL_GROUPS % (1, 2)}|{_USUAL_GROUPS % (3, 4)}(?! [0-9])|{_WIDE_GROUPS})"
    rf"{_AFTER_BSN}"
)
# Any other grouping counts only when no other digits stand beside it: numbers in a row are common.
_BSN_IN_GROUPS = re.compile(
    rf"{_FIRST_OF_BSN}(?<![0-9] .)(?:[0-9]{{1,5}}+([ ._-])[0-9]{{2,6}}+(?:\1[0-9]{{1,4}}+){{0,3}}"
    rf"|([ ._-]| - )[0-9](?:\2[0-9]){{7}}){_AFTER_BSN}(?! [0-9])"
)
_BSN_CUE = re.compile("Bsn|[Ss]ofi|SOFI|[Ss]ervice ?num[mb]er|SERVICE ?NUMMER")
_BSN_AFTER_CUE = re.compile(
    rf"(?:bsn|BSN|{_BSN_CUE.pattern})[^0-9\x00]{{0,24}}+"
    r"([0-9](?:[ ./_,-]{0,3}+[0-9]){7,8})(?!\w)(?![./:,-][0-9])"
)
# Dates, years to years, a year with a number, pairs in a row, and marks: those of ten from four up,
# or those of five.
_NO_BSN = re.compile(
    r"(?:19|20)[0-9]{2}([ ./-]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[1-9]|[12][0-9]|3[01])([ ./-]?)(?:0[1-9]|1[0-2])\2(?:19|20)[0-9]{2}"
    r"|(?:19|20)[0-9]{2}[ ._/-][0-9]{4,5}|20[0-9]{2}-(?:0[1-9]|1[0-2])-[0-9]{3}"
    r"|[0-9]{2}(?: [0-9]{2}){3}|[4-9](?:[ ._-]{1,3}[4-9]){8}|[1-5](?:[ ._-]{1,3}[1-5]){8}"
)


def _address(plain: str) -> Iterator[Span]:
    shouting = plain.upper() == plain and re.search("[A-Z]{3}", plain) is not None
    for match in _ADDRESS.finditer(plain):
        letters = match["after"] or match["before"]
        # `In 2024 na 12 weken`: without capitals, or where all are, two letters may be a word.
        is_word = letters.lower() in _WORDS and (
            shouting
            or not letters.isupper()
            or _OF_A_YEAR.fullmatch(plain, *match.span()) is not None
        )
        if not is_word and letters.upper() not in ("SA", "SD", "SS"):  # never issued
            yield *match.span(), "adres"


_ADDITION = r"(?:[/-][0-9]{1,4}|[ -]?(?:bis|hs|huis|rood|zw|[IVX]{1,3})|[ -]?[A-Z]|-?[a-z])?(?!\w)"
_NO_UNIT = (
    r"(?![.,:][0-9]| ?(?:[%€x]|uur|uren|min|sec|dag|week|weken|maand|jaar|jaren|keer|maal|euro"
    r"|meter|m2|km|cm|kg|mensen|personen|hour|day|month|year|times|people))"
)
_ADDRESS = re.compile(
    rf"[0-9](?<![\w.,:].)(?:[0-9]{{0,4}}{_ADDITION}"
    r"[ ,/\n-]{1,3}(?:(?:te|in|postcode|pc)[ :]{1,2})?\(?"
    r"[1-9][0-9]{3}[ -]?(?P<before>[A-Za-z]{2})(?!\w)"
    r"|(?<!0)[0-9]{3}[ -]?(?P<after>[A-Za-z]{2})[ ,/\n-]{1,3}(?:(?:en|and) )?"
    r"(?:(?:[Hh]uisnummer|[Hh]uisnr|[Nn]ummer|[Nn]umber|[Nn]r|[Nn]o|hn|#)[.:]? ?)?"
    rf"[0-9]{{1,5}}{_ADDITION}{_NO_UNIT})"
)
# `2023 WO 3` is a paper of that year more often than a house in Haarlem.
_OF_A_YEAR = re.compile(r"(?<!ostcode )(?<!ostcode: )(?:199[0-9]|20[0-3][0-9]) [A-Z]{2} [0-9]{1,5}")
# Words and units of two letters that come between two numbers, Dutch and English.
_WORDS = {
    "al", "an", "as", "at", "be", "bv", "by", "ca", "cl", "cm", "da", "de", "dl", "do", "dr",
    "ds", "en", "er", "eu", "ex", "ga", "gb", "go", "gr", "ha", "he", "hz", "if", "ik", "in",
    "is", "it", "ja", "je", "kb", "kg", "km", "kw", "la", "lt", "ma", "mb", "me", "mg", "ml",
    "mm", "mr", "mw", "my", "na", "nl", "nm", "no", "nr", "nu", "of", "og", "om", "on", "op",
    "or", "ov", "pc", "pk", "pm", "re", "so", "st", "te", "tm", "to", "tv", "us", "uw", "va",
    "vr", "we", "wo", "xl", "ze", "zo",
}  # fmt: skip


def _plate(plain: str) -> Iterator[Span]:
    if not _PLATE_TURNS.search(plain):
        return
    for match in _PLATE.finditer(plain):
        yield *match.span(), "kenteken"


def _plate_after_cue(plain: str) -> Iterator[Span]:
    if "enteken" not in plain and "ummer" not in plain and "plate" not in plain:
        return
    for match in _PLATE_AFTER_CUE.finditer(plain):
        yield *match.span(1), "kenteken"


# The RDW's series ("sidecodes") 1 to 14. From the fourth on no vowels, C, Q or Y, so that no plate
# is a word; only those of trailers begin with an O.
_SERIES = (
    "XX-99-99", "99-99-XX", "99-XX-99", "XX-99-XX", "XX-XX-99", "99-XX-XX", "99-XXX-9",
    "9-XXX-99", "XX-999-X", "X-999-XX", "XXX-99-X", "X-99-XXX", "9-XX-999", "999-XX-9",
)  # fmt: skip
# Of these nothing else is written so without dashes: the others are also postcodes, product
# numbers, or a word with a number after or before it.
_CLEAR_WITHOUT_DASHES = [_SERIES[3], *_SERIES[6:]]
_CONSONANT = "[BDFGHJKLMNPRSTVWXZ]"


def _shapes(series: Sequence[str], letter: str, dash: str) -> str:
    meaning = str.maketrans({"X": letter, "9": "[0-9]", "-": dash})
    return "|".join(one.translate(meaning) for one in series)


_PLATE = re.compile(
    r"(?<![\w-])(?=[0-9 -]{0,6}+[A-Za-z])(?:"  # a row of numbers is left at once
    + _shapes(_SERIES[:6], "[A-Za-z]", "-")
    + "|"
    + _shapes(_SERIES[6:], f"[{_CONSONANT[1:-1]}{_CONSONANT[1:-1].lower()}]", "-")
    + "|"
    + _shapes(_CLEAR_WITHOUT_DASHES, _CONSONANT, " ?")
    + r")(?!\w|-\w)"
)
# Every series has a digit beside a letter.
_PLATE_TURNS = re.compile(
    r"[0-9](?:(?<=[A-Za-z]-.)|(?=-[A-Za-z])"
    rf"|(?<={_CONSONANT}.)|(?<={_CONSONANT} .)|(?= ?{_CONSONANT}))"
)
_PLATE_AFTER_CUE = re.compile(
    r"(?:[Kk]enteken(?:plaat|s)?|[Nn]ummer(?:plaat|bord)|(?:[Ll]icen[cs]e|[Nn]umber) plate)"
    r"\W{1,3}(?:[A-Za-z]{1,9}\W{1,2}){0,3}?("
    + _shapes(_SERIES[:3], "[A-Za-z]", "[ -]?")
    + "|"
    + _shapes(_SERIES[3:], f"[O{_CONSONANT[1:-1]}{_CONSONANT[1:-1].lower()}]", "[ -]?")
    + r")(?!\w)"
)


def detectors_for(plain: str) -> Sequence[Detector]:
    """Those that may find something in it.

    What has the clearest shape is first, so that its digits are not taken for another.
    """
    return _DETECTORS if _LONG_NUMBER.search(plain) else _FOR_SHORT_NUMBERS


# As many digits as a telephone number or a BSN has, with what may part them.
_LONG_NUMBER = re.compile("[0-9](?:[ ./()_,-]{0,3}+[0-9]){7}")
_DETECTORS: tuple[Detector, ...] = (
    mail_addresses,
    mail_addresses_in_words,
    mail_addresses_with_at,
    ibans,
    telephone_numbers,
    mistyped_telephone_numbers,
    _bsn_after_cue,
    _bsn,
    _bsn_in_groups,
    _address,
    _plate,
    _plate_after_cue,
)
_OF_LONG_NUMBERS = (
    telephone_numbers,
    mistyped_telephone_numbers,
    _bsn_after_cue,
    _bsn,
    _bsn_in_groups,
)
_FOR_SHORT_NUMBERS = tuple(one for one in _DETECTORS if one not in _OF_LONG_NUMBERS)
