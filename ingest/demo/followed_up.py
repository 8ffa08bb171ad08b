"""Signals of the past in the demo, what was done about them, and what reports show of it.

Of this month there are nine at the desk: with the tenth, which a visitor gives, the month is told.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import asyncpg
import msgspec

from ingest.clock import AMSTERDAM
from ingest.followup.pushing.making import TOLD_WITHIN
from ingest.municipalities.municipality import Municipality

THIS_MONTH = 9
_PER_MONTH = {1: 24, 2: 15, 4: 13}
"""How many in each month before, by the number of a touchpoint: desk, telephone, reports."""

_MONTHS = 3
_LONG_AGO = TOLD_WITHIN + timedelta(days=1)
"""Shown so long ago that nobody is told of them now."""


class FollowedUp(msgspec.Struct, frozen=True, kw_only=True):
    """One month of one channel, as the view `opvolging_per_maand` has it.

    `hours` are working hours until half of the signals were seen; None while fewer were. A number
    under ten is None.
    """

    month: date
    channel: str
    signals: int
    seen: int | None
    hours: float | None
    done: int | None
    improved: int | None


async def fill_signals(folder: asyncpg.Connection, municipality: Municipality) -> date | None:
    """Make up signals of this month and some before, where there are none yet; as meetpunt_folder.

    This month is that of a signal that comes in now. Gives its day, and None where nothing was made
    up.
    """
    there = "select exists (select from meetpunt.signal where municipality = $1)"
    if municipality.signals is None or await folder.fetchval(
        f"/* has_signals */ {there}", municipality.code
    ):
        return None
    today: date = await folder.fetchval(
        "/* signal_day */ select day from meetpunt.half_day_now(true)"
    )
    touchpoints, days, shown = zip(*_made_up(today), strict=True)
    async with folder.transaction():
        await folder.execute(_MAKE, municipality.code, touchpoints, days, shown)
        await folder.execute(_FOLLOW, municipality.code, today)
    return today


def _made_up(today: date) -> Iterator[tuple[int, date, datetime]]:
    """Touchpoint, day, and when it was shown."""
    latest = datetime.combine(today, time(12, 30), AMSTERDAM) - _LONG_AGO
    first = today.replace(day=1)
    for n in range(THIS_MONTH):
        yield _one(1, first + timedelta(days=n * (today - first).days // THIS_MONTH), latest)
    for _ in range(_MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        for touchpoint, many in _PER_MONTH.items():
            for n in range(many):
                yield _one(touchpoint, first + timedelta(days=n), latest)


def _one(touchpoint: int, day: date, latest: datetime) -> tuple[int, date, datetime]:
    shown = min(datetime.combine(day, time(12, 30), AMSTERDAM), latest)
    return touchpoint, day, shown.astimezone(UTC)


_MAKE = """/* made_up_signals */
    insert into meetpunt.signal (municipality, touchpoint, reason, day, half, shown_from)
    select $1, touchpoint, case when place % 4 = 0 then 'niet-geholpen' else 'laag' end, day,
        'ochtend', shown_from
    from unnest($2::integer[], $3::date[], $4::timestamptz[]) with ordinality
        as made_up (touchpoint, day, shown_from, place)
"""

# Most are done, some are seen or in progress, and each lay for some hours; nothing is of a day to
# come ($2 is today).
_FOLLOW = """/* made_up_follow_up */
    update meetpunt.signal
    set state = case when is_done then 'afgehandeld' when place % 10 < 9 then 'gezien'
            else 'bezig' end,
        outcome = case when not is_done then null when place % 5 = 4 then 'klacht'
            when place % 2 = 0 then 'verbeterd' else 'uitgelegd' end,
        seen_on = least(day + (place % 4)::integer, $2),
        seen_after = case when day + (place % 4)::integer >= $2 then 1.5
            else 1.5 + (place % 5) * 3 end,
        ended_on = case when is_done then day + 6 end
    from (
        select id, place, place % 10 < 7 and day + 6 <= $2 as is_done
        from (
            select id, day, row_number() over (order by day, id) as place
            from meetpunt.signal where municipality = $1
        ) as placed
    ) as ordered
    where signal.id = ordered.id
"""


async def read_followed_up(reader: asyncpg.Connection) -> tuple[FollowedUp, ...]:
    """The latest months that are told, of whole channels: at most four rows, the newest first."""
    rows = await reader.fetch(
        """/* followed_up */
        select maand, dim_kanaal.naam, signalen, gezien, mediaan_werkuren_tot_gezien, afgehandeld,
            verbeterd
        from opvolging_per_maand
        join dim_kanaal using (kanaal)
        where afdeling is null
        order by maand desc, dim_kanaal.volgorde
        limit 4
        """
    )
    return tuple(
        FollowedUp(
            month=row["maand"],
            channel=row["naam"],
            signals=row["signalen"],
            seen=row["gezien"],
            hours=row["mediaan_werkuren_tot_gezien"],
            done=row["afgehandeld"],
            improved=row["verbeterd"],
        )
        for row in rows
    )
