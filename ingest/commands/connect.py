"""`meetpunt connect`: try another system of the municipality, and connect to it."""

import asyncio

import click

from ingest.commands.environment import fail, find_municipality, read_catalogue, read_settings
from ingest.connectors.cases.connecting import Connecting


@click.group()
def connect() -> None:
    """Try other systems of a municipality, and connect to them.

    \b
    Cases, in Open Zaak:  meetpunt connect zgw molensloot
    """


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


async def _told(connecting: Connecting, *, subscribe: bool) -> bool:
    """Each finding on a line, as it is known; whether all is well."""
    well = True
    try:
        async for finding in connecting.try_all(subscribe=subscribe):
            click.echo(f"{'ok     ' if finding.well else 'missing'}  {finding.sentence}")
            well = well and finding.well
    finally:
        await connecting.close()
    return well
