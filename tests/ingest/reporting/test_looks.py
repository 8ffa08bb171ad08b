"""What readers see moves when somebody looks, and not between two looks."""

from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.reporting import pieces
from ingest.reporting.plan import Plan, plan_of
from ingest.reporting.publishing import Published
from tests.conftest import Database
from tests.ingest.reporting.responses import (
    MONDAY,
    at_once,
    figures,
    invited,
    look,
    made_up,
    many,
    morning_after,
    readable,
    rows,
    six_o_clock,
    store,
    waiting_in_queue,
)

pytestmark = pytest.mark.anyio

TUESDAY = MONDAY + timedelta(days=1)


def hourly(catalogue: Catalogue) -> Plan:
    return msgspec.structs.replace(plan_of(catalogue), hourly=frozenset({"GM9001"}))


async def told(database: Database, touchpoint: int) -> tuple[datetime, int]:
    """When it was looked at, and how many wait since."""
    query = "select looked_at, waiting from lees.stand where touchpoint = $1"
    ((looked_at, waits),) = await rows(database, query, touchpoint)
    return looked_at, waits


async def test_where_it_is_hourly_what_was_asked_openly_is_readable_within_the_day(
    database: Database, catalogue: Catalogue
) -> None:
    await store(
        database,
        [
            *many(10, catalogue),
            *invited(10, catalogue),
            *many(10, catalogue, at="molensloot/online", mode="widget", complete=False),
        ],
    )
    plan = hourly(catalogue)
    await look(database, plan, six_o_clock(MONDAY) - timedelta(hours=2))
    assert await readable(database, "mode") == [("link",)] * 10
    # Not even ten full batches of who was invited go before the morning.
    await look(database, plan, six_o_clock(MONDAY) + timedelta(hours=12))
    assert await readable(database, "mode") == [("link",)] * 10
    await look(database, plan, morning_after())
    assert await waiting_in_queue(database) == 0


async def test_what_waits_is_told_at_a_look_and_stays_until_the_next(
    database: Database, catalogue: Catalogue
) -> None:
    desk = catalogue.touchpoint("molensloot", "balie-hal").number
    await store(database, many(4, catalogue))
    first = morning_after()
    await look(database, catalogue, first)
    assert await told(database, desk) == (first, 4)
    await store(database, many(3, catalogue, day=TUESDAY))
    later = await look(database, catalogue, first + timedelta(hours=12))
    assert later == Published(looked_at=0, responses=0)
    assert await told(database, desk) == (first, 4)
    second = morning_after(TUESDAY)
    await look(database, catalogue, second)
    assert await told(database, desk) == (second, 7)
    await store(database, many(3, catalogue, day=TUESDAY))
    third = second + timedelta(days=1)
    await look(database, catalogue, third)
    assert await told(database, desk) == (third, 0)


async def test_every_touchpoint_says_when_it_was_looked_at_even_where_nobody_answered(
    database: Database, catalogue: Catalogue
) -> None:
    now = morning_after()
    assert (await look(database, catalogue, now)).looked_at == len(catalogue.municipalities)
    assert set(await rows(database, "select touchpoint, looked_at, waiting from lees.stand")) == {
        (number, now, 0) for number in catalogue.touchpoints
    }


async def test_what_waits_does_not_tell_that_somebody_who_was_invited_answered(
    database: Database, catalogue: Catalogue
) -> None:
    telephone = catalogue.touchpoint("molensloot", "telefonie").number
    desk = catalogue.touchpoint("molensloot", "balie-hal").number
    plan = hourly(catalogue)
    await look(database, plan, six_o_clock(MONDAY))
    for hour in (1, 2, 3):
        await store(database, [*invited(1, catalogue), *many(1, catalogue)])
        await look(database, plan, now := six_o_clock(MONDAY) + timedelta(hours=hour))
        assert await told(database, desk) == (now, hour)
        assert await told(database, telephone) == (now, 0)
    await look(database, plan, now := morning_after())
    assert await told(database, telephone) == (now, 0)


async def test_a_service_that_is_started_again_between_two_looks_changes_nothing(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, many(12, catalogue))
    await look(database, catalogue, morning_after())
    before = await state(database)
    await store(database, many(12, catalogue))
    for minutes in (1, 60, 600):
        again = await look(database, catalogue, morning_after() + timedelta(minutes=minutes))
        assert again == Published(looked_at=0, responses=0)
    assert await state(database) == before
    assert await waiting_in_queue(database) == 12


async def state(database: Database) -> dict[str, Any]:
    """Everything that a look may change."""
    shown = await rows(database, "select * from lees.reactie")
    stand = await rows(database, "select * from lees.stand")
    return {**await figures(database), "reactie": sorted(shown), "stand": sorted(stand)}


BATCHES = (
    "municipality, touchpoint, structure, month, week, day, mode, language, dimensions::text,"
    " complete, suspect, answers::text"
)


# More than one transaction takes is rare; what a batch is, the next test says.
@pytest.mark.long
async def test_a_backlog_goes_in_pieces_and_in_the_same_batches(
    database: Database, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    responses = [*made_up(catalogue), *made_up(catalogue, "rietbroek")]
    now = six_o_clock(date(2026, 11, 21))
    await store(database, responses)
    whole = (await look(database, catalogue, now)).responses
    in_one = (await figures(database), await readable(database, BATCHES))
    await forget(database)
    await store(database, responses)
    transactions = "select count(distinct xmin::text) from lees.reactie"
    assert await rows(database, transactions) == [(0,)]
    monkeypatch.setattr(pieces, "AT_ONCE", 100)
    assert (await look(database, catalogue, now)).responses == whole
    ((several,),) = await rows(database, transactions)
    assert several > 10
    assert (await figures(database), await readable(database, BATCHES)) == in_one


async def test_one_look_a_day_makes_the_same_batches_as_one_at_the_end(
    database: Database, catalogue: Catalogue
) -> None:
    responses = [one for one in made_up(catalogue) if one.day > date(2026, 10, 12)]
    await store(database, responses)
    for past in range(41):
        await look(database, catalogue, six_o_clock(date(2026, 10, 12) + timedelta(days=past)))
    daily = (await figures(database), await readable(database, BATCHES))
    texts = "select month, touchpoint, judgement, text from lees.tekst order by 1, 2, 3, 4"
    texts_daily = await rows(database, texts)
    await forget(database)
    await store(database, responses)
    await look(database, catalogue, six_o_clock(date(2026, 11, 21)))
    assert (await figures(database), await readable(database, BATCHES)) == daily
    assert texts_daily
    assert await rows(database, texts) == texts_daily


async def forget(database: Database) -> None:
    """As if nobody had ever answered."""
    await rows(
        database,
        "truncate meetpunt.response, meetpunt.receipt, meetpunt.free_text, meetpunt.spent_token,"
        " meetpunt.unpublished, meetpunt.summary, meetpunt.judged,"
        " meetpunt.waiting_text, meetpunt.look, lees.reactie, lees.tekst, lees.cijfer,"
        " lees.deelname, lees.stand, lees.cijfer_uitgesplitst, meetpunt.invitation_count",
    )


async def test_the_demo_shows_each_response_at_once_and_by_itself(
    database: Database, catalogue: Catalogue
) -> None:
    today = date(2026, 11, 21)
    answered = {"day": today, "language": "en", "details": {"product": "paspoort"}}
    await store(database, many(1, catalogue, None, **answered))
    assert await at_once(database, catalogue) == 1
    assert await readable(database, "day, language, dimensions::text, small_group") == [
        (today, "en", '{"product": "paspoort", "location": "hal"}', False)
    ]
