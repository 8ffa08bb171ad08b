"""`meetpunt figures`: figures that were not counted here, brought in from a file."""

import click

from ingest.commands.figures_import_base import import_base


@click.group()
def figures() -> None:
    """Figures that were not counted here, brought in from a file.

    \b
    A base year of before Meetpunt:  meetpunt figures import-base molensloot earlier.csv
    """


figures.add_command(import_base)
