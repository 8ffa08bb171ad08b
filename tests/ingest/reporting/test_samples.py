"""What one in ten is asked: in no row, and in figures once, when the quarter is over."""

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.alike import alike
from ingest.reporting.batches import monday_of
from ingest.reporting.counting import rebuild
from ingest.reporting.plan import Look, plan_of
from ingest.reporting.samples import Told, quarter_of, told
from tests.conftest import Database
from tests.ingest.reporting.responses import (
    figures,
    invited,
    look,
    many,
    rows,
    six_o_clock,
    store,
)
from tests.publishing import reads, seen

pytestmark = pytest.mark.anyio

DAY = date(2026, 9, 1)
VIEW = """select kwartaal, kanaal, onderdeel, waarde, n, aantal, round(aandeel::numeric, 4),
    round(ondergrens_95::numeric, 4), round(bovengrens_95::numeric, 4), te_weinig
    from kanaalwissel_per_kwartaal order by kanaal, onderdeel desc, waarde"""

CHANNELS, REASONS = ("website", "balie", "bericht", "anders"), ("werkte_niet", "verwezen", "anders")


@some.composite
def answered(draw: some.DrawFn) -> dict[str, dict[str, int]]:
    """How often each code was answered; why, only by those who tried something else."""
    number = some.integers(0, 40)
    before = draw(some.dictionaries(some.sampled_from(("nee", *CHANNELS)), number))
    left = sum(n for code, n in before.items() if code != "nee")
    why = {}
    for reason in draw(some.sets(some.sampled_from(REASONS))):
        why[reason] = draw(some.integers(0, left))
        left -= why[reason]
    return {"eerder": before, "eerder_reden": why}


@given(answered())
def test_no_number_that_is_told_or_follows_is_of_fewer_than_ten(
    counts: dict[str, dict[str, int]],
) -> None:
    found = told(counts)
    parts: dict[str, dict[str, int]] = {}
    for row in found:
        parts.setdefault(row.part, {})[row.code] = row.n or 0
    everybody = sum(counts["eerder"].values())
    if everybody < 10:
        assert found == [Told(part="gevraagd", n=None)]
        return
    assert parts.pop("gevraagd") == {"": everybody}
    if not parts:
        return
    tried = parts.pop("eerder")[""]
    assert min(tried, everybody - tried) >= 10
    # Each breakdown adds up to all who tried, so only its own cells can be subtracted.
    for cells in parts.values():
        assert sum(cells.values()) == tried
        assert len(cells) > 1
        assert min(cells.values()) >= 10


def test_what_few_said_goes_together() -> None:
    counts = {
        "eerder": {"nee": 60, "website": 30, "balie": 7, "anders": 6},
        "eerder_reden": {"werkte_niet": 31, "verwezen": 3},
    }
    assert told(counts) == [
        Told(part="gevraagd", n=103),
        Told(part="eerder", n=43),
        Told(part="kanaal", code="website", n=30),
        Told(part="kanaal", code="overige", n=13),
        Told(part="reden", code="werkte_niet", n=31),
        Told(part="reden", code="overige", n=12),
    ]


@pytest.mark.parametrize(("no", "tried"), [(95, 9), (9, 95), (40, 0), (0, 40)])
def test_where_nearly_all_said_the_same_only_their_number_is_told(no: int, tried: int) -> None:
    counts = {"eerder": {"nee": no, "website": tried}}
    assert told(counts) == [Told(part="gevraagd", n=no + tried)]


def test_quarters_begin_in_january_april_july_and_october() -> None:
    assert {quarter_of(date(2026, month, 30)).month for month in range(3, 13)} == {1, 4, 7, 10}
    assert quarter_of(date(2026, 12, 31)) == date(2026, 10, 1)


