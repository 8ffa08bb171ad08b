"""Where signals go at once one is stored with its response, and nobody reads one before its time.

Elsewhere who publishes makes them: `tests/ingest/reporting/test_half_days.py`.
"""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time
from typing import Any

import asyncpg
import pytest
from anyio import to_thread

from ingest.clock import AMSTERDAM
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.pushing import Pushing
from ingest.service import Options
from ingest.tokens.keys import Keys
from tests.conftest import Database, Served, emptied, serving_on
from tests.ingest.kiosk.tablet import Tablet
from tests.telling import signals as made_up
from tests.telling import telling_whom

pytestmark = pytest.mark.anyio

HALL = "molensloot/balie-hal"
ROLES = ("meetpunt_ingest", "meetpunt_folder", "meetpunt_work")


@pytest.fixture(scope="module")
async def stands(catalogue: Catalogue, keys: Keys) -> AsyncIterator[Served]:
    """One service for all, of a municipality that is told at once, as in the demo."""
    shared = await to_thread.run_sync(emptied)
    files = telling_whom(catalogue, Pushing())
    unlimited = Options(address_limit_per_minute=10**6, touchpoint_limit_per_minute=10**6)
    async with serving_on(shared, shared.ingest, files, keys, unlimited) as served:
        yield served


@pytest.fixture
async def served(stands: Served) -> Served:
    async with stands.database.superuser() as db:
        await db.execute("truncate meetpunt.signal cascade")
    return stands


async def signals(served: Served) -> list[tuple[Any, ...]]:
    """All that there are, whoever may read them: where and why."""
    async with served.database.superuser() as db:
        rows = await db.fetch(
            "select slug, reason, state from meetpunt.signal as s"
            " join meetpunt.touchpoint as t on t.municipality = s.municipality"
            " and t.number = s.touchpoint order by slug, reason"
        )
    return [tuple(row) for row in rows]


async def answer(served: Served, purpose: str = "open", path: str = HALL, **changes: Any) -> Any:
    reply = await served.post(served.body(served.token(path, purpose), path, **changes))
    assert reply.status_code == 201, reply.text
    return reply.json()


async def test_a_low_mark_is_a_signal_and_a_retry_is_none(served: Served) -> None:
    body = served.body(served.token(HALL), HALL, answers={"cijfer": 3, "geholpen": "nee"})
    assert (await served.post(body)).status_code == 201
    assert (await served.post(body)).status_code == 200
    await answer(served, answers={"cijfer": 6})
    assert await signals(served) == [("balie-hal", "laag", "nieuw")]
    await answer(served, answers={"cijfer": 9, "geholpen": "nee"})
    assert await signals(served) == [
        ("balie-hal", "laag", "nieuw"),
        ("balie-hal", "niet-geholpen", "nieuw"),
    ]
    async with served.database.superuser() as db:
        columns = await db.fetch(
            "select column_name from information_schema.columns"
            " where table_schema = 'meetpunt' and table_name = 'signal'"
        )
        # No response, mark, detail, and no time but that of the half day.
        assert {row[0] for row in columns} == {
            "id", "municipality", "touchpoint", "reason", "theme", "day", "half", "shown_from",
            "state", "outcome", "why", "seen_on", "seen_after", "ended_on",
        }  # fmt: skip


async def test_the_rest_of_a_response_is_one_where_its_beginning_was_none(served: Served) -> None:
    for mark, expected in ((8, "niet-geholpen"), (2, "laag")):
        begun = await answer(served, "embed", answers={"cijfer": mark}, complete=False)
        reply = await served.client.post(
            f"/api/v1/responses/{begun['responseId']}/completion",
            json={"completionToken": begun["completionToken"], "answers": {"geholpen": "nee"}},
        )
        assert reply.status_code == 201
        assert (await signals(served)).pop() == ("balie-hal", expected, "nieuw")
        async with served.database.superuser() as db:
            assert await db.fetchval("select count(*) from meetpunt.signal") == 1
            await db.execute("truncate meetpunt.signal cascade")


