"""Take numbers of transactions at random moments, so that nobody can count residents by them.

Whoever may log in can see how far the server's counter of transactions is, by a transaction of
their own, and each answer that comes in moves it by one. No right keeps that from a reader
(docs/decisions/0017-nobody-counts-transactions.md). Between numbers that mean nothing and come
without a memory, one more cannot be told.

That holds only while nobody can tell how many a stretch of time must have. So chance ends a call,
never a count; and the number with which the task writes down that it ran comes after such a pause,
so that it is one of them and marks no end.
"""

import asyncio
from secrets import SystemRandom
from time import monotonic
from uuid import UUID

import asyncpg

from ingest.tasks.names import TaskName
from ingest.tasks.upkeep import Task

A_SECOND = 25.0
"""How many numbers are taken a second, on average: more hides better, and costs more."""

_CALL = 15
"""How many numbers one call takes on average. Longer calls cost less, and meet the limit more."""

_MOST = 60
"""The most that one call takes: the database refuses more. One call in sixty meets it."""

_RUN_SECONDS = 2.0
"""After so long the task notes that it ran, once a call is over: well within a lease."""

_COVER = "/* cover */ select meetpunt.cover($1)"
_chance = SystemRandom()


def pause() -> float:
    """Seconds until the next number: those of events that have no memory."""
    return _chance.expovariate(A_SECOND)


def pauses() -> list[float]:
    """Seconds before each number of one call; after each of them the call may end."""
    drawn = [pause()]
    while len(drawn) < _MOST and _chance.random() >= 1 / _CALL:
        drawn.append(pause())
    return drawn


async def cover(folder: asyncpg.Connection) -> None:
    """Take numbers for a moment. `folder` is a connection as meetpunt_folder.

    Its transaction holds no lease: two who do this at once harm nobody.
    """
    await folder.fetchval(_COVER, pauses())


async def run(folder: asyncpg.Connection) -> None:
    """Take numbers for some seconds, and let the caller take the next one at once."""
    begun = monotonic()
    while monotonic() - begun < _RUN_SECONDS:
        await cover(folder)
    await asyncio.sleep(pause())


def covering() -> Task:
    """The task that never rests: between two runs of it a resident would be seen."""

    async def work(folder: asyncpg.Connection, _: UUID) -> None:
        await run(folder)

    return Task(name=TaskName.COVER, work=work, seconds=0.0)
