"""What the tests of the embedded Postgres share: servers of their own, questions, processes."""

import asyncio
import json
import os
import pwd
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg

from ingest.postgres.programs import Account, find_programs, ordinary_account
from ingest.postgres.server import EmbeddedPostgres
from tests.made_once import copy_of
from tests.postgres import QUICK

AS_ROOT = os.geteuid() == 0
NOBODY = Account(uid=pwd.getpwnam("nobody").pw_uid, gid=pwd.getpwnam("nobody").pw_gid)
_OWN = ordinary_account(Path("/a cluster that is not there"))
ORDINARY = _OWN.uid if _OWN else os.geteuid()  # who Postgres then runs as

# What a process of its own does with the data folder that is its argument.
_OVER_FOLDER = """
import asyncio, os, sys
from pathlib import Path
import asyncpg
from ingest.postgres.server import EmbeddedPostgres, DataDirectoryInUse, PostgresFailed

async def run(url, statement):
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()

data, programs = map(Path, sys.argv[1:3])
server = EmbeddedPostgres(data, binaries=programs, announce=lambda sentence: None)
"""
DROP_TO_NOBODY = f"""
if os.geteuid() == 0:
    os.setgroups([]); os.setgid({NOBODY.gid}); os.setuid({NOBODY.uid})
"""
SERVE = """
server.start()
asyncio.run(run(server.url(), "CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)"))
try:
    print("ready", flush=True)
    sys.stdin.read()
except KeyboardInterrupt:
    asyncio.run(run(server.url(), "INSERT INTO kept VALUES (43)"))
    print("finished", flush=True)
server.stop()
"""
TRY = """
try:
    server.start()
    asyncio.run(run(server.url(), "CREATE TABLE kept (n int)"))
    server.stop()
    print("fine", flush=True)
except (DataDirectoryInUse, PostgresFailed) as reason:
    print(type(reason).__name__, reason, flush=True)
"""


def a_server(data: Path, **named: Any) -> EmbeddedPostgres:
    """A server over `data` that is quick, silent and not started, unless told otherwise."""
    return EmbeddedPostgres(data, **{"settings": QUICK, "announce": _silent, **named})


def a_made_server(data: Path, **named: Any) -> EmbeddedPostgres:
    """The same, for a test that is not about how a cluster is made: `data` is a copy of one."""
    return a_server(copy_of("cluster", _make_cluster, data), **named)


def _make_cluster(data: Path) -> None:
    with a_server(data) as server:
        pass
    (server.data / "postgres.log").unlink()  # tests read what theirs says


def _silent(sentence: str) -> None:
    pass


@contextmanager
def folder_for_everybody() -> Iterator[Path]:
    """A folder that every user may enter, as pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="m")).resolve()
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def process(*parts: str, data: Path) -> Iterator[subprocess.Popen[str]]:
    """A Python process over `data`, in a group of its own; killed at the end."""
    # Where an ordinary user can run them too, wherever this checkout lies.
    programs = find_programs(None, NOBODY if AS_ROOT else None).folder
    with subprocess.Popen(
        [sys.executable, "-c", _OVER_FOLDER + "".join(parts), data, programs],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
        start_new_session=True,
    ) as started:
        try:
            yield started
        finally:
            started.kill()


def line_of(started: subprocess.Popen[str]) -> str:
    assert started.stdout is not None
    return started.stdout.readline().strip()


def ask(url: str, statement: str) -> Any:
    async def asked() -> Any:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(asked())


def keep_a_row(server: EmbeddedPostgres) -> None:
    ask(server.url(), "CREATE TABLE kept (n int)")
    ask(server.url(), "INSERT INTO kept VALUES (42)")


def kept(server: EmbeddedPostgres) -> Any:
    return ask(server.url(), "SELECT array_agg(n ORDER BY n) FROM kept")


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def small_disk(place: Path, *, megabytes: int) -> Iterator[bool]:
    """A disk of that size at `place`; False where we may not make one."""
    place.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", str(place)]
    mounted = AS_ROOT and subprocess.run(["mount", *options], check=False).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(place)], check=True)


def pid_of(server: EmbeddedPostgres) -> int:
    return int((server.data / "postgres" / "postmaster.pid").read_text().split()[0])


def passwords_of(server: EmbeddedPostgres) -> dict[str, str]:
    found: dict[str, str] = json.loads((server.data / "passwords.json").read_text())
    return found


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
