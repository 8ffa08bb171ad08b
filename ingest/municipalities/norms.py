"""A service norm of a municipality: what a measure of the work should come to on a channel.

It is written as `[[norms]]` in its file. Views show it beside the figure, and whether it was kept.
"""

import reprlib
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import msgspec

from ingest.files.near_misses import did_you_mean
from ingest.files.toml_tables import Table, slug_fault
from ingest.municipalities.departments import Department, Fault
from ingest.municipalities.measures import MEASURES
from ingest.municipalities.touchpoints import Touchpoint, channel_fault


class Norm(msgspec.Struct, frozen=True, kw_only=True):
    """One norm: `value` is the most, or the least where more is better, in the measure's unit.

    Without `department` or `product` it holds for those of the channel that have none of their own.
    """

    channel: str
    measure: str
    value: Decimal
    department: str | None = None
    product: str | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What there is one norm for."""
        return (self.channel, self.measure, self.department or "", self.product or "")


def read_norms(table: Table) -> tuple[Norm, ...]:
    """Every `[[norms]]` of a municipality's file; none when it has none."""
    norms: dict[tuple[str, str, str, str], Norm] = {}
    for entry in table.array("norms"):
        norm = _read_norm(entry)
        if norm.channel and norm.measure and norm.key in norms:
            entry.fault(f"{norm.channel} has this norm for {norm.measure} already")
        norms[norm.key] = norm
    return tuple(norms.values())


def norm_faults(
    norms: Sequence[Norm], touchpoints: Sequence[Touchpoint], departments: Sequence[Department]
) -> Iterator[Fault]:
    """Norms of what is asked about nowhere."""
    channels = {touchpoint.channel for touchpoint in touchpoints}
    slugs = [department.slug for department in departments]
    for index, norm in enumerate(norms):
        if norm.channel and norm.channel not in channels:
            message = f"there is no touchpoint on channel {norm.channel}"
            yield ("norms", index, "channel"), message
        elif norm.product and norm.product not in (known := products_on(norm.channel, touchpoints)):
            told = f"no touchpoint on channel {norm.channel} has product {norm.product!r}"
            yield ("norms", index, "product"), f"{told}{did_you_mean(norm.product, known)}"
        if norm.department and norm.department not in slugs:
            told = f"there is no department {norm.department!r}"
            yield ("norms", index, "department"), f"{told}{did_you_mean(norm.department, slugs)}"


def products_on(channel: str, touchpoints: Iterable[Touchpoint]) -> frozenset[str]:
    """The products that a contact on this channel may be about, as its touchpoints list them."""
    return frozenset(
        product
        for touchpoint in touchpoints
        if touchpoint.channel == channel
        for product in (touchpoint.product, *touchpoint.dimensions.get("product", ()))
        if product
    )


def _read_norm(table: Table) -> Norm:
    measure = table.text("measure", _measure_fault)
    norm = Norm(
        channel=table.text("channel", channel_fault),
        measure=measure,
        value=table.decimal("value", 0, MEASURES[measure].highest if measure else 10_000_000),
        department=table.text_or_none("department", slug_fault),
        product=table.text_or_none("product", slug_fault),
    )
    table.close()
    return norm


def _measure_fault(measure: str) -> str | None:
    if measure in MEASURES:
        return None
    suggestion = did_you_mean(measure, MEASURES)
    return f"must be one of {', '.join(MEASURES)}, not {reprlib.repr(measure)}{suggestion}"
