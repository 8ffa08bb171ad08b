"""A reader that joins everything told of a row finds no fewer than ten that are told the same.

Whoever stood at the desk, and whoever sent the links, knows some of what is told of each. So all
columns count, those that nobody thought of too: only the row's own id and what was answered do not.
The part of the day counts as well. No column shows it; figures do, and they move with the rows.
"""

import random
from collections import Counter
from datetime import date, timedelta
from uuid import UUID

import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.batches import ENOUGH
from ingest.reporting.plan import Plan, plan_of
from ingest.responses.statements import NewResponse
from tests.conftest import Database
from tests.ingest.reporting.responses import MONDAY, look, morning_after, one_response, store
from tests.publishing import reading, reads

pytestmark = pytest.mark.anyio

READER = "lezer_rijen"
VIEWS = ("feit_reactie", "feit_verdacht")
APART = ("reactie_id", "antwoorden")
DAYS = 12
PRODUCTS = ("paspoort", "rijbewijs", "uittreksel")
REASONS = ("", "honeypot", "too-quick", "honeypot,too-quick")


def a_day(chance: random.Random, catalogue: Catalogue, day: date) -> list[NewResponse]:
    """What comes in at the desk: no two details hang together, and some values are rare."""
    return [
        one_response(
            catalogue,
            {"cijfer": chance.randint(1, 10)},
            day=day,
            hour=chance.choices((9, 14, 19), (6, 4, 2))[0],
            mode=chance.choices(("kiosk", "link", "qr"), (8, 4, 1))[0],
            language=chance.choices(("nl", "en", "tr"), (12, 2, 1))[0],
            details={"product": chance.choices(PRODUCTS, (6, 3, 1))[0]},
            complete=chance.random() < 0.8,
            suspect=chance.choices(REASONS, (8, 4, 2, 1))[0],
        )
        for _ in range(chance.randint(0, 40))
    ]


async def fewest_alike(
    database: Database, catalogue: Catalogue, plan: Plan, seed: int
) -> dict[str, int]:
    """Of how few rows that were new at one look all told the same, at the least, by view."""
    chance = random.Random(seed)
    known: set[UUID] = set()
    fewest: dict[str, int] = {}
    async with reading(database, READER) as reader, database.superuser() as superuser:
        for number in range(DAYS):
            day = MONDAY + timedelta(days=number)
            await store(database, a_day(chance, catalogue, day))
            await look(database, plan, morning_after(day))
            for view in VIEWS:
                rows = await reader.fetch(f"select * from {view}")
                dayparts = dict(await superuser.fetch("select id, daypart from lees.reactie"))
                new = [row for row in rows if row["reactie_id"] not in known]
                known |= {row["reactie_id"] for row in new}
                told = [
                    [
                        dayparts[row["reactie_id"]],
                        *(value for name, value in row.items() if name not in APART),
                    ]
                    for row in new
                ]
                if told:
                    alike = min(Counter(map(repr, told)).values())
                    fewest[view] = min(alike, fewest.get(view, alike))
    return fewest


# One course of days tells nearly as much as three; the others are drawn in the same way.
@pytest.mark.parametrize(
    "seed", [0, pytest.param(1, marks=pytest.mark.long), pytest.param(2, marks=pytest.mark.long)]
)
async def test_no_row_is_told_apart_by_all_its_columns(
    database: Database, catalogue: Catalogue, seed: int
) -> None:
    await reads(database, "molensloot", READER)
    found = await fewest_alike(database, catalogue, plan_of(catalogue), seed)
    assert min(found.values()) >= ENOUGH, found


# The attack itself is tried every day.
@pytest.mark.long
async def test_its_control_finds_lone_rows_where_batches_are_of_one(
    database: Database, catalogue: Catalogue
) -> None:
    await reads(database, "molensloot", READER)
    found = await fewest_alike(database, catalogue, plan_of(catalogue, at_once=True), 0)
    assert set(found.values()) == {1}
