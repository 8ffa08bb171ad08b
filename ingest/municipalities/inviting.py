"""Whom a touchpoint invites after a contact, when, and in which words: as files say it.

`[invitations]` of a municipality holds for all its touchpoints; `[touchpoints.<slug>.invitations]`
for one of them. What is done with it is decided in `ingest/invitations/rules.py`.
"""

import re
import reprlib
import string
from collections.abc import Callable, Mapping

import msgspec

from ingest.files.near_misses import did_you_mean
from ingest.files.toml_tables import Table, language_fault, line_fault
from ingest.municipalities.hours import WEEKDAYS, hours_fault, within
from ingest.municipalities.senders import Scheme, Sender

NEVER_AT_NIGHT = "08:00-21:00"
"""The widest hours in which anybody is sent anything, in Amsterdam."""

CHOSEN_HOLIDAYS = ("goede-vrijdag", "bevrijdingsdag")
"""Days on which some municipalities are open and others are not; each says which it observes."""

MOST_DAYS_KNOWN = 90
"""For so long it is known who was asked: codes lose their key after the next quarter."""

_MOST_WAIT_MINUTES = 14 * 24 * 60
_MOST_AGE_HOURS = 30 * 24
_LONGEST_MAIL = 2_000
_ALONE = re.compile(r"(?<!\S)\{link\}(?!\S)")


