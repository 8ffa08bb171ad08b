"""`meetpunt figures import`: store a list of operational figures."""

from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import click

from ingest.audit import Action, Entry, audited
from ingest.clock import day_of
from ingest.commands.acting import as_folder
from ingest.commands.environment import fail, find_municipality, read_catalogue, read_settings
from ingest.files.csv_lists import ListUnreadable
from ingest.municipalities.municipality import Municipality
from ingest.operational.figures import Figure
from ingest.operational.lists import read_figures
from ingest.operational.storing import put_figures

_MOST_BAD_LINES = 20


@click.command("import")
@click.argument("municipality")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def import_figures(municipality: str, file: Path) -> None:
    """Store the operational figures in FILE: all or none; the same file twice changes nothing.

    FILE is CSV in UTF-8 with , or ; between its fields. The first line names the columns:

    \b
    period      a month (2026-10) or a day (2026-10-05)
    channel     such as telefonie
    measure     afhandeltijd, binnen_norm, werkvoorraad, wachttijd, herhaalcontact
                or teruggebeld_binnen_twee_dagen
    value       in days, minutes or cases; a share from 0 to 1; - takes a figure back
    n           of how many it is the mean or the share; not of werkvoorraad
    department  may be left out
    product     may be left out

    A figure of the same period, channel, department, product and measure replaces the one before.
    docs/operational-figures.md tells more.
    """
    settings = read_settings()
    whose = find_municipality(read_catalogue(settings), municipality)
    now = datetime.now(UTC)
    figures = _read(file, whose, now)

    async def work(db: asyncpg.Connection) -> int:
        entry = Entry(action=Action.IMPORT_FIGURES, object=f"{whose.slug} {len(figures)} figures")
        async with audited(db, entry):
            return await put_figures(db, whose.code, figures, now=now)

    changed = as_folder(settings, work)
    click.echo(f"Figures of {whose.slug}: {len(figures)}; {changed} of them new or changed.")


def _read(file: Path, municipality: Municipality, now: datetime) -> tuple[Figure, ...]:
    try:
        read = read_figures(file, municipality, day_of(now))
    except ListUnreadable as unreadable:
        fail(f"{file}: {unreadable}")
    for bad in read.bad_lines[:_MOST_BAD_LINES]:
        click.echo(f"line {bad.number}: {bad.wrong}", err=True)
    if len(read.bad_lines) > _MOST_BAD_LINES:
        click.echo(f"and {len(read.bad_lines) - _MOST_BAD_LINES} more.", err=True)
    if read.bad_lines:
        fail(
            f"{len(read.bad_lines)} of {len(read.bad_lines) + len(read.figures)} lines are wrong, "
            "and nothing was stored."
        )
    if not read.figures:
        fail(f"{file}: there is no figure in it.")
    return read.figures
