"""Values taken out of a column that answers nothing but yes or no: bit by bit, letter by letter.

An oracle is told a condition, and the same about a value that nobody has, and says whether a row
that the attacker may not see fulfils the first. It says yes for a row that they may see as well:
therefore values are looked for in the gaps between those.
"""

from bisect import bisect_left, bisect_right
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from itertools import pairwise
from uuid import UUID

import asyncpg

from tests.attacks.attack import Depth
from tests.attacks.looking import Relation, quoted

Oracle = Callable[[str, str], Awaitable[bool]]

# How "begins with `prefix`, and goes on with a letter from `first` to `last`" is asked.
Form = Callable[[str, str, str, str], str]

_FIRST, _LAST = 32, 126  # printable; what comes after it is found as the last of these
_LONGEST = 80
# Begins with what nobody types, and so comes first in every gap: outside of one Postgres would know
# beforehand that no row can fulfil both, and plan otherwise for that reason alone.
_NOBODY = "\x01nobody"
_INTEGERS = ("smallint", "integer", "bigint", "numeric")
_FARTHEST = 10_000


def by_comparison(column: str, prefix: str, first: str, last: str) -> str:
    """By operators that Postgres trusts to tell nothing, so that it asks them first."""
    low, high = prefix + first, prefix + chr(ord(last) + 1)
    return f"{column} >= {quoted(low)} and {column} < {quoted(high)}"


async def hidden_texts(
    oracle: Oracle,
    column: str,
    shown: Sequence[str],
    depth: Depth,
    form: Form = by_comparison,
    *,
    counted: Collection[str],
) -> AsyncIterator[str]:
    """Texts of this column that stand between those that are shown.

    Only those that are `counted` will count. So the last one that is taken out is given up as soon
    as none of these begins with it, which changes nothing of what is found and saves every letter
    of what a reader may know anyway.
    """
    taken = 0
    for low, high in _gaps(sorted(shown), depth):
        while taken < depth.texts:
            bounds = _between(column, low, high)
            known = counted if depth.texts - taken == 1 else None
            nobody = (low or "") + _NOBODY
            text = await _smallest_text(oracle, column, bounds, nobody, form, known)
            if text is None:
                break
            yield text
            taken += 1
            low = text


def _gaps(shown: Sequence[str], depth: Depth) -> list[tuple[str | None, str | None]]:
    edges: list[str | None] = [None, *shown, None]
    gaps = list(pairwise(edges))
    # Of many the last as well: there stands what sorts behind everything.
    return gaps if len(gaps) <= depth.gaps else [*gaps[: depth.gaps - 1], gaps[-1]]


def _between(column: str, low: str | None, high: str | None) -> str:
    bounds = ["true"]
    bounds += [f"{column} > {quoted(low)}"] if low is not None else []
    bounds += [f"{column} < {quoted(high)}"] if high is not None else []
    return " and ".join(bounds)


async def _smallest_text(
    oracle: Oracle,
    column: str,
    bounds: str,
    nobody: str,
    form: Form,
    counted: Collection[str] | None,
) -> str | None:
    """`counted`: of what none of these begins with, only the beginning is wanted."""
    prefix = ""
    while len(prefix) < _LONGEST:
        if counted is not None and not any(text.startswith(prefix) for text in counted):
            return prefix
        if prefix and await oracle(_is(column, bounds, prefix), _is(column, bounds, nobody)):
            return prefix

        async def goes_on(last: int, prefix: str = prefix) -> bool:
            asked, never = [
                f"{bounds} and {form(column, begin, chr(_FIRST), chr(last))}"
                for begin in (prefix, nobody)
            ]
            return await oracle(asked, never)

        if not await goes_on(_LAST):
            return None
        low, high = _FIRST, _LAST
        while low < high:
            middle = (low + high) // 2
            if await goes_on(middle):
                high = middle
            else:
                low = middle + 1
        prefix += chr(low)
    return None


def _is(column: str, bounds: str, text: str) -> str:
    return f"{bounds} and {column} = {quoted(text)}"


async def hidden_number(oracle: Oracle, column: str) -> int | None:
    """The smallest number of a column of which no value is shown."""
    nobody = f"{column} between {2 * _FARTHEST} and {3 * _FARTHEST}"
    if not await oracle(f"{column} between {-_FARTHEST} and {_FARTHEST}", nobody):
        return None
    low, high = -_FARTHEST, _FARTHEST
    while low < high:
        middle = (low + high) // 2
        if await oracle(f"{column} between {low} and {middle}", nobody):
            high = middle
        else:
            low = middle + 1
    return low


async def hidden_ids(
    oracle: Oracle, column: str, shown: Sequence[str], depth: Depth, *, counted: Collection[str]
) -> AsyncIterator[str]:
    """Ids of this column that stand between those that are shown. `counted`: as of texts."""
    of_others = sorted(UUID(id).int for id in counted)
    edges = [-1, *sorted(UUID(id).int for id in shown), 1 << 128]
    gaps = list(pairwise(edges))
    taken = 0
    for left, right in gaps[: depth.gaps]:
        low, high = left + 1, right - 1
        # Of so many there can be, nobody has just these two.
        nobody = _ids(column, low, low + 1)
        while low <= high and taken < depth.ids and await oracle(_ids(column, low, high), nobody):
            found, last = low, high
            is_last = depth.ids - taken == 1
            while found < last and not (is_last and _none(of_others, found, last)):
                middle = (found + last) // 2
                if await oracle(_ids(column, low, middle), nobody):
                    last = middle
                else:
                    found = middle + 1
            yield str(UUID(int=found))
            taken += 1
            low = found + 1


def _none(numbers: Sequence[int], low: int, high: int) -> bool:
    """Whether none of these, which are sorted, lies between two."""
    return bisect_left(numbers, low) == bisect_right(numbers, high)


def _ids(column: str, low: int, high: int) -> str:
    return f"{column} between '{UUID(int=low)}' and '{UUID(int=high)}'"


def numbers(relation: Relation) -> list[str]:
    """The columns with numbers."""
    return [name for name, type_ in relation.columns.items() if type_ in _INTEGERS]


async def shown_values(
    db: asyncpg.Connection, relation: Relation, column: str, where: str
) -> list[str]:
    """What a plain look shows of a column."""
    rows = await db.fetch(
        f"select distinct {column}::text as value from {relation.name} where {where}"
        f" and {column} is not null"
    )
    return [row["value"] for row in rows]
