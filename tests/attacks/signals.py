"""A colleague who is told of low marks, and wants to know whose they are.

They hold what `linkage` holds (the log of a form, or the list of who was sent a message, with the
moment at which each answered), every right of a reader, and the list of signals. They know our
rules: signals of who was invited, and of touchpoints that the file says it of, come with the ten
rows that they are of; at any other touchpoint the end of a half day makes a batch of ten and more
that wait, and its signals are shown then. So they know of each signal who can be meant, and of each
row how many signals there are of whom. A guess at either stays right for one in ten.

The controls are a list that shows a signal the moment it is made, and one that shows it at the end
of its half day, however few answered in it.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec

from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.plan import plan_of
from tests.attacks.linkage import (
    Resident,
    Row,
    Watching,
    candidates_of,
    closes_of,
    pool_of,
    watched,
)
from tests.attacks.lists import FEW, INVITED, ONE_IN_TEN, OPEN
from tests.conftest import Database, emptied
from tests.example import example_catalogue

LOW = 5
HalfDay = tuple[date, str]

_NEARLY = 1e-9


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Residents of whom was told together: signals at the end of a half day, or with their rows."""

    look: int
    members: tuple[Resident, ...]
    low: tuple[Resident, ...]
    """Of whom there is a signal."""

    half: HalfDay | None = None


class Signalled(msgspec.Struct, frozen=True, kw_only=True):
    """What a colleague guesses at one touchpoint. All chances are of being right, 0 to 1."""

    path: str
    per_day: int
    with_batch: bool
    """Whether signals come with their rows alone, and no half day makes a batch."""

    most: float
    """What a guess may be right for: one in ten, or one in as many as its batch has."""
    signals: int
    rows: int
    row_chance: float
    """Of the best guess at a low row, on average."""

    without: float
    """Of the same rows, for who is told of no signals."""

    signal_chance: float
    """Of the best guess at whose a signal is: one in as many as it can be of."""

    fewest: int
    """As many as a signal can be of, at the least."""

    same_day: float
    """What part of the signals is shown at the end of a half day of the day of the answer."""

    at_the_moment: float
    """A control: signals that are shown the moment they are made."""

    at_half_day: float
    """A control: signals that are shown when their half day is over, however few answered."""

    @property
    def failures(self) -> list[str]:
        """Sentences for what should not be."""
        where, bad = f"signals of {self.path} at {self.per_day} a day", []
        for what, chance in (("row", self.row_chance), ("signal", self.signal_chance)):
            if chance > self.most + _NEARLY:
                bad.append(f"{where}: a guess at a {what} is right for {chance:.1%}")
        if not self.with_batch and self.at_half_day <= self.most:
            bad.append(f"{where}: its control of half days finds nobody")
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
    """Residents answer for so many days, and the colleague is told of every low mark.

    Without `with_batch` the file is read as if it named no touchpoint there.
    """
    chance = random.Random(f"1/{path}/{per_day}")
    municipality, _, slug = path.partition("/")
    files = catalogue if with_batch else _by_half_day(catalogue, municipality)
    touchpoint = files.touchpoint(municipality, slug)
    residents, watching = await watched(
        database, files, path, per_day=per_day, sight="published", chance=chance, days=days
    )
    halves = await half_days(database, residents)
    watched_for = plan_of(files).signals.watched.get(
        (touchpoint.number, files.questionnaire(touchpoint).structure)
    )
    # Some are told of a 6 as well.
    most = max(LOW, watched_for.low) if watched_for else LOW
    lowest = {"1 t/m 5", "6"} if most > LOW else {"1 t/m 5"}
    size = min(10, touchpoint.batch)
    groups = list(_groups(residents, watching, most, size, half_days=not with_batch))
    low = [row for row in watching.rows.values() if watching.judged[row.id] in lowest]
    await _as_reckoned(database, groups, watching, low)
    guesses = [_best(row, watching, residents, groups) for row in low]
    told = [len(each.members) for each in groups for _ in each.low]
    soon = [
        each.half is not None and halves[one.number][0] == each.half[0]
        for each in groups
        for one in each.low
    ]
    return Signalled(
        path=path,
        per_day=per_day,
        with_batch=with_batch,
        most=1 / min(10, touchpoint.batch),
        signals=len(told),
        rows=len(low),
        row_chance=_mean([with_signals for with_signals, _ in guesses]),
        without=_mean([without for _, without in guesses]),
        signal_chance=_mean([1 / n for n in told]),
        fewest=min(told, default=0),
        same_day=_mean(soon),
        at_the_moment=_at_the_moment(residents),
        at_half_day=_at_half_day(residents, halves),
    )


