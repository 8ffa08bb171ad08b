"""What a municipality's own sites and systems can do: ask for a survey, make links, post."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest

from ingest.invitations.minting import api_key_digest
from ingest.municipalities.catalogue import Catalogue
from ingest.tokens.keys import Keys
from tests.conftest import Database, Serve, Served, Stand
from tests.surveys import with_retired

pytestmark = pytest.mark.anyio

ORIGIN = "https://www.molensloot.example"
INVITATIONS = "/api/v1/invitations"


# POST /invitations


@pytest.fixture
def api_keys(database: Database, keys: Keys) -> Callable[..., Any]:
    async def add(municipality: str, key: str, *, revoked: bool = False) -> None:
        async with database.superuser() as db:
            await db.execute(
                "insert into meetpunt.api_key (municipality, digest, name, created_on, revoked_on)"
                " values ($1, $2, $3, $4, $5)",
                municipality,
                api_key_digest(keys.accounts, key),
                key,
                date(2026, 1, 1),
                date(2026, 2, 1) if revoked else None,
            )

    return add


@pytest.fixture
async def molensloot(api_keys: Callable[..., Any]) -> str:
    await api_keys("GM9001", "mp_molensloot")
    return "mp_molensloot"


async def ask(
    served: Served, key: str, idempotency_key: str = "call-1", **changes: Any
) -> httpx.Response:
    body = {"touchpoint": "molensloot/online", "invitations": [{}]} | changes
    headers = {"authorization": f"Bearer {key}", "idempotency-key": idempotency_key}
    return await served.client.post(INVITATIONS, json=body, headers=headers)


def path_of(link: str) -> str:
    assert link.startswith("https://kto.molensloot.example/v/")
    return link.removeprefix("https://kto.molensloot.example")


async def test_calls_that_hang_leave_residents_a_connection(
    serve: Serve, api_keys: Callable[..., Any], database: Database
) -> None:
    """A retry that is looked up goes over the same few connections as calls for links.

    Of these each key has one.
    """
    two = ("mp_one", "mp_other")
    for key in two:
        await api_keys("GM9001", key)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    async with serve() as served, database.superuser() as db, database.superuser() as other:
        retry = served.body(served.token(valid=timedelta(hours=1), now=yesterday))
        async with db.transaction():
            await db.execute("lock table meetpunt.invitation_call")
            calls = [
                asyncio.create_task(ask(served, key, f"call-{key}-{n}"))
                for n in range(4)
                for key in two
            ]
            async with asyncio.timeout(10):
                while await other.fetchval(_HANGING) < 2:
                    pass
            looked_up = await served.post(retry)
        told = {call.status_code for call in await asyncio.gather(*calls)}
    assert looked_up.status_code == 410, looked_up.text
    assert told == {201}


_HANGING = """select count(*) from pg_stat_activity where wait_event_type = 'Lock'
    and application_name = 'meetpunt lookups' and datname = current_database()"""


async def test_while_the_role_may_not_log_in_a_call_is_to_be_tried_again(
    serve: Serve, molensloot: str, database: Database
) -> None:
    """The writer still has its connection, and a lookup opens one of its own."""
    async with serve() as served, database.superuser() as db:
        await db.execute("alter role meetpunt_ingest nologin")
        try:
            refused = await ask(served, molensloot)
        finally:
            await db.execute("alter role meetpunt_ingest login")
        taken = await ask(served, molensloot)
    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/unavailable")
    assert taken.status_code == 201


async def test_while_no_server_takes_writes_a_call_is_to_be_tried_again(
    serve: Serve, molensloot: str, database: Database
) -> None:
    """As in the moment of a failover, when the old primary is gone and the new one is not yet."""
    url = f"{database.ingest}&target_session_attrs=read-write"
    setting = f'alter database "{database.name}" %s default_transaction_read_only'
    async with serve(url=url) as served, database.superuser() as db:
        await db.execute(f"{setting % 'set'} = on")
        try:
            refused = await ask(served, molensloot)
        finally:
            await db.execute(setting % "reset")
        taken = await ask(served, molensloot)
    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/unavailable")
    assert refused.headers["retry-after"]
    assert taken.status_code == 201, taken.text


async def test_a_link_opens_and_buys_one_response(standing: Stand, molensloot: str) -> None:
    async with standing() as served:
        dimensions = {"product": "paspoort", "form": "verhuizing-doorgeven"}
        reply = await ask(served, molensloot, invitations=[{"dimensions": dimensions}])
        assert reply.status_code == 201
        made = reply.json()
        assert made["touchpoint"] == "molensloot/online"
        expires = datetime.fromisoformat(made["expiresOp"])
        assert made["expiresOp"].endswith("Z")
        assert abs(expires - datetime.now(UTC) - timedelta(days=14)) < timedelta(minutes=1)
        path = path_of(made["invitations"][0]["link"])
        assert (await served.client.get(path)).status_code == 200
        assert (await served.client.post(path, data={"cijfer": "8"})).status_code == 303
        assert (await served.client.post(path, data={"cijfer": "8"})).status_code == 410
        (row,) = await served.responses()
        assert msgspec.json.decode(row["dimensions"]) == dimensions


async def test_the_same_call_gives_the_same_links(standing: Stand, molensloot: str) -> None:
    async with standing() as served:
        asked: dict[str, Any] = {
            "invitations": [{"dimensions": {"product": "paspoort"}}, {}, {"dimensions": {}}]
        }
        first = (await ask(served, molensloot, **asked)).json()
        links = [each["link"] for each in first["invitations"]]
        assert len(set(links)) == 3
        path = path_of(links[1])
        assert (await served.client.post(path, data={"cijfer": "8"})).status_code == 303
        again = await ask(served, molensloot, **asked)
        assert (again.status_code, again.json()) == (201, first)
        # And what was spent stays spent.
        assert (await served.client.post(path, data={"cijfer": "8"})).status_code == 410
        assert len(await served.responses()) == 1
        for other in (links[0], links[2]):
            data = {"cijfer": "8"}
            assert (await served.client.post(path_of(other), data=data)).status_code == 303


async def test_the_same_call_twice_at_once_gives_the_same_links(
    standing: Stand, molensloot: str
) -> None:
    async with standing() as served:
        replies = await asyncio.gather(*(ask(served, molensloot) for _ in range(8)))
        assert {reply.status_code for reply in replies} == {201}
        assert len({reply.content for reply in replies}) == 1


async def test_another_key_gives_other_links(standing: Stand, molensloot: str) -> None:
    async with standing() as served:
        replies = [await ask(served, molensloot, key) for key in ("a", "b", "A")]
        assert len({reply.json()["invitations"][0]["link"] for reply in replies}) == 3


@pytest.mark.parametrize(
    "changed",
    [
        {"touchpoint": "molensloot/balie-hal"},
        {"invitations": [{}, {}]},
        {"invitations": [{"dimensions": {"product": "paspoort"}}]},
    ],
)
async def test_the_same_key_with_another_body_is_a_conflict(
    standing: Stand, molensloot: str, changed: dict[str, Any]
) -> None:
    async with standing() as served:
        assert (await ask(served, molensloot)).status_code == 201
        reply = await ask(served, molensloot, **changed)
        assert reply.status_code == 409
        assert reply.json()["type"] == "/problems/idempotency-conflict"


async def test_two_municipalities_may_choose_the_same_key(
    standing: Stand, molensloot: str, api_keys: Callable[..., Any]
) -> None:
    await api_keys("GM9002", "mp_waterakker")
    async with standing() as served:
        ours = await ask(served, molensloot)
        theirs = await ask(served, "mp_waterakker", touchpoint="waterakker/online")
        assert (ours.status_code, theirs.status_code) == (201, 201)
        assert ours.json()["invitations"] != theirs.json()["invitations"]


async def test_a_thousand_at_once(standing: Stand, molensloot: str) -> None:
    async with standing() as served:
        many = [{"dimensions": {"product": "verhuizing"}}] * 1000
        reply = await ask(served, molensloot, invitations=many)
        assert reply.status_code == 201
        links = [each["link"] for each in reply.json()["invitations"]]
        assert len(set(links)) == 1000
        data = {"cijfer": "8"}
        for link in (links[0], links[999]):
            assert (await served.client.post(path_of(link), data=data)).status_code == 303
        too_many = await ask(served, molensloot, "call-2", invitations=[{}] * 1001)
        assert too_many.status_code == 400
        none = await ask(served, molensloot, "call-3", invitations=[])
        assert none.json()["invalidParams"][0]["code"] == "out-of-range"


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer mp_nobody",
        "Basic mp_molensloot",
        "mp_molensloot",
        "Bearer é",
    ],
)
async def test_without_a_key_that_is_known_nothing_is_made(
    standing: Stand, molensloot: str, authorization: str
) -> None:
    async with standing() as served:
        reply = await served.client.post(
            INVITATIONS,
            json={"touchpoint": "molensloot/online", "invitations": [{}]},
            headers={b"authorization": authorization.encode(), b"idempotency-key": b"1"},
        )
        await _assert_nothing_made(served, reply, 401, "api-key-unknown")


async def test_a_revoked_key_is_not_known(standing: Stand, api_keys: Callable[..., Any]) -> None:
    await api_keys("GM9001", "mp_old", revoked=True)
    async with standing() as served:
        await _assert_nothing_made(served, await ask(served, "mp_old"), 401, "api-key-unknown")


async def test_a_key_is_for_its_own_municipality_alone(standing: Stand, molensloot: str) -> None:
    told = set()
    async with standing() as served:
        for touchpoint in ("waterakker/online", "waterakker/nothing", "nowhere/online", ""):
            reply = await ask(served, molensloot, touchpoint=touchpoint)
            await _assert_nothing_made(served, reply, 404, "touchpoint-unknown")
            told.add(reply.content)
        # Whether another municipality has it is not told.
        assert len(told) == 1


async def test_an_unknown_touchpoint_is_named(standing: Stand, molensloot: str) -> None:
    async with standing() as served:
        reply = await ask(served, molensloot, touchpoint="molensloot/nothing")
        await _assert_nothing_made(served, reply, 404, "touchpoint-unknown")


@pytest.mark.parametrize(
    "changes",
    [
        {"headers": {"idempotency-key": ""}},
        {"content": "{"},
        {"content": "x" * 2_000_000},
        {"headers": {"content-type": "text/plain"}},
    ],
    ids=["no key of its own", "no JSON", "too large", "another type"],
)
async def test_a_wrong_api_key_is_told_first(
    standing: Stand, molensloot: str, changes: dict[str, Any]
) -> None:
    usual = {"idempotency-key": "1", "content-type": "application/json"}
    content = changes.get("content", "{}")
    async with standing() as served:
        for key, status in (("mp_wrong", {401}), (molensloot, {400, 413, 415})):
            headers = usual | changes.get("headers", {}) | {"authorization": f"Bearer {key}"}
            reply = await served.client.post(INVITATIONS, content=content, headers=headers)
            assert reply.status_code in status
        await _assert_nothing_made(served, reply, reply.status_code, "")


@pytest.mark.parametrize("key", ["", "x" * 201])
async def test_a_call_needs_a_key_of_its_own(standing: Stand, molensloot: str, key: str) -> None:
    async with standing() as served:
        reply = await ask(served, molensloot, key)
        await _assert_nothing_made(served, reply, 400, "idempotency-key-missing")


async def test_only_dimensions_that_the_touchpoint_lists_are_taken(
    standing: Stand, molensloot: str
) -> None:
    async with standing() as served:
        reply = await ask(
            served,
            molensloot,
            invitations=[
                {"dimensions": {"product": "paspoort"}},
                {"dimensions": {"product": "fiets", "naam": "Jansen"}},
                {"dimensions": {"form": "verhuizing-doorgeven'; --"}},
            ],
        )
        await _assert_nothing_made(served, reply, 400, "invitations-rejected")
        assert [(each["name"], each["code"]) for each in reply.json()["invalidParams"]] == [
            ("invitations[1].dimensions.product", "unknown-dimension"),
            ("invitations[1].dimensions.naam", "unknown-dimension"),
            ("invitations[2].dimensions.form", "unknown-dimension"),
        ]


async def test_a_retired_touchpoint_invites_nobody_else(
    serve: Serve, molensloot: str, catalogue: Catalogue
) -> None:
    async with serve(files=with_retired(catalogue, "molensloot/online")) as served:
        reply = await ask(served, molensloot)
        await _assert_nothing_made(served, reply, 400, "invitations-rejected")
        assert reply.json()["invalidParams"][0]["code"] == "touchpoint-retired"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"touchpoint": "molensloot/online"}',
        b'{"touchpoint": "molensloot/online", "invitations": [{"name": "Jansen"}]}',
        b'{"touchpoint": "molensloot/online", "invitations": [{"dimensions": {"product": 1}}]}',
        b'{"touchpoint": "molensloot/online", "invitations": [{}], "invitations": [{}]}',
        b'{"touchpoint": "molensloot/online", "invitations": [{"dimensions": {"a": "", "a": ""}}]}',
        b'{"touchpoint": "molensloot/online", "invitations": [{"dimensions": {"\\ud800": "a"}}]}',
        b'{"touchpoint": "molensloot/online", "invitations": ' + b"[" * 50_000,
        b'{"touchpoint": "\xff", "invitations": []}',
    ],
)
async def test_an_odd_body_makes_nothing(standing: Stand, molensloot: str, body: bytes) -> None:
    async with standing() as served:
        reply = await served.client.post(
            INVITATIONS,
            content=body,
            headers={
                "authorization": f"Bearer {molensloot}",
                "idempotency-key": "1",
                "content-type": "application/json",
            },
        )
        await _assert_nothing_made(served, reply, 400, "body-unreadable")


async def _assert_nothing_made(
    served: Served, reply: httpx.Response, status: int, problem: str
) -> None:
    assert reply.status_code == status, reply.text
    assert reply.json()["type"].startswith(f"/problems/{problem}")
    async with served.database.superuser() as db:
        assert await db.fetchval("select count(*) from meetpunt.invitation") == 0
        assert await db.fetchval("select count(*) from meetpunt.invitation_call") == 0


# CORS on POST /responses


@pytest.mark.parametrize("origin", [ORIGIN, "https://www.waterakker.example"])
async def test_a_listed_site_may_post(standing: Stand, origin: str) -> None:
    async with standing() as served:
        preflight = await served.client.options(
            "/api/v1/responses",
            headers={
                "origin": origin,
                "access-control-request-method": "POST",
                "access-control-request-headers": "content-type",
            },
        )
        assert preflight.status_code == 204
        assert "content-length" not in preflight.headers
        assert preflight.headers["access-control-allow-origin"] == origin
        assert preflight.headers["access-control-allow-methods"] == "POST"
        assert preflight.headers["access-control-allow-headers"] == "content-type"
        assert preflight.headers["access-control-max-age"] == "600"
        assert preflight.headers["vary"] == "Origin"
        bodies: tuple[dict[str, Any], ...] = (served.body(served.token()), {})
        for body in bodies:
            reply = await served.post(body, origin=origin)
            assert reply.status_code in (201, 400)
            assert reply.headers["access-control-allow-origin"] == origin
            assert reply.headers["vary"] == "Origin"
            assert "access-control-allow-credentials" not in reply.headers


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "*",
        "https://elsewhere.example",
        ORIGIN + ".evil.example",
        ORIGIN + ":8443",
        "http://",
    ],
)
async def test_another_site_may_not_read_the_reply(standing: Stand, origin: str) -> None:
    async with standing() as served:
        preflight = await served.client.options("/api/v1/responses", headers={"origin": origin})
        reply = await served.post(served.body(served.token()), origin=origin)
        for each in (preflight, reply):
            assert "access-control-allow-origin" not in each.headers
            assert each.headers["vary"] == "Origin"


async def test_links_are_for_systems_and_not_for_scripts_on_sites(standing: Stand) -> None:
    async with standing() as served:
        reply = await served.client.options(INVITATIONS, headers={"origin": ORIGIN})
        assert reply.status_code == 204
        assert not [name for name in reply.headers if name.startswith("access-control")]
