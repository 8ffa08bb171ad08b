"""The survey in an iframe: who may frame it, and what happens within the frame."""

import gzip
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import brotli
import httpx
import msgspec
import pytest

from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Serve, Served, Stand
from tests.ingest.web.test_hostile_forms import NOT_HEEDED, NOT_UNDERSTOOD, REJECTED
from tests.raw_asgi import call
from tests.strict_html import Element, read_page
from tests.surveys import with_retired

pytestmark = pytest.mark.anyio

ONLINE = "/embed/molensloot/online"
FOR_ALL = "/embed/molensloot/melding"  # everybody is asked the same
FORM = {"content-type": "application/x-www-form-urlencoded"}
ANCESTORS = (
    "frame-ancestors 'self' http://127.0.0.1:8000 http://localhost:8000"
    " https://www.molensloot.example"
)


def assert_framed_by_its_sites_alone(reply: httpx.Response) -> None:
    policy = reply.headers["content-security-policy"].split("; ")
    assert ANCESTORS in policy
    assert "form-action 'self'" in policy
    assert "x-frame-options" not in reply.headers
    assert "set-cookie" not in reply.headers
    assert reply.headers["cache-control"] == "private, no-store"
    assert reply.headers["referrer-policy"] == "no-referrer"


def fields_of(page: Element) -> dict[str, str]:
    """What the form sends besides answers."""
    return {
        field.attributes["name"]: field.attributes.get("value", "")
        for field in page.find("input")
        if field.attributes.get("type") == "hidden"
    }


async def opened(served: Served, path: str = ONLINE, **headers: str) -> Element:
    reply = await served.client.get(path, headers=headers)
    while b'name="eerder"' in reply.content:  # by chance one in ten is asked something else
        reply = await served.client.get(path, headers=headers)
    assert reply.status_code == 200, reply.text
    assert_framed_by_its_sites_alone(reply)
    return read_page(reply.content)


async def sent(served: Served, path: str = ONLINE, **fields: Any) -> httpx.Response:
    """Open the survey, and send it with these answers."""
    hidden = fields_of(await opened(served, path))
    return await served.client.post(path, data=hidden | fields)


async def test_a_response_goes_in_and_thanks_come_within_the_frame(standing: Stand) -> None:
    async with standing() as served:
        reply = await sent(served, cijfer="8", toelichting="Prima")
        assert reply.status_code == 303
        assert_framed_by_its_sites_alone(reply)
        location = reply.headers["location"]
        assert location == "/embed/bedankt?meetpunt=molensloot/online&lang=nl"
        thanks = await served.client.get(location)
        assert thanks.status_code == 200
        assert_framed_by_its_sites_alone(thanks)
        assert "Bedankt voor uw reactie" in thanks.text
        (row,) = await served.responses()
        assert await served.answers(row["id"]) == {"cijfer": "8", "toelichting": "Prima"}


async def test_the_form_holds_a_token_that_the_address_does_not(standing: Stand) -> None:
    async with standing() as served:
        page = await opened(served)
        token = served.tokens.read(fields_of(page)["_token"])
        assert (token.purpose, token.touchpoint) == ("embed", 3)
        (form,) = page.find("form")
        assert "action" not in form.attributes
        assert form.attributes["id"] == "vragen"
        (field,) = (f for f in page.find("input") if f.attributes["name"] == "_token")
        assert field.attributes["form"] == "vragen"


async def test_every_opening_has_its_own_token(standing: Stand) -> None:
    async with standing() as served:
        tokens = {fields_of(await opened(served))["_token"] for _ in range(5)}
        assert len(tokens) == 5
        assert await served.responses() == []


@pytest.mark.parametrize(
    ("accepted", "unpack"), [(b"gzip, br", brotli.decompress), (b"gzip", gzip.decompress)]
)
async def test_it_is_compressed_but_for_its_token(
    standing: Stand, accepted: bytes, unpack: Any
) -> None:
    async with standing() as served:
        replies = [
            await call(served.app, "GET", FOR_ALL, headers=((b"accept-encoding", accepted),))
            for _ in range(3)
        ]
        plain = await call(served.app, "GET", FOR_ALL)
    assert len({len(reply.body) for reply in replies}) == 1
    hide = re.compile(rb'name="_token" value="[^"]{48}"')
    assert {hide.sub(b"", unpack(reply.body)) for reply in replies} == {hide.sub(b"", plain.body)}
    assert hide.search(plain.body)


async def test_errors_come_back_within_the_frame_with_all_that_was_typed(standing: Stand) -> None:
    async with standing() as served:
        reply = await sent(served, cijfer="11", toelichting="Twee <b>")
        assert reply.status_code == 400
        assert_framed_by_its_sites_alone(reply)
        page = read_page(reply.content)
        assert [area.text.strip() for area in page.find("textarea")] == ["Twee <b>"]
        hidden = fields_of(page)
        assert served.tokens.read(hidden["_token"]).purpose == "embed"
        again = await served.client.post(ONLINE, data=hidden | {"cijfer": "7"})
        assert again.status_code == 303
        assert len(await served.responses()) == 1


