"""What the planner expects: estimates in plain EXPLAIN, statistics, and pg_class."""

import asyncpg
import msgspec

from tests.attacks.attack import Depth, Found, of_several
from tests.attacks.explaining import plain
from tests.attacks.looking import Relation, quoted, readable
from tests.attacks.target import Target


async def rows_expected(target: Target, _: Depth) -> Found:
    """Knows how many rows the own municipality has, and what EXPLAIN expects for it.

    What it expects for another, in the same proportion, is how many that one has.
    """
    found = set()
    async with target.attacker() as db:
        await plain(db)
        for relation in [each for each in await readable(db) if each.code]:
            own = await db.fetchval(
                f"select count(*) from {relation.name} where {relation.code} = $1", target.own
            )
            expected = await _expected(db, relation, target.own)
            for other, truth in target.secrets.counts.items():
                guess = await _expected(db, relation, other) * own / expected
                if abs(guess - truth) <= max(1, truth / 100):
                    found.add(f"{other} has {guess:.0f} responses")
    return of_several(found, len(target.secrets.counts))


async def _expected(db: asyncpg.Connection, relation: Relation, code: str) -> float:
    told = await db.fetchval(
        f"explain (format json) select 1 from {relation.name}"
        f" where {relation.code} = {quoted(code)}"
    )
    return max(1, float(msgspec.json.decode(told)[0]["Plan"]["Plan Rows"]))


async def statistics(target: Target, _: Depth) -> Found:
    """Knows the own rows: what pg_class counts in a table, with or without those, is others'.

    Needs no right on the table, nor on its schema. Then reads what the planner keeps of values.
    """
    counts = {**target.secrets.counts, "together": sum(target.secrets.counts.values())}
    values = target.secrets.texts | target.secrets.ids
    async with target.attacker() as db:
        own = {
            await db.fetchval(f"select count(*) from {relation.name}")
            for relation in await readable(db)
        }
        found = {
            f"{row['name']}: {who} {truth}"
            for row in await _told(db, _ROWS)
            for who, truth in counts.items()
            if row["rows"] in {truth, *(mine + truth for mine in own)}
        }
        for view in ("pg_stats", "pg_stats_ext", "pg_stats_ext_exprs", "pg_statistic"):
            told = await _told(db, f"select told::text as told from pg_catalog.{view} as told")
            found |= {value for value in values for row in told if value in row["told"]}
    return of_several(found, len(counts) + len(values))


_ROWS = """
    select oid::regclass::text as name, reltuples::bigint as rows from pg_class
    where relkind in ('r', 'm') and relnamespace <> 'pg_catalog'::regnamespace"""


async def _told(db: asyncpg.Connection, question: str) -> list[asyncpg.Record]:
    try:
        return list(await db.fetch(question))
    except asyncpg.InsufficientPrivilegeError:
        return []
