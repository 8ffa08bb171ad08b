"""The demo over HTTP: its start page, links made on request, and an example site elsewhere."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.conftest import Serve, Served
from tests.ingest.demo.conftest import BASE_URL, SITE_URL
from tests.publishing import published
from tests.strict_html import read_page

pytestmark = pytest.mark.anyio

Play = Callable[..., Any]
FORM = {"cijfer": "8", "geholpen": "ja", "_version": "1", "_language": "nl"}


async def invitations(served: Served) -> int:
    async with served.database.superuser() as db:
        count: int = await db.fetchval("select count(*) from meetpunt.invitation")
    return count


def minted_in(reply: httpx.Response, name: str) -> str:
    """The token that a redirect to the start page shows."""
    return parse_qs(urlsplit(reply.headers["location"]).query)[name][0]


async def test_the_start_page_makes_nothing(play: Play) -> None:
    async with play() as served:
        for _ in range(2):
            reply = await served.client.get("/")
            assert reply.status_code == 200
        assert await invitations(served) == 0
        assert "/v/" not in reply.text


async def test_the_start_page_has_the_headers_of_a_page_with_pictures(play: Play) -> None:
    async with play() as served:
        start = await served.client.get("/")
        survey = await served.client.get(f"/v/{served.token()}")
    policy = start.headers["content-security-policy"]
    without_pictures = policy.replace("img-src 'self'", "img-src 'none'")
    assert without_pictures == survey.headers["content-security-policy"]
    assert "'unsafe" not in policy
    assert "connect-src 'self'" in policy
    assert start.headers["referrer-policy"] == "no-referrer"
    assert start.headers["content-type"] == "text/html; charset=utf-8"
    assert "set-cookie" not in start.headers


@pytest.mark.parametrize(("path", "name"), [("/bericht", "telefonie"), ("/melding", "melding")])
async def test_a_button_makes_one_link_that_buys_one_response(
    play: Play, path: str, name: str
) -> None:
    async with play() as served:
        made = await served.client.post(path, data={"lang": "nl"})
        assert made.status_code == 303
        assert made.headers["location"].endswith(f"#{name}")
        assert await invitations(served) == 1
        token = minted_in(made, name)
        page = read_page((await served.client.get(made.headers["location"])).content)
        assert page.find("a", href=f"{BASE_URL}/v/{token}")
        assert await invitations(served) == 1
        sent = await served.client.post(f"/v/{token}", data=FORM)
        assert sent.headers["location"].startswith("/v/bedankt")
        (stored,) = await served.responses()
        assert not stored["is_test"]
        assert (stored["mode"], stored["hour"]) == ("bericht", None)
        again = await served.client.post(f"/v/{token}", data=FORM)
        assert again.status_code == 410


async def test_a_second_link_leaves_the_first_one_shown(play: Play) -> None:
    async with play() as served:
        first = await served.client.post("/bericht", data={"lang": "en"})
        token = minted_in(first, "telefonie")
        second = await served.client.post("/melding", data={"lang": "en", "telefonie": token})
        assert minted_in(second, "telefonie") == token
        assert minted_in(second, "lang") == "en"


async def test_the_message_says_how_long_it_is(play: Play) -> None:
    async with play() as served:
        made = await served.client.post("/bericht", data={"lang": "nl"})
        page = read_page((await served.client.get(made.headers["location"])).content)
    (bubble,) = page.find("p", class_="bubble")
    shown = bubble.text.removesuffix(" (nieuw tabblad)")
    (length,) = page.find("p", class_="length")
    assert length.text.startswith(f"{len(shown)} van 160 tekens")


async def test_a_link_that_is_not_ours_or_not_for_this_is_not_shown(play: Play) -> None:
    async with play() as served:
        of_the_report = served.token("molensloot/melding", "invitation")
        open_to_all = served.token("molensloot/telefonie")
        for token in ("nonsense", "<b>", "A" * 44, of_the_report, open_to_all):
            reply = await served.client.get("/", params={"telefonie": token})
            assert reply.status_code == 200
            assert 'class="bubble"' not in reply.text


async def test_what_came_in_is_told_once_until_something_changes(play: Play) -> None:
    async with play() as served:
        first = await served.client.get("/binnengekomen.json")
        tag = {"if-none-match": first.headers["etag"]}
        assert (await served.client.get("/binnengekomen.json", headers=tag)).status_code == 304
        await served.post(served.body(served.token()))
        await published(served.database, served.service.catalogue)
        changed = await served.client.get("/binnengekomen.json", headers=tag)
        assert changed.status_code == 200
        (response,) = changed.json()["responses"]
        assert response["new"]
        assert response["kanaal"] == "balie"
        page = await served.client.get("/")
        assert response["id"] in page.text
        assert re.search(r"1 nieuwe reactie sinds de start", page.text)


async def test_each_origin_has_its_own_site(play: Play) -> None:
    async with play() as served:
        elsewhere = httpx.AsyncClient(transport=served.client._transport, base_url=SITE_URL)
        start = await elsewhere.get("/")
        assert start.headers["location"] == f"{BASE_URL}/"
        assert (await elsewhere.get("/voorbeeld/verhuizing/1")).status_code == 200
        form = await served.client.get("/voorbeeld/verhuizing/1?lang=en")
        assert form.headers["location"] == f"{SITE_URL}/voorbeeld/verhuizing/1?lang=en"
        entry = await elsewhere.get("/voorbeeld")
        assert entry.headers["location"] == f"{SITE_URL}/voorbeeld/verhuizing/1"


async def test_the_last_page_of_the_form_leads_to_the_survey(play: Play) -> None:
    async with play() as served:
        elsewhere = httpx.AsyncClient(transport=served.client._transport, base_url=SITE_URL)
        page = read_page((await elsewhere.get("/voorbeeld/verhuizing/3?lang=nl")).content)
        (link,) = [a for a in page.find("a") if a.text == "Geef uw mening"]
        survey = await served.client.get(link.attributes["href"])
        location = survey.headers["location"]
        sent = await served.client.post(location, data=FORM)
        assert sent.headers["location"].startswith("/v/bedankt")
        (stored,) = await served.responses()
    assert '"product": "verhuizing"' in stored["dimensions"]
    assert '"form": "verhuizing-doorgeven"' in stored["dimensions"]


@pytest.mark.parametrize("path", ["/voorbeeld/verhuizing/0", "/voorbeeld/verhuizing/4", "/demo/x"])
async def test_what_is_not_there_is_not_found(play: Play, path: str) -> None:
    async with play() as served:
        assert (await served.client.get(path)).status_code == 404


async def test_files_of_the_page_are_kept_for_ever(play: Play) -> None:
    async with play() as served:
        page = read_page((await served.client.get("/")).content)
        paths = [link.attributes["href"] for link in page.find("link")]
        paths += [script.attributes["src"] for script in page.find("script")]
        for path in paths:
            reply = await served.client.get(path)
            assert reply.status_code == 200
            assert "immutable" in reply.headers["cache-control"]


@pytest.mark.parametrize("path", ["/", "/binnengekomen.json", "/voorbeeld", "/bericht"])
async def test_a_real_service_has_none_of_this(serve: Serve, path: str) -> None:
    async with serve() as served:
        assert (await served.client.get(path)).status_code == 404
        assert (await served.client.post("/bericht")).status_code == 404
