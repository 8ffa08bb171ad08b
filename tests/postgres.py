"""One running Postgres a version for all tests of a session, and a quick database of one's own."""

import asyncio
import atexit
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from ingest.database.migrate import migrate
from ingest.database.mirror import mirror_files
from ingest.postgres.cluster import passwords
from ingest.postgres.server import OWNER, SUPERUSER, EmbeddedPostgres
from ingest.running.verifiers import scram_verifier
from tests.example import SINCE, example_catalogue
from tests.made_once import copy_of

_PROGRAMS_OF_15 = Path("/usr/lib/postgresql/15/bin")

# `make test POSTGRES=15`: everything on that one.
_CHOSEN = int(os.environ.get("POSTGRES") or 0)

USUAL = _CHOSEN or 18
"""The major version that tests use where it makes no difference: the wheel's."""

# For speed: a test's data need not survive a power cut, and is gone before a vacuum is worth it.
QUICK = {
    "autovacuum": "off",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
    "max_wal_size": "128MB",
}

_ITERATIONS_ARE_SET = 16
"""From this version on a setting says how many iterations a new password gets."""

TEMPLATE = "template"
"""A migrated database with the example municipalities, that is only copied."""

_running: dict[int, EmbeddedPostgres] = {}


def versions() -> tuple[int, ...]:
    """The major versions that can be tested here: always the wheel's, and 15 where it is.

    For what a version decides: rights, roles, locks, what the catalogue tells, what a server does.
    What a view says of its rows needs one; `make test POSTGRES=15` tries that on 15.
    """
    if _CHOSEN:
        return (_CHOSEN,)
    return (15, 18) if _PROGRAMS_OF_15.is_dir() else (18,)


def newest_first() -> list[Any]:
    """The newest of `versions`, and the others for the long tests: for what is dear.

    Of a subject that versions decide, something cheap runs on all of them in `make test` as well.
    """
    *older, newest = versions()
    return [newest, *(pytest.param(version, marks=pytest.mark.long) for version in older)]


def programs_of(version: int) -> Path | None:
    """The folder of the programs of `version`; None: the wheel's."""
    return {15: _PROGRAMS_OF_15}.get(version)


def running_postgres(version: int = USUAL) -> EmbeddedPostgres:
    """The session's server of `version`, started at its first use, and stopped at exit."""
    assert "TESTS_PURE" not in os.environ, "not a quick test: its fixture belongs in tests/pure.py"
    if not _running:
        atexit.register(stop_all)  # before what is shared goes, in which they run
    if version not in _running:
        folder = Path(tempfile.mkdtemp(prefix="meetpunt-tests-"))
        folder.chmod(0o711)  # Postgres runs as another user where we are root
        data = copy_of(f"postgres-{version}", partial(_make, version), folder / "data")
        server = _server(version, data)
        server.start()
        _running[version] = server
    return _running[version]


def _server(version: int, data: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(
        data,
        binaries=programs_of(version),
        settings={
            **QUICK,
            "max_connections": "200",
            **({"scram_iterations": "1"} if version >= _ITERATIONS_ARE_SET else {}),
        },
        announce=lambda _: None,
    )


def _make(version: int, data: Path) -> None:
    """A stopped cluster with TEMPLATE in it."""
    # In a thread of its own: a test that is the first to ask may be within an event loop.
    with _server(version, data) as server, ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, _make_template(server)).result()


async def _make_template(server: EmbeddedPostgres) -> None:
    await _make_entering_quick(server)
    await create_database(server, TEMPLATE)
    owner = await asyncpg.connect(server.url(OWNER, TEMPLATE))
    try:
        await migrate(owner)
        await mirror_files(owner, example_catalogue(), SINCE)
    finally:
        await owner.close()


async def _make_entering_quick(server: EmbeddedPostgres) -> None:
    """Keep the passwords with one iteration of SCRAM (RFC 5802) instead of 4,096.

    Who enters computes them anew each time: half of what thousands of connections took.
    """
    for role, password in passwords(server.data).items():
        kept = f"alter role {role} password '{scram_verifier(password, iterations=1)}'"
        await _as_superuser(server, kept)


def stop_all() -> None:
    """Stop the session's servers and remove their data; may be called more than once."""
    while _running:
        _, server = _running.popitem()
        server.stop()
        shutil.rmtree(server.data.parent)


async def create_database(server: EmbeddedPostgres, name: str, template: str | None = None) -> None:
    """Make database `name`, the owner's; a copy of `template`, to which nobody may be connected."""
    # By its files: through the log, as is usual, takes twice as long.
    copied = f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""
    await _as_superuser(server, f'CREATE DATABASE "{name}" OWNER {OWNER}{copied}')


async def drop_database(server: EmbeddedPostgres, name: str) -> None:
    """Remove database `name` and whoever is connected to it; nothing to do when there is none."""
    await _as_superuser(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def _as_superuser(server: EmbeddedPostgres, statement: str) -> None:
    connection = await asyncpg.connect(server.url(SUPERUSER, "postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
