"""How far contacts of a month came: told once, when nobody of that month can answer any more."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from ingest.invitations.outbox_statements import Stage, count_stages
from ingest.invitations.statements import store_invitations
from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.cohorts import Cohort, is_closed, told
from ingest.reporting.plan import plan_of
from tests.conftest import Database
from tests.ingest.reporting.responses import invited, look, rows, six_o_clock, store
from tests.publishing import reads, seen

pytestmark = pytest.mark.anyio

OCTOBER = date(2026, 10, 1)
# Links of telefonie live for 7 days, and a message waits for 3 days, and over holidays.
CLOSED = date(2026, 11, 22)
STAGES = (
    *("sampled-out", "not-this", "withdrawn", "asked-recently", "opted-out"),
    *("sent", "delivered", "failed", "unknown", "expired", "answered"),
)
ABOUT_SOMEBODY = ("asked_recently", "opted_out", "answered")


def of(known: int, **stages: int) -> dict[str, int]:
    return {"known": known, **{name.replace("_", "-"): n for name, n in stages.items()}}


counts = some.dictionaries(some.sampled_from(STAGES), some.integers(0, 40)).flatmap(
    lambda stages: some.integers(1, 60).map(lambda known: {**stages, "known": known})
)
months = some.dictionaries(some.sampled_from(["", "a", "b", "c", "d"]), counts, min_size=1)


@given(months)
def test_what_is_about_somebody_is_told_from_ten_up(month: dict[str, dict[str, int]]) -> None:
    for row in told(month):
        for name in ABOUT_SOMEBODY:
            n = getattr(row, name)
            assert n is None or n >= 10


@given(months)
def test_every_contact_counts_in_one_row(month: dict[str, dict[str, int]]) -> None:
    assert sum(row.known for row in told(month)) == sum(each["known"] for each in month.values())


@given(months)
def test_every_row_has_ten_contacts_or_is_all_there_is_and_says_nothing(
    month: dict[str, dict[str, int]],
) -> None:
    found = told(month)
    if any(row.known < 10 for row in found):
        assert found == [Cohort(product="", known=sum(each["known"] for each in month.values()))]


@given(months)
def test_who_is_not_told_apart_cannot_be_subtracted(month: dict[str, dict[str, int]]) -> None:
    """Who was not invited adds up whatever is hidden: the rest says nothing of the hidden."""
    refused = ("sampled-out", "not-this", "withdrawn", "asked-recently", "opted-out")
    before = sum(each.get(stage, 0) for each in month.values() for stage in refused)
    found = told(month)
    if found[0].not_chosen is not None:
        assert before == sum(
            (row.not_chosen or 0) + (row.asked_recently or 0) + (row.opted_out or 0)
            for row in found
        )


def test_a_product_that_few_share_goes_with_those_without_one() -> None:
    month = {"": of(7), "paspoort": of(40), "verhuizing": of(4)}
    assert [(row.product, row.known) for row in told(month)] == [("", 11), ("paspoort", 40)]


def test_where_the_rest_is_few_the_smallest_product_joins_it() -> None:
    month = {"": of(2), "paspoort": of(40), "verhuizing": of(12)}
    assert [(row.product, row.known) for row in told(month)] == [("", 14), ("paspoort", 40)]


@pytest.mark.parametrize(
    ("today", "closed"), [(date(2026, 11, 21), False), (CLOSED, True), (date(2027, 3, 1), True)]
)
def test_a_month_closes_when_the_last_link_has_expired(
    today: date, closed: bool, catalogue: Catalogue
) -> None:
    number = catalogue.touchpoint("molensloot", "telefonie").number
    days = plan_of(catalogue).days_to_answer(number)
    assert is_closed(OCTOBER, days, today) is closed


async def count(
    database: Database, catalogue: Catalogue, product: str = "", month: date = OCTOBER, **n: int
) -> None:
    """As what takes occasions in and what sends count."""
    number = catalogue.touchpoint("molensloot", "telefonie").number
    async with database.connected("meetpunt_work") as db:
        await count_stages(
            db,
            {
                Stage(
                    municipality="GM9001",
                    month=month,
                    touchpoint=number,
                    product=product,
                    stage=stage.replace("_", "-"),
                ): many
                for stage, many in n.items()
            },
        )


async def answer(
    database: Database,
    catalogue: Catalogue,
    many: int,
    *,
    month: date | None = OCTOBER,
    product: str = "",
    **changes: Any,
) -> None:
    """So many get a link, and answer by it."""
    digests = [bytes([seed, len(product), bool(month)]) + bytes(29) for seed in range(many)]
    details = msgspec.json.encode({"product": product} if product else {}).decode()
    async with database.connected("meetpunt_work") as db:
        await store_invitations(
            db,
            municipality="GM9001",
            touchpoint=catalogue.touchpoint("molensloot", "telefonie").number,
            digests=digests,
            dimensions=[details] * many,
            expires_on=date(2030, 1, 1),
            day=OCTOBER,
            month=month,
        )
    responses = invited(many, catalogue, day=OCTOBER + timedelta(days=3), **changes)
    await store(
        database,
        [
            msgspec.structs.replace(response, invitation=digest, token_id=None)
            for response, digest in zip(responses, digests, strict=True)
        ],
    )


VIEW = """
    select maand, kanaal, meetpunt, product, bekend, niet_gekozen, verzonden, bezorgd, mislukt,
        onbekend, verlopen, te_kort_geleden, afgemeld, beantwoord, respons, peilmoment, kleine_groep
    from uitnodiging_per_maand order by product nulls first"""


async def test_a_reader_and_its_group_see_a_month_once_and_for_good(
    database: Database, catalogue: Catalogue
) -> None:
    await count(database, catalogue, known=40, sampled_out=5, opted_out=1, sent=33, delivered=30)
    await count(database, catalogue, failed=2, unknown=1, expired=1)
    await answer(database, catalogue, 12)
    await reads(database, "molensloot", "lezer_maand")
    await look(database, catalogue, six_o_clock(CLOSED - timedelta(days=1)))
    assert await seen(database, "lezer_maand", VIEW) == []
    await look(database, catalogue, six_o_clock(CLOSED))
    (row,) = await seen(database, "lezer_maand", VIEW)
    assert tuple(row)[:-3] == (
        *(OCTOBER, "telefonie", "telefonie", None, 40, 6, 33, 30, 2, 1, 1, None, None, 12),
    )
    assert (float(row["respons"]), row["kleine_groep"]) == (0.4, False)
    assert row["peilmoment"] == six_o_clock(CLOSED)
    await count(database, catalogue, known=10, delivered=4)
    await look(database, catalogue, six_o_clock(CLOSED + timedelta(days=1)))
    assert await seen(database, "lezer_maand", VIEW) == [row]
    assert await rows(database, "select * from meetpunt.invitation_stage") == []


async def test_what_was_answered_counts_by_the_product_and_month_of_its_invitation(
    database: Database, catalogue: Catalogue
) -> None:
    september = date(2026, 9, 1)
    await count(database, catalogue, "paspoort", known=20, sent=20, delivered=20)
    await count(database, catalogue, "verhuizing", known=20, sent=20, delivered=20)
    await count(database, catalogue, "paspoort", september, known=20, sent=20, delivered=20)
    await answer(database, catalogue, 11, product="paspoort")
    await answer(database, catalogue, 9, product="verhuizing")
    await look(database, catalogue, six_o_clock(CLOSED))
    query = "select month, product, answered from lees.uitnodiging_maand order by 1, 2"
    assert await rows(database, query) == [
        (september, "paspoort", None),
        (OCTOBER, "paspoort", 11),
        (OCTOBER, "verhuizing", None),
    ]


async def test_suspects_and_links_that_the_municipality_sends_itself_do_not_count(
    database: Database, catalogue: Catalogue
) -> None:
    await answer(database, catalogue, 10, suspect="honeypot")
    await answer(database, catalogue, 10, month=None)
    assert await rows(database, "select * from meetpunt.answered_tally") == []


async def test_a_look_leaves_nothing_that_ties_an_answer_to_its_batch(
    database: Database, catalogue: Catalogue
) -> None:
    await answer(database, catalogue, 3)
    tally = "select sum(n)::integer from meetpunt.answered_tally"
    assert await rows(database, tally) == [(3,)]
    await look(database, catalogue, six_o_clock(OCTOBER + timedelta(days=4)))
    assert await rows(database, tally) == [(None,)]
    counted = "select stage, n from meetpunt.invitation_stage"
    assert await rows(database, counted) == [("answered", 3)]


async def test_fewer_than_ten_contacts_say_only_that_they_were_known(
    database: Database, catalogue: Catalogue
) -> None:
    await count(database, catalogue, known=9, opted_out=1, sent=8, delivered=8)
    await reads(database, "molensloot", "lezer_maand")
    await look(database, catalogue, six_o_clock(CLOSED))
    (row,) = await seen(database, "lezer_maand", VIEW)
    assert row["bekend"] == 9
    assert set(tuple(row)[5:-2]) == {None}


async def test_who_did_not_answer_is_told_from_ten_up_on_both_sides(
    database: Database, catalogue: Catalogue
) -> None:
    """Of what was delivered; of what was sent where a provider tells nothing, or not of each."""
    number = catalogue.touchpoint("molensloot", "telefonie").number
    contacts = {
        "half": (40, 40, 20),
        "nearly-all": (40, 40, 31),
        "hardly-anybody": (40, 40, None),
        "not-told": (40, 0, 12),
        "told-of-some": (40, 5, 12),
    }
    async with database.superuser() as db:
        await db.executemany(
            "insert into lees.uitnodiging_maand (municipality, month, touchpoint, product, known,"
            " sent, delivered, answered, told_at)"
            " values ('GM9001', $1, $2, $3, 40, $4, $5, $6, $7)",
            [
                (OCTOBER, number, product, *figures, six_o_clock(CLOSED))
                for product, figures in contacts.items()
            ],
        )
    await reads(database, "molensloot", "lezer_maand")
    found = {
        row["product"]: row
        for row in await seen(database, "lezer_maand", "select * from uitnodiging_per_maand")
    }
    told = {
        product: (row["beantwoord"], row["niet_beantwoord"], row["aandeel_niet_beantwoord"])
        for product, row in found.items()
    }
    assert told == {
        "half": (20, 20, 0.5),
        "nearly-all": (None, None, None),
        "hardly-anybody": (None, None, None),
        "not-told": (12, 28, 0.7),
        "told-of-some": (12, 28, 0.7),
    }
    low, high = (found["half"][f"aandeel_niet_beantwoord_{end}grens"] for end in ("onder", "boven"))
    assert (low, high) == pytest.approx((0.352, 0.648), abs=1e-3)
    hidden = ("respons", *(f"aandeel_niet_beantwoord_{end}grens" for end in ("onder", "boven")))
    assert {found["nearly-all"][column] for column in hidden} == {None}
