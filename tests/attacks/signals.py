"""A colleague who is told of low marks, and wants to know whose they are.

They hold what `linkage` holds (the log of a form, or the list of who was sent a message, with the
moment at which each answered), every right of a reader, and the list of signals. Signals of who was
invited, and of touchpoints that the file says it of, come with the ten rows that they are of: a
guess stays right for one in ten. At any other open touchpoint a signal tells its half day: it is of
one of those who answered in that half day, and so is its row. It tells no more.

The control is a list that shows a signal the moment it is made.
"""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

import msgspec

from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.plan import plan_of
from tests.attacks.linkage import Resident, Row, Watching, named, pool_of, watched
from tests.attacks.lists import FEW, INVITED, ONE_IN_TEN, OPEN
from tests.conftest import Database, emptied
from tests.example import example_catalogue

LOW = 5
HalfDay = tuple[date, str]

_NEARLY = 1e-9


class Signalled(msgspec.Struct, frozen=True, kw_only=True):
    """What a colleague guesses at one touchpoint. All chances are of being right, 0 to 1."""

    path: str
    per_day: int
    with_batch: bool
    """Whether signals come with their batch, and not at the end of the half day."""

    most: float
    """What a guess may be right for then: one in ten, or one in as many as its batch has."""
    signals: int
    rows: int
    row_chance: float
    """Of the best guess at a low row, on average."""

    without: float
    """Of the same rows, for who is told of no signals."""

    signal_chance: float
    """Of the best guess at whose a signal is: one in as many as answered in its half day."""

    fewest: int
    """As many as answered in the half day of a signal, at the least."""

    at_the_moment: float
    """The control: signals that are shown the moment they are made."""

    @property
    def failures(self) -> list[str]:
        """Sentences for what should not be."""
        where, bad = f"signals of {self.path} at {self.per_day} a day", []
        if self.with_batch and self.row_chance > self.most + _NEARLY:
            bad.append(f"{where}: a guess at a row is right for {self.row_chance:.1%}")
        if (
            not self.with_batch
            and self.row_chance > max(self.signal_chance, self.without) + _NEARLY
        ):
            bad.append(f"{where}: rows tell more than the half day of their signals")
        if self.signals and self.at_the_moment < 0.9:
            bad.append(f"{where}: its control finds nobody")
        return bad


async def signalled(
    database: Database,
    catalogue: Catalogue,
    path: str,
    *,
    with_batch: bool,
    per_day: int,
    days: int,
) -> Signalled:
    """Residents answer for so many days, and the colleague is told of every low mark."""
    chance = random.Random(f"1/{path}/{per_day}")
    municipality, _, slug = path.partition("/")
    touchpoint = catalogue.touchpoint(municipality, slug)
    residents, watching = await watched(
        database, catalogue, path, per_day=per_day, sight="published", chance=chance, days=days
    )
    pool = pool_of(residents)
    found = named(chance, watching.rows.values(), watching.windows, pool)
    watched_for = plan_of(catalogue).signals.watched.get(
        (touchpoint.number, catalogue.questionnaire(touchpoint).structure)
    )
    # Some are told of a 6 as well.
    lowest = {"1 t/m 5", "6"} if watched_for and watched_for.low > LOW else {"1 t/m 5"}
    low = [row for row in watching.rows.values() if watching.judged[row.id] in lowest]
    without = {row.id: max(found.whose[row.id].values()) for row in low}
    if with_batch:
        # They come with the batch: of as many rows as are low in it, which the rows tell as well.
        told, with_signals = len(low), list(without.values())
        made = await _made(database)
        assert made <= len(low), "a signal of a row that nobody can read"
        answered_in: list[int] = []
    else:
        halves = await half_days(database, residents)
        by_half = Counter(halves.values())
        signals = Counter(halves[one.number] for one in residents if one.mark <= LOW)
        told = signals.total()
        answered_in = [by_half[half] for half, n in signals.items() for _ in range(n)]
        with_signals = [
            max(without[row.id], _best(row, watching, residents, halves, signals)) for row in low
        ]
    return Signalled(
        path=path,
        per_day=per_day,
        with_batch=with_batch,
        most=1 / min(10, touchpoint.batch),
        signals=told,
        rows=len(low),
        row_chance=_mean(with_signals),
        without=_mean(list(without.values())),
        signal_chance=_mean([1 / n for n in answered_in]) if answered_in else _mean(with_signals),
        fewest=min(answered_in, default=found.smallest),
        at_the_moment=_at_the_moment(residents),
    )


