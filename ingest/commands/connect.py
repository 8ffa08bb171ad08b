"""`meetpunt connect`: try another system of the municipality, and connect to it."""

import asyncio
from collections.abc import AsyncIterator

import click

from ingest.commands.connect_signalen import signalen
from ingest.commands.connect_webhook import webhook
from ingest.commands.environment import fail, find_municipality, read_catalogue, read_settings
from ingest.connectors.cases.connecting import Connecting, Finding
from ingest.connectors.keys import Key
from ingest.connectors.openklant.api import OpenKlant
from ingest.connectors.openklant.connecting import try_all
from ingest.municipalities.contacts import Contacts
from ingest.municipalities.municipality import Municipality


@click.group()
def connect() -> None:
    """Try other systems of a municipality, and connect to them.

    \b
    Cases, in Open Zaak:                    meetpunt connect zgw molensloot
    Who telephoned, in Open Klant:          meetpunt connect openklant molensloot
    Reports, in Signalen:                   meetpunt connect signalen molensloot
    Who is told of signals, by a webhook:   meetpunt connect webhook molensloot
    """


connect.add_command(signalen)
connect.add_command(webhook)


@connect.command()
@click.argument("municipality")
@click.option("--look", is_flag=True, help="Try everything, and subscribe to nothing.")
def zgw(municipality: str, look: bool) -> None:
    """Try the case system of MUNICIPALITY, and let Open Notificaties notify us.

    Tries each address and right in [cases], whether the types of case that are named there exist
    and tell of their end, and subscribes where nobody did. What is missing is told in a sentence.
    The service must run already: Open Notificaties calls it before it takes the subscription.
    Run it again as often as you like. Exit code 1 when anything is missing.
    """
    settings = read_settings()
    found = find_municipality(read_catalogue(settings), municipality)
    for name, there in (("cases", found.cases), ("notifications", found.notifications)):
        if there is None:
            fail(
                f"the file of {municipality} has no [{name}]; deploy/integrations/openzaak.md "
                "says what to write."
            )
    connecting = Connecting(found, base_url=settings.base_url or found.base_url)
    if not asyncio.run(_told(connecting, subscribe=not look)):
        raise SystemExit(1)


@connect.command()
@click.argument("municipality")
def openklant(municipality: str) -> None:
    """Try the Open Klant of MUNICIPALITY, and change nothing there.

    Asks it for calls as the service does, and tells in a sentence what is missing: the address, the
    token, a number to reach people at, queues that lead nowhere. Exit code 1 when anything is.
    """
    found = find_municipality(read_catalogue(read_settings()), municipality)
    if found.contacts is None:
        fail(
            f"the file of {municipality} has no [contacts]; deploy/integrations/openklant.md says "
            "what to write."
        )
    if not asyncio.run(_tried(found, found.contacts)):
        raise SystemExit(1)


async def _told(connecting: Connecting, *, subscribe: bool) -> bool:
    """Each finding on a line, as it is known; whether all is well."""
    try:
        return await _well(connecting.try_all(subscribe=subscribe))
    finally:
        await connecting.close()


async def _tried(municipality: Municipality, contacts: Contacts) -> bool:
    open_klant = OpenKlant(contacts, Key(contacts.key_file, municipality=municipality.slug))
    try:
        return await _well(try_all(open_klant, municipality))
    finally:
        await open_klant.close()


async def _well(findings: AsyncIterator[Finding]) -> bool:
    """Each finding on a line, as it is known; whether all is well."""
    well = True
    async for finding in findings:
        click.echo(f"{'ok     ' if finding.well else 'missing'}  {finding.sentence}")
        well = well and finding.well
    return well
