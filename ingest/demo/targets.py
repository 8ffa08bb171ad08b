"""How the targets of the municipality stand: the view `doelen`, with how sure that is."""

from math import sqrt
from typing import Literal

import asyncpg
import msgspec

Verdict = Literal["reached", "missed", "unsure", "too_few", "no_base"]

_NORMAL = 1.959964
"""Of a normal distribution 95 % lies within so many standard deviations."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """One target, over the last twelve months that are over.

    `fall` is null where a mean of marks is aimed at. Else it is the percentage by which the share
    of low marks (0 to 1) should fall under that of `base_year`. Null under 10 answers: `now`, `aim`
    where it is the base year that has so few, and the ends of the 95 % interval.
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

    @property
    def verdict(self) -> Verdict:
        """Whether it was reached; as long as both can be true, nobody is sure."""
        if self.now is None or self.low is None or self.high is None:
            return "too_few"
        if self.aim is None:
            return "no_base"
        if self.low < self.aim < self.high:
            return "unsure"
        better = self.now >= self.aim if self.fall is None else self.now <= self.aim
        return "reached" if better else "missed"


async def read_targets(reader: asyncpg.Connection) -> tuple[Target, ...]:
    """Every target that the municipality has, channels in their order."""
    return tuple(_target(row) for row in await reader.fetch(_TARGETS))


# The view tells no interval; it is worked out as the views of figures do, from their sums. A month
# under ten answers has none, and counts in `nu` alone.
_TARGETS = """/* targets */
    select aims.kanaal, naam, maat, opgave, basisjaar, doelwaarde, nu_n, nu,
        coalesce(sum(months.n), 0)::bigint as n, sum(som) as total, sum(som_kwadraten) as squares
    from doelen as aims
    join dim_kanaal using (kanaal)
    left join indicator_per_maand as months
        on months.kanaal = aims.kanaal and months.indicator = aims.indicator
        and months.som is not null and months.soort = 'mark'
        and months.maand between nu_vanaf and nu_tot_en_met
    group by aims.kanaal, naam, volgorde, maat, opgave, basisjaar, doelwaarde, nu_n, nu
    order by volgorde, maat, opgave
"""


def _target(row: asyncpg.Record) -> Target:
    is_mean = row["maat"] == "gemiddelde_minstens"
    now = None if row["nu"] is None else float(row["nu"])
    ends: tuple[float, float] | None = None
    if now is not None and not is_mean:
        ends = of_share(now, row["nu_n"])
    elif now is not None and row["n"] > 1:
        n, total, squares = row["n"], float(row["total"]), float(row["squares"])
        variance = max(n * squares - total * total, 0.0) / (n * (n - 1))
        margin = of_mean(variance, row["nu_n"])
        ends = max(1.0, now - margin), min(10.0, now + margin)
    return Target(
        channel=row["kanaal"],
        name=row["naam"],
        fall=None if is_mean else float(row["opgave"]),
        base_year=row["basisjaar"],
        aim=None if row["doelwaarde"] is None else float(row["doelwaarde"]),
        n=row["nu_n"],
        now=now,
        low=ends and ends[0],
        high=ends and ends[1],
    )


def of_mean(variance: float, n: int) -> float:
    """Half the 95 % interval of a mean of `n` values, at least 10: Student's t, by its series.

    Within a thousandth of what `lees.t_margin` says, which readers may not ask for themselves.
    """
    z, free = _NORMAL, n - 1
    t = z + (z**3 + z) / (4 * free) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * free**2)
    t += (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * free**3)
    return t * sqrt(variance / n)


def of_share(share: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (0 to 1) of `n` answers, after Wilson."""
    z = _NORMAL
    middle = share + z * z / (2 * n)
    margin = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (middle - margin) / scale), min(1.0, (middle + margin) / scale)
