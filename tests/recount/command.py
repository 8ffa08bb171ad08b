"""`make faults ARGS=recount`."""

import asyncio

import click

from tests.recount.running import recounted, table


@click.command()
@click.option("--responses", default=100_000, type=click.IntRange(100, 1_000_000))
@click.option("--seed", default=1, help="Of the draw: the same one draws the same responses.")
def recount(responses: int, seed: int) -> None:
    """Every figure of every view once more, from raw rows, with pandas and scipy.

    Of two years of twenty municipalities; and a control, in which a figure of each view is false.
    """
    found = asyncio.run(recounted(responses, seed))
    for line in table(found):
        click.echo(line)
    if not found.well:
        raise click.ClickException("a figure is not what its rows say, or a control was not found")
