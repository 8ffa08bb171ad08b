"""Group waiting responses that have the same details, with what may be published of them. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ingest.reporting.batches import Stream, Waiting, last_of_month
from ingest.reporting.plan import Look, Plan

OWN = 4
"""How many columns differ in each row: its place in the table, its id, its mark, and a no in it."""

Row = Mapping[str, Any]


def alike(
    plan: Plan, rows: Sequence[Any], looks: Mapping[str, Look], ten_until: Mapping[int, date]
) -> Iterator[tuple[Stream, Waiting]]:
    """The responses that may be published now, with their details, the most important first.

    These are: why it is suspect, the day, how it was asked, the dimensions of the touchpoint, known
    answers, the language, the part of the day. `rows` are those of the statement `WAITING`.
    `ten_until` is, by touchpoint, the last day on which pages promised batches of ten. Rows that
    differ only in their first `OWN` columns are handled as one.

    Batches of a sample close by the month: who holds a link sees that it is in the sample, and the
    day on which so small a stream has ten would tell too often who answered last (0020).
    """
    places: dict[tuple[Any, ...], list[int]] = {}
    for index, row in enumerate(rows):
        places.setdefault(row[OWN:], []).append(index)
    details: dict[tuple[int, str], tuple[Any, ...]] = {}
    for members in places.values():
        row = rows[members[0]]
        # Another process has newer files. Ours do not say which of its answers stand in no row.
        if row["structure"] not in plan.structures:
            continue
        if not _may_go(row, looks[row["municipality"]]):
            continue
        stream = _stream(plan, row, ten_until)
        shows_day = row["mode"] != "bericht" and not row["day_uncertain"]
        key = row["touchpoint"], row["dimensions"]
        if key not in details:
            known = {**plan.own.get(key[0], {}), **json.loads(row["dimensions"])}
            details[key] = tuple(known.get(name) for name in plan.dimensions.get(key[0], ()))
        in_order = (
            *((row["suspect"],) if stream.suspect else ()),
            row["day"] if shows_day else None,
            row["mode"],
            *details[key],
            *_known_answers(plan, row),
            row["language"],
            # Among fewer than ten, figures of a part of the day would tell of too few.
            row["daypart"] if shows_day and not plan.is_small(stream.touchpoint) else None,
        )
        by_month = stream.sampled and not plan.at_once
        day = last_of_month(row["day"]) if by_month else _closes_on(row)
        yield stream, Waiting(places=members, stream=stream, day=day, details=in_order)


def _may_go(row: Row, look: Look) -> bool:
    """Whether this may be published at this look, once its batch is full."""
    invited = row["mode"] == "bericht"
    if not row["complete"] and row["day"] >= look.halfway_before:
        return False
    if _closes_on(row) >= look.days_before:
        return look.open_today and not invited
    return look.invited or not invited


def _closes_on(row: Row) -> date:
    """The day that is over before it is published: its own, or the last of its closed batch."""
    day: date = row["closed_on"] or row["day"]
    return day


def _stream(plan: Plan, row: Row, ten_until: Mapping[int, date]) -> Stream:
    """`ten_until` is the last day on which pages promised batches of ten, by touchpoint."""
    touchpoint = row["touchpoint"]
    return Stream(
        touchpoint,
        row["structure"],
        row["mode"] == "bericht",
        row["complete"],
        row["suspect"] != "",
        row["day"] <= ten_until.get(touchpoint, date.min),
        row["sent_by_us"],
        _is_sampled(plan, row),
        row["told"],
        row["batch"],
    )


def _is_sampled(plan: Plan, row: Row) -> bool:
    """Whether it was asked what only a sample is asked: the first such item is always stored."""
    codes = plan.sampled.get(row["structure"])
    return codes is not None and codes[0] in json.loads(row["answers"])


def _known_answers(plan: Plan, row: Row) -> Iterator[str | None]:
    """The answers that the municipality may know: they can identify a row, as a product can."""
    known = plan.known.get(row["structure"], ())
    if known:
        answers = json.loads(row["answers"])
        for known_item in known:
            answer = answers.get(known_item.item)
            yield None if answer is None else json.dumps(answer)
