"""Telephone numbers in a text: Dutch ones, those from elsewhere, and mistyped mobile ones. Pure.

As `ingest.responses.personal_data` says: linear in the text, and quick where there is none.
"""

import re
from collections.abc import Iterator


def telephone_numbers(plain: str) -> Iterator[tuple[int, int, str | None]]:
    """Each with its begin and end, as detectors of `ingest.responses.personal_data` tell them."""
    for match in _TELEPHONE.finditer(plain):
        yield *match.span(), "telefoon"


def mistyped_telephone_numbers(plain: str) -> Iterator[tuple[int, int, str | None]]:
    """Mobile numbers with the letter o for their first 0, or without it."""
    for match in _MISTYPED.finditer(plain):
        start, end = match.span()
        if plain[start - 1 : start] in ("o", "O"):
            yield start - 1, end, "telefoon"
        elif not _OF_A_THING.search(plain, max(0, start - 24), start):
            yield start, end, "telefoon"


def _digits(count: int | str) -> str:
    return rf"(?:[ ./()_-]{{0,3}}+[0-9]){{{count}}}"


# The area codes of the Dutch numbering plan without their 0, and the codes that belong to no area.
# Numbers of services (0800, 0900, 14 followed by an area code) are nobody's and stay.
_NATIONAL = (
    rf"(?:6{_digits(8)}"
    r"|(?:1[035]|2[0346]|3[03568]|4[0356]|5[0358]|7[0-9]|8[4578])" + _digits(7) + "|(?:"
    r"11[134578]|16[1245678]|17[24]|18[0123467]"
    r"|22[2346789]|25[125]|29[479]"
    r"|31[345678]|32[01]|34[1-8]"
    r"|41[12368]|47[58]|48[15678]|49[23579]"
    r"|51[1-9]|52[12345789]|54[1345678]|56[126]|57[0123578]|59[1-9])" + _digits(6) + ")"
)
# Not a date with a time after it: 06-12-2025 10:30.
_NO_DATE = r"(?![1-9](?P<parts>[-./])(?:0?[1-9]|1[0-2])(?P=parts)(?:19|20)[0-9]{2}(?![0-9]))"
# The codes of countries, but 1, 7 and 31.
_COUNTRY = (
    r"(?:2[07]|3[02-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
    r"|(?:2[1-69]|3[578]|42|5[09]|6[789]|8[058]|9[679])[0-9])"
)
# Many numbers of things begin with 00 too. So what follows is either in one piece and as long as
# the numbers of most countries, of the neighbours, or of the islands: twelve digits in all are a
# property's in a valuation, sixteen a building's. Or it is parted after the code of the country.
_GAP = r"(?:[./]|[ ()_-]{0,3}+)"
_PARTED = r"(?=[ ./()_-])(?![./_-](?:19|20)[0-9]{2}[./_ -])"  # a case: 0044-2024-012345
_AFTER_00 = (
    rf"(?:(?={_COUNTRY})[0-9]{{11,13}}|(?:32|45|49)[0-9]{{8}}|(?:297|352|59[79])(?:{_GAP}[0-9]){{6,7}}"
    rf"|{_COUNTRY}{_PARTED}(?:{_GAP}[0-9]){{7,12}}"
    rf"|(?:32|49)[0-9]{{1,3}}{_PARTED}(?:{_GAP}[0-9]){{6,9}})"
    r"(?![./:,-][0-9])"
)
# Not in a decimal, and not the minutes of a time with a number after them: 0,0049 and 10:00 31.
_00 = r"(?<=0)0(?<![0-9][.:,]00)[ -]?"
_TELEPHONE = re.compile(
    r"[(+03](?:(?<!\w.)(?<![0-9]-.)|(?<=[Tt]el.)|(?<=[Mm]ob.))"
    rf"(?:(?:(?<=0)|(?<=\()0){_NO_DATE}{_NATIONAL}|"
    rf"{_00}{_AFTER_00}|"
    rf"(?:(?<=\+) ?31|{_00}31|(?<=\()(?:\+ ?|00 ?)31)"
    rf"[ ./()_-]{{0,3}}+(?:0[ )]{{0,2}}+)?{_NATIONAL}|"
    r"(?<=3)1[ -]?6[ -]?[0-9]{8}|"
    rf"(?<=\+)(?!31)[1-9]{_digits('8,14')})"  # elsewhere in the world
    r"(?![0-9])"
)
# Nor `o6 12-06-2025`.
_NO_DATE_BEHIND = r"(?![ -]{1,3}[0-9]{1,2}(?P<by>[./-])[0-9]{1,2}(?P=by)(?:19|20)[0-9]{2})"
# Without its 0 only where nothing but that part has the shape: eight digits after a 6 that begins a
# number, that are no day (`om 6 20250131`), and no amount.
_MISTYPED = re.compile(
    rf"6(?:(?<=[oO].)(?<!\w[oO].){_NO_DATE}{_NO_DATE_BEHIND}{_digits(8)}|"
    r"(?<!\w.)(?<![A-Za-z0-9]-.)(?<![0-9][./:,].)(?<![0-9] .)(?<![€$].)(?<![€$] .)"
    r"(?:[ -]| - )(?!20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))[1-58][0-9]{7})"
    r"(?![./:,-]?[0-9])(?!\w)(?! ?(?:euro|€|keer|stuks))"
)
_OF_A_THING = re.compile(
    r"(?:zaak|order|bestel|dossier|kenmerk|factuur|klant|melding|kamer|balie|artikel|pagina|lijn"
    r"|bedrag|stand|versie|pas|case|room|desk)\w{0,10}[ .:]{1,2}\Z",
    re.IGNORECASE,
)
