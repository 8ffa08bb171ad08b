"""`meetpunt qr`: the open link of a touchpoint as a QR code, alone or on a poster."""

import sys
from io import BytesIO
from pathlib import Path

import click
import segno

from ingest.commands.environment import fail, find_touchpoint, read_catalogue, read_settings
from ingest.commands.posters import WORDS, Poster, poster_svg
from ingest.files.whole_files import write_whole
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Touchpoint


@click.command()
@click.argument("touchpoint")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    default=Path("-"),
    help="A file; else standard output.",
)
@click.option("--language", default=None, help="Open the survey in this language.")
@click.option("--poster", is_flag=True, help="A5, with the question, the name and the logo.")
def qr(touchpoint: str, output: Path, language: str | None, poster: bool) -> None:
    """Draw the open link of TOUCHPOINT (municipality/touchpoint) as an SVG, for print.

    A poster speaks Dutch and English where the touchpoint does, or the one of them that is named.

    \b
    meetpunt qr molensloot/balie-hal --output balie.svg
    meetpunt qr molensloot/balie-hal --poster --output poster.svg
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
    # All of it is drawn before a file is touched: what is refused leaves the old one as it was.
    drawn = (
        poster_svg(_poster(catalogue, place, language, link)).encode() if poster else _code(link)
    )
    if output == Path("-"):
        sys.stdout.buffer.write(drawn)
    else:
        try:
            write_whole(output, drawn)
        except OSError as refused:
            fail(f"cannot write {output}: {refused.strerror}.")
    click.echo(link, err=True)


def _code(link: str) -> bytes:
    drawn = BytesIO()
    # Level Q: a poster at the counter gets worn and stained.
    code = segno.make(link, error="q", micro=False)
    code.save(drawn, kind="svg", scale=8, border=4, title=link, xmldecl=True)
    return drawn.getvalue()


def _poster(catalogue: Catalogue, place: Touchpoint, language: str | None, link: str) -> Poster:
    titles = catalogue.questionnaire(place).title
    spoken = [each for each in WORDS if each in place.languages and language in (each, None)]
    if not spoken:
        fail(f"A poster speaks {' and '.join(WORDS)}; without --poster it can be any language.")
    return Poster(
        municipality=catalogue.municipality(place.municipality),
        questions=tuple((each, titles[each]) for each in spoken),
        link=link,
        address=link.partition("://")[2].partition("?")[0],
    )
