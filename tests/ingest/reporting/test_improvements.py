"""What was improved, and whether the figure moved in the eight weeks after, as readers see it."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from ingest.clock import today_here
from ingest.database.mirror import mirror_files
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Improvement
from tests.conftest import Database
from tests.publishing import reads, seen

pytestmark = pytest.mark.anyio

READER = "lezer_verbeteringen"
SPREAD = [6, 7, 8, 8, 9, 10]


def monday(weeks_ago: int) -> date:
    today = today_here()
    return today - timedelta(days=today.weekday() + 7 * weeks_ago)


async def improve(database: Database, catalogue: Catalogue, *improvements: Improvement) -> None:
    changed = msgspec.structs.replace(
        catalogue.municipality("molensloot"), improvements=improvements
    )
    others = [each for each in catalogue.municipalities.values() if each.slug != changed.slug]
    async with database.connected("meetpunt_owner") as owner:
        files = Catalogue([*others, changed], catalogue.questionnaires)
        await mirror_files(owner, files, today_here())


def improvement(day: date, channel: str | None = "balie", **more: Any) -> Improvement:
    return Improvement(date=day, channel=channel, text={"nl": "De balie is langer open."}, **more)


async def give(database: Database, week: date, marks: list[int], channel: str = "balie") -> None:
    async with database.superuser() as db:
        await db.execute(
            """insert into lees.cijfer
                (municipality, grain, period, channel, indicator, kind, given, small_group)
            values ('GM9001', 'week', $1, $2, 'tevredenheid', 'mark', $3, false)""",
            *(week, channel, [marks.count(value) for value in range(1, 11)]),
        )


async def told(database: Database) -> list[Any]:
    return await seen(
        database, READER, "select * from verbeteringen order by verbetering, kanaal, indicator"
    )


async def test_eight_whole_weeks_before_stand_beside_eight_after(
    own_database: Database, catalogue: Catalogue
) -> None:
    await reads(own_database, "molensloot", READER)
    wednesday = monday(12) + timedelta(days=2)
    await improve(
        own_database,
        catalogue,
        improvement(wednesday, department="Publiekszaken"),
        improvement(monday(4)),
        improvement(wednesday, "telefonie"),
    )
    for weeks in range(13, 21):
        await give(own_database, monday(weeks), SPREAD)
    await give(own_database, monday(21), [1] * 90)  # too long before
    await give(own_database, monday(12), [1] * 90)  # the week itself
    for weeks in range(4, 12):
        await give(own_database, monday(weeks), [min(10, mark + 1) for mark in SPREAD])
    await give(own_database, monday(3), [1] * 90)  # too long after
    risen, early, other = await told(own_database)
    assert (risen["datum"], risen["afdeling"]) == (wednesday, "publiekszaken")
    assert (risen["voor_vanaf"], risen["voor_tot_en_met"]) == (
        *(monday(20), monday(12) - timedelta(days=1)),
    )
    assert (risen["na_vanaf"], risen["na_tot_en_met"]) == (
        *(monday(11), monday(3) - timedelta(days=1)),
    )
    assert (risen["voor_n"], risen["na_n"], risen["voor_gemiddelde"]) == (48, 48, 8.0)
    assert risen["na_gemiddelde"] == pytest.approx(53 / 6)
    assert risen["verschil"] == pytest.approx((53 / 6 - 8) * 100 / 9)
    assert risen["verschil_ondergrens_95"] > 0
    assert risen["verschil_ondergrens_95"] < risen["verschil"] < risen["verschil_bovengrens_95"]
    assert (risen["oordeel"], risen["p"] < 0.05) == ("hoger", True)
    # On a Monday its own week is the first one after it.
    assert (early["na_vanaf"], early["oordeel"]) == (monday(4), "te vroeg")
    assert (early["verschil"], early["p"]) == (None, None)
    # Nobody answered there, and it is told all the same.
    assert (other["kanaal"], other["indicator"], other["oordeel"]) == (
        *("telefonie", None, "te weinig"),
    )


async def test_too_few_and_no_demonstrable_difference_are_told_apart(
    own_database: Database, catalogue: Catalogue
) -> None:
    await reads(own_database, "molensloot", READER)
    await improve(own_database, catalogue, improvement(monday(12)))
    await give(own_database, monday(13), SPREAD + SPREAD)
    await give(own_database, monday(12), [9] * 9)
    (few,) = await told(own_database)
    assert (few["voor_n"], few["na_n"], few["oordeel"]) == (12, 9, "te weinig")
    assert (few["na_gemiddelde"], few["verschil"], few["aantoonbaar"]) == (None, None, None)
    await give(own_database, monday(11), SPREAD)
    (same,) = await told(own_database)
    assert same["oordeel"] == "geen aantoonbaar verschil"
    assert same["p_holm"] >= 0.05
    assert same["aantoonbaar"] > abs(same["verschil"])


async def test_one_without_a_channel_is_of_the_channels_of_its_department(
    own_database: Database, catalogue: Catalogue
) -> None:
    await reads(own_database, "molensloot", READER)
    first, second = (
        improvement(monday(12), None, department=name) for name in ("publiekszaken", "Vergunningen")
    )
    await improve(own_database, catalogue, first, second, improvement(monday(12), None))
    rows = await told(own_database)
    channels: dict[int, list[str]] = {}
    for row in rows:
        channels.setdefault(row["verbetering"], []).append(row["kanaal"])
    assert channels[1] == ["balie", "huwelijk"]
    assert channels[2] == ["vergunning"]
    assert len(channels[3]) == 7
    # One that left the file leaves the reports.
    await improve(own_database, catalogue)
    assert await told(own_database) == []
