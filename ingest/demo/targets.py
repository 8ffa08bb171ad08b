"""How the targets of the municipality stand: the view `doelen`, with how sure that is."""

from typing import Literal

import asyncpg
import msgspec

Verdict = Literal["reached", "missed", "unsure", "too_few", "no_base", "overlap"]


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """One target, over the last twelve months that are over.

    `fall` is null where a mean of marks is aimed at. Else it is the percentage by which the share
    of low marks (0 to 1) should fall under that of `base_year`; `overlaps` where the twelve months
    reach into that year. Null under 10 answers: `now`, and the ends of the 95 % interval. Null
    where the base year has under 100: `aim`. `sure` is null where nobody can say yet.
    """

    channel: str
    name: str
    fall: float | None
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
    select kanaal, naam, maat, opgave, basisjaar, doelwaarde, perioden_overlappen,
        nu_n, nu, nu_ondergrens, nu_bovengrens, zeker_behaald, zeker_niet_behaald
    from doelen
    join dim_kanaal using (kanaal)
    order by volgorde, maat, opgave
"""


def _target(row: asyncpg.Record) -> Target:
    return Target(
        channel=row["kanaal"],
        name=row["naam"],
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
