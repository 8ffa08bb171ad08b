"""A contact that ended is taken in once: it waits to be sent, or is a figure and nothing more."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from ingest.invitations.taking import Taking
from ingest.municipalities.catalogue import Catalogue, TouchpointUnknown
from ingest.tokens.keys import Keys
from tests.conftest import Database
from tests.inviting import contact, inviting, mobile, stages, states, take_in

pytestmark = pytest.mark.anyio


@pytest.fixture
def taking(catalogue: Catalogue, keys: Keys) -> Taking:
    return Taking(inviting(catalogue), keys)


async def test_who_was_called_waits_and_is_counted_as_known(
    database: Database, taking: Taking
) -> None:
    assert await take_in(database, taking, [contact(1), contact(2)]) == ["waiting"] * 2
    assert await states(database) == {"waiting": 2}
    assert await stages(database) == {"known": 2}


async def test_the_same_contact_told_again_changes_nothing(
    database: Database, taking: Taking
) -> None:
    await take_in(database, taking, [contact(1)])
    # In the same call as well, and whatever else is told of it.
    again = await take_in(
        database, taking, [contact(1, mobile(99)), contact(2), contact(2, mobile(98))]
    )
    assert again == ["again", "waiting", "again"]
    assert await states(database) == {"waiting": 2}
    assert await stages(database) == {"known": 2}


@pytest.mark.parametrize(
    ("told_as", "became"),
    [(timedelta(days=400), "too-old"), (-timedelta(days=30), "ended-in-the-future")],
)
async def test_a_contact_whose_moment_was_mistyped_can_be_told_again(
    database: Database, taking: Taking, told_as: timedelta, became: str
) -> None:
    right = contact(1)
    mistyped = replace(right, ended_at=right.ended_at - told_as)
    for _ in range(2):
        assert await take_in(database, taking, [mistyped]) == [became]
    assert await stages(database) == {}
    assert await take_in(database, taking, [right, mistyped, right]) == ["waiting", became, "again"]
    assert await states(database) == {"waiting": 1}
    assert await stages(database) == {"known": 1}


async def test_another_source_may_have_the_same_key(database: Database, taking: Taking) -> None:
    await take_in(database, taking, [contact(1)])
    assert await take_in(database, taking, [contact(1, source="csv")]) == ["waiting"]


async def test_what_the_rules_refuse_is_counted_and_never_a_row(
    database: Database, catalogue: Catalogue, keys: Keys
) -> None:
    files = inviting(catalogue)
    rules = files.touchpoint("molensloot", "telefonie").invitations
    assert rules is not None
    taking = Taking(inviting(catalogue, replace(rules, percentage=1)), keys)
    taken = await take_in(database, taking, [contact(n) for n in range(40)])
    assert set(taken) <= {"sampled-out", "waiting"}
    refused = [contact(n, touchpoint="balie-hal") for n in range(100, 103)]
    assert await take_in(database, taking, refused) == ["not-inviting"] * 3
    waiting = taken.count("waiting")
    assert (await states(database)).total() == waiting
    counted = await stages(database)
    assert counted["known"] == 43
    assert counted["sampled-out"] == 40 - waiting
    assert counted["not-this"] == 3


async def test_a_touchpoint_that_is_not_there_takes_nothing_in(
    database: Database, taking: Taking
) -> None:
    with pytest.raises(TouchpointUnknown):
        await take_in(database, taking, [contact(1), contact(2, touchpoint="nergens")])
    assert not await states(database)


async def test_details_that_the_touchpoint_does_not_list_are_dropped(
    database: Database, taking: Taking
) -> None:
    told = [contact(1, dimensions={"product": "paspoort"}), contact(2, dimensions={"product": "x"})]
    await take_in(database, taking, told)
    async with database.superuser() as db:
        rows = await db.fetch("select product from meetpunt.outbox order by product")
    assert [row["product"] for row in rows] == ["", "paspoort"]


async def test_the_service_cannot_read_what_it_sealed(database: Database, taking: Taking) -> None:
    await take_in(database, taking, [contact(1)])
    async with database.connected("meetpunt_ingest") as db:
        with pytest.raises(Exception, match="permission denied"):
            await db.fetch("select sealed from meetpunt.outbox")
