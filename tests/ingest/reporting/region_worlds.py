"""Random worlds of municipalities that are told to each other, on the real tables, look after look.

A world is an indicator of its own: some municipalities, what each was given month after month, on
both sides of every threshold, and what came in late.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import asyncpg
import msgspec

from ingest.database.partitions import make_partitions, mirror_municipalities, partitions
from ingest.database.views import REGIONAL
from ingest.municipalities.schemas import lees_schema, region_schema
from ingest.reporting.region import tell_regions
from tests.conftest import Database

SCALES = {"mark": 10, "agreement": 5, "smileys": 5, "yes_partly_no": 3}
Given = tuple[int, ...]

STRUCTURE = "dddddddddddddddd"
FIRST = 2025
"""The year in which the worlds begin."""

# In one region, from the start; then one that moves to the other, and one that comes later.
HERE = tuple(f"GM80{place:02}" for place in range(5))
THERE = tuple(f"GM81{place:02}" for place in range(3))
MOVES, COMES_LATER = "GM8200", "GM8201"
ALL = (*HERE, *THERE, MOVES, COMES_LATER)

# What a municipality gets in a month, by how large it is.
SIZES = (
    (0, 1, 2, 4, 5, 6, 8, 9),
    (1, 5, 8, 9, 9, 10, 11, 12),
    (4, 9, 12, 14, 15, 16, 20),
    (9, 14, 24, 29, 30, 31, 45),
    (0, 3, 12, 35),
    (1,),
    (9,),
)
LATE = (1, 2, 3, 5, 9, 10, 11, 12, 30)


class Comes(NamedTuple):
    """Answers of one world, and the number of the look before which they come in."""

    look: int
    municipality: str
    month: date
    world: str
    kind: str
    given: Given


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen: every row that ever was, the means at each look, and the truth behind it."""

    rows: Sequence[Mapping[str, Any]]
    means: Sequence[Mapping[str, Any]]
    truth: Sequence[Mapping[str, Any]]


def random_given(kind: str, n: int, chance: random.Random) -> Given:
    """`n` answers, often all the lowest or the highest: there the least is left to guess."""
    scale = SCALES[kind]
    values = {
        "lowest": [1],
        "highest": [scale],
        "ends": [1, scale],
        "any": list(range(1, scale + 1)),
    }[chance.choice(["lowest", "highest", "ends", "any"])]
    drawn = [chance.choice(values) for _ in range(n)]
    return tuple(drawn.count(value) for value in range(1, 11))


def looks(months: int) -> list[datetime]:
    """On the 8th of April all of three months, and from then on a month at a time."""
    return [datetime(*_month(number + 1), 8, 5, tzinfo=UTC) for number in range(2, months)]


def _month(number: int) -> tuple[int, int]:
    return FIRST + number // 12, number % 12 + 1


def _comes(world: str, months: int, chance: random.Random) -> Iterator[Comes]:
    kind = chance.choice(("mark", "mark", "agreement", "yes_partly_no"))
    codes = chance.sample(ALL, chance.choice((1, 2, 4, 7, len(ALL))))
    for code in codes:
        sizes = chance.choice(SIZES)
        for number in range(months):
            month = date(*_month(number), 1)
            look = max(0, number - 2)
            given = random_given(kind, chance.choice(sizes), chance)
            yield Comes(look, code, month, world, kind, given)
            while chance.random() < 0.15:
                late = random_given(kind, chance.choice(LATE), chance)
                look += chance.randint(1, 6)
                yield Comes(look, code, month, world, kind, late)


async def tell_worlds(database: Database, worlds: int, months: int, chance: random.Random) -> Told:
    """Fill `worlds`, look each month, and return all that could be seen. Nothing is left of it."""
    coming: dict[int, list[Comes]] = defaultdict(list)
    for number in range(worlds):
        for each in _comes(f"wereld {number}", months, chance):
            if any(each.given):
                coming[each.look].append(each)
    means: list[Mapping[str, Any]] = []
    async with database.superuser() as db, database.connected("meetpunt_folder") as folder:
        await _prepare(database, db, worlds)
        times = looks(months)
        for number, now in enumerate(times):
            if number == len(times) // 3:
                await db.execute(
                    "update meetpunt.municipality set region = 'hier' where code = $1", COMES_LATER
                )
            if number == len(times) // 2:
                await db.execute(
                    "update meetpunt.municipality set region = 'daar' where code = $1", MOVES
                )
            await _come_in(db, coming[number])
            await tell_regions(folder, now=now, wait=True)
            seen = await db.fetch(
                "select $1::date as seen_on, * from lees.gepubliceerd_regio", now.date()
            )
            means += [dict(row) for row in seen]
        rows = await db.fetch("select * from lees.gepubliceerd")
        truth = await db.fetch("select * from meetpunt.regional")
        await _forget(db)
    return Told(rows=rows, means=means, truth=truth)


async def _come_in(db: asyncpg.Connection, coming: Sequence[Comes]) -> None:
    await db.executemany(
        """insert into meetpunt.summary as s
        select $1, 'month', $2, number, $3, $4, $4, $5, $6, 0, false
        from meetpunt.touchpoint where municipality = $1
        on conflict (municipality, grain, period, touchpoint, structure, item)
        do update set given = meetpunt.added(s.given, excluded.given)""",
        [
            (each.municipality, each.month, STRUCTURE, each.world, each.kind, list(each.given))
            for each in coming
        ],
    )


async def _prepare(database: Database, db: asyncpg.Connection, worlds: int) -> None:
    await _forget(db)
    for number, code in enumerate(ALL):
        region = "daar" if code in THERE else "elders" if code == COMES_LATER else "hier"
        await db.execute(
            "insert into meetpunt.municipality values ($1, $2, $2, $3, true)"
            " on conflict (code) do update set region = excluded.region",
            code,
            code.lower(),
            region,
        )
        await db.execute(
            "insert into meetpunt.touchpoint (municipality, number, slug, name, channel, retired)"
            " values ($1, $2, 'balie', 'Balie', 'balie', false) on conflict do nothing",
            code,
            20_000 + number,
        )
    await db.executemany(
        "insert into meetpunt.core_item values ($1, $2, 'balie/1') on conflict do nothing",
        [(STRUCTURE, f"wereld {number}") for number in range(worlds)],
    )
    async with database.connected("meetpunt_owner") as owner:
        await mirror_municipalities(owner)
        known = await partitions(owner)
        for region in ("hier", "daar", "elders"):
            await make_partitions(owner, region_schema(region), REGIONAL, region, known)
        for code in ALL:
            await make_partitions(owner, lees_schema(code.lower()), ["vergelijking"], code, known)


async def _forget(db: asyncpg.Connection) -> None:
    for table in ("summary", "regional", "region_look"):
        await db.execute(f"delete from meetpunt.{table}")
    for table in ("vergelijking", "gepubliceerd", "gepubliceerd_regio"):
        await db.execute(f"delete from lees.{table}")