async def test_a_tablet_hands_in_signals_and_a_program_and_a_preview_none(served: Served) -> None:
    tablet = await Tablet(served).enrolled()
    told = await tablet.sync([tablet.item(answers={"cijfer": 2})])
    assert told["verdicts"][0]["verdict"] == "stored"
    await answer(served, website="https://spam.example", answers={"cijfer": 1})
    await answer(served, "preview", answers={"cijfer": 1})
    # A municipality whose file has no signals.
    await answer(served, path="waterakker/online", answers={"cijfer": 1})
    assert await signals(served) == [("balie-hal", "laag", "nieuw")]


async def test_who_was_invited_is_no_signal_before_the_batch_is_published(served: Served) -> None:
    token = await served.invitation("molensloot/telefonie")
    body = served.body(token, "molensloot/telefonie", answers={"cijfer": 1})
    assert (await served.post(body)).status_code == 201
    assert await signals(served) == []


async def test_before_its_half_day_is_over_no_role_can_read_or_change_it(served: Served) -> None:
    await made_up(served.database, [1], shown="now() + interval '1 hour'")
    for role in ROLES:
        async with served.database.connected(role) as db:
            assert await db.fetchval("select count(*) from meetpunt.signal") == 0
            if role != "meetpunt_work":
                changed = await db.execute(
                    "update meetpunt.signal set state = 'gezien', seen_on = current_date,"
                    " seen_after = 0"
                )
                assert changed == "UPDATE 0"
    async with served.database.connected("meetpunt_folder") as db:
        assert await db.execute("delete from meetpunt.signal") == "DELETE 0"
    async with served.database.superuser() as db:
        await db.execute("update meetpunt.signal set shown_from = now()")
    for role in ROLES:
        async with served.database.connected(role) as db:
            assert await db.fetchval("select count(*) from meetpunt.signal") == 1
    async with served.database.connected("meetpunt_owner") as db:
        assert await db.fetchval("select count(*) from meetpunt.signal") == 0


@pytest.mark.parametrize(
    ("at", "day", "half", "shown"),
    [
        ("2026-11-30T09:00", "2026-11-30", "ochtend", "2026-11-30T12:30"),
        ("2026-11-30T12:24:59", "2026-11-30", "ochtend", "2026-11-30T12:30"),
        # What is still being stored at the end would be seen to appear.
        ("2026-11-30T12:25", "2026-11-30", "middag", "2026-11-30T17:30"),
        ("2026-11-30T17:24", "2026-11-30", "middag", "2026-11-30T17:30"),
        ("2026-11-30T17:25", "2026-12-01", "ochtend", "2026-12-01T12:30"),
        ("2026-11-30T23:58", "2026-12-01", "ochtend", "2026-12-01T12:30"),
        # The night in which the clocks go forward, and back.
        ("2026-03-28T20:00", "2026-03-29", "ochtend", "2026-03-29T12:30"),
        ("2026-10-24T20:00", "2026-10-25", "ochtend", "2026-10-25T12:30"),
    ],
)
async def test_a_half_day_ends_at_half_past_twelve_and_half_past_five(
    served: Served, at: str, day: str, half: str, shown: str
) -> None:
    def moment(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)

    async with served.database.superuser() as db:
        row = await db.fetchrow("select * from meetpunt.half_day($1)", moment(at))
    assert (row["day"], row["half"]) == (date.fromisoformat(day), half)
    assert row["shown_from"] == moment(shown)


async def test_the_database_refuses_a_signal_that_skips_its_rules(database: Database) -> None:
    day, shown = date(2026, 11, 30), datetime.combine(date(2026, 11, 30), time(11, 30), UTC)
    async with database.superuser() as db:
        for column, value in (
            ("theme", "'wachttijd'"),  # a low mark has no theme
            ("state", "'gezien'"),  # seen, and nobody knows when
            ("outcome", "'klacht'"),
            ("half", "'avond'"),
        ):
            given = {"reason": "'laag'", "half": "'ochtend'"} | {column: value}
            values = ", ".join(given.values())
            with pytest.raises(asyncpg.CheckViolationError):
                await db.execute(
                    f"insert into meetpunt.signal (municipality, touchpoint, day, shown_from,"
                    f" {', '.join(given)}) values ('GM9001', 1, $1, $2, {values})",
                    day,
                    shown,
                )
