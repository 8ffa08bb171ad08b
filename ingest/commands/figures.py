"""`meetpunt figures`: figures that were not counted here, brought in from a file."""

import click

from ingest.commands.figures_import import import_figures
from ingest.commands.figures_import_base import import_base


@click.group()
def figures() -> None:
    """Figures that were not counted here, brought in from a file.

    \b
    Waiting times and the like:      meetpunt figures import molensloot figures.csv
    A base year of before Meetpunt:  meetpunt figures import-base molensloot earlier.csv
    """


figures.add_command(import_base)
figures.add_command(import_figures)
