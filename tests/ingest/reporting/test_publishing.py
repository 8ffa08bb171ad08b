"""What residents answered becomes readable in batches: when, together with whom, and what of it."""

from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database
from tests.ingest.reporting.responses import (
    MONDAY,
    invited,
    look,
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

TUESDAY = MONDAY + timedelta(days=1)
TOLD = "day, mode, dimensions::text, language"


async def test_ten_of_one_day_are_readable_the_next_morning_and_nine_are_not(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, many(9, catalogue))
    assert (await look(database, catalogue, morning_after())).responses == 0
    assert await waiting_in_queue(database) == 9
    await store(database, many(1, catalogue, day=TUESDAY))
    assert (await look(database, catalogue, morning_after(TUESDAY))).responses == 10
    assert await waiting_in_queue(database) == 0
    # No day has ten, so none is told; all count where the batch closed.
    assert (
        await readable(database, "day, week, month")
        == [
            (None, MONDAY, date(2026, 11, 1)),
        ]
        * 10
    )


async def test_what_came_in_today_waits_for_tomorrow(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, many(10, catalogue))
    assert (await look(database, catalogue, six_o_clock(MONDAY))).responses == 0
    assert (await look(database, catalogue, morning_after())).responses == 10


async def test_what_is_kept_of_a_row_is_true_and_shared_by_ten(
    database: Database, catalogue: Catalogue
) -> None:
    passport, licence = {"product": "paspoort"}, {"product": "rijbewijs"}
    await store(
        database,
        [
            *many(10, catalogue, details=passport),
            *many(10, catalogue, details=licence),
            *many(10, catalogue, details=licence, mode="qr"),
            *many(7, catalogue, details={"product": "verhuizing"}, mode="qr"),
            *many(4, catalogue, details={"product": "uittreksel"}, mode="qr", language="en"),
        ],
    )
    await look(database, catalogue, morning_after())
    assert await readable(database, f"{TOLD}, count(*) over (partition by {TOLD})") == sorted(
        [
            # What no link says is where the touchpoint is.
            *[(MONDAY, "link", '{"product": "paspoort", "location": "hal"}', "nl", 10)] * 10,
            *[(MONDAY, "link", '{"product": "rijbewijs", "location": "hal"}', "nl", 10)] * 10,
            *[(MONDAY, "qr", '{"product": "rijbewijs", "location": "hal"}', "nl", 10)] * 10,
            # Seven and four: no product is left, and the four who read English show no language.
            *[(MONDAY, "qr", '{"location": "hal"}', None, 11)] * 11,
        ],
        key=repr,
    )


async def test_a_detail_that_the_files_do_not_name_is_not_told(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, many(10, catalogue, details={"balie": "4", "product": "paspoort"}))
    await look(database, catalogue, morning_after())
    assert set(await readable(database, "dimensions::text")) == {
        ('{"product": "paspoort", "location": "hal"}',)
    }


async def test_who_was_invited_shows_no_day_and_counts_where_the_batch_closed(
    database: Database, catalogue: Catalogue
) -> None:
    last = date(2026, 11, 30)
    await store(database, [*invited(9, catalogue), *invited(1, catalogue, day=last)])
    await look(database, catalogue, morning_after(last))
    assert (
        await readable(database, "day, month, week, mode")
        == [(None, date(2026, 11, 1), last, "bericht")] * 10
    )
    await store(database, invited(9, catalogue, day=last))
    await store(database, invited(1, catalogue, day=date(2026, 12, 1)))
    await look(database, catalogue, morning_after(date(2026, 12, 1)))
    by_month = "select month, count(*) from lees.reactie group by month order by month"
    assert await rows(database, by_month) == [(date(2026, 11, 1), 10), (date(2026, 12, 1), 10)]


async def test_a_day_that_a_kiosk_does_not_know_is_not_told(
    database: Database, catalogue: Catalogue
) -> None:
    responses = many(10, catalogue, mode="kiosk")
    await store(database, responses)
    await rows(database, "update meetpunt.response set day_uncertain = true")
    await look(database, catalogue, morning_after())
    assert await readable(database, "day, mode") == [(None, "kiosk")] * 10


async def test_a_readable_row_has_an_id_of_its_own(
    database: Database, catalogue: Catalogue
) -> None:
    responses = many(12, catalogue)
    await store(database, responses)
    await look(database, catalogue, morning_after())
    ids = {row[0] for row in await readable(database, "id")}
    assert len(ids) == 12
    assert not ids & {response.id for response in responses}


async def test_rows_and_texts_are_shown_in_an_order_that_tells_nothing(
    database: Database, catalogue: Catalogue
) -> None:
    """Of sixty in chance order one lies in its own place; more than five do once in 1,500 times."""
    responses = [
        one_response(catalogue, {"cijfer": 8, "wie": f"nummer-{n}"}, texts=[f"nummer-{n}"])
        for n in range(60)
    ]
    await store(database, responses)
    stored = await rows(database, "select answers ->> 'wie' from meetpunt.response order by ctid")
    await look(database, catalogue, morning_after())
    orders = {
        "rows": "answers ->> 'wie' from lees.reactie order by ctid",
        "ids of rows": "answers ->> 'wie' from lees.reactie order by id",
        "texts": "text from lees.tekst order by ctid",
        "ids of texts": "text from lees.tekst order by id",
    }
    seen = {name: await rows(database, f"select {order}") for name, order in orders.items()}
    for name, order in seen.items():
        assert sorted(order) == sorted(stored)
        assert sum(one == other for one, other in zip(order, stored, strict=True)) <= 5, name
    same = zip(seen["rows"], seen["texts"], strict=True)
    assert sum(one == other for one, other in same) <= 5


@pytest.mark.parametrize(
    "apart",
    [
        {"suspect": "too-quick"},
        {"complete": False},
        {"mode": "bericht", "hour": None},
        {"touchpoint": 3},
    ],
    ids=lambda apart: next(iter(apart)),
)
async def test_these_never_share_a_batch(
    database: Database, catalogue: Catalogue, apart: dict[str, Any]
) -> None:
    await store(database, [*many(9, catalogue), *many(9, catalogue, None, **apart)])
    assert (await look(database, catalogue, morning_after())).responses == 0
    await store(database, [one_response(catalogue, None, **apart)])
    assert (await look(database, catalogue, morning_after(), due_only=False)).responses == 10
    assert await waiting_in_queue(database) == 9


async def test_two_versions_of_a_questionnaire_never_share_a_batch(
    database: Database, catalogue: Catalogue
) -> None:
    first = catalogue.questionnaire(catalogue.touchpoint("molensloot", "balie-hal"), 1)
    older = {"version": 1, "structure": first.structure}
    await store(database, [*many(9, catalogue), *many(9, catalogue, None, **older)])
    assert (await look(database, catalogue, morning_after())).responses == 0
    await store(database, many(1, catalogue, None, **older))
    await look(database, catalogue, morning_after(), due_only=False)
    assert await readable(database, "version") == [(1,)] * 10


async def test_what_our_files_do_not_know_waits_for_who_has_newer_ones(
    own_database: Database, catalogue: Catalogue
) -> None:
    newer = {"version": 9, "structure": "0123456789abcdef"}
    await rows(
        own_database,
        "insert into meetpunt.questionnaire values ('GM9001', $1, 'balie', 9, 'Uw bezoek')",
        newer["structure"],
    )
    await store(own_database, [*many(10, catalogue), *many(10, catalogue, None, **newer)])
    assert (await look(own_database, catalogue, morning_after())).responses == 10
    assert await waiting_in_queue(own_database) == 10
    assert {version for (version,) in await readable(own_database, "version")} == {2}


@pytest.mark.parametrize("code", ["eerder", "eerder_reden"])
async def test_no_publisher_of_before_puts_what_a_sample_is_asked_into_a_row(
    database: Database, catalogue: Catalogue, code: str
) -> None:
    await store(database, many(10, catalogue))
    await look(database, catalogue, morning_after())
    change = "update lees.reactie set answers = answers || jsonb_build_object($1::text, 'nee')"
    with pytest.raises(asyncpg.CheckViolationError):
        await rows(database, change, code)


async def test_a_touchpoint_of_few_people_goes_by_three_and_says_so(
    database: Database, catalogue: Catalogue
) -> None:
    wedding = {"at": "molensloot/huwelijk"}
    await store(database, [*invited(2, catalogue, **wedding), *many(10, catalogue)])
    await look(database, catalogue, morning_after())
    assert await readable(database, "small_group") == [(False,)] * 10
    await store(database, invited(1, catalogue, **wedding, language="en"))
    await look(database, catalogue, morning_after(), due_only=False)
    assert await readable(database, "language, small_group") == sorted(
        [*[("nl", False)] * 10, *[(None, True)] * 3], key=repr
    )
    small = await rows(
        database,
        "select distinct channel, small_group from lees.cijfer"
        " union select distinct 'summary', small_group from meetpunt.summary where small_group",
    )
    assert sorted(small) == [("balie", False), ("huwelijk", True), ("summary", True)]


async def test_an_incomplete_response_waits_until_its_day_is_over_by_twenty_minutes(
    database: Database, catalogue: Catalogue
) -> None:
    begun = many(10, catalogue, at="molensloot/online", mode="widget", complete=False)
    await store(database, begun)
    just_after_midnight = six_o_clock(TUESDAY) - timedelta(hours=6)
    assert just_after_midnight.minute == 1
    for minutes in (0, 18):
        now = just_after_midnight + timedelta(minutes=minutes)
        assert (await look(database, catalogue, now, due_only=False)).responses == 0
    now = just_after_midnight + timedelta(minutes=19)
    assert (await look(database, catalogue, now, due_only=False)).responses == 10


async def test_a_completion_is_in_what_is_published_and_once(
    database: Database, catalogue: Catalogue
) -> None:
    whole = many(9, catalogue, at="molensloot/online", mode="widget")
    begun = one_response(catalogue, at="molensloot/online", mode="widget", complete=False)
    await store(database, [*whole, begun])
    await rows(
        database,
        "update meetpunt.response set complete = true,"
        ' answers = answers || \'{"geholpen": "ja"}\' where id = $1',
        begun.id,
    )
    await look(database, catalogue, morning_after())
    assert await readable(database, "complete, answers ->> 'geholpen'") == sorted(
        [*[(True, None)] * 9, (True, "ja")], key=repr
    )
    counted = "select responses, complete from lees.deelname where grain = 'month'"
    assert await rows(database, counted) == [(10, 10)]


async def test_test_data_is_stored_and_neither_queued_nor_published(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, many(20, catalogue, is_test=True))
    assert await rows(database, "select count(*) from meetpunt.response") == [(20,)]
    assert await waiting_in_queue(database) == 0
    assert (await look(database, catalogue, morning_after())).responses == 0
    assert not await readable(database, "id")
