"""What is told of follow-up: months and quarters, by channel and department.

A month or quarter is told once it is over, as it was at its end, and never again: of two looks
nobody can take the one from the other, and what is destroyed later changes nothing that was told.
A cell is told where ten signals are in it, and only where nobody can reckon fewer from what is told
beside it: from the channel and its other departments, from the quarter and its other months. A
touchpoint counts in a quarter where it counted in the months that were told of it, also when the
files have it elsewhere by then.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from statistics import median_low

import asyncpg
import msgspec

from ingest.clock import day_of
from ingest.followup.working_hours import to_see_by
from ingest.reporting.batches import ENOUGH, first_of_month, last_of_month
from ingest.reporting.follow_up_places import Placed, note_places, placed_before, places_of
from ingest.reporting.samples import quarter_of
from ingest.reporting.signals import Following, SignalPlan

WHOLE = ""
"""In place of a department: the whole channel."""

_TO_LAST_MONTH = {"month": timedelta(0), "quarter": timedelta(days=62)}
"""From the first day of a period to one in its last month."""

_DONE, _IMPROVED = "afgehandeld", "verbeterd"
_NEVER = float("inf")


class Followed(msgspec.Struct, frozen=True, kw_only=True):
    """One signal, as far as it is counted: of a `day`, shown on another or the same."""

    touchpoint: int
    day: date
    shown_on: date
    state: str
    outcome: str | None
    seen_on: date | None
    seen_after: float | None
    ended_on: date | None = None

    def at_the_end_of(self, day: date) -> "Followed":
        """What was done about it by then."""
        if self.seen_on is None or self.seen_on > day:
            return msgspec.structs.replace(
                self, state="nieuw", outcome=None, seen_on=None, seen_after=None
            )
        if self.ended_on is not None and self.ended_on > day:
            return msgspec.structs.replace(self, state="gezien", outcome=None)
        return self


class FollowUpFigure(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What is told of one cell: as the columns of `lees.opvolging`, in their order."""

    grain: str
    period: date
    channel: str
    department: str
    n: int
    seen: int
    to_see: int
    in_time: int
    median_hours: float | None
    oldest_open: date | None
    done: int
    improved: int


