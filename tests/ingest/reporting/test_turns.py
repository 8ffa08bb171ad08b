"""Everything is published exactly once, whoever publishes, crashes or stores in between."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.reporting import statements
from ingest.reporting.plan import plan_of
from ingest.reporting.publishing import publish, waiting
from ingest.responses.statements import NewResponse
from tests.conftest import Database
from tests.ingest.reporting.responses import (
    MONDAY,
    TODAY,
    at_once,
    figures,
    look,
    made_up,
    many,
    morning_after,
    one_response,
    readable,
    rows,
    six_o_clock,
    store,
    waiting_in_queue,
)

pytestmark = pytest.mark.anyio

SCALES = ("mark", "agreement", "smileys", "yes_partly_no")
CODES = {"nee": 1, "deels": 2, "ja": 3}
NOW = six_o_clock(TODAY)


def periods(day: date) -> dict[str, date]:
    return {"week": day - timedelta(days=day.weekday()), "month": day.replace(day=1)}


def expected(catalogue: Catalogue, responses: Sequence[NewResponse]) -> Counter[Any]:
    """The counts of what is published one at a time, worked out here."""
    found: Counter[Any] = Counter()
    for response in responses:
        if response.suspect:
            continue
        touchpoint = catalogue.touchpoints[response.touchpoint]
        questionnaire = catalogue.questionnaire(touchpoint, response.version)
        for grain, period in periods(response.day).items():
            where = (response.municipality, grain, period, response.touchpoint)
            channel = (response.municipality, grain, period, touchpoint.channel)
            found[*channel, "responses"] += 1
            found[*channel, "complete"] += response.complete
            for code, answer in json.loads(response.answers).items():
                item = questionnaire.item(code)
                assert item is not None
                if item.kind in SCALES:
                    value = answer if isinstance(answer, int) else CODES.get(answer, "nvt")
                    # The region is told of months.
                    if grain == "month":
                        found[*where, item.code, item.kind, item.indicator, value] += 1
                    if item.indicator and value != "nvt":
                        found[*channel, item.kind, item.indicator, value] += 1
    return +found


async def counted(database: Database) -> Counter[Any]:
    """The same counts, as they are stored."""
    found: Counter[Any] = Counter()
    async with database.superuser() as db:
        for row in await db.fetch("select * from meetpunt.summary"):
            where = (row["municipality"], row["grain"], row["period"], row["touchpoint"])
            what = (row["item"], row["kind"], row["indicator"])
            for value, times in enumerate(row["given"], start=1):
                found[*where, *what, value] += times
            found[*where, *what, "nvt"] += row["not_applicable"]
        for row in await db.fetch("select * from lees.cijfer"):
            where = (row["municipality"], row["grain"], row["period"], row["channel"])
            for value, times in enumerate(row["given"], start=1):
                found[*where, row["kind"], row["indicator"], value] += times
        for row in await db.fetch("select * from lees.deelname"):
            where = (row["municipality"], row["grain"], row["period"], row["channel"])
            for name in ("responses", "complete"):
                found[*where, name] += row[name]
    return +found


async def test_what_was_answered_is_counted_and_added_to_what_was_counted_before(
    database: Database, catalogue: Catalogue
) -> None:
    responses = [*made_up(catalogue)[:1000], *made_up(catalogue, "duinrade")[:1000]]
    await store(database, responses)
    assert await at_once(database, catalogue) == len(responses)
    more = [
        msgspec.structs.replace(response, id=uuid4(), token_id=uuid4().bytes)
        for response in responses
    ]
    await store(database, more)
    assert await at_once(database, catalogue) == len(more)
    assert await counted(database) == expected(catalogue, [*responses, *more])
    assert await at_once(database, catalogue) == 0


async def test_suspect_responses_are_readable_apart_and_are_not_counted(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, many(10, catalogue, {"cijfer": 1}, suspect="too-quick"))
    assert (await look(database, catalogue, morning_after())).responses == 10
    assert await readable(database, "suspect") == [(["too-quick"],)] * 10
    assert not any((await figures(database)).values())
    assert not await rows(database, "select * from meetpunt.invitation_count")


async def test_a_year_s_last_days_belong_to_the_week_of_their_monday(
    database: Database, catalogue: Catalogue
) -> None:
    new_year = date(2027, 1, 1)
    await store(database, many(10, catalogue, day=new_year))
    await look(database, catalogue, morning_after(new_year))
    found = await rows(database, "select distinct grain, period from lees.deelname")
    assert set(found) == {("week", date(2026, 12, 28)), ("month", new_year)}


async def test_publishers_at_once_publish_everything_once(
    database: Database, catalogue: Catalogue
) -> None:
    responses = made_up(catalogue)[:400]
    await store(database, responses)
    plan = plan_of(catalogue, at_once=True)

    async def a_publisher() -> int:
        total = 0
        async with database.connected("meetpunt_folder") as db:
            while await waiting(db):
                total += (await publish(db, plan, now=NOW)).responses
        return total

    published = await asyncio.gather(*(a_publisher() for _ in range(3)))
    assert sum(published) == len(responses)
    assert await counted(database) == expected(catalogue, responses)


async def test_who_comes_second_does_nothing_while_the_first_is_at_it(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, many(12, catalogue))
    plan = plan_of(catalogue)
    async with (
        database.connected("meetpunt_folder") as first,
        database.connected("meetpunt_folder") as second,
    ):
        async with first.transaction():
            assert (await publish(first, plan, now=NOW)).responses == 12
            nothing = await publish(second, plan, now=NOW)
            assert (nothing.looked_at, nothing.responses) == (0, 0)
        # The first has looked: for the second none is due any more.
        assert (await publish(second, plan, now=NOW)).looked_at == 0


async def test_a_crash_before_the_commit_loses_nothing_and_shows_nothing_twice(
    database: Database, catalogue: Catalogue
) -> None:
    responses = made_up(catalogue)[:200]
    await store(database, responses)
    crashing = await asyncpg.connect(database.url("meetpunt_folder"))
    await crashing.transaction().start()
    plan = plan_of(catalogue, at_once=True)
    assert (await publish(crashing, plan, now=NOW)).responses == 200
    crashing.terminate()
    # Its turn is over when the server has heard of it; until then this one waits.
    assert await at_once(database, catalogue) == 200
    assert await readable(database) == [(200,)]
    assert await counted(database) == expected(catalogue, responses)


async def test_responses_that_come_in_meanwhile_wait_for_the_next_look(
    database: Database, catalogue: Catalogue
) -> None:
    responses = made_up(catalogue)[:100]
    await store(database, responses[:60])
    plan = plan_of(catalogue, at_once=True)
    async with database.connected("meetpunt_folder") as db, db.transaction():
        assert (await publish(db, plan, now=NOW)).responses == 60
        await store(database, responses[60:])
    assert await waiting_in_queue(database) == 40
    assert await at_once(database, catalogue) == 40
    assert await counted(database) == expected(catalogue, responses)


async def test_a_row_that_lies_where_a_destroyed_one_lay_stays_in_the_queue(
    database: Database, catalogue: Catalogue
) -> None:
    """Between reading and taking off, a purge and vacuum may have made place for another."""
    gone, came = one_response(catalogue), one_response(catalogue)
    await store(database, [gone, came])
    async with database.connected("meetpunt_folder") as db, db.transaction():
        found = await db.fetch(statements.WAITING, ["GM9001"], date.max, [], [], [], date.max)
        place = {row["id"]: row["at"] for row in found}
        kind = (
            MONDAY,
            MONDAY.replace(day=1),
            MONDAY,
            MONDAY,
            "link",
            "nl",
            "{}",
            "",
            False,
            "",
            None,
            *(gone.municipality, gone.touchpoint, gone.structure),
        )
        arrays = (f'{{"{place[str(came.id)]}"}}', f"{{{gone.id}}}", "{1}")
        await db.fetchval(statements.PUBLISH, *arrays, *([value] for value in kind))
    left = await rows(database, "select response_id from meetpunt.unpublished")
    assert (came.id,) in left
