"""The measures of the work itself, which other systems count: a fixed list, declared here. Pure.

The API, lists, norms and views take from here what a measure is called, what its unit is and how
its months add up.
"""

from typing import Literal

import msgspec

Unit = Literal["dagen", "minuten", "aandeel", "zaken"]
"""Days, minutes, a share from 0 to 1, or how many cases; reports show the Dutch word."""


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """One measure; a value lies from 0 to `highest`, in `unit`.

    `is_stock`: it is a number at the end of a period, of which the last one holds for a longer
    period. Any other is a mean or a share of `n` cases or contacts, which is told with it, so that
    months add up by how many they are of. `dutch` is its name in a chart.
    """

    code: str
    dutch: str
    unit: Unit
    highest: int
    lower_is_better: bool
    is_stock: bool = False


CALLED_BACK = "teruggebeld_binnen_twee_dagen"
"""The measure that we count ourselves, where internal tasks are followed."""

MEASURES = {
    measure.code: measure
    for measure in (
        Measure(
            code="afhandeltijd",
            dutch="Afhandeltijd",
            unit="dagen",
            highest=3650,
            lower_is_better=True,
        ),
        Measure(
            code="binnen_norm",
            dutch="Afgehandeld binnen de norm",
            unit="aandeel",
            highest=1,
            lower_is_better=False,
        ),
        Measure(
            code="werkvoorraad",
            dutch="Werkvoorraad",
            unit="zaken",
            highest=10_000_000,
            lower_is_better=True,
            is_stock=True,
        ),
        Measure(
            code="wachttijd",
            dutch="Wachttijd",
            unit="minuten",
            highest=10_000,
            lower_is_better=True,
        ),
        Measure(
            code="herhaalcontact",
            dutch="Herhaalcontact",
            unit="aandeel",
            highest=1,
            lower_is_better=True,
        ),
        Measure(
            code=CALLED_BACK,
            dutch="Teruggebeld binnen twee dagen",
            unit="aandeel",
            highest=1,
            lower_is_better=False,
        ),
    )
}
"""By code, in the order in which reports show them. A code keeps its meaning for ever."""
