"""Kill or stop one part of a service under as much load as it takes: a worker, or its Postgres.

The service starts it again; nobody restarts the service. The control is the same service over a
Postgres that does not wait for its disk.
"""

import asyncio
import os
import signal
import tempfile
import time
from pathlib import Path

import asyncpg
import click
import msgspec

from ingest.postgres.server import SUPERUSER, EmbeddedPostgres
from ingest.tokens.keys import load_keys
from tests.processes import processes
from tests.system.flood import Flood, flooding
from tests.system.outcome import Outcome, tell
from tests.system.rounds import turns
from tests.system.running import Running, running

WAYS = {
    "worker": ("F01", "`kill -9` of one worker of two"),
    "kill": ("F02", "`kill -9` of Postgres"),
    "immediate": ("F03", "Postgres stopped at once"),
    "fast": ("F03", "Postgres stopped fast"),
}
_SIGNALS = {"kill": signal.SIGKILL, "immediate": signal.SIGQUIT, "fast": signal.SIGINT}
# What is told is written by another process, now and then: the longest that it may wait.
_DO_NOT_WAIT = (
    "alter system set synchronous_commit = off",
    "alter system set wal_writer_delay = '10s'",
    "alter system set wal_writer_flush_after = '1GB'",
    "select pg_reload_conf()",
)
_WORKERS = 2


class Found(msgspec.Struct, kw_only=True):
    """What came of one of `WAYS`; gaps in seconds, each the longest of a round."""

    way: str
    rounds: int = 0
    acknowledged: int = 0
    stored: int = 0
    lost: int = 0
    double: int = 0
    a_second: int = 0
    gaps: list[float] = msgspec.field(default_factory=list)


async def drilled(way: str, rounds: int, each: int) -> Found:
    """So many rounds, `each` thanked for before and after; a service of its own for all of them."""
    found = Found(way=way)
    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "data"
        with running(data, workers=_WORKERS) as service:
            if way == "control":
                await _wait_no_more(data)
            await _rounds(service, found, rounds, each)
    return found


async def _rounds(service: Running, found: Found, rounds: int, each: int) -> None:
    superuser = EmbeddedPostgres(service.data).url(SUPERUSER)
    began = asyncio.get_running_loop().time()
    async with flooding(service.port, load_keys(service.data / "keys.json")) as flood:
        for turn in turns(found.way, rounds, lambda: found.lost):
            await flood.more(each)
            flood.gap()
            await _break(service, found.way, turn)
            await flood.more(each)
            found.gaps.append(flood.gap())
            found.rounds += 1
            if found.way == "control":
                # What was thanked for just now may still be on its way, and is not asked for.
                await _count(flood, superuser, found)
        took = asyncio.get_running_loop().time() - began
    if found.way != "control":
        await _count(flood, superuser, found)
    found.a_second = round(found.acknowledged / took)


async def _count(flood: Flood, superuser: str, found: Found) -> None:
    stored = await flood.verdict(superuser)
    for name in ("acknowledged", "stored", "lost", "double"):
        setattr(found, name, getattr(stored, name))


async def _break(service: Running, way: str, turn: int) -> None:
    if way != "worker":
        os.kill(service.postmaster(), _SIGNALS.get(way, signal.SIGKILL))
        return
    # That the one before is there again.
    workers = await asyncio.to_thread(_all_workers, service)
    os.kill(workers[turn % _WORKERS], signal.SIGKILL)


def _all_workers(service: Running) -> list[int]:
    until = time.monotonic() + 60
    while len(found := _workers(service)) < _WORKERS:
        assert time.monotonic() < until, "a worker is not started again"
        time.sleep(0.1)
    return found


def _workers(service: Running) -> list[int]:
    return [
        each.pid
        for each in processes()
        if each.parent == service.process.pid
        and "postgres" not in each.command
        and not each.state.startswith("Z")
    ]


async def _wait_no_more(data: Path) -> None:
    db = await asyncpg.connect(EmbeddedPostgres(data).url(SUPERUSER))
    try:
        for statement in _DO_NOT_WAIT:
            await db.execute(statement)
    finally:
        await db.close()


@click.command()
@click.argument("rounds", default=10, type=click.IntRange(1, 1000))
@click.option("--each", default=12_000, help="Thanked for before a fault; and after it.")
@click.option("--way", "only", type=click.Choice(tuple(WAYS)), help="One of the ways alone.")
@click.option("--control/--no-control", default=True, help="Also a Postgres that does not wait.")
def parts(rounds: int, each: int, only: str | None, *, control: bool) -> None:
    """Kill a worker, kill Postgres, stop it at once and fast, ROUNDS times each, under full load.

    And a control whose Postgres does not wait for its disk, which has to lose.
    """
    lost = 0
    if control:
        failed = asyncio.run(drilled("control", 1, min(each, 2_000)))
        click.echo(f"control: {failed}")
        lost = failed.lost
    wrong = [] if lost or not control else ["the control lost nothing"]
    for way in [only] if only else WAYS:
        found = asyncio.run(drilled(way, rounds, each))
        click.echo(f"{way}: {found}")
        tell(_outcome(found, lost if control and way != "worker" else None))
        if found.lost or found.double:
            wrong.append(f"{way}: something was lost or doubled")
    if wrong:
        raise click.ClickException("; ".join(wrong))


def _outcome(found: Found, lost: int | None) -> Outcome:
    fault, what = WAYS[found.way]
    return Outcome(
        fault=fault,
        what=what,
        acknowledged=found.acknowledged,
        stored=found.stored,
        lost=found.lost,
        double=found.double,
        gap=max(found.gaps),
        control=lost,
        rounds=found.rounds,
    )
