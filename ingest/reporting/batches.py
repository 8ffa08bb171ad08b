"""Which responses become readable together, and what of each is kept. Pure.

The sender of an invitation knows who was invited, the log of a form who filled it in, and the desk
who stood there. So nothing is published that fewer than ten responses share. Responses of a
touchpoint are published in batches of at least ten. Of each batch, a detail is kept only where ten
rows agree in it and in every detail before it (docs/decisions/0008-ten-hide-each-other.md).
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec

ENOUGH = 10
"""Among this many, nobody is recognised. A touchpoint may set fewer; then its pages say so."""

LOW = "laag"
"""The judgement of marks of 5 or lower."""

Detail = Hashable


class Stream(NamedTuple):
    """Responses that may share a batch; those of different streams are never published together.

    `promised`: their page promised batches of at least ten, before the batch was made smaller.
    `sent_by_us`: by a link that we sent. How many of a batch came by another is told, so a batch of
    both would tell of fewer than ten. `sampled`: it was asked what only a sample is asked. Whoever
    has a link can see that, and the row shows it: of both, one would stand alone among the others.
    `told`: what its reporter told their report. Who reads that there knows it of each of them, and
    whoever told something else than the others often answered otherwise too. `batch`: a half day
    closed it already and its signals were shown, so it is published whole, and nothing with it.
    """

    touchpoint: int
    structure: str
    invited: bool
    complete: bool
    suspect: bool
    promised: bool
    sent_by_us: bool = False
    sampled: bool = False
    told: str = ""
    batch: UUID | None = None


Alike = dict[tuple[Detail, ...], list[int]]
"""The places of rows, by their details."""


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Waiting responses with the same details. `places` are the caller's own numbers for them.

    Only responses of one `stream` (a `Stream`) are published together. `details` are in order of
    importance; None stands for an unknown one.
    """

    places: Sequence[int]
    stream: Hashable
    day: date
    details: tuple[Detail, ...]


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """Responses that are published with the same details: those that were `kept`.

    `closed_on` is the day on which their batch was full.
    """

    places: Sequence[int]
    closed_on: date
    kept: tuple[Detail, ...]
    batch: int


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """How a stream is published; a batch has at least `size` responses."""

    size: int = ENOUGH

    @property
    def enough(self) -> int:
        """How many rows every combination of kept details has, at least."""
        return min(self.size, ENOUGH)


def place(waiting: Iterable[Waiting], groups: Mapping[Hashable, Group]) -> list[Placed]:
    """What can be published of all that waits; the rest waits until a batch of its stream is full.

    The days of a stream are added up in order. As soon as there are enough at the end of a day,
    they form a batch. So the batches do not depend on when this runs. `groups` are by stream.
    """
    streams: dict[Hashable, dict[date, Alike]] = {}
    for responses in waiting:
        days = streams.setdefault(responses.stream, {})
        days.setdefault(responses.day, {}).setdefault(responses.details, []).extend(
            responses.places
        )
    placed: list[Placed] = []
    number = 0
    for stream, days in streams.items():
        group = groups[stream]
        for closed_on, batch in _closed(days, group.size):
            placed += [
                Placed(places=places, closed_on=closed_on, kept=kept, batch=number)
                for kept, places in _kept(batch, (), group.enough)
            ]
            number += 1
    return placed


def _closed(days: Mapping[date, Alike], size: int) -> Iterator[tuple[date, Alike]]:
    """The full batches, each with the day at whose end it was full."""
    batch: Alike = {}
    for day in sorted(days):
        for details, places in days[day].items():
            batch.setdefault(details, []).extend(places)
        if _many(batch) >= size:
            yield day, batch
            batch = {}


