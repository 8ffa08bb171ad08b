"""Read what the council's page is made of: the channels of a region, side by side."""

from datetime import date

import asyncpg

from ingest.reports.certainty import LEAST
from ingest.reports.figures import CouncilReport, Neighbour, RegionalChannel
from ingest.reports.months import months_back
from ingest.reports.reading import others_of, sample_of


async def read_council(reader: asyncpg.Connection, quarter: date) -> CouncilReport:
    """The page for the quarter with this first day, with what the region was told of it."""
    own = await reader.fetchrow(_OWN)
    channels: dict[tuple[str, str, str], list[asyncpg.Record]] = {}
    for row in await reader.fetch(_CHANNELS, quarter):
        key = (row["kanaal"], row["vragenlijst_kern"], row["soort"])
        channels.setdefault(key, []).append(row)
    told = await reader.fetchrow(_TOLD, quarter, months_back(quarter, -3))
    return CouncilReport(
        municipality=own["gemeente"],
        region=own["regio"],
        quarter=quarter,
        fictional=own["fictief"],
        told_on=told["told_on"],
        months_told=told["months"],
        channels=tuple(_channel(rows) for rows in channels.values() if len(rows) > 1),
    )


def _channel(rows: list[asyncpg.Record]) -> RegionalChannel:
    first = rows[0]
    own = next((row for row in rows if row["eigen"]), None)
    return RegionalChannel(
        channel=first["kanaal"],
        name=first["naam"],
        asked=first["vragenlijst_kern"],
        lowest=first["laagst"],
        highest=first["hoogst"],
        rows=tuple(
            _neighbour(row) for row in sorted(rows, key=lambda row: row["gemeente"].casefold())
        ),
        others=None if own is None else others_of(own, own["kwartaal"]),
    )


def _neighbour(row: asyncpg.Record) -> Neighbour:
    """Of whom the distribution is told, how certain the mean is can be worked out."""
    low = high = None
    if row["verdeling"] is not None and sum(row["verdeling"]) >= LEAST:
        low, high = sample_of(row["verdeling"], row["hoogst"]).interval
    return Neighbour(
        name=row["gemeente"],
        own=row["eigen"],
        n=row["n"],
        mean=None if row["verborgen"] else row["gemiddelde"],
        low=low,
        high=high,
    )


_OWN = """/* council_municipality */
    select gemeente, regio, fictief from dim_gemeente where eigen order by gemeente limit 1"""

_CHANNELS = """/* council_channels */
    select kanaal, channel.naam, vragenlijst_kern, soort, kind.laagst, kind.hoogst, kwartaal,
        gemeente, eigen, n, gemiddelde, verdeling, verborgen, anderen_gemeenten, anderen_n,
        anderen_gemiddelde, anderen_ondergrens_95, anderen_bovengrens_95, verschil_anderen,
        verschil_anderen_p_holm
    from benchmark_regio_kwartaal
    join dim_kanaal as channel using (kanaal)
    join dim_soort as kind using (soort)
    where kwartaal = $1 and indicator = 'tevredenheid' and kind.hoogst is not null
    order by channel.volgorde, vragenlijst_kern, kind.volgorde"""

_TOLD = """/* council_told */
    select max(peilmoment) as told_on, count(distinct maand)::integer as months
    from benchmark_regio where maand >= $1 and maand < $2"""
