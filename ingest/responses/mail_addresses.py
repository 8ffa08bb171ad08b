"""E-mail addresses in a text, also as people say or mistype them. Pure.

As `ingest.responses.personal_data` says: linear in the text, and quick where there is none.
"""

import re
from collections.abc import Iterator


def mail_addresses(plain: str) -> Iterator[tuple[int, int, str | None]]:
    """Those with an @, or the `(at)` that people write against robots."""
    if "@" not in plain and "(" not in plain and "[" not in plain:
        return
    for match in _WITH_A_SIGN.finditer(plain):
        yield *match.span(1), "e-mail"


def mail_addresses_in_words(plain: str) -> Iterator[tuple[int, int, str | None]]:
    """`jan apenstaartje voorbeeld punt nl`, in Dutch."""
    if "staart" not in plain and "STAART" not in plain:
        return
    for match in _IN_WORDS.finditer(plain):
        yield *match.span(1), "e-mail"


def mail_addresses_with_at(plain: str) -> Iterator[tuple[int, int, str | None]]:
    """`jan at voorbeeld dot nl`, in English; and `jan @gmail.com`, where the @ begins a word."""
    if " at " not in plain and " AT " not in plain and " @" not in plain:
        return
    for match in _WITH_AT.finditer(plain):
        if match[1].split(" ", 1)[0].lower() not in _BEFORE_AT:
            yield *match.span(1), "e-mail"


def may_hold_one_in_words(plain: str) -> bool:
    """Whether there may be one without any digit, @ or bracket."""
    return " at " in plain or " AT " in plain or "staart" in plain or "STAART" in plain


# Of what is said, or parted from the rest, only these endings are no words. `Net` is one in Dutch.
# After a full stop a telephone makes `Com` of it.
_NO_WORDS = "(?i:nl|com|org|eu|be|frl|example)"
_DOT_SAID = r"(?: (?i:dot|punt) | ?[(\[] ?(?i:dot|punt) ?[)\]] ?)"
_NO_NAMES = r"(?:de|het|een|die|dat|dit|geen|the|an?)"
_WITH_A_SIGN = re.compile(
    rf"(?<![\w.+%'-])(?!(?i:{_NO_NAMES}) )[.+%'-]*+"
    r"(\w[\w.+%'-]*+(?:@| {0,2}@ {1,2}| ?[(\[] ?[Aa][Tt] ?[)\]] ?)"
    r"[\w-]++(?:\.[\w-]++)*(?:\.[^\W\d_]{2,}"
    r"|,(?i: ?com| ?nl|org|net|eu|be|frl|example)(?![\w-])"
    rf"|(?: {{0,2}}\. {{0,2}}|{_DOT_SAID}){_NO_WORDS}(?![\w-])))"
)
_IN_WORDS = re.compile(
    rf"(?i:(?<![\w.+%'-])(?!{_NO_NAMES} )"
    r"(\w[\w.+%'-]*+(?: punt [\w.+%'-]++){0,3}"
    r" {0,2}[(\[]? ?ape(?:n?st|st)aart(?:je)? ?[)\]]? {0,2}"
    r"[\w-]++(?:(?:\.| punt )(?!(?:nl|com|net|org|eu|be)\b)[\w-]++){0,4}"
    r"(?:\.[^\W\d_]{2,}| punt (?:net|info)|(?: punt | {0,2}[.,] {0,2})"
    rf"{_NO_WORDS}))(?!\w))"
)
# `I was at molensloot.example` is no address, so a site with its dot must be one that people have
# their mail from. And what stands before `at` may not be a word that does so in any sentence.
_GIVES_MAIL = (
    r"(?:gmail|googlemail|hotmail|outlook|live|msn|icloud|yahoo|proton(?:mail)?"
    r"|ziggo|kpnmail|planet|xs4all|hetnet|casema|chello|upcmail|quicknet)"
)
_BEFORE_AT = {
    "aan", "account", "address", "adres", "all", "alleen", "am", "and", "are", "arrived",
    "available", "be", "been", "bereikbaar", "bij", "contact", "data", "e-mail", "email", "en",
    "find", "for", "found", "from", "hello", "help", "her", "here", "him", "i", "in", "info",
    "information", "is", "it", "log", "logged", "login", "look", "looked", "looking", "looks",
    "mail", "mailbox", "mailed", "me", "meet", "met", "mijn", "my", "naar", "not", "nothing", "of",
    "on", "online", "op", "or", "page", "people", "reach", "reachable", "reached", "registered",
    "sign", "site", "spam", "staff", "support", "team", "that", "them", "there", "they", "this",
    "time", "to", "twitter", "uit", "up", "us", "uw", "van", "via", "voor", "was", "we", "website",
    "were", "with", "work", "worked", "working", "works", "you", "your",
}  # fmt: skip
_WITH_AT = re.compile(
    rf"(?i:(?<![\w.+%'-])(?!{_NO_NAMES} )"
    r"(\w[\w.+%'-]*+(?: (?:dot|punt) [\w.+%'-]++){0,3}"
    rf"(?: {{1,2}}(?:at {{1,2}}|@){_GIVES_MAIL}(?:\.| ?\. ?|{_DOT_SAID})"
    r"(?:nl|com|net|org|eu|be|co\.uk|de|fr)"
    rf"| {{1,2}}at {{1,2}}[\w-]++(?:{_DOT_SAID}(?!{_NO_WORDS}\b)[\w-]++){{0,3}}{_DOT_SAID}"
    r"(?:nl|com|net|org|eu|be|info|frl|example)))(?!\w))"
)
