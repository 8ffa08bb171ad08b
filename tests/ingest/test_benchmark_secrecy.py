"""From everything that a reader can ask of the benchmark, no hidden figure can be worked out."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest

from ingest.database.readers import grant_reader
from tests.conftest import Database
from tests.ingest.benchmark_attack import (
    Comparison,
    Rule,
    comparison_of,
    found_by_solving,
    found_by_trying,
    random_given,
)
from tests.ingest.benchmark_region import FEBRUARY, JANUARY, Given, Region, filled, seen_by
from tests.postgres import versions

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("postgres_version", versions())]

# How many a municipality gets: on both sides of every threshold.
SIZES = (0, 1, 2, 5, 8, 9, 9, 10, 10, 11, 12, 12, 30)

# The rule without its second half: what is small is hidden, and nothing beside it.
NO_COMPLEMENT = Rule(hidden_together=1, hidden_answers=1, hidden_spread=0)


class Worlds:
    """Many small regions, each municipality with a place in its region, and all that was given."""

    def __init__(self) -> None:
        # region, month, channel, kind -> place -> given
        self.given: dict[tuple[Any, ...], dict[int, Given]] = defaultdict(dict)
        self.code: dict[tuple[str, int], str] = {}

    async def fill(self, region: Region, regions: int, chance: random.Random) -> None:
        for number in range(regions):
            name = f"regio {number}"
            kind = ("mark", "mark", "agreement", "yes_partly_no")[number % 4]
            for place in range(3 + number % 3):
                label = f"{name}-{place}"
                self.code[name, place] = await region.municipality(label, name)
                for month in (JANUARY, FEBRUARY):
                    for channel in ("balie", "telefonie"):
                        given = random_given(kind, chance.choice(SIZES), chance)
                        self.given[name, month, channel, kind][place] = given
                        await region.given(
                            label, given, month=month, channel=channel, kind=kind, item=kind
                        )

    def comparisons(self, rows: Sequence[Any], places: Sequence[int]) -> list[Comparison]:
        """What the reader of the municipalities in these places knows of every comparison."""
        grouped: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
        for row in rows:
            grouped[row["regio"], row["maand"], row["kanaal"], row["soort"]].append(row)
        return [
            comparison_of(
                found,
                {
                    self.code[key[0], place]: self.given[key][place]
                    for place in places
                    if place in self.given[key]
                },
            )
            for key, found in grouped.items()
        ]


async def attack(
    database: Database, worlds: Worlds, readers: Mapping[str, Sequence[int]], rule: Rule
) -> tuple[int, int]:
    """How many hidden cells there are to all readers together, and how many of them are found."""
    hidden = found = 0
    for role, places in readers.items():
        comparisons = worlds.comparisons(await seen_by(database, role), places)
        hidden += sum(len(seen.hidden) for seen in comparisons)
        found += len(found_by_solving(comparisons))
        for seen in comparisons:
            if seen.hidden:
                found += len(found_by_trying(seen, rule, most=30))
    return hidden, found


async def test_no_hidden_cell_follows_from_all_that_a_reader_can_ask(
    own_database: Database, postgres_version: int
) -> None:
    readers = {"lezer_0": [0], "lezer_1": [1], "lezer_2": [2], "lezer_0_1": [0, 1]}
    worlds = Worlds()
    async with filled(own_database) as region:
        await worlds.fill(region, regions=120, chance=random.Random(postgres_version))
    async with own_database.connected("meetpunt_owner") as owner:
        for role, places in readers.items():
            for (_, place), code in worlds.code.items():
                if place in places:
                    await grant_reader(owner, code, role, "a password", free_text=False)
    hidden, found = await attack(own_database, worlds, readers, Rule())
    assert hidden > 1000
    assert found == 0

    # The control: the same attack finds hidden cells where the complement is not hidden with them.
    async with own_database.connected("meetpunt_owner") as owner:
        await owner.execute(
            "create or replace function meetpunt.benchmark_rule() returns table"
            " (smallest_cell integer, hidden_together integer, hidden_answers integer,"
            " hidden_spread integer, contributors integer, cuts_and_distribution integer)"
            " language sql immutable parallel safe begin atomic select 10, 1, 1, 0, 3, 30; end"
        )
    hidden, found = await attack(own_database, worlds, readers, NO_COMPLEMENT)
    assert hidden > 500
    assert found > 10


async def test_linear_algebra_finds_what_two_means_over_one_hidden_cell_tell(
    postgres_version: int,
) -> None:
    seen = Comparison(
        kind="mark",
        known={"A": (10, 80), "B": (10, 60)},
        own=frozenset({"A"}),
        hidden=("C",),
        pooled_100=(Decimal(160) / 24 - 1) * 100 / 9,
        unweighted_100=Decimal(600) / 9,
        pooled_raw=None,
    )
    assert found_by_solving([seen]) == {(0, "C")}
