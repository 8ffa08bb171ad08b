"""`meetpunt summaries`: bring up to date what dashboards read, or work it out anew."""

import asyncio

import click

from ingest.commands.surroundings import connection, folder_url, read_settings
from ingest.folding import fold_all
from ingest.folding import rebuild as rebuild_summaries


@click.group()
def summaries() -> None:
    """What dashboards read fast: counts per touchpoint, question and period.

    'meetpunt serve' keeps them up to date by itself.

    \b
    Up to date now:  meetpunt summaries fold
    Worked out anew: meetpunt summaries rebuild
    """


@summaries.command()
def fold() -> None:
    """Add every response that still waits; safe beside a running service."""

    async def work(url: str) -> int:
        async with connection(url) as db:
            return await fold_all(db)

    with folder_url(read_settings()) as url:
        folded = asyncio.run(work(url))
    click.echo(f"Folded {folded} rows; nothing waits.")


@summaries.command()
def rebuild() -> None:
    """Work all summaries out anew from the responses; safe beside a running service.

    The figures come out as they were. Periods whose responses were destroyed at the end of their
    term are left as they are.
    """

    def tell(municipality: str, responses: int) -> None:
        click.echo(f"{municipality}: {responses} responses")

    async def work(url: str) -> int:
        async with connection(url) as db:
            return await rebuild_summaries(db, on_municipality=tell)

    with folder_url(read_settings()) as url:
        counted = asyncio.run(work(url))
    click.echo(f"The summaries count {counted} responses.")
