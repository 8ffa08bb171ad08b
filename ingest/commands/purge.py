"""`meetpunt purge`: destroy what is past its term, and say how much that was."""

from datetime import UTC, datetime

import asyncpg
import click
import msgspec

from ingest.audit import Action, Entry, followed
from ingest.commands.surroundings import as_folder, read_catalogue, read_settings
from ingest.retention import Destroyed, purge
from ingest.running.logs import configure_logging


@click.command("purge")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def purge_command(as_json: bool) -> None:
    """Destroy what is past its term: expired links and tokens, texts, responses.

    'meetpunt serve' does this every hour; this looks again at every day that is kept. The terms
    are those of [retention] in a municipality's file. Summaries stay. What is destroyed is counted
    per municipality and kind, here and in the table meetpunt.destruction_record.
    """
    settings = read_settings()
    catalogue = read_catalogue(settings)
    configure_logging(settings.log_level)
    terms = {each.code: each.retention for each in catalogue.municipalities.values()}

    async def run(folder: asyncpg.Connection) -> list[Destroyed]:
        entry = Entry(action=Action.PURGE)
        async with followed(folder, entry):
            gone = await purge(folder, terms, now=datetime.now(UTC), audit_days=settings.audit_days)
            entry.object = f"{sum(each.rows for each in gone)} rows"
            return gone

    destroyed = as_folder(settings, run)
    if as_json:
        click.echo(msgspec.json.encode({"destroyed": destroyed}).decode())
        return
    for each in destroyed:
        click.echo(f"{each.municipality}  {each.kind}  {each.rows}")
    if not destroyed:
        click.echo("Nothing was past its term.")
