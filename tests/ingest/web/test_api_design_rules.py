"""The NL API Design Rules over the running service: every reply, whoever in our code writes it."""

import json
from typing import Any

import httpx
import msgspec
import pytest

from ingest.asgi.messages import API_VERSION
from ingest.web.problems import KINDS
from tests.conftest import Serve, Stand

pytestmark = pytest.mark.anyio

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
ORIGIN = "https://www.molensloot.example"
JSON = {"content-type": "application/json"}
MESSAGES = "/api/v1/messages/molensloot/sms"


UNKNOWN_ID = "7d4f1c4e-0e0c-4a52-9d4f-0d6f5b1f6f0a"


class Call(msgspec.Struct, frozen=True):
    """A call, the status that it should get, and the name of the problem where it is refused."""

    method: str
    path: str
    status: int
    problem: str = ""
    headers: dict[str, str] = {}
    body: bytes = b""


CALLS = (
    Call("GET", "/api/v1/openapi.json", 200),
    Call("HEAD", "/api/v1/openapi.json", 200),
    Call("OPTIONS", "/api/v1/openapi.json", 204),
    Call("GET", "/api/v1/touchpoints/molensloot/online", 200, headers={"origin": ORIGIN}),
    Call("OPTIONS", "/api/v1/touchpoints/molensloot/online", 204, headers={"origin": ORIGIN}),
    Call("OPTIONS", "/api/v1/responses", 204, headers={"origin": ORIGIN}),
    Call("OPTIONS", "/api/v1/responses", 204),
    Call("OPTIONS", f"/api/v1/responses/{UNKNOWN_ID}/completion", 204, headers={"origin": ORIGIN}),
    Call("GET", f"/api/v1/responses/{UNKNOWN_ID}/completion", 405, "method-not-allowed"),
    Call("POST", f"/api/v1/responses/{UNKNOWN_ID}/completion", 400, "body-unreadable", JSON, b"{}"),
    Call("OPTIONS", "/api/v1/invitations", 204),
    # 400
    Call("POST", "/api/v1/responses", 400, "body-unreadable", JSON, b"{"),
    Call("POST", "/api/v1/responses", 400, "body-unreadable", JSON, b"{}"),
    Call(
        "GET",
        "/api/v1/touchpoints/molensloot/online?language=%3Cscript%3E",
        400,
        "language-unreadable",
        {"origin": ORIGIN},
    ),
    # 401, 403
    Call("POST", "/api/v1/invitations", 401, "api-key-unknown", JSON, b"{}"),
    Call("POST", f"{MESSAGES}/receipts", 401, "sender-secret-unknown", JSON, b"{}"),
    Call("POST", f"{MESSAGES}/replies", 401, "sender-secret-unknown", JSON, b"{}"),
    Call("GET", f"{MESSAGES}/receipts", 405, "method-not-allowed"),
    Call("POST", "/api/v1/contacts/molensloot/nothing", 401, "connector-refused", JSON, b"{}"),
    Call("GET", "/api/v1/contacts/molensloot/nothing", 405, "method-not-allowed"),
    Call("GET", "/api/v1/touchpoints/molensloot/online", 403, "origin-not-allowed"),
    # 404: a trailing slash leads nowhere, also not elsewhere (/core/no-trailing-slash)
    Call("GET", "/api/", 404, "not-found"),
    Call("GET", "/api/v1", 404, "not-found"),
    Call("GET", "/api/v2/openapi.json", 404, "not-found"),
    Call("POST", "/api/v1/responses/", 404, "not-found", JSON, b"{}"),
    Call("POST", "/api/v1/invitations/", 404, "not-found", JSON, b"{}"),
    Call("GET", "/api/v1/openapi.json/", 404, "not-found"),
    Call("GET", "/api/v1/touchpoints/molensloot/online/", 404, "not-found"),
    Call("OPTIONS", "/api/v1/responses/", 404, "not-found"),
    Call("GET", "/api//v1/openapi.json", 404, "not-found"),
    Call("OPTIONS", "/api/v1/nothing", 404, "not-found"),
    Call("DELETE", "/api/v1/nothing", 404, "not-found"),
    Call("GET", "/api/v1/touchpoints/molensloot/nothing", 404, "touchpoint-unknown"),
    # 405
    Call("GET", "/api/v1/responses", 405, "method-not-allowed"),
    Call("HEAD", "/api/v1/responses", 405, "method-not-allowed"),
    Call("PUT", "/api/v1/responses", 405, "method-not-allowed", JSON, b"{}"),
    Call("GET", "/api/v1/invitations", 405, "method-not-allowed"),
    Call("HEAD", "/api/v1/invitations", 405, "method-not-allowed"),
    Call("DELETE", "/api/v1/openapi.json", 405, "method-not-allowed"),
    Call("TRACE", "/api/v1/openapi.json", 405, "method-not-allowed"),
    Call("POST", "/api/v1/touchpoints/molensloot/online", 405, "method-not-allowed", JSON, b"{}"),
    # 406
    Call("GET", "/api/v1/openapi.json", 406, "not-acceptable", {"accept": "text/html"}),
    Call("POST", "/api/v1/responses", 406, "not-acceptable", {**JSON, "accept": "text/csv"}, b"{}"),
    Call("GET", "/api/v1/nothing", 406, "not-acceptable", {"accept": "application/json;q=0"}),
    # 413, 415
    Call("POST", "/api/v1/responses", 413, "body-too-large", JSON, b"1" * 64_001),
    Call(
        "POST",
        "/api/v1/responses",
        415,
        "media-type-unsupported",
        {"content-type": "text/plain"},
        b"{}",
    ),
)


