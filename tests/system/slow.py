"""A disk that takes long, or answers EIO, when the log of Postgres has to be on it.

`slow_disk.c` stands before the call; the control is a Postgres that does not ask its disk.
"""

import asyncio
import errno
import shutil
import subprocess
import tempfile
from pathlib import Path

import asyncpg
import click
import msgspec

from ingest.postgres.server import SUPERUSER, EmbeddedPostgres
from ingest.tokens.keys import load_keys
from tests.system.flood import Flood, flooding
from tests.system.memory import megabytes
from tests.system.outcome import NotHere, Outcome, tell
from tests.system.running import Running, running

WAYS = {
    "20 ms": (20, 0),
    "200 ms": (200, 0),
    "EIO": (0, errno.EIO),
}
"""Milliseconds that the disk takes, and the error that it ends in."""

MOST_MEGABYTES = 60
"""More than the service had, at most: who cannot be stored is told to come back, and not kept."""

_SOURCE = Path(__file__).with_name("slow_disk.c")
# More than may wait, so that some are told to come back.
_CLIENTS, _QUEUE = 256, 100
_EACH = 500
# Thanks that were on their way when it broke have arrived.
_SETTLES_SECONDS = 0.5


class Found(msgspec.Struct, kw_only=True):
    """What came of one of `WAYS`; `thanked`: while the disk was so, in all rounds.

    `told_to_come_back`: answers with 503 meanwhile. `slowest_ms`: of a hundred who were thanked
    meanwhile, what the slowest waited.
    """

    way: str
    rounds: int = 0
    thanked: int = 0
    told_to_come_back: int = 0
    slowest_ms: float = 0
    more_megabytes: float = 0
    acknowledged: int = 0
    stored: int = 0
    lost: int = 0
    double: int = 0
    gaps: list[float] = msgspec.field(default_factory=list)


class _Disk:
    """What the next fdatasync meets."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("cc") is None:
            raise NotHere("a slow disk is a library, and there is no cc here to make one")
        folder.chmod(0o755)  # Postgres, an ordinary user, loads it
        self._file = folder / "disk"
        self.library = folder / "slow_disk.so"
        flags = ("-shared", "-fPIC", "-O2", f'-DDISK_FILE="{self._file}"')
        subprocess.run(("cc", *flags, "-o", self.library, _SOURCE), check=True)
        self.is_now(0, 0)

    def is_now(self, milliseconds: int, error: int) -> None:
        new = self._file.with_suffix(".new")
        new.write_text(f"{milliseconds} {error}")
        new.chmod(0o644)
        new.rename(self._file)


async def drilled(way: str, rounds: int, seconds: float, *, asks_disk: bool = True) -> Found:
    """So many rounds, in each of which the disk is so for so many seconds."""
    found = Found(way=way)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        disk = _Disk(folder)
        data = folder / "data"
        library, queue = str(disk.library), str(_QUEUE)
        with running(data, LD_PRELOAD=library, MEETPUNT_QUEUE_ROWS=queue) as service:
            superuser = EmbeddedPostgres(data).url(SUPERUSER)
            if not asks_disk:
                await _ask_no_disk(superuser)
            keys = load_keys(data / "keys.json")
            async with flooding(service.port, keys, _CLIENTS) as flood:
                for _ in range(rounds):
                    await _one_round(service, flood, disk, found, seconds)
            stored = await flood.verdict(superuser)
    for name in ("acknowledged", "stored", "lost", "double"):
        setattr(found, name, getattr(stored, name))
    return found


async def _one_round(
    service: Running, flood: Flood, disk: _Disk, found: Found, seconds: float
) -> None:
    milliseconds, error = WAYS[found.way]
    await flood.more(_EACH)
    flood.gap()
    had = megabytes(service.process.pid)
    disk.is_now(milliseconds, error)
    await asyncio.sleep(_SETTLES_SECONDS)
    before, shed = len(flood.thanked), flood.replies[503]
    flood.waits.clear()
    await asyncio.sleep(seconds)
    found.thanked += len(flood.thanked) - before
    found.told_to_come_back += flood.replies[503] - shed
    if flood.waits:
        waits = sorted(flood.waits)
        found.slowest_ms = max(found.slowest_ms, round(waits[len(waits) * 99 // 100] * 1000, 1))
    found.more_megabytes = max(found.more_megabytes, round(megabytes(service.process.pid) - had, 1))
    disk.is_now(0, 0)
    await flood.more(_EACH)
    found.gaps.append(flood.gap())
    found.rounds += 1


async def _ask_no_disk(superuser: str) -> None:
    db = await asyncpg.connect(superuser)
    await db.execute("alter system set fsync = off")
    await db.execute("select pg_reload_conf()")
    await db.close()


def faults_of(found: Found) -> list[str]:
    """What should not be."""
    failing = WAYS[found.way][1] != 0
    wrong = {
        "something was lost or doubled": found.lost or found.double,
        "somebody was thanked meanwhile": failing and found.thanked,
        "nobody was thanked meanwhile": not failing and not found.thanked,
        "nobody was told to come back": not found.told_to_come_back,
        "the service grew": found.more_megabytes > MOST_MEGABYTES,
    }
    return [f"{found.way}: {what}" for what, is_so in wrong.items() if is_so]


@click.command()
@click.argument("rounds", default=10, type=click.IntRange(1, 1000))
@click.option("--seconds", default=4.0, help="How long the disk is so.")
@click.option("--control/--no-control", default=True, help="Also one that asks no disk.")
def slow(rounds: int, seconds: float, *, control: bool) -> None:
    """Let the disk take 20 and 200 ms, and answer EIO, ROUNDS times each, under load; wants a cc.

    And a control whose Postgres does not ask the disk, and thanks while it fails.
    """
    wrong, thanked = [], None
    if control:
        found = asyncio.run(drilled("EIO", 1, seconds, asks_disk=False))
        click.echo(f"control: {found}")
        thanked = found.thanked
        wrong += [] if thanked else ["the control thanked nobody"]
    for way in WAYS:
        found = asyncio.run(drilled(way, rounds, seconds))
        click.echo(found)
        tell(_outcome(found, thanked if way == "EIO" else None))
        wrong += faults_of(found)
    if wrong:
        raise click.ClickException("; ".join(wrong))


def _outcome(found: Found, thanked: int | None) -> Outcome:
    return Outcome(
        fault="F05",
        what="a disk that answers EIO" if found.way == "EIO" else f"a disk that takes {found.way}",
        acknowledged=found.acknowledged,
        stored=found.stored,
        lost=found.lost,
        double=found.double,
        gap=max(found.gaps),
        control=thanked,
        shows="thanked for, not on disk",
        rounds=found.rounds,
    )
