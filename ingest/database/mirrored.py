"""What the files say, as the rows that mirror them in the database, and which of those differ."""

from collections.abc import Callable, Iterator
from typing import Any

import asyncpg
import msgspec

from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.hours import WEEKDAYS
from ingest.municipalities.municipality import Municipality
from ingest.municipalities.regions import comparable_cores
from ingest.municipalities.schemas import bi_schema
from ingest.municipalities.targets import Target, counted_for
from ingest.questionnaires.questionnaire import Questionnaire

Row = tuple[Any, ...]


async def not_mirrored(db: asyncpg.Connection, catalogue: Catalogue) -> list[str]:
    """What of the files `meetpunt migrate` has still to bring into the database, in words.

    As the owner or as meetpunt_ingest: both see all of it. Raises
    `asyncpg.InsufficientPrivilegeError` for who does not.
    """
    codes = [municipality.code for municipality in catalogue.municipalities.values()]
    behind = []
    for table in _TABLES:
        there = {_hashable(row) for row in await db.fetch(table.statement, codes)}
        files = set(table.rows(catalogue))
        if files - there or (table.nothing_else and there - files):
            behind.append(table.holds)
    return behind


def _hashable(row: asyncpg.Record) -> Row:
    """The row as a tuple, arrays in it as tuples too."""
    return tuple(tuple(value) if isinstance(value, list) else value for value in row)


def municipality_rows(catalogue: Catalogue) -> list[Row]:
    """Code, slug, name, region, and whether it is fictional."""
    return [
        (each.code, each.slug, each.name, each.region, each.fictional)
        for each in catalogue.municipalities.values()
    ]


def touchpoint_rows(catalogue: Catalogue) -> list[Row]:
    """Municipality's code, number, slug, channel, location, product, retired, name, batch."""
    return [
        (
            catalogue.municipalities[each.municipality].code,
            each.number,
            each.slug,
            each.channel,
            each.location,
            each.product,
            each.retired,
            each.name["nl"],
            each.batch,
        )
        for each in catalogue.touchpoints.values()
    ]


def opening_hours_rows(catalogue: Catalogue) -> list[Row]:
    """Municipality's code, touchpoint's number, weekday from 1, and when it opens and closes."""
    return [
        (
            catalogue.municipalities[each.municipality].code,
            each.number,
            WEEKDAYS.index(day) + 1,
            *hours.split("-"),
        )
        for each in catalogue.touchpoints.values()
        for day, hours in each.opening_hours.items()
    ]


def questionnaire_rows(catalogue: Catalogue) -> list[Row]:
    """Municipality's code, structure, code, version, title."""
    return [
        (code, asked.structure, asked.code, asked.version, asked.title["nl"])
        for code, asked in _used(catalogue)
    ]


def item_rows(catalogue: Catalogue) -> list[Row]:
    """Municipality's code, structure, item, position from 1, kind, indicator, core, text."""
    return [
        (
            code,
            asked.structure,
            item.code,
            position,
            item.kind,
            item.indicator,
            item.core,
            item.text["nl"],
        )
        for code, asked in _used(catalogue)
        for position, item in enumerate(asked.items, start=1)
    ]


def core_rows(catalogue: Catalogue) -> list[Row]:
    """What regions compare: structure, core item, and with which versions it is one figure."""
    cores = comparable_cores(catalogue.questionnaires)
    return sorted(
        {
            (asked.structure, item.code, cores[asked.code, asked.version])
            for _, asked in _used(catalogue)
            for item in asked.items
            if item.core and item.indicator
        }
    )


def target_rows(catalogue: Catalogue) -> list[Row]:
    """Municipality, channel, department or "", indicator, measure, kind, amount, base year."""
    return [
        (
            municipality.code,
            target.channel,
            target.department or "",
            target.indicator,
            target.measure,
            _kind_asked(catalogue, municipality, target),
            target.amount,
            target.base_year,
        )
        for municipality in catalogue.municipalities.values()
        for target in municipality.targets
    ]


def norm_rows(catalogue: Catalogue) -> list[Row]:
    """Municipality's code, channel, measure, department, product, value; '' is all of them."""
    return [
        (municipality.code, *norm.key, float(norm.value))
        for municipality in catalogue.municipalities.values()
        for norm in municipality.norms
    ]


def department_rows(catalogue: Catalogue) -> list[Row]:
    """Municipality's code, slug, position from 1, name, slugs of touchpoints, products."""
    return [
        (
            municipality.code,
            department.slug,
            position,
            department.name,
            department.touchpoints,
            department.products,
        )
        for municipality in catalogue.municipalities.values()
        for position, department in enumerate(municipality.departments, start=1)
    ]


