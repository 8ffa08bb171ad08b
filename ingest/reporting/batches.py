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


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A response that waits. `place` is the caller's: it comes back with what was decided.

    Only responses of one `stream` are published together. `details` are in order of importance;
    None is not known.
    """

    place: int
    stream: Hashable
    day: date
    details: tuple[Detail, ...]


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A response that is published: what was kept of its details, and the day its batch closed."""

    place: int
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
    streams: dict[Hashable, list[Waiting]] = defaultdict(list)
    for one in waiting:
        streams[one.stream].append(one)
    placed: list[Placed] = []
    number = 0
    for stream, rows in streams.items():
        group = groups[stream]
        for closed_on, batch in _closed(rows, group.size):
            kept = _kept(batch, 0, group.enough)
            placed += [
                Placed(place=one.place, closed_on=closed_on, kept=details, batch=number)
                for one, details in kept
            ]
            number += 1
    return placed


def _closed(rows: Sequence[Waiting], size: int) -> Iterator[tuple[date, list[Waiting]]]:
    """Batches, each with the day at whose end there were enough."""
    by_day: dict[date, list[Waiting]] = defaultdict(list)
    for one in rows:
        by_day[one.day].append(one)
    batch: list[Waiting] = []
    for day in sorted(by_day):
        batch += by_day[day]
        if len(batch) >= size:
            yield day, batch
            batch = []


def _kept(
    rows: Sequence[Waiting], index: int, enough: int
) -> list[tuple[Waiting, tuple[Detail, ...]]]:
    """Each row with its details from `index` on, emptied where fewer than `enough` agree.

    `rows` agree in every detail before, and there are enough of them.
    """
    if index == len(rows[0].details):
        return [(one, ()) for one in rows]
    classes: dict[Detail, list[Waiting]] = defaultdict(list)
    for one in rows:
        classes[one.details[index]].append(one)
    if len(classes) == 1:
        (only,) = classes
        return [(one, (only, *rest)) for one, rest in _kept(rows, index + 1, enough)]
    emptied = classes.pop(None, [])
    for value in [value for value, members in classes.items() if len(members) < enough]:
        emptied += classes.pop(value)
    # The emptied ones are a class as any other: too few of them, and their neighbours would tell.
    while 0 < len(emptied) < enough:
        # Of two that are as small the same one each time, in whatever order rows are read.
        fewest = min(classes, key=lambda value: (len(classes[value]), str(value)))
        emptied += classes.pop(fewest)
    parts = [*classes.items(), *([(None, emptied)] if emptied else [])]
    return [
        (one, (value, *rest))
        for value, members in parts
        for one, rest in _kept(members, index + 1, enough)
    ]


class TextGroup(NamedTuple):
    """Whose texts appear together: who was asked the same, one way, and judged the same.

    `language` is what was kept of it; the empty text where it was not.
    """

    municipality: str
    touchpoint: int
    structure: str
    invited: bool
    judgement: str
    language: str


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A response that is published, as far as its texts go.

    One that was left halfway does not count: nobody looks for a text at what ended before it.
    """

    place: int
    group: TextGroup
    closed_on: date
    counts: bool = True


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
    rows = sorted(judged, key=lambda one: one.closed_on)
    for index, one in enumerate(rows):
        # Nought is kept as well: what waits appears in no month before its own.
        counted[one.group][first_of_month(one.closed_on)] += one.counts
        waits[one.group].append(one.place)
        day_is_over = index + 1 == len(rows) or rows[index + 1].closed_on != one.closed_on
        if not day_is_over:
            continue
        for group in [group for group, n in counted.items() if n.total() >= enough[group]]:
            month = max(max(counted[group]), first_of_month(one.closed_on))
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
