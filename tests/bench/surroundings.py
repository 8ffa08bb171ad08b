"""A Postgres of the bench's own, its databases, and the programs that come with it."""

import os
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import msgspec

from ingest.clock import today_here
from ingest.files.resources import questionnaires_directory
from ingest.municipalities.catalogue import load_catalogue
from ingest.postgres.programs import find_programs, ordinary_account
from ingest.postgres.server import OWNER, SUPERUSER, EmbeddedPostgres
from ingest.reporting.plan import plan_of
from ingest.reporting.publishing import publish
from ingest.tokens.keys import new_keys
from tests.bench.measuring import CONNECTIONS, Measured, cpu_us, family
from tests.country import settle
from tests.example import example_directory
from tests.postgres import create_database

# As a small server of one's own would be set; the embedded default is for a laptop.
SETTINGS = {"shared_buffers": "2GB", "max_wal_size": "4GB", "max_connections": "200"}

# As plain as it gets, and of the same shape: what one row a transaction costs Postgres.
_ONE_ROW = """
insert into like_response values (
    'GM9001', date '2026-01-05', gen_random_uuid(), 1, 'balie', 1, '0123456789abcdef', 'nl', 10,
    'kiosk', true, '{}', false, '{}',
    '{"cijfer": 8, "geholpen": "ja", "vriendelijk": 5, "wachttijd": 4}');
"""


class Bench(msgspec.Struct, frozen=True):
    """Where everything of one run lies."""

    folder: Path
    server: EmbeddedPostgres
    keys_file: Path

    @property
    def postgres(self) -> int:
        """Process id of the postmaster."""
        return int((self.server.data / "postgres" / "postmaster.pid").read_text().split()[0])

    @property
    def programs(self) -> Path:
        return find_programs(None, ordinary_account(self.server.data / "postgres")).folder


async def prepare(bench: Bench) -> None:
    """The database `http`, in step with the files, and `like_response` in it."""
    new_keys(bench.keys_file, now=datetime.now(UTC) - timedelta(days=1))
    await create_database(bench.server, "http")
    owner = await asyncpg.connect(bench.server.url(OWNER, "http"))
    try:
        catalogue = load_catalogue(example_directory(), questionnaires_directory())
        await settle(owner, catalogue, today_here() - timedelta(days=1))
    finally:
        await owner.close()
    db = await asyncpg.connect(bench.server.url(SUPERUSER, "http"))
    try:
        await db.execute("create table like_response (like meetpunt.response including all)")
    finally:
        await db.close()


async def stored(bench: Bench) -> int:
    """How many responses the service stored."""
    db = await asyncpg.connect(bench.server.url(SUPERUSER, "http"))
    try:
        count: int = await db.fetchval("select count(*) from meetpunt.response")
    finally:
        await db.close()
    return count


async def publish_stored(bench: Bench) -> int:
    """Publish what the service stored today; returns how many responses became readable."""
    catalogue = load_catalogue(example_directory(), questionnaires_directory())
    db = await asyncpg.connect(bench.server.url("meetpunt_folder", "http"))
    try:
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        looked = await publish(db, plan_of(catalogue), now=tomorrow, wait=True, due_only=False)
        return looked.responses
    finally:
        await db.close()


async def checkpoint(bench: Bench) -> None:
    """Start each measurement with nothing left to write."""
    db = await asyncpg.connect(bench.server.url(SUPERUSER, "http"))
    try:
        await db.execute("checkpoint")
    finally:
        await db.close()


def pgbench(bench: Bench, seconds: float) -> Measured:
    """One row a transaction from 64 connections, by a client that does nothing else."""
    script = bench.folder / "one_row.sql"
    script.write_text(" ".join(_ONE_ROW.split()))
    processes = family(bench.postgres)
    started = cpu_us(processes)
    _pgbench(bench, script, "-t1")
    connected = cpu_us(processes)
    # Its clock runs while it connects, which takes a second or so.
    tps, took = _pgbench(bench, script, f"-T{round(seconds) + 2}")
    used = cpu_us(processes) - connected - (connected - started)
    return Measured(
        rps=tps,
        p50_ms=took[len(took) // 2] / 1000,
        p99_ms=took[len(took) * 99 // 100] / 1000,
        postgres_cpu_us=used / len(took),
    )


def _pgbench(bench: Bench, script: Path, length: str) -> tuple[float, list[int]]:
    """Transactions a second without the time to connect, and the microseconds of each, sorted."""
    for old in bench.folder.glob("pgbench.*"):
        old.unlink()
    done = subprocess.run(
        [
            *(bench.programs / "pgbench", "-n", "-M", "prepared", "-f", script, "-j1"),
            *(f"-c{CONNECTIONS}", length, "-l", f"--log-prefix={bench.folder / 'pgbench'}"),
            bench.server.url(SUPERUSER, "http"),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    took = sorted(
        int(line.split()[2])
        for file in bench.folder.glob("pgbench.*")
        for line in file.read_text().splitlines()
    )
    rate = re.search(r"^tps = ([0-9.]+)", done.stdout, re.MULTILINE)
    if rate is None or not took:
        raise RuntimeError(f"pgbench told nothing:\n{done.stdout}{done.stderr}")
    return float(rate[1]), took


def fsync_us(bench: Bench) -> float:
    """Microseconds of one fdatasync of 8 kB where the data lies, by pg_test_fsync."""
    file = bench.folder / "fsync_probe"
    done = subprocess.run(
        [bench.programs / "pg_test_fsync", "-s", "1", "-f", file],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found = re.search(r"fdatasync\s+[0-9.]+ ops/sec\s+([0-9]+) usecs/op", done.stdout)
    if found is None:
        raise RuntimeError(f"pg_test_fsync told nothing:\n{done.stdout}")
    return float(found[1])


def machine() -> dict[str, object]:
    """What this ran on."""
    model = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = re.search(r"MemTotal:\s+([0-9]+)", Path("/proc/meminfo").read_text())
    return {
        "cores": os.cpu_count(),
        "cpu": model[1] if model else "unknown",
        "memory_gb": round(int(memory[1]) / 1_048_576) if memory else None,
        "load_average": float(Path("/proc/loadavg").read_text().split()[0]),
        "postgres_settings": SETTINGS,
    }
