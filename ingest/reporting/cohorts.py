"""How far the contacts of a month came: told once, of a month that is over for everybody in it.

A figure that moved while people still answer would tell who did, to whoever knows who was sent a
message that day; also one that moves by ten at a time. And what was sent, told day by day, tells
who was not. So a row is written once, and never changed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import asyncpg
import msgspec

from ingest.clock import day_of
from ingest.reporting.batches import ENOUGH
from ingest.reporting.plan import Plan

Stages = Mapping[str, int]

_NOT_CHOSEN = ("sampled-out", "not-this", "withdrawn")
_ABOUT_SOMEBODY = ("asked-recently", "opted-out")


class Cohort(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """The contacts of one month, touchpoint and product ("": none, or of too few), as told.

    None: not told, because there are too few. `not_chosen` holds who was asked recently or opted
    out as well, where those are not told apart: so nobody can subtract them.
    """

    product: str
    known: int
    not_chosen: int | None = None
    sent: int | None = None
    delivered: int | None = None
    failed: int | None = None
    unknown: int | None = None
    expired: int | None = None
    asked_recently: int | None = None
    opted_out: int | None = None
    answered: int | None = None


def told(products: Mapping[str, Stages]) -> list[Cohort]:
    """What is told of one month of a touchpoint, given its counts by product and stage.

    A product that fewer than ten contacts share goes with those without one, and as long as these
    are fewer than ten the smallest product joins them. Of fewer than ten in all it is only told
    that they were known.
    """
    kept = {product: Counter(stages) for product, stages in products.items() if product}
    rest = Counter(products.get("", {}))
    for product in sorted(kept, key=lambda name: (kept[name]["known"], name)):
        if kept[product]["known"] >= ENOUGH and not _few(rest):
            continue
        rest.update(kept.pop(product))
    cohorts = [_cohort(product, stages) for product, stages in sorted(kept.items())]
    return [*([_cohort("", rest)] if rest["known"] else []), *cohorts]


def _few(rest: Counter[str]) -> bool:
    return 0 < rest["known"] < ENOUGH


def _cohort(product: str, stages: Counter[str]) -> Cohort:
    if stages["known"] < ENOUGH:
        return Cohort(product=product, known=stages["known"])
    about = {stage: stages[stage] for stage in _ABOUT_SOMEBODY}
    apart = {stage: n if n >= ENOUGH else None for stage, n in about.items()}
    not_apart = sum(n for stage, n in about.items() if apart[stage] is None)
    return Cohort(
        product=product,
        known=stages["known"],
        not_chosen=sum(stages[stage] for stage in _NOT_CHOSEN) + not_apart,
        sent=stages["sent"],
        delivered=stages["delivered"],
        failed=stages["failed"],
        unknown=stages["unknown"],
        expired=stages["expired"],
        asked_recently=apart["asked-recently"],
        opted_out=apart["opted-out"],
        answered=stages["answered"] if stages["answered"] >= ENOUGH else None,
    )


def is_closed(month: date, days: int, today: date) -> bool:
    """Whether nobody of that month (its first day) can answer any more, `days` after its end."""
    after = (month + timedelta(days=31)).replace(day=1)
    return today >= after + timedelta(days=days)


async def tell_cohorts(
    db: asyncpg.Connection, codes: Sequence[str], plan: Plan, *, now: datetime
) -> None:
    """Tell each month of these municipalities that closed, and forget what it was counted from.

    Within the transaction of a look, whose turn it is. What comes in later is not told.
    """
    await db.execute(_COUNT_ANSWERED, codes)
    today = day_of(now)
    closed = [
        (row["municipality"], row["month"], row["touchpoint"])
        for row in await db.fetch(_MONTHS, codes)
        if is_closed(row["month"], plan.days_to_answer(row["touchpoint"]), today)
    ]
    if not closed:
        return
    counted = await db.fetch(_TAKE, *map(list, zip(*closed, strict=True)))
    columns = list(zip(*_rows(counted), strict=True))
    if columns:
        await db.execute(_TELL, *map(list, columns), now)


def _rows(counted: Iterable[asyncpg.Record]) -> Iterable[tuple[object, ...]]:
    cells: dict[tuple[str, date, int], dict[str, dict[str, int]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for row in counted:
        cell = cells[row["municipality"], row["month"], row["touchpoint"]]
        cell[row["product"]][row["stage"]] = row["n"]
    for key, products in sorted(cells.items()):
        for cohort in told(products):
            yield (*key, *msgspec.structs.astuple(cohort))


_COUNT_ANSWERED = """/* count_answered */
    with taken as (
        delete from meetpunt.answered_tally where municipality = any ($1::text[])
        returning municipality, month, touchpoint, product, n
    )
    insert into meetpunt.invitation_stage as stage
        (municipality, month, touchpoint, product, stage, n)
    select municipality, month, touchpoint, product, 'answered', sum(n)
    from taken
    group by municipality, month, touchpoint, product
    order by municipality, month, touchpoint, product
    on conflict (municipality, month, touchpoint, product, stage) do update
    set n = stage.n + excluded.n
"""

_MONTHS = """/* months_counted */
    select distinct municipality, month, touchpoint
    from meetpunt.invitation_stage
    where municipality = any ($1::text[])
    order by municipality, month, touchpoint
"""

# What came after its month was told goes too, untold.
_TAKE = """/* take_closed */
    with closed as materialized (
        select * from unnest($1::text[], $2::date[], $3::integer[])
            as c (municipality, month, touchpoint)
    ),
    gone as (
        delete from meetpunt.invitation_stage as stage
        using closed
        where (stage.municipality, stage.month, stage.touchpoint)
            = (closed.municipality, closed.month, closed.touchpoint)
        returning stage.*
    )
    select municipality, month, touchpoint, product, stage, n
    from gone
    where not exists (
        select from lees.uitnodiging_maand as before
        where (before.municipality, before.month, before.touchpoint)
            = (gone.municipality, gone.month, gone.touchpoint)
    )
"""

_TELL = """/* tell_cohorts */
    insert into lees.uitnodiging_maand (municipality, month, touchpoint, product, known, not_chosen,
        sent, delivered, failed, unknown, expired, asked_recently, opted_out, answered, told_at)
    select *, $15 from unnest($1::text[], $2::date[], $3::integer[], $4::text[], $5::bigint[],
        $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[],
        $12::bigint[], $13::bigint[], $14::bigint[])
"""
