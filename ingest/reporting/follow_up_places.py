"""Where the signals of a touchpoint counted when a month was told: so its quarter is of the same.

Else a touchpoint that moves to another department would be in the months of the one and in the
quarter of the other, and the difference would be its signals, however few.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import asyncpg
import msgspec

from ingest.reporting.batches import last_of_month
from ingest.reporting.samples import quarter_of
from ingest.reporting.signals import Following


class Placed(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Where the `n` signals of a touchpoint of a month count, since that month was told."""

    month: date
    touchpoint: int
    channel: str
    department: str
    n: int


def places_of(
    counts: Mapping[tuple[date, int], int],
    following: Following,
    before: Iterable[Placed],
    *,
    since: date,
    today: date,
) -> tuple[list[Placed], set[tuple[str, date]]]:
    """Where the signals of each touchpoint and month count, and which quarters cannot be told.

    `counts` are numbers of signals, by month and touchpoint. A channel stands beside its quarter.

    `before` are of months that were told, over before `since`. A quarter of a channel is not told
    where such a month holds another number of signals by now: the difference would be of those.
    In the demo, where nothing is told for good, all are where the files have them.
    """
    were = {} if following.at_once else {(each.month, each.touchpoint): each for each in before}
    places, changed = list[Placed](), set[tuple[str, date]]()
    for month, touchpoint in counts.keys() | were.keys():
        n, noted = counts.get((month, touchpoint), 0), were.get((month, touchpoint))
        if noted is not None:
            place: tuple[str, str] | None = (noted.channel, noted.department)
        else:
            place = following.where.get(touchpoint)
        if place is None:
            continue
        channel, department = place
        was_told = last_of_month(month) < since and not following.at_once
        if was_told and n != (noted.n if noted else 0):
            changed.add((channel, quarter_of(month)))
        elif last_of_month(month) < today or following.at_once:
            places.append(
                Placed(
                    month=month, touchpoint=touchpoint, channel=channel, department=department, n=n
                )
            )
    return places, changed


async def placed_before(db: asyncpg.Connection, code: str) -> list[Placed]:
    """Those of months that were told, of quarters that were not."""
    return [Placed(**row) for row in await db.fetch(_PLACED, code)]


async def note_places(
    db: asyncpg.Connection, code: str, places: Iterable[Placed], *, since: date, today: date
) -> None:
    """Note those of months that were told now, until their quarter is over."""
    new = [each for each in places if since <= last_of_month(each.month)]
    columns = list(zip(*map(msgspec.structs.astuple, new), strict=True)) or [()] * 5
    await db.execute(_PLACE, code, *map(list, columns))
    await db.execute(_FORGET_PLACES, code, quarter_of(today))


_PLACED = """/* follow_up_places */
    select month, touchpoint, channel, department, n from meetpunt.follow_up_place
    where municipality = $1
"""

_PLACE = """/* note_follow_up_places */
    insert into meetpunt.follow_up_place (municipality, month, touchpoint, channel, department, n)
    select $1, told.*
    from unnest($2::date[], $3::integer[], $4::text[], $5::text[], $6::bigint[]) as told
"""

_FORGET_PLACES = """/* forget_follow_up_places */
    delete from meetpunt.follow_up_place where municipality = $1 and month < $2
"""
