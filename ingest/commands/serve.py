"""`meetpunt serve`: run the service."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import click
import msgspec

from ingest.audit import Action, Entry
from ingest.backup.looking import IGNORED
from ingest.backup.making import Source
from ingest.backup.receiving import Plan, kept_up
from ingest.commands.backup import shelf_of
from ingest.commands.environment import (
    connection,
    embedded_postgres,
    fail,
    keys_file,
    own_url,
    read_catalogue,
    read_keys,
    read_settings,
    require_one_database,
    start_postgres,
)
from ingest.commands.migrate import migrate_and_mirror
from ingest.commands.waiting import require_databases, unless_told_to_stop
from ingest.database.encryption import may_be_read
from ingest.database.once import run_once
from ingest.database.readers import SERVICE_ROLES, set_password
from ingest.municipalities.catalogue import Catalogue
from ingest.postgres.cluster import add_password, new_password, passwords
from ingest.postgres.keeping import kept_running
from ingest.postgres.server import OWNER, SUPERUSER, DataDirectoryInUse, EmbeddedPostgres
from ingest.running.addresses import listen, split_address
from ingest.running.logs import log
from ingest.running.serving import AddressUnusable, PortTaken, WorkersFailed, run_workers
from ingest.settings import Settings
from ingest.tokens.keys import new_keys
from ingest.tokens.keys_log import logged


@click.command()
@click.option("--workers", type=click.IntRange(1, 64), help="Instead of MEETPUNT_WORKERS.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Instead of MEETPUNT_PORT.")
def serve(workers: int | None, port: int | None) -> None:
    """Run the service until SIGTERM or Ctrl-C; what is in flight is finished first.

    Needs MEETPUNT_CONFIG, the folder of your files. With MEETPUNT_DATABASE_URL (as role
    meetpunt_ingest) it needs MEETPUNT_KEYS_FILE too: run 'meetpunt keys new' and 'meetpunt migrate'
    first; it waits while that database is away. Without, it starts a Postgres of its own and makes
    keys, both in MEETPUNT_DATA (.meetpunt), and keeps them in step. It listens on MEETPUNT_HOST and
    MEETPUNT_PORT.
    """
    settings = read_settings()
    if workers is not None:
        settings = msgspec.structs.replace(settings, workers=workers)
    if port is not None:
        settings = msgspec.structs.replace(settings, port=port)
    if settings.config is None:
        fail("set MEETPUNT_CONFIG to the folder of your files, or try 'meetpunt demo'.")
    require_one_database(settings)
    start(settings, "ingest.app:from_environment")


def start(settings: Settings, factory: str) -> None:
    """Check everything, then serve what `factory` ("module:function") builds in each worker."""
    catalogue = read_catalogue(settings)
    _warn_of_fiction(catalogue)
    require_free_ports(settings)
    if settings.database_url:
        read_keys(settings)
        _warn_of_settings(settings)
        if not asyncio.run(unless_told_to_stop(require_databases(settings, catalogue))):
            return
        run(settings, factory, {})
        click.echo("All is stopped; what was stored is in the database.")
        return
    with own_postgres(settings, catalogue) as server:
        ensure_keys(settings)
        urls = {
            "MEETPUNT_DATABASE_URL": server.url("meetpunt_ingest"),
            "MEETPUNT_FOLDER_URL": server.url("meetpunt_folder"),
            "MEETPUNT_WORK_URL": server.url("meetpunt_work"),
        }
        run(settings, factory, urls)
    say_kept(settings)


def say_kept(settings: Settings) -> None:
    """The last line after Ctrl-C, once our own Postgres is gone as well."""
    click.echo(f"All is stopped; what was stored is kept in {settings.data.resolve()}.")


def require_free_ports(settings: Settings) -> None:
    """End the command when something listens where we shall, before a database is made for it."""
    places = [(settings.host, settings.port, "MEETPUNT_PORT")]
    if settings.metrics_address:
        places.append((*split_address(settings.metrics_address), "MEETPUNT_METRICS_ADDRESS"))
    # Later on what listens there may be our own Postgres, left by a Meetpunt that was killed.
    made = (settings.data / "postgres").exists()
    if settings.postgres_port and not settings.database_url and not made:
        places.append(("127.0.0.1", settings.postgres_port, "MEETPUNT_POSTGRES_PORT"))
    try:
        for host, port, setting in places:
            listen(host, port, setting=setting).close()
    except (PortTaken, AddressUnusable) as refused:
        fail(refused)


def _warn_of_fiction(catalogue: Catalogue) -> None:
    fictional = [m.slug for m in catalogue.municipalities.values() if m.fictional]
    if fictional:
        click.echo(
            f"Fictional according to their files: {', '.join(fictional)}; "
            "take 'fictional = true' out of a file before residents answer.",
            err=True,
        )


def _warn_of_settings(settings: Settings) -> None:
    """What works with a Postgres of one's own, and otherwise than who set it may think."""
    if settings.backup:
        click.echo(IGNORED, err=True)
    urls = {
        "MEETPUNT_DATABASE_URL": settings.database_url,
        "MEETPUNT_FOLDER_URL": settings.folder_url,
    }
    if clear := [name for name, url in urls.items() if url and may_be_read(url)]:
        click.echo(
            f"Without sslmode in {' and '.join(clear)} password and answers may cross the network "
            "unencrypted: set sslmode=verify-full.",
            err=True,
        )


