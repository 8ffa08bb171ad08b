"""One in ten is asked something else: each token has one path, on pages, in frames, in the API."""

from collections.abc import Iterable
from typing import Any

import httpx
import pytest

from ingest.questionnaires.sampling import is_sampled
from tests.conftest import Serve, Served, Stand
from tests.filled_in import Form, form_on
from tests.strict_html import read_page

pytestmark = pytest.mark.anyio

ONLINE = "molensloot/online"
OFFERED, FRAME = f"/api/v1/touchpoints/{ONLINE}", f"/embed/{ONLINE}"
SITE = {"origin": "https://www.molensloot.example"}
AWAY = "postgresql://nobody@127.0.0.1:1/nothing"
FORM = {"content-type": "application/x-www-form-urlencoded"}

FIRST = ["cijfer", "geholpen", "gemak", "duidelijk"]
ASKED = [*FIRST, "eerder", "eerder_reden", "toelichting"]
OTHERS = [*FIRST, "snelheid", "toelichting"]
PATHS = {True: ASKED, False: OTHERS}
TRIES = 200  # in which chance falls on both sides, but for once in a thousand million times

# All that can be answered, as an old or odd client sends it.
EVERYTHING = {"cijfer": "7", "snelheid": "4", "eerder": "balie", "eerder_reden": "werkte_niet"}
STORED = {
    True: {"cijfer": "7", "eerder": "balie", "eerder_reden": "werkte_niet"},
    False: {"cijfer": "7", "snelheid": "4"},
}

either_side = pytest.mark.parametrize("sampled", [True, False])


def asked_on(page: bytes) -> list[str]:
    """The codes of the questions on a page, in order."""
    fields = read_page(page).find("form")[0].everything()
    names = [each.attributes.get("name") or "_" for each in fields]
    return list(dict.fromkeys(name for name in names if not name.startswith("_")))


def token_within(page: bytes) -> str:
    """The token in a page for a frame: it stands after the form."""
    fields = read_page(page).find("input")
    return next(f.attributes["value"] for f in fields if f.attributes.get("name") == "_token")


def asked_in(items: Iterable[dict[str, Any]]) -> list[str]:
    return [item["code"] for item in items]


def side_of(served: Served, token: str) -> bool:
    asked = served.service.catalogue.questionnaire(
        served.service.catalogue.touchpoint(*ONLINE.split("/"))
    )
    return is_sampled(asked, served.tokens.read(token).id)


async def stored(served: Served) -> dict[str, Any]:
    (row,) = await served.responses()
    answers: dict[str, Any] = await served.answers(row["id"])
    return answers


@either_side
@pytest.mark.parametrize("purpose", ["open", "invitation"])
async def test_a_page_asks_what_its_token_says_and_drops_all_else(
    standing: Stand, purpose: str, *, sampled: bool
) -> None:
    async with standing() as served:
        token = served.token(ONLINE, purpose, sampled=sampled)
        if purpose == "invitation":
            await served.invite(ONLINE, [token])
        for query in ("", "?cijfer=8", "?product=paspoort", "?lang=en"):
            page = await served.client.get(f"/v/{token}{query}")
            assert asked_on(page.content) == PATHS[sampled], query
        reply = await served.client.post(f"/v/{token}", data=EVERYTHING)
        assert reply.status_code == 303
        assert await stored(served) == STORED[sampled]


async def test_an_open_link_asks_what_the_token_in_its_form_says(standing: Stand) -> None:
    async with standing() as served:
        sides = set()
        for _ in range(TRIES):
            page = (await served.client.get(f"/o/{ONLINE}?lang=nl")).content
            token, _, query = form_on(page).action.removeprefix("/v/").partition("?")
            sides.add(sampled := side_of(served, token))
            assert (asked_on(page), query) == (PATHS[sampled], "lang=nl")
            if len(sides) == 2:
                break
        assert sides == {True, False}


@either_side
async def test_a_page_comes_again_as_it_was(standing: Stand, *, sampled: bool) -> None:
    async with standing() as served:
        path = f"/v/{served.token(ONLINE, sampled=sampled)}"
        wrong = await served.client.post(path, data=EVERYTHING | {"cijfer": "11"})
        assert (wrong.status_code, asked_on(wrong.content)) == (400, PATHS[sampled])
        other = await served.client.post(path, data=EVERYTHING | {"_to": "en"})
        assert (other.status_code, asked_on(other.content)) == (200, PATHS[sampled])
        kept = form_on(other.content).fields
        assert {name for name in EVERYTHING if kept.get(name)} == set(STORED[sampled])


