"""`meetpunt publish`: make readable what is due, or work its figures out anew."""

from datetime import UTC, datetime

import asyncpg
import click

from ingest.audit import Action, Entry, followed
from ingest.commands.acting import as_folder
from ingest.commands.environment import fail, read_catalogue, read_settings
from ingest.commands.in_step import require_files
from ingest.reporting.counting import rebuild
from ingest.reporting.half_days import close_half_days
from ingest.reporting.plan import plan_of
from ingest.reporting.publishing import Published, waiting
from ingest.reporting.publishing import publish as publish_batches
from ingest.reporting.region import tell_regions


@click.group()
def publish() -> None:
    """What dashboards read: responses in batches of ten or more, and the figures over them.

    'meetpunt serve' looks once a day by itself, at six o'clock; of a municipality that publishes
    hourly ([publishing] in its file) every hour, at what came in by open ways.

    \b
    Look now:        meetpunt publish now
    Work out anew:   meetpunt publish rebuild
    """


@publish.command("now")
def now_() -> None:
    """Make every batch readable that was full when a day ended; safe beside a running service.

    What does not fill a batch goes on waiting, and so does what came in today; but for open ways
    of a municipality that publishes hourly, whose batches count today as well. Suspect responses
    are published in batches of their own, and count in no figure.
    """
    settings = read_settings()
    if settings.config is None:
        fail(
            "set MEETPUNT_CONFIG to the folder of your files: they say how large a batch is. The "
            "demo publishes by itself, at once."
        )
    catalogue = read_catalogue(settings)
    plan = plan_of(catalogue)

    failed: dict[str, str] = {}

    async def work(db: asyncpg.Connection) -> tuple[Published, int]:
        await require_files(db, catalogue)
        now = datetime.now(UTC)
        entry = Entry(action=Action.PUBLISH)
        async with followed(db, entry):
            # As the service does: a half day that is closed after its month was told is told late.
            await close_half_days(db, plan, now=now, wait=True, failed=failed)
            published = await publish_batches(db, plan, now=now, wait=True, due_only=False)
            await tell_regions(db, now=now, wait=True)
            entry.object = f"{published.responses} responses"
        return published, await waiting(db)

    published, left = as_folder(settings, work)
    suspects = published.suspects
    counting = f", {suspects} of them suspect, which count in no figure" if suspects else ""
    # The number is of all municipalities.
    click.echo(
        f"Published {published.responses} responses{counting}; {left} wait until their day is over "
        "and their batch is full."
    )
    if plan.hourly:
        click.echo(
            'Where a file says `open = "hourly"`, what came in by links, codes, the site and '
            "kiosks waits for its batch alone."
        )
    failed.update(published.failed)
    if failed:
        kinds = "; ".join(f"{code} ({kind})" for code, kind in sorted(failed.items()))
        fail(f"not of {kinds}: a row cannot be published.")


@publish.command("rebuild")
def rebuild_() -> None:
    """Work all figures out anew from what was published; safe beside a running service.

    They come out as they were. Periods whose rows were destroyed at the end of their term are left
    as they are, and so is what the region was told.
    """

    def tell(municipality: str, responses: int) -> None:
        click.echo(f"{municipality}: {responses} responses")

    async def work(db: asyncpg.Connection) -> int:
        entry = Entry(action=Action.REBUILD)
        async with followed(db, entry):
            counted = await rebuild(db, on_municipality=tell)
            entry.object = f"{counted} responses"
        return counted

    counted = as_folder(read_settings(), work)
    click.echo(f"The figures count {counted} responses.")
