"""`meetpunt demo`: try everything, with fictional municipalities and made-up answers."""

import asyncio
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import quote, urlsplit

import asyncpg
import click
import msgspec

from ingest.clock import AMSTERDAM, believed, today_here
from ingest.commands.environment import (
    connection,
    fail,
    read_catalogue,
    read_settings,
    require_one_database,
    service_connection,
)
from ingest.commands.migrate import migrate_and_mirror
from ingest.commands.serve import (
    ensure_keys,
    own_postgres,
    require_free_ports,
    run,
    say_kept,
)
from ingest.demo.app import OWNER_URL, READER_URL, SYSTEMS_URL, TEXTS_URL
from ingest.demo.filling import fill
from ingest.demo.followed_up import fill_signals
from ingest.demo.reader_roles import SHOWN, START_PAGE, grant_readers, reader_of
from ingest.files.web_addresses import is_loopback
from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.base_years import BaseYear, store_base_years
from ingest.reporting.plan import plan_of
from ingest.reporting.publishing import publish
from ingest.reporting.region import tell_regions
from ingest.settings import Settings

METRICS_ADDRESS = "MEETPUNT_METRICS_ADDRESS"
_PASSWORDS = "demo-readers.json"  # in the data folder


class _Database(msgspec.Struct, frozen=True):
    """How to connect: as the owner, the service, the folder, who sends, and a reader with role and
    password.

    Without a `folder` nothing is published: dashboards stay empty. Without `work` nothing is sent.
    """

    owner: str
    ingest: str
    folder: str | None
    work: str | None
    reader: Callable[[str, str], str]


@click.command()
@click.option("--port", type=click.IntRange(0, 65_535), help="Instead of MEETPUNT_PORT.")
def demo(port: int | None) -> None:
    """Try everything: four fictional municipalities, made-up responses, and a page to start at.

    Needs nothing but this command. What it stores is kept in .meetpunt/ for the next time
    (MEETPUNT_DATA names another folder). Your own files are left aside. It listens on port 8000
    where neither --port nor MEETPUNT_PORT names another; with MEETPUNT_POSTGRES_PORT Grafana and
    Power BI can read along.
    """
    settings = read_settings()
    if port is not None:
        settings = msgspec.structs.replace(settings, port=port)
    settings = _of_demo(settings)
    require_one_database(settings)
    require_free_ports(settings)
    catalogue = read_catalogue(settings)
    with _database(settings, catalogue) as database:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        ensure_keys(settings)
        passwords = asyncio.run(_furnish(settings, catalogue, database))
        _serve(settings, database, passwords)
    if settings.database_url is None:
        say_kept(settings)


def _of_demo(settings: Settings) -> Settings:
    """The settings that count here: no files of one's own, one worker, no waiting at the end.

    One worker, because it remembers which responses are new. JSON lines about every start would
    bury the one line that a newcomer waits for.
    """
    if settings.config:
        click.echo(
            "The demo has municipalities of its own; MEETPUNT_CONFIG is left aside.", err=True
        )
    port = settings.port or _free_port(settings.host)
    return msgspec.structs.replace(
        settings,
        config=None,
        questionnaires=None,
        port=port,
        base_url=settings.base_url or f"http://localhost:{port}",
        workers=1,
        drain_seconds=0.0,
        # Only when asked for: a newcomer's first start must not stumble over another exporter.
        metrics_address=settings.metrics_address if METRICS_ADDRESS in os.environ else None,
        log_level="warning" if settings.log_level == "info" else settings.log_level,
    )


