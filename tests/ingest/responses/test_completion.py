"""A response that was begun is completed exactly once, in time, and by adding only."""

import asyncio
import base64
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.tokens.completion_tokens import LIFETIME, Begun, CompletionTokens, CompletionTooLate
from ingest.tokens.keys import Keys
from ingest.tokens.response_tokens import SKEW, TokenForged
from tests.conftest import Database, Serve, Served

pytestmark = pytest.mark.anyio

PATH = "molensloot/balie-hal"
REST = {"geholpen": "ja", "toelichting": "Bel mij op 06 12345678."}


async def begin(served: Served, **changes: Any) -> dict[str, Any]:
    """The first step of a widget: the mark alone. The reply, with the id in it."""
    body = served.body(served.token(PATH, "embed"), PATH, complete=False, **changes)
    reply = await served.post(body)
    assert reply.status_code == 201, reply.text
    told: dict[str, Any] = reply.json()
    assert told["complete"] is False
    return told


async def finish(
    served: Served, begun: dict[str, Any], answers: dict[str, Any] | None = None, **headers: str
) -> httpx.Response:
    return await served.client.post(
        f"/api/v1/responses/{begun['responseId']}/completion",
        json={
            "completionToken": begun["completionToken"],
            "answers": REST if answers is None else answers,
        },
        headers=headers,
    )


async def test_the_rest_joins_what_was_sent_first(serve: Serve) -> None:
    async with serve() as served:
        begun = await begin(served)
        reply = await finish(served, begun)
        assert reply.status_code == 201
        assert reply.json() == {
            "responseId": begun["responseId"],
            "received": True,
            "complete": True,
        }
        (row,) = await served.responses()
        assert row["complete"]
        stored = await served.answers(begun["responseId"])
        assert stored == {
            "cijfer": "8",
            "geholpen": "ja",
            "toelichting": "Bel mij op [verwijderd].",
        }


async def test_who_leaves_halfway_has_said_what_was_sent(serve: Serve) -> None:
    async with serve() as served:
        begun = await begin(served)
        (row,) = await served.responses()
        assert not row["complete"]
        assert await served.answers(begun["responseId"]) == {"cijfer": "8"}


async def test_a_hundred_completions_at_once_store_one(serve: Serve) -> None:
    async with serve() as served:
        begun = await begin(served)
        replies = await asyncio.gather(*(finish(served, begun) for _ in range(100)))
        assert sorted(reply.status_code for reply in replies) == [200] * 99 + [201]
        await assert_added_once(served, begun)


async def test_a_hundred_different_completions_at_once_store_one(serve: Serve) -> None:
    async with serve() as served:
        begun = await begin(served)
        answers = [{"geholpen": "ja", "toelichting": f"Reactie {n}."} for n in range(100)]
        replies = await asyncio.gather(*(finish(served, begun, each) for each in answers))
        assert sorted(reply.status_code for reply in replies) == [201] + [409] * 99
        (won,) = (n for n, reply in enumerate(replies) if reply.status_code == 201)
        stored = await served.answers(begun["responseId"])
        assert stored["toelichting"] == answers[won]["toelichting"]
        await assert_added_once(served, begun)


async def assert_added_once(served: Served, begun: dict[str, Any]) -> None:
    assert len(await served.responses()) == 1
    async with served.database.superuser() as db:
        assert await db.fetchval("select count(*) from meetpunt.free_text") == 1
        # The first step is in the queue, and the rest needs no place of its own.
        queued = await db.fetch("select response_id from meetpunt.unpublished")
    assert [row["response_id"] for row in queued] == [served.stored_id(begun["responseId"])]


async def test_a_first_step_whose_reply_was_lost_gives_the_means_to_go_on_again(
    serve: Serve,
) -> None:
    async with serve() as served:
        body = served.body(served.token(PATH, "embed"), PATH, complete=False)
        assert (await served.post(body)).status_code == 201
        again = await served.post(body)
        assert again.status_code == 200
        assert (await finish(served, again.json())).status_code == 201


async def test_the_day_may_change_between_the_steps(serve: Serve) -> None:
    """The retry of a first step may name the day after the one that it was stored under."""
    async with serve() as served:
        begun = await begin(served)
        async with served.database.superuser() as db:
            await db.execute("update meetpunt.response set day = day - 1")
        assert (await finish(served, begun)).status_code == 201


async def test_an_item_can_only_be_added(serve: Serve) -> None:
    async with serve() as served:
        begun = await begin(served)
        reply = await finish(served, begun, {"cijfer": 1, "geholpen": "ja"})
        assert reply.status_code == 400
        assert [(p["name"], p["code"]) for p in reply.json()["invalidParams"]] == [
            ("cijfer", "already-answered")
        ]
        reply = await finish(served, begun, {"weg": 1})
        assert [p["code"] for p in reply.json()["invalidParams"]] == ["unknown-item"]
        assert await served.answers(begun["responseId"]) == {"cijfer": "8"}


async def test_what_was_typed_in_the_first_step_stays_and_is_not_in_the_token(
    serve: Serve,
) -> None:
    async with serve() as served:
        begun = await begin(served, answers={"cijfer": 8, "toelichting": "Geheim."})
        token = begun["completionToken"]
        assert b"Geheim" not in base64.urlsafe_b64decode(token + "==")
        assert (await finish(served, begun, {"toelichting": "Anders."})).status_code == 400
        assert (await finish(served, begun, {"geholpen": "nee"})).status_code == 201
        stored = await served.answers(begun["responseId"])
        assert stored == {"cijfer": "8", "geholpen": "nee", "toelichting": "Geheim."}


