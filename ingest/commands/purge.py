"""`meetpunt purge`: destroy what is past its term, and say how much that was."""

from datetime import UTC, datetime

import asyncpg
import click
import msgspec

from ingest.audit import Action, Entry, followed
from ingest.clock import ClockDoubted, believed
from ingest.commands.acting import as_folder
from ingest.commands.environment import fail, read_catalogue, read_settings
from ingest.retention.purging import Destroyed, purge
from ingest.running.logs import configure_logging


@click.command("purge")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.option(
    "--clock-is-right",
    is_flag=True,
    help="This once: you looked, and the clocks are right.",
)
def purge_command(as_json: bool, clock_is_right: bool) -> None:
    """Destroy what is past its term: expired links and tokens, texts, responses.

    'meetpunt serve' does this every hour; this looks again at every day that is kept. The terms
    are those of [retention] in a municipality's file. Summaries stay. What is destroyed is counted
    per municipality and kind, here and in the table meetpunt.destruction_record.

    Nothing is destroyed while this machine's clock differs by more than a day from the database's,
    or from the last purge: a clock that jumped and a service that was off for long look the same.
    Look at the clock; if it is right, say so once with --clock-is-right, and 'meetpunt serve' goes
    on from there by itself. Two clocks that differ are set right, and not waved through.
    """
    settings = read_settings()
    catalogue = read_catalogue(settings)
    configure_logging(settings.log_level)
    terms = {each.code: each.retention for each in catalogue.municipalities.values()}

    async def run(folder: asyncpg.Connection) -> list[Destroyed]:
        # Who answers for a clock is found again.
        answers = "clock-is-right"
        entry = Entry(action=Action.PURGE, object=answers if clock_is_right else "-")
        try:
            async with followed(folder, entry):
                now = await believed(folder, datetime.now(UTC), is_right=clock_is_right)
                gone = await purge(folder, terms, now=now, audit_days=settings.audit_days)
                by = f" by {answers}" if clock_is_right else ""
                entry.object = f"{sum(each.rows for each in gone)} rows{by}"
                return gone
        except ClockDoubted as doubted:
            fail(doubted)

    destroyed = as_folder(settings, run)
    if as_json:
        click.echo(msgspec.json.encode({"destroyed": destroyed}).decode())
        return
    for each in destroyed:
        click.echo(f"{each.municipality}  {each.kind}  {each.rows}")
    if not destroyed:
        click.echo("Nothing was past its term.")
