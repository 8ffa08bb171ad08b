"""`meetpunt connect webhook`: send the webhook of a municipality a delivery that tells nothing."""

import asyncio

import click

from ingest.commands.environment import (
    connection,
    fail,
    find_municipality,
    read_catalogue,
    read_settings,
    work_url,
)
from ingest.database.acknowledged import HEAR_WARNINGS, acknowledged
from ingest.followup.pushing.making import pushing_of
from ingest.followup.pushing.standing_statements import forget_gone
from ingest.followup.pushing.trying import (
    WITHOUT_SECRET,
    Tried,
    secret_findings,
    try_delivery,
)
from ingest.settings import Settings


@click.command()
@click.argument("municipality")
def webhook(municipality: str) -> None:
    """Send the webhook of MUNICIPALITY a test, signed as every delivery, and say what came back.

    It tells of no signal: its type is signals.test. Where the webhook had said that it is no more
    (410) and takes this, what waits for it is told now. Exit code 1 when anything is missing.
    """
    settings = read_settings()
    found = find_municipality(read_catalogue(settings), municipality)
    pushing = pushing_of(found)
    if pushing is None or pushing.webhook is None:
        fail(
            f"the file of {municipality} has no [signals.webhook]; deploy/integrations/webhook.md "
            "says what to write."
        )
    findings = secret_findings(pushing.webhook)
    for each in findings:
        _say(each)
    tried = WITHOUT_SECRET
    if all(each.well for each in findings):
        tried = asyncio.run(try_delivery(found, pushing, pushing.webhook))
    _say(tried)
    if tried.well and _there_is_a_database(settings) and asyncio.run(_back(settings, found.code)):
        click.echo("ok       It had said that it is no more; what waits for it is told now.")
    if not all(each.well for each in (*findings, tried)):
        raise SystemExit(1)


def _say(tried: Tried) -> None:
    click.echo(f"{'ok     ' if tried.well else 'missing'}  {tried.sentence}")


def _there_is_a_database(settings: Settings) -> bool:
    """Whether somebody may have noted anything of it."""
    return bool(settings.work_url) or (settings.data / "postgres").exists()


async def _back(settings: Settings, code: str) -> bool:
    with work_url(settings) as url:
        async with connection(url) as db, acknowledged(db):
            await db.execute(HEAR_WARNINGS)
            return await forget_gone(db, code)
