"""`meetpunt serve`: run the service."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import asyncpg
import click

from ingest.commands.migrate import migrate_and_mirror
from ingest.commands.surroundings import (
    connection,
    embedded_postgres,
    fail,
    keys_file,
    read_catalogue,
    read_keys,
    read_settings,
)
from ingest.keys import new_keys
from ingest.migrate import DatabaseBehind, require_current
from ingest.municipalities.catalogue import Catalogue
from ingest.postgres.embedded import (
    DataDirectoryInUse,
    DiskFull,
    EmbeddedPostgres,
    PortTaken,
    PostgresFailed,
    PostgresMissing,
)
from ingest.postgres.keeping import kept_running
from ingest.running.logs import log
from ingest.running.serving import AddressUnusable, WorkersFailed, run_workers
from ingest.running.serving import PortTaken as ServicePortTaken
from ingest.settings import Settings


@click.command()
def serve() -> None:
    """Run the service until SIGTERM or Ctrl-C; what is in flight is finished first.

    Without MEETPUNT_DATABASE_URL it starts a Postgres of its own in .meetpunt/ and keeps that in
    step; with one, run 'meetpunt migrate' first.
    """
    settings = read_settings()
    if settings.config is None:
        fail("set MEETPUNT_CONFIG to the folder of your files, or try 'meetpunt demo'.")
    start(settings, "ingest.app:from_environment")


def start(settings: Settings, factory: str) -> None:
    """Check everything, then serve what `factory` ("module:function") builds in each worker."""
    catalogue = read_catalogue(settings)
    if settings.database_url:
        read_keys(settings)
        asyncio.run(_require_in_step(settings.database_url, catalogue))
        run(settings, factory, {})
        return
    with own_postgres(settings, catalogue) as server:
        ensure_keys(settings)
        urls = {
            "MEETPUNT_DATABASE_URL": server.url("meetpunt_ingest"),
            "MEETPUNT_FOLDER_URL": server.url("meetpunt_folder"),
        }
        run(settings, factory, urls)


@contextmanager
def own_postgres(settings: Settings, catalogue: Catalogue) -> Iterator[EmbeddedPostgres]:
    """Our own Postgres, started and in step with version and files, for as long as this lasts."""
    server = embedded_postgres(settings)
    try:
        server.start()
    except (DataDirectoryInUse, DiskFull, PortTaken, PostgresFailed, PostgresMissing) as refused:
        fail(refused)
    try:
        asyncio.run(migrate_and_mirror(server.url(), catalogue))
        with kept_running(server):
            yield server
    finally:
        server.stop()


def ensure_keys(settings: Settings) -> None:
    """Make a keys file where there is none yet: what runs by itself keeps its own."""
    path = keys_file(settings)
    if not path.exists():
        new_keys(path, now=datetime.now(UTC))
    read_keys(settings)


def run(
    settings: Settings,
    factory: str,
    environment: dict[str, str],
    *,
    on_ready: Callable[[int], None] | None = None,
    rereads_on_hangup: bool = True,
) -> None:
    """Serve until told to stop. `environment` is added to what the workers find.

    The rest is as `ingest.running.serving.run_workers` has it.
    """
    try:
        run_workers(
            factory,
            host=settings.host,
            port=settings.port,
            workers=settings.workers,
            drain_seconds=settings.drain_seconds,
            metrics_address=settings.metrics_address,
            trusted_proxies=settings.trusted_proxies,
            log_level=settings.log_level,
            on_ready=on_ready or _say_where,
            rereads_on_hangup=rereads_on_hangup,
            environment={
                **os.environ,
                "MEETPUNT_KEYS_FILE": str(keys_file(settings)),
                **environment,
            },
        )
    except (ServicePortTaken, AddressUnusable, WorkersFailed) as refused:
        fail(refused)


def _say_where(port: int) -> None:
    log("serving", port=port)


async def _require_in_step(database_url: str, catalogue: Catalogue) -> None:
    """End the command unless migrations ran and every touchpoint is known to the database."""
    async with connection(database_url) as db:
        try:
            await require_current(db)
        except DatabaseBehind as behind:
            fail(behind)
        except asyncpg.PostgresError as refused:
            fail(f"the database refused ({refused.sqlstate}): {refused}")
        known = await db.fetch(
            "/* known_versions */ select touchpoint, questionnaire, version"
            " from meetpunt.touchpoint_version"
        )
    asked = {(t.number, t.questionnaire, t.version) for t in catalogue.touchpoints.values()}
    if not asked <= {(r["touchpoint"], r["questionnaire"], r["version"]) for r in known}:
        fail("the database is behind your files: run 'meetpunt migrate' first.")
