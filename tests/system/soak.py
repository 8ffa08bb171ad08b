"""Minutes of load, and all that the service takes now and then: does it grow, does it slow down?

What leaks by the response shows in minutes; what leaks by the day does not. The control keeps each
response.
"""

import asyncio
import statistics
import tempfile
from pathlib import Path

import click
import msgspec

from ingest.postgres.server import SUPERUSER, EmbeddedPostgres
from ingest.tokens.keys import load_keys
from tests.system.flood import Flood, flooding
from tests.system.memory import megabytes
from tests.system.outcome import Outcome, tell
from tests.system.running import Running, running, serving

MOST_BYTES = 200.0
"""That the service may grow by, a response: less than the smallest one that it would keep."""

MOST_SLOWER = 3.0
"""Times that the slowest of a hundred may wait at the end, of what they waited at the beginning."""

_CLIENTS, _PAUSE = 40, 0.05
_SPIKE_CLIENTS, _SPIKE_SECONDS, _QUIET_SECONDS = 128, 5, 25
_LEAST_MS = 20.0  # what other work of the machine alone can make of it


class Found(msgspec.Struct, kw_only=True):
    """What was seen: `bytes_each`, by which the service grew a response; the waits of the slowest
    of a hundred between spikes, in milliseconds.
    """

    seconds: float
    spikes: int = 0
    megabytes: float = 0
    bytes_each: float = 0
    first_ms: float = 0
    last_ms: float = 0
    acknowledged: int = 0
    stored: int = 0
    lost: int = 0
    double: int = 0
    gap: float = 0


async def soaked(seconds: float, *command: str) -> Found:
    """So many seconds of load, with spikes."""
    found = Found(seconds=seconds)
    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "data"
        with running(data, *command) as service:
            keys = load_keys(data / "keys.json")
            floods: list[Flood] = []
            samples: list[tuple[int, float]] = []
            async with flooding(service.port, keys, _CLIENTS, pause=_PAUSE) as steady:
                floods.append(steady)
                watching = asyncio.create_task(_watch(service, floods, samples))
                quiet = await _in_turns(service, found, floods)
                watching.cancel()
                found.gap = steady.gap()
            superuser = EmbeddedPostgres(data).url(SUPERUSER)
            for flood in floods[1:]:
                steady.thanked += flood.thanked
            stored = await steady.verdict(superuser)
    for name in ("acknowledged", "stored", "lost", "double"):
        setattr(found, name, getattr(stored, name))
    found.megabytes = round(samples[-1][1], 1)
    found.bytes_each = _growth(samples)
    found.first_ms, found.last_ms = _slowest(quiet[0]), _slowest(quiet[-1])
    return found


async def _in_turns(service: Running, found: Found, floods: list[Flood]) -> list[list[float]]:
    """Spikes, and the quiet times before, between and after them: what people waited in those."""
    loop, steady = asyncio.get_running_loop(), floods[0]
    until, quiet = loop.time() + found.seconds, list[list[float]]()
    keys = load_keys(service.data / "keys.json")
    while loop.time() < until:
        steady.waits.clear()
        await asyncio.sleep(_QUIET_SECONDS)
        quiet.append(list(steady.waits))
        async with flooding(service.port, keys, _SPIKE_CLIENTS) as spike:
            floods.append(spike)
            await asyncio.sleep(_SPIKE_SECONDS)
        found.spikes += 1
    steady.waits.clear()
    await asyncio.sleep(_QUIET_SECONDS)
    return [*quiet, list(steady.waits)]


async def _watch(service: Running, floods: list[Flood], samples: list[tuple[int, float]]) -> None:
    """Each second: how many were thanked so far, and the memory in megabytes."""
    while True:
        thanked = sum(len(flood.thanked) for flood in floods)
        samples.append((thanked, megabytes(service.process.pid)))
        await asyncio.sleep(1)


def _growth(samples: list[tuple[int, float]]) -> float:
    """Bytes a response, over the time in which it has settled.

    The median of many stretches: a step, as when a task of the night begins, is not a leak.
    """
    settled = samples[len(samples) // 4 :]
    stretch = max(1, len(settled) // 6)
    slopes = [
        (later - held) * 1024 * 1024 / (by_then - thanked)
        for (thanked, held), (by_then, later) in zip(settled, settled[stretch:], strict=False)
        if by_then > thanked
    ]
    return round(statistics.median(slopes), 1)


def _slowest(waits: list[float]) -> float:
    return round(sorted(waits)[len(waits) * 99 // 100] * 1000, 1)


def faults_of(found: Found) -> list[str]:
    """What should not be."""
    wrong = {
        "something was lost or doubled": found.lost or found.double,
        "the service grows": found.bytes_each > MOST_BYTES,
        "it is slower at the end": found.last_ms > MOST_SLOWER * max(found.first_ms, _LEAST_MS),
    }
    return [what for what, is_so in wrong.items() if is_so]


@click.command()
@click.argument("seconds", default=300, type=click.IntRange(30, 100_000))
@click.option("--control/--no-control", default=True, help="Also one that keeps each response.")
def soak(seconds: int, *, control: bool) -> None:
    """Load it for SECONDS, thrice as much every half minute; memory and waits stay as they were.

    And a control that keeps each response in memory, for half a minute, which has to grow.
    """
    wrong, grows = [], None
    if control:
        hoard = asyncio.run(soaked(30, *serving("tests.system.careless:keeps_everything")))
        click.echo(f"control: {hoard}")
        grows = round(hoard.bytes_each)
        wrong += [] if hoard.bytes_each > MOST_BYTES else ["the control did not grow"]
    found = asyncio.run(soaked(seconds))
    click.echo(found)
    tell(
        Outcome(
            fault="F20",
            what=f"{found.seconds / 60:.0f} minutes of load with {found.spikes} spikes",
            acknowledged=found.acknowledged,
            stored=found.stored,
            lost=found.lost,
            double=found.double,
            gap=found.gap,
            control=grows,
            shows="bytes kept of each response",
        )
    )
    wrong += faults_of(found)
    if wrong:
        raise click.ClickException("; ".join(wrong))
