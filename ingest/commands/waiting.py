"""What `serve` and `work` wait for before they begin: a database that knows them and the files."""

import asyncio
import signal
from collections.abc import Coroutine
from threading import current_thread, main_thread
from typing import Any

import asyncpg
import click

from ingest.commands.acting import require_folder, require_work
from ingest.commands.environment import connection, service_connection
from ingest.commands.in_step import require_in_step
from ingest.commands.patience import until_it_takes_writes
from ingest.database.behind import not_mirrored
from ingest.database.connection_errors import LOST
from ingest.municipalities.catalogue import Catalogue
from ingest.settings import Settings


async def unless_told_to_stop(waiting: Coroutine[Any, Any, None]) -> bool:
    """Await it; False when SIGTERM came first: nothing was begun, so there is nothing to finish."""
    loop = asyncio.get_running_loop()
    task = loop.create_task(waiting)
    told = False

    def stop() -> None:
        nonlocal told
        told = True
        task.cancel()

    hears = current_thread() is main_thread()  # no other thread is told of signals
    if hears:
        loop.add_signal_handler(signal.SIGTERM, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not told:
            raise
        click.echo("Told to stop while it waited for its database; nothing was begun.", err=True)
        return False
    finally:
        if hears:
            loop.remove_signal_handler(signal.SIGTERM)
    return True


async def require_databases(settings: Settings, catalogue: Catalogue) -> None:
    """Wait for the database as each role that is set, or end the command: it would not do."""
    if settings.database_url is None:
        return
    await _require_in_step(settings.database_url, catalogue)
    if settings.folder_url:
        # Or publishing and purging would fail every minute.
        async with connection(settings.folder_url, waits=True) as db:
            await require_folder(db)
    else:
        click.echo(
            "MEETPUNT_FOLDER_URL is not set: this service stores, and nothing is published, "
            "counted or removed by it.",
            err=True,
        )
    if settings.work_url:
        async with connection(settings.work_url, waits=True) as db:
            await require_work(db)
    else:
        click.echo(
            "MEETPUNT_WORK_URL is not set: this service sends no invitations, signals or reports "
            "by itself, and follows no other system.",
            err=True,
        )


async def _require_in_step(database_url: str, catalogue: Catalogue) -> None:
    """Wait for the database, and end the command unless it is ours and knows these files."""
    while True:
        async with service_connection(database_url, waits=True) as db:
            try:
                await until_it_takes_writes(db)
            except LOST:
                continue  # a restore may start it anew
            await require_in_step(db, catalogue)
            await _say_what_changed(db, catalogue)
            return


async def _say_what_changed(db: asyncpg.Connection, catalogue: Catalogue) -> None:
    """What dashboards show of before; answers are stored as they should be."""
    try:
        behind = await not_mirrored(db, catalogue)
    except asyncpg.InsufficientPrivilegeError:
        behind = []
        click.echo(
            "Whether the database has what your files say now cannot be seen: meetpunt_ingest lost "
            "a right. 'meetpunt doctor' names it.",
            err=True,
        )
    if behind:
        click.echo(
            f"Your files changed and the database has what they said before: {', '.join(behind)}. "
            "Dashboards show that until 'meetpunt migrate' has run.",
            err=True,
        )
