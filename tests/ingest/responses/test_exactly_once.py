"""One permission buys one response, and a retry is always answered: within one process.

Over two processes: tests/system/test_two_workers.py.
"""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from ingest.tokens.response_tokens import digest
from tests.conftest import Database, Serve

pytestmark = pytest.mark.anyio


async def test_a_token_buys_one_response(serve: Serve) -> None:
    async with serve() as served:
        token = served.token()
        first = await served.post(served.body(token))
        second = await served.post(served.body(token))
        assert first.status_code == 201
        assert second.status_code == 410
        assert second.json()["type"].endswith("/token-spent")
        assert len(await served.responses()) == 1


async def test_an_invitation_buys_one_response(serve: Serve) -> None:
    async with serve() as served:
        token = await served.invitation()
        path = "molensloot/telefonie"
        assert (await served.post(served.body(token, path))).status_code == 201
        assert (await served.post(served.body(token, path))).status_code == 410
        assert len(await served.responses()) == 1


async def test_an_invitation_that_nobody_was_sent_buys_nothing(serve: Serve) -> None:
    async with serve() as served:
        path = "molensloot/telefonie"
        token = served.token(path, "invitation")
        assert (await served.post(served.body(token, path))).status_code == 410
        assert await served.responses() == []


async def test_the_same_response_again_is_already_received(serve: Serve) -> None:
    async with serve() as served:
        body = served.body(served.token())
        replies = [await served.post(body) for _ in range(3)]
        assert [reply.status_code for reply in replies] == [201, 200, 200]
        assert replies[0].json() == replies[2].json()
        assert len(await served.responses()) == 1


async def test_a_retry_is_answered_also_after_its_token_expired(serve: Serve) -> None:
    async with serve() as served:
        long_ago = datetime.now(UTC) - timedelta(days=2)
        id = str(uuid4())
        body = served.body(served.token(), responseId=id)
        assert (await served.post(body)).status_code == 201
        late = served.body(served.token(now=long_ago), responseId=id)
        assert (await served.post(late)).status_code == 200
        other = served.body(served.token(now=long_ago))
        assert (await served.post(other)).status_code == 410


async def test_another_response_under_a_known_id_is_refused(serve: Serve) -> None:
    async with serve() as served:
        id = str(uuid4())
        first = served.body(served.token(), responseId=id)
        other = served.body(served.token(), responseId=id, answers={"cijfer": 3})
        nonsense = served.body(served.token(), responseId=id, answers={"cijfer": 99})
        assert (await served.post(first)).status_code == 201
        assert (await served.post(other)).status_code == 409
        assert (await served.post(nonsense)).status_code == 409
        assert await served.answers(id) == {"cijfer": "8"}


async def test_a_conflict_leaves_the_other_token_unspent(serve: Serve) -> None:
    async with serve() as served:
        id = str(uuid4())
        await served.post(served.body(served.token(), responseId=id))
        token = served.token()
        body = served.body(token, responseId=id, answers={"cijfer": 3})
        assert (await served.post(body)).status_code == 409
        assert (await served.post(served.body(token))).status_code == 201


async def test_rejected_answers_leave_the_token_unspent(serve: Serve) -> None:
    async with serve() as served:
        token = await served.invitation()
        path = "molensloot/telefonie"
        wrong = served.body(token, path, answers={"cijfer": 11})
        assert (await served.post(wrong)).status_code == 400
        assert (await served.post(served.body(token, path))).status_code == 201


async def test_a_hundred_at_once_on_one_token_store_one(serve: Serve) -> None:
    async with serve() as served:
        token = await served.invitation()
        bodies = [served.body(token, "molensloot/telefonie") for _ in range(100)]
        replies = await asyncio.gather(*(served.post(body) for body in bodies))
        assert sorted(reply.status_code for reply in replies) == [201] + [410] * 99
        assert len(await served.responses()) == 1


async def test_the_same_response_a_hundred_times_at_once_is_stored_once(serve: Serve) -> None:
    async with serve() as served:
        body = served.body(served.token())
        replies = await asyncio.gather(*(served.post(body) for _ in range(100)))
        assert sorted(reply.status_code for reply in replies) == [200] * 99 + [201]
        assert len(await served.responses()) == 1


async def test_a_hundred_different_responses_at_once_are_all_stored(serve: Serve) -> None:
    async with serve() as served:
        bodies = [served.body(served.token()) for _ in range(100)]
        replies = await asyncio.gather(*(served.post(body) for body in bodies))
        assert {reply.status_code for reply in replies} == {201}
        stored = {row["id"] for row in await served.responses()}
        assert stored == {served.stored_id(body["responseId"]) for body in bodies}


async def test_one_purpose_never_stands_in_for_another(serve: Serve) -> None:
    async with serve() as served:
        for purpose in ("pairing",):
            reply = await served.post(served.body(served.token(purpose=purpose)))
            assert reply.status_code == 403
        embed = served.token(purpose="embed")
        assert (await served.client.get(f"/v/{embed}")).status_code == 404
        elsewhere = served.body(served.token("molensloot/online"))
        assert (await served.post(elsewhere)).status_code == 403
        assert await served.responses() == []