def _name(call: Call) -> str:
    path = call.path.removeprefix("/api").partition("?")[0]
    return f"{call.method} {path} {call.status} {call.headers.get('accept', '')}".strip()


async def _made(client: httpx.AsyncClient, call: Call) -> httpx.Response:
    return await client.request(call.method, call.path, headers=call.headers, content=call.body)


@pytest.mark.parametrize("call", CALLS, ids=_name)
async def test_every_reply_is_as_the_rules_have_it(standing: Stand, call: Call) -> None:
    async with standing() as served:
        reply = await _made(served.client, call)
    assert reply.status_code == call.status
    assert reply.status_code != 422
    # /core/version-header
    assert reply.headers["api-version"] == API_VERSION
    # /core/transport/security-headers
    assert reply.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
    assert reply.headers["strict-transport-security"].startswith("max-age=63072000")
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["x-frame-options"] == "DENY"
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in reply.headers
    assert "server" not in reply.headers
    names = [name.lower() for name, _ in reply.headers.raw]
    assert len(names) == len(set(names)), names
    if call.status >= 400:
        _assert_problem(reply, call)


def _assert_problem(reply: httpx.Response, call: Call) -> None:
    # /core/error-handling/problem-details
    assert reply.headers["content-type"] == "application/problem+json"
    if call.method == "HEAD":
        assert reply.content == b""
        return
    told = reply.json()
    assert told["status"] == call.status == KINDS[call.problem][0]
    assert told["title"]
    assert told["detail"]
    assert told["type"] == f"/problems/{call.problem}"
    assert set(told) <= {"type", "status", "title", "detail", "invalidParams"}
    if call.status == 405:
        assert "allow" in reply.headers
    if call.status == 401:
        assert reply.headers["www-authenticate"] == "Bearer"


async def test_allow_lists_what_is_allowed(standing: Stand) -> None:
    expected = {
        "/api/v1/responses": "OPTIONS, POST",
        "/api/v1/invitations": "OPTIONS, POST",
        "/api/v1/openapi.json": "GET, HEAD, OPTIONS",
        "/api/v1/touchpoints/molensloot/online": "GET, HEAD, OPTIONS",
    }
    async with standing() as served:
        for path, allow in expected.items():
            assert (await served.client.put(path)).headers["allow"] == allow


async def test_the_document_is_readable_from_every_site(standing: Stand) -> None:
    async with standing() as served:
        for headers in ({}, {"origin": "https://elsewhere.example"}, {"origin": "null"}):
            reply = await served.client.get("/api/v1/openapi.json", headers=headers)
            assert reply.headers["access-control-allow-origin"] == "*"
            assert reply.headers["content-type"] == "application/json"
            assert reply.json()["info"]["version"] == API_VERSION


