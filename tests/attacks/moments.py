"""A reader who counts transactions: at which moment did somebody answer?

With `client_min_messages` at its lowest Postgres tells a session the number of its own transaction;
between two of them lies what all others did. No right keeps it from anybody, so the service hides
its residents among numbers that mean nothing (`ingest/tasks/cover.py`). Here residents answer
at moments that are known, a reader counts as fast as it can, and is asked of windows of time in
which of two somebody answered. With 0.5 it guesses. The control is the same without cover.
"""

import asyncio
import contextlib
import re
from bisect import bisect_left
from collections.abc import AsyncIterator, Sequence
from random import Random
from time import monotonic

import asyncpg
import msgspec

from ingest.tasks.cover import A_SECOND, cover
from tests.attacks.target import Target

WINDOWS_SECONDS = (0.1, 0.4, 1.0)
_WINDOW = 0.4

MOST = 0.68
"""How often a reader may be right about a window of 0.4 seconds: reckoned 0.59, and luck."""

LEAST = 0.8
"""How often the control has to be."""

_A_LOOK = (
    "begin; alter default privileges revoke execute on functions from public;"
    " savepoint s; release s; rollback"
)
_NUMBER = re.compile(r"xid/subid/cid: ([1-9][0-9]*)/")


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A session of a reader: (moment, how many transactions of others until then, its own)."""

    counts: Sequence[tuple[float, int, int]]
    answered: Sequence[float]
    """The true moments, to be compared with at the end."""

    def within(self, begin: float, seconds: float) -> int:
        """How many transactions the reader counted in a window."""
        moments = [moment for moment, _, _ in self.counts]
        last = len(moments) - 1
        return (
            self.counts[min(bisect_left(moments, begin + seconds), last)][1]
            - self.counts[min(bisect_left(moments, begin), last)][1]
        )


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """How often a reader was right, by the width of the window."""

    version: int
    covered: dict[float, float]
    bare: dict[float, float]

    @property
    def failures(self) -> list[str]:
        """Sentences for what should not be."""
        bad = []
        if self.covered[_WINDOW] > MOST:
            bad.append(f"moments: a reader was right in {self.covered[_WINDOW]:.2f}")
        if self.bare[_WINDOW] < LEAST:
            bad.append(f"moments: the control was right in {self.bare[_WINDOW]:.2f} only")
        return bad


async def all_watched(target: Target, version: int, *, answers: int) -> Line:
    """Watch so many answers with cover, and without."""
    return Line(
        version=version,
        covered=right(await watch(target, answers=answers, covered=True)),
        bare=right(await watch(target, answers=answers, covered=False)),
    )


async def watch(target: Target, *, answers: int, covered: bool, seed: int = 1) -> Seen:
    """Let residents answer, one every three seconds or so, while a reader counts."""
    residents = Random(seed)
    answered: list[float] = []
    async with target.writing() as writer, contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(_covering(target) if covered else contextlib.nullcontext())
        counts, looking = await stack.enter_async_context(counting(target))
        for _ in range(answers):
            await asyncio.sleep(2.0 + residents.expovariate(1.0))
            answered.append(monotonic())
            await target.storing(writer, 1)
        await asyncio.sleep(max(WINDOWS_SECONDS))
        assert not looking.done(), looking.exception()
    return Seen(counts=counts, answered=answered)


def right(seen: Seen, *, seed: int = 2) -> dict[float, float]:
    """How often the window with an answer has more transactions than one without; a tie is half.

    Of each width only windows of one answer, or of none.
    """
    chance = Random(seed)
    first, last = seen.counts[0][0], seen.counts[-1][0]
    found = {}
    for width in WINDOWS_SECONDS:
        counted: dict[int, list[int]] = {0: [], 1: []}
        for moment in seen.answered:
            begins = [moment - chance.uniform(0.1, 0.9) * width]
            begins += [chance.uniform(first, last - width) for _ in range(3)]
            for begin in begins:
                inside = [each for each in seen.answered if begin <= each < begin + width]
                if len(inside) in counted:
                    counted[len(inside)].append(seen.within(begin, width))
        pairs = [(one, none) for one in counted[1] for none in counted[0]]
        found[width] = sum((one > none) + (one == none) / 2 for one, none in pairs) / (
            len(pairs) or 1
        )
    return found


@contextlib.asynccontextmanager
async def counting(
    target: Target,
) -> AsyncIterator[tuple[list[tuple[float, int, int]], asyncio.Task[None]]]:
    """A reader that looks: at each moment how many numbers others took until then, and its own."""
    counts: list[tuple[float, int, int]] = []
    numbers: list[int] = []
    begun = asyncio.Event()

    def hear(_: object, message: asyncpg.PostgresLogMessage) -> None:
        if told := _NUMBER.search(message.message):
            numbers.append(int(told.group(1)))

    async def count(db: asyncpg.Connection) -> None:
        for own in range(10**9):
            numbers.clear()
            await db.execute(_A_LOOK)
            # Each look took a number itself.
            counts.append((monotonic(), numbers[0] - own, numbers[0]))
            begun.set()
            await asyncio.sleep(0.004)

    async with target.attacker() as db:
        await db.execute("set client_min_messages = debug5")
        db.add_log_listener(hear)
        looking = asyncio.create_task(count(db))
        try:
            await begun.wait()
            yield counts, looking
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)


@contextlib.asynccontextmanager
async def _covering(target: Target) -> AsyncIterator[None]:
    async def go_on(folder: asyncpg.Connection) -> None:
        while True:
            await cover(folder)

    async with target.publishing() as folder:
        covering = asyncio.create_task(go_on(folder))
        try:
            yield
        finally:
            covering.cancel()
            await asyncio.gather(covering, return_exceptions=True)


def table(lines: Sequence[Line]) -> str:
    """As Markdown."""
    head = (
        f"| {A_SECOND:.0f} transactions a second hide: window | Postgres | right | without cover |",
        "|---|---:|---:|---:|",
    )
    rows = (
        f"| {width} s | {line.version} | {line.covered[width]:.2f} | {line.bare[width]:.2f} |"
        for line in lines
        for width in WINDOWS_SECONDS
    )
    return "\n".join((*head, *rows))