@either_side
async def test_a_fresh_token_for_the_same_form_asks_the_same(
    serve: Serve, *, sampled: bool
) -> None:
    async def again(served: Served, path: str, fields: dict[str, Any]) -> tuple[Form, str]:
        reply = await served.client.post(path, data=EVERYTHING | fields)
        assert (reply.status_code, asked_on(reply.content)) == (503, PATHS[sampled])
        form = form_on(reply.content)
        return form, form.action.removeprefix("/v/") or token_within(reply.content)

    async with serve(url=AWAY) as served:
        opened = served.token(ONLINE, sampled=sampled)
        form, fresh = await again(served, f"/v/{opened}", {})
        framed = served.token(ONLINE, "embed", sampled=sampled)
        _, fresh_within = await again(served, FRAME, {"_token": framed})
        assert {opened, framed}.isdisjoint({fresh, fresh_within})
        assert side_of(served, fresh) is side_of(served, fresh_within) is sampled
    async with serve() as served:
        reply = await served.client.post(form.action, content=form.encoded(), headers=FORM)
        assert reply.status_code == 303
        assert await stored(served) == STORED[sampled]


async def test_a_frame_asks_what_the_token_within_it_says(standing: Stand) -> None:
    async with standing() as served:
        sides = {}
        for _ in range(TRIES):
            page = (await served.client.get(FRAME)).content
            token = token_within(page)
            sampled = side_of(served, token)
            assert asked_on(page) == PATHS[sampled]
            sides[sampled] = token
            if len(sides) == 2:
                break
        assert set(sides) == {True, False}
        reply = await served.client.post(FRAME, data=EVERYTHING | {"_token": sides[True]})
        assert reply.status_code == 303
        assert await stored(served) == STORED[True]


async def offered(served: Served, query: str = "") -> dict[str, Any]:
    reply = await served.client.get(OFFERED + query, headers=SITE)
    assert reply.status_code == 200
    told: dict[str, Any] = reply.json()
    assert side_of(served, told["token"]) is told["sampled"]
    assert asked_in(told["items"]) == PATHS[told["sampled"]]
    return told


async def test_a_widget_is_offered_what_its_token_says(standing: Stand) -> None:
    async with standing() as served:
        sides = set()
        for _ in range(TRIES):
            sides.add((await offered(served))["sampled"])
            if len(sides) == 2:
                break
        assert sides == {True, False}
        # A form that is on a screen already stays as it is.
        for sampled in (True, False):
            query = f"?language=nl&sampled={str(sampled).lower()}"
            assert {(await offered(served, query))["sampled"] for _ in range(20)} == {sampled}


@either_side
async def test_the_api_refuses_the_other_path_in_one_step_and_in_two(
    standing: Stand, *, sampled: bool
) -> None:
    mine = {"eerder": "balie", "eerder_reden": "werkte_niet"} if sampled else {"snelheid": 4}
    others = {"snelheid": 4} if sampled else {"eerder": "nee"}

    def not_asked(reply: httpx.Response) -> None:
        assert (reply.status_code, reply.json()["type"]) == (400, "/problems/answers-rejected")
        (wrong,) = reply.json()["invalidParams"]
        assert (wrong["name"], wrong["code"]) == (next(iter(others)), "not-asked")

    async with standing() as served:
        token = served.token(ONLINE, "embed", sampled=sampled)
        body = served.body(token, ONLINE, answers={"cijfer": 7} | others)
        not_asked(await served.post(body))
        first = await served.post(body | {"answers": {"cijfer": 7}, "complete": False})
        assert first.status_code == 201
        # Also of a response that was begun it is known who was asked, and nobody is told.
        assert await stored(served) == {"cijfer": "7"} | (
            {"eerder": "niet-beantwoord"} if sampled else {}
        )
        completion = f"/api/v1/responses/{body['responseId']}/completion"
        rest = {"completionToken": first.json()["completionToken"]}
        not_asked(await served.client.post(completion, json=rest | {"answers": others}))
        for status in (201, 200):
            reply = await served.client.post(completion, json=rest | {"answers": mine})
            assert reply.status_code == status
        assert await stored(served) == STORED[sampled]


async def test_a_kiosk_asks_what_most_are_asked(standing: Stand) -> None:
    async with standing() as served:
        survey = "/api/v1/kiosks/new/survey?touchpoint=molensloot/balie-hal"
        told = (await served.client.get(survey)).json()
        for language in told["languages"]:
            codes = asked_in(language["items"])
            assert "duidelijk" in codes
            assert not {"eerder", "eerder_reden"} & set(codes)
