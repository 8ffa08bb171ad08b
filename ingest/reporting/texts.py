"""Publish texts apart from their responses, once any of ten residents could have written them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date
from typing import Any

import asyncpg
import msgspec

from ingest.reporting.batches import (
    Judged,
    Placed,
    Released,
    Stream,
    TextGroup,
    first_of_month,
    release,
)
from ingest.reporting.finding_anew import find_waiting_anew
from ingest.reporting.plan import Plan

_LOW, _HIGH = 5, 8

Row = Mapping[str, Any]


async def publish_texts(
    db: asyncpg.Connection,
    plan: Plan,
    rows: Sequence[Row],
    streams: Mapping[int, Stream],
    typed: Set[str],
    placed: Sequence[Placed],
) -> Released:
    """Publish texts of the `placed` responses, and waiting ones of earlier responses; says which.

    A text only appears where enough responses could have held it. The places in `placed` are
    numbers of `rows`; `streams` has the stream by the first place of each. `typed` are the ids of
    responses with a text. The text of a suspect response is never published.
    """
    judged: list[Judged] = []
    for responses in placed:
        stream = streams[responses.places[0]]
        if not stream.suspect:
            judged += _judged(rows, stream, typed, responses)
    if not judged:
        return Released(month_of={}, first={}, counted={})
    groups = {responses.group for responses in judged}
    before = await _before(db, groups)
    released = release(
        judged,
        before,
        {group: plan.group(group.touchpoint, promised=group.promised).enough for group in groups},
    )
    appearing: dict[TextGroup, list[str]] = defaultdict(list)
    for one in judged:
        appearing[one.group] += [
            rows[place]["id"] for place in one.places if place in released.month_of
        ]
    released = msgspec.structs.replace(
        released, found_anew=await find_waiting_anew(db, plan, released, appearing)
    )
    texts = [
        (
            *(rows[place]["at"], rows[place]["id"], *responses.group[1:]),
            *(first_of_month(responses.closed_on), released.month_of.get(place)),
            plan.is_small(responses.group.touchpoint),
        )
        for responses in judged
        for place in responses.places
    ]
    first = [
        (*group, month, plan.is_small(group.touchpoint)) for group, month in released.first.items()
    ]
    if texts or first:
        await db.execute(_PUBLISH_TEXTS, *_transposed(texts, 12), *_transposed(first, 10))
    await _keep_count(db, groups, released.counted)
    return released


async def _keep_count(
    db: asyncpg.Connection,
    groups: Set[TextGroup],
    counted: Mapping[TextGroup, Mapping[date, int]],
) -> None:
    """Remember, by group and month, how many responses could hold the next text."""
    rows = [
        (*group, month, responses)
        for group, months in counted.items()
        for month, responses in months.items()
    ]
    await db.execute(_FORGET_JUDGED, *_transposed(sorted(groups), 8))
    await db.execute(_COUNT_JUDGED, *_transposed(rows, 10))


async def _before(
    db: asyncpg.Connection, groups: Set[TextGroup]
) -> dict[TextGroup, dict[date, int]]:
    """How many responses of these groups were counted since their texts last appeared, by month."""
    before: dict[TextGroup, dict[date, int]] = {}
    codes = sorted({group.municipality for group in groups})
    for *key, month, responses in await db.fetch(_JUDGED, codes):
        if (group := TextGroup(*key)) in groups:
            before.setdefault(group, {})[month] = responses
    return before


def _judged(
    rows: Sequence[Row], stream: Stream, typed: Set[str], placed: Placed
) -> Iterator[Judged]:
    """Split responses with the same details by their judgement."""
    counts: Counter[str] = Counter()
    with_text: dict[str, list[int]] = defaultdict(list)
    for place in placed.places:
        judgement_name = judgement(rows[place]["mark"])
        counts[judgement_name] += 1
        if rows[place]["id"] in typed:
            with_text[judgement_name].append(place)
    municipality = rows[placed.places[0]]["municipality"]
    for judgement_name, many in counts.items():
        yield Judged(
            places=with_text[judgement_name],
            group=group_of(municipality, stream, judgement_name, placed),
            closed_on=placed.closed_on,
            counts=many if stream.complete else 0,
        )


def group_of(municipality: str, stream: Stream, judgement_name: str, placed: Placed) -> TextGroup:
    """Whose texts appear together with those of `placed` responses that were judged so."""
    *_, language, _ = placed.kept
    return TextGroup(
        municipality=municipality,
        touchpoint=stream.touchpoint,
        structure=stream.structure,
        invited=stream.invited,
        promised=stream.promised,
        judgement=judgement_name,
        language=language if isinstance(language, str) else "",
        told=stream.told,
    )


def judgement(mark: int | None) -> str:
    """Turn a mark of 1 to 10 into one of four groups; the empty text where there is none.

    Those of the targets can be put together from them: lower than 6, 6 or lower, 8 or higher.
    """
    if mark is None:
        return ""
    return "laag" if mark <= _LOW else "hoog" if mark >= _HIGH else str(mark)


def _transposed(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]


# Here a text is separated from its response: afterwards nothing connects the two. The responses are
# given by their places in the queue.
_PUBLISH_TEXTS = """/* publish_texts */
    with placed as materialized (
        select p.*, unpublished.municipality, unpublished.day
        from unnest(
            $1::text[]::tid[], $2::text[]::uuid[], $3::integer[], $4::text[], $5::boolean[],
            $6::boolean[], $7::text[], $8::text[], $9::text[], $10::date[], $11::date[],
            $12::boolean[]
        ) as p (
            at, id, touchpoint, structure, invited, promised, judgement, language, told, month,
            readable_in, small_group
        )
        join meetpunt.unpublished
            on unpublished.ctid = p.at and unpublished.response_id = p.id
    ),
    released as materialized (
        select *
        from unnest(
            $13::text[], $14::integer[], $15::text[], $16::boolean[], $17::boolean[],
            $18::text[], $19::text[], $20::text[], $21::date[], $22::boolean[]
        ) as r (
            municipality, touchpoint, structure, invited, promised, judgement, language, told,
            readable_in, small_group
        )
    ),
    taken as (
        delete from meetpunt.free_text
        using placed
        where free_text.municipality = placed.municipality and free_text.day = placed.day
            and free_text.response_id = placed.id
        returning free_text.municipality, placed.touchpoint, placed.structure, placed.invited,
            placed.promised, placed.judgement, placed.language, placed.told, placed.month,
            placed.readable_in, placed.small_group, free_text.item, free_text.text,
            free_text.masked, free_text.themes, free_text.theme_version
    ),
    waited as (
        delete from meetpunt.waiting_text as w
        using released
        where w.municipality = released.municipality and w.touchpoint = released.touchpoint
            and w.structure = released.structure and w.invited = released.invited
            and w.promised = released.promised and w.judgement = released.judgement
            and w.language = released.language and w.told = released.told
        returning w.municipality, w.touchpoint, w.structure, w.judgement, released.readable_in,
            released.small_group, w.item, w.text, w.masked, w.themes, w.theme_version
    ),
    wait as (
        insert into meetpunt.waiting_text (municipality, touchpoint, structure, invited, promised,
            judgement, language, told, month, item, text, masked, themes, theme_version)
        select municipality, touchpoint, structure, invited, promised, judgement, language, told,
            month, item, text, masked, themes, theme_version
        from taken
        where readable_in is null
        order by gen_random_uuid()
    ),
    readable as (
        select municipality, readable_in, touchpoint, structure, item, judgement, small_group,
            text, masked, themes, theme_version
        from taken
        where readable_in is not null
        union all
        select municipality, readable_in, touchpoint, structure, item, judgement, small_group,
            text, masked, themes, theme_version
        from waited
    )
    insert into lees.tekst
        (municipality, month, touchpoint, questionnaire, item, judgement, small_group, text, masked,
            themes, theme_version)
    select readable.municipality, readable_in, touchpoint, questionnaire.questionnaire, item,
        judgement, small_group, text, masked, themes, theme_version
    from readable
    join meetpunt.questionnaire
        on questionnaire.municipality = readable.municipality
        and questionnaire.structure = readable.structure
    order by gen_random_uuid()
"""

_JUDGED = """/* judged */
    select municipality, touchpoint, structure, invited, promised, judgement, language, told, month,
        responses
    from meetpunt.judged
    where municipality = any ($1::text[])
"""

_FORGET_JUDGED = """/* forget_judged */
    delete from meetpunt.judged as j
    using unnest($1::text[], $2::integer[], $3::text[], $4::boolean[], $5::boolean[], $6::text[],
            $7::text[], $8::text[])
        as g (municipality, touchpoint, structure, invited, promised, judgement, language, told)
    where j.municipality = g.municipality and j.touchpoint = g.touchpoint
        and j.structure = g.structure and j.invited = g.invited and j.promised = g.promised
        and j.judgement = g.judgement and j.language = g.language and j.told = g.told
"""

_COUNT_JUDGED = """/* count_judged */
    insert into meetpunt.judged (municipality, touchpoint, structure, invited, promised, judgement,
        language, told, month, responses)
    select * from unnest($1::text[], $2::integer[], $3::text[], $4::boolean[], $5::boolean[],
        $6::text[], $7::text[], $8::text[], $9::date[], $10::bigint[])
"""
