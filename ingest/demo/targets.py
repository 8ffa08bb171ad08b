"""How the targets of the municipality stand: the view `doelen`, with how sure that is."""

from typing import Literal

import asyncpg
import msgspec

LowMarks = Literal["lt_6", "le_6"]
"""Lower than a 6, or a 6 and lower."""

Verdict = Literal["reached", "missed", "unsure", "too_few", "no_base", "overlap"]


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """One target, over the last twelve months that are over.

    `fall` is null where a mean of marks is aimed at. Else it is the percentage by which the share
    of low marks (0 to 1) should fall under that of `base_year`; `low_marks` says which these are.
    `overlaps` where the twelve months reach into that year. `department` is null where the target
    is of all. Null under 10 answers: `now`, and the ends of the 95 % interval. Null
    where the base year has under 100: `aim`. `sure` is null where nobody can say yet.
    """

    channel: str
    name: str
    department: str | None = None
    fall: float | None
    low_marks: LowMarks = "lt_6"
    base_year: int | None
    aim: float | None
    n: int
    now: float | None
    low: float | None
    high: float | None
    overlaps: bool = False
    sure: bool | None = None

    @property
    def verdict(self) -> Verdict:
        """Whether it was reached; as long as both can be true, nobody is sure."""
        if self.now is None:
            return "too_few"
        if self.overlaps:
            return "overlap"
        if self.aim is None:
            return "no_base"
        if self.sure is None:
            return "unsure"
        return "reached" if self.sure else "missed"


async def read_targets(reader: asyncpg.Connection) -> tuple[Target, ...]:
    """Every target that the municipality has, channels in their order."""
    return tuple(_target(row) for row in await reader.fetch(_TARGETS))


_TARGETS = """/* targets */
    select kanaal, dim_kanaal.naam, dim_afdeling.naam as afdeling, maat, opgave, basisjaar,
        doelwaarde, perioden_overlappen, nu_n, nu, nu_ondergrens, nu_bovengrens,
        zeker_behaald, zeker_niet_behaald
    from doelen
    join dim_kanaal using (kanaal)
    left join dim_afdeling using (gemeente_code, afdeling)
    order by dim_kanaal.volgorde, dim_afdeling.volgorde nulls first, maat, opgave
"""


def _target(row: asyncpg.Record) -> Target:
    return Target(
        channel=row["kanaal"],
        name=row["naam"],
        department=row["afdeling"],
        low_marks="le_6" if row["maat"] == "aandeel_le_6_daalt" else "lt_6",
        fall=None if row["maat"] == "gemiddelde_minstens" else row["opgave"],
        base_year=row["basisjaar"],
        aim=row["doelwaarde"],
        n=row["nu_n"],
        now=row["nu"],
        low=row["nu_ondergrens"],
        high=row["nu_bovengrens"],
        overlaps=row["perioden_overlappen"],
        sure=True if row["zeker_behaald"] else False if row["zeker_niet_behaald"] else None,
    )
