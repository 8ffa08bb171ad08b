"""What the widget on a municipal site can do: ask for a survey, send a response."""

import gzip
from datetime import UTC, datetime
from typing import Any

import brotli
import httpx
import msgspec
import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.widget.messages import OfferedQuestionnaire
from tests.conftest import Serve, Served, Stand
from tests.example import VERSION
from tests.raw_asgi import call
from tests.surveys import with_retired

pytestmark = pytest.mark.anyio

ORIGIN = "https://www.molensloot.example"
ONLINE = "/api/v1/touchpoints/molensloot/online"


# GET /touchpoints


async def test_a_listed_site_gets_the_questionnaire_and_a_token(standing: Stand) -> None:
    async with standing() as served:
        reply = await served.client.get(ONLINE, headers={"origin": ORIGIN})
        assert reply.status_code == 200
        assert reply.headers["access-control-allow-origin"] == ORIGIN
        assert reply.headers["vary"] == "Origin"
        assert "access-control-allow-credentials" not in reply.headers
        offered = reply.json()
        assert offered["touchpoint"] == "molensloot/online"
        assert (offered["questionnaire"], offered["version"]) == ("online", VERSION)
        assert (offered["language"], offered["dir"]) == ("nl", "ltr")
        assert offered["tokenLifetimeSeconds"] == 12 * 3600
        assert served.tokens.read(offered["token"]).purpose == "embed"
        mark = offered["items"][0]
        assert (mark["code"], mark["kind"], mark["required"]) == ("cijfer", "mark", True)
        assert mark["text"]
        assert "options" not in mark  # what is empty is left out
        assert offered["texts"]["sendFirst"] == "Verstuur"
        assert offered["style"]["accent"].startswith("#")
        assert offered["link"] == "https://kto.molensloot.example/o/molensloot/online"
        assert offered["languages"][0] == {"code": "nl", "name": "Nederlands", "dir": "ltr"}


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "",
        "null",
        "*",
        "https://elsewhere.example",
        "https://www.waterakker.example",
        "http://www.molensloot.example",
        "https://molensloot.example",
        "https://www.molensloot.example.evil.example",
        "https://evil-www.molensloot.example",
        "https://evil.example/www.molensloot.example",
        "https://www.molensloot.example@evil.example",
        "https://www.molensloot.example:443",
        "https://www.molensloot.example:8443",
        "https://www.molensloot.example/",
        "https://www.molensloot.example.",
        "https://WWW.molensloot.example",
        "https://www.molensloot.example, https://elsewhere.example",
        " https://www.molensloot.example x",
    ],
)
async def test_another_site_gets_no_token(standing: Stand, origin: str | None) -> None:
    async with standing() as served:
        headers = {} if origin is None else {"origin": origin}
        reply = await served.client.get(ONLINE, headers=headers)
        assert reply.status_code == 403
        assert reply.json()["type"] == "/problems/origin-not-allowed"
        assert "token" not in reply.json()
        names_none = origin in (None, "", "null")
        assert ("names no origin" in reply.json()["detail"]) == names_none
        assert ("List the origin" in reply.json()["detail"]) != names_none
        assert "Origin" in reply.headers["vary"]
        # Of a site that another touchpoint lists, the refusal at least can be read.
        listed = origin == "https://www.waterakker.example"
        assert reply.headers.get("access-control-allow-origin") == (origin if listed else None)


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ("en", "", "en"),
        ("en-GB", "", "en"),
        ("NL", "en", "nl"),
        ("fy", "en", "en"),
        (None, "en;q=0.5, nl;q=0.1", "en"),
        (None, "fy, fr", "nl"),
        (None, "", "nl"),
    ],
)
async def test_it_is_asked_in_the_language_of_the_page(
    standing: Stand, asked: str | None, accepted: str, language: str
) -> None:
    async with standing() as served:
        reply = await served.client.get(
            ONLINE,
            params={} if asked is None else {"language": asked},
            headers={"origin": ORIGIN, "accept-language": accepted},
        )
        assert reply.json()["language"] == language
        asked_items = served.service.catalogue.questionnaires["online", VERSION].items
        texts = [item["text"] for item in reply.json()["items"]]
        assert texts == [item.text[language] for item in asked_items]


