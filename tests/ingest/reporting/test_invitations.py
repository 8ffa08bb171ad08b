"""How many links a municipality made and how many were answered: of no invitation apart."""

from datetime import date, timedelta

import msgspec
import pytest

from ingest.invitations.statements import store_invitations
from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database
from tests.ingest.reporting.responses import (
    MONDAY,
    invited,
    look,
    morning_after,
    rows,
    six_o_clock,
    store,
)

pytestmark = pytest.mark.anyio

TUESDAY = MONDAY + timedelta(days=1)


async def test_links_are_told_when_issued_and_when_spent(
    database: Database, catalogue: Catalogue
) -> None:
    number = catalogue.touchpoint("molensloot", "telefonie").number
    digests = [bytes([seed]) * 32 for seed in range(14)]
    async with database.connected("meetpunt_ingest") as db:
        await store_invitations(
            db,
            municipality="GM9001",
            touchpoint=number,
            digests=digests,
            dimensions=['{"product": "paspoort"}'] * 11 + ["{}"] * 3,
            expires_on=date(2030, 1, 1),
            day=MONDAY,
        )
    answered = [
        msgspec.structs.replace(response, invitation=digest, token_id=None)
        for response, digest in zip(
            invited(11, catalogue, day=TUESDAY), [*digests[:10], digests[13]], strict=True
        )
    ]
    await store(database, answered)
    await look(database, catalogue, morning_after(TUESDAY))
    told = "select day, channel, product, issued, spent from lees.uitnodiging order by 1, 3"
    assert await rows(database, told) == [
        (MONDAY, "telefonie", "", 3, 0),
        (MONDAY, "telefonie", "paspoort", 11, 0),
        # Of eleven who answered one had another product: then none is told.
        (TUESDAY, "telefonie", "", 0, 11),
    ]


async def test_links_that_we_send_count_neither_when_issued_nor_when_spent_and_wait_apart(
    database: Database, catalogue: Catalogue
) -> None:
    """Of a batch of both kinds `spent` would say of fewer than ten that they answered."""
    number = catalogue.touchpoint("molensloot", "telefonie").number
    answered = invited(19, catalogue)
    async with database.connected("meetpunt_work") as db:
        for ours in (True, False):
            digests = [bytes([ours, seed]) + bytes(30) for seed in range(10 if ours else 9)]
            await store_invitations(
                db,
                municipality="GM9001",
                touchpoint=number,
                digests=digests,
                dimensions=["{}"] * len(digests),
                expires_on=date(2030, 1, 1),
                day=MONDAY,
                month=MONDAY.replace(day=1) if ours else None,
            )
            await store(
                database,
                [
                    msgspec.structs.replace(answered.pop(), invitation=digest, token_id=None)
                    for digest in digests
                ],
            )
    assert (await look(database, catalogue, morning_after())).responses == 10
    told = "select day, issued, spent from lees.uitnodiging"
    assert await rows(database, told) == [(MONDAY, 9, 0)]
    await store(database, invited(1, catalogue, day=TUESDAY))
    assert (await look(database, catalogue, morning_after(TUESDAY))).responses == 10
    assert sorted(await rows(database, told)) == [(MONDAY, 9, 0), (TUESDAY, 0, 10)]


async def test_invitations_of_long_ago_are_told_at_the_first_look_and_with_what_waited(
    database: Database, catalogue: Catalogue
) -> None:
    number = catalogue.touchpoint("molensloot", "telefonie").number
    insert = "insert into meetpunt.invitation_count values ('GM9001', $1, $2, '', 20, 0, 0)"
    for day in (date(2025, 3, 3), date(2025, 4, 4)):
        await rows(database, insert, day, number)
        await store(database, invited(10, catalogue, day=day))
        await look(database, catalogue, six_o_clock(date(2026, 11, day.month)))
    told = "select day, issued, spent from lees.uitnodiging order by day"
    assert await rows(database, told) == [
        (date(2025, 3, 3), 20, 10),
        (date(2025, 4, 4), 20, 10),
    ]


async def test_spent_ones_tell_their_product_where_the_batch_kept_it(
    database: Database, catalogue: Catalogue
) -> None:
    passport = invited(10, catalogue, details={"product": "paspoort"})
    await store(database, [*passport, *invited(10, catalogue)])
    await look(database, catalogue, morning_after())
    told = "select product, spent from lees.uitnodiging order by product"
    assert await rows(database, told) == [("", 10), ("paspoort", 10)]
