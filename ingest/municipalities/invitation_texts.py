"""What an invitation says: the words of a touchpoint's file, filled in, with what we add to them.

Where so few answer together that somebody may be recognised, a sentence of ours says so; no
setting takes it out.
"""

from collections.abc import Iterator

import msgspec

from ingest.municipalities.inviting import InvitationRules
from ingest.municipalities.senders import Scheme
from ingest.municipalities.touchpoints import Touchpoint
from ingest.texts.page_texts import TextsIncomplete, page_texts
from ingest.texts.text_messages import length

LONGEST_TOKEN = 44
"""Characters of an invitation's token at the most."""


class NothingToSay(LookupError):
    """The touchpoint has no words for who is reached in this way."""


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail as plain text: lines end in a line feed, the subject is one line."""

    subject: str
    text: str


def longest_link(base_url: str) -> str:
    """A link as long as one of this municipality can be."""
    return f"{base_url}/v/{'a' * LONGEST_TOKEN}"


def language_of_message(rules: InvitationRules, scheme: Scheme, asked: str | None) -> str:
    """In which language somebody is written to: the one asked for, where there are words in it.

    Else the touchpoint's own, else Dutch. Raises NothingToSay.
    """
    words = rules.words(scheme)
    for language in (asked, rules.language, "nl"):
        if language is not None and language in words:
            return language
    raise NothingToSay(scheme)


def text_message(touchpoint: Touchpoint, language: str, *, name: str, link: str) -> str:
    """The text message, whole. `name` is the municipality's. Raises NothingToSay."""
    rules = touchpoint.invitations
    if rules is None or language not in rules.text:
        raise NothingToSay(language)
    said = rules.text[language].format(link=link, name=name)
    if not touchpoint.small_group:
        return said
    return f"{said} {page_texts()[language].invitation.small_group}"


def mail(touchpoint: Touchpoint, language: str, *, name: str, link: str, opt_out: str) -> Mail:
    """The mail, whole. `name` is the municipality's, `opt_out` where one asks for no more of them.

    Raises NothingToSay.
    """
    rules = touchpoint.invitations
    if rules is None or language not in rules.mail or language not in rules.subject:
        raise NothingToSay(language)
    texts = page_texts()[language]
    said = [rules.mail[language].format(link=link, name=name).strip()]
    if touchpoint.small_group:
        said.append(texts.survey.small_group)
    said.append(texts.invitation.way_out(opt_out))
    return Mail(
        subject=rules.subject[language].format(name=name),
        text="\n\n".join(said) + "\n",
    )


def message_faults(
    touchpoint: Touchpoint, *, name: str, base_url: str
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Text messages that are sent in more than one part: where it stands in the file, and why."""
    rules = touchpoint.invitations
    try:
        spoken = page_texts().keys()
    except TextsIncomplete:
        return  # told by itself
    for language in rules.text if rules else ():
        # What was refused itself, or is in a language that pages do not speak, is told elsewhere.
        if not rules or not rules.text[language] or language not in spoken:
            continue
        said = text_message(touchpoint, language, name=name, link=longest_link(base_url))
        measured = length(said)
        if not measured.over:
            continue
        why = f"with the longest link, {len(longest_link(base_url))} characters"
        if touchpoint.small_group:
            why += ", and the sentence about a small group"
        if measured.outside:
            why += f"; {measured.outside!r} is outside the GSM alphabet, so only 70 fit"
        told = f"must fit one part of {measured.room} characters, and is {measured.over} too long"
        yield ("text", language), f"`text.{language}` {told} ({why})"
