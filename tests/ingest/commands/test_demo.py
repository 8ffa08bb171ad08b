"""`meetpunt demo`: what it refuses in a sentence, and a database of somebody's own.

How it starts, is played and stops: tests/browser/test_demo.py.
"""

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

import asyncpg
import httpx
import pytest
from click.testing import CliRunner

from ingest.commands.demo import demo, is_ours_alone
from ingest.settings import Settings
from tests.browser.running_demo import running_demo
from tests.conftest import Database
from tests.system.running import ROOT, free_port


def test_a_database_without_its_owner_is_refused() -> None:
    url = "postgresql://meetpunt_ingest:x@127.0.0.1:1/meetpunt"
    env = {"MEETPUNT_DATABASE_URL": url, "MEETPUNT_PORT": str(free_port())}
    result = CliRunner().invoke(demo, env=env)
    assert result.exit_code == 1
    assert "MEETPUNT_OWNER_URL" in result.output


def test_a_port_that_is_taken_is_told_and_files_of_one_s_own_are_left_aside(
    database: Database, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = {
            "MEETPUNT_CONFIG": str(tmp_path / "mine"),
            "MEETPUNT_DATA": str(tmp_path),
            "MEETPUNT_DATABASE_URL": database.ingest,
            "MEETPUNT_OWNER_URL": database.owner,
            "MEETPUNT_PORT": str(taken.getsockname()[1]),
            "MEETPUNT_METRICS_ADDRESS": "off",
        }
        result = subprocess.run(
            (sys.executable, "-m", "ingest", "demo"),
            env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert result.returncode == 1
    told = result.stderr.splitlines()
    assert told[0].endswith("municipalities of its own; MEETPUNT_CONFIG is left aside.")
    assert told[-1].startswith(f"Error: Port {settings['MEETPUNT_PORT']} on 127.0.0.1 is taken")


# A whole demo of its own; `test_demo` of the browser and tests/ingest/demo see the rest.
@pytest.mark.processes
@pytest.mark.long
def test_the_line_that_it_prints_finds_figures_texts_and_targets_and_nothing_of_others(
    tmp_path: Path,
) -> None:
    with running_demo(tmp_path / "data") as running:
        _, line, _ = running.lines[1].split("'")
        for view in ("indicator_per_maand", "benchmark_regio", "toelichting", "doelen"):
            assert asyncio.run(_read(line, f"select count(*) from {view}")) > 0, view
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            asyncio.run(_read(line, "select count(*) from pg_catalog.pg_stat_user_tables"))
        assert running.interrupt() == 0
        assert running.process.stdout is not None
        last = running.process.stdout.read().splitlines()[-1]
        assert last == f"All is stopped; what was stored is kept in {tmp_path / 'data'}."


@pytest.mark.processes
@pytest.mark.long
def test_it_plays_on_a_database_of_somebody_s_own(database: Database, tmp_path: Path) -> None:
    settings = {
        "MEETPUNT_DATABASE_URL": database.ingest,
        "MEETPUNT_OWNER_URL": database.owner,
        "MEETPUNT_FOLDER_URL": database.url("meetpunt_folder"),
    }
    with running_demo(tmp_path / "data", settings=settings) as running:
        seen = httpx.get(f"{running.url}/binnengekomen.json").json()
        assert seen["total"] == asyncio.run(_stored(database)) > 300
        assert f"/{database.name}" in running.lines[1]
        assert not (tmp_path / "data" / "postgres").exists()


async def _read(line: str, query: str) -> int:
    reader = await asyncpg.connect(line)
    try:
        found: int = await reader.fetchval(query)
    finally:
        await reader.close()
    return found


async def _stored(database: Database) -> int:
    async with database.superuser() as db:
        count: int = await db.fetchval(
            "select count(*) from meetpunt.response where municipality = 'GM9001'"
        )
    return count


@pytest.mark.parametrize(
    ("host", "base_url", "alone"),
    [
        ("127.0.0.1", "http://localhost:8000", True),
        ("::1", "http://localhost:8000", True),
        ("0.0.0.0", "http://localhost:8000", False),
        ("127.0.0.1", "https://demo.molensloot.example", False),
    ],
)
def test_the_tablet_is_paired_by_a_button_where_no_other_machine_can_press_it(
    host: str, base_url: str, alone: bool
) -> None:
    assert is_ours_alone(Settings(host=host, base_url=base_url)) == alone
