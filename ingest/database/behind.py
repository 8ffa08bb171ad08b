"""Which of what the files say `meetpunt migrate` has still to bring into the database."""

from collections.abc import Callable

import asyncpg
import msgspec

from ingest.database.mirrored import (
    Row,
    core_rows,
    department_rows,
    group_rows,
    improvement_rows,
    item_rows,
    municipality_rows,
    norm_rows,
    opening_hours_rows,
    questionnaire_rows,
    target_rows,
    touchpoint_rows,
    wijk_rows,
)
from ingest.database.mirrored_themes import MIRRORED_THEMES, theme_rows
from ingest.municipalities.catalogue import Catalogue


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
    _Table(holds="themes", rows=theme_rows, statement=MIRRORED_THEMES),
    _Table(
        holds="improvements",
        rows=improvement_rows,
        statement="""/* mirrored_improvements */
            select municipality, position, day, department, channel, text
            from meetpunt.improvement where municipality = any ($1::text[])""",
        nothing_else=True,
    ),
    _Table(
        holds="groups",
        rows=group_rows,
        statement="""/* mirrored_groups */
            select nspname from pg_namespace
            where nspname like 'bi\\_%' and cardinality($1::text[]) > 0""",
    ),
)
