"""`meetpunt work`: send invitations, apart from `serve` or beside it."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from functools import partial
from pathlib import Path

import asyncpg
import click

from ingest.commands.acting import require_work
from ingest.commands.environment import (
    connection,
    fail,
    keys_file,
    read_catalogue,
    read_keys,
    read_settings,
    work_url,
)
from ingest.commands.waiting import unless_told_to_stop
from ingest.connectors.signalen.writing import working_on_reports
from ingest.connectors.work import ConnectorWork
from ingest.database.connecting import connect
from ingest.database.migrate import DatabaseBehind, require_current
from ingest.followup.pushing.work import Telling
from ingest.invitations.sending import Work
from ingest.invitations.watching import OutboxWatch
from ingest.invitations.working import MESSAGES, senders_of, work_of
from ingest.municipalities.catalogue import Catalogue
from ingest.reports.sending import sending_reports
from ingest.running.addresses import AddressUnusable, PortTaken
from ingest.running.logs import configure_logging, log
from ingest.running.metrics_server import MetricsServer
from ingest.settings import Settings
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import KeysUnreadable, load_keys
from ingest.tokens.response_tokens import Tokens

_METRICS_ADDRESS = "MEETPUNT_METRICS_ADDRESS"


@click.command()
def work() -> None:
    """Send invitations until SIGTERM or Ctrl-C; what is being sent is finished first.

    It tells reports in Signalen what their reporters say, and departments of signals and of their
    month, too.

    'meetpunt serve' does the same beside its requests, and is enough for one municipality. Any
    number of these may run, on any machine that has the same files, keys and MEETPUNT_WORK_URL (as
    role meetpunt_work), or in our own Postgres of MEETPUNT_DATA. SIGHUP makes it read its keys
    again. It serves metrics where MEETPUNT_METRICS_ADDRESS is set; several on one machine need
    an address each.
    """
    settings = read_settings()
    if settings.config is None:
        fail("set MEETPUNT_CONFIG to the folder of your files.")
    if not settings.tells:
        fail("MEETPUNT_TELLS is nobody: nothing is to be sent from here.")
    catalogue = read_catalogue(settings)
    read_keys(settings)
    configure_logging(settings.log_level)
    # Only when asked for: `serve` has the usual one.
    address = settings.metrics_address if _METRICS_ADDRESS in os.environ else None
    try:
        with work_url(settings) as url, MetricsServer(address) if address else nullcontext():
            if not asyncio.run(_work(url, settings, catalogue)):
                return
    except PortTaken as taken:
        more = (
            "Each 'serve' and 'work' on one machine needs its own; 'work' may do without, or off."
        )
        fail(f"{taken} {more}")
    except AddressUnusable as unusable:
        fail(unusable)
    click.echo("All is stopped; what waits is sent by whoever works next.")


async def _work(url: str, settings: Settings, catalogue: Catalogue) -> bool:
    """Work until told to stop; False when that was before there was anything to work in."""
    if not await unless_told_to_stop(_require_fit(url)):
        return False
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for told in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(told, stopping.set)
    keys = read_keys(settings)
    tokens = Tokens(keys)
    senders = senders_of(catalogue, settings.data)
    working: Work = work_of(
        url,
        catalogue=catalogue,
        keys=keys,
        tokens=tokens,
        providers=senders,
        base_url=settings.base_url,
    )

    writing = working_on_reports(url, catalogue=catalogue, keys=derived_keys(keys))

    def reread() -> None:
        _reread(keys_file(settings), tokens)
        senders.reread()
        telling.reread()
        connectors.reread()

    telling = Telling(catalogue, folder=settings.data / MESSAGES)
    more = [telling.task(), sending_reports(catalogue, senders)]
    connectors = ConnectorWork(url, catalogue=catalogue, keys=keys, more=more)
    loop.add_signal_handler(signal.SIGHUP, reread)
    watch = OutboxWatch(partial(_for_a_moment, url))
    await working.start()
    await connectors.start()
    if writing is not None:
        await writing.start()
    await watch.start(tells=True)
    log("working")
    await stopping.wait()
    log("stopping")
    await watch.close()
    closing = [connectors.close(), working.close()]
    closing += [writing.close()] if writing is not None else []
    await asyncio.gather(*closing)
    return True


@asynccontextmanager
async def _for_a_moment(url: str) -> AsyncIterator[asyncpg.Connection]:
    db = await connect(url, timeout=5, command_timeout=5)
    try:
        yield db
    finally:
        await db.close(timeout=5)


async def _require_fit(url: str) -> None:
    """End the command unless there is something to work in, and somebody to do it as."""
    async with connection(url, waits=True) as db:
        await require_work(db)
        try:
            await require_current(db)
        except DatabaseBehind as behind:
            fail(behind)


def _reread(path: Path, tokens: Tokens) -> None:
    try:
        tokens.use(load_keys(path))
    except KeysUnreadable as unreadable:
        log("keys_unreadable", level="error", reason=str(unreadable))
    else:
        log("keys_reread")
