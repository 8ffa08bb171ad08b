"""A command that goes on for as long as it takes until the database is there."""

import asyncio

import asyncpg
import click

from ingest.database.connecting import connect
from ingest.database.connection_errors import NOT_CONNECTED, may_come_back, why_not

LOOK_AGAIN_SECONDS = 1.0


async def connected_at_last(url: str) -> asyncpg.Connection:
    """Connect, however long the database is away; says each reason once, and that it is over.

    Raises one of `NOT_CONNECTED` where only another setting helps: a wrong password, a database or
    a certificate's file that is not there, a URL that is none.
    """
    said: set[str] = set()
    while True:
        try:
            db = await connect(url)
        except NOT_CONNECTED as failure:
            if not may_come_back(url, failure):
                raise
            why = why_not(url, failure)
            if why not in said:
                said.add(why)
                click.echo(f"Meetpunt waits for its database: {why}", err=True)
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        else:
            if said:
                click.echo("The database is there.", err=True)
            return db


async def until_it_takes_writes(db: asyncpg.Connection) -> None:
    """Return when it does: one in recovery is a standby, or is being restored.

    For as long as that takes. To end it is for whoever began it: we promote nothing. Raises one of
    `ingest.database.connection_errors.LOST` when the database goes away meanwhile.
    """
    said = False
    while await db.fetchval("/* in_recovery */ select pg_is_in_recovery()"):
        if not said:
            said = True
            click.echo(
                "The database is in recovery: a standby, or one that is being restored. Meetpunt"
                " waits until it takes writes, and promotes nothing.",
                err=True,
            )
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
