"""What day it is, and whether a clock may be believed before something is destroyed by it.

A machine that starts with a wrong date would take years of answers for past their term, and its
database beside it would agree. So three must agree: our clock, the database's, and the moment of
the last purge; before the first, the day of the newest response. From where we stand a clock that
jumped and a service that was off for as long look the same: both are refused, and whoever knows
which it was says so once.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg

# A day of a municipality begins at midnight where it lies.
AMSTERDAM = ZoneInfo("Europe/Amsterdam")

# A day, and what a purge that runs once a day may come later than the day before.
MOST_APART = timedelta(hours=26)
OVERRIDE = "meetpunt purge --clock-is-right"


class ClockDoubted(Exception):
    """Clocks differ by more than a day, so nothing was destroyed; the sentence says what to do."""


async def believed(
    folder: asyncpg.Connection, now: datetime, *, is_right: bool = False
) -> datetime:
    """`now`, noted as the moment of a purge, when the database and the last purge agree with it.

    `folder` is a connection as meetpunt_folder. A database that holds no response and was never
    purged has nothing to disagree with. `is_right`: somebody looked, and answers for the clock: it
    must agree with the database's all the same. Raises `ClockDoubted`, and then notes nothing.
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


def _require_agreement(now: datetime, told: asyncpg.Record, *, is_right: bool) -> None:
    database: datetime = told["database"]
    if abs(now - database) > MOST_APART:
        raise ClockDoubted(
            f"nothing is destroyed: it is {_text(now)} by this machine's clock, {_text(database)} "
            "by the database's (UTC); set right which is wrong."
        )
    last: datetime | None = told["last_purge"] or told["last_response"]
    if last is not None and not is_right and abs(now - last) > MOST_APART:
        what = "purge" if told["last_purge"] else "response"
        way = "after" if now > last else "before"
        raise ClockDoubted(
            f"nothing is destroyed: {_text(now)} (UTC) is {abs(now - last).days} days {way} the "
            f"last {what}, {_text(last)}; set the clock right, or, if it is, run '{OVERRIDE}' once."
        )


def _text(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}"


# Of a response only its day is known, so the end of it. It plays no part once there was a purge: a
# day far ahead would stop every one.
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
