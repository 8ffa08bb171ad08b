"""Messages wait a little while residents answer in numbers, and never stand still."""

import asyncio

import pytest

from ingest.invitations.giving_way import GivingWay
from ingest.invitations.taking import Taking
from ingest.municipalities.catalogue import Catalogue
from ingest.tokens.keys import Keys
from tests.conftest import Database, Serve
from tests.inviting import Provider, contact, inviting, take_in, until, working

pytestmark = pytest.mark.anyio


def test_so_many_a_second_begin_while_others_are_busy() -> None:
    now = 100.0
    giving_way = GivingWay(lambda: True, per_second=50, clock=lambda: now)
    delays = [giving_way.delay() for _ in range(100)]
    assert delays == pytest.approx([(n + 1) / 50 for n in range(100)])
    # After a pause the next begins as soon as the first did.
    now = 200.0
    assert giving_way.delay() == pytest.approx(1 / 50)


def test_nobody_waits_while_nobody_else_is_there() -> None:
    giving_way = GivingWay(lambda: False)
    assert [giving_way.delay() for _ in range(3)] == [0.0] * 3


async def test_what_gives_way_is_sent_all_the_same(
    database: Database, catalogue: Catalogue, keys: Keys
) -> None:
    files, provider = inviting(catalogue), Provider()
    await take_in(database, Taking(files, keys), [contact(n) for n in range(5)])
    async with working(database, files, keys, provider, busy=lambda: True):
        await until(database, {"sent": 5})


async def test_a_service_is_busy_when_many_answer_at_once_and_for_a_second(serve: Serve) -> None:
    async with serve() as served:
        assert not served.service.writer.busy
        bodies = [served.body(served.token()) for _ in range(40)]
        replies = await asyncio.gather(*(served.post(body) for body in bodies))
        assert {reply.status_code for reply in replies} == {201}
        assert served.service.writer.busy