def sample(
    catalogue: Catalogue, n: int, before: str, why: str | None = None, **changes: Any
) -> list[Any]:
    """So many by telephone who were asked, and answered this."""
    answers = {"cijfer": 7, "eerder": before} | ({"eerder_reden": why} if why else {})
    return invited(n, catalogue, answers=answers, **({"day": DAY} | changes))


def test_who_was_asked_never_shares_a_batch_with_who_was_not(catalogue: Catalogue) -> None:
    """Whoever holds the links sees which were asked; a row without the other item shows it too."""
    plan, later = plan_of(catalogue), date(2026, 9, 2)
    always = Look(
        invited=True,
        days_before=later,
        open_today=False,
        halfway_before=later,
        sampled_before=later,
    )
    streams, details = {}, set()
    for name, response in {
        "asked": sample(catalogue, 1, "nee")[0],
        "passed over": sample(catalogue, 1, "niet-beantwoord")[0],
        "not asked": invited(1, catalogue, answers={"cijfer": 7, "wachttijd": 4}, day=DAY)[0],
        "skipped": invited(1, catalogue, answers={"cijfer": 7}, day=DAY)[0],
    }.items():
        row = {
            name: getattr(response, name, None)
            for name in msgspec.structs.asdict(response)
            if name != "answers"
        } | {"day": DAY, "suspect": "", "day_uncertain": False, "sent_by_us": False}
        row |= {"dimensions": "{}", "answers": response.answers, "batch": None, "closed_on": None}
        ((stream, waiting),) = alike(plan, [_Row(row)], {response.municipality: always}, {})
        streams[name] = stream
        details.add(waiting.details)
    assert streams["asked"] == streams["passed over"] != streams["not asked"]
    assert streams["not asked"] == streams["skipped"]
    # What they were asked is no detail: it splits no batch, as it is in no row.
    assert len(details) == 1


class _Row(dict[Any, Any]):
    """A row of the database: by name, and in pieces."""

    def __getitem__(self, key: Any) -> Any:
        return tuple(self.values())[key] if isinstance(key, slice) else super().__getitem__(key)


