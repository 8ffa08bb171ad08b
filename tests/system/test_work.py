"""Who sends: `meetpunt work`, and `meetpunt serve` beside its requests, as processes.

Whatever the hour: what is too late to be sent is ended at once, at night as well.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from ingest.invitations.taking import Taking
from ingest.municipalities.catalogue import Catalogue
from ingest.postgres.server import EmbeddedPostgres
from ingest.tokens.keys import Keys
from tests.conftest import Database
from tests.example import example_directory
from tests.inviting import contact, inviting, take_in, until
from tests.system.running import ROOT, running


@pytest.fixture
def overdue(database: Database, catalogue: Catalogue, keys: Keys) -> Database:
    """A message that is too late to be sent."""

    async def make() -> None:
        await take_in(database, Taking(inviting(catalogue), keys), [contact(1)])
        async with database.superuser() as db:
            await db.execute("update meetpunt.outbox set expires_at = now()")

    asyncio.run(make())
    return database


@contextlib.contextmanager
def work(settings: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`meetpunt work`, whose output goes to `log` in the folder."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("MEETPUNT_")}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            (sys.executable, "-m", "ingest", "work"),
            cwd=folder,
            env={**ours, "PYTHONPATH": str(ROOT), "MEETPUNT_LOOPBACK": "1", **settings},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def settings_of(database: Database, keys_file: Path) -> dict[str, str]:
    return {
        "MEETPUNT_DATABASE_URL": database.ingest,
        "MEETPUNT_FOLDER_URL": database.url("meetpunt_folder"),
        "MEETPUNT_WORK_URL": database.url("meetpunt_work"),
        "MEETPUNT_CONFIG": str(example_directory()),
        "MEETPUNT_KEYS_FILE": str(keys_file),
    }


def test_work_works_until_it_is_told_to_stop(
    overdue: Database, keys_file: Path, tmp_path: Path
) -> None:
    with work(settings_of(overdue, keys_file), tmp_path) as process:
        asyncio.run(until(overdue, {"expired": 1}, seconds=60))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert "All is stopped" in (tmp_path / "log").read_text()


def test_a_second_one_is_told_that_each_serves_its_metrics_somewhere_else(
    database: Database, keys_file: Path, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        settings = settings_of(database, keys_file) | {"MEETPUNT_METRICS_ADDRESS": address}
        with work(settings, tmp_path) as process:
            assert process.wait(timeout=30) == 1
    told = (tmp_path / "log").read_text()
    assert "set MEETPUNT_METRICS_ADDRESS to another" in told
    assert "Each 'serve' and 'work' on one machine needs its own" in told


def test_serve_works_beside_its_requests(
    overdue: Database, keys_file: Path, tmp_path: Path
) -> None:
    with running(tmp_path / "data", workers=1, **settings_of(overdue, keys_file)):
        asyncio.run(until(overdue, {"expired": 1}, seconds=60))


def test_work_refuses_another_role_and_says_which_it_needs(
    database: Database, keys_file: Path, tmp_path: Path
) -> None:
    settings = settings_of(database, keys_file) | {"MEETPUNT_WORK_URL": database.ingest}
    with work(settings, tmp_path) as process:
        assert process.wait(timeout=60) == 1
    assert "it has to be role meetpunt_work" in (tmp_path / "log").read_text()


# A folder of before there were invitations, started once.
@pytest.mark.long
def test_a_folder_of_before_there_was_such_a_role_gets_a_password_for_it(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data):
        pass
    kept = data / "passwords.json"
    known = json.loads(kept.read_text())
    del known["meetpunt_work"]
    kept.write_text(json.dumps(known))
    with running(data):
        url = EmbeddedPostgres(data).url("meetpunt_work")

        async def who() -> str:
            db = await asyncpg.connect(url)
            name: str = await db.fetchval("select current_user")
            await db.close()
            return name

        assert asyncio.run(who()) == "meetpunt_work"
