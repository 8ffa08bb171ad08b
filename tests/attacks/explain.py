"""EXPLAIN (ANALYZE) bisection: others' open answers, ids and hidden cells, by what a plan did.

Row-level security adds a condition. Comparisons that Postgres trusts ("leakproof") run before it,
on everybody's rows, and EXPLAIN ANALYZE tells whether the condition behind was ever asked
("never executed"), how many rows each part left out, and how many pages it touched.
"""

import re
from collections.abc import AsyncIterator
from itertools import product

import asyncpg

from tests.attacks.attack import Depth, Found, of_several
from tests.attacks.bisection import (
    hidden_ids,
    hidden_number,
    hidden_texts,
    numbers,
    shown_values,
)
from tests.attacks.explaining import Trace, by_explain, plain, what_ran, what_was_touched
from tests.attacks.looking import Relation, of_each_kind, of_others, quoted, readable
from tests.attacks.target import Cell, Target

_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LOOKED_AT = ("text", "uuid")
_CELL_COLUMNS = {
    "month": ("maand", "period"),
    "channel": ("kanaal", "channel"),
    "touchpoint": ("touchpoint",),
    "indicator": ("indicator",),
}


async def texts_by_what_ran(target: Target, depth: Depth) -> Found:
    """Knows nothing but the names of views: reads others' texts and ids, letter by letter."""
    return await _every_column(target, depth, what_ran)


async def texts_by_pages(target: Target, depth: Depth) -> Found:
    """The same, from numbers of pages alone: a policy that always runs still reads more or less."""
    return await _every_column(target, depth, what_was_touched)


async def _every_column(target: Target, depth: Depth, trace: Trace) -> Found:
    known = target.secrets.texts | target.secrets.ids
    found: set[str] = set()
    async with target.attacker() as db:
        await plain(db)
        for relation in of_each_kind(await readable(db), depth.ways):
            for (column, type_), where in product(
                relation.columns.items(), of_others(relation, target.own)[: depth.ways]
            ):
                if type_ in _LOOKED_AT and not (type_ == "text" and target.secrets.texts <= found):
                    found |= {
                        value
                        async for value in _column(db, relation, column, where, depth, trace, known)
                        if value in known
                    }
    return of_several(found, len(known))


async def _column(
    db: asyncpg.Connection,
    relation: Relation,
    column: str,
    where: str,
    depth: Depth,
    trace: Trace,
    known: frozenset[str],
) -> AsyncIterator[str]:
    shown = await shown_values(db, relation, column, where)
    oracle = by_explain(db, relation.name, where, trace)
    if relation.columns[column] == "text":
        async for value in hidden_texts(oracle, column, shown, depth, counted=known):
            yield value
        return
    ids = [value for value in known if _UUID.fullmatch(value)]
    async for value in hidden_ids(oracle, column, shown, depth, counted=ids):
        yield value


async def hidden_cells(target: Target, depth: Depth) -> Found:
    """Knows which cells are hidden, and asks for their number and sum by halves.

    Both have to come out for a cell to count.
    """
    cells = target.secrets.cells[: depth.cells]
    found: set[str] = set()
    async with target.attacker() as db:
        await plain(db)
        relations = [each for each in await readable(db) if each.code and numbers(each)]
        for cell in cells:
            numbers_found: set[int] = set()
            for relation in relations:
                where = _in_cell(relation, cell)
                if where is not None:
                    numbers_found |= await _numbers(db, relation, where)
            if {cell.n, cell.total} <= numbers_found:
                found.add(f"{cell.channel} {cell.month:%Y-%m} of {cell.municipality}: {cell.n}")
    return of_several(found, len(cells))


def _in_cell(relation: Relation, cell: Cell) -> str | None:
    """The condition for this cell's row; None where the relation does not know a month."""
    where = [f"{relation.code} = {quoted(cell.municipality)}"]
    for part, names in _CELL_COLUMNS.items():
        column = next((name for name in names if name in relation.columns), None)
        if column is not None:
            value = getattr(cell, part)
            where.append(f"{column} = {quoted(str(value))}")
        elif part == "month":
            return None
    if "grain" in relation.columns:
        where.append("grain = 'month'")
    return " and ".join(where)


async def _numbers(db: asyncpg.Connection, relation: Relation, where: str) -> set[int]:
    found = set()
    for column in numbers(relation):
        if not await shown_values(db, relation, column, where):
            oracle = by_explain(db, relation.name, where, what_ran)
            number = await hidden_number(oracle, column)
            found |= {number} if number is not None else set()
    return found
