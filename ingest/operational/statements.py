"""Every statement about operational figures: one function each."""

from collections.abc import Sequence
from datetime import date, datetime

import asyncpg

Row = tuple[str, date, str, str, str, str, float | None, int | None]
"""Grain, period, channel, department, product, measure, value, n."""


async def count_in_share(
    db: asyncpg.Connection,
    municipality: str,
    period: date,
    channel: str,
    measure: str,
    *,
    holds: bool,
    now: datetime,
) -> None:
    """Count one more in the share of a month, and in what it is the share of.

    `municipality` is its code, `period` the first of the month; `holds`: it is one of those of
    which this is the share. What somebody told of the same month is counted on from.
    """
    await db.execute(
        """/* count_in_share */
        insert into lees.kengetal as known
            (municipality, grain, period, channel, department, product, measure, value, n, told_at)
        values ($1, 'month', $2, $3, '', '', $4, $5::integer, 1, $6)
        on conflict (municipality, measure, channel, department, product, grain, period) do update
        -- A share of so many is a whole number of them: rounded, or it would drift.
        set value = (coalesce(round(known.value * known.n), 0) + excluded.value)
                / (coalesce(known.n, 0) + 1),
            n = coalesce(known.n, 0) + 1,
            told_at = excluded.told_at
        """,
        municipality,
        period,
        channel,
        measure,
        int(holds),
        now,
    )


async def store_figures(
    db: asyncpg.Connection, municipality: str, rows: Sequence[Row], now: datetime
) -> int:
    """Store figures, each key once; returns how many were new or different from what was there.

    `municipality` is its code, `now` (UTC) the moment at which they were told.
    """
    changed = await db.fetch(
        """/* store_figures */
        insert into lees.kengetal as known
            (municipality, grain, period, channel, department, product, measure, value, n, told_at)
        select $1, told.*, $2
        from unnest($3::text[], $4::date[], $5::text[], $6::text[], $7::text[], $8::text[],
            $9::double precision[], $10::bigint[])
            as told (grain, period, channel, department, product, measure, value, n)
        -- In one order: two who tell the same at once wait for each other, and never both.
        order by grain, period, channel, department, product, measure
        on conflict (municipality, measure, channel, department, product, grain, period) do update
        set value = excluded.value, n = excluded.n, told_at = excluded.told_at
        where (known.value, known.n) is distinct from (excluded.value, excluded.n)
        returning true
        """,
        municipality,
        now,
        *(list(column) for column in zip(*rows, strict=True)),
    )
    return len(changed)
