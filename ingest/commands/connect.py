"""`meetpunt connect`: try another system of the municipality, and connect to it."""

import click

from ingest.commands.connect_signalen import signalen


@click.group()
def connect() -> None:
    """Try other systems of a municipality, and connect to them.

    \b
    Reports, in Signalen:  meetpunt connect signalen molensloot
    """


connect.add_command(signalen)
