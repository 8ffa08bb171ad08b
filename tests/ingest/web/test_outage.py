"""A form that is sent while the database is away: nothing typed is lost, and it is stored once."""

from typing import Any

import httpx
import pytest

from tests.conftest import Serve, Served
from tests.cut_line import cut_line
from tests.filled_in import Form, form_on
from tests.strict_html import read_page

pytestmark = pytest.mark.anyio

# Nothing listens there: a connection is refused at once.
AWAY = "postgresql://meetpunt_ingest@127.0.0.1:1/away?sslmode=disable"
FORM = {"content-type": "application/x-www-form-urlencoded"}
FILLED_IN = {"cijfer": "8", "geholpen": "deels", "toelichting": 'Lang & "breed"\nverteld €'}
PATH = "molensloot/balie-hal"


async def sent(served: Served, path: str, **fields: Any) -> httpx.Response:
    return await served.client.post(path, data=FILLED_IN | fields)


async def sent_again(served: Served, path: str, form: Form, **changes: Any) -> httpx.Response:
    """As the browser does with the page that it got: to its action, or else to its own address."""
    content = form.encoded(**changes)
    return await served.client.post(form.action or path, content=content, headers=FORM)


def assert_kept(reply: httpx.Response) -> Form:
    assert reply.status_code == 503
    assert int(reply.headers["retry-after"]) >= 1
    assert reply.headers["referrer-policy"] == "no-referrer"
    page = read_page(reply.content)
    assert "nog niet verstuurd" in page.find("h2")[0].text
    (form_element,) = page.find("form")
    assert form_element.find("button")[0].text == "Verstuur uw antwoorden opnieuw"
    form = form_on(page)
    for name, value in FILLED_IN.items():
        assert form.fields[name] == [value]
    assert form.fields["_response"] != [""]
    return form


async def test_without_a_database_the_survey_opens(serve: Serve) -> None:
    async with serve(url=AWAY) as served:
        assert (await served.client.get(f"/v/{served.token()}")).status_code == 200
        assert (await served.client.get(f"/o/{PATH}")).status_code == 200
        assert (await served.client.get("/livez")).status_code == 200
        assert (await served.client.get("/readyz")).status_code == 503


@pytest.mark.parametrize("purpose", ["open", "qr", "invitation"])
async def test_everything_typed_is_kept_and_sent_again_it_is_stored_once(
    serve: Serve, purpose: str
) -> None:
    async with serve(url=AWAY) as served:
        token = served.token(PATH, purpose)
        if purpose == "invitation":
            await served.invite(PATH, [token])
        path = f"/v/{token}?product=paspoort"
        form = assert_kept(await sent(served, path))
        # Still away: the same page again, under the same id.
        second = assert_kept(await sent_again(served, path, form))
        assert second.fields["_response"] == form.fields["_response"]
    if purpose != "invitation":
        assert form.action.startswith("/v/")
        assert form.action.endswith("?product=paspoort")
        fresh = served.tokens.read(form.action[3:].partition("?")[0])
        assert (fresh.purpose, fresh.touchpoint) == (purpose, served.number(PATH))
    else:
        # What somebody was sent is not replaced.
        assert form.action == ""
    async with serve() as served:
        for _ in range(3):
            assert (await sent_again(served, path, form)).status_code == 303
        (row,) = await served.responses()
        assert row["id"] == served.stored_id(form.fields["_response"][0])
        assert await served.answers(row["id"]) == FILLED_IN


@pytest.mark.parametrize("purpose", ["open", "invitation"])
async def test_what_was_stored_although_nobody_was_told_is_stored_once(
    serve: Serve, purpose: str
) -> None:
    async with serve() as plain, cut_line(plain.database.ingest) as (line, url):
        token = plain.token() if purpose == "open" else await plain.invitation(PATH)
        async with serve(url=url) as served:
            assert (await sent(served, f"/v/{served.token()}")).status_code == 303
            line.lose_the_next_answer()
            form = assert_kept(await sent(served, f"/v/{token}"))
            assert line.lost.is_set()
        assert len(await plain.responses()) == 2  # it was stored: a retry must not add one
        assert (await sent_again(plain, f"/v/{token}", form)).status_code == 303
        assert len(await plain.responses()) == 2
        # Whoever changes an answer then has another response under a known id: the first stands.
        changed = await sent_again(plain, f"/v/{token}", form, cijfer="1")
        assert changed.status_code == 410
        assert len(await plain.responses()) == 2
        assert (await plain.answers(form.fields["_response"][0]))["cijfer"] == "8"


async def test_mistakes_are_told_also_while_the_database_is_away(serve: Serve) -> None:
    async with serve(url=AWAY) as served:
        reply = await sent(served, f"/v/{served.token()}", cijfer="11")
        assert reply.status_code == 400
        assert form_on(reply.content).fields["toelichting"] == [FILLED_IN["toelichting"]]


async def test_a_mistake_after_an_outage_keeps_the_same_id(serve: Serve) -> None:
    async with serve(url=AWAY) as served:
        path = f"/v/{served.token()}"
        form = assert_kept(await sent(served, path))
    async with serve() as served:
        wrong = await sent_again(served, path, form, cijfer="11")
        assert wrong.status_code == 400
        corrected = form_on(wrong.content)
        assert corrected.fields["_response"] == form.fields["_response"]
        reply = await sent_again(served, form.action, corrected, cijfer="7")
        assert reply.status_code == 303
        (row,) = await served.responses()
        assert (await served.answers(row["id"]))["cijfer"] == "7"


async def test_fresh_tokens_meet_the_limit_also_in_an_outage(serve: Serve) -> None:
    async with serve(url=AWAY, touchpoint_limit_per_minute=1) as served:
        path = f"/v/{served.token()}"
        assert assert_kept(await sent(served, path)).action != ""
        assert assert_kept(await sent(served, path)).action == ""


async def test_scripts_are_told_to_try_again_with_the_same_id(serve: Serve) -> None:
    async with serve(url=AWAY) as served:
        body = served.body(served.token())
        refused = await served.post(body)
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) >= 1
    async with serve() as served:
        assert [(await served.post(body)).status_code for _ in "12"] == [201, 200]
        assert len(await served.responses()) == 1
