"""Figures of a part of a channel, and of longer periods: what the published rows themselves say."""

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.touchpoints import Touchpoint
from ingest.questionnaires.items import Item
from ingest.questionnaires.kinds import KINDS
from ingest.responses.statements import NewResponse
from tests.conftest import Database
from tests.ingest.reporting.responses import (
    MONDAY,
    invited,
    look,
    many,
    morning_after,
    one_response,
    rows,
    store,
)
from tests.publishing import reads, seen

pytestmark = pytest.mark.anyio

READER = "lezer_uitsplitsingen"
BREAKDOWNS = ("meetpunt", "product", "locatie", "afdeling", "wijk", "afnamewijze", "dagdeel")
MONTHS = (date(2025, 11, 3), date(2026, 7, 6), date(2026, 9, 7), date(2026, 10, 5))
OPEN, CALLED = ("kiosk", "kiosk", "link"), ("bericht",)
WAYS = {
    "molensloot/balie-hal": OPEN,
    "molensloot/telefonie": CALLED,
    "molensloot/huwelijk": CALLED,
    "waterakker/melding": CALLED,
    "waterakker/online": ("widget", "link"),
}

Key = tuple[Any, ...]
"""Period, channel, and of a breakdown its name and value; then indicator and kind of question."""


def counted_items(catalogue: Catalogue, touchpoint: Touchpoint) -> list[Item]:
    items = catalogue.questionnaire(touchpoint).items
    return [item for item in items if item.indicator and item.declared.places]


def some_responses(catalogue: Catalogue, seed: int) -> Iterator[NewResponse]:
    """Of a quiet year: details hang together with nothing, and no month of a wedding has ten."""
    chance = random.Random(seed)
    for path, ways in WAYS.items():
        touchpoint = catalogue.touchpoint(*path.split("/"))
        for month in MONTHS:
            for _ in range(5 if path.endswith("huwelijk") else chance.randint(90, 120)):
                mode = chance.choice(ways)
                yield one_response(
                    catalogue,
                    {
                        item.code: chance.choice((*item.declared.places, "nvt"))
                        if item.not_applicable
                        else chance.choice(item.declared.places)
                        for item in counted_items(catalogue, touchpoint)
                        if item.kind == "mark" or chance.random() < 0.7
                    },
                    at=path,
                    day=month + timedelta(days=chance.randint(0, 1)),
                    hour=None if mode == "bericht" else chance.choice((9, 11, 11, 16, 17)),
                    mode=mode,
                    details={
                        name: chance.choice((values[0], *values[:2]))
                        for name, values in touchpoint.dimensions.items()
                        if chance.random() < 0.9
                    },
                )


class Recount:
    """The same from the published rows, one after the other, without SQL."""

    def __init__(
        self, catalogue: Catalogue, slug: str, published: Sequence[Mapping[str, Any]]
    ) -> None:
        self._municipality = catalogue.municipality(slug)
        self.of_channels: dict[Key, Counter[int]] = defaultdict(Counter)
        self.of_parts: dict[Key, Counter[int]] = defaultdict(Counter)
        for row in published:
            touchpoint = catalogue.touchpoints[row["touchpoint"]]
            for item in counted_items(catalogue, touchpoint):
                value = row["answers"].get(item.code, "nvt")
                if value != "nvt":
                    place = item.declared.places.index(value) + 1
                    self._add(row, touchpoint, (item.indicator, item.kind), place)

    def _add(self, row: Any, touchpoint: Touchpoint, asked: Key, place: int) -> None:
        for period in periods_of(row["month"]):
            self.of_channels[period, touchpoint.channel, *asked][place] += 1
            for name, value in self._parts(row, touchpoint).items():
                key = (period, touchpoint.channel, name, value or "onbekend", *asked)
                self.of_parts[key][place] += 1

    def _parts(self, row: Any, touchpoint: Touchpoint) -> dict[str, str | None]:
        told = {"product": touchpoint.product, "location": touchpoint.location} | row["dimensions"]
        fits = (
            each.slug
            for each in self._municipality.departments
            if touchpoint.slug in each.touchpoints or told["product"] in each.products
        )
        return {
            "meetpunt": touchpoint.slug,
            "product": told["product"],
            "locatie": told["location"],
            "afdeling": next(fits, "overig"),
            "wijk": told.get("wijk"),
            "afnamewijze": row["mode"],
            "dagdeel": row["daypart"],
        }


