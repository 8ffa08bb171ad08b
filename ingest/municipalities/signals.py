"""What a department is told of: which marks are low, and where; `[signals]` of a municipality."""

from collections.abc import Iterator, Sequence

import msgspec

from ingest.files.near_misses import did_you_mean
from ingest.files.toml_tables import Table, slug_fault
from ingest.municipalities.departments import Department, Fault
from ingest.municipalities.pushing import Pushing, read_pushing
from ingest.municipalities.touchpoints import Touchpoint

LOW = 5
"""The highest low mark where a file says no other: what is lower than a 6."""

_HIGHEST = 9


class Signals(msgspec.Struct, frozen=True, kw_only=True):
    """Which answers become a signal; a municipality without it has none.

    `low` is the highest mark from 1 to 10 that is low; 0: none is. A department's own, by slug,
    goes before it, and a touchpoint's own before that. Where a touchpoint asks by faces, only its
    own number counts, from 1 to 5, and is 2 where the file has none. `not_helped`: also who says
    that it did not work out. `without` are touchpoints of which nobody is told. Of those in
    `with_batch`, and of touchpoints with a small batch, somebody is told when the batch is
    published, as of everybody who was invited. `at_once`: as soon as somebody answered; no file can
    say so, only the demo does. `push` says who is told.
    """

    low: int = LOW
    not_helped: bool = True
    departments: dict[str, int] = {}
    touchpoints: dict[str, int] = {}
    without: tuple[str, ...] = ()
    with_batch: tuple[str, ...] = ()
    at_once: bool = False
    push: Pushing = Pushing()


def read_signals(table: Table) -> Signals | None:
    """Read `[signals]`; None where the file has no such table: then there are no signals."""
    if not table.holds("signals"):
        return None
    own = table.table("signals")
    signals = Signals(
        low=own.number("low", 0, _HIGHEST, LOW),
        not_helped=own.truth("not_helped") if own.holds("not_helped") else True,
        departments=_numbers(own.table("departments")),
        touchpoints=_numbers(own.table("touchpoints")),
        without=own.texts("without", slug_fault, ()),
        with_batch=own.texts("with_batch", slug_fault, ()),
        push=read_pushing(own),
    )
    own.close()
    return signals


def with_batch(signals: Signals, touchpoint: Touchpoint) -> bool:
    """Whether signals there come when rows are published, and no half day closes a batch.

    A small batch is no ten, whenever it closes.
    """
    return touchpoint.small_group or touchpoint.slug in signals.with_batch


def signal_faults(
    signals: Signals | None,
    touchpoints: Sequence[Touchpoint],
    departments: Sequence[Department],
) -> Iterator[Fault]:
    """Thresholds of what is not there: where and why."""
    if signals is None:
        return
    slugs = {touchpoint.slug for touchpoint in touchpoints}
    named = {department.slug for department in departments}
    for kind, own, known in (
        ("department", signals.departments, named),
        ("touchpoint", signals.touchpoints, slugs),
    ):
        for slug in own:
            if slug not in known:
                where = ("signals", f"{kind}s", slug)
                yield where, f"there is no {kind} {slug!r}{did_you_mean(slug, known)}"
    for key, listed in (("without", signals.without), ("with_batch", signals.with_batch)):
        for index, slug in enumerate(listed):
            if slug and slug not in slugs:
                place = ("signals", key, index)
                yield place, f"there is no touchpoint {slug!r}{did_you_mean(slug, slugs)}"


def _numbers(table: Table) -> dict[str, int]:
    return {name: table.number(name, 0, _HIGHEST) for name in table.values}
