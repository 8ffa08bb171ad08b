"""Read who is to be reached, `tel:...` or `mailto:...`, or say why nobody can be. Pure.

Strict on purpose: what is let through goes into calls and headers of others, and a message that
goes astray tells a stranger of somebody's contact with the municipality.
"""

import re
import unicodedata
from collections.abc import Collection

from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    format_number,
    is_valid_number,
    number_type,
    parse,
    region_code_for_number,
)

from ingest.invitations.occasions import Recipient

_LONGEST_NUMBER = 40
_LONGEST_ADDRESS = 254
_LONGEST_LOCAL_PART = 64

# As people write a number, and nothing else: the library would also read letters as keys of a
# telephone, digits of every script, and an extension.
_NUMBER = re.compile(r"\+?[0-9(][0-9(). /-]*")
_NETHERLANDS = 31
# 097 is for machines. The library calls 0970 a mobile number.
_OF_MACHINES = "97"
_DIGITS_OF_A_DUTCH_NUMBER = 9
# Behind it somebody may work, and it costs what any number costs.
_OF_ORGANISATIONS = "88"
_ANSWERED_BY_PEOPLE = frozenset(
    {
        *(PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE),
        PhoneNumberType.VOIP,
    }
)
# 0900, 0906 and 0909, and their like elsewhere.
_COST_MORE = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})
# What the library takes for numbers like any other: 976 in every area of North America, and 084 and
# 087, behind which a provider calls on at its own price.
_AT_A_PRICE = re.compile(r"\+1[0-9]{3}976[0-9]{4}|\+318[47][0-9]{7}")
# 1850 and its like, which the library takes for no numbers.
_SERVICE_AT_A_PRICE = re.compile(r"18\d{2,3}")

# Fewer signs than RFC 5322 has: not those with which programs route, escape, or begin headers
# (! % | ` ? $ and the like), and none but a letter, a digit or _ first, as - may begin an option.
_LOCAL_PART = re.compile(r"(?=[A-Za-z0-9_])[A-Za-z0-9&'+/=_~-]+(?:\.[A-Za-z0-9&'+/=_~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LAST_LABEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,58}[a-z0-9]")
# The two standards for names in other scripts send these to different domains.
_DISPUTED = frozenset("ßς\u200c\u200d")
_LETTERS_AND_DIGITS = frozenset({"Ll", "Lo", "Lm", "Mn", "Mc", "Nd"})


