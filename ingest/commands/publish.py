"""`meetpunt publish`: make readable what is due, or work its figures out anew."""

import asyncio
from datetime import UTC, datetime

import click

from ingest.commands.surroundings import connection, folder_url, read_catalogue, read_settings
from ingest.reporting.counting import rebuild
from ingest.reporting.plan import plan_of
from ingest.reporting.publishing import Published, waiting
from ingest.reporting.publishing import publish as publish_batches
from ingest.reporting.region import tell_regions


@click.group()
def publish() -> None:
    """What dashboards read: responses in batches of ten or more, and the figures over them.

    'meetpunt serve' looks once a day by itself, at six o'clock.

    \b
    Look now:        meetpunt publish now
    Work out anew:   meetpunt publish rebuild
    """


@publish.command("now")
def now_() -> None:
    """Make every batch readable that is full by now; safe beside a running service.

    What does not fill a batch goes on waiting.
    """
    settings = read_settings()
    plan = plan_of(read_catalogue(settings))

    async def work(url: str) -> tuple[Published, int]:
        now = datetime.now(UTC)
        async with connection(url) as db:
            published = await publish_batches(db, plan, now=now, wait=True, due_only=False)
            await tell_regions(db, now=now, wait=True)
            return published, await waiting(db)

    with folder_url(settings) as url:
        published, left = asyncio.run(work(url))
    click.echo(f"Published {published.responses} responses; {left} wait until their batch is full.")


@publish.command("rebuild")
def rebuild_() -> None:
    """Work all figures out anew from what was published; safe beside a running service.

    They come out as they were. Periods whose rows were destroyed at the end of their term are left
    as they are, and so is what the region was told.
    """

    def tell(municipality: str, responses: int) -> None:
        click.echo(f"{municipality}: {responses} responses")

    async def work(url: str) -> int:
        async with connection(url) as db:
            return await rebuild(db, on_municipality=tell)

    with folder_url(read_settings()) as url:
        counted = asyncio.run(work(url))
    click.echo(f"The figures count {counted} responses.")
