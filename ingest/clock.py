"""Checks that the clock can be trusted before a purge destroys anything by its date.

On a machine that starts with a wrong date, years of answers would seem past their term, and a
database on the same machine would have the same wrong date. So three must agree: our clock, the
database's clock, and the moment of the last purge (before the first purge, the day of the newest
response). A clock that jumped looks just like a service that was off for a long time. Both are
refused, and an operator who knows that the clock is right says so once.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg

# A day of a municipality begins at midnight where it lies.
AMSTERDAM = ZoneInfo("Europe/Amsterdam")

# A day, and two hours by which a daily purge may run later than the day before.
MOST_APART = timedelta(hours=26)
OVERRIDE = "meetpunt purge --clock-is-right"


def now_in_utc() -> datetime:
    """What time it is."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """The day of a moment where municipalities lie; for an hour or two a night UTC has another."""
    return moment.astimezone(AMSTERDAM).date()


def today_here() -> date:
    """Which day it is where municipalities lie."""
    return day_of(now_in_utc())


class ClockDoubted(Exception):
    """Clocks differ by more than a day, so nothing was destroyed; the sentence says what to do."""


async def believed(
    folder: asyncpg.Connection, now: datetime, *, is_right: bool = False
) -> datetime:
    """Check `now` against the database's clock and the last purge; note it as the last purge.

    `folder` is a connection as meetpunt_folder. A database that holds no response and was never
    purged cannot contradict `now`. `is_right`: an operator says that the clock is right; then only
    the database's clock must agree. Returns `now`. Raises `ClockDoubted`, and then notes nothing.
    """
    _require_agreement(now, await folder.fetchrow(_CLOCKS), is_right=is_right)
    await folder.execute(_NOTE, now)
    return now


async def doubt(folder: asyncpg.Connection, now: datetime) -> str | None:
    """Why a purge would destroy nothing now, in a sentence; None when it would. Notes nothing."""
    try:
        _require_agreement(now, await folder.fetchrow(_CLOCKS), is_right=False)
    except ClockDoubted as doubted:
        return str(doubted)
    return None


def _require_agreement(now: datetime, clocks: asyncpg.Record, *, is_right: bool) -> None:
    database: datetime = clocks["database"]
    if abs(now - database) > MOST_APART:
        raise ClockDoubted(
            f"nothing is destroyed: it is {_text(now)} by this machine's clock, {_text(database)} "
            "by the database's (UTC); set right which is wrong."
        )
    last: datetime | None = clocks["last_purge"] or clocks["last_response"]
    if last is not None and not is_right and abs(now - last) > MOST_APART:
        event = "purge" if clocks["last_purge"] else "response"
        direction = "after" if now > last else "before"
        raise ClockDoubted(
            f"nothing is destroyed: {_text(now)} (UTC) is {abs(now - last).days} days {direction} "
            f"the last {event}, {_text(last)}; set the clock right, or, if it is, run '{OVERRIDE}' "
            "once."
        )


def _text(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}"


# Only the day of a response is known, so the end of that day counts. After the first purge no
# response counts: one with a day far ahead would stop every purge.
_CLOCKS = """/* purge_clocks */
    select clock_timestamp() as database,
        (select at from meetpunt.purge_moment) as last_purge,
        (select max(least(newest.day, '9000-01-01'))::timestamp at time zone 'UTC'
                + interval '1 day'
            from meetpunt.municipality
            cross join lateral (select max(day) as day from meetpunt.response
                where municipality = municipality.code) as newest
            where newest.day is not null
                and not exists (select from meetpunt.purge_moment)) as last_response"""

_NOTE = """/* purge_moment */
    insert into meetpunt.purge_moment (at) values ($1)
    on conflict (the_only) do update set at = excluded.at"""