def told(
    signals: Iterable[Followed],
    following: Following,
    before: Iterable[Placed] = (),
    *,
    since: date,
    today: date,
) -> list[FollowUpFigure]:
    """The figures of months and quarters that were over on `today`, and not yet on `since`.

    `signals` are all of a municipality; days are in Amsterdam. In the demo those that go on are
    told as well, as they are. What is of a touchpoint that its files no longer have is left out.
    `before` says where signals count of months that were told.
    """
    signals = list(signals)
    places, changed = places_of(numbers(signals), following, before, since=since, today=today)
    where = {(each.month, each.touchpoint): each for each in places}
    cells: dict[tuple[str, date], dict[tuple[str, date], list[Followed]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for signal in signals:
        month = first_of_month(signal.day)
        place = where.get((month, signal.touchpoint))
        if place is not None:
            within_quarter = cells[place.channel, quarter_of(month)]
            within_quarter[place.department, month].append(signal)
    figures = []
    for (channel, quarter), by_cell in sorted(cells.items()):
        counts = {cell: len(each) for cell, each in by_cell.items()}
        for grain, period, department in sorted(shown_cells(counts, quarter)):
            end = last_of_month(period + _TO_LAST_MONTH[grain])
            if not (since <= end < today or following.at_once):
                continue
            if grain == "quarter" and (channel, quarter) in changed:
                continue
            asked_on = min(end + timedelta(days=1), today)
            within = [
                signal if following.at_once else signal.at_the_end_of(end)
                for (whose, month), each in by_cell.items()
                if department in (WHOLE, whose) and (grain == "quarter" or month == period)
                for signal in each
            ]
            key = (grain, period, channel, department)
            figures.append(_figure(key, within, following.holidays, asked_on))
    return figures


def numbers(signals: Iterable[Followed]) -> Counter[tuple[date, int]]:
    """How many there are, by month and touchpoint."""
    return Counter((first_of_month(each.day), each.touchpoint) for each in signals)


def shown_cells(
    counts: Mapping[tuple[str, date], int], quarter: date
) -> set[tuple[str, date, str]]:
    """Which cells of one channel and quarter are told: grain, period and department.

    `counts` are numbers of signals by department and month. No sum of cells that are not told, and
    that can be reckoned from those that are, is between nought and ten.
    """
    months = {month for _, month in counts}
    departments = {department for department, _ in counts}
    shown: set[tuple[str, date, str]] = set()
    for month in months:
        parts = {whose: n for (whose, of), n in counts.items() if of == month}
        if sum(parts.values()) >= ENOUGH:
            shown.add(("month", month, WHOLE))
            shown |= {("month", month, department) for department in _apart(parts)}
    total = sum(counts.values())
    untold = sum(n for (_, month), n in counts.items() if ("month", month, WHOLE) not in shown)
    if total < ENOUGH or 0 < untold < ENOUGH:
        return shown
    shown.add(("quarter", quarter, WHOLE))
    # A department adds to what is known where its months are not told. Then none of its months may
    # be, and every other department has all its months told or none: else a quarter, less some
    # months, tells of one month.
    hidden = {
        department: sum(
            n
            for (whose, month), n in counts.items()
            if whose == department and ("month", month, department) not in shown
        )
        for department in departments
    }
    sums = {
        department: sum(n for (whose, _), n in counts.items() if whose == department)
        for department in departments
    }
    apart = set[str]()
    if all(n in (0, sums[department]) for department, n in hidden.items()):
        apart = _apart(hidden)
    shown |= {
        ("quarter", quarter, department)
        for department, n in sums.items()
        if n >= ENOUGH and (hidden[department] == 0 or department in apart)
    }
    return shown


def _apart(parts: Mapping[str, int]) -> set[str]:
    """The parts that may be told: what is left over is ten or more, or nothing."""
    apart = {part for part, n in parts.items() if n >= ENOUGH}
    rest = sum(parts.values()) - sum(parts[one] for one in apart)
    while apart and 0 < rest < ENOUGH:
        smallest = min(apart, key=lambda part: (parts[part], part))
        apart.remove(smallest)
        rest += parts[smallest]
    return apart


def _figure(
    key: tuple[str, date, str, str],
    signals: Sequence[Followed],
    holidays: Sequence[str],
    today: date,
) -> FollowUpFigure:
    grain, period, channel, department = key
    hours = [_NEVER if each.seen_after is None else each.seen_after for each in signals]
    in_time = list(_in_time(signals, holidays, today))
    done = [each.outcome for each in signals if each.state == _DONE]
    middle = median_low(hours)
    return FollowUpFigure(
        grain=grain,
        period=period,
        channel=channel,
        department=department,
        n=len(signals),
        seen=sum(each.seen_on is not None for each in signals),
        to_see=len(in_time),
        in_time=sum(in_time),
        median_hours=None if middle == _NEVER else middle,
        oldest_open=min((each.day for each in signals if each.state != _DONE), default=None),
        done=len(done),
        improved=done.count(_IMPROVED),
    )


def _in_time(signals: Iterable[Followed], holidays: Sequence[str], today: date) -> Iterator[bool]:
    """Whether each was seen within its two working days; not of what still may be."""
    for signal in signals:
        by = to_see_by(signal.shown_on, holidays)
        if signal.seen_on is not None:
            yield signal.seen_on <= by
        elif today > by:
            yield False


async def count_follow_up(
    db: asyncpg.Connection, codes: Sequence[str], plan: SignalPlan, *, now: datetime
) -> None:
    """Tell how far the follow-up of these municipalities was, within the transaction of a look.

    `now` is in UTC.
    """
    today = day_of(now)
    for code in codes:
        following = plan.following.get(code)
        if following is None:
            continue
        since = await db.fetchval(_TOLD_UNTIL, code)
        if since == today and not following.at_once:
            continue
        # Of what was over before there are perhaps not all signals any more.
        since = since or quarter_of(quarter_of(today) - timedelta(days=1))
        signals = [Followed(**row) for row in await db.fetch(_SIGNALS, code)]
        before = await placed_before(db, code)
        figures = told(signals, following, before, since=since, today=today)
        columns = list(zip(*map(msgspec.structs.astuple, figures), strict=True)) or [()] * 12
        await db.execute(_TELL, code, now, following.at_once, *map(list, columns))
        if not following.at_once:
            each = numbers(signals)
            places, _ = places_of(each, following, before, since=since, today=today)
            await note_places(db, code, places, since=since, today=today)
        await db.execute(_NOTE, code, today)


# What is not shown yet, this role cannot read. A theme that rises is no answer: of ten signals that
# were nine themes, the rest would be one answer.
_SIGNALS = """/* follow_up_signals */
    select touchpoint, day, (shown_from at time zone 'Europe/Amsterdam')::date as shown_on, state,
        outcome, seen_on, seen_after, ended_on
    from meetpunt.signal
    where municipality = $1 and reason <> 'thema'
"""

_TOLD_UNTIL = """/* follow_up_told */
    select follow_up_told from meetpunt.look where municipality = $1
"""

# What was told stays as it is; only in the demo it goes on.
_TELL = """/* tell_follow_up */
    insert into lees.opvolging as before (municipality, grain, period, channel, department, n, seen,
        to_see, in_time, median_hours, oldest_open, done, improved, counted_at)
    select $1, told.*, $2
    from unnest($4::text[], $5::date[], $6::text[], $7::text[], $8::bigint[], $9::bigint[],
        $10::bigint[], $11::bigint[], $12::double precision[], $13::date[], $14::bigint[],
        $15::bigint[]) as told (grain, period, channel, department, n, seen, to_see, in_time,
        median_hours, oldest_open, done, improved)
    on conflict (municipality, grain, period, channel, department) do update
    set n = excluded.n, seen = excluded.seen, to_see = excluded.to_see,
        in_time = excluded.in_time, median_hours = excluded.median_hours,
        oldest_open = excluded.oldest_open, done = excluded.done, improved = excluded.improved,
        counted_at = excluded.counted_at
    where $3
"""

_NOTE = """/* note_follow_up */
    update meetpunt.look set follow_up_told = $2 where municipality = $1
"""
