"""Read what a report needs from the views of a municipality, with the rights of its reader.

One read-only transaction as the role that readers of the municipality are a member of: what stands
in a report is what any dashboard may show, and nothing else.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date

import asyncpg

from ingest.municipalities.departments import REST
from ingest.municipalities.schemas import bi_schema, reads_role
from ingest.reports.asides import read_asides
from ingest.reports.certainty import LEAST, Sample
from ingest.reports.figures import (
    Against,
    DepartmentReport,
    Figure,
    Month,
    Others,
    Series,
    against_before,
    corrected,
)
from ingest.reports.months import first_of_quarter, is_provisional, months_back

_STATEMENT_MILLISECONDS = 60_000
_TREND_MONTHS = 12


class NoReader(Exception):
    """The role may not act as a reader of this municipality: 'meetpunt migrate' lets it."""

    def __init__(self, slug: str) -> None:
        super().__init__(
            f"this role may not act as {reads_role(slug)}: run 'meetpunt migrate', as an owner "
            "that may grant it."
        )


class DepartmentUnknown(LookupError):
    """The municipality has no such department; `known` are those that it has."""

    def __init__(self, department: str, known: list[str]) -> None:
        self.known = known
        super().__init__(f"there is no department '{department}'")


@asynccontextmanager
async def as_reader(
    db: asyncpg.Connection, slug: str, *, first: Callable[[], Awaitable[object]] | None = None
) -> AsyncIterator[asyncpg.Connection]:
    """The connection, for one transaction that only reads and has a reader's rights.

    `first` is done before that within it, with one's own rights. Raises `NoReader`, and what
    `first` raises.
    """
    async with db.transaction(isolation="repeatable_read", readonly=first is None):
        if first is not None:
            await first()
            await db.execute("set transaction read only")
        try:
            await db.execute(f"/* as_reader */ set local role {reads_role(slug)}")
        except (asyncpg.InsufficientPrivilegeError, asyncpg.InvalidParameterValueError):
            raise NoReader(slug) from None
        await db.execute(
            f"set local search_path = {bi_schema(slug)}, pg_catalog;"
            f" set local statement_timeout = {_STATEMENT_MILLISECONDS}"
        )
        yield db


async def departments(reader: asyncpg.Connection) -> dict[str, str]:
    """Names by slug, in their order. Without any: all of the municipality under "overig"."""
    rows = await reader.fetch(_DEPARTMENTS, REST)
    if rows:
        return {row["afdeling"]: row["naam"] for row in rows}
    own = await reader.fetchrow(_OWN)
    return {REST: own["gemeente"]} if own else {}


async def read_department(
    reader: asyncpg.Connection, slug: str, month: date, *, today: date
) -> DepartmentReport:
    """The report of a department for `month` (its first day). Raises `DepartmentUnknown`."""
    names = await departments(reader)
    if slug not in names:
        raise DepartmentUnknown(slug, sorted(names))
    own = await reader.fetchrow(_OWN)
    series = await _read_series(reader, slug, month)
    # A channel with a call or two about a product of the department is hardly its channel.
    shown = [each.channel for each in series if each.last.mean is not None]
    channels = shown or [each.channel for each in series]
    looked = await reader.fetchrow(_LOOKED, channels, slug, slug == REST)
    return DepartmentReport(
        municipality=own["gemeente"],
        department=names[slug],
        slug=slug,
        month=month,
        looked_at=looked["looked_at"],
        provisional=is_provisional(month, today),
        today=today,
        since=await reader.fetchval(_SINCE, slug),
        waiting=looked["waiting"] or 0,
        small_group=looked["small_group"] or False,
        fictional=own["fictief"],
        series=series,
        **await read_asides(reader, slug, month, channels, alone=slug == REST),
    )


async def _read_series(reader: asyncpg.Connection, slug: str, month: date) -> tuple[Series, ...]:
    months = [months_back(month, back) for back in range(_TREND_MONTHS, -1, -1)]
    by_month: dict[tuple[str, str], dict[date, asyncpg.Record]] = {}
    for row in await reader.fetch(_MONTHS, slug, months[0], month):
        by_month.setdefault((row["kanaal"], row["soort"]), {})[row["maand"]] = row
    years = await _by_channel(reader, _YEAR, slug, date(month.year, 1, 1))
    quarters = await _by_channel(reader, _QUARTER, slug, first_of_quarter(month))
    others = await _read_others(reader, month)
    series = []
    for key, rows in by_month.items():
        any_row = next(iter(rows.values()))
        course = tuple(Month(month=each, figure=_figure(rows.get(each))) for each in months)
        before = tuple(each.figure for each in course[:-1])
        series.append(
            Series(
                channel=key[0],
                name=any_row["naam"],
                kind=key[1],
                lowest=any_row["laagst"],
                highest=any_row["hoogst"],
                months=course,
                year=_figure(years.get(key)),
                quarter=_figure(quarters.get(key)),
                against=_against(course[-1].figure, before),
                others=others.get(key),
            )
        )
    return corrected(tuple(series))


def _against(month: Figure, before: tuple[Figure, ...]) -> Against:
    return against_before(month, before)


async def _by_channel(
    reader: asyncpg.Connection, statement: str, slug: str, period: date
) -> dict[tuple[str, str], asyncpg.Record]:
    rows = await reader.fetch(statement, slug, period)
    return {(row["kanaal"], row["soort"]): row for row in rows}


async def _read_others(reader: asyncpg.Connection, month: date) -> dict[tuple[str, str], Others]:
    rows = await reader.fetch(_OTHERS, months_back(month, 1), month)
    return {(row["kanaal"], row["soort"]): others_of(row, row["maand"]) for row in rows}


def others_of(row: asyncpg.Record, period: date) -> Others:
    """The own channel beside the others, of a row of `benchmark_regio` or one like it."""
    low, step = row["laagst"], (row["hoogst"] - row["laagst"]) / 100
    own = Figure(n=row["n"])
    if not row["verborgen"] and row["verdeling"] is not None:
        sample = sample_of(row["verdeling"], row["hoogst"])
        ends = sample.interval
        own = Figure(n=row["n"], mean=row["gemiddelde"], low=ends[0], high=ends[1], sample=sample)
    shown = row["anderen_gemiddelde"] is not None and own.mean is not None
    return Others(
        month=period,
        own=own,
        municipalities=row["anderen_gemeenten"] or 0,
        n=row["anderen_n"] or 0,
        mean=row["anderen_gemiddelde"] if shown else None,
        low=low + row["anderen_ondergrens_95"] * step if shown else None,
        high=low + row["anderen_bovengrens_95"] * step if shown else None,
        difference=row["verschil_anderen"] * step if shown else None,
        p=row["verschil_anderen_p_holm"] if shown else None,
    )


def sample_of(given: list[int], highest: int) -> Sample:
    """Answers that add up, from how often each value was given, from 1 on."""
    return Sample(
        n=sum(given),
        total=sum(value * often for value, often in enumerate(given, start=1)),
        squares=sum(value * value * often for value, often in enumerate(given, start=1)),
        highest=highest,
    )


def _figure(row: asyncpg.Record | None) -> Figure:
    if row is None:
        return Figure(n=0)
    if row["n"] < LEAST or row["gemiddelde"] is None:
        return Figure(n=row["n"])
    step = (row["hoogst"] - row["laagst"]) / 100
    return Figure(
        n=row["n"],
        mean=row["gemiddelde"],
        low=row["laagst"] + row["ondergrens_95"] * step,
        high=row["laagst"] + row["bovengrens_95"] * step,
        share_low=row["aandeel_le_6"],
        sample=Sample(
            n=row["n"],
            total=row["som"],
            squares=row["som_kwadraten"],
            lowest=row["laagst"],
            highest=row["hoogst"],
        ),
    )


_DEPARTMENTS = """/* report_departments */
    select afdeling, naam from dim_afdeling where afdeling <> $1 order by volgorde"""

_OWN = """/* report_municipality */
    select gemeente, regio, fictief from dim_gemeente where eigen order by gemeente limit 1"""

# Where no channel has an answer yet: of the touchpoints of the department.
_LOOKED = """/* report_looked */
    select coalesce(min(peilmoment) filter (where own), min(peilmoment)) as looked_at,
        sum(wachtend_n) filter (where own)::bigint as waiting,
        bool_or(kleine_groep) filter (where own) as small_group
    from (
        select peilmoment, wachtend_n, kleine_groep, kanaal = any ($1::text[])
            or cardinality($1::text[]) = 0 and ($3 or meetpunt in (
                select unnest(meetpunten) from dim_afdeling where afdeling = $2
            )) as own
        from stand
    ) as each_one"""

_SINCE = """/* report_since */
    select min(maand) from uitsplitsing_per_maand
    where uitsplitsing = 'afdeling' and waarde = $1 and indicator = 'tevredenheid' and n > 0"""

_FIGURES = """kanaal, channel.naam, soort, kind.laagst, kind.hoogst, n, gemiddelde, ondergrens_95,
        bovengrens_95, aandeel_le_6, som, som_kwadraten"""

# Of another kind than a scale there is no mean to draw.
_OF_DEPARTMENT = """join dim_kanaal as channel using (kanaal)
    join dim_soort as kind using (soort)
    where uitsplitsing = 'afdeling' and waarde = $1 and indicator = 'tevredenheid'
        and kind.hoogst is not null"""

_MONTHS = f"""/* report_months */
    select maand, {_FIGURES}
    from uitsplitsing_per_maand
    {_OF_DEPARTMENT} and maand between $2 and $3
    order by channel.volgorde, kind.volgorde, maand"""  # noqa: S608  # our own words

_YEAR = f"""/* report_year */
    select {_FIGURES} from uitsplitsing_per_jaar {_OF_DEPARTMENT} and jaar = $2"""  # noqa: S608

_QUARTER = f"""/* report_quarter */
    select {_FIGURES} from uitsplitsing_per_kwartaal {_OF_DEPARTMENT} and kwartaal = $2
"""  # noqa: S608

# The month of the report is told on the 8th of the next one: until then, that of the month before.
_OTHERS = """/* report_others */
    select distinct on (kanaal, soort) kanaal, soort, maand, n, gemiddelde, verdeling, verborgen,
        anderen_gemeenten, anderen_n, anderen_gemiddelde, anderen_ondergrens_95,
        anderen_bovengrens_95, verschil_anderen, verschil_anderen_p_holm, laagst, hoogst
    from benchmark_regio
    join dim_soort using (soort)
    where eigen and indicator = 'tevredenheid' and hoogst is not null and maand between $1 and $2
    order by kanaal, soort, maand desc, n desc"""