def _free_port(host: str) -> int:
    """Links must hold the port before anything listens on it."""
    with socket.create_server((host, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def _database(settings: Settings, catalogue: Catalogue) -> Iterator[_Database]:
    """Our own Postgres, or the one that is set, in step with version and files."""
    if settings.database_url is None:
        with own_postgres(settings, catalogue) as server:
            yield _Database(
                server.url(),
                server.url("meetpunt_ingest"),
                server.url("meetpunt_folder"),
                server.url("meetpunt_work"),
                server.reader_line,
            )
        return
    if settings.owner_url is None:
        fail("set MEETPUNT_OWNER_URL as well: the demo makes tables and readers in your database.")
    asyncio.run(migrate_and_mirror(settings.owner_url, catalogue))
    parts = urlsplit(settings.database_url)
    place = parts.netloc.rpartition("@")[2]
    yield _Database(
        settings.owner_url,
        settings.database_url,
        settings.folder_url,
        settings.work_url,
        lambda role, password: parts._replace(
            netloc=f"{quote(role)}:{quote(password, safe='')}@{place}"
        ).geturl(),
    )


async def _furnish(settings: Settings, catalogue: Catalogue, database: _Database) -> dict[str, str]:
    """Make readers and, the first time, responses; returns the readers' passwords by role."""
    async with connection(database.owner) as owner:
        passwords = await grant_readers(owner, catalogue, settings.data / _PASSWORDS)
    async with service_connection(database.ingest) as db:
        await fill(db, catalogue, today=today_here())
    if database.folder is not None:
        async with connection(database.folder) as folder:
            # Who comes back after a month is not told to doubt the clock: nothing here is real.
            await believed(folder, datetime.now(UTC), is_right=True)
            plan, now = plan_of(catalogue, at_once=True), datetime.now(AMSTERDAM)
            await _play_earlier_system(folder, catalogue, now.date())
            await fill_signals(folder, catalogue.municipality(SHOWN))
            # Of what was made up nobody is told: it is long ago.
            replace = msgspec.structs.replace
            plan = replace(plan, signals=replace(plan.signals, watched={}))
            await publish(folder, plan, now=now, wait=True)
            await tell_regions(folder, now=now, at_once=True, wait=True)
    return passwords


async def _play_earlier_system(
    folder: asyncpg.Connection, catalogue: Catalogue, today: date
) -> None:
    """Made-up figures of the base years of targets: the demo has no answers of so long ago."""
    for municipality in catalogue.municipalities.values():
        base_years = [
            BaseYear(
                channel=target.channel,
                indicator=target.indicator,
                year=target.base_year,
                n=812,
                mean=Decimal("7.1"),
                share_lt_6=Decimal("0.13"),
                share_le_6=Decimal("0.24"),
            )
            for target in municipality.targets
            if target.base_year is not None and municipality.fictional
        ]
        await store_base_years(
            folder, municipality.code, base_years, source="eerder systeem (verzonnen)", today=today
        )


def _serve(settings: Settings, database: _Database, passwords: dict[str, str]) -> None:
    def say(_port: int) -> None:
        role = reader_of(SHOWN)
        click.echo(f"Meetpunt answers at {settings.base_url}  (Ctrl-C stops it)")
        click.echo(_reading(settings, database.reader(role, passwords[role])))

    run(
        settings,
        "ingest.demo.app:from_environment",
        {
            "MEETPUNT_CONFIG": "",
            "MEETPUNT_QUESTIONNAIRES": "",
            "MEETPUNT_BASE_URL": settings.base_url or "",
            "MEETPUNT_LOOPBACK": "1",  # the demo plays the systems of others itself
            "MEETPUNT_DATABASE_URL": database.ingest,
            "MEETPUNT_FOLDER_URL": database.folder or "",
            "MEETPUNT_WORK_URL": database.work or "",
            OWNER_URL: database.owner if is_ours_alone(settings) else "",
            SYSTEMS_URL: f"http://127.0.0.1:{settings.port}",
            READER_URL: database.reader(START_PAGE, passwords[START_PAGE]),
            TEXTS_URL: database.reader(reader_of(SHOWN), passwords[reader_of(SHOWN)]),
        },
        on_ready=say,
        rereads_on_hangup=False,
    )


def is_ours_alone(settings: Settings) -> bool:
    """Whether only this machine reaches the demo; then a button may do what an operator does."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return is_loopback(f"http://{host}") and is_loopback(settings.base_url or "")


def _reading(settings: Settings, line: str) -> str:
    if settings.database_url or settings.postgres_port:
        return f"Grafana, Power BI or psql can read the rows of {SHOWN} with: {line}"
    more = "start with MEETPUNT_POSTGRES_PORT=5433 for Grafana or Power BI"
    return f"psql can read the rows of {SHOWN} with: '{line}'  ({more})"
