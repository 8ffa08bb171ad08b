"""Signals of themes that rise: residents wrote more often about something than the month before.

They are worked out from what was told of themes, that every report may show; so they tell nothing
of anybody's text.
"""

from collections.abc import Sequence
from datetime import date

import asyncpg

from ingest.reporting.signals import SignalPlan

MOST_P = 0.05
"""Of all that is looked at of a municipality in a month together (Holm): decision 0018."""


async def make_theme_signals(
    db: asyncpg.Connection, plan: SignalPlan, codes: Sequence[str], month: date
) -> int:
    """Make a signal for each theme that rose at a touchpoint in `month` (its first day); how many.

    Within the transaction that tells that month, of municipalities (by code) that have signals. A
    theme rises where its share of the texts is higher than the month before, and chance seldom
    makes it so.
    """
    followed = [code for code in codes if code in plan.following]
    if not followed:
        return 0
    made: int = await db.fetchval(
        _MAKE, followed, month, sorted(plan.of_themes), sorted(plan.at_once), MOST_P
    )
    return made


_MAKE = """/* make_theme_signals */
    with shares as (
        select municipality, touchpoint, theme, version, month, sum(hits)::double precision as hits,
            sum(texts)::double precision as texts
        from lees.thema
        where municipality = any ($1::text[]) and part = 'alle' and touchpoint = any ($3::integer[])
            and month in ($2::date, ($2::date - interval '1 month')::date)
        group by municipality, touchpoint, theme, version, month
    ),
    compared as (
        select of_this.municipality, of_this.touchpoint, of_this.theme,
            of_this.hits / of_this.texts - of_before.hits / of_before.texts as rose_by,
            lees.welch_p(
                of_this.hits / of_this.texts - of_before.hits / of_before.texts,
                lees.squared_error(of_this.texts, of_this.hits, of_this.hits, 0, 1), of_this.texts,
                lees.squared_error(of_before.texts, of_before.hits, of_before.hits, 0, 1),
                of_before.texts
            ) as p
        from shares as of_this
        join shares as of_before using (municipality, touchpoint, theme, version)
        where of_this.month = $2 and of_before.month < $2
    ),
    ranked as (
        select compared.*,
            p * (1 + count(*) over together - row_number() over by_rank) as step
        from compared
        window together as (partition by municipality),
            by_rank as (partition by municipality order by p, touchpoint, theme)
    ),
    surely as (
        select ranked.*, max(step) over (partition by municipality order by p, touchpoint, theme)
            as p_of_all
        from ranked
    ),
    made as (
        insert into meetpunt.signal (municipality, touchpoint, reason, theme, day, half, shown_from)
        select municipality, touchpoint, 'thema', theme, half.day, half.half,
            half.shown_from
        from surely
        cross join meetpunt.half_day_now(touchpoint = any ($4::integer[])) as half
        where rose_by > 0 and p_of_all < $5
        order by gen_random_uuid()
        returning 1
    )
    select count(*) from made
"""