class HouseRules(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for everybody whom a municipality invites.

    Nobody is asked again within `not_again_days`, whatever the channel; 0 asks every time.
    `holidays` are those of `CHOSEN_HOLIDAYS` that it observes beside the public ones.
    """

    not_again_days: int = 90
    holidays: tuple[str, ...] = ("goede-vrijdag",)


class InvitationRules(msgspec.Struct, frozen=True, kw_only=True):
    """Whom one touchpoint invites after a contact, when, and in which words.

    Without a `sender` nobody is sent anything. Of the contacts that remain after `products`,
    `outcomes` and `case_types` (empty: all of them), `percentage` of a hundred are invited,
    `wait_minutes` after the contact at the soonest, within `hours` ("09:00-20:00") of `days`, both
    in Amsterdam, and on holidays only where it says so; `holidays` are the municipality's own.
    A contact that is told `most_age_hours` after it ended, or later, invites nobody.
    `text`, `subject` and `mail` are words by language; `language` is for who has none of those.
    """

    sender: Sender | None = None
    percentage: int = 100
    wait_minutes: int = 0
    hours: str = "09:00-20:00"
    days: tuple[str, ...] = WEEKDAYS[:6]
    on_holidays: bool = False
    holidays: tuple[str, ...] = HouseRules().holidays
    products: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    case_types: tuple[str, ...] = ()
    most_age_hours: int = 72
    language: str = "nl"
    text: dict[str, str] = {}
    subject: dict[str, str] = {}
    mail: dict[str, str] = {}

    def words(self, scheme: Scheme) -> Mapping[str, str]:
        """What is said to who is reached in this way, by language; empty where nothing is."""
        return self.text if scheme == "tel" else self.mail

    def reaches(self, scheme: Scheme) -> bool:
        """Whether there is a sender for it, and something to say."""
        sender = self.sender
        return sender is not None and scheme in sender.reaches and bool(self.words(scheme))


def read_house_rules(table: Table) -> HouseRules:
    """Read `[invitations]` of a municipality; the defaults where it is left out."""
    usual = HouseRules()
    # An empty list is somebody's choice here: to observe neither of them.
    neither = table.holds("holidays") and table.values["holidays"] == []
    rules = HouseRules(
        not_again_days=table.number("not_again_days", 0, MOST_DAYS_KNOWN, usual.not_again_days),
        holidays=() if neither else table.texts("holidays", _holiday_fault, usual.holidays),
    )
    table.close()
    return rules


def read_invitation_rules(
    table: Table,
    *,
    senders: Mapping[str, Sender],
    house: HouseRules,
    language: str,
    languages: tuple[str, ...],
    products: tuple[str, ...],
) -> InvitationRules:
    """Read one `[touchpoints.<slug>.invitations]`.

    `language` is the municipality's first; `languages` and `products` are what the touchpoint
    offers.
    """
    name = table.text_or_none("sender", _one_of(senders, "senders of the municipality"))
    usual = InvitationRules()
    rules = InvitationRules(
        sender=senders[name] if name else None,
        percentage=table.number("percentage", 1, 100, usual.percentage),
        wait_minutes=table.number("wait_minutes", 0, _MOST_WAIT_MINUTES, usual.wait_minutes),
        hours=table.text_or_none("hours", _sending_hours_fault) or usual.hours,
        days=table.texts("days", _one_of(WEEKDAYS, "days"), usual.days),
        on_holidays=table.truth("on_holidays"),
        holidays=house.holidays,
        products=table.texts("products", _one_of(products, "products of the touchpoint"), ()),
        outcomes=table.texts("outcomes", line_fault, ()),
        case_types=table.texts("case_types", line_fault, ()),
        most_age_hours=table.number("most_age_hours", 1, _MOST_AGE_HOURS, usual.most_age_hours),
        language=_read_language(table, language, languages),
        text=_read_words(table, "text", _text_fault, languages),
        subject=_read_words(table, "subject", _subject_fault, languages),
        mail=_read_words(table, "mail", _mail_fault, languages),
    )
    _check_words(table, rules)
    table.close()
    return rules


def _read_language(table: Table, language: str, languages: tuple[str, ...]) -> str:
    usual = language if language in languages else next(iter(languages), "")
    offered = _one_of(languages, "languages of the touchpoint")
    return table.text_or_none("language", offered) or usual


def _read_words(
    table: Table, key: str, rule: Callable[[str], str | None], languages: tuple[str, ...]
) -> dict[str, str]:
    if not table.holds(key):
        return {}
    words = table.wording(key, rule)
    # Dutch is for who speaks none of them. Where the languages were refused, that is told already.
    offered = {"nl", *languages} if languages and all(languages) else {*words}
    for language in words:
        if language not in offered and not language_fault(language):
            table.fault(
                f"`{key}` is in {language!r}, which the touchpoint does not offer", key, language
            )
    return words


def _check_words(table: Table, rules: InvitationRules) -> None:
    """A sender has something to say to those whom it reaches; a mail has its subject."""
    for key, other in (("subject", "mail"), ("mail", "subject")):
        for language in getattr(rules, other).keys() - getattr(rules, key).keys():
            told = f"`{other}.{language}` has no `{key}.{language}` beside it"
            table.fault(told, other, language)
    sender = rules.sender
    if sender and sender.reaches and not any(_is_written(table, each) for each in sender.reaches):
        needed = {"tel": "`text.nl`", "mailto": "`subject.nl` and `mail.nl`"}
        told = ", or ".join(needed[scheme] for scheme in sender.reaches)
        table.fault(f"sender {sender.name!r} needs {told}", "sender")
    elif sender or not table.holds("sender"):
        _check_words_are_sent(table, sender)


def _check_words_are_sent(table: Table, sender: Sender | None) -> None:
    """Who writes a mail for a sender of text messages believes that mailboxes are reached."""
    schemes: tuple[Scheme, ...] = ("tel", "mailto")
    for scheme in schemes:
        key = "text" if scheme == "tel" else "mail"
        if table.holds(key) and scheme not in (sender.reaches if sender else ()):
            what = "text message" if scheme == "tel" else "mail"
            told = f"sender {sender.name!r} sends no {what}" if sender else "there is no `sender`"
            table.fault(f"`{key}` is never sent: {told}", key)


def _is_written(table: Table, scheme: Scheme) -> bool:
    return ("text" if scheme == "tel" else "mail") in table.values


def _one_of(
    known: Mapping[str, object] | tuple[str, ...], what: str
) -> Callable[[str], str | None]:
    def fault(word: str) -> str | None:
        if word in known:
            return None
        there = f"the {what} are {', '.join(known)}" if known else f"there are no {what}"
        return f"has {reprlib.repr(word)}, but {there}{did_you_mean(word, known)}"

    return fault


def _holiday_fault(name: str) -> str | None:
    return _one_of(CHOSEN_HOLIDAYS, "days that can be chosen")(name)


def _sending_hours_fault(hours: str) -> str | None:
    if fault := hours_fault(hours):
        return fault
    if within(hours, NEVER_AT_NIGHT):
        return None
    return f"must lie within {NEVER_AT_NIGHT}: nobody is woken by us; not {hours!r}"


def _text_fault(text: str) -> str | None:
    return line_fault(text) or _placeholder_fault(text, links=1)


def _subject_fault(subject: str) -> str | None:
    return line_fault(subject) or _placeholder_fault(subject, links=0)


def _mail_fault(mail: str) -> str | None:
    if not mail.strip() or len(mail) > _LONGEST_MAIL or not mail.replace("\n", "").isprintable():
        told = f"must be at most {_LONGEST_MAIL} characters in lines, with nothing invisible in it"
        return f"{told}, not {reprlib.repr(mail)}"
    return _placeholder_fault(mail, links=1)


def _placeholder_fault(text: str, *, links: int) -> str | None:
    try:
        places = [place[1:] for place in string.Formatter().parse(text) if place[1] is not None]
    except ValueError:
        return "has a brace without its other half; write {{ or }} for a brace that is meant"
    for name, form, conversion in places:
        if name not in ("link", "name") or form or conversion:
            return f"fills in {{link}} and {{name}} alone, not {{{name}}}"
    count = [name for name, _, _ in places].count("link")
    if count != links:
        told = "exactly once" if links else "nowhere; a link stands in the message itself"
        return f"must have {{link}} {told}, not {count} times"
    # What stands against it would be taken for a part of the address.
    if links and not _ALONE.search(text):
        return "must have a space, or nothing, on both sides of {link}"
    return None