class RecipientUnusable(Exception):
    """Nobody can be reached there; `code` says why, and nothing says where.

    `unknown-scheme` (neither tel: nor mailto:), `not-a-number`, `not-a-mobile-number` (a land line,
    or one of which nobody can tell), `not-a-mail-address`; of a number to call also `costs-more`
    and `abroad`.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def read_recipient(text: str) -> Recipient:
    """The recipient that the text names, in one spelling. Raises RecipientUnusable.

    After `tel:` a number as it is written in the Netherlands (`06-1234 5678`, `0031 6 ...`,
    `+31 (0)6 ...`), or one of another country with its +; mobile only.
    """
    scheme, _, rest = text.partition(":")
    match scheme.lower():
        case "tel":
            return Recipient(scheme="tel", address=_mobile_number(rest))
        case "mailto":
            return Recipient(scheme="mailto", address=_mail_address(rest))
    raise RecipientUnusable("unknown-scheme")


def read_typed_recipient(text: str) -> Recipient:
    """The same, as people type it: `tel:` and `mailto:` may be left out. Raises RecipientUnusable.

    A spreadsheet may have taken the first nought of a number off.
    """
    if not text.lower().startswith(("tel:", "mailto:")):
        text = f"mailto:{text}" if "@" in text else f"tel:{text}"
    return read_recipient(text)


def read_number_to_call(text: str, countries: Collection[str]) -> str:
    """The number on which somebody can be called, as +31201234567. Raises RecipientUnusable.

    Written as `read_recipient` takes it, without `tel:`, or with Arabic digits throughout; also of
    a land line or of internet telephony. One that `costs-more` is refused, and so is one of a
    country that is not in `countries` (two letters), such as that of a satellite: `abroad`.
    """
    written = text if any("0" <= each <= "9" for each in text) else text.translate(_ARABIC)
    if _SERVICE_AT_A_PRICE.fullmatch(re.sub(r"[ .-]", "", written)):
        raise RecipientUnusable("costs-more")
    number = _number(written)
    kind = number_type(number)
    called = format_number(number, PhoneNumberFormat.E164)
    if kind in _COST_MORE or _AT_A_PRICE.fullmatch(called):
        raise RecipientUnusable("costs-more")
    if region_code_for_number(number) not in countries:
        raise RecipientUnusable("abroad")
    if (
        not (kind in _ANSWERED_BY_PEOPLE or _is_of_an_organisation(number))
        or _is_of_a_machine(number)
        or _is_short(number)
    ):
        raise RecipientUnusable("not-a-number")
    return called


# As people write them in Arabic, and in Persian.
_ARABIC = {ord(zero) + digit: str(digit) for zero in "\u0660\u06f0" for digit in range(10)}


def country_of(recipient: Recipient) -> str:
    """Of which country a number is, in two letters; "" for a mail address, which is of none."""
    if recipient.scheme != "tel":
        return ""
    return region_code_for_number(parse(recipient.address)) or ""


def _is_of_an_organisation(number: PhoneNumber) -> bool:
    """088. Elsewhere one may cost anything."""
    is_dutch = number.country_code == _NETHERLANDS
    return is_dutch and str(number.national_number).startswith(_OF_ORGANISATIONS)


def _is_short(number: PhoneNumber) -> bool:
    """Such as 14020, at which a municipality answers itself."""
    is_dutch = number.country_code == _NETHERLANDS
    return is_dutch and len(str(number.national_number)) < _DIGITS_OF_A_DUTCH_NUMBER


def _mobile_number(text: str) -> str:
    number = _number(text)
    # In North America nobody can tell (FIXED_LINE_OR_MOBILE), so nobody there is sent anything.
    if number_type(number) != PhoneNumberType.MOBILE or _is_of_a_machine(number):
        raise RecipientUnusable("not-a-mobile-number")
    return format_number(number, PhoneNumberFormat.E164)


def _number(text: str) -> PhoneNumber:
    """A number that exists, of whatever kind. Raises RecipientUnusable."""
    written = text.strip(" ")
    if len(written) > _LONGEST_NUMBER or not _NUMBER.fullmatch(written):
        raise RecipientUnusable("not-a-number")
    try:
        number = parse(written, "NL")
    except NumberParseException:
        # Not chained: what the library says may repeat what was written.
        raise RecipientUnusable("not-a-number") from None
    if not is_valid_number(number):
        raise RecipientUnusable("not-a-number")
    return number


def _is_of_a_machine(number: PhoneNumber) -> bool:
    of_the_netherlands = number.country_code == _NETHERLANDS
    return of_the_netherlands and str(number.national_number).startswith(_OF_MACHINES)


def _mail_address(text: str) -> str:
    written = text.strip(" ")
    local_part, at, domain = written.rpartition("@")
    if (
        not at
        # Before anything is worked out: encoding a long name takes long.
        or len(written) > _LONGEST_ADDRESS
        or len(local_part) > _LONGEST_LOCAL_PART
        or not _LOCAL_PART.fullmatch(local_part)
    ):
        raise RecipientUnusable("not-a-mail-address")
    address = f"{local_part}@{_domain(domain)}"
    if len(address) > _LONGEST_ADDRESS:
        raise RecipientUnusable("not-a-mail-address")
    return address


def _domain(text: str) -> str:
    """The name in letters that mail servers know. Raises RecipientUnusable."""
    name = text.lower()
    strange = [sign for sign in name if not sign.isascii()]
    if (
        # A name that looks like another one, once it is normalised, would lead there.
        unicodedata.normalize("NFKC", text) != text
        or _DISPUTED & set(strange)
        or any(unicodedata.category(sign) not in _LETTERS_AND_DIGITS for sign in strange)
    ):
        raise RecipientUnusable("not-a-mail-address")
    try:
        name = name.encode("idna").decode("ascii") if strange else name
    except UnicodeError:
        raise RecipientUnusable("not-a-mail-address") from None
    *labels, last = name.split(".")
    if not labels or not all(map(_LABEL.fullmatch, labels)) or not _LAST_LABEL.fullmatch(last):
        raise RecipientUnusable("not-a-mail-address")
    return name