async def test_a_token_buys_one_response(standing: Stand) -> None:
    async with standing() as served:
        hidden = fields_of(await opened(served))
        first = await served.client.post(ONLINE, data=hidden | {"cijfer": "8"})
        second = await served.client.post(ONLINE, data=hidden | {"cijfer": "2"})
        assert (first.status_code, second.status_code) == (303, 410)
        assert_framed_by_its_sites_alone(second)
        assert "U hebt al gereageerd" in second.text
        assert len(await served.responses()) == 1


async def test_a_page_that_was_open_too_long_goes_on_under_a_fresh_token(standing: Stand) -> None:
    async with standing() as served:
        then = datetime.now(UTC) - timedelta(days=2)
        old = served.token("molensloot/online", "embed", now=then)
        reply = await served.client.post(ONLINE, data={"_token": old, "cijfer": "8"})
        assert reply.status_code == 410
        assert_framed_by_its_sites_alone(reply)
        hidden = fields_of(read_page(reply.content))
        assert hidden["_token"] != old
        again = await served.client.post(ONLINE, data=hidden | {"cijfer": "8"})
        assert again.status_code == 303


@pytest.mark.parametrize("purpose", ["open", "qr", "invitation", "preview", "pairing"])
async def test_a_token_for_something_else_is_not_taken(standing: Stand, purpose: str) -> None:
    async with standing() as served:
        token = served.token("molensloot/online", purpose)
        reply = await served.client.post(ONLINE, data={"_token": token, "cijfer": "8"})
        assert reply.status_code == 404
        assert await served.responses() == []


async def test_a_token_of_another_touchpoint_is_not_taken(standing: Stand) -> None:
    async with standing() as served:
        token = served.token("molensloot/balie-hal", "embed")
        for fields in ({"_token": token}, {"_token": "x"}, {}):
            reply = await served.client.post(ONLINE, data={**fields, "cijfer": "8"})
            assert reply.status_code == 404
        assert await served.responses() == []


async def test_another_language_keeps_the_answers_and_the_token(standing: Stand) -> None:
    async with standing() as served:
        token = served.token("molensloot/online", "embed")
        fields = {"_token": token, "_language": "nl", "cijfer": "8", "_to": "en"}
        reply = await served.client.post(ONLINE, data=fields)
        assert reply.status_code == 200
        page = read_page(reply.content)
        assert page.find("html")[0].attributes["lang"] == "en"
        assert page.find("input", name="_token")[0].attributes["value"] == token
        chosen = [f.attributes["value"] for f in page.find("input") if "checked" in f.attributes]
        assert chosen == ["8"]
        forged = await served.client.post(ONLINE, data=fields | {"_token": "x"})
        assert forged.status_code == 404
        assert await served.responses() == []


async def test_the_page_says_what_it_knows_and_the_rest_is_dropped(standing: Stand) -> None:
    path = f"{ONLINE}?product=paspoort&cijfer=8&form=x&utm=1&lang=en"
    async with standing() as served:
        page = await opened(served, path)
        chosen = [f.attributes["value"] for f in page.find("input") if "checked" in f.attributes]
        assert chosen == ["8"]
        (dutch, *_) = [each.attributes["formaction"] for each in page.find("button", name="_to")]
        assert dutch == "?product=paspoort&cijfer=8&lang=nl"
        assert (await sent(served, path, cijfer="9")).status_code == 303
        (row,) = await served.responses()
        assert msgspec.json.decode(row["dimensions"]) == {"product": "paspoort"}
        assert row["language"] == "en"


async def test_the_sites_that_may_hear_its_height_are_those_that_may_frame_it(
    standing: Stand,
) -> None:
    async with standing() as served:
        for path in (ONLINE, "/embed/bedankt?meetpunt=molensloot/online"):
            page = await opened(served, path)
            (script,) = [s for s in page.find("script") if "data-origins" in s.attributes]
            origins = script.attributes["data-origins"].split()
            assert origins == ANCESTORS.removeprefix("frame-ancestors 'self' ").split()
            assert script.text


@pytest.mark.parametrize(
    "path",
    [
        "/embed/molensloot/nothing",
        "/embed/nowhere/online",
        "/embed/",
        "/embed/molensloot",
        "/embed/molensloot/online/",
        "/embed/molensloot//online",
        "/embed/bedankt",
        "/embed/bedankt?meetpunt=molensloot",
        "/embed/bedankt?meetpunt=https://elsewhere.example/",
    ],
)
async def test_what_is_not_there_is_the_same_page_as_everywhere(standing: Stand, path: str) -> None:
    async with standing() as served:
        reply = await served.client.get(path)
        other = await served.client.get("/v/nothing")
        assert (reply.status_code, reply.content) == (404, other.content)
        assert reply.headers["x-frame-options"] == "DENY"


