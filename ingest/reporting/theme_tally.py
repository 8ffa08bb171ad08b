"""Count, as responses are published, how many hold a text and which themes it has.

What is counted waits with its texts: figures of texts that nobody may read yet would say what is in
them. Once they appear it is told when the month is over, see `theme_telling`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import asyncpg

from ingest.reporting.batches import LOW, Placed, Released, Stream, TextGroup, first_of_month
from ingest.reporting.plan import Plan
from ingest.reporting.texts import group_of, judgement

Row = Mapping[str, Any]
Tagged = Mapping[str, Sequence[tuple[Sequence[str], str]]]
"""By the id of a response: of each of its texts the themes, and the version that found them."""


Where = tuple[str, object, int, str, str, str, bool]
"""Municipality, month, touchpoint, group, wijk, product, and whether its mark is low."""

Counts = dict[tuple[object, ...], list[int]]
"""By the key of a row: how many responses, texts, hits and covered texts."""

_Texts = tuple[tuple[tuple[str, ...], str], ...]


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
    placed: Sequence[Placed],
    released: Released,
) -> list[tuple[object, ...]]:
    """The rows that the `placed` responses add to `theme_tally`, as its columns stand.

    The places in `placed` are numbers of `rows`; `streams` has the stream by the first of each.
    What was `released` with its group counts in the month in which its texts appear; not at all
    where its texts were found anew: of those that waited nobody knows the details any more, and
    counted as before they would tell which of the texts came in before. Suspect responses and those
    left halfway are not counted. Of a response with several texts these are one.
    """
    counts: Counts = defaultdict(lambda: [0, 0, 0, 0])
    written: Counter[tuple[Where, bool, _Texts]] = Counter()
    last = _last_released(rows, streams, placed, released)
    for responses in placed:
        stream = streams[responses.places[0]]
        if stream.suspect or not stream.complete:
            continue
        municipality = rows[responses.places[0]]["municipality"]
        own_month, wijk, product = _kept(plan, stream.touchpoint, responses)
        for place in responses.places:
            row = rows[place]
            judged = judgement(row["mark"])
            group = group_of(municipality, stream, judged, responses)
            appears = group in last and responses.closed_on <= last[group]
            if appears and group in released.found_anew:
                continue
            appeared_in = released.month_of.get(place, released.first.get(group))
            month = appeared_in if appears and appeared_in else own_month
            where = (
                *(municipality, month, stream.touchpoint, _name_of(group)),
                *(wijk, product, judged == LOW),
            )
            texts = tagged.get(row["id"], ())
            if group in released.first and not appears and not texts:
                # Of before the release, or after it: it must not hide texts of another.
                continue
            count = counts[*where, "", 0, appears]
            count[0] += 1
            count[1] += bool(texts)
            if texts:
                written[where, appears, tuple((tuple(codes), by) for codes, by in texts)] += 1
    _count_themes(counts, plan, written)
    return [
        (*key, plan.is_small(key[2]), *count)  # type: ignore[arg-type]
        for key, count in sorted(counts.items(), key=str)
    ]


def _count_themes(
    counts: Counts, plan: Plan, written: Mapping[tuple[Where, bool, _Texts], int]
) -> None:
    """Count what was `written` under each theme that was looked for in it.

    Covered is what has a theme that stands before this one, and is no hit of it. Before one that
    the municipality adds stand those of everybody and those above it in its file; before one of
    everybody, none.
    """
    looked_for = {}
    for (where, appears, texts), many in written.items():
        key = where[0], *{version: None for _, version in texts}
        if key not in looked_for:
            looked_for[key] = _looked_for(plan, *key)
        found = {code for codes, _ in texts for code in codes}
        before = False
        for theme, version, is_added in looked_for[key]:
            count = counts[*where, theme, version, appears]
            count[1] += many
            if before and is_added:
                count[3] += many
            elif theme in found:
                count[2] += many
            before = before or theme in found


def _looked_for(plan: Plan, municipality: str, *versions: str) -> list[tuple[str, int, bool]]:
    """The themes of these versions, with that of their file and whether the municipality adds them.

    Each stands before the next.
    """
    every: dict[str, int] = {}
    added: dict[str, int] = {}
    for version in versions:
        every |= plan.looked_for(municipality, version)
        added |= plan.added_themes(municipality, version)
    return [(code, every[code], code in added) for code in sorted(every, key=added.__contains__)]


def _last_released(
    rows: Sequence[Row],
    streams: Mapping[int, Stream],
    placed: Iterable[Placed],
    released: Released,
) -> dict[TextGroup, date]:
    """Of each group the last day of which a text appears: what closed later waits for the next."""
    last: dict[TextGroup, date] = {}
    for responses in placed:
        first = responses.places[0]
        for place in responses.places:
            if place in released.month_of:
                judged = judgement(rows[place]["mark"])
                group = group_of(rows[first]["municipality"], streams[first], judged, responses)
                last[group] = max(last.get(group, date.min), responses.closed_on)
    return last


def _name_of(group: TextGroup) -> str:
    return "/".join(map(str, group[2:]))


def _kept(plan: Plan, touchpoint: int, responses: Placed) -> tuple[object, str, str]:
    """The month in which these count, and what is kept of their wijk and product.

    Of what is not suspect the details are the day, the way of asking, the touchpoint's own, what
    the municipality knows, the language and the part of the day.
    """
    day, _, *own, _, _ = responses.kept
    names = plan.dimensions.get(touchpoint, ())
    kept = dict(zip(names, own, strict=False))
    # Where links name no product, the touchpoint's own holds.
    product = kept["product"] if "product" in kept else plan.own.get(touchpoint, {}).get("product")
    month = first_of_month(day or responses.closed_on)  # type: ignore[arg-type]
    return month, str(kept.get("wijk") or ""), str(product or "")


async def add_themes(
    db: asyncpg.Connection, counted: Sequence[tuple[object, ...]], released: Released
) -> None:
    """Add what `counted_themes` counted, in the transaction that publishes it.

    What waited with the texts of groups that appear now counts in the month in which they do, and
    is forgotten where they were found anew.
    """
    appear = [
        (
            *(group.municipality, group.touchpoint, _name_of(group)),
            None if group in released.found_anew else month,
        )
        for group, month in released.first.items()
    ]
    if appear:
        await db.execute(_RELEASE, *map(list, zip(*appear, strict=True)))
    if counted:
        await db.execute(_ADD, *map(list, zip(*counted, strict=True)))


# Few responses have a text, so all texts are read at once, and not looked up for each response.
_TYPED = """/* typed */
    select response_id::text, themes, theme_version
    from meetpunt.free_text
    where municipality = any ($1::text[]) and day <= $2
