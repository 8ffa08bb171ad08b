"""`meetpunt senders`: what a provider of messages has to be given."""

from collections.abc import Iterator

import click

from ingest.commands.environment import fail, read_catalogue, read_keys, read_settings
from ingest.municipalities.catalogue import MunicipalityUnknown
from ingest.municipalities.municipality import Municipality
from ingest.senders.receipts import receipt_secret


@click.group()
def senders() -> None:
    """Who sends the messages of a municipality.

    \b
    What to fill in at the provider:  meetpunt senders receipts molensloot
    """


@senders.command()
@click.argument("municipality")
def receipts(municipality: str) -> None:
    """Addresses and secrets by which providers tell MUNICIPALITY what became of a message.

    Who has a secret can say of that sender's messages that they arrived or failed; with one for
    Notify also hand in replies, and so stop the messages to any number. It changes with the name
    of the sender.
    """
    settings = read_settings()
    try:
        found = read_catalogue(settings).municipality(municipality)
    except MunicipalityUnknown:
        fail(f"there is no municipality {municipality!r} in these files.")
    key = read_keys(settings).accounts
    lines = list(_lines(found, settings.base_url or found.base_url, key))
    if not lines:
        fail(f"no sender of {municipality} tells what became of a message.")
    click.echo("\n".join(lines))


def _lines(municipality: Municipality, base_url: str, key: bytes) -> Iterator[str]:
    for name, sender in municipality.senders.items():
        secret = receipt_secret(key, municipality.slug, name)
        if sender.kind == "notify":
            place = f"{base_url}/api/v1/messages/{municipality.slug}/{name}"
            yield f"{name}, at Notify, under API integration, Callbacks:"
            yield f"  delivery receipts      {place}/receipts"
            yield f"  received messages      {place}/replies"
            yield f"  bearer token of both   {secret}"
        elif sender.kind == "spryng":
            yield f"{name}, at Spryng, as address of delivery reports (it holds the secret):"
            yield f"  {base_url}/messages/spryng/{municipality.slug}/{name}/{secret}"
