"""Messages wait a little while residents answer in numbers, and never stand still."""

import asyncio
from datetime import date

import pytest

from ingest.invitations.codes import InvitationCodes
from ingest.invitations.giving_way import GivingWay
from ingest.invitations.opting_out_statements import note_opted_out
from ingest.invitations.taking import Taking
from ingest.municipalities.catalogue import Catalogue
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys
from tests.conftest import Database, Serve
from tests.inviting import (
    CODE,
    Provider,
    contact,
    inviting,
    mobile,
    states,
    take_in,
    until,
    working,
)

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("to_pick_takes", [0.0, 0.01, 0.15])
def test_so_many_a_second_begin_while_others_are_busy(to_pick_takes: float) -> None:
    now = began = 100.0
    giving_way = GivingWay(lambda: True, clock=lambda: now)
    sent = 0
    while now < began + 10:
        now += giving_way.wait() + to_pick_takes
        most = giving_way.most()
        assert most == 5, "a handful: many at once is what residents would notice"
        giving_way.began(most)
        sent += most
    assert sent == pytest.approx(250, abs=10)
    # After a pause there is nothing to make up for.
    now += 100.0
    assert giving_way.wait() == 0.0
    for _ in range(2):
        giving_way.began(5)
    assert giving_way.wait() == pytest.approx(0.2)


def test_nobody_waits_while_nobody_else_is_there() -> None:
    giving_way = GivingWay(lambda: False)
    for _ in range(3):
        assert (giving_way.wait(), giving_way.most()) == (0.0, None)
        giving_way.began(100)


async def test_what_gives_way_is_sent_all_the_same(
    database: Database, catalogue: Catalogue, keys: Keys
) -> None:
    files, provider = inviting(catalogue), Provider()
    await take_in(database, Taking(files, keys), [contact(n) for n in range(5)])
    async with working(database, files, keys, provider, busy=lambda: True):
        await until(database, {"sent": 5})


async def test_who_opts_out_while_messages_give_way_is_not_called_after_that(
    database: Database, catalogue: Catalogue, keys: Keys
) -> None:
    files, provider, people = inviting(catalogue), Provider(), range(40)
    await take_in(database, Taking(files, keys), [contact(n) for n in people])
    codes = InvitationCodes(derived_keys(keys))
    everybody = [codes.of_opted_out(CODE, mobile(n)) for n in people]
    async with working(database, files, keys, provider, busy=lambda: True):
        await provider.until_sent(1)
        async with database.connected("meetpunt_ingest") as db:
            await note_opted_out(db, CODE, sorted(everybody), date(2026, 1, 1))
        thanked = len(provider.sent)
        async with database.superuser() as db, asyncio.timeout(20):
            while (await states(database))["waiting"]:
                await db.execute("select pg_sleep(0.02)")
    # But for those of whom the call had begun, as far as a test can see: one handful.
    assert len(provider.sent) <= thanked + 5 < len(people)
    assert (await states(database))["opted-out"] == len(people) - len(provider.sent)


async def test_a_service_is_busy_when_many_answer_at_once_and_for_a_second(serve: Serve) -> None:
    async with serve() as served:
        assert not served.service.writer.busy
        bodies = [served.body(served.token()) for _ in range(40)]
        replies = await asyncio.gather(*(served.post(body) for body in bodies))
        assert {reply.status_code for reply in replies} == {201}
        assert served.service.writer.busy
