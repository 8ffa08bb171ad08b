"""Order without `order by`: rows lie as they came, and those beside them tell the day."""

import math
import random
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any

import asyncpg

from tests.attacks.attack import Depth, Found
from tests.attacks.looking import Relation, readable
from tests.attacks.target import Target

Row = tuple[Any, ...]

_ONCE_IN_A_MILLION = 1e-6


async def days_from_the_rows_before(target: Target, depth: Depth) -> Found:
    """Reads each view as it comes: a row without a day gets that of the last row that had one.

    The own municipality's rows are the attacker's to read, the days of some of them are not. Some
    guesses are right by chance: found is what no other order of the same rows gives, however
    lucky.
    """
    best, example, of = 0, "", 0
    async with target.attacker(texts=True) as db:
        for relation in await readable(db):
            rows = [tuple(row) for row in await db.fetch(f"select * from {relation.name}")]
            for column, type_ in enumerate(relation.columns.values()):
                if type_ != "date":
                    continue
                shown = [row[column] for row in rows]
                truths = [_truth(row, column, target.secrets.days) for row in rows]
                of = max(of, sum(truth is not None for truth in truths))
                if not (hits := _right(shown, truths)):
                    continue
                chance = _by_chance(shown, truths, depth.shuffles)
                if hits > chance and hits > best:
                    best, example = hits, f"{relation.name}: {hits}, by chance at most {chance}"
    return Found(found=best, of=of, example=example)


def _truth(row: Row, column: int, days: Mapping[str, date]) -> date | None:
    """The day that is not shown in this column, for whoever counts."""
    if row[column] is not None:
        return None
    return next((days[str(value)] for value in row if str(value) in days), None)


def _right(shown: Sequence[date | None], truths: Sequence[date | None]) -> int:
    """How many days are those of the last row before that shows one."""
    last, hits = None, 0
    for day, truth in zip(shown, truths, strict=True):
        last = day or last
        hits += truth is not None and truth == last
    return hits


def _by_chance(shown: Sequence[date | None], truths: Sequence[date | None], shuffles: int) -> int:
    """As many as any other order of the same rows would get right."""
    chance = random.Random(1)
    rows = list(zip(shown, truths, strict=True))
    hits = []
    for _ in range(shuffles):
        chance.shuffle(rows)
        hits.append(_right([day for day, _ in rows], [truth for _, truth in rows]))
    return by_luck(hits)


def by_luck(hits: Sequence[int]) -> int:
    """As many hits as one order in a million has, of those of which these were tried.

    Where few are expected they come like rare events (Poisson): four deviations beyond a mean of
    0.2 are two hits, which one order in fifty has. Where many are, one brings the next, and they
    spread wider than that.
    """
    expected = (sum(hits) + 1) / len(hits)
    spread = statistics.mean(hits) + 5 * statistics.pstdev(hits)
    return max(*hits, round(spread), rarely(expected))


def rarely(expected: float) -> int:
    """The most hits that come oftener than once in a million where `expected` are (Poisson)."""
    most = 0
    while _more_than(most, expected) > _ONCE_IN_A_MILLION:
        most += 1
    return most


def _more_than(hits: int, expected: float) -> float:
    enough = int(hits + expected + 20 * math.sqrt(expected + 1))
    return math.fsum(
        math.exp(count * math.log(expected) - expected - math.lgamma(count + 1))
        for count in range(hits + 1, enough)
    )


async def links_from_two_orders(target: Target, depth: Depth) -> Found:
    """Lays texts and responses side by side as they come, within what both views show alike.

    Where both came in by the same order, the third text of ten belongs to about the third tenth of
    the responses. Found is again what no other order of the same texts gives.
    """
    best, example = 0, ""
    async with target.attacker(texts=True) as db:
        relations = await readable(db)
        for texts, responses in product(relations, relations):
            if "uuid" in responses.columns.values() and "tekst" in texts.columns:
                hits, chance = await _lined_up(db, texts, responses, target, depth.shuffles)
                if hits > chance and hits > best:
                    best, example = hits, f"{texts.name}: {hits}, by chance at most {chance}"
    return Found(found=best, of=len(target.secrets.links), example=example)


async def _lined_up(
    db: asyncpg.Connection, texts: Relation, responses: Relation, target: Target, shuffles: int
) -> tuple[int, int]:
    alike = ", ".join(name for name in texts.columns if name in responses.columns) or "1"
    id = next(name for name, type_ in responses.columns.items() if type_ == "uuid")
    written, answered = defaultdict(list), defaultdict(list)
    for text, *key in await db.fetch(f"select tekst, {alike} from {texts.name}"):
        written[tuple(key)].append(target.secrets.links.get(text))
    for value, *key in await db.fetch(f"select {id}::text, {alike} from {responses.name}"):
        answered[tuple(key)].append(value)
    chance = random.Random(1)
    hits = sum(_at_the_same_height(written[key], answered[key]) for key in written)
    lucky = []
    for _ in range(shuffles):
        for truths in written.values():
            chance.shuffle(truths)
        lucky.append(sum(_at_the_same_height(written[k], answered[k]) for k in written))
    return hits, by_luck(lucky)


def _at_the_same_height(truths: Sequence[str | None], ids: Sequence[str]) -> int:
    """How many texts lie where their response lies, in proportion."""
    if not ids:
        return 0
    places = [int((place + 0.5) / len(truths) * len(ids)) for place in range(len(truths))]
    return sum(ids[place] == truth for place, truth in zip(places, truths, strict=True))
