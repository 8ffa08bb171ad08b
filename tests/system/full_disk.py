"""Fill the disk under a service that is loaded, make room again, and look what is there.

The disk is a file system in memory, which root alone may mount.
"""

import asyncio
import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec

from ingest.files.resources import questionnaires_directory
from ingest.municipalities.catalogue import load_catalogue
from ingest.postgres.cluster import make_cluster
from ingest.postgres.programs import find_programs, give, ordinary_account
from tests.example import example_directory
from tests.system.ledger import Ledger, Verdict, tokens_of
from tests.system.outcome import NotHere
from tests.system.running import Running, running

WHAT = ("tables", "everything")
"""What lies on the full disk: without its log Postgres goes on; with it, it ends."""

_PATH = "molensloot/balie-hal"
_DISK_MB = 160
_LEFT_KB = 600
_FULL_SECONDS = 5.0
_SETTINGS_OF_A_SMALL_DISK = "max_wal_size = '64MB'\nmin_wal_size = '32MB'\n"


class Filled(msgspec.Struct, frozen=True):
    """What was seen. `said` is what /readyz told while the disk was full."""

    acknowledged_before: int
    acknowledged_while_full: int
    acknowledged_after: int
    times_ready_while_full: int
    lost: int
    double: int
    said: str
    pages: int
    seconds_until_ready: float
    gap: float


class NoSmallDisk(NotHere):
    """Who is not root, or in a container without that right, can make no disk to fill."""


async def filled(what: str, *command: str) -> Filled:
    """Fill the disk that holds `what`, one of `WHAT`, under `meetpunt serve` or a `command`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with _small_disk(folder / "disk") as disk:
            data = disk / "data"
            _make(data, folder / "log" if what == "tables" else None)
            with running(data, *command) as service:
                return await _fill(service, disk)


async def _fill(service: Running, disk: Path) -> Filled:
    catalogue = load_catalogue(example_directory(), questionnaires_directory())
    touchpoint = catalogue.touchpoint(*_PATH.split("/"))
    ballast = disk / "ballast"
    # Its file lies elsewhere: a client's disk is not ours.
    file = disk.parent / "ledger"
    loop = asyncio.get_running_loop()
    tokens = tokens_of(service.data)
    with Ledger(file, _PATH, touchpoint.number, touchpoint.questionnaire) as ledger:
        loading = asyncio.create_task(ledger.load(service.url, tokens, clients=3))
        async with httpx.AsyncClient(base_url=service.url, timeout=10) as client:
            await ledger.more(50)
            _take_room(disk, ballast)
            said = await _readyz(client, 503)
            before = len(ledger.acknowledged)
            survey = await client.get("/o/molensloot/balie-hal")
            pages = await client.get("/readyz/pages")
            ready = await _times_ready(client)
            full = len(ledger.acknowledged)
            ballast.unlink()
            began = loop.time()
            await _readyz(client, 200)
            took = loop.time() - began
            while len(ledger.acknowledged) < full + 50:
                await ledger.more(1)
            ledger.stop()
            await loading
        verdict: Verdict = await ledger.verdict(service.data)
    return Filled(
        acknowledged_before=before,
        acknowledged_while_full=full - before,
        acknowledged_after=verdict.acknowledged - full,
        times_ready_while_full=ready,
        lost=verdict.lost,
        double=verdict.double,
        said=said,
        pages=max(survey.status_code, pages.status_code),
        seconds_until_ready=round(took, 1),
        gap=verdict.gap,
    )


def faults_of(found: Filled) -> list[str]:
    """What should not be."""
    return [
        wrong
        for wrong, is_so in (
            ("something was lost or doubled", found.lost or found.double),
            ("it was ready with a full disk", found.times_ready_while_full),
            ("survey pages were out of reach", found.pages != 200),
        )
        if is_so
    ]


async def _readyz(client: httpx.AsyncClient, status: int) -> str:
    """Wait for this answer of /readyz; what it tells."""
    async with asyncio.timeout(60):
        while (reply := await client.get("/readyz")).status_code != status:
            pass
    return str(reply.json()["status"])


async def _times_ready(client: httpx.AsyncClient) -> int:
    """How often /readyz tells that responses can be stored, for as long as two proofs take."""
    loop = asyncio.get_running_loop()
    until, times = loop.time() + _FULL_SECONDS, 0
    while loop.time() < until:
        times += (await client.get("/readyz")).status_code == 200
    return times


@contextlib.contextmanager
def _small_disk(place: Path) -> Iterator[Path]:
    place.mkdir(mode=0o711)
    size = f"size={_DISK_MB}m,mode=0711"
    mount: list[str | Path] = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", place]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        raise NoSmallDisk("a full disk is a file system of our own, and we may mount none here")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


def _make(data: Path, log: Path | None) -> None:
    """A cluster of ours in `data`, and where its write-ahead log lies when it is not there."""
    cluster = data / "postgres"
    account = ordinary_account(cluster)
    data.mkdir(mode=0o711)
    make_cluster(find_programs(None, account), data, cluster, durable=False)
    with (cluster / "postgresql.conf").open("a") as settings:
        settings.write(_SETTINGS_OF_A_SMALL_DISK)
    if log is not None:
        log.parent.chmod(0o711)
        subprocess.run(["mv", cluster / "pg_wal", log], check=True)
        (cluster / "pg_wal").symlink_to(log)
        give(cluster / "pg_wal", account)


def _take_room(disk: Path, ballast: Path) -> None:
    """Leave some hundreds of kB, which a loaded service uses up."""
    free = os.statvfs(disk)
    size = free.f_bavail * free.f_frsize - _LEFT_KB * 1024
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size)