def wijk_rows(catalogue: Catalogue) -> list[Row]:
    """Municipality's code, CBS code of the neighbourhood, name."""
    return [
        (municipality.code, code, name)
        for municipality in catalogue.municipalities.values()
        for code, name in municipality.wijken.items()
    ]


def _group_rows(catalogue: Catalogue) -> list[Row]:
    """The schema of each group."""
    return [(bi_schema(slug),) for slug in catalogue.groups]


def _used(catalogue: Catalogue) -> Iterator[tuple[str, Questionnaire]]:
    """Every version of a questionnaire that is used, by the municipality's code.

    Links to an older version may be out.
    """
    for municipality in catalogue.municipalities.values():
        used = {touchpoint.questionnaire: touchpoint for touchpoint in municipality.touchpoints}
        for code, version in catalogue.questionnaires:
            if code in used:
                yield municipality.code, catalogue.questionnaire(used[code], version)


def _kind_asked(catalogue: Catalogue, municipality: Municipality, target: Target) -> str:
    """How the target's indicator is answered; loading refused a target for what is not asked."""
    return next(
        item.kind
        for touchpoint in counted_for(target.channel, municipality.touchpoints)
        for item in catalogue.questionnaire(touchpoint).items
        if item.indicator == target.indicator
    )


class _Table(msgspec.Struct, frozen=True, kw_only=True):
    """One table: what it holds in words, its rows by the files, and a statement that reads them.

    The statement is given the codes of the municipalities. `nothing_else`: a row of theirs that
    the files do not have is to go; elsewhere those of before stay.
    """

    holds: str
    rows: Callable[[Catalogue], list[Row]]
    statement: str
    nothing_else: bool = False


_TABLES = (
    _Table(
        holds="municipalities",
        rows=municipality_rows,
        statement="""/* mirrored_municipalities */
            select code, slug, name, region, fictional
            from meetpunt.municipality where code = any ($1::text[])""",
    ),
    _Table(
        holds="touchpoints",
        rows=touchpoint_rows,
        statement="""/* mirrored_touchpoints */
            select municipality, number, slug, channel, location, product, retired, name, batch
            from meetpunt.touchpoint where municipality = any ($1::text[])""",
    ),
    _Table(
        holds="opening hours",
        rows=opening_hours_rows,
        statement="""/* mirrored_opening_hours */
            select municipality, touchpoint, weekday, left(opens::text, 5), left(closes::text, 5)
            from meetpunt.opening_hours where municipality = any ($1::text[])""",
        nothing_else=True,
    ),
    _Table(
        holds="titles of questionnaires",
        rows=questionnaire_rows,
        statement="""/* mirrored_questionnaires */
            select municipality, structure, questionnaire, version, title
            from meetpunt.questionnaire where municipality = any ($1::text[])""",
    ),
    _Table(
        holds="wording of questions",
        rows=item_rows,
        statement="""/* mirrored_items */
            select municipality, structure, item, position, kind, indicator, core, text
            from meetpunt.item where municipality = any ($1::text[])""",
    ),
    _Table(
        holds="which versions compare",
        rows=core_rows,
        statement="""/* mirrored_cores */
            select structure, item, core from meetpunt.core_item
            where cardinality($1::text[]) > 0""",
    ),
    _Table(
        holds="targets",
        rows=target_rows,
        statement="""/* mirrored_targets */
            select municipality, channel, department, indicator, measure, kind, amount, base_year
            from meetpunt.target where municipality = any ($1::text[])""",
        nothing_else=True,
    ),
    _Table(
        holds="norms",
        rows=norm_rows,
        statement="""/* mirrored_norms */
            select municipality, channel, measure, department, product, value
            from meetpunt.norm where municipality = any ($1::text[])""",
        nothing_else=True,
    ),
    _Table(
        holds="departments",
        rows=department_rows,
        statement="""/* mirrored_departments */
            select municipality, slug, position, name, touchpoints, products
            from meetpunt.department where municipality = any ($1::text[])""",
        nothing_else=True,
    ),
    _Table(
        holds="wijken",
        rows=wijk_rows,
        statement="""/* mirrored_wijken */
            select municipality, code, name
            from meetpunt.wijk where municipality = any ($1::text[])""",
        nothing_else=True,
    ),
    _Table(
        holds="groups",
        rows=_group_rows,
        statement="""/* mirrored_groups */
            select nspname from pg_namespace
            where nspname like 'bi\\_%' and cardinality($1::text[]) > 0""",
    ),
)