def _by_half_day(catalogue: Catalogue, slug: str) -> Catalogue:
    municipality = catalogue.municipality(slug)
    assert municipality.signals is not None
    waiting_for_nothing = msgspec.structs.replace(municipality.signals, with_batch=())
    chosen = msgspec.structs.replace(municipality, signals=waiting_for_nothing)
    others = [each for each in catalogue.municipalities.values() if each.slug != slug]
    return Catalogue([chosen, *others], catalogue.questionnaires, catalogue.extensions)


def _groups(
    residents: Sequence[Resident], watching: Watching, most: int, size: int, *, half_days: bool
) -> Iterator[Group]:
    """Whom the colleague knows to be told of together, by our rules and their list.

    Marks up to `most` are low; a batch has `size` and more.
    """
    waiting: list[Resident] = []
    after = datetime.min.replace(tzinfo=UTC)
    for look, upto in enumerate(watching.looks):
        day = upto.date() - timedelta(days=1)
        closes: list[tuple[datetime, HalfDay | None]] = [(upto, None)]
        if half_days:
            morning, afternoon = closes_of(day)
            closes = [(morning, (day, "ochtend")), (afternoon, (day, "middag")), *closes]
        for close, half in closes:
            waiting += [one for one in residents if after <= one.answered_at < close]
            after = close
            if len(waiting) >= size:
                low = tuple(one for one in waiting if one.mark <= most)
                yield Group(look=look, members=tuple(waiting), low=low, half=half)
                waiting = []


async def _as_reckoned(
    database: Database, groups: Sequence[Group], watching: Watching, low: Sequence[Row]
) -> None:
    """What was reckoned from the list is what came: who reckons wrong, finds nobody."""
    of_half = {each.half: len(each.low) for each in groups if each.half and each.low}
    async with database.superuser() as db:
        rows = await db.fetch(
            "select day, half, count(*) as n from meetpunt.signal group by day, half"
        )
    made = {(row["day"], row["half"]): row["n"] for row in rows}
    assert {half: n for half, n in made.items() if half in of_half} == of_half
    assert sum(made.values()) <= len(low), "a signal of a row that nobody can read"
    shown = {(row.look, row.truth) for row in watching.rows.values()}
    assert shown == {(each.look, one.number) for each in groups for one in each.members}


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
    row: Row, watching: Watching, residents: Sequence[Resident], groups: Sequence[Group]
) -> tuple[float, float]:
    """How likely the likeliest resident is of whom a low row can be, with signals and without.

    It is of one of the groups of its look, the likelier of one the more signals there are of it.
    """
    likelihoods = {
        one.number: len(each.low) / len(each.members)
        for each in groups
        if each.look == row.look
        for one in each.members
    }
    suspects = pool_of([one for one in residents if one.number in likelihoods])
    new = [other for other in watching.rows.values() if other.look == row.look]
    everybody = suspects(datetime.min.replace(tzinfo=UTC), watching.looks[row.look])
    fitting = [likelihoods[one.number] for one in candidates_of(everybody, row, new)]
    return max(fitting) / sum(fitting), 1 / len(fitting)


def _at_the_moment(residents: Sequence[Resident]) -> float:
    """Signals that are seen as they come: of each, one in as many as answered at that moment."""
    moments: Mapping[datetime, int] = Counter(one.answered_at for one in residents)
    return _mean([1 / moments[one.answered_at] for one in residents if one.mark <= LOW])


def _at_half_day(residents: Sequence[Resident], halves: Mapping[int, HalfDay]) -> float:
    """Signals that tell their half day: of each, one in as many as answered in it."""
    answered_in = Counter(halves.values())
    return _mean([1 / answered_in[halves[one.number]] for one in residents if one.mark <= LOW])


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
    """As Markdown; what half days make batches of, and small batches, stand apart at the end."""
    columns = (
        *("signals of", "come", "a day", "signals", "low rows", "may be right"),
        *("guess at a row", "without signals"),
        *("guess at a signal", "of the fewest", "same day", "half day shown", "moment shown"),
    )
    told = [f"| {' | '.join(columns)} |", f"|---|---|{'---:|' * (len(columns) - 2)}"]
    for line in sorted(lines, key=lambda one: (not one.with_batch, one.most > ONE_IN_TEN)):
        come = "with the batch" if line.with_batch else "by half days"
        told.append(
            f"| {line.path} | {come} | {line.per_day} | {line.signals} | {line.rows} |"
            f" {line.most:.1%} | {line.row_chance:.1%} | {line.without:.1%} |"
            f" {line.signal_chance:.1%} | {line.fewest} | {line.same_day:.0%} |"
            f" {line.at_half_day:.0%} | {line.at_the_moment:.0%} |"
        )
    return "\n".join(told)