@contextmanager
def own_postgres(settings: Settings, catalogue: Catalogue) -> Iterator[EmbeddedPostgres]:
    """Our own Postgres, started and in step with version and files, for as long as this lasts."""
    server = embedded_postgres(settings)
    _require_no_loss(settings, server)
    try:
        start_postgres(server)
    except DataDirectoryInUse as refused:
        fail(refused)
    try:
        url = own_url(server, OWNER)
        asyncio.run(migrate_and_mirror(url, catalogue, data=settings.data))
        asyncio.run(_let_in(url, settings.data))
        asyncio.run(_once(own_url(server, SUPERUSER)))
        with kept_running(server), backed_up(settings, server):
            yield server
    finally:
        server.stop()


def _require_no_loss(settings: Settings, server: EmbeddedPostgres) -> None:
    """End the command when a database was lost: an empty one in its place would look well."""
    if settings.backup is None:
        return
    shelf = shelf_of(settings, settings.backup)
    if not server.cluster.exists() and shelf.spans():
        fail(
            f"there is no database in {settings.data}, and {shelf.folder} has backups of one:"
            " put it back with 'meetpunt restore --to latest', or set MEETPUNT_BACKUP to another"
            " folder to begin with an empty one."
        )


@contextmanager
def backed_up(settings: Settings, server: EmbeddedPostgres) -> Iterator[None]:
    """A backup is kept up for as long as this lasts, where one is asked for."""
    if settings.backup is None:
        yield
        return
    shelf = shelf_of(settings, settings.backup)
    source = Source(server, keys_file(settings))
    with kept_up(source, shelf, Plan(keep=timedelta(days=settings.backup_days))):
        yield


async def _let_in(url: str, data: Path) -> None:
    """A password for each role that this version has and the one that made the folder had not."""
    known = passwords(data)
    async with connection(url) as owner:
        for role in SERVICE_ROLES:
            if role not in known:
                # Kept last: who is cut off in between is given another one at the next start.
                chosen = new_password()
                await set_password(owner, role, chosen)
                add_password(data, role, chosen)


async def _once(url: str) -> None:
    """At every start: a newer Postgres may bring what the one before did not have."""
    async with connection(url) as superuser:
        await run_once(superuser)


def ensure_keys(settings: Settings) -> None:
    """Make a keys file where there is none yet: what runs by itself keeps its own."""
    path = keys_file(settings)
    if not path.exists():
        entry = Entry(action=Action.NEW_KEYS)
        with logged(path, entry):
            entry.object = new_keys(path, now=datetime.now(UTC)).signing[0].id
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
            on_ready=on_ready or partial(_say_where, settings),
            rereads_on_hangup=rereads_on_hangup,
            environment={
                **os.environ,
                "MEETPUNT_KEYS_FILE": str(keys_file(settings)),
                **environment,
            },
        )
    except (PortTaken, AddressUnusable, WorkersFailed) as refused:
        fail(refused)


def _say_where(settings: Settings, port: int) -> None:
    if settings.tells:
        log("serving", port=port)
        return
    quiet = "nobody outside is told anything"
    log("serving", level="warning", port=port, setting="MEETPUNT_TELLS", reason=quiet)
