"""What is told of follow-up: months and quarters, by channel and department.

A cell is told where ten signals are in it, and only where nobody can reckon fewer from what is told
beside it: from the channel and its other departments, from the quarter and its other months.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from statistics import median_low

import asyncpg
import msgspec

from ingest.clock import AMSTERDAM
from ingest.followup.working_hours import to_see_by
from ingest.reporting.batches import ENOUGH, first_of_month
from ingest.reporting.samples import quarter_of
from ingest.reporting.signals import Following, SignalPlan

WHOLE = ""
"""In place of a department: the whole channel."""

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


def told(signals: Iterable[Followed], following: Following, *, today: date) -> list[FollowUpFigure]:
    """The figures of all signals of a municipality; `today` is in Amsterdam.

    What is of a touchpoint that its files no longer have is left out.
    """
    cells: dict[tuple[str, date], dict[tuple[str, date], list[Followed]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for signal in signals:
        place = following.where.get(signal.touchpoint)
        if place is not None:
            channel, department = place
            within_quarter = cells[channel, quarter_of(signal.day)]
            within_quarter[department, first_of_month(signal.day)].append(signal)
    figures = []
    for (channel, quarter), by_cell in sorted(cells.items()):
        counts = {cell: len(each) for cell, each in by_cell.items()}
        for grain, period, department in sorted(shown_cells(counts, quarter)):
            within = [
                signal
                for (whose, month), each in by_cell.items()
                if department in (WHOLE, whose) and (grain == "quarter" or month == period)
                for signal in each
            ]
            key = (grain, period, channel, department)
            figures.append(_figure(key, within, following.holidays, today))
    return figures


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
    """Tell how far the follow-up of these municipalities is, within the transaction of a look.

    A quarter of which no signal is left keeps what was told of it. `now` is in UTC.
    """
    today = now.astimezone(AMSTERDAM).date()
    for code in codes:
        following = plan.following.get(code)
        if following is None:
            continue
        signals = [Followed(**row) for row in await db.fetch(_SIGNALS, code)]
        figures = told(signals, following, today=today)
        columns = list(zip(*map(msgspec.structs.astuple, figures), strict=True)) or [()] * 12
        quarters = sorted({quarter_of(signal.day) for signal in signals})
        await db.execute(_TELL, code, now, quarters, *map(list, columns))


# What is not shown yet, this role cannot read.
_SIGNALS = """/* follow_up_signals */
    select touchpoint, day, (shown_from at time zone 'Europe/Amsterdam')::date as shown_on, state,
        outcome, seen_on, seen_after
    from meetpunt.signal
    where municipality = $1
"""

_TELL = """/* tell_follow_up */
    with told as materialized (
        select * from unnest($4::text[], $5::date[], $6::text[], $7::text[], $8::bigint[],
            $9::bigint[], $10::bigint[], $11::bigint[], $12::double precision[], $13::date[],
            $14::bigint[], $15::bigint[]) as t (grain, period, channel, department, n, seen, to_see,
            in_time, median_hours, oldest_open, done, improved)
    ),
    untold as (
        delete from lees.opvolging as before
        where before.municipality = $1
            and date_trunc('quarter', before.period)::date = any ($3::date[])
            and not exists (
                select from told
                where (told.grain, told.period, told.channel, told.department)
                    = (before.grain, before.period, before.channel, before.department)
            )
    )
    insert into lees.opvolging as before (municipality, grain, period, channel, department, n, seen,
        to_see, in_time, median_hours, oldest_open, done, improved, counted_at)
    select $1, told.*, $2 from told
    on conflict (municipality, grain, period, channel, department) do update
    set n = excluded.n, seen = excluded.seen, to_see = excluded.to_see,
        in_time = excluded.in_time, median_hours = excluded.median_hours,
        oldest_open = excluded.oldest_open, done = excluded.done, improved = excluded.improved,
        counted_at = excluded.counted_at
"""
