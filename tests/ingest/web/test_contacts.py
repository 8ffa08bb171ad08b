"""A telephone platform posts what it knows of a call: believed when it is its own; told once."""

import asyncio
import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.connecting import Signature
from ingest.running.metrics import REGISTRY
from tests.conftest import Serve, Served
from tests.ingest.connectors.calling import (
    HANGUP,
    SECRET,
    VOYS,
    as_bytes,
    connected,
    connector,
    key_file,
    signed,
)
from tests.inviting import inviting, stages, states

pytestmark = pytest.mark.anyio

BEARER = {"authorization": f"Bearer {SECRET}"}
ZOOM = Signature(
    header="x-zm-signature",
    prefix="v0=",
    signed="v0:{timestamp}:{body}",
    timestamp_header="x-zm-request-timestamp",
)


@pytest.fixture
def files(catalogue: Catalogue, tmp_path: Path) -> Catalogue:
    """Four ways to be believed, at a municipality that invites who telephoned."""
    key = key_file(tmp_path)
    return connected(
        inviting(catalogue),
        connector(key_file=key),
        connector("voys", name="voys", key_file=key),
        connector(name="hex", key_file=key, signature=Signature(header="x-signature")),
        connector(
            name="base64", key_file=key, signature=Signature(header="x-sig", encoding="base64")
        ),
        connector(name="zoom", key_file=key, signature=ZOOM),
    )


def ended(**changes: Any) -> dict[str, Any]:
    """A call that ended just now."""
    now = datetime.now(UTC).replace(microsecond=0)
    return HANGUP | {"ended": now.isoformat()} | changes


async def post(
    served: Served,
    message: Any,
    headers: dict[str, str] | None = None,
    *,
    to: str = "molensloot/centrale",
) -> httpx.Response:
    body = message if isinstance(message, bytes) else as_bytes(message)
    sent = {"content-type": "application/json", **(BEARER if headers is None else headers)}
    return await served.client.post(f"/api/v1/contacts/{to}", content=body, headers=sent)


async def test_who_called_and_was_answered_waits_to_be_asked(
    serve: Serve, files: Catalogue
) -> None:
    async with serve(files=files) as served:
        reply = await post(served, ended())
        assert (reply.status_code, reply.json()) == (200, {"result": "taken"})
        told = VOYS | {"timestamp": datetime.now(UTC).isoformat()}
        assert (await post(served, told, to="molensloot/voys")).json() == {"result": "taken"}
        assert await states(served.database) == {"waiting": 2}
        assert await stages(served.database) == {"known": 2}


async def test_the_same_call_told_again_or_at_once_by_several_is_one(
    serve: Serve, files: Catalogue
) -> None:
    async with serve(files=files) as served:
        replies = await asyncio.gather(*(post(served, ended()) for _ in range(6)))
        assert {reply.content for reply in replies} == {b'{"result":"taken"}'}
        assert await states(served.database) == {"waiting": 1}


@pytest.mark.parametrize(
    ("changes", "result"),
    [
        ({"queue": "onbekend"}, "unknown-queue"),
        ({"disposition": "NO ANSWER"}, "not-answered"),
        ({"caller": "anonymous"}, "no-number"),
    ],
)
async def test_what_the_platform_cannot_mend_is_no_refusal(
    serve: Serve, files: Catalogue, changes: dict[str, Any], result: str
) -> None:
    async with serve(files=files) as served:
        reply = await post(served, ended(**changes))
        assert (reply.status_code, reply.json()) == (200, {"result": result})
        assert await states(served.database) == {}


@pytest.mark.parametrize(
    "changes", [{}, {"caller": "anonymous"}, {"queue": "onbekend"}, {"disposition": "NO ANSWER"}]
)
async def test_a_message_is_counted_under_the_result_that_is_told(
    serve: Serve, files: Catalogue, changes: dict[str, Any]
) -> None:
    def counted(result: str) -> float:
        labels = {"municipality": "molensloot", "connector": "centrale", "verdict": result}
        return REGISTRY.get_sample_value("connector_messages_total", labels) or 0

    async with serve(files=files) as served:
        results = ("taken", "no-number", "unknown-queue", "not-answered")
        before = {result: counted(result) for result in results}
        told = (await post(served, ended(**changes))).json()["result"]
        assert {result for result in results if counted(result) != before[result]} == {told}