async def _made(database: Database) -> int:
    async with database.superuser() as db:
        made: int = await db.fetchval("select count(*) from meetpunt.signal")
        return made


async def half_days(database: Database, residents: Sequence[Resident]) -> Mapping[int, HalfDay]:
    """Of each resident the half day of which their signal would be, as the database says it."""
    async with database.superuser() as db:
        rows = await db.fetch(
            "select number, day, half from unnest($1::integer[], $2::timestamptz[])"
            " as answered (number, at) cross join meetpunt.half_day(answered.at)",
            [one.number for one in residents],
            [one.answered_at for one in residents],
        )
    return {row["number"]: (row["day"], row["half"]) for row in rows}


def _best(
    row: Row,
    watching: Watching,
    residents: Sequence[Resident],
    halves: Mapping[int, HalfDay],
    signals: Mapping[HalfDay, int],
) -> float:
    """How likely the likeliest resident is, of whom a low row can be.

    It is of any of the signals of its time, and a signal is of any of those of its half day who fit
    the row.
    """
    after, upto = watching.windows[row.look]
    fitting: dict[HalfDay, int] = defaultdict(int)
    for one in residents:
        if after < one.answered_at <= upto and _fits(row, one):
            fitting[halves[one.number]] += 1
    told = {half: signals.get(half, 0) for half in fitting}
    every = sum(told.values())
    return max((told[half] / every / n for half, n in fitting.items() if every), default=0.0)


def _fits(row: Row, one: Resident) -> bool:
    same_day = row.day in (None, one.answered_at.date())
    return same_day and row.product in (None, one.product)


def _at_the_moment(residents: Sequence[Resident]) -> float:
    """Signals that are seen as they come: of each, one in as many as answered at that moment."""
    moments: Mapping[datetime, int] = Counter(one.answered_at for one in residents)
    return _mean([1 / moments[one.answered_at] for one in residents if one.mark <= LOW])


def _mean(chances: Sequence[float]) -> float:
    return sum(chances) / len(chances) if chances else 0.0


def all_signalled(*, short: bool) -> Iterator[Signalled]:
    """Who was invited, an open form in both ways, and a small batch, at several speeds."""
    catalogue = example_catalogue()
    for path, with_batch in ((INVITED, True), (OPEN, True), (OPEN, False), (FEW, True)):
        for per_day in (5,) if short else (2, 5, 20):
            days = 8 if short else 30 if per_day < 20 else 10
            told = signalled(
                emptied(), catalogue, path, with_batch=with_batch, per_day=per_day, days=days
            )
            yield asyncio.run(told)


def table(lines: list[Signalled]) -> str:
    """As Markdown; what comes after half a day, and small batches, stand apart at the end."""
    columns = (
        *("signals of", "come", "a day", "signals", "low rows", "may be right"),
        *("guess at a row", "without signals"),
        *("guess at a signal", "fewest in a half day", "shown at the moment"),
    )
    told = [f"| {' | '.join(columns)} |", f"|---|---|{'---:|' * (len(columns) - 2)}"]
    for line in sorted(lines, key=lambda one: (not one.with_batch, one.most > ONE_IN_TEN)):
        come, most = (
            ("with the batch", f"{line.most:.1%}") if line.with_batch else ("half day", "-")
        )
        told.append(
            f"| {line.path} | {come} | {line.per_day} | {line.signals} | {line.rows} | {most} |"
            f" {line.row_chance:.1%} | {line.without:.1%} | {line.signal_chance:.1%} |"
            f" {line.fewest} | {line.at_the_moment:.0%} |"
        )
    return "\n".join(told)
