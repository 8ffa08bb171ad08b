"""Take numbers of transactions at random moments, so that nobody can count residents by them.

Whoever may log in can see how far the server's counter of transactions is, by a transaction of
their own, and each answer that comes in moves it by one. No right keeps that from a reader
(docs/decisions/0017-nobody-counts-transactions.md). Between numbers that mean nothing and come
without a memory, one more cannot be told.
"""

from secrets import SystemRandom
from uuid import UUID

import asyncpg

from ingest.tasks.names import TaskName
from ingest.tasks.upkeep import Task

A_SECOND = 25.0
"""How many numbers are taken a second, on average: more hides better, and costs more."""

_SECONDS = 2.5
"""About as long as one call lasts: it must end well within a lease."""

_MOST = 60
"""The most that one call takes: the database refuses more."""

_COVER = "/* cover */ select meetpunt.cover($1)"
_chance = SystemRandom()


def pauses() -> list[float]:
    """Seconds before each number of one call: those of events that have no memory."""
    drawn: list[float] = []
    while len(drawn) < _MOST and sum(drawn) < _SECONDS:
        drawn.append(_chance.expovariate(A_SECOND))
    return drawn


async def cover(folder: asyncpg.Connection) -> None:
    """Take numbers for some seconds. `folder` is a connection as meetpunt_folder.

    Its transaction holds no lease: two who do this at once harm nobody.
    """
    await folder.fetchval(_COVER, pauses())


def covering() -> Task:
    """The task that never rests: between two runs of it a resident would be seen."""

    async def work(folder: asyncpg.Connection, _: UUID) -> None:
        await cover(folder)

    return Task(name=TaskName.COVER, work=work, seconds=0.0)
