"""What the files say of signals, and signals of who was invited: made when a batch is published.

So a signal of somebody who was invited comes with the ten rows that it is one of, and tells nothing
that they do not. Within the transaction that publishes them: each once, or not at all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

import asyncpg
import msgspec

from ingest.followup.signals import Noticing, Watched
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.departments import department_of
from ingest.municipalities.municipality import Municipality
from ingest.municipalities.signals import with_batch

Row = Mapping[str, Any]


class Following(msgspec.Struct, frozen=True, kw_only=True):
    """How one municipality follows up.

    `where` has the channel and the department of each touchpoint, by number. `holidays` are those
    that it adds. `at_once`: periods that go on are told as well, as only the demo does.
    """

    where: Mapping[int, tuple[str, str]]
    holidays: tuple[str, ...]
    at_once: bool = False


class SignalPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What is watched for, by touchpoint and structure; how is followed up, by municipality's code.

    Of touchpoints in `by_half_day` (numbers) the end of a half day closes a batch: see `half_days`.
    Of those in `at_once` the service made the signals of who was not invited, and all are shown at
    once. Of those in `of_themes` somebody is told of a theme that rises.
    """

    watched: Mapping[tuple[int, str], Watched] = MappingProxyType({})
    by_half_day: frozenset[int] = frozenset()
    at_once: frozenset[int] = frozenset()
    of_themes: frozenset[int] = frozenset()
    following: Mapping[str, Following] = MappingProxyType({})


def signal_plan_of(catalogue: Catalogue, facts: Mapping[str, frozenset[str]]) -> SignalPlan:
    """What the files of all municipalities say.

    `facts` are items, by structure, whose answers the municipality may know: a row may be published
    without them, so nobody is told of them either.
    """
    noticing = Noticing(catalogue.municipalities.values())
    watched: dict[tuple[int, str], Watched] = {}
    for touchpoint in catalogue.touchpoints.values():
        for code, version in catalogue.questionnaires:
            if code != touchpoint.questionnaire:
                continue
            questionnaire = catalogue.questionnaire(touchpoint, version)
            found = noticing.watched(touchpoint, questionnaire)
            if found is not None:
                left_out = facts.get(questionnaire.structure, frozenset())
                watched[touchpoint.number, questionnaire.structure] = found.without(left_out)
    with_signals = [each for each in catalogue.municipalities.values() if each.signals]
    return SignalPlan(
        watched=watched,
        by_half_day=frozenset(_by_half_day(with_signals)),
        at_once=frozenset(
            touchpoint.number
            for each in with_signals
            if each.signals and each.signals.at_once
            for touchpoint in each.touchpoints
        ),
        of_themes=frozenset(
            touchpoint.number
            for each in with_signals
            for touchpoint in each.touchpoints
            if each.signals and touchpoint.slug not in each.signals.without
        ),
        following={
            each.code: Following(
                where={
                    touchpoint.number: (
                        touchpoint.channel,
                        department_of(each.departments, touchpoint),
                    )
                    for touchpoint in each.touchpoints
                },
                holidays=each.invitations.holidays,
                at_once=each.signals.at_once if each.signals else False,
            )
            for each in with_signals
        },
    )


def _by_half_day(municipalities: Iterable[Municipality]) -> Iterator[int]:
    """Numbers of touchpoints at which the end of a half day closes a batch."""
    for municipality in municipalities:
        signals = municipality.signals
        if signals is None or signals.at_once:
            continue
        for touchpoint in municipality.touchpoints:
            if touchpoint.slug not in signals.without and not with_batch(signals, touchpoint):
                yield touchpoint.number


async def make_signals(
    db: asyncpg.Connection,
    plan: SignalPlan,
    rows: Sequence[Row],
    together: Iterable[Sequence[int]],
    *,
    within: datetime | None = None,
) -> None:
    """Make the signals of responses that are told together, of which none were made before.

    `together` holds places of `rows`: of each of its groups the first stands for all in everything
    but the answers. They are of the half day of the moment `within`; without it of that of now.
    """
    asked = []
    for places in together:
        row = rows[places[0]]
        watched = plan.watched.get((row["touchpoint"], row["structure"]))
        at_once = row["touchpoint"] in plan.at_once
        # A batch holds who was invited, or who was not; suspect ones are apart too.
        made_before = row["batch"] is not None or (at_once and row["mode"] != "bericht")
        if watched is None or row["suspect"] or made_before:
            continue
        for one in map(rows.__getitem__, places):
            if watched.may_notice(one["mark"], says_no=one["says_no"]):
                key = (one["municipality"], one["day"], one["id"])
                asked.append((*key, watched.mark, watched.low, watched.solved, at_once))
    if asked:
        columns = map(list, zip(*asked, strict=True))
        if within is None:
            await db.execute(_MAKE, *columns)
        else:
            await db.execute(_MAKE_WITHIN, *columns, within)


# The half day is asked for once a way: a function called for each row costs as much as all else.
_MAKE = """/* make_signals */
    with half as materialized (
        select way.at_once, half.*
        from (values (true), (false)) as way (at_once)
        cross join meetpunt.half_day_now(way.at_once) as half
    )
    insert into meetpunt.signal (municipality, touchpoint, reason, day, half, shown_from)
    select noticed.municipality, noticed.touchpoint,
        case when noticed.low then 'laag' else 'niet-geholpen' end, half.day, half.half,
        half.shown_from
    from (
        select response.municipality, response.touchpoint, published.at_once,
            case jsonb_typeof(response.answers -> published.mark) when 'number'
                then (response.answers ->> published.mark)::numeric <= published.low
                else false end as low,
            coalesce(response.answers ->> published.solved = 'nee', false) as not_solved
        from unnest($1::text[], $2::date[], $3::text[], $4::text[], $5::integer[], $6::text[],
            $7::boolean[]) as published (municipality, day, id, mark, low, solved, at_once)
        join meetpunt.response
            on response.municipality = published.municipality and response.day = published.day
            and response.id = published.id::uuid
    ) as noticed
    join half on half.at_once = noticed.at_once
    where noticed.low or noticed.not_solved
    order by gen_random_uuid()
"""
_MAKE_WITHIN = _MAKE.replace("half_day_now(way.at_once)", "half_day($8)")