# Who is believed


async def test_each_way_to_sign_is_believed(serve: Serve, files: Catalogue) -> None:
    now = str(int(datetime.now(UTC).timestamp()))
    async with serve(files=files) as served:
        for name, signature, stamp in (
            ("hex", Signature(header="x-signature"), ""),
            ("base64", Signature(header="x-sig", encoding="base64"), ""),
            ("zoom", ZOOM, now),
        ):
            body = as_bytes(ended())
            headers = signed(signature, body, timestamp=stamp)
            reply = await post(served, body, headers, to=f"molensloot/{name}")
            assert reply.status_code == 200, (name, reply.text)
        assert await states(served.database) == {"waiting": 3}


async def test_nobody_else_is_believed_and_all_of_them_hear_the_same(
    serve: Serve, files: Catalogue
) -> None:
    body = as_bytes(ended())
    plain = Signature(header="x-signature")
    good = signed(plain, body)
    now = datetime.now(UTC)
    late, early = (str(int((now + each).timestamp())) for each in (-LIMIT, LIMIT))
    tries: list[tuple[str, dict[str, str], bytes]] = [
        ("molensloot/centrale", {}, body),
        ("molensloot/centrale", {"authorization": SECRET}, body),
        ("molensloot/centrale", {"authorization": f"Bearer {SECRET}x"}, body),
        ("molensloot/centrale", {"authorization": f"Bearer {SECRET[:-1]}"}, body),
        ("molensloot/centrale", {"authorization": "Bearer "}, body),
        ("molensloot/hex", BEARER, body),
        ("molensloot/hex", {}, body),
        ("molensloot/hex", good, body + b" "),
        ("molensloot/hex", {"x-signature": ""}, body),
        ("molensloot/hex", {"x-signature": good["x-signature"][:-1]}, body),
        ("molensloot/hex", signed(plain, body, secret="een ander geheim"), body),
        ("molensloot/base64", {"x-sig": good["x-signature"]}, body),
        ("molensloot/zoom", signed(ZOOM, body, timestamp=late), body),
        ("molensloot/zoom", signed(ZOOM, body, timestamp=early), body),
        ("molensloot/zoom", signed(ZOOM, body, timestamp="9" * 14), body),
        ("molensloot/zoom", signed(ZOOM, body, timestamp="gisteren"), body),
        ("molensloot/zoom", signed(ZOOM, body, timestamp=""), body),
        ("molensloot/nergens", BEARER, body),
        # Another municipality's connector, and one that is nowhere.
        ("waterakker/centrale", BEARER, body),
        ("nergens/centrale", BEARER, body),
    ]
    async with serve(files=files) as served:
        replies = [await post(served, text, headers, to=to) for to, headers, text in tries]
        assert {reply.status_code for reply in replies} == {401}
        assert len({reply.content for reply in replies}) == 1
        assert replies[0].json()["type"] == "/problems/connector-refused"
        assert await states(served.database) == {}


LIMIT = timedelta(minutes=5, seconds=5)


async def test_a_message_that_was_caught_is_good_for_five_minutes_and_tells_nothing_new(
    serve: Serve, files: Catalogue
) -> None:
    body = as_bytes(ended())
    stamp = str(int((datetime.now(UTC) - timedelta(minutes=4)).timestamp()))
    async with serve(files=files) as served:
        for _ in range(2):
            headers = signed(ZOOM, body, timestamp=stamp)
            assert (await post(served, body, headers, to="molensloot/zoom")).status_code == 200
        # Its moment is signed as well.
        moved = headers | {"x-zm-request-timestamp": str(int(stamp) + 60)}
        assert (await post(served, body, moved, to="molensloot/zoom")).status_code == 401
        assert await states(served.database) == {"waiting": 1}


