"""A machine with a Postgres whose clock a test sets: all that runs there looks at the same one."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from ingest.postgres.cluster import DATABASE
from ingest.postgres.programs import find_programs, ordinary_account
from ingest.postgres.server import EmbeddedPostgres
from tests.conftest import Database
from tests.example import example_directory
from tests.postgres import QUICK
from tests.system.running import ROOT

_SOURCE = Path(__file__).with_name("shifted_clock.c")
_SECONDS_TO_WAIT = 60


class Machine(msgspec.Struct, frozen=True):
    """A machine with a clock: its folder, its database and the settings of what runs there."""

    folder: Path
    database: Database
    settings: dict[str, str]

    def set_clock(self, seconds: int) -> None:
        """The wall clock is this much ahead from now on; all at once, for everybody."""
        _set(self.folder, seconds)

    def ask(self, query: str, *arguments: Any) -> Any:
        """The one value that this query gives."""

        async def ask() -> Any:
            async with self.database.superuser() as db:
                return await db.fetchval(query, *arguments)

        return asyncio.run(ask())

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`meetpunt` with these arguments, under this clock."""
        return subprocess.run(
            [sys.executable, "-m", "ingest", *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**os.environ, **self.settings},
        )

    def wait_for(self, query: str) -> None:
        """Until it gives something."""
        until = time.monotonic() + _SECONDS_TO_WAIT
        while not self.ask(query):
            assert time.monotonic() < until, f"in vain: {query}"


@contextmanager
def machine(config: Path | None = None, *, ahead: int = 0) -> Iterator[Machine]:
    """A machine with Postgres, tables and keys, everything under a clock that we set.

    `config` is the folder of its municipalities' files; from the start it is so many seconds
    `ahead`. Needs a `cc`.
    """
    with tempfile.TemporaryDirectory(prefix="meetpunt-clock-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # Postgres, an ordinary user, reads its clock here
        _set(folder, ahead)
        clock = {"LD_PRELOAD": str(_compiled(folder)), "CLOCK_SHIFT_FILE": str(folder / "shift")}
        server = EmbeddedPostgres(
            folder / "data", binaries=_under(clock, folder), settings=QUICK, announce=lambda _: None
        )
        server.start()
        try:
            database = Database(server, DATABASE)
            settings = clock | {
                "MEETPUNT_CONFIG": str(config or example_directory()),
                "MEETPUNT_KEYS_FILE": str(folder / "keys.json"),
                "MEETPUNT_DATABASE_URL": database.ingest,
                "MEETPUNT_FOLDER_URL": database.url("meetpunt_folder"),
                "MEETPUNT_OWNER_URL": database.owner,
            }
            made = Machine(folder, database, settings)
            for command in (("migrate",), ("keys", "new")):
                made.run(*command).check_returncode()
            yield made
        finally:
            server.stop()


def _set(folder: Path, seconds: int) -> None:
    new = folder / "shift.new"
    new.write_text(str(seconds))
    new.chmod(0o644)
    new.rename(folder / "shift")


def _compiled(folder: Path) -> Path:
    library = folder / "shifted_clock.so"
    subprocess.run(("cc", "-shared", "-fPIC", "-O2", "-o", library, _SOURCE), check=True)
    return library


def _under(clock: dict[str, str], folder: Path) -> Path:
    """Programs of Postgres that look at our clock: it starts without any variable of the caller."""
    programs = find_programs(None, ordinary_account(folder / "data" / "postgres")).folder
    wrapped = folder / "bin"
    wrapped.mkdir()
    chosen = " ".join(f"{name}='{value}'" for name, value in clock.items())
    for program in ("postgres", "initdb"):
        script = wrapped / program
        script.write_text(f"#!/bin/sh\n{chosen} exec '{programs / program}' \"$@\"\n")
        script.chmod(0o755)
    return wrapped