async def test_a_retired_touchpoint_says_so_and_takes_what_is_under_way(
    serve: Serve, catalogue: Catalogue
) -> None:
    async with serve(files=with_retired(catalogue, "molensloot/online")) as served:
        reply = await served.client.get(ONLINE)
        assert reply.status_code == 410
        assert_framed_by_its_sites_alone(reply)
        assert "/o/" not in reply.text
        token = served.token("molensloot/online", "embed")
        sent_late = await served.client.post(ONLINE, data={"_token": token, "cijfer": "8"})
        assert sent_late.status_code == 303


async def test_too_many_are_told_so_within_the_frame(serve: Serve) -> None:
    async with serve(address_limit_per_minute=1) as served:
        await opened(served)
        reply = await served.client.get(ONLINE)
        assert reply.status_code == 429
        assert int(reply.headers["retry-after"]) >= 1
        assert_framed_by_its_sites_alone(reply)


async def test_a_filled_trap_is_stored_and_marked(standing: Stand) -> None:
    async with standing() as served:
        assert (await sent(served, cijfer="8", _website="x")).status_code == 303
        (row,) = await served.responses()
        assert row["suspect"] == ["honeypot", "too-quick"]


async def test_other_methods_and_bodies_are_refused_by_name(standing: Stand) -> None:
    async with standing() as served:
        assert (await served.client.put(ONLINE)).status_code == 405
        assert (await served.client.options(ONLINE)).headers["allow"] == "GET, HEAD, OPTIONS, POST"
        thanks = "/embed/bedankt?meetpunt=molensloot/online"
        assert (await served.client.post(thanks)).headers["allow"] == "GET, HEAD, OPTIONS"
        json = await served.client.post(ONLINE, json={"cijfer": 8})
        assert json.status_code == 415
        large = await served.client.post(ONLINE, content=b"a" * 64_001, headers=FORM)
        assert large.status_code == 413
        head = await served.client.head(ONLINE)
        assert (head.status_code, head.content) == (200, b"")
        assert await served.responses() == []


@pytest.mark.parametrize("name", [*REJECTED, *NOT_UNDERSTOOD])
async def test_whatever_is_sent_the_answer_stays_within_the_frame(
    standing: Stand, name: str
) -> None:
    body = {**REJECTED, **NOT_UNDERSTOOD}[name]
    async with standing() as served:
        token = served.token("molensloot/online", "embed")
        prefix = b"" if body.startswith(b"{") or b"\0" in body else b"_token=%s&" % token.encode()
        reply = await served.client.post(ONLINE, content=prefix + body, headers=FORM)
        assert reply.status_code in (400, 404)
        if prefix:
            assert_framed_by_its_sites_alone(reply)
        assert "<script>alert(1)" not in reply.text
        assert await served.responses() == []


@pytest.mark.parametrize("name", NOT_HEEDED)
async def test_a_field_that_is_no_answer_costs_nobody_theirs(standing: Stand, name: str) -> None:
    async with standing() as served:
        token = served.token("molensloot/online", "embed").encode()
        body = b"_token=%s&%s" % (token, NOT_HEEDED[name])
        reply = await served.client.post(ONLINE, content=body, headers=FORM)
        assert reply.status_code == 303
        assert reply.headers["location"].endswith("&lang=nl")


@pytest.mark.parametrize(
    "token", [b"", b"%00", b"%C3%A9" * 48, b"A" * 48, b"A" * 9000, b"a&_token=b", b"<script>"]
)
async def test_a_token_that_is_none_is_not_shown_again(standing: Stand, token: bytes) -> None:
    async with standing() as served:
        body = b"_token=%s&cijfer=8" % token
        reply = await served.client.post(ONLINE, content=body, headers=FORM)
        assert (reply.status_code, reply.content) == (404, (await served.client.get("/x")).content)
        assert await served.responses() == []


async def test_without_a_database_all_that_was_typed_can_be_sent_again(serve: Serve) -> None:
    away = "postgresql://nobody@127.0.0.1:1/nothing"
    async with serve(url=away) as served:
        hidden = fields_of(await opened(served))
        reply = await served.client.post(ONLINE, data=hidden | {"cijfer": "8"})
        assert reply.status_code == 503
        assert int(reply.headers["retry-after"]) >= 1
        assert_framed_by_its_sites_alone(reply)
        again = read_page(reply.content)
        assert [
            f.attributes["value"] for f in again.find("input") if "checked" in f.attributes
        ] == ["8"]
        assert fields_of(again)["_response"]
        assert fields_of(again)["_token"] != hidden["_token"]
