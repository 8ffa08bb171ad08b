"""Account numbers (IBAN) in a text, of every country that has them. Pure.

As `ingest.responses.personal_data` says: linear in the text, and quick where there is none.
"""

import re
from collections.abc import Iterable, Iterator


def ibans(plain: str) -> Iterator[tuple[int, int, str | None]]:
    """Each with its begin and end, as detectors of `ingest.responses.personal_data` tell them."""
    if not _IBAN_BEGINS.search(plain):
        return
    if not plain.isascii():
        plain = plain.translate(_LETTERS_ALIKE)
    position = 0
    while match := _IBAN.search(plain, position):
        groups = _APART.split(match[0])
        compact = "".join(groups).upper()
        digits = (compact[4:] + compact[:4]).translate(_LETTERS_AS_NUMBERS)
        # ISO 13616: the whole, read as one number, leaves 1 when divided by 97.
        passes = int(digits) % 97 == 1
        tidy = len(groups) == 1 or all(len(group) == 4 for group in groups[:-1])
        if tidy or compact.startswith("NL") or (passes and _MOSTLY_DIGITS.fullmatch(compact)):
            # What fails is a near miss; its digits are no telephone number either.
            yield *match.span(), "iban" if passes else None
            position = match.end()
        else:
            # Words after a word of two letters: `me 10 minuten gebeld`. One may begin among them.
            position = match.start() + 1


# Cyrillic and Greek letters that look like ours. For an IBAN alone, which has check digits: whoever
# answers in Ukrainian writes words with them.
_ALIKE = {
    "A": "\u0410\u0430\u0391", "B": "\u0412\u0432\u0392", "C": "\u0421\u0441", "D": "\u0501",
    "E": "\u0415\u0435\u0395", "H": "\u041d\u043d\u0397", "I": "\u0406\u0456\u0399",
    "J": "\u0408\u0458", "K": "\u041a\u043a\u039a", "L": "\u04cf\u04c0", "M": "\u041c\u043c\u039c",
    "N": "\u039d", "O": "\u041e\u043e\u039f\u03bf", "P": "\u0420\u0440\u03a1", "Q": "\u051b",
    "S": "\u0405\u0455", "T": "\u0422\u0442\u03a4", "W": "\u051d", "X": "\u0425\u0445\u03a7",
    "Y": "\u0423\u0443\u03a5", "Z": "\u0396",
}  # fmt: skip
_LETTERS_ALIKE = str.maketrans({sign: ours for ours in _ALIKE for sign in _ALIKE[ours]})
_LETTERS_AS_NUMBERS = {ord("A") + number: str(10 + number) for number in range(26)}
# What follows the two check digits, after release 101 of the IBAN registry, and Morocco: n digits,
# a letters, c either.
ACCOUNT_NUMBERS = {
    "NL": "4a10n", "AD": "8n12c", "AE": "19n", "AL": "8n16c", "AT": "16n", "AZ": "4a20c",
    "BA": "16n", "BE": "12n", "BG": "4a6n8c", "BH": "4a14c", "BI": "23n", "BR": "23n1a1c",
    "BY": "4c4n16c", "CH": "5n12c", "CR": "18n", "CY": "8n16c", "CZ": "20n", "DE": "18n",
    "DJ": "23n", "DK": "14n", "DO": "4c20n", "EE": "16n", "EG": "25n", "ES": "20n", "FI": "14n",
    "FK": "2a12n", "FO": "14n", "FR": "10n11c2n", "GB": "4a14n", "GE": "2a16n", "GI": "4a15c",
    "GL": "14n", "GR": "7n16c", "GT": "24c", "HN": "4a20n", "HR": "17n", "HU": "24n",
    "IE": "4a14n", "IL": "19n", "IQ": "4a15n", "IS": "22n", "IT": "1a10n12c", "JO": "4a4n18c",
    "KW": "4a22c", "KZ": "3n13c", "LB": "4n20c", "LC": "4a24c", "LI": "5n12c", "LT": "16n",
    "LU": "3n13c", "LV": "4a13c", "LY": "21n", "MA": "24n", "MC": "10n11c2n", "MD": "20c",
    "ME": "18n", "MK": "3n10c2n", "MN": "16n", "MR": "23n", "MT": "4a5n18c", "MU": "4a19n3a",
    "NI": "4a20n", "NO": "11n", "OM": "3n16c", "PK": "4a16c", "PL": "24n", "PS": "4a21c",
    "PT": "21n", "QA": "4a21c", "RO": "4a16c", "RS": "18n", "RU": "14n15c", "SA": "2n18c",
    "SC": "4a20n3a", "SD": "14n", "SE": "20n", "SI": "15n", "SK": "20n", "SM": "1a10n12c",
    "SO": "19n", "ST": "21n", "SV": "4a20n", "TL": "19n", "TN": "20n", "TR": "6n16c",
    "UA": "6n19c", "VA": "18n", "VG": "4a16n", "XK": "16n", "YE": "4a4n18c",
}  # fmt: skip
_PARTING = " ./_:-"
_PARTED = f"(?: - |[{_PARTING}])?"
_PARTED_MORE = f"[{_PARTING}]{{0,3}}+"
_CHARACTERS = {"n": "[0-9]", "a": "[A-Za-z]", "c": "[0-9A-Za-z]"}


