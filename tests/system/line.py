"""The line to the database freezes, is reset, or is gone without a word; the first host is silent.

Nobody restarts the service. Controls: one that waits for ever, and one that asks hosts one after
another.
"""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import click
import msgspec

from ingest.postgres.cluster import DATABASE, passwords
from ingest.postgres.server import SUPERUSER, EmbeddedPostgres
from tests.system.door import Door, doors
from tests.system.flood import Flood, flooding
from tests.system.outcome import Outcome, tell
from tests.system.rolling import prepared
from tests.system.running import free_port, running, serving

WAYS = {
    "frozen": "the line to the database frozen, then thawed",
    "reset": "the line reset, and refused for as long",
    "gone": "the line gone without a word, a new one works",
    "first host": "the first of two hosts takes connections and is silent",
}
CONTROLS = {"gone": "waits_for_ever", "first host": "one_after_another"}
"""Of which ways there is a service that never comes back, and how it is wrong."""

_CLIENTS, _PAUSE = 16, 0.05
_EACH = 200
# Of a control: longer than the service itself takes in any way.
_IN_VAIN_SECONDS = 20.0
# Thanks that were on their way when it broke have arrived.
_SETTLES_SECONDS = 0.3
# A second host is reached meanwhile: a commit is given up after five, and connecting takes one.
_MEANWHILE_SECONDS = 12.0


class Found(msgspec.Struct, kw_only=True):
    """What came of one of `WAYS`; seconds in which nobody was thanked, and after it was over."""

    way: str
    rounds: int = 0
    acknowledged: int = 0
    stored: int = 0
    lost: int = 0
    double: int = 0
    gaps: list[float] = msgspec.field(default_factory=list)
    after: list[float] = msgspec.field(default_factory=list)


class _Place(msgspec.Struct, frozen=True):
    flood: Flood
    doors: list[Door]
    superuser: str


@asynccontextmanager
async def _place(way: str, *command: str) -> AsyncIterator[_Place]:
    """A service that reaches its Postgres through doors, and its load."""
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as closing:
        folder, port = Path(name), free_port()
        server = EmbeddedPostgres(folder / "database", port=port, announce=lambda _: None)
        closing.enter_context(server)
        keys = await prepared(server, folder)
        async with doors(port, 2 if way == "first host" else 1) as made:
            places = ",".join(f"127.0.0.1:{door.port}" for door in made)
            who = f"meetpunt_ingest:{passwords(server.data)['meetpunt_ingest']}"
            service = running(
                folder / "service",
                *command,
                MEETPUNT_DATABASE_URL=f"postgresql://{who}@{places}/{DATABASE}?sslmode=disable",
                MEETPUNT_KEYS_FILE=str(folder / "keys.json"),
            )
            there = await asyncio.to_thread(service.__enter__)
            closing.push(service.__exit__)
            async with flooding(there.port, keys, _CLIENTS, pause=_PAUSE) as flood:
                yield _Place(flood, made, server.url(SUPERUSER))


async def drilled(way: str, rounds: int, seconds: float) -> Found:
    """So many rounds of it, each of so many seconds."""
    found = Found(way=way)
    async with _place(way) as place:
        for _ in range(rounds):
            await place.flood.more(_EACH)
            place.flood.gap()
            found.after.append(await _broken(way, place, seconds))
            await place.flood.more(_EACH)
            found.gaps.append(place.flood.gap())
            found.rounds += 1
        place.flood.stop()
        await asyncio.gather(*place.flood.at_work)
        stored = await place.flood.verdict(place.superuser)
    for name in ("acknowledged", "stored", "lost", "double"):
        setattr(found, name, getattr(stored, name))
    return found


async def _broken(way: str, place: _Place, seconds: float) -> float:
    """Break the line; how long after its end somebody was thanked, in seconds."""
    first, *second = place.doors
    match way:
        case "frozen":
            first.freeze()
            await asyncio.sleep(seconds)
            first.thaw()
        case "reset":
            first.hang_up(and_close=True)
            await asyncio.sleep(seconds)
            first.reopen()
        case "gone":
            first.forget()
        case _:
            first.freeze()
            for door in second:
                door.hang_up()
    over = time.monotonic()
    if way in CONTROLS:
        await asyncio.sleep(_SETTLES_SECONDS)
    await place.flood.more(1)
    after = time.monotonic() - over
    first.thaw()
    return round(after, 2)


async def kept_away(way: str) -> int:
    """The control: one if nobody was thanked within a time in which the service comes back."""
    async with _place(way, *serving(f"tests.system.careless:{CONTROLS[way]}")) as place:
        await place.flood.more(_EACH)
        breaking = asyncio.create_task(_broken(way, place, 0))
        await asyncio.sleep(1)  # who was on the way is thanked
        before = len(place.flood.thanked)
        await asyncio.sleep(_IN_VAIN_SECONDS)
        came_back = len(place.flood.thanked) > before
        breaking.cancel()
        # Nobody is waited for: they would wait in vain.
        for task in place.flood.at_work:
            task.cancel()
        place.flood.at_work.clear()
    return int(not came_back)


@click.command()
@click.argument("rounds", default=10, type=click.IntRange(1, 1000))
@click.option("--seconds", default=8.0, help="How long the line is away.")
@click.option("--way", "chosen", multiple=True, type=click.Choice(tuple(WAYS)))
@click.option("--control/--no-control", default=True, help="Also services that stay away.")
def line(rounds: int, seconds: float, chosen: tuple[str, ...], *, control: bool) -> None:
    """Freeze, reset and lose the line to the database, ROUNDS times each; then a silent first host.

    And controls, which have to stay away: one that waits for ever, one that asks hosts in turn.
    """
    wrong = []
    for way in chosen or tuple(WAYS):
        found = asyncio.run(drilled(way, rounds, seconds))
        click.echo(found)
        away = asyncio.run(kept_away(way)) if control and way in CONTROLS else None
        if away is not None:
            click.echo(f"control, {CONTROLS[way]}: {'stays away' if away else 'comes back'}")
        tell(_outcome(found, away, seconds))
        if found.lost or found.double:
            wrong.append(f"{way}: something was lost or doubled")
        if away == 0:
            wrong.append(f"{way}: its control came back")
        if max(found.after) > _MEANWHILE_SECONDS:
            wrong.append(f"{way}: nobody was thanked for {max(found.after)} s after it")
    if wrong:
        raise click.ClickException("; ".join(wrong))


def _outcome(found: Found, away: int | None, seconds: float) -> Outcome:
    lasted = f", {seconds:g} s" if found.way in ("frozen", "reset") else ""
    return Outcome(
        fault="F07",
        what=f"{WAYS[found.way]}{lasted}",
        acknowledged=found.acknowledged,
        stored=found.stored,
        lost=found.lost,
        double=found.double,
        gap=max(found.gaps),
        control=away,
        shows="stayed away",
        rounds=found.rounds,
    )
