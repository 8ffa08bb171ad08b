"""From the version that was released last to this one under load, behind the HAProxy that we ship.

As `deploy/README.md` says: `meetpunt migrate` while the old version serves, `once.sql`, and then
one copy after the other. The database is what the old version left behind (`tests/data`).
"""

import asyncio
import contextlib
import os
import subprocess
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import click
import msgspec

from ingest.postgres.server import OWNER, SUPERUSER, EmbeddedPostgres
from ingest.tokens.keys import load_keys, new_keys
from tests.conftest import Database
from tests.postgres import programs_of
from tests.system.outcome import NotHere
from tests.system.rolling import Copy, Load, behind_haproxy
from tests.system.running import ROOT
from tests.upgrading import DATA, restore

_BEFORE = "v0.1.0"
_VERSION_ASKED = 1
"""Of the desk's questions, in the files of that time: they stay as they are."""

_INGEST = "meetpunt_ingest"
_SECONDS_BETWEEN = 2
_POSTGRES = 15


class Upgraded(msgspec.Struct, frozen=True):
    """What came of the requests meanwhile; `raw_errors` before anybody tried again."""

    before: str
    proxy: bool
    copies: int
    migrations: int
    sent: int
    raw_errors: int
    errors_after_one_retry: int
    lost: int
    double: int


async def upgraded(a_second: int, *, proxy: bool) -> Upgraded:
    """Migrate and replace two copies in turn, at so many responses a second.

    Without `proxy` everybody goes to a copy of their own: the control, which has to meet errors.
    """
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as closing:
        folder = Path(name)
        old = _released(folder / "old")
        server = EmbeddedPostgres(
            folder / "database", binaries=programs_of(_POSTGRES), announce=lambda _: None
        )
        closing.enter_context(server)
        database = Database(server, "left_behind")
        await asyncio.to_thread(restore, database, DATA / f"{_BEFORE}.sql", _POSTGRES)
        new_keys(folder / "keys.json", now=datetime(2026, 1, 1, tzinfo=UTC))
        # The municipalities' files stay as they are: nobody changes those in an upgrade.
        files = {"MEETPUNT_CONFIG": str(old / "deploy" / "example")}
        url = database.url(_INGEST)
        of_then = files | {"PYTHONPATH": str(old)}
        copies = [Copy(folder, number, url, settings=of_then) for number in range(2)]
        for copy in copies:
            closing.callback(copy.stop)
            await asyncio.to_thread(copy.start)
        ways = [copy.port for copy in copies]
        if proxy:
            ways = [closing.enter_context(behind_haproxy(folder, copies))] * 2
        before, migrations = await _stored(database), await _migrated(database)
        keys = load_keys(folder / "keys.json")
        load = Load(ways, keys, version=_VERSION_ASKED, a_second=a_second)
        loading = asyncio.create_task(load.run())
        await asyncio.sleep(_SECONDS_BETWEEN)
        owner = {"MEETPUNT_OWNER_URL": database.url(OWNER), **files}
        await asyncio.to_thread(_meetpunt, "migrate", **owner)
        await asyncio.to_thread(_once, database)
        for copy in copies:
            await asyncio.to_thread(copy.restart, PYTHONPATH=str(ROOT))
            await asyncio.sleep(_SECONDS_BETWEEN)
        load.stop()
        await loading
        after = await _stored(database)
        return Upgraded(
            before=_BEFORE,
            proxy=proxy,
            copies=len(copies),
            migrations=await _migrated(database) - migrations,
            sent=load.sent,
            raw_errors=load.raw_errors,
            errors_after_one_retry=load.errors,
            lost=load.sent - load.errors - (len(set(after)) - len(set(before))),
            double=len(after) - len(set(after)),
        )


def faults_of(found: Upgraded) -> list[str]:
    """What should not be."""
    wrong = []
    if bool(found.raw_errors) == found.proxy:
        wrong.append(f"{found.raw_errors} requests met an error, proxy {found.proxy}")
    if found.lost or found.double or found.errors_after_one_retry:
        wrong.append("something was lost or doubled")
    if not found.migrations:
        wrong.append("there was nothing to migrate")
    return wrong


def _released(folder: Path) -> Path:
    """The code of that version.

    Its commit is found by what it says, because a copy of the repository may come without tags.
    Raises `NotHere` where the history does not reach so far back.
    """
    title = f"^Release {_BEFORE.removeprefix('v')}$"
    commit = _git("log", "-1", "--format=%H", "--grep", title).decode().strip()
    if not commit:
        raise NotHere(f"this copy of the repository does not have {_BEFORE} in its history")
    with tarfile.open(fileobj=BytesIO(_git("archive", commit))) as everything:
        everything.extractall(folder, filter="data")
    return folder


def _git(*command: str) -> bytes:
    done = subprocess.run(("git", "-C", str(ROOT), *command), capture_output=True, check=False)
    if done.returncode:
        raise NotHere(f"git {command[0]}: {done.stderr.decode().strip()}")
    return done.stdout


def _meetpunt(*command: str, **settings: str) -> str:
    ours = {name: value for name, value in os.environ.items() if "MEETPUNT_" not in name}
    done = subprocess.run(
        (sys.executable, "-m", "ingest", *command),
        env={**ours, "PYTHONPATH": str(ROOT), **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise click.ClickException(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout


def _once(database: Database) -> None:
    """With psql, as the manual says."""
    psql = (programs_of(_POSTGRES) or Path()) / "psql"
    options = ("-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database.url(SUPERUSER))
    sql = _meetpunt("db", "once")
    done = subprocess.run((psql, *options), input=sql, capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"once.sql: {done.stderr}")


async def _stored(database: Database) -> list[object]:
    async with database.superuser() as db:
        return [row["id"] for row in await db.fetch("select id from meetpunt.response")]


async def _migrated(database: Database) -> int:
    async with database.superuser() as db:
        done: int = await db.fetchval("select count(*) from public.meetpunt_migration")
        return done