def _account_pattern(country: str, account: str, parted: str) -> str:
    second = f"(?<=[{country[0]}{country[0].lower()}])[{country[1]}{country[1].lower()}]"
    parts = re.findall("([0-9]+)([nac])", "2n" + account)
    return second + "".join(rf"(?:{parted}{_CHARACTERS[kind]}){{{count}}}" for count, kind in parts)


_ABROAD = "|".join(
    _account_pattern(country, account, _PARTED)
    for country, account in ACCOUNT_NUMBERS.items()
    if country != "NL"
)


def _any_of(countries: Iterable[str]) -> str:
    """The two letters of one of these, by the first: to try each of ninety takes time."""
    seconds: dict[str, str] = {}
    for code in countries:
        seconds[code[0]] = seconds.get(code[0], "") + _any_case(code[1])
    return f"(?:{'|'.join(f'[{_any_case(one)}][{more}]' for one, more in seconds.items())})"


def _any_case(letter: str) -> str:
    return f"{letter}{letter.lower()}{_ALIKE.get(letter, '')}"


def _begins(parting: str) -> str:
    """What stands before a first digit, and after it: `om 10.30` and `is 15 minuten` are none."""
    after = _PARTED_MORE
    numbers = [code for code, account in ACCOUNT_NUMBERS.items() if _THREE_DIGITS.match(account)]
    others = ACCOUNT_NUMBERS.keys() - numbers
    return (
        rf"(?<={_LETTER}{parting}.)(?:"
        rf"(?={after}[0-9](?:{after}[0-9]){{3}})(?<={_any_of(numbers)}{parting}.)"
        rf"|(?={after}[0-9]{after}\w)(?<={_any_of(sorted(others))}{parting}.))"
    )


_THREE_DIGITS = re.compile("(?:[3-9]|[0-9]{2})n")
_LETTER = f"[A-Za-z{''.join(_ALIKE.values())}]"
_IBAN_BEGINS = re.compile(f"[0-9](?:{_begins('')}|{_begins(f'[{_PARTING}]')})")
# A Dutch one is so particular that it may be stuck to a word, and parted by more.
_IBAN = re.compile(
    rf"[A-Za-z](?=[A-Za-z][{_PARTING}]?[0-9])"
    rf"(?:{_account_pattern('NL', ACCOUNT_NUMBERS['NL'], _PARTED_MORE)}(?![0-9])"
    rf"|(?<![0-9A-Za-z].)(?:{_ABROAD})(?![0-9A-Za-z]))"
)
_APART = re.compile(f"[{_PARTING}]+")
_MOSTLY_DIGITS = re.compile("[A-Z]{2}[0-9]{2}[A-Z]{0,4}[0-9]{8,}[A-Z0-9]*")
