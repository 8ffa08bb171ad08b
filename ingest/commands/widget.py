"""`meetpunt widget`: what to paste into a municipal site."""

import click

from ingest.commands.environment import fail, find_touchpoint, read_catalogue, read_settings
from ingest.files.resources import widget_directory
from ingest.widget.bundle import Bundle, BundleDamaged
from ingest.widget.snippet import iframe_snippet, widget_snippet


@click.group()
def widget() -> None:
    """The survey on a municipal site.

    \b
    The line to paste:         meetpunt widget snippet molensloot/online
    The same version forever:  meetpunt widget snippet molensloot/online --pin
    Without foreign scripts:   meetpunt widget snippet molensloot/online --iframe
    """


@widget.command("snippet")
@click.argument("touchpoint")
@click.option("--language", default=None, help="That of the page; else the touchpoint's first.")
@click.option("--pin", is_flag=True, help="Run this version only; mends do not reach the site.")
@click.option("--iframe", is_flag=True, help="For a site that may not run scripts of others.")
def snippet(touchpoint: str, language: str | None, pin: bool, iframe: bool) -> None:
    """Print what to paste where TOUCHPOINT (municipality/touchpoint) should be asked."""
    if pin and iframe:
        raise click.UsageError("An iframe runs no script that can be pinned; leave --pin out.")
    settings = read_settings()
    catalogue = read_catalogue(settings)
    place = find_touchpoint(catalogue, touchpoint)
    language = language or place.languages[0]
    if place.retired:
        fail(f"{place.path} is retired; nobody is asked there any more.")
    if language not in place.languages:
        fail(f"{place.path} asks in {', '.join(place.languages)}.")
    try:
        scripts = Bundle(widget_directory() / "dist")
    except BundleDamaged as damaged:
        fail(damaged)
    base_url = settings.base_url or catalogue.municipality(place.municipality).base_url
    title = catalogue.questionnaire(place).title[language]
    if iframe:
        click.echo(iframe_snippet(base_url, place.path, language, title))
    else:
        pinned = scripts.pinned if pin else None
        few = place.small_group
        click.echo(widget_snippet(base_url, place.path, language, title, pinned, small_group=few))
    sites = ", ".join(place.allowed_origins)
    click.echo(
        f"Works on: {sites}"
        if sites
        else f"Works nowhere yet: list the site in allowed_origins in {place.municipality}.toml.",
        err=True,
    )