async def test_every_documented_call_is_live(standing: Stand) -> None:
    async with standing() as served:
        document = (await served.client.get("/api/v1/openapi.json")).json()
        base = document["servers"][0]["url"]
        for path, operations in document["paths"].items():
            live = base + path.format(
                municipality="molensloot",
                touchpoint="online",
                responseId=UNKNOWN_ID,
                signalId=UNKNOWN_ID,
                kiosk=UNKNOWN_ID,
                sender="sms",
                connector="centrale",
            )
            for method in operations:
                asked = {"touchpoint": "molensloot/online"} if path.endswith("/survey") else {}
                reply = await served.client.request(method, live, params=asked)
                assert reply.status_code != 405, (method, live)
                # A kiosk that nobody knows is told so in words of its own.
                assert reply.status_code != 404 or "kiosk-unknown" in reply.text, (method, live)


async def test_a_refusal_that_passes_says_when_to_try_again(serve: Serve) -> None:
    path, origin = "/api/v1/touchpoints/molensloot/online", {"origin": ORIGIN}
    async with serve(address_limit_per_minute=1) as served:
        assert (await served.client.get(path, headers=origin)).status_code == 200
        reply = await served.client.get(path, headers=origin)
    assert reply.status_code == 429
    assert reply.json()["type"] == "/problems/too-many-requests"
    assert int(reply.headers["retry-after"]) >= 1
    # Or the script on that site could not read when.
    assert reply.headers["access-control-allow-origin"] == ORIGIN
    assert "Retry-After" in reply.headers["access-control-expose-headers"]


async def test_without_a_database_both_posts_say_when_to_try_again(serve: Serve) -> None:
    async with serve(url="postgresql://nobody@127.0.0.1:1/nothing") as served:
        stored = await served.post(served.body(served.token()))
        made = await served.client.post(
            "/api/v1/invitations",
            json={"touchpoint": "molensloot/online", "invitations": [{}]},
            headers={"authorization": "Bearer x", "idempotency-key": "1"},
        )
    for reply in (stored, made):
        assert reply.status_code == 503
        assert reply.json()["type"] == "/problems/unavailable"
        assert int(reply.headers["retry-after"]) >= 1
        assert reply.headers["api-version"] == API_VERSION


async def test_all_that_is_wrong_with_a_body_is_told_at_once(standing: Stand) -> None:
    async with standing() as served:
        body = served.body(served.token(), version="1", complete="yes", colour="red")
        del body["language"]
        shape = await served.post(body)
        answers = {"cijfer": 11, "geholpen": "misschien", "wens": 1}
        content = await served.post(served.body(served.token(), answers=answers))
        assert await served.responses() == []
    assert _told(shape) == {
        ("version", "wrong-type"),
        ("complete", "wrong-type"),
        ("language", "required"),
        ("colour", "unknown-field"),
    }
    assert _told(content) == {
        ("cijfer", "out-of-range"),
        ("geholpen", "unknown-option"),
        ("wens", "unknown-item"),
    }


def _told(reply: httpx.Response) -> set[tuple[str, str]]:
    params: list[dict[str, Any]] = reply.json()["invalidParams"]
    assert all(param["reason"].endswith(".") for param in params)
    return {(param["name"], param["code"]) for param in params}


@pytest.mark.parametrize("name", KINDS)
async def test_every_problem_is_explained_where_its_type_points(standing: Stand, name: str) -> None:
    async with standing() as served:
        reply = await served.client.get(f"/problems/{name}")
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["x-content-type-options"] == "nosniff"
    told = reply.json()
    assert (told["status"], told["title"], told["detail"]) == KINDS[name]


async def test_no_other_problem_is_explained(standing: Stand) -> None:
    async with standing() as served:
        for path in ("/problems/nothing", "/problems/", "/problems"):
            assert (await served.client.get(path)).status_code == 404, path


async def test_the_document_is_the_same_bytes_each_time(standing: Stand) -> None:
    async with standing() as served:
        first, second = [(await served.client.get("/api/v1/openapi.json")).content for _ in "12"]
    assert first == second
    json.loads(first)
