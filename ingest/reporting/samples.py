"""What a sample of the residents was asked: counted as it is published, told once, by the quarter.

Their answers stand in no row that is read: of one in ten, hardly ever do ten in a batch agree,
and the rows in which they do would tell of the commonest answer alone. So they are counted before
they are dropped. A count that grew from look to look would tell what one of a batch of ten said, to
whoever knows who was asked; so readers get it once, when the quarter is over (decision 0020).
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import asyncpg
import msgspec

from ingest.clock import day_of
from ingest.questionnaires.sampled_items import NOT_ANSWERED
from ingest.reporting.batches import ENOUGH, Placed, Stream
from ingest.reporting.plan import Plan

BEFORE, NO, REASON = "eerder", "nee", "eerder_reden"
"""The item that asks whether something else was tried first, which in its other options; the code
of "no"; and the item that asks why."""

REST = "overige"
"""Stands for all answers that too few gave to be told apart."""

_TOLD_AFTER = timedelta(days=7)
"""After the end of a quarter: what is published late of its last days is in it."""

Row = Mapping[str, Any]


class Told(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """How many of a quarter and channel: who answered (`gevraagd`), who tried something else first
    (`eerder`), by which channel (`kanaal`), and why that did not do (`reden`).

    `n` is None where fewer than ten answered.
    """

    part: str
    code: str = ""
    n: int | None


def told(counts: Mapping[str, Mapping[str, int]]) -> list[Told]:
    """What is told, given how often each code was answered, by item.

    Each number that is told, or can be subtracted from those, counts ten people at the least.
    """
    before = Counter(counts.get(BEFORE, {}))
    answered, no = before.total(), before.pop(NO, 0)
    if answered < ENOUGH:
        return [Told(part="gevraagd", n=None)]
    tried = answered - no
    shown = [Told(part="gevraagd", n=answered)]
    if min(no, tried) < ENOUGH:
        return shown
    why = Counter(counts.get(REASON, {}))
    why[REST] += tried - why.total()  # who did not say
    return [
        *shown,
        Told(part="eerder", n=tried),
        *(Told(part="kanaal", code=code, n=n) for code, n in _apart(before)),
        *(Told(part="reden", code=code, n=n) for code, n in _apart(why)),
    ]


def _apart(classes: Counter[str]) -> list[tuple[str, int]]:
    """The classes with ten or more; the others together, and the smallest joins them while they are
    fewer than ten. Nothing where only one class is left: the number of all in it is told already.
    """
    kept = {code: n for code, n in classes.items() if n >= ENOUGH and code != REST}
    rest = classes.total() - sum(kept.values())
    while kept and 0 < rest < ENOUGH:
        rest += kept.pop(min(kept, key=lambda code: (kept[code], code)))
    apart = sorted(kept.items()) + ([(REST, rest)] if rest else [])
    return apart if len(apart) > 1 else []


def quarter_of(day: date) -> date:
    """The first day of its quarter."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def counted_samples(
    plan: Plan, rows: Sequence[Row], streams: Mapping[int, Stream], placed: Iterable[Placed]
) -> list[tuple[object, ...]]:
    """What the `placed` responses add: municipality, quarter, touchpoint, item, code, small group,
    how often.

    The places in `placed` are numbers of `rows`; `streams` has the stream by the first of each.
    """
    counts: Counter[tuple[object, ...]] = Counter()
    for responses in placed:
        stream = streams[responses.places[0]]
        if not stream.sampled or stream.suspect:
            continue
        # Of what is not suspect the day is the first detail.
        day = responses.kept[0]
        quarter = quarter_of(day if isinstance(day, date) else responses.closed_on)
        small_group = plan.is_small(stream.touchpoint)
        for place in responses.places:
            municipality = rows[place]["municipality"]
            for item, code in _codes(plan, rows[place]):
                key = (municipality, quarter, stream.touchpoint, item, code, small_group)
                counts[key] += 1
    return [(*key, n) for key, n in sorted(counts.items(), key=str)]


def _codes(plan: Plan, row: Row) -> Iterator[tuple[str, str]]:
    answers = json.loads(row["answers"])
    for item in plan.sampled[row["structure"]]:
        code = answers.get(item)
        if code is not None and code != NOT_ANSWERED:
            yield item, code


async def add_samples(db: asyncpg.Connection, counted: Sequence[tuple[object, ...]]) -> None:
    """Add what `counted_samples` counted, in the transaction that publishes it."""
    if counted:
        await db.execute(_ADD, *map(list, zip(*counted, strict=True)))


async def tell_samples(db: asyncpg.Connection, codes: Sequence[str], *, now: datetime) -> None:
    """Tell each quarter of these municipalities that is over, and forget what it was counted from.

    Within the transaction of a look, whose turn it is. What comes in later is not told.
    """
    today = day_of(now)
    first_open = quarter_of(today - _TOLD_AFTER)
    cells: dict[tuple[str, date, str], dict[str, dict[str, int]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    small: dict[tuple[str, date, str], bool] = defaultdict(bool)
    for row in await db.fetch(_TAKE, codes, first_open):
        cell = row["municipality"], row["quarter"], row["channel"]
        cells[cell][row["item"]][row["code"]] = row["n"]
        small[cell] |= row["small_group"]
    rows = [
        (*cell, *msgspec.structs.astuple(one), small[cell])
        for cell, counts in sorted(cells.items())
        for one in told(counts)
    ]
    if rows:
        await db.execute(_TELL, *map(list, zip(*rows, strict=True)), now)


_ADD = """/* count_samples */
    insert into meetpunt.sample_tally as tally
        (municipality, quarter, touchpoint, item, code, small_group, n)
    select * from unnest($1::text[], $2::date[], $3::integer[], $4::text[], $5::text[],
        $6::boolean[], $7::bigint[])
    on conflict (municipality, quarter, touchpoint, item, code) do update
    set n = tally.n + excluded.n, small_group = tally.small_group or excluded.small_group
"""

# What came after its quarter was told goes too, untold.
_TAKE = """/* take_samples */
    with gone as (
        delete from meetpunt.sample_tally
        where municipality = any ($1::text[]) and quarter < $2
        returning *
    )
    select gone.municipality, gone.quarter, touchpoint.channel, gone.item, gone.code,
        sum(gone.n)::bigint as n, bool_or(gone.small_group) as small_group
    from gone
    join meetpunt.touchpoint
        on touchpoint.municipality = gone.municipality and touchpoint.number = gone.touchpoint
    where not exists (
        select from lees.kanaalwissel as before
        where (before.municipality, before.quarter, before.channel)
            = (gone.municipality, gone.quarter, touchpoint.channel)
    )
    group by 1, 2, 3, 4, 5
"""

_TELL = """/* tell_samples */
    insert into lees.kanaalwissel
        (municipality, quarter, channel, part, code, n, small_group, told_at)
    select *, $8 from unnest($1::text[], $2::date[], $3::text[], $4::text[], $5::text[],
        $6::bigint[], $7::boolean[])
"""
