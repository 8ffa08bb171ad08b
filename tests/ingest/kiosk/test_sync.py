"""What a kiosk hands in is stored once, with a verdict an item, however often and torn it comes."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from ingest.clock import AMSTERDAM, day_of, today_here
from ingest.kiosk.pairing_messages import HIGHEST_COUNTER
from tests.conftest import Serve
from tests.example import VERSION
from tests.ingest.kiosk.tablet import (
    HOUR,
    Tablet,
    id_of,
    reasons,
    rows,
    since_last_year,
    verdicts,
)

pytestmark = pytest.mark.anyio


async def test_what_a_kiosk_hands_in_is_stored_and_said_to_be(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        answers = {"cijfer": 9, "geholpen": "ja", "toelichting": "Bel mij op 06 12345678."}
        item = tablet.item(answers=answers)
        before = datetime.now(UTC).timestamp() * 1000
        told = await tablet.sync([item])
        assert told["verdicts"] == [{"index": 0, "verdict": "stored", "responseId": id_of(item)}]
        assert told["counter"] == 2
        assert abs(told["now"] - before) < 10_000
        (row,) = await served.responses()
        assert row["day"] == today_here()
        assert not row["day_uncertain"]
        assert (row["touchpoint"], row["questionnaire"], row["version"]) == (1, "balie", VERSION)
        assert (row["mode"], row["is_test"]) == ("kiosk", False)
        assert (row["language"], row["complete"], row["suspect"]) == ("nl", True, [])
        assert await served.answers(id_of(item)) == {
            "cijfer": "9", "geholpen": "ja", "toelichting": "Bel mij op [verwijderd].",
        }  # fmt: skip
        (queued,) = await rows(served.database, "unpublished")
        assert (queued["day"], queued["response_id"]) == (row["day"], row["id"])


async def test_what_was_not_finished_is_stored_as_incomplete(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        assert verdicts(await tablet.sync([tablet.item(complete=False)])) == ["stored"]
        (row,) = await served.responses()
        assert not row["complete"]


async def test_after_a_lost_reply_the_same_batch_is_known_and_a_new_item_stored(
    serve: Serve,
) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        items = tablet.items(3)
        for _ in range(5):  # however often the reply is lost
            reply = await tablet.post(tablet.body(items))
            assert reply.json()["counter"] == 2
        told = await tablet.sync([tablet.item(), *reversed(items)])
        assert verdicts(told) == ["stored", "known", "known", "known"]
        assert told["counter"] == 2
        assert (await tablet.sync())["counter"] == 3
        assert len(await served.responses()) == 4


async def test_a_known_item_is_known_for_ever(serve: Serve) -> None:
    """Also when the receipts of 30 days are gone, and what was compared with them."""
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        items = tablet.items(2)
        await tablet.sync(items)
        async with served.database.superuser() as db:
            await db.execute("delete from meetpunt.receipt")
            await db.execute("update meetpunt.kiosk_item set content_code = null")
        assert verdicts(await tablet.sync(items)) == ["known", "known"]
        assert len(await served.responses()) == 2


async def test_a_hundred_times_the_same_batch_at_once_stores_each_item_once(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        body = tablet.body(tablet.items(10))
        replies = await asyncio.gather(*(tablet.post(body) for _ in range(100)))
        assert {reply.status_code for reply in replies} == {200}
        told = [reply.json() for reply in replies]
        assert {one["counter"] for one in told} == {2}
        said = [verdict for one in told for verdict in verdicts(one)]
        assert sorted(said) == ["known"] * 990 + ["stored"] * 10
        assert len(await served.responses()) == len(await rows(served.database, "kiosk_item")) == 10


async def test_a_poisoned_item_keeps_no_other_from_being_stored(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        items = tablet.items(50)
        poison: list[Any] = [
            tablet.signed('{"kiosk": "\x00"}'),
            tablet.item(answers={"cijfer": 10**400}),
            tablet.item(answers={"cijfer": 8, "toelichting": "a\x00b"}),
            tablet.item(answers={"cijfer": "8"}),
            tablet.item(answers={"weg": 8}),
            tablet.item(answers=[8]),
            tablet.item(version=0),
            tablet.item(version=32_000),
            tablet.item(responseId="x"),
            tablet.item(responseId=str(uuid4())[:14] + "1" + str(uuid4())[15:]),
            tablet.item(language="x" * 40),
            tablet.item(time={"boot": "a", "monotonic": "1", "wall": 0}),
            tablet.item(time={"boot": "a", "monotonic": -1, "wall": 0}),
            tablet.item(time={"boot": "a", "monotonic": 1, "wall": 10**30}),
            tablet.signed("[" * 5000),
            tablet.signed("no json"),
            tablet.signed("null"),
            {"payload": 1, "signature": 2},
            {"payload": tablet.payload()},
            None, 7, "x", [], {},
        ]  # fmt: skip
        for number, bad in enumerate(poison):
            batch = [*items[number * 2 : number * 2 + 1], bad, *items[number * 2 + 1 :][:1]]
            told = await tablet.sync(batch)
            assert verdicts(told) == ["stored", "set-aside", "stored"], bad
        assert len(await served.responses()) == 2 * len(poison)
        kept = await rows(served.database, "kiosk_set_aside")
        assert len(kept) == len(poison)
        (kiosk,) = await rows(served.database, "kiosk")
        assert (kiosk["set_aside"], kiosk["quarantined"]) == (len(poison), 0)


async def test_one_of_fifty_that_the_database_refuses_is_set_aside_alone(serve: Serve) -> None:
    """A gap in our own checks: here a check of the database that we do not know of."""
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        items = tablet.items(50)
        items[25] = tablet.item(language="zz")
        async with served.database.superuser() as db:
            await db.execute(
                "alter table meetpunt.response add constraint gap check (language <> 'zz')"
            )
            try:
                told = await tablet.sync(items)
            finally:
                await db.execute("alter table meetpunt.response drop constraint gap")
        assert verdicts(told) == ["stored"] * 25 + ["set-aside"] + ["stored"] * 24
        assert told["verdicts"][25] == {
            "index": 25,
            "verdict": "set-aside",
            "reason": "unstorable",
            "responseId": id_of(items[25]),
        }
        assert len(await served.responses()) == 49


async def test_what_is_set_aside_is_kept_once_and_without_personal_data(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        bad = tablet.item(answers={"cijfer": 11, "toelichting": "Mail jan@example.nl eens."})
        for _ in range(3):
            assert reasons(await tablet.sync([bad])) == ["answers-rejected"]
        (kept,) = await rows(served.database, "kiosk_set_aside")
        payload = json.loads(kept["payload"])
        assert payload["responseId"] == id_of(bad)
        assert payload["answers"] == {"cijfer": 11, "toelichting": "Mail [verwijderd] eens."}
        unreadable = tablet.signed("{ mail jan@example.nl")
        await tablet.sync([unreadable])
        assert not any(
            "jan@" in row["payload"] for row in await rows(served.database, "kiosk_set_aside")
        )
        (kiosk,) = await rows(served.database, "kiosk")
        assert kiosk["set_aside"] == 2


async def test_one_id_twice_in_a_batch(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        item = tablet.item()
        other = tablet.item(responseId=id_of(item), answers={"cijfer": 1})
        told = await tablet.sync([item, item, other])
        assert verdicts(told) == ["stored", "known", "set-aside"]
        assert reasons(told) == [None, None, "conflict"]
        assert await served.answers(id_of(item)) == {"cijfer": "8"}
        # And in batches that follow each other.
        again = await tablet.sync([other, item])
        assert (verdicts(again), reasons(again)) == (["set-aside", "known"], ["conflict", None])


async def test_an_id_that_came_by_another_way_is_not_stored_again(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        body = served.body(served.token())
        assert (await served.post(body)).status_code == 201
        told = await tablet.sync([tablet.item(responseId=body["responseId"])])
        assert (verdicts(told), reasons(told)) == (["set-aside"], ["conflict"])
        item = tablet.item()
        await tablet.sync([item])
        clash = served.body(served.token(), responseId=id_of(item))
        assert (await served.post(clash)).status_code == 409


async def test_the_answers_of_an_older_version_are_stored_under_it_without_limit(
    serve: Serve,
) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        # As if the touchpoint asked version 7 once: there are no files of it here (yet).
        async with served.database.superuser() as db:
            await db.execute(
                """insert into meetpunt.touchpoint_version
                values ('GM9001', 1, 'balie', 7, '2026-01-02')"""
            )
        try:
            told = await tablet.sync([tablet.item(version=7), tablet.item(version=8)])
        finally:
            async with served.database.superuser() as db:
                await db.execute("delete from meetpunt.touchpoint_version where version = 7")
        # The first may be stored by a worker with newer files: it stays in the queue.
        assert told["verdicts"][0]["index"] == 1
        assert (verdicts(told), reasons(told)) == (["set-aside"], ["version-unknown"])
        assert await served.responses() == []
        (kiosk,) = await rows(served.database, "kiosk")
        assert kiosk["queue"] == 1
        assert kiosk["emptied_at"] is None


async def test_a_tablet_a_year_off_stores_the_right_day(serve: Serve) -> None:
    async with serve() as served:
        for ahead in (-365, 365):
            tablet = await Tablet(served).enrolled()
            await since_last_year(served.database)
            tablet.wall_ahead = ahead * 24 * HOUR
            tablet.monotonic = 24 * 10 * HOUR
            made = (datetime.now(UTC) - timedelta(hours=50)).astimezone(AMSTERDAM)
            items = [tablet.item(ago=50 * HOUR)]
            tablet.restart()
            assert verdicts(await tablet.sync(items)) == ["stored"]
            row = (await served.responses())[-1]
            assert (row["day"], row["hour"]) == (made.date(), made.hour)
            assert not row["day_uncertain"]
            (kiosk,) = (
                k for k in await rows(served.database, "kiosk") if str(k["id"]) == tablet.kiosk
            )
            assert abs(kiosk["clock_offset_seconds"] - ahead * 86_400) < 60


@pytest.mark.parametrize("where", ["item", "payload", "envelope"])
async def test_a_clock_that_jumped_over_a_restart_makes_the_day_uncertain(
    serve: Serve, where: str
) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        await since_last_year(served.database)
        time = tablet.now(ago=9 * HOUR)
        item = tablet.item(time=time | ({"jumped": True} if where == "payload" else {}))
        if where == "item":
            item["jumped"] = True
        tablet.restart()
        now = tablet.now() | ({"jumped": True} if where == "envelope" else {})
        assert verdicts(await tablet.sync([item], now=now)) == ["stored"]
        (row,) = await served.responses()
        assert row["day_uncertain"]
        # No hour, and yet nobody was invited.
        assert (row["hour"], row["mode"]) == (None, "kiosk")
        assert row["day"] == day_of(datetime.now(UTC) - timedelta(days=500))


@pytest.mark.parametrize(
    ("set_back_seconds", "uncertain"), [(20 * 3600, True), (150, True), (100, False)]
)
async def test_a_clock_that_was_set_while_the_tablet_was_off_is_noticed_by_how_far_it_was_off(
    serve: Serve, set_back_seconds: int, uncertain: bool
) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        tablet.wall_ahead, tablet.monotonic = set_back_seconds * 1000, 100 * HOUR
        await tablet.sync()
        async with served.database.superuser() as db:
            # All of this a month ago.
            await db.execute(
                """update meetpunt.kiosk set enrolled_at = now() - interval '40 days',
                emptied_at = now() - interval '40 hours'"""
            )
        items = [tablet.item(ago=30 * HOUR), tablet.item(ago=29 * HOUR)]
        tablet.restart()
        tablet.wall_ahead = 0
        # In two batches: the first one tells how far the clock is off now.
        for item in items:
            await tablet.sync([item], queue=2)
        assert [row["day_uncertain"] for row in await served.responses()] == [uncertain] * 2


async def test_what_was_sent_before_narrows_down_an_uncertain_day(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        await since_last_year(served.database)
        await tablet.sync([])  # nothing left: whatever comes now was answered today
        item = tablet.item(ago=9 * HOUR)
        tablet.restart()
        await tablet.sync([item | {"jumped": True}])
        (row,) = await served.responses()
        assert row["day_uncertain"]
        assert row["day"] == today_here()


async def test_answers_that_follow_each_other_too_soon_are_suspect(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        ago = [60_000, 56_000, 55_900, 30_000]
        items = [tablet.item(ago=one) for one in ago]
        await tablet.sync([items[3], items[1], items[0], items[2]])
        later = [tablet.item(ago=27_000), tablet.item(ago=1_000), tablet.item(suspect=True)]
        await tablet.sync(later)
        async with served.database.superuser() as db:
            suspect = {
                row["id"]: row["suspect"]
                for row in await db.fetch("select id, suspect from meetpunt.response")
            }
        told = [suspect[served.stored_id(id_of(item))] for item in (*items, *later)]
        quick = ["too-quick"]
        assert told == [[], quick, quick, [], quick, [], quick]


async def test_after_a_restart_nothing_is_suspect_by_the_other_clock(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        await tablet.sync([tablet.item()])
        monotonic = tablet.monotonic
        tablet.restart()
        tablet.monotonic = monotonic
        await tablet.sync([tablet.item()])
        assert [row["suspect"] for row in await served.responses()] == [[], []]


async def test_a_heartbeat_says_how_the_kiosk_is(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        await tablet.sync([], queue=7, version="2.1", now=tablet.now() | {"wall": 0})
        (kiosk,) = await rows(served.database, "kiosk")
        assert (kiosk["queue"], kiosk["version"]) == (7, "2.1")
        assert kiosk["clock_offset_seconds"] < -1e9
        assert kiosk["last_seen"].second == kiosk["last_seen"].microsecond == 0
        assert kiosk["emptied_at"] is None
        await tablet.sync([])
        (kiosk,) = await rows(served.database, "kiosk")
        assert kiosk["emptied_at"] is not None


async def test_a_counter_ahead_of_ours_is_that_of_a_kiosk_that_outlived_a_restore(
    serve: Serve,
) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        tablet.counter = 500
        assert (await tablet.sync([tablet.item()]))["counter"] == 501
        tablet.counter = HIGHEST_COUNTER
        assert (await tablet.sync([]))["counter"] == HIGHEST_COUNTER + 1


async def test_with_the_database_away_the_batch_stays_with_the_kiosk(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        items = tablet.items(2)
        served.service.writer._connection.db.terminate()
        reply = await tablet.post(tablet.body(items))
        assert reply.status_code == 503
        assert int(reply.headers["retry-after"]) >= 1
        async with asyncio.timeout(10):
            while not served.service.writer.connected:  # noqa: ASYNC110 - nobody is told
                await asyncio.sleep(0)
        assert verdicts(await tablet.sync(items)) == ["stored", "stored"]


async def test_a_kiosk_tells_how_large_its_answers_are(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()

        async def kept() -> int | None:
            (kiosk,) = await rows(served.database, "kiosk")
            tile: int | None = kiosk["tile_mm"]
            return tile

        await tablet.sync()
        assert await kept() is None
        await tablet.sync(tileMm=18)
        assert await kept() == 18
        # Before it showed a question after a start, it does not know.
        await tablet.sync()
        assert await kept() == 18
