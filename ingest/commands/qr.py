"""`meetpunt qr`: the open link of a touchpoint as a QR code."""

import sys
from typing import BinaryIO

import click
import segno

from ingest.commands.environment import fail, find_touchpoint, read_catalogue, read_settings


@click.command()
@click.argument("touchpoint")
@click.option("--output", type=click.File("wb"), default="-", help="A file; else standard output.")
@click.option("--language", default=None, help="Open the survey in this language.")
def qr(touchpoint: str, output: BinaryIO, language: str | None) -> None:
    """Draw the open link of TOUCHPOINT (municipality/touchpoint) as an SVG, for print.

    \b
    meetpunt qr molensloot/balie-hal --output balie.svg
    """
    settings = read_settings()
    catalogue = read_catalogue(settings)
    place = find_touchpoint(catalogue, touchpoint)
    base_url = settings.base_url or catalogue.municipality(place.municipality).base_url
    # What is answered by it is told apart from what is answered by the link.
    link = f"{base_url}/o/{place.path}?via=qr"
    if language is not None:
        if language not in place.languages:
            fail(f"{place.path} asks in {', '.join(place.languages)}.")
        link += f"&lang={language}"
    # Level Q: a poster at the counter gets worn and stained.
    segno.make(link, error="q", micro=False).save(
        output, kind="svg", scale=8, border=4, title=link, xmldecl=True
    )
    if output is not sys.stdout:
        click.echo(link, err=True)