def periods_of(month: date) -> Iterator[tuple[str, date]]:
    yield "maand", month
    yield "kwartaal", date(month.year, (month.month - 1) // 3 * 3 + 1, 1)
    yield "jaar", date(month.year, 1, 1)


async def recounted(database: Database, catalogue: Catalogue, slug: str) -> Recount:
    code = catalogue.municipality(slug).code
    columns = ("touchpoint", "month", "mode", "daypart", "dimensions", "answers")
    found = await rows(
        database,
        f"select {', '.join(columns)} from lees.reactie"
        " where municipality = $1 and suspect = '{}'",
        code,
    )
    published = [dict(zip(columns, row, strict=True)) for row in found]
    for row in published:
        row |= {name: json.loads(row[name]) for name in ("dimensions", "answers")}
    return Recount(catalogue, slug, published)


def check(row: Mapping[str, Any], given: Counter[int]) -> None:
    """One row of a view against how often each value was given."""
    kind = KINDS[row["soort"]]
    n = given.total()
    assert row["n"] == n
    if n < 10:
        hidden = ("gemiddelde", "gemiddelde_100", "verdeling", "som", "aantal_le_6")
        assert {row[column] for column in hidden} == {None}
        return
    total = sum(place * times for place, times in given.items())
    top = len(kind.places)
    assert row["verdeling"] == [given[place] for place in range(1, top + 1)]
    assert row["som"] == total
    assert row["som_kwadraten"] == sum(place**2 * times for place, times in given.items())
    assert float(row["gemiddelde_100"]) == pytest.approx((total / n - 1) * 100 / (top - 1))
    assert row["ondergrens_95"] <= row["gemiddelde_100"] <= row["bovengrens_95"]
    if kind.school_mark:
        low = sum(given[place] for place in range(1, 7))
        assert row["aantal_le_6"] == low
        assert float(row["aandeel_le_6"]) == pytest.approx(low / n, abs=1e-6)
        ends = row["aandeel_le_6_ondergrens"], row["aandeel_le_6_bovengrens"]
        assert ends[0] <= row["aandeel_le_6"] <= ends[1]


@pytest.mark.parametrize(
    ("slug", "kept"),
    [
        ("molensloot", ("product", "locatie", "afnamewijze", "dagdeel")),
        ("waterakker", ("wijk", "product", "afnamewijze")),
    ],
)
async def test_every_breakdown_is_what_the_rows_say_and_adds_up_to_its_channel(
    database: Database, catalogue: Catalogue, slug: str, kept: tuple[str, ...]
) -> None:
    await store(database, list(some_responses(catalogue, seed=4)))
    await look(database, catalogue, morning_after(MONDAY))
    truth = await recounted(database, catalogue, slug)
    # Not all of it is unknown, so there is something to compare.
    assert {name for _, _, name, value, *_ in truth.of_parts if value != "onbekend"} >= {*kept}
    await reads(database, slug, READER)
    for period in ("maand", "kwartaal", "jaar"):
        added: dict[Key, int] = Counter()
        found = await seen(database, READER, f"select * from uitsplitsing_per_{period}")
        told = {}
        for row in found:
            asked = (row["indicator"], row["soort"])
            channel = ((period, row[period]), row["kanaal"])
            told[*channel, row["uitsplitsing"], row["waarde"], *asked] = row
            added[*channel, row["uitsplitsing"], *asked] += row["n"]
            assert row["te_weinig"] == (row["n"] < 10)
        wanted = {key: given for key, given in truth.of_parts.items() if key[0][0] == period}
        assert told.keys() == wanted.keys()
        for key, given in wanted.items():
            check(told[key], given)
        assert len(told) > len(wanted) / 2 > 20
        for (of, where, *rest), given in truth.of_channels.items():
            if of[0] == period:
                sums = {name: added[of, where, name, *rest] for name in BREAKDOWNS}
                assert sums == dict.fromkeys(BREAKDOWNS, given.total())
        figures = await seen(database, READER, f"select * from indicator_per_{period} where n > 0")
        of_channels = {
            ((period, row[period]), row["kanaal"], row["indicator"], row["soort"]): row
            for row in figures
        }
        assert of_channels.keys() == {key for key in truth.of_channels if key[0][0] == period}
        for key, row in of_channels.items():
            check(row, truth.of_channels[key])
    await twelve_months(database, truth)


async def twelve_months(database: Database, truth: Recount) -> None:
    """Each row counts its month and the eleven before, and differs from twelve that came before."""
    figures = await seen(database, READER, "select * from indicator_twaalf_maanden where n > 0")
    wanted: dict[Key, Counter[int]] = defaultdict(Counter)
    last = max(of[1] for of, *_ in truth.of_channels if of[0] == "maand")
    for (of, *asked), given in truth.of_channels.items():
        for later in range(12) if of[0] == "maand" else ():
            month = of[1].month - 1 + later
            until = date(of[1].year + month // 12, month % 12 + 1, 1)
            if until <= last:
                wanted[until, *asked] += given
    told = {(row["maand"], row["kanaal"], row["indicator"], row["soort"]): row for row in figures}
    assert told.keys() == wanted.keys()
    for (month, *asked), given in wanted.items():
        row = told[month, *asked]
        check(row, given)
        year_before = month.replace(year=month.year - 1)
        before = told.get((year_before, *asked))
        first = min(of[1] for of, *rest in truth.of_channels if of[0] == "maand" and rest == asked)
        whole = year_before >= first.replace(year=first.year + 1) - timedelta(days=31)
        if (
            before
            and whole
            and before["gemiddelde_100"] is not None
            and row["gemiddelde_100"] is not None
        ):
            difference = row["gemiddelde_100"] - before["gemiddelde_100"]
            assert float(row["verschil_vorige"]) == pytest.approx(float(difference), abs=1e-5)
        else:
            assert row["verschil_vorige"] is None
        assert row["verschil_vorige"] == row["verschil_vorig_jaar"]


async def test_a_channel_of_few_people_has_a_year_where_it_has_no_month(
    database: Database, catalogue: Catalogue
) -> None:
    for month in (1, 3, 5, 8):
        day = date(2026, month, 6)
        wedding = invited(4, catalogue, at="molensloot/huwelijk", answers={"cijfer": 9}, day=day)
        await store(database, wedding)
        await look(database, catalogue, morning_after(day))
    await reads(database, "molensloot", READER)
    query = "select gemiddelde, n from {} where kanaal = 'huwelijk' and soort = 'mark' order by {}"
    months = await seen(database, READER, query.format("indicator_per_maand", "maand"))
    assert [tuple(row) for row in months] == [(None, 4)] * 4
    year = await seen(database, READER, query.format("indicator_per_jaar", "jaar"))
    assert [tuple(row) for row in year] == [(9, 16)]
    # Each month counts in its own row and in the eleven after it, as far as anything is known.
    rolling = await seen(database, READER, query.format("indicator_twaalf_maanden", "maand"))
    assert [row["n"] for row in rolling] == [4, 4, 8, 8, 12, 12, 12, 16]
    assert [row["gemiddelde"] for row in rolling] == [None] * 4 + [9] * 4


async def test_a_department_has_figures_of_before_it_was_there(
    own_database: Database, catalogue: Catalogue
) -> None:
    passport = {"product": "paspoort"}
    desk = many(10, catalogue, details=passport)
    calls = invited(10, catalogue, details={"product": "parkeervergunning"})
    await store(own_database, [*desk, *calls, *invited(10, catalogue)])
    await look(own_database, catalogue, morning_after())
    await reads(own_database, "molensloot", READER)
    query = """select kanaal, waarde, n from uitsplitsing_per_jaar
        where uitsplitsing = 'afdeling' and indicator = 'tevredenheid' order by 1, 2"""
    # By its touchpoint, by its product, and neither.
    assert [tuple(row) for row in await seen(own_database, READER, query)] == [
        ("balie", "publiekszaken", 10),
        ("telefonie", "openbare-ruimte", 10),
        ("telefonie", "overig", 10),
    ]
    names = await seen(own_database, READER, "select afdeling from dim_afdeling order by volgorde")
    assert [row["afdeling"] for row in names][-1] == "overig"
    async with own_database.superuser() as db:
        await db.execute(
            "update lees.dim_afdeling set touchpoints = '{telefonie}' where slug = 'vergunningen'"
        )
    assert [tuple(row) for row in await seen(own_database, READER, query)][1:] == [
        # The first that fits, in the order of the file.
        ("telefonie", "openbare-ruimte", 10),
        ("telefonie", "vergunningen", 10),
    ]


async def test_who_asks_for_one_breakdown_has_no_other_counted(database: Database) -> None:
    await reads(database, "molensloot", READER)
    plan = await seen(
        database,
        READER,
        "explain select * from uitsplitsing_per_kwartaal where uitsplitsing = 'product'",
    )
    assert sum("cijfer_uitgesplitst" in row[0] for row in plan) == 1


# --- The part of the day --------------------------------------------------------------------------


async def dayparts(database: Database) -> Counter[Key]:
    found = await rows(
        database, "select day is not null, dimensions ->> 'product', daypart from lees.reactie"
    )
    return Counter(found)


async def test_the_part_of_the_day_is_kept_where_ten_share_it_and_all_else(
    database: Database, catalogue: Catalogue
) -> None:
    passport, licence = {"product": "paspoort"}, {"product": "rijbewijs"}
    await store(
        database,
        [
            *(one_response(catalogue, details=passport, hour=hour) for hour in (7, 11) * 5),
            *(one_response(catalogue, details=passport, hour=hour) for hour in (12, 16) * 5),
            *(one_response(catalogue, details=passport, hour=hour) for hour in (17, 23) * 5),
            # Nine in the afternoon: they and the twelve of the morning tell nothing.
            *many(12, catalogue, details=licence, hour=9),
            *many(9, catalogue, details=licence, hour=13),
        ],
    )
    await look(database, catalogue, morning_after())
    # It took no day and no product away.
    assert await dayparts(database) == {
        (True, "paspoort", "ochtend"): 10,
        (True, "paspoort", "middag"): 10,
        (True, "paspoort", "avond"): 10,
        (True, "rijbewijs", None): 21,
    }
    await reads(database, "molensloot", READER)
    for view in ("feit_reactie", "feit_antwoord"):
        shown = repr(await seen(database, READER, f"select * from {view}"))
        assert "rijbewijs" in shown or view == "feit_antwoord"
        assert "ochtend" not in shown
    query = """select waarde, n from uitsplitsing_per_maand
        where uitsplitsing = 'dagdeel' and indicator = 'tevredenheid' order by waarde"""
    assert [tuple(row) for row in await seen(database, READER, query)] == [
        ("avond", 10), ("middag", 10), ("ochtend", 10), ("onbekend", 21),
    ]  # fmt: skip


async def test_who_was_invited_or_is_one_of_few_has_no_part_of_the_day(
    database: Database, catalogue: Catalogue
) -> None:
    await store(
        database,
        [
            # Whatever may be stored with it one day.
            *invited(10, catalogue, hour=9),
            # A kiosk whose clock cannot be trusted has no hour.
            *many(10, catalogue, mode="kiosk", hour=None),
            *many(10, catalogue, at="molensloot/huwelijk", hour=9),
        ],
    )
    await look(database, catalogue, morning_after())
    assert {key[2] for key in await dayparts(database)} == {None}
