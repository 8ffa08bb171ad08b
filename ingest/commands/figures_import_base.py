"""`meetpunt figures import-base`: figures of a year before Meetpunt, that a target falls under."""

from pathlib import Path

import asyncpg
import click

from ingest.audit import Action, Entry, audited
from ingest.clock import today_here
from ingest.commands.acting import as_folder
from ingest.commands.environment import (
    fail,
    municipality_code,
    read_catalogue,
    read_settings,
)
from ingest.files.toml_tables import line_fault
from ingest.reporting.base_years import BaseYearsUnreadable, read_base_years, store_base_years

_MOST_BAD_LINES = 20
_MOST_CHARACTERS = 80


@click.command("import-base")
@click.argument("municipality")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--source", default="eerder systeem", show_default=True,
              help="Which system counted them, as reports show it.")  # fmt: skip
def import_base(municipality: str, file: Path, source: str) -> None:
    """Take earlier figures of MUNICIPALITY from FILE, as base years of its targets.

    FILE is CSV in UTF-8 with , or ; between its fields. The first line names the columns:

    \b
    channel      one on which the municipality has a touchpoint
    indicator    tevredenheid, ...
    year         a year that is over
    n            how many answered: ten or more; a target needs a hundred
    mean         as residents gave it; may be left out
    share_lt_6   share of marks lower than 6, from 0 to 1; may be left out
    share_le_6   share of marks of 6 or lower, from 0 to 1; may be left out

    All of it or nothing: while a line is wrong, nothing is stored. What stood there of the same
    channel, indicator and year is replaced. Readers see in 'doelen' where a base comes from.
    """
    settings = read_settings()
    code = municipality_code(settings, municipality)
    if len(source) > _MOST_CHARACTERS or not source.strip() or line_fault(source):
        fail(f"--source must be a name of one line, of at most {_MOST_CHARACTERS} characters.")
    today = today_here()
    touchpoints = read_catalogue(settings).municipality(municipality).touchpoints
    channels = sorted({touchpoint.channel for touchpoint in touchpoints})
    try:
        base_years = read_base_years(file, channels=channels, this_year=today.year)
    except BaseYearsUnreadable as unreadable:
        for each in unreadable.bad_lines[:_MOST_BAD_LINES]:
            click.echo(f"line {each.number}: {each.wrong}", err=True)
        if more := len(unreadable.bad_lines[_MOST_BAD_LINES:]):
            click.echo(f"and {more} lines more", err=True)
        fail(f"{file.name}: {unreadable}")

    async def store(folder: asyncpg.Connection) -> None:
        entry = Entry(
            action=Action.IMPORT_BASE, object=f"{municipality}: {len(base_years)} figures"
        )
        async with audited(folder, entry):
            await store_base_years(folder, code, base_years, source=source.strip(), today=today)

    as_folder(settings, store)
    click.echo(f"Taken in: {len(base_years)} figures of earlier years.")