async def test_a_completion_is_for_its_own_response(serve: Serve) -> None:
    async with serve() as served:
        one, other = await begin(served), await begin(served)
        mixed = {**one, "completionToken": other["completionToken"]}
        assert (await finish(served, mixed)).status_code == 403
        assert (await finish(served, {**one, "responseId": str(uuid4())})).status_code == 403
        assert (await finish(served, {**one, "responseId": "x"})).status_code == 404
        assert (await finish(served, {**one, "completionToken": "x"})).status_code == 403
        assert not any(row["complete"] for row in await served.responses())


@pytest.mark.parametrize("purpose", ["open", "preview"])
async def test_only_a_widget_may_send_in_two_steps(serve: Serve, purpose: str) -> None:
    async with serve() as served:
        body = served.body(served.token(PATH, purpose), PATH, complete=False)
        assert "completionToken" not in (await served.post(body)).json()
        whole = served.body(served.token(PATH, "embed"), PATH, answers={"cijfer": 8, **REST})
        assert "completionToken" not in (await served.post(whole)).json()


async def test_too_late_is_said_and_a_retry_of_what_was_in_time_is_still_thanked(
    serve: Serve, keys: Keys
) -> None:
    async with serve() as served:
        begun, late = await begin(served), await begin(served)
        assert (await finish(served, begun)).status_code == 201
        for each in (begun, late):
            each["completionToken"] = older(keys, each["completionToken"])
        assert (await finish(served, begun)).status_code == 200
        assert (await finish(served, begun, {"geholpen": "nee"})).status_code == 409
        reply = await finish(served, late)
        assert reply.status_code == 410
        assert reply.json()["type"] == "/problems/completion-too-late"
        assert await served.answers(late["responseId"]) == {"cijfer": "8"}


def older(keys: Keys, token: str) -> str:
    """The same token, issued an hour earlier."""
    tokens = CompletionTokens(keys)
    begun = tokens.verify(token, now=datetime.now(UTC))
    fields = {name: getattr(begun, name) for name in begun.__struct_fields__}
    return tokens.issue(Begun(**fields | {"issued_at": begun.issued_at - timedelta(hours=1)}))


async def test_a_script_on_a_municipal_site_may_send_it(serve: Serve) -> None:
    async with serve() as served:
        begun = await begin(served)
        origin = "https://www.molensloot.example"
        path = f"/api/v1/responses/{begun['responseId']}/completion"
        asked = await served.client.options(path, headers={"origin": origin})
        assert asked.headers["access-control-allow-origin"] == origin
        assert asked.headers["access-control-allow-methods"] == "POST"
        assert (await served.client.get(path)).status_code == 405
        reply = await finish(served, begun, origin=origin)
        assert reply.headers["access-control-allow-origin"] == origin


async def test_the_service_cannot_change_a_response_that_is_complete(
    serve: Serve, database: Database
) -> None:
    async with serve() as served:
        begun = await begin(served)
        await finish(served, begun)
    async with database.connected("meetpunt_ingest") as ingest:
        changed = await ingest.execute("update meetpunt.response set answers = '{}'")
        assert changed == "UPDATE 0"


BEGUN = Begun(
    touchpoint=1,
    version=1,
    id=UUID(int=7, version=4),
    day=date(2026, 11, 21),
    answers={"cijfer": 8},
    typed=("toelichting",),
    issued_at=datetime(2026, 11, 21, 12, tzinfo=UTC),
)


def test_a_token_tells_what_was_begun_for_a_quarter_of_an_hour(keys: Keys) -> None:
    tokens = CompletionTokens(keys)
    token = tokens.issue(BEGUN)
    ends = BEGUN.issued_at + LIFETIME + SKEW
    assert tokens.verify(token, now=ends) == BEGUN
    with pytest.raises(CompletionTooLate) as late:
        tokens.verify(token, now=ends + timedelta(seconds=1))
    assert late.value.begun == BEGUN
    with pytest.raises(TokenForged):
        tokens.verify(token, now=BEGUN.issued_at - SKEW - timedelta(seconds=1))


@given(place=st.integers(0, 10_000), sign=st.sampled_from("AZaz09-_+/= é"))
def test_no_token_with_another_character_is_ours(keys: Keys, place: int, sign: str) -> None:
    tokens = CompletionTokens(keys)
    token = tokens.issue(BEGUN)
    place %= len(token)
    changed = token[:place] + sign + token[place + 1 :]
    if changed != token:
        try:
            told = tokens.verify(changed, now=BEGUN.issued_at)
        except TokenForged:
            return
        # Base64 leaves bits over in its last character: another spelling of the same bytes.
        assert told == BEGUN
        assert place == len(token) - 1


@given(st.text(max_size=300))
def test_no_text_is_a_token(keys: Keys, text: str) -> None:
    with pytest.raises(TokenForged):
        CompletionTokens(keys).verify(text, now=BEGUN.issued_at)


def test_a_body_without_its_tag_is_not_ours(keys: Keys) -> None:
    forged = base64.urlsafe_b64encode(json.dumps([1, 1]).encode() + bytes(12)).decode().rstrip("=")
    with pytest.raises(TokenForged):
        CompletionTokens(keys).verify(forged, now=BEGUN.issued_at)
