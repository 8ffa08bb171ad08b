"""EXPLAIN as an oracle: what was done to find no row tells whether there was one to leave out."""

from collections.abc import Callable
from typing import Any

import asyncpg
import msgspec

from tests.attacks.bisection import Oracle

Trace = Callable[[Any], Any]

# Every row is looked at, one way, by one process: so that a condition alone makes a difference.
_ONE_WAY = (
    "set enable_indexscan = off; set enable_indexonlyscan = off; set enable_bitmapscan = off;"
    "set max_parallel_workers_per_gather = 0; set jit = off"
)


async def plain(db: asyncpg.Connection) -> None:
    """What the attacker sets first; every role may."""
    await db.execute(_ONE_WAY)


def what_ran(plan: Any) -> Any:
    """Which parts were executed, how often, and how many rows each gave and left out."""
    kept = ("Node Type", "Relation Name", "Actual Loops", "Actual Rows", "Subplan Name")
    return _walk(plan, lambda key: key in kept or key.startswith("Rows Removed"))


def what_was_touched(plan: Any) -> Any:
    """How many pages each part looked at, and nothing else."""
    return _walk(plan, lambda key: key.endswith("Blocks"))


def _walk(node: Any, kept: Callable[[str], bool]) -> Any:
    own = {key: value for key, value in node.items() if kept(key) and key != "Plans"}
    return own, [_walk(below, kept) for below in node.get("Plans", ())]


def by_explain(db: asyncpg.Connection, relation: str, where: str, trace: Trace) -> Oracle:
    """Says yes where the plan ran otherwise than it does for a value that nobody has."""
    known: dict[str, Any] = {}
    # The first time pages are read and names are looked up; afterwards it is the same. Nobody else
    # sees that than who counts pages.
    is_warm = trace is not what_was_touched

    async def ran(condition: str) -> Any:
        told = await db.fetchval(
            "explain (analyze, buffers, costs off, timing off, summary off, format json)"
            f" select 1 from {relation} where {where} and {condition}"
        )
        return trace(msgspec.json.decode(told)[0]["Plan"])

    async def oracle(condition: str, nobody: str) -> bool:
        if nobody not in known:
            if not is_warm:
                await ran(nobody)
            known[nobody] = await ran(nobody)
        # Twice, because a page may have been fetched for the first time.
        return bool(await ran(condition) != known[nobody]) and bool(
            await ran(condition) != known[nobody]
        )

    return oracle
