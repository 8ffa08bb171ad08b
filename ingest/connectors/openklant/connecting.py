"""Try a municipality's Open Klant, and tell in a sentence what is missing; nothing is changed."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from ingest.connectors.cases.connecting import Finding, ended
from ingest.connectors.notifications.following import NotNow
from ingest.connectors.openklant.api import OpenKlant
from ingest.connectors.openklant.contacts import read_contact
from ingest.connectors.openklant.polling import read_page
from ingest.invitations.occasions import ContactEnded
from ingest.municipalities.municipality import Municipality

_REASONS = {
    "unreachable": "nothing answers there: is the address right, and may this machine reach it?",
    "destination-refused": "its address is not one that we call: write `private_network = true` "
    "where it lies in your own network; this machine itself needs MEETPUNT_LOOPBACK=1",
    "certificate-refused": "its certificate is not one that this machine trusts",
    "key-unreadable": "the `key_file` of `[contacts]` cannot be read here, may be read by others "
    "(its mode must be 0600), or its token is too short",
    "answer-unreadable": "something answers there that is no such API: is the address right, up to "
    "and with its version?",
    "key-refused": "it does not take the token in `key_file`: is it there, under API-autorisaties, "
    "and does nothing before Open Klant refuse this machine?",
    "question-refused": "it does not understand what we ask: is it older than version 2?",
    "not-found": "there is no such API: is the address right, up to and with its version?",
    "system-failed": "it failed on its own side",
}


async def try_all(open_klant: OpenKlant, municipality: Municipality) -> AsyncIterator[Finding]:
    """Everything in order, each as it is known."""
    contacts = open_klant.contacts
    try:
        everything = await open_klant.count()
        by_telephone = await open_klant.count(kanaal=contacts.channel)
        page = await open_klant.page(1)
    except NotNow as not_now:
        why = _REASONS.get(
            not_now.reason, f"it gave no answer that we understand: {not_now.reason}"
        )
        yield Finding(False, f"Open Klant at {contacts.url}: {ended(why)}")
        return
    yield Finding(True, f"Open Klant at {contacts.url} can be read.")
    if everything and not by_telephone:
        told = f"of {everything} contacts none has the channel {contacts.channel!r}"
        yield Finding(False, f"{told[0].upper()}{told[1:]}: how is the telephone called there?")
        return
    read, unreadable = read_page(page)
    told_of = [
        read_contact(
            contacts,
            each,
            municipality=municipality.slug,
            holidays=municipality.invitations.holidays,
            now=datetime.now(UTC),
        )
        for each in read
    ]
    many = len(page.results)
    if not many:
        yield Finding(True, "Nobody was reached by telephone yet, so nothing else can be tried.")
        return
    reached = [each for each in told_of if isinstance(each, ContactEnded)]
    reasons = Counter(each for each in told_of if not isinstance(each, ContactEnded))
    if unreadable:
        yield Finding(False, f"Of the last {many} calls {unreadable} cannot be read.")
    if lost := reasons["unknown-queue"]:
        told = f"Of the last {many} calls {lost} lead nowhere: `queues` has neither their subject"
        yield Finding(bool(reached), f"{told} nor who took them.")
    if reached and not any(each.recipient for each in reached):
        told = f"Of the last {len(reached)} calls that lead somewhere none has a mobile number"
        yield Finding(False, f"{told} with whoever called: nobody would be invited.")
    elif reached:
        some = sum(each.recipient is not None for each in reached)
        yield Finding(True, f"Of the last {many} calls {some} can be asked about.")
