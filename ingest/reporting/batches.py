"""Which responses become readable together, and what of each is kept. Pure.

Whoever was invited is known to the sender, whoever filled in a form to its log, and whoever stood
at the desk to the desk. So nothing is published that fewer than ten share: responses go in batches
of ten of one touchpoint at the least, and of each batch a detail is kept only where ten rows agree
in it and in every detail before it (docs/decisions/0008-ten-hide-each-other.md).
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

ENOUGH = 10
"""As many as hide each other. A touchpoint may set fewer, and then its page tells the resident."""

Detail = Hashable


class Stream(NamedTuple):
    """What never stands in one batch: other questions, other ways in, what was left halfway.

    `promised`: ten at the least, by the page that they saw; a smaller batch is for later ones.
    """

    touchpoint: int
    structure: str
    invited: bool
    complete: bool
    suspect: bool
    promised: bool


Alike = dict[tuple[Detail, ...], list[int]]
"""Places of rows, by all their details."""


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Responses that wait and are alike. `places` are the caller's: they come back when decided on.

    Only responses of one `stream` (a `Stream`) are published together. `details` are in order of
    importance; None is not known.
    """

    places: Sequence[int]
    stream: Hashable
    day: date
    details: tuple[Detail, ...]


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """Responses that are published alike: what was kept of their details, and when they closed.

    `closed_on` is the day on which their batch was full.
    """

    places: Sequence[int]
    closed_on: date
    kept: tuple[Detail, ...]
    batch: int


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """How a stream is published: `size` of a batch at the least, and how many must agree."""

    size: int = ENOUGH

    @property
    def enough(self) -> int:
        """As many rows as every combination of kept details has, at the least."""
        return min(self.size, ENOUGH)


def place(waiting: Iterable[Waiting], groups: Mapping[Hashable, Group]) -> list[Placed]:
    """What can be published of all that waits; the rest of a stream waits until its batch is full.

    The days of a stream are walked in their order, and what came in by the end of a day is a batch
    once there are enough: so the same batches come out whenever somebody looks. `groups` are by
    stream.
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
    """Batches, each with the day at whose end there were enough."""
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
    """What is told of rows, and of which: emptied where fewer than `enough` agree.

    `rows` agree in all that was `kept` of their first details, and there are enough of them.
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
    # The emptied ones are a class as any other: too few of them, and their neighbours would tell.
    while emptied and classes and _many(emptied) < enough:
        # Of two that are as small the same one each time, in whatever order rows are read.
        fewest = min(classes, key=lambda value: (sizes[value], str(value)))
        emptied |= classes.pop(fewest)
    parts = [*classes.items(), *([(None, emptied)] if emptied else [])]
    for value, members in parts:
        yield from _kept(members, (*kept, value), enough)


def _many(rows: Alike) -> int:
    return sum(map(len, rows.values()))


class TextGroup(NamedTuple):
    """Whose texts appear together: who was asked and promised the same, one way, and judged alike.

    `language` is what was kept of it; the empty text where it was not.
    """

    municipality: str
    touchpoint: int
    structure: str
    invited: bool
    promised: bool
    judgement: str
    language: str


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """Responses of one group that were published together, as far as their texts go.

    `places` are of those that hold a text, or at least those; `counts` is how many of them all
    count. One that was left halfway does not: nobody looks for a text at what ended before it.
    """

    places: Sequence[int]
    group: TextGroup
    closed_on: date
    counts: int


class Released(msgspec.Struct, frozen=True, kw_only=True):
    """When texts become readable: month by `place`, the first month by group, and what is left.

    A place that is in neither waits. `first` is the month in which what waited before appears.
    """

    month_of: Mapping[int, date]
    first: Mapping[TextGroup, date]
    counted: Mapping[TextGroup, Mapping[date, int]]


def release(
    judged: Iterable[Judged],
    before: Mapping[TextGroup, Mapping[date, int]],
    enough: Mapping[TextGroup, int],
) -> Released:
    """Which texts can be read: those of a group of which enough responses were published.

    So a text could be of any of `enough` responses. `before` counts those that were published since
    the group's texts last were, by the month in which their batch closed. A text appears in the
    last of those months: what a kiosk sends late may complete what waits of a later one.
    """
    counted: dict[TextGroup, Counter[date]] = defaultdict(Counter)
    for group, months in before.items():
        counted[group].update(months)
    waits: dict[TextGroup, list[int]] = defaultdict(list)
    month_of: dict[int, date] = {}
    first: dict[TextGroup, date] = {}
    rows = sorted(judged, key=lambda responses: responses.closed_on)
    for index, responses in enumerate(rows):
        # Nought is kept as well: what waits appears in no month before its own.
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


def monday_of(day: date) -> date:
    """The first day of its week (ISO 8601)."""
    return day - timedelta(days=day.weekday())
