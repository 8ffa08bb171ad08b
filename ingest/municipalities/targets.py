"""A target that a municipality sets itself: what a figure of one channel should come to.

It may be of one department: then only what belongs to that counts.
It is written as `[[targets]]` in its file. The database computes the progress (view `doelen`).
"""

import reprlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

import msgspec

from ingest.files.near_misses import did_you_mean, slip_of
from ingest.files.toml_tables import Table, slug_fault
from ingest.municipalities.departments import Department
from ingest.municipalities.touchpoints import Touchpoint, channel_fault
from ingest.questionnaires.items import INDICATORS, Item
from ingest.questionnaires.kinds import KINDS
from ingest.questionnaires.questionnaire import family_of

MEAN_AT_LEAST = "mean_at_least"
SHARE_LT_6_FALLS_BY = "share_lt_6_falls_by"
SHARE_LE_6_FALLS_BY = "share_le_6_falls_by"
FALLS = {SHARE_LT_6_FALLS_BY: "lower than 6", SHARE_LE_6_FALLS_BY: "6 or lower"}
"""The measures that are a share of low marks, and which marks those are."""

MEASURES = (MEAN_AT_LEAST, *FALLS)

_HIGHEST_MARK = 10
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """One target: `value` is a mean mark, `percentage` a fall since `base_year`.

    Its `measure` decides whether a target has `value`, or the other two.
    """

    channel: str
    department: str | None = None
    indicator: str
    measure: str
    value: Decimal | None = None
    percentage: Decimal | None = None
    base_year: int | None = None

    @property
    def amount(self) -> Decimal:
        """The mean or the percentage that should be reached."""
        return self.value or self.percentage or Decimal(0)


def read_targets(table: Table) -> tuple[Target, ...]:
    """Every `[[targets]]` of a municipality's file; none when it has none."""
    targets: dict[tuple[str, str | None, str, str], Target] = {}
    for entry in table.array("targets"):
        target = _read_target(entry)
        key = (target.channel, target.department, target.indicator, target.measure)
        if target.channel and target.indicator and target.measure and key in targets:
            whose = f" of {target.department}" if target.department else ""
            entry.fault(
                f"{target.channel}{whose} has a target `{target.measure}`"
                f" for {target.indicator} already"
            )
        targets[key] = target
    return tuple(targets.values())


def target_faults(
    targets: Sequence[Target],
    touchpoints: Iterable[Touchpoint],
    items_of: Callable[[Touchpoint], Sequence[Item] | None],
    departments: Sequence[Department] = (),
) -> Iterator[tuple[int, str, str]]:
    """Faults of targets that do not fit what is asked: index of the target, its key, and why.

    `items_of` gives the items that a touchpoint asks; None where its file is faulty, which has a
    finding of its own.
    """
    all_touchpoints = list(touchpoints)
    for index, target in enumerate(targets):
        on_channel = counted_for(target.channel, all_touchpoints)
        if target.channel and not on_channel:
            yield index, "channel", f"there is no touchpoint on channel {target.channel}"
        if fault := _department_fault(target, on_channel, departments):
            yield index, "department", fault
        asked_items = [items_of(touchpoint) for touchpoint in on_channel]
        if on_channel and target.indicator and None not in asked_items:
            items = [item for items in asked_items for item in items or ()]
            for key, message in _faults_beside(target, items):
                yield index, key, message
        elif suggestion := slip_of(target.indicator, INDICATORS):
            sentence = f"{reprlib.repr(target.indicator)} looks like a slip of {suggestion!r}"
            yield index, "indicator", sentence


def counted_for(channel: str, touchpoints: Iterable[Touchpoint]) -> list[Touchpoint]:
    """The touchpoints whose answers a target of the channel is about.

    What kiosks ask by faces has figures of its own: it counts only where nothing else is asked.
    """
    on_channel = [touchpoint for touchpoint in touchpoints if touchpoint.channel == channel]
    plain = [touchpoint for touchpoint in on_channel if not family_of(touchpoint.questionnaire)]
    return plain or on_channel


def _department_fault(
    target: Target, on_channel: Iterable[Touchpoint], departments: Sequence[Department]
) -> str | None:
    if not target.department:
        return None
    found = {each.slug: each for each in departments}.get(target.department)
    if found is None:
        suggestion = did_you_mean(target.department, [each.slug for each in departments])
        return f"there is no department {reprlib.repr(target.department)}{suggestion}"
    for touchpoint in on_channel:
        products = {*touchpoint.dimensions.get("product", ()), touchpoint.product}
        if touchpoint.slug in found.touchpoints or products & {*found.products}:
            return None
    return f"{found.slug} answers for nothing on channel {target.channel}"


def _faults_beside(target: Target, items: Sequence[Item]) -> Iterator[tuple[str, str]]:
    kinds = {item.indicator: item.kind for item in items if item.indicator}
    asked_kinds = {item.kind for item in items if item.indicator == target.indicator}
    kind = kinds.get(target.indicator)
    if len(asked_kinds) > 1:
        sentence = (
            f"{target.indicator} is asked in several ways here: {', '.join(sorted(asked_kinds))}"
        )
        yield "indicator", sentence
    elif kind is None:
        suggestion = did_you_mean(target.indicator, kinds)
        sentence = (
            f"{reprlib.repr(target.indicator)} is not asked on channel {target.channel}{suggestion}"
        )
        yield "indicator", sentence
    elif target.measure == MEAN_AT_LEAST:
        scale = KINDS[kind].scale
        if scale is None:
            yield "measure", f"{target.indicator} is answered with {kind}, which has no mean"
        elif target.amount > scale[1]:
            sentence = f"{target.indicator} is answered from 1 to {scale[1]}; aim within it"
            yield "value", sentence
    elif target.measure in FALLS and not KINDS[kind].school_mark:
        low = FALLS[target.measure]
        sentence = f"{target.indicator} is answered with {kind}; only a mark can be {low}"
        yield "measure", sentence


def _read_target(table: Table) -> Target:
    measure = table.text("measure", _measure_fault)
    is_mean = measure == MEAN_AT_LEAST
    is_share = measure in FALLS
    target = Target(
        channel=table.text("channel", channel_fault),
        department=table.text_or_none("department", slug_fault),
        indicator=table.text("indicator"),
        measure=measure,
        value=table.decimal("value", 1, _HIGHEST_MARK) if is_mean else None,
        percentage=table.decimal("percentage", 1, 100) if is_share else None,
        base_year=table.number("base_year", _FIRST_YEAR, _LAST_YEAR) if is_share else None,
    )
    # The keys that belong to an unknown measure are unknown as well, so they are not checked.
    if measure:
        table.close()
    return target


def _measure_fault(measure: str) -> str | None:
    if measure in MEASURES:
        return None
    suggestion = did_you_mean(measure, MEASURES)
    return f"must be one of {', '.join(MEASURES)}, not {reprlib.repr(measure)}{suggestion}"
