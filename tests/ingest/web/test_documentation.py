"""What a browser and a program are told at the addresses for who builds on the API."""

import re

import pytest

from ingest.web.api_pages import ApiDocument, problem_texts
from ingest.web.problems import KINDS
from ingest.web.table import ROUTES
from tests.conftest import Stand

# As Firefox has it.
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
SPOKEN_OF = {
    name
    for route in ROUTES
    if route.call is not None
    for name in (*(p.name for p in route.call.parameters), route.path, route.call.id)
}


@pytest.mark.anyio
async def test_the_page_is_for_whoever_asks(standing: Stand) -> None:
    async with standing() as served:
        for headers in (BROWSER, {}, {"accept": "application/json"}):
            reply = await served.client.get("/api", headers=headers)
            assert reply.status_code == 200
            assert reply.headers["content-type"] == "text/html; charset=utf-8"
            assert "script-src 'self'" in reply.headers["content-security-policy"]
            assert reply.headers["x-frame-options"] == "DENY"
            assert "set-cookie" not in reply.headers
        head = await served.client.head("/api")
        assert (head.status_code, head.content) == (200, b"")
        style = re.search(r'stylesheet" href="([^"]+)"', reply.text)
        assert style is not None
        found = await served.client.get(style[1])
        assert found.headers["content-type"] == "text/css; charset=utf-8"
        assert "immutable" in found.headers["cache-control"]
        assert (await served.client.get("/static/api/other.css")).status_code == 404


@pytest.mark.anyio
async def test_what_cannot_be_done_with_the_page_is_a_problem(standing: Stand) -> None:
    async with standing() as served:
        refused = await served.client.post("/api")
        slash = await served.client.get("/api/", headers=BROWSER)
    assert (refused.status_code, refused.json()["type"]) == (405, "/problems/method-not-allowed")
    assert (slash.status_code, slash.json()["type"]) == (404, "/problems/not-found")


@pytest.mark.anyio
@pytest.mark.parametrize("name", KINDS)
async def test_a_browser_gets_a_page_and_a_program_the_problem(standing: Stand, name: str) -> None:
    async with standing() as served:
        page = await served.client.get(f"/problems/{name}", headers=BROWSER)
        told = await served.client.get(f"/problems/{name}", headers={"accept": "*/*"})
    assert page.status_code == told.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert KINDS[name][1] in page.text.replace("&#39;", "'")
    assert 'href="/api"' in page.text
    assert told.json()["type"] == f"/problems/{name}"
    # One address, two answers: a cache has to know.
    assert "Accept" in page.headers["vary"]
    assert "Accept" in told.headers["vary"]


@pytest.mark.anyio
async def test_an_unknown_problem_is_not_there(standing: Stand) -> None:
    async with standing() as served:
        page = await served.client.get("/problems/nothing", headers=BROWSER)
        told = await served.client.get("/problems/nothing")
        script = await served.client.get("/problems/%3Cscript%3E", headers=BROWSER)
    assert page.status_code == told.status_code == script.status_code == 404
    assert "no such problem" in page.text
    assert told.json()["type"] == "/problems/not-found"
    assert "<script" not in script.text


def test_every_problem_has_words_in_dutch_and_somebody_who_can_do_something() -> None:
    assert list(problem_texts()) == list(KINDS)
    for name, told in problem_texts().items():
        assert set(told) == {"nl", "means", "who"}, name
        assert told["who"], name
        assert set(told["who"]) <= {"builder", "municipality", "operator"}, name
        for words in (told["nl"], told["means"], *told["who"].values()):
            assert words.endswith("."), (name, words)
            assert words.count("`") % 2 == 0, (name, words)


def test_the_page_has_every_call_field_example_and_refusal() -> None:
    api = ApiDocument(ROUTES)
    page = api.page.identity.decode()
    text = re.sub(r"<[^>]+>", "", page)
    for name in SPOKEN_OF:
        assert name in text, name
    for name in KINDS:
        assert f'href="/problems/{name}"' in page, name
    for name, schema in api.document["components"]["schemas"].items():
        assert f'id="schema-{name}"' in page, name
        for field in schema.get("properties", {}):
            assert f"<dt><code>{field}</code>" in page, (name, field)
    for operation in (o for path in api.document["paths"].values() for o in path.values()):
        assert f'id="{operation["operationId"]}"' in page
    assert page.count("Example:") > 120