async def test_its_token_buys_one_response_and_opens_no_page(standing: Stand) -> None:
    async with standing() as served:
        offered = (await served.client.get(ONLINE, headers={"origin": ORIGIN})).json()
        assert (await served.client.get(f"/v/{offered['token']}")).status_code == 404
        form = {"cijfer": "8"}
        assert (await served.client.post(f"/v/{offered['token']}", data=form)).status_code == 404
        body = served.body(offered["token"], "molensloot/online")
        reply = await served.post(body, origin=ORIGIN)
        assert reply.status_code == 201
        assert reply.headers["access-control-allow-origin"] == ORIGIN
        assert reply.json() == {
            "responseId": body["responseId"],
            "received": True,
            "complete": True,
        }
        assert len(await served.responses()) == 1


async def test_asking_stores_nothing(serve: Serve) -> None:
    async with serve() as served:
        for _ in range(20):
            await served.client.get(ONLINE, headers={"origin": ORIGIN})
        async with served.database.superuser() as db:
            for table in ("response", "invitation", "spent_token"):
                assert await db.fetchval(f"select count(*) from meetpunt.{table}") == 0


async def test_a_retired_touchpoint_is_not_offered_but_takes_what_is_under_way(
    serve: Serve, catalogue: Catalogue
) -> None:
    async with serve(files=with_retired(catalogue, "molensloot/online")) as served:
        reply = await served.client.get(ONLINE, headers={"origin": ORIGIN})
        assert reply.status_code == 404
        assert reply.json()["type"] == "/problems/touchpoint-unknown"
        token = served.token("molensloot/online", "embed")
        body = served.body(token, "molensloot/online")
        assert (await served.post(body)).status_code == 201


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=1.0, gzip;q=0.5", "br"),
        ("br;q=0, gzip", "gzip"),
        ("gzip", "gzip"),
        ("deflate", ""),
        ("", ""),
        ("x" * 300 + ", br", ""),
    ],
)
async def test_the_reply_is_compressed_as_the_browser_takes_it(
    standing: Stand, accepted: str, encoding: str
) -> None:
    async with standing() as served:
        reply = await call(
            served.app,
            "GET",
            ONLINE,
            headers=((b"origin", ORIGIN.encode()), (b"accept-encoding", accepted.encode())),
        )
    assert reply.header("content-encoding") == encoding
    assert int(reply.header("content-length")) == len(reply.body)
    undo = {"br": brotli.decompress, "gzip": gzip.decompress}.get(encoding, bytes)
    offered = msgspec.json.decode(undo(reply.body), type=OfferedQuestionnaire)
    assert offered.touchpoint == "molensloot/online"
    assert served.tokens.read(offered.token).touchpoint == 3


@pytest.mark.parametrize("accepted", [b"br", b"gzip", b""])
async def test_no_length_tells_anything_of_a_token(standing: Stand, accepted: bytes) -> None:
    async with standing() as served:
        replies = [
            await call(
                served.app,
                "GET",
                ONLINE + query,
                headers=((b"origin", ORIGIN.encode()), (b"accept-encoding", accepted)),
            )
            for query in ("", "", "?language=nl", "?language=nl-" + "a" * 8, "?x=" + "token" * 9)
        ]
    assert len({reply.body for reply in replies}) == len(replies)  # every token is a fresh one
    assert len({len(reply.body) for reply in replies}) == 1