async def test_a_quarter_is_told_once_when_it_is_over(
    database: Database, catalogue: Catalogue
) -> None:
    usual = {"cijfer": 8, "wachttijd": 4}
    await store(
        database,
        [
            *invited(30, catalogue, answers=usual, day=DAY),
            *sample(catalogue, 20, "nee"),
            *sample(catalogue, 11, "website", "werkte_niet"),
            *sample(catalogue, 1, "website"),
            *sample(catalogue, 6, "balie", "anders"),
            *sample(catalogue, 4, "balie"),
            *sample(catalogue, 2, "niet-beantwoord"),
            *sample(catalogue, 12, "nee", suspect="too-quick"),
            # At the desk nine were asked: they wait for a tenth, whoever else comes.
            *many(30, catalogue, {"cijfer": 8, "duidelijk": 4}, day=DAY),
            *many(9, catalogue, {"cijfer": 8, "eerder": "nee"}, day=DAY),
        ],
    )
    published = await look(database, catalogue, six_o_clock(date(2026, 9, 2)))
    assert (published.responses, published.suspects) == (30 + 30, 0)
    published = await look(database, catalogue, six_o_clock(date(2026, 10, 1)))
    assert (published.responses, published.suspects) == (44 + 12, 12)
    assert await rows(database, "select count(*) from meetpunt.unpublished") == [(9,)]
    # Who waits of a sample is counted nowhere: the day on which a number grew was theirs.
    assert await rows(database, "select max(waiting) from lees.stand") == [(0,)]

    # In no row stands what they said, and no other question comes and goes with it.
    keys = "select distinct jsonb_object_keys(answers) from lees.reactie order by 1"
    assert await rows(database, keys) == [("cijfer",), ("duidelijk",), ("wachttijd",)]
    await reads(database, "molensloot", "adviser")
    assert await seen(database, "adviser", VIEW) == []

    # The figures of the rest are those of all who were asked.
    marks = "select sum(n) from indicator_per_maand where kanaal = 'telefonie' and indicator = $$"
    assert await seen(database, "adviser", f"{marks}tevredenheid$$") == [(74,)]
    assert await seen(database, "adviser", f"{marks}tijdigheid$$") == [(30,)]
    before = await figures(database)
    async with database.connected("meetpunt_folder") as db:
        await rebuild(db)
    assert await figures(database) == before

    await look(database, catalogue, six_o_clock(date(2026, 10, 7)))
    assert await seen(database, "adviser", VIEW) == []
    await look(database, catalogue, six_o_clock(date(2026, 10, 8)))
    quarter = date(2026, 7, 1)
    found = [tuple(map(_plain, row)) for row in await seen(database, "adviser", VIEW)]
    assert found == [
        (quarter, "telefonie", "totaal", None, 42, 22, 0.5238, 0.3772, 0.6664, False),
        (quarter, "telefonie", "reden", "overige", 22, 11, 0.5, 0.3072, 0.6928, False),
        (quarter, "telefonie", "reden", "werkte_niet", 22, 11, 0.5, 0.3072, 0.6928, False),
        (quarter, "telefonie", "kanaal", "balie", 22, 10, 0.4545, 0.2692, 0.6534, False),
        (quarter, "telefonie", "kanaal", "website", 22, 12, 0.5455, 0.3466, 0.7308, False),
    ]
    assert await rows(database, "select * from meetpunt.sample_tally") == []

    # What comes in late is not told, not even as a difference.
    await store(database, sample(catalogue, 40, "nee"))
    await look(database, catalogue, six_o_clock(date(2026, 10, 9)), due_only=False)
    assert await rows(database, "select count(*) from meetpunt.unpublished") == [(9,)]
    assert await rows(database, "select * from meetpunt.sample_tally") == []
    assert [tuple(map(_plain, row)) for row in await seen(database, "adviser", VIEW)] == found

    # Of the next quarter too few answered: it says so.
    await store(database, many(1, catalogue, {"cijfer": 8, "eerder": "nee"}, day=date(2026, 10, 9)))
    await look(database, catalogue, six_o_clock(date(2026, 10, 10)))
    await store(
        database,
        many(9, catalogue, {"cijfer": 8}, day=date(2026, 10, 10))
        + many(11, catalogue, {"cijfer": 8, "eerder": "niet-beantwoord"}, day=date(2026, 10, 10)),
    )
    await look(database, catalogue, six_o_clock(date(2027, 1, 8)))
    desk = [row for row in await seen(database, "adviser", VIEW) if row[1] == "balie"]
    assert [tuple(map(_plain, row[2:])) for row in desk] == [
        ("totaal", None, 10, None, None, None, None, True)
    ]


async def test_batches_of_a_sample_close_with_the_month_whenever_they_are_full(
    database: Database, catalogue: Catalogue
) -> None:
    """Else who knows the links would guess that the one who was asked last answered that day."""
    first, last = date(2026, 9, 3), date(2026, 9, 30)
    await store(database, sample(catalogue, 9, "nee"))
    await store(database, sample(catalogue, 30, "nee", day=first))
    # Others close as before.
    await store(database, invited(30, catalogue, answers={"cijfer": 8, "wachttijd": 4}, day=first))
    assert (await look(database, catalogue, six_o_clock(date(2026, 9, 4)))).responses == 30
    await store(database, sample(catalogue, 3, "nee", day=last))
    assert (await look(database, catalogue, six_o_clock(last))).responses == 0
    assert (await look(database, catalogue, six_o_clock(date(2026, 10, 1)))).responses == 42
    weeks = "select week, count(*) from lees.reactie group by 1 order by 1"
    assert await rows(database, weeks) == [(monday_of(first), 30), (monday_of(last), 42)]


def _plain(value: Any) -> Any:
    return float(value) if type(value).__name__ == "Decimal" else value