def _kept(
    rows: Alike, kept: tuple[Detail, ...], enough: int
) -> Iterator[tuple[tuple[Detail, ...], list[int]]]:
    """Details to publish, and the places they are for; emptied where fewer than `enough` agree.

    `rows` are enough rows that already agree in their first details, `kept`.
    """
    index = len(kept)
    if index == len(next(iter(rows))):
        yield kept, [place for places in rows.values() for place in places]
        return
    classes: dict[Detail, Alike] = {}
    for details, places in rows.items():
        classes.setdefault(details[index], {})[details] = places
    sizes = {value: _many(members) for value, members in classes.items()}
    emptied = classes.pop(None, {})
    for value in [value for value in classes if sizes[value] < enough]:
        emptied |= classes.pop(value)
    # The emptied rows must be enough as well: few of them could be told by the rows around them.
    while emptied and classes and _many(emptied) < enough:
        # Of two equal ones always the same, in whatever order the rows were read.
        fewest = min(classes, key=lambda value: (sizes[value], str(value)))
        emptied |= classes.pop(fewest)
    parts = [*classes.items(), *([(None, emptied)] if emptied else [])]
    for value, members in parts:
        yield from _kept(members, (*kept, value), enough)


def _many(rows: Alike) -> int:
    return sum(map(len, rows.values()))


class TextGroup(NamedTuple):
    """Responses whose texts are published together.

    They were asked the same in the same way, were promised the same, gave a similar mark, and told
    their report the same. `language` is the empty text where it was not kept.
    """

    municipality: str
    touchpoint: int
    structure: str
    invited: bool
    promised: bool
    judgement: str
    language: str
    told: str = ""


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """Responses of one group that were published together, for publishing their texts.

    `places` are of those that hold a text. `counts` is how many of all of them hide each other; a
    response that was left halfway does not count, because it cannot hold a text.
    """

    places: Sequence[int]
    group: TextGroup
    closed_on: date
    counts: int


class Released(msgspec.Struct, frozen=True, kw_only=True):
    """When texts become readable.

    `month_of` gives the month for each place; one that is missing waits. `first` gives, by group,
    the month for texts that already waited. `counted` is what to remember for the next time.
    `found_anew` are groups whose texts got their themes by another file than they were counted by.
    """

    month_of: Mapping[int, date]
    first: Mapping[TextGroup, date]
    counted: Mapping[TextGroup, Mapping[date, int]]
    found_anew: frozenset[TextGroup] = frozenset()


def release(
    judged: Iterable[Judged],
    before: Mapping[TextGroup, Mapping[date, int]],
    enough: Mapping[TextGroup, int],
) -> Released:
    """Which texts can be read now: those of groups of which enough responses were published.

    So each text may come from any of `enough` responses. `before` counts the responses that were
    published since the group's texts last appeared, by the month in which their batch closed. A
    text appears in the last of those months, since late items of a kiosk may complete a group.
    """
    counted: dict[TextGroup, Counter[date]] = defaultdict(Counter)
    for group, months in before.items():
        counted[group].update(months)
    waits: dict[TextGroup, list[int]] = defaultdict(list)
    month_of: dict[int, date] = {}
    first: dict[TextGroup, date] = {}
    rows = sorted(judged, key=lambda responses: responses.closed_on)
    for index, responses in enumerate(rows):
        # A count of 0 is kept too, so that a waiting text appears in no earlier month than its own.
        counted[responses.group][first_of_month(responses.closed_on)] += responses.counts
        waits[responses.group] += responses.places
        day_is_over = index + 1 == len(rows) or rows[index + 1].closed_on != responses.closed_on
        if not day_is_over:
            continue
        for group in [group for group, n in counted.items() if n.total() >= enough[group]]:
            month = max(max(counted[group]), first_of_month(responses.closed_on))
            month_of |= dict.fromkeys(waits.pop(group, []), month)
            first.setdefault(group, month)
            counted[group].clear()
    return Released(month_of=month_of, first=first, counted=counted)


def first_of_month(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def last_of_month(day: date) -> date:
    """The last day of its month."""
    return first_of_month(first_of_month(day) + timedelta(days=31)) - timedelta(days=1)


def monday_of(day: date) -> date:
    """The first day of its week (ISO 8601)."""
    return day - timedelta(days=day.weekday())
