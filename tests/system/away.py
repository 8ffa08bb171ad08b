"""Whoever is told of signals is away, silent, or answers 502, while residents answer.

Residents notice nothing, and everything is told once it works again. What a day of it is would be
told at its next turn: the turn is brought forward. The control keeps no delivery while it tells.
"""

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import click
import msgspec

from ingest.postgres.server import SUPERUSER, EmbeddedPostgres
from ingest.tokens.keys import load_keys
from tests.embedding import a_free_port
from tests.example import example_directory
from tests.neighbours.server import Behaviour, Request, Silence, neighbour
from tests.neighbours.webhooks import FAILING, Webhooks
from tests.system.flood import Flood, flooding
from tests.system.outcome import Outcome, tell
from tests.system.running import running
from tests.system.signals_drill import FORGET, LOW_MARK, TOUCHPOINTS
from tests.telling import CODE, a_secret, written

WAYS = ("away", "silent", "failing")
MOST_SLOWER = 3.0
"""Times that the slowest of a hundred residents may wait meanwhile, of what they waited before."""

_LEAST_MS = 50.0  # what other work of the machine alone can make of it
_SIGNALS = 6
_CLIENTS, _PAUSE = 16, 0.05
_SETTLES_SECONDS = 8
_TOLD_WITHIN_SECONDS = 180
_UNTOLD = """
    select (select count(*) from meetpunt.signal_delivery where way = 'webhook')
        + (select count(*) from meetpunt.signal)
        - (select count(*) from meetpunt.signal_told where way = 'webhook')
"""
"""What waits, and what no delivery was made of yet."""

_OLDEST = """
    select round(extract(epoch from now() - min(made)))::float from meetpunt.signal_delivery
    where way = 'webhook'
"""
_BRING_FORWARD = "update meetpunt.signal_delivery set due = now() where state = 'waiting'"


class Found(msgspec.Struct, kw_only=True):
    """What came of it: waits in milliseconds, of the slowest of a hundred; ages in seconds."""

    rounds: int = 0
    signals: int = 0
    untold: int = 0
    again: int = 0  # told once more under the same id, which is right
    oldest_seconds: float = 0
    before_ms: float = 0
    meanwhile_ms: float = 0
    acknowledged: int = 0
    stored: int = 0
    lost: int = 0
    double: int = 0
    gap: float = 0


class _Target:
    """The program that is told, in one of `WAYS`, or well."""

    def __init__(self, secret: str) -> None:
        self.port = a_free_port()
        self.webhooks = Webhooks(secret)
        self._way = "well"
        self._there = contextlib.AsyncExitStack()

    async def becomes(self, way: str) -> None:
        self._way = way
        await self._there.aclose()
        if way != "away":
            await self._there.enter_async_context(neighbour(self._answer, port=self.port))

    async def _answer(self, request: Request) -> Behaviour:
        if self._way == "silent":
            return Silence()
        return FAILING if self._way == "failing" else await self.webhooks(request)

    @property
    def told(self) -> int:
        """Of how many signals, each delivery once."""
        return sum(
            each["count"]
            for body in self.webhooks.taken.values()
            for each in body["data"]["signals"]
        )


@asynccontextmanager
async def _place(*, forgets: bool) -> AsyncIterator[tuple[_Target, Flood, asyncpg.Connection, str]]:
    secret = a_secret()
    target = _Target(secret)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(example_directory(), folder / "config")
        with (folder / "config" / "molensloot.toml").open("a") as file:
            file.write(
                f'\n[signals.webhook]\nurl = "http://127.0.0.1:{target.port}{Webhooks().path}"\n'
                f'key_file = "{written(folder / "key", secret)}"\nprivate_network = true\n'
            )
        data = folder / "data"
        with running(data, MEETPUNT_CONFIG=str(folder / "config")) as service:
            superuser = EmbeddedPostgres(data).url(SUPERUSER)
            db = await asyncpg.connect(superuser)
            if forgets:
                await db.execute(FORGET)
            keys = load_keys(data / "keys.json")
            async with flooding(service.port, keys, _CLIENTS, pause=_PAUSE) as flood:
                yield target, flood, db, superuser
            await target.becomes("away")
            await db.close()


async def drilled(rounds: int, seconds: float, *, forgets: bool = False) -> Found:
    """So many rounds of each way, each of so many seconds."""
    found = Found()
    async with _place(forgets=forgets) as (target, flood, db, superuser):
        await target.becomes("well")
        await asyncio.sleep(_SETTLES_SECONDS)
        flood.waits.clear()
        await asyncio.sleep(_SETTLES_SECONDS)
        found.before_ms = _slowest(flood)
        flood.gap()
        for way in WAYS * rounds:
            await target.becomes(way)
            for number in range(_SIGNALS):
                await db.execute(LOW_MARK, CODE, TOUCHPOINTS[number % len(TOUCHPOINTS)])
            flood.waits.clear()
            await asyncio.sleep(seconds)
            found.meanwhile_ms = max(found.meanwhile_ms, _slowest(flood))
            found.signals += _SIGNALS
            await db.execute(_BRING_FORWARD)
        found.oldest_seconds = await db.fetchval(_OLDEST) or 0
        await target.becomes("well")
        await _until_told(db)
        found.rounds = rounds
        found.gap = flood.gap()
        flood.stop()
        await asyncio.gather(*flood.at_work)
        stored = await flood.verdict(superuser)
        found.untold, found.again = found.signals - target.told, target.webhooks.again
    for name in ("acknowledged", "stored", "lost", "double"):
        setattr(found, name, getattr(stored, name))
    return found


async def _until_told(db: asyncpg.Connection) -> None:
    async with asyncio.timeout(_TOLD_WITHIN_SECONDS):
        while await db.fetchval(_UNTOLD):
            await db.execute(_BRING_FORWARD)
            await db.execute("select pg_sleep(0.2)")


def _slowest(flood: Flood) -> float:
    return round(sorted(flood.waits)[len(flood.waits) * 99 // 100] * 1000, 1)


def faults_of(found: Found) -> list[str]:
    """What should not be."""
    wrong = {
        "something was lost or doubled": found.lost or found.double,
        "signals were not told, or under two ids": found.untold,
        "residents waited": found.meanwhile_ms > MOST_SLOWER * max(found.before_ms, _LEAST_MS),
    }
    return [what for what, is_so in wrong.items() if is_so]


@click.command()
@click.argument("rounds", default=3, type=click.IntRange(1, 1000))
@click.option(
    "--seconds", default=35.0, help="How long each lasts; they are told each half minute."
)
def away(rounds: int, seconds: float) -> None:
    """Let who is told of signals be away, silent and failing, ROUNDS times each, under load.

    And a control that keeps no delivery while it tells, which has to leave somebody untold.
    """
    forgetful = asyncio.run(drilled(1, seconds / 2, forgets=True))
    click.echo(f"control: {forgetful}")
    found = asyncio.run(drilled(rounds, seconds))
    click.echo(found)
    tell(
        Outcome(
            fault="F19",
            what="who is told of signals is away, silent, failing",
            acknowledged=found.acknowledged,
            stored=found.stored,
            lost=found.lost + max(0, found.untold),
            double=found.double + max(0, -found.untold),
            gap=found.gap,
            control=forgetful.untold,
            shows="told to nobody",
            rounds=found.rounds,
        )
    )
    wrong = faults_of(found) + ([] if forgetful.untold > 0 else ["the control told everybody"])
    if wrong:
        raise click.ClickException("; ".join(wrong))
