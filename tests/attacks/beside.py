"""A reader who knows which numbers are those of the tasks: who answered beside them?

Whoever knows how many numbers nobody's transactions took between two moments knows the rest. So
this one is told more than any reader can see: the number of each lease that was noted or prolonged,
of `cover` itself too. Marks of the writer are left out, as if it were told those as well.

Between two notes of `cover` lie a known time and a count. How many numbers so long a time has, the
reader learns from all of them; then it says of two in which more answered. With 0.5 it guesses. The
control covers as the service once did: sixty numbers a call, unless the clock ends it before, and
a note at once.
"""

import asyncio
import contextlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from random import Random
from secrets import SystemRandom
from time import monotonic
from uuid import UUID

import asyncpg
import msgspec

from ingest.tasks.cover import A_SECOND, covering
from ingest.tasks.names import TaskName
from ingest.tasks.upkeep import Task, Upkeep
from tests.attacks.moments import counting
from tests.attacks.target import Target

CLOCK_SECONDS = 2.5
"""What ended a call of the control that had not taken its sixty."""

_SIXTY = 60
_ANSWERS_A_SECOND = 0.25
_WINDOW_SECONDS = 2.5

MOST = 0.7
"""How often a reader may be right: reckoned 0.54 for windows of 2.5 seconds, and luck."""

LEAST = 0.8
"""How often the control has to be, beside its calls."""

_chance = SystemRandom()


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """The time between two ends that a reader sees; `answers` are the truth."""

    seconds: float
    numbers: int
    answers: int


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """`calls` lie between two notes of `cover`; `windows` anywhere, all as long."""

    calls: Sequence[Stretch]
    windows: Sequence[Stretch]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """How often a reader was right of two."""

    version: int
    beside_calls: float
    in_windows: float
    control: float

    @property
    def failures(self) -> list[str]:
        """Sentences for what should not be."""
        bad = [
            f"beside {what}: a reader was right in {right:.2f}"
            for what, right in (("calls", self.beside_calls), ("windows", self.in_windows))
            if right > MOST
        ]
        if self.control < LEAST:
            bad.append(f"beside calls: the control was right in {self.control:.2f} only")
        return bad


async def all_beside(target: Target, version: int, *, seconds: float) -> Line:
    """Watch the service for so long, and then its control."""
    service = await watch(target, covering(), seconds=seconds)
    control = await watch(target, sixty_a_call(), seconds=seconds)
    return Line(
        version=version,
        beside_calls=right_beside(service.calls),
        in_windows=right_beside(service.windows),
        control=right_beside([each for each in control.calls if each.seconds < CLOCK_SECONDS]),
    )


def until_sixty() -> list[float]:
    """Pauses of one call of the control."""
    drawn: list[float] = []
    while len(drawn) < _SIXTY and sum(drawn) < CLOCK_SECONDS:
        drawn.append(_chance.expovariate(A_SECOND))
    return drawn


def sixty_a_call() -> Task:
    """The control's task."""

    async def work(folder: asyncpg.Connection, _: UUID) -> None:
        await folder.fetchval("select meetpunt.cover($1)", until_sixty())

    return Task(name=TaskName.COVER, work=work, seconds=0.0)


def right_beside(stretches: Sequence[Stretch]) -> float:
    """How often, of two, that in which more answered has more numbers for its length.

    A tie is half. How many numbers a length has is the line through all stretches.
    """
    lengths = [each.seconds for each in stretches]
    mean = sum(lengths) / len(lengths)
    numbers = sum(each.numbers for each in stretches) / len(stretches)
    spread = sum((length - mean) ** 2 for length in lengths)
    slope = sum((each.seconds - mean) * (each.numbers - numbers) for each in stretches) / (
        spread if spread > 1e-9 else 1.0
    )
    over: dict[int, list[float]] = defaultdict(list)
    for each in stretches:
        # What is alike to a hundredth of a number is alike.
        beyond = each.numbers - numbers - slope * (each.seconds - mean)
        over[each.answers].append(round(beyond, 2))
    won = pairs = 0.0
    for more, less in ((a, b) for a in over for b in over if a > b):
        ordered = sorted(over[less])
        for one in over[more]:
            below = bisect_left(ordered, one)
            won += below + (bisect_left(ordered, one + 0.005) - below) / 2
        pairs += len(over[more]) * len(ordered)
    return won / (pairs or 1)


