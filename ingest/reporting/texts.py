"""Texts leave the response that they came with, and appear where ten could have written them."""

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

from ingest.reporting.batches import Counted, Judged, Placed, TextGroup, first_of_month, release
from ingest.reporting.plan import Plan

_LOW, _MIDDLE = 5, 7

Row = Mapping[str, Any]


async def publish_texts(
    db: asyncpg.Connection, plan: Plan, rows: Sequence[Row], placed: Sequence[Placed]
) -> None:
    """Texts of what is published, and of what was before: those that no response stands alone with.

    A suspect response's text is not read by anybody.
    """
    judged = [
        Judged(place=one.place, group=_group(rows[one.place]), closed_on=one.closed_on)
        for one in placed
        if not rows[one.place]["suspect"]
    ]
    if not judged:
        return
    groups = {one.group for one in judged}
    found = await db.fetch(_JUDGED, sorted({group.municipality for group in groups}))
    before = {TextGroup(*key): Counted(responses, month) for *key, responses, month in found}
    released = release(
        judged,
        {group: since for group, since in before.items() if group in groups},
        {group: plan.group(group.touchpoint).enough for group in groups},
    )
    texts = [
        (
            *(rows[one.place]["at"], rows[one.place]["id"], *one.group[1:]),
            *(first_of_month(one.closed_on), released.month_of.get(one.place)),
            plan.is_small(one.group.touchpoint),
        )
        for one in judged
        if rows[one.place]["typed"]
    ]
    first = [
        (*group, month, plan.is_small(group.touchpoint)) for group, month in released.first.items()
    ]
    if texts or first:
        await db.execute(_PUBLISH_TEXTS, *_transposed(texts, 8), *_transposed(first, 6))
    counted = [(*group, *since) for group, since in released.counted.items()]
    await db.execute(_COUNT_JUDGED, *_transposed(counted, 6))


def _group(row: Row) -> TextGroup:
    return TextGroup(
        municipality=row["municipality"],
        touchpoint=row["touchpoint"],
        invited=row["mode"] == "bericht",
        judgement=judgement(row["mark"]),
    )


def judgement(mark: int | None) -> str:
    """The mark of 1 to 10 in three groups; the empty text where none was given."""
    if mark is None:
        return ""
    return "laag" if mark <= _LOW else "midden" if mark <= _MIDDLE else "hoog"


def _transposed(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]


# Texts leave their response here: afterwards nothing leads from one to the other. What came with
# them is named by where it lies in the queue.
_PUBLISH_TEXTS = """/* publish_texts */
    with placed as materialized (
        select p.*, unpublished.municipality, unpublished.day
        from unnest(
            $1::tid[], $2::uuid[], $3::integer[], $4::boolean[], $5::text[], $6::date[],
            $7::date[], $8::boolean[]
        ) as p (at, id, touchpoint, invited, judgement, month, readable_in, small_group)
        join meetpunt.unpublished
            on unpublished.ctid = p.at and unpublished.response_id = p.id
    ),
    released as materialized (
        select *
        from unnest(
            $9::text[], $10::integer[], $11::boolean[], $12::text[], $13::date[], $14::boolean[]
        ) as r (municipality, touchpoint, invited, judgement, readable_in, small_group)
    ),
    taken as (
        delete from meetpunt.free_text
        using placed
        where free_text.municipality = placed.municipality and free_text.day = placed.day
            and free_text.response_id = placed.id
        returning free_text.municipality, placed.touchpoint, placed.invited, placed.judgement,
            placed.month, placed.readable_in, placed.small_group,
            (select questionnaire from meetpunt.response
                where response.municipality = placed.municipality and response.day = placed.day
                    and response.id = placed.id) as questionnaire,
            free_text.item, free_text.text, free_text.masked
    ),
    waited as (
        delete from meetpunt.waiting_text as w
        using released
        where w.municipality = released.municipality and w.touchpoint = released.touchpoint
            and w.invited = released.invited and w.judgement = released.judgement
        returning w.municipality, w.touchpoint, w.judgement, released.readable_in,
            released.small_group, w.questionnaire, w.item, w.text, w.masked
    ),
    wait as (
        insert into meetpunt.waiting_text
            (municipality, touchpoint, invited, judgement, month, questionnaire, item, text, masked)
        select municipality, touchpoint, invited, judgement, month, questionnaire, item, text,
            masked
        from taken
        where readable_in is null
        order by gen_random_uuid()
    )
    insert into lees.tekst
        (municipality, month, touchpoint, questionnaire, item, judgement, small_group, text, masked)
    select municipality, readable_in, touchpoint, questionnaire, item, judgement, small_group, text,
        masked
    from (
        select municipality, readable_in, touchpoint, questionnaire, item, judgement, small_group,
            text, masked
        from taken
        where readable_in is not null
        union all
        select municipality, readable_in, touchpoint, questionnaire, item, judgement, small_group,
            text, masked
        from waited
    ) as readable
    order by gen_random_uuid()
"""

_JUDGED = """/* judged */
    select municipality, touchpoint, invited, judgement, responses, month
    from meetpunt.judged
    where municipality = any ($1::text[])
"""

_COUNT_JUDGED = """/* count_judged */
    insert into meetpunt.judged (municipality, touchpoint, invited, judgement, responses, month)
    select *
    from unnest($1::text[], $2::integer[], $3::boolean[], $4::text[], $5::bigint[], $6::date[])
    on conflict (municipality, touchpoint, invited, judgement) do update
    set responses = excluded.responses, month = excluded.month
"""
