"""Count, as responses are published, how many hold a text and which themes it has.

What is counted is told when the month is over, see `theme_telling`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import asyncpg

from ingest.reporting.batches import Placed, Stream, first_of_month
from ingest.reporting.plan import Plan
from ingest.reporting.texts import judgement

Row = Mapping[str, Any]
Tagged = Mapping[str, Sequence[tuple[Sequence[str], str]]]
"""By the id of a response: of each of its texts the themes, and the version that found them."""

LOW = "laag"
"""The judgement of marks of 5 or lower."""


async def typed_texts(db: asyncpg.Connection, codes: Sequence[str], until: Any) -> Tagged:
    """The themes of all texts of these municipalities that came in up to the day `until`."""
    tagged: dict[str, list[tuple[Sequence[str], str]]] = defaultdict(list)
    for response_id, themes, version in await db.fetch(_TYPED, codes, until):
        tagged[response_id].append((themes, version))
    return tagged


def counted_themes(
    plan: Plan,
    rows: Sequence[Row],
    streams: Mapping[int, Stream],
    tagged: Tagged,
    placed: Iterable[Placed],
) -> list[tuple[object, ...]]:
    """The rows that the `placed` responses add to `theme_tally`, as its columns stand.

    The places in `placed` are numbers of `rows`; `streams` has the stream by the first of each.
    Suspect responses and those left halfway are not counted. Of a response with several texts
    these are one.
    """
    counts: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for responses in placed:
        stream = streams[responses.places[0]]
        if stream.suspect or not stream.complete:
            continue
        municipality = rows[responses.places[0]]["municipality"]
        month, wijk, product, language = _kept(plan, stream.touchpoint, responses)
        for place in responses.places:
            row = rows[place]
            judged = judgement(row["mark"])
            group = (stream.structure, stream.invited, stream.promised, judged, language)
            where = (
                *(municipality, month, stream.touchpoint, "/".join(map(str, group))),
                *(wijk, product, judged == LOW),
            )
            texts = tagged.get(row["id"], ())
            count = counts[*where, "", 0]
            count[0] += 1
            count[1] += bool(texts)
            looked_for: dict[str, int] = {}
            for _, version in texts:
                looked_for |= plan.looked_for(municipality, version)
            found = {code for codes, _ in texts for code in codes}
            for theme, version_of_file in looked_for.items():
                count = counts[*where, theme, version_of_file]
                count[1] += 1
                count[2] += theme in found
    return [
        (*key, plan.is_small(key[2]), *count)  # type: ignore[arg-type]
        for key, count in sorted(counts.items(), key=str)
    ]


def _kept(plan: Plan, touchpoint: int, responses: Placed) -> tuple[object, str, str, str]:
    """The month in which these count, and what is kept of their wijk, product and language.

    Of what is not suspect the details are the day, the way of asking, the touchpoint's own, what
    the municipality knows, the language and the part of the day.
    """
    day, _, *own, language, _ = responses.kept
    names = plan.dimensions.get(touchpoint, ())
    kept = dict(zip(names, own, strict=False))
    # Where links name no product, the touchpoint's own holds.
    product = kept["product"] if "product" in kept else plan.own.get(touchpoint, {}).get("product")
    month = first_of_month(day or responses.closed_on)  # type: ignore[arg-type]
    return month, str(kept.get("wijk") or ""), str(product or ""), str(language or "")


async def add_themes(db: asyncpg.Connection, counted: Sequence[tuple[object, ...]]) -> None:
    """Add what `counted_themes` counted, in the transaction that publishes it."""
    if counted:
        await db.execute(_ADD, *map(list, zip(*counted, strict=True)))


# Few responses have a text, so all texts are read at once, and not looked up for each response.
_TYPED = """/* typed */
    select response_id::text, themes, theme_version
    from meetpunt.free_text
    where municipality = any ($1::text[]) and day <= $2
"""

_ADD = """/* count_themes */
    insert into meetpunt.theme_tally as tally (municipality, month, touchpoint, text_group, wijk,
        product, low, theme, version, small_group, responses, texts, hits)
    select * from unnest($1::text[], $2::date[], $3::integer[], $4::text[], $5::text[], $6::text[],
        $7::boolean[], $8::text[], $9::smallint[], $10::boolean[], $11::bigint[], $12::bigint[],
        $13::bigint[])
    on conflict (municipality, month, touchpoint, text_group, wijk, product, low, theme, version)
    do update
    set responses = tally.responses + excluded.responses, texts = tally.texts + excluded.texts,
        hits = tally.hits + excluded.hits, small_group = tally.small_group or excluded.small_group
"""