async def test_a_preview_is_test_data_and_nothing_else_is(serve: Serve) -> None:
    async with serve() as served:
        await served.post(served.body(served.token(purpose="preview")))
        for purpose in ("open", "qr", "embed"):
            await served.post(served.body(served.token(purpose=purpose)))
        rows = await served.responses()
    assert sorted(row["is_test"] for row in rows) == [False, False, False, True]


async def test_what_is_stored_waits_to_be_published_and_test_data_never_does(
    serve: Serve,
) -> None:
    async with serve() as served:
        body = served.body(served.token())
        for sent in (body, body, served.body(served.token(purpose="preview"))):
            await served.post(sent)
        async with served.database.superuser() as db:
            queued = await db.fetch(
                "select municipality, day, response_id from meetpunt.unpublished"
            )
        (stored,) = (row for row in await served.responses() if not row["is_test"])
    assert [tuple(row) for row in queued] == [(stored["municipality"], stored["day"], stored["id"])]


@pytest.mark.parametrize(
    ("purpose", "mode"),
    [
        ("invitation", "bericht"),
        ("open", "link"),
        ("qr", "qr"),
        ("embed", "widget"),
        ("preview", "link"),
    ],
)
async def test_the_permission_tells_how_it_was_asked(serve: Serve, purpose: str, mode: str) -> None:
    async with serve() as served:
        path = "molensloot/online"
        token = served.token(path, purpose)
        if purpose == "invitation":
            await served.invite(path, [token])
        assert (await served.post(served.body(token, path))).status_code == 201
        (row,) = await served.responses()
        assert row["mode"] == mode


async def test_of_the_invited_no_hour_is_stored(serve: Serve) -> None:
    async with serve() as served:
        invited = served.body(await served.invitation(), "molensloot/telefonie")
        await served.post(invited)
        await served.post(served.body(served.token()))
        hours = {row["id"]: row["hour"] for row in await served.responses()}
        assert hours.pop(served.stored_id(invited["responseId"])) is None
        assert all(hour is not None for hour in hours.values())


async def test_what_was_masked_cannot_be_guessed_by_sending_again(serve: Serve) -> None:
    async with serve() as served:
        path, id = "molensloot/balie-hal", str(uuid4())

        async def send(text: str) -> int:
            answers = {"cijfer": 8, "toelichting": text}
            body = served.body(served.token(), path, responseId=id, answers=answers)
            status: int = (await served.post(body)).status_code
            return status

        assert await send("Bel mij op 06 12345678.") == 201
        assert await send("Bel mij op 06 12345678.") == 200
        assert await send("Bel mij op 06 87654321.") == 200
        assert await send("Bel mij liever niet.") == 409


async def test_a_token_leads_to_no_row_of_those_that_are_spent(serve: Serve) -> None:
    async with serve() as served:
        token = served.token()
        assert (await served.post(served.body(token))).status_code == 201
        known = served.tokens.read(token).id
        async with served.database.superuser() as db:
            kept = await db.fetch("select id from meetpunt.spent_token")
        assert len(kept) == 1
        assert kept[0]["id"] not in (known, digest(known)[:16])


async def test_the_turn_of_the_week_hides_no_receipt(serve: Serve) -> None:
    """Receipts lie under their week: that of last week is found, by a fresh token too."""
    async with serve() as served:
        body = served.body(served.token())
        assert (await served.post(body)).status_code == 201
        async with served.database.superuser() as db:
            await db.execute("update meetpunt.receipt set week = week - 7")
        again = body | {"token": served.token()}
        assert (await served.post(again)).status_code == 200
        assert len(await served.responses()) == 1


async def test_a_retry_is_known_for_weeks_by_the_permission_that_it_spent(serve: Serve) -> None:
    async with serve() as served:
        body = served.body(served.token())
        assert (await served.post(body)).status_code == 201
        async with served.database.superuser() as db:
            await db.execute("update meetpunt.receipt set week = week - 7 * 4")
        assert (await served.post(body)).status_code == 200
        assert len(await served.responses()) == 1


async def test_in_the_first_minutes_of_a_week_the_week_before_is_asked_too(
    database: Database,
) -> None:
    """Two at the same moment, one a moment before midnight, meet under the same week."""
    weeks = "select meetpunt.weeks_to_receive() order by 1"
    for moment, mondays in (
        ("2026-11-22 23:59:59+00", [date(2026, 11, 16)]),
        ("2026-11-23 00:00:01+00", [date(2026, 11, 16), date(2026, 11, 23)]),
        ("2026-11-23 00:09:59+00", [date(2026, 11, 16), date(2026, 11, 23)]),
        ("2026-11-23 00:10:01+00", [date(2026, 11, 23)]),
    ):
        at = "select meetpunt.weeks_to_receive($1::text::timestamptz) order by 1"
        async with database.superuser() as db:
            assert [row[0] for row in await db.fetch(at, moment)] == mondays
    async with database.superuser() as db:
        now = [row[0] for row in await db.fetch(weeks)]
        looked = [row[0] for row in await db.fetch("select meetpunt.weeks_of_receipts()")]
    assert set(now) <= set(looked)
    assert len(looked) == 5