async def test_a_header_that_came_twice_is_not_believed(serve: Serve, files: Catalogue) -> None:
    async with serve(files=files) as served:
        reply = await served.client.post(
            "/api/v1/contacts/molensloot/centrale",
            content=as_bytes(ended()),
            headers=[
                ("content-type", "application/json"),
                ("authorization", f"Bearer {SECRET}"),
                ("authorization", "Bearer iets-anders"),
            ],
        )
        assert reply.status_code == 401


async def test_without_its_key_a_connector_asks_to_try_again_until_the_key_is_there(
    serve: Serve, files: Catalogue, tmp_path: Path
) -> None:
    missing = tmp_path / "missing.key"
    files = connected(files, connector(name="later", key_file=str(missing)))
    async with serve(files=files) as served:
        reply = await post(served, ended(), to="molensloot/later")
        assert (reply.status_code, reply.json()["type"]) == (503, "/problems/connector-unready")
        assert reply.headers["retry-after"]
        key_file(tmp_path, name="missing.key")
        served.service.connectors.reread()
        assert (await post(served, ended(), to="molensloot/later")).status_code == 200


@pytest.mark.parametrize("secret", ["x", "geheim", "x" * 15])
async def test_a_key_that_can_be_guessed_is_none(
    serve: Serve, files: Catalogue, tmp_path: Path, secret: str
) -> None:
    key = key_file(tmp_path, secret, "short.key")
    files = connected(files, connector(name="short", key_file=key))
    async with serve(files=files) as served:
        headers = {"authorization": f"Bearer {secret}"}
        reply = await post(served, ended(), headers, to="molensloot/short")
        assert (reply.status_code, reply.json()["type"]) == (503, "/problems/connector-unready")


# What is malformed


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "body-unreadable"),
        (b"[]", "body-unreadable"),
        (b"\xff", "body-unreadable"),
        (b'{"a": ' + b"[" * 50_000, "body-unreadable"),
        (b'{"caller": "\\ud800"}', "body-unreadable"),
        (as_bytes(HANGUP | {"ended": "gisteren"}), "call-unreadable"),
        (as_bytes(HANGUP | {"ended": 10**300}), "call-unreadable"),
        (as_bytes(HANGUP | {"queue": None}), "call-unreadable"),
        (as_bytes(HANGUP | {"uniqueid": "x" * 201}), "call-unreadable"),
        (as_bytes(HANGUP | {"uniqueid": "\r\nX-Injected: 1"}), "call-unreadable"),
    ],
)
async def test_a_message_that_cannot_be_read_is_a_named_refusal(
    serve: Serve, files: Catalogue, body: bytes, problem: str
) -> None:
    async with serve(files=files) as served:
        reply = await post(served, body)
        assert (reply.status_code, reply.json()["type"]) == (400, f"/problems/{problem}")
        assert "0612345678" not in reply.text
        assert await states(served.database) == {}


async def test_size_and_type_are_looked_at_first(serve: Serve, files: Catalogue) -> None:
    async with serve(files=files) as served:
        large = await post(served, as_bytes({"a": "x" * 65_000}), {})
        form = await post(served, b"caller=0612345678", {"content-type": "text/plain"})
        assert (large.status_code, form.status_code) == (413, 415)


async def test_nothing_else_of_a_message_is_kept_or_logged(
    serve: Serve, files: Catalogue, caplog: pytest.LogCaptureFixture
) -> None:
    canary = "kanarie-7c1f"
    noise = {"caller_name": canary, "notes": {"recording": canary}, "agent": canary}
    caplog.set_level(logging.DEBUG)
    async with serve(files=files) as served:
        await post(served, ended(**noise))
        await post(served, ended(**noise, queue=canary))
        await post(served, HANGUP | noise | {"ended": canary})
        await post(served, ended(**noise), {"authorization": f"Bearer {canary}"})
        async with served.database.superuser() as db:
            kept = ""
            for table in ("occasion", "outbox", "invitation_stage", "asked", "opted_out"):
                rows = await db.fetch(f"select t::text from meetpunt.{table} t")
                kept += "".join(row["t"] for row in rows)
    told = json.dumps([vars(record) for record in caplog.records], default=str)
    for secret in (canary, "0612345678", "+31612345678", "1795904171.0"):
        assert secret not in kept
        assert secret not in told