async def test_a_head_is_a_get_without_a_body(standing: Stand) -> None:
    async with standing() as served:
        headers = ((b"origin", ORIGIN.encode()),)
        got = await call(served.app, "GET", ONLINE, headers=headers)
        asked = await call(served.app, "HEAD", ONLINE, headers=headers)
    assert (asked.status, asked.body) == (200, b"")
    assert asked.headers == got.headers


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/touchpoints/",
        "/api/v1/touchpoints/molensloot",
        "/api/v1/touchpoints/molensloot/",
        "/api/v1/touchpoints//online",
        "/api/v1/touchpoints/molensloot/online/x",
        "/api/v1/touchpoints/molensloot%2Fonline/x",
    ],
)
async def test_half_an_address_leads_nowhere(standing: Stand, path: str) -> None:
    async with standing() as served:
        reply = await call(served.app, "GET", path, headers=((b"origin", ORIGIN.encode()),))
    assert reply.status == 404
    assert reply.json()["type"] == "/problems/not-found"


@pytest.mark.parametrize("origin", [b"https://www.molensloot.example\r", b"\xff\xfe", b"a" * 9000])
async def test_an_origin_that_is_none_gets_nothing_back(standing: Stand, origin: bytes) -> None:
    async with standing() as served:
        reply = await call(served.app, "GET", ONLINE, headers=((b"origin", origin),))
    assert reply.status == 403
    assert reply.header("access-control-allow-origin") == ""


# POST /responses, as a widget sends it


async def sent(served: Served, purpose: str = "embed", **changes: Any) -> httpx.Response:
    token = served.token("molensloot/online", purpose)
    return await served.post(served.body(token, "molensloot/online", **changes), origin=ORIGIN)


async def stored(served: Served) -> dict[str, Any]:
    (row,) = await served.responses()
    return row | {"dimensions": msgspec.json.decode(row["dimensions"])}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"product": "paspoort", "form": "verhuizing-doorgeven"}, True),
        ({"product": "fiets"}, False),
        ({"form": "x" * 5000}, False),
        ({"cijfer": "8", "municipality": "GM9002", "is_test": "true"}, False),
        ({"__proto__": "paspoort", "": "paspoort"}, False),
        ({}, False),
    ],
)
async def test_of_the_page_only_listed_details_are_kept(
    standing: Stand, given: dict[str, str], kept: bool
) -> None:
    async with standing() as served:
        assert (await sent(served, dimensions=given)).status_code == 201
        assert (await stored(served))["dimensions"] == (given if kept else {})


async def test_an_invitation_keeps_the_details_it_was_made_with(standing: Stand) -> None:
    async with standing() as served:
        token = await served.invitation("molensloot/online")
        body = served.body(token, "molensloot/online", dimensions={"product": "paspoort"})
        assert (await served.post(body)).status_code == 201
        assert (await stored(served))["dimensions"] == {}


@pytest.mark.parametrize("dimensions", [None, [], "product", {"product": 1}, {"product": ["a"]}])
async def test_details_of_another_shape_are_refused(standing: Stand, dimensions: Any) -> None:
    async with standing() as served:
        reply = await sent(served, dimensions=dimensions)
        assert reply.status_code == 400
        assert reply.json()["invalidParams"][0]["name"].startswith("dimensions")
        assert await served.responses() == []


async def test_a_filled_trap_is_stored_and_marked(standing: Stand) -> None:
    async with standing() as served:
        assert (await sent(served, website="https://elsewhere.example")).status_code == 201
        assert (await stored(served))["suspect"] == ["honeypot"]


async def test_an_empty_trap_is_no_reason_for_suspicion(standing: Stand) -> None:
    async with standing() as served:
        assert (await sent(served, website="")).status_code == 201
        assert (await stored(served))["suspect"] == []


async def test_what_came_too_quick_for_a_person_is_stored_and_marked(standing: Stand) -> None:
    async with standing() as served:
        token = served.token("molensloot/online", "embed", now=datetime.now(UTC))
        body = served.body(token, "molensloot/online", website="x")
        assert (await served.post(body, origin=ORIGIN)).status_code == 201
        assert (await stored(served))["suspect"] == ["honeypot", "too-quick"]