async def watch(target: Target, cover: Task, *, seconds: float, seed: int = 1) -> Watched:
    """Let residents answer for so long beside the tasks of a worker."""
    residents = Random(seed)
    answered: list[float] = []
    known: dict[str, set[int]] = defaultdict(set)
    async with (
        target.writing() as db,
        _working(target, cover),
        _told(target, known),
        counting(target) as (counts, looking),
    ):
        end = monotonic() + seconds
        while monotonic() < end:
            await asyncio.sleep(residents.expovariate(_ANSWERS_A_SECOND))
            answered.append(monotonic())
            await target.storing(db, 1)
        assert not looking.done(), looking.exception()
    return _stretches(_Looks(counts, known), answered)


class _Looks:
    """What a reader counted, without the numbers that it knows to be of tasks."""

    def __init__(
        self, counts: Sequence[tuple[float, int, int]], known: dict[str, set[int]]
    ) -> None:
        self.moments = [moment for moment, _, _ in counts]
        self._own = [number for _, _, number in counts]
        # The first note may be of before.
        self.ends = sorted(
            number for number in known[TaskName.COVER] if self._own[0] < number < self._own[-1]
        )
        self._known = sorted(number for numbers in known.values() for number in numbers)

    def moment(self, number: int) -> float:
        """When a number was taken, to the next look."""
        return self.moments[bisect_left(self._own, number)]

    def numbers(self, begin: float, end: float) -> int:
        """How many numbers of others lie between two moments, beside known ones."""
        first, last = (bisect_left(self.moments, moment) for moment in (begin, end))
        low, high = self._own[first], self._own[min(last, len(self._own) - 1)]
        return self._between(low, high) - (min(last, len(self._own) - 1) - first)

    def beside(self, low: int, high: int) -> int:
        """How many lie between two numbers, beside own looks and known ones."""
        own = bisect_left(self._own, high) - bisect_left(self._own, low)
        return self._between(low, high) - own

    def _between(self, low: int, high: int) -> int:
        known = bisect_left(self._known, high) - bisect_left(self._known, low)
        return high - low - known


def _stretches(looks: _Looks, answered: Sequence[float]) -> Watched:
    def answers(begin: float, end: float) -> int:
        return bisect_left(answered, end) - bisect_left(answered, begin)

    calls = []
    for low, high in zip(looks.ends, looks.ends[1:], strict=False):
        begin, end = looks.moment(low), looks.moment(high)
        calls.append(
            Stretch(
                seconds=end - begin, numbers=looks.beside(low, high), answers=answers(begin, end)
            )
        )
    windows = []
    begin = looks.moments[0]
    while (end := begin + _WINDOW_SECONDS) < looks.moments[-1]:
        windows.append(
            Stretch(
                seconds=_WINDOW_SECONDS,
                numbers=looks.numbers(begin, end),
                answers=answers(begin, end),
            )
        )
        begin = end
    return Watched(calls=calls, windows=windows)


@contextlib.asynccontextmanager
async def _working(target: Target, cover: Task) -> AsyncIterator[None]:
    """The tasks of a worker, of which others do nothing but keep their leases."""

    async def rest(_folder: asyncpg.Connection, _holder: UUID) -> None:
        return

    others = [Task(name=name, work=rest) for name in TaskName if name is not TaskName.COVER]
    upkeep = Upkeep(target.server.url("meetpunt_folder", target.database), [*others, cover])
    await upkeep.start()
    try:
        yield
    finally:
        await upkeep.close()


@contextlib.asynccontextmanager
async def _told(target: Target, known: dict[str, set[int]]) -> AsyncIterator[None]:
    """Note each number with which a task's row was written, by the task."""

    async def look(db: asyncpg.Connection) -> None:
        while True:
            rows = await db.fetch("select name, xmin::text::bigint as number from meetpunt.task")
            for row in rows:
                known[row["name"]].add(row["number"])
            await asyncio.sleep(0.1)

    async with target.superuser() as db:
        looking = asyncio.create_task(look(db))
        try:
            yield
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)


def table(lines: Sequence[Line]) -> str:
    """As Markdown."""
    head = (
        "| Postgres | beside calls | in windows of 2.5 s | beside sixty a call |",
        "|---|---:|---:|---:|",
    )
    rows = (
        f"| {line.version} | {line.beside_calls:.2f} | {line.in_windows:.2f} | {line.control:.2f} |"
        for line in lines
    )
    return "\n".join((*head, *rows))
