"""`meetpunt migrate`: bring the database in step with this version and with the files."""

import asyncio
from pathlib import Path

import asyncpg
import click

from ingest.audit import Action, Entry, note, tried
from ingest.clock import today_here
from ingest.commands.acting import require_owner
from ingest.commands.environment import connection, fail, owner_url, read_catalogue, read_settings
from ingest.database.migrate import MigrationChanged
from ingest.database.migrate import migrate as run_migrations
from ingest.database.mirror import mirror_files
from ingest.database.turns import IN_THE_WAY, MigrationLocked
from ingest.files.findings import FilesRejected
from ingest.municipalities.catalogue import Catalogue


async def migrate_and_mirror(
    url: str, catalogue: Catalogue, *, data: Path | None = None
) -> list[str]:
    """Run missing migrations and mirror the files, as the owner; returns the names of what ran.

    `data` is the folder where our own Postgres lies, if that is what `url` leads to.
    """
    async with connection(url) as owner:
        await require_owner(owner)
        try:
            async with tried(owner, Entry(action=Action.MIGRATE)):
                ran = await run_migrations(owner)
                await mirror_files(owner, catalogue, today_here())
                # At the end: a database that is new has no trail before.
                await note(owner, Entry(action=Action.MIGRATE, object=", ".join(ran) or "-"))
        except MigrationChanged as changed:
            fail(f"{changed} {_begin_anew(data)}")
        except (MigrationLocked, FilesRejected) as refused:
            fail(refused)
        except IN_THE_WAY:
            fail(
                "somebody reads a table or view that is to be changed, and did not let go of it in "
                "time: what was to be done with it is not done, nor what comes after. Run "
                "'meetpunt migrate' again when they are ready."
            )
        except asyncpg.PostgresError as broken:
            fail(f"the database refused ({broken.sqlstate}): {broken}")
        return ran


def _begin_anew(data: Path | None) -> str:
    if data is None:
        return "Begin with an empty database."
    return (
        f"Remove {data.resolve()} and everything in it, or name another folder with MEETPUNT_DATA."
    )


@click.command()
def migrate() -> None:
    """Bring the database in step with this version and with your files.

    Runs as the owner (MEETPUNT_OWNER_URL, or our own Postgres). Safe to run at any time and by
    several at once; what ran before is left alone. Run it after every change of a file, too.
    """
    settings = read_settings()
    catalogue = read_catalogue(settings)
    with owner_url(settings, makes=True) as url:
        own = None if settings.owner_url else settings.data
        ran = asyncio.run(migrate_and_mirror(url, catalogue, data=own))
    for name in ran:
        click.echo(f"ran {name}")
    many = len(catalogue.municipalities)
    click.echo(
        f"The database is in step: {many} {'municipality' if many == 1 else 'municipalities'}, "
        f"{len(catalogue.touchpoints)} touchpoints."
    )