"""

_ADDED = """
    on conflict (municipality, month, touchpoint, text_group, wijk, product, low, theme, version,
        appeared)
    do update
    set responses = tally.responses + excluded.responses, texts = tally.texts + excluded.texts,
        hits = tally.hits + excluded.hits, small_group = tally.small_group or excluded.small_group,
        covered = tally.covered + excluded.covered
"""

_ADD = f"""/* count_themes */
    insert into meetpunt.theme_tally as tally (municipality, month, touchpoint, text_group, wijk,
        product, low, theme, version, appeared, small_group, responses, texts, hits, covered)
    select * from unnest($1::text[], $2::date[], $3::integer[], $4::text[], $5::text[], $6::text[],
        $7::boolean[], $8::text[], $9::smallint[], $10::boolean[], $11::boolean[], $12::bigint[],
        $13::bigint[], $14::bigint[], $15::bigint[])
    {_ADDED}
"""  # noqa: S608  # made of our own constants

_RELEASE = f"""/* release_themes */
    with appear as (
        select * from unnest($1::text[], $2::integer[], $3::text[], $4::date[])
            as a (municipality, touchpoint, text_group, month)
    ),
    waited as (
        delete from meetpunt.theme_tally as tally
        using appear
        where tally.municipality = appear.municipality and tally.touchpoint = appear.touchpoint
            and tally.text_group = appear.text_group and not tally.appeared
        returning tally.*, appear.month as appears_in
    )
    insert into meetpunt.theme_tally as tally (municipality, month, touchpoint, text_group, wijk,
        product, low, theme, version, appeared, small_group, responses, texts, hits, covered)
    select municipality, appears_in, touchpoint, text_group, wijk, product, low, theme, version,
        true, bool_or(small_group), sum(responses), sum(texts), sum(hits), sum(covered)
    from waited
    where appears_in is not null
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
    {_ADDED}
"""  # noqa: S608  # made of our own constants
