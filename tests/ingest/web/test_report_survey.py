"""Who made a report answers by the link of its closing mail: what is asked, kept and refused."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from ingest.connectors.signalen.sayings import Saying
from ingest.municipalities.catalogue import Catalogue
from ingest.texts.page_texts import texts_in
from ingest.tokens.keys import Keys
from tests.conftest import Database, Serve, Served
from tests.filled_in import form_on
from tests.neighbours.server import BadDay, Cut, neighbour
from tests.neighbours.signalen import SOLVED, UNSOLVED, Signalen
from tests.reports import (
    FORM,
    address,
    all_told,
    answered,
    filled_in,
    tallied,
    telling,
    waiting,
    with_signalen,
)
from tests.strict_html import read_page

pytestmark = pytest.mark.anyio

UNKNOWN = "x" * 43


class Town(Served, frozen=True):
    """A service whose municipality has a Signalen, and that Signalen."""

    signalen: Any = None
    server: Any = None
    files: Any = None
    keys: Any = None

    @property
    def asked(self) -> list[tuple[str, str]]:
        """What Signalen was asked."""
        return [(each.method, each.target.rpartition("/")[2]) for each in self.server.requests]


@pytest.fixture
def town(serve: Serve, catalogue: Catalogue, keys: Keys) -> Any:
    @asynccontextmanager
    async def opened(signalen: Signalen | None = None, **options: Any) -> AsyncIterator[Town]:
        there = signalen or Signalen()
        async with neighbour(there) as server:
            files = with_signalen(catalogue, server.url)
            usual = {"report_delay_seconds": 0.0}
            async with serve(files=files, **usual | options) as served:
                parts = {name: getattr(served, name) for name in served.__struct_fields__}
                yield Town(**parts, signalen=there, server=server, files=files, keys=keys)

    return opened


async def test_to_open_the_page_asks_nobody_and_stores_nothing(town: Any) -> None:
    async with town() as served:
        for token in (served.signalen.closed(), UNKNOWN):
            page = await served.client.get(address(token))
            assert page.status_code == 200
            assert page.headers["referrer-policy"] == "no-referrer"
            assert page.headers["cache-control"] == "private, no-store"
            assert token not in page.text
        assert served.asked == []
        # Each has an id of its own, so that the same form is known when it comes again.
        ids = [
            form_on((await served.client.get(address(UNKNOWN))).content).fields["_response"][0]
            for _ in range(2)
        ]
        assert ids[0] != ids[1]
        for encoding in ("br", "gzip", "identity"):
            packed = await served.client.get(
                address(UNKNOWN), headers={"accept-encoding": encoding}
            )
            assert "_response" in packed.text
        head = await served.client.head(address(UNKNOWN))
        assert (head.status_code, head.content) == (200, b"")
        other = await served.client.request("DELETE", address(UNKNOWN))
        assert (other.status_code, other.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")


async def test_an_answer_is_stored_and_the_report_is_told_what_its_reporter_says(
    town: Any, database: Database
) -> None:
    async with town() as served:
        token = served.signalen.closed()
        words = "De lamp doet het weer, maar niet 's nachts."
        reply = await answered(served, token, "?soort=verlichting", _words=words, _contact="no")
        assert reply.status_code == 303
        thanks = "/v/bedankt?meetpunt=molensloot/melding&lang=nl&melding=ja"
        assert reply.headers["location"] == thanks
        (row,) = await served.responses()
        assert (row["mode"], row["hour"]) == ("bericht", None)
        assert row["dimensions"] == '{"soort": "verlichting"}'
        assert served.asked == [("GET", token)]
        async with telling(database, served.files, served.keys):
            await all_told(database)
        assert served.signalen.feedback[token].filled_in == {
            "is_satisfied": True,
            "text_list": [SOLVED],
            "text_extra": words,
            "allows_contact": False,
        }
        assert served.signalen.state_of(token) == "o"
        assert await tallied(database) == {"done": 1}


async def test_the_thanks_promise_no_secrecy_to_what_is_sent_to_the_report(town: Any) -> None:
    async with town() as served:
        reply = await answered(served, served.signalen.closed(), "?lang=en", _solved="unsolved")
        thanks = read_page((await served.client.get(reply.headers["location"])).content)
        own, others = (texts_in("en").messages[name] for name in ("report-thanks", "thanks"))
        said = thanks.find("main")[0].text
        for told in (*own.text[1:], own.contact):
            assert told in said
        for told in (*others.text[1:], others.contact):
            assert told not in said
        # In another language it is of a report too.
        (other,) = thanks.find("a", lang="nl")
        dutch = await served.client.get(f"/v/bedankt{other.attributes['href']}")
        assert texts_in("nl").messages["report-thanks"].text[1] in dutch.text
        # Nobody else's answers go to a report, whatever stands in the address.
        for query in ("molensloot/melding&lang=en", "molensloot/balie-hal&lang=en&melding=ja"):
            elsewhere = await served.client.get(f"/v/bedankt?meetpunt={query}")
            assert others.text[1] in elsewhere.text
            assert own.text[1] not in elsewhere.text


@pytest.mark.parametrize(
    ("says", "content", "text", "state"),
    [
        ("solved", True, SOLVED, "o"),
        ("solved-but", False, SOLVED, "o"),
        ("unsolved", False, UNSOLVED, "reopen requested"),
    ],
)
async def test_a_report_is_opened_again_only_for_who_says_that_it_is_not_solved(
    town: Any, database: Database, says: str, content: bool, text: str, state: str
) -> None:
    async with town() as served:
        token = served.signalen.closed()
        # Neither a mark of one nor an angry word opens it again.
        reply = await answered(
            served, token, cijfer="1", geholpen="nee", _solved=says, _words="Schande!"
        )
        assert reply.status_code == 303
        async with telling(database, served.files, served.keys):
            await all_told(database)
        said = served.signalen.feedback[token].filled_in
        assert (said["is_satisfied"], said["text_list"]) == (content, [text])
        assert said["allows_contact"] is True
        assert served.signalen.state_of(token) == state


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_an_address_without_a_token_is_told_so(town: Any, language: str) -> None:
    async with town() as served:
        good = served.signalen.closed()
        flagged = Signalen(questionnaires_app=True)
        whole = flagged.close(flagged.report())
        wrong = (good[:-1], good + "a", good[:-1] + "=", "", str(uuid4()), whole, f"{good}/")
        for text in wrong:
            for method in ("GET", "POST"):
                reply = await served.client.request(
                    method, address(text or "", f"?lang={language}"), headers=FORM
                )
                assert reply.status_code == 404
                message = texts_in(language).messages["report-link"]
                assert message.title in reply.text
        assert served.asked == []


async def test_other_addresses_are_nothing(town: Any) -> None:
    async with town() as served:
        nothing = await served.client.get("/v/nothing")
        for path in (
            f"/melding/molensloot/telefonie/{UNKNOWN}",
            f"/melding/molensloot/geen/{UNKNOWN}",
            f"/melding/rietbroek/melding/{UNKNOWN}",
            "/melding/molensloot/melding",
        ):
            reply = await served.client.get(path)
            assert (reply.status_code, reply.content) == (404, nothing.content)


@pytest.mark.parametrize(
    ("why", "status"), [("unknown", 404), ("too-late", 410), ("filled-out", 410)]
)
async def test_what_signalen_refuses_is_told_and_not_kept(
    town: Any, database: Database, why: str, status: int
) -> None:
    async with town() as served:
        token = UNKNOWN if why == "unknown" else served.signalen.closed()
        if why == "too-late":
            served.signalen.grow_old(token)
        if why == "filled-out":
            served.signalen.feedback[token].submitted_at = datetime.now(UTC)
        reply = await answered(served, token, "?lang=en")
        assert reply.status_code == status
        assert texts_in("en").messages[f"report-{why}"].title in reply.text
        assert await served.responses() == []
        assert await waiting(database) == 0


async def test_every_mistake_is_told_at_once_and_nothing_typed_is_lost(
    town: Any, database: Database
) -> None:
    async with town() as served:
        token = served.signalen.closed()
        opened = form_on((await served.client.get(address(token))).content)
        body = opened.encoded(cijfer="11", _words="é" * 1001, toelichting="Best.")
        reply = await served.client.post(address(token), content=body, headers=FORM)
        assert reply.status_code == 400
        page = read_page(reply.content)
        linked = {each.attributes["href"] for each in page.find("a") if "#" in str(each.attributes)}
        assert {"#i-cijfer", "#i-_solved", "#i-_words", "#i-_contact"} <= linked
        assert "1000" in reply.text
        form = form_on(page)
        assert form.fields["_words"] == ["é" * 1001]
        assert form.fields["_response"] == opened.fields["_response"]
        assert (served.asked, await served.responses(), await waiting(database)) == ([], [], 0)
        again = form.encoded(cijfer="1", _words="é" * 1000, _solved="solved", _contact="yes")
        reply = await served.client.post(address(token), content=again, headers=FORM)
        assert reply.status_code == 303
        # In another language everything stays, and nobody is asked.
        other = form.encoded(_solved="unsolved", _to="en")
        reply = await served.client.post(address(token), content=other, headers=FORM)
        assert form_on(reply.content).fields["_solved"] == ["unsolved"]
        assert len(served.asked) == 1


async def test_the_same_form_sent_again_is_the_same_and_another_is_not(
    town: Any, database: Database
) -> None:
    async with town() as served:
        token = served.signalen.closed()
        body = await filled_in(served, token)
        for _ in range(2):
            reply = await served.client.post(address(token), content=body, headers=FORM)
            assert reply.status_code == 303
        async with telling(database, served.files, served.keys):
            await all_told(database)
            # What was told by now, Signalen would refuse: it is not asked.
            reply = await served.client.post(address(token), content=body, headers=FORM)
            assert reply.status_code == 303
        assert served.asked == [("GET", token), ("PUT", token)]
        other = await answered(served, token, cijfer="2")
        assert other.status_code == 410
        assert texts_in("nl").messages["spent"].title in other.text
        # Later nobody knows of which response it was; the response itself is known yet.
        async with database.superuser() as db:
            assert await db.fetchval("select count(*) from meetpunt.report_retry") == 1
            await db.execute("update meetpunt.report_retry set until = now()")
        async with telling(database, served.files, served.keys), database.superuser() as db:
            while await db.fetchval("select count(*) from meetpunt.report_retry"):
                await db.execute("select pg_sleep(0.02)")
        reply = await served.client.post(address(token), content=body, headers=FORM)
        assert reply.status_code == 303
        assert len(await served.responses()) == 1


@pytest.mark.parametrize("how", ["away", "cut off", "flag"])
async def test_while_signalen_cannot_be_asked_the_answer_is_kept(
    town: Any, database: Database, how: str
) -> None:
    async with town(Signalen()) as served:
        token = served.signalen.closed()
        body = await filled_in(served, token, _solved="unsolved")
        if how == "cut off":
            served.signalen.bad_days.append(BadDay(Cut()))
        served.signalen.away = how == "away"
        served.signalen.questionnaires_app = how == "flag"
        reply = await served.client.post(address(token), content=body, headers=FORM)
        assert reply.status_code == 303
        assert len(await served.responses()) == 1
        served.signalen.away = served.signalen.questionnaires_app = False
        async with telling(database, served.files, served.keys):
            await all_told(database)
        assert served.signalen.state_of(token) == "reopen requested"


async def test_the_token_and_the_words_are_in_no_row_but_sealed_and_gone_when_told(
    town: Any, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with town() as served:
        token = served.signalen.closed()
        assert (await answered(served, token, _words="kanariegeel")).status_code == 303
        before = await _everything(database)
        assert "sealed" in before
        async with telling(database, served.files, served.keys):
            await all_told(database)
        after = await _everything(database)
        for text in (before, after, caplog.text):
            assert token not in text
            assert "kanariegeel" not in text
        assert "sealed" not in after


async def test_many_who_send_one_form_are_told_to_wait(town: Any) -> None:
    async with town(address_limit_per_minute=1) as served:
        replies = [await answered(served, UNKNOWN) for _ in range(3)]
        assert {reply.status_code for reply in replies} == {404, 429}
        assert "retry-after" in replies[-1].headers
        assert form_on(replies[-1].content).fields["cijfer"] == ["8"]
        assert len(served.asked) < 3


async def _everything(database: Database) -> str:
    """Every row of ours as text, with the names of its columns."""
    async with database.superuser() as db:
        tables = await db.fetch(
            "select format('%I.%I', nspname, relname) as name from pg_class"
            " join pg_namespace on pg_namespace.oid = relnamespace"
            " where nspname = 'meetpunt' and relkind = 'r'"
        )
        rows = [
            row["row"]
            for each in tables
            for row in await db.fetch(f"select row_to_json(t)::text as row from {each['name']} t")
        ]
    return re.sub(r'"sealed":null,?', "", "\n".join(rows))


async def test_a_link_that_was_used_and_whose_response_was_not_stored_takes_the_same_form(
    town: Any, database: Database
) -> None:
    """As it is after a death between the two transactions."""
    async with town() as served:
        token = served.signalen.closed()
        form = form_on((await served.client.get(address(token))).content)
        municipality = served.service.catalogue.municipality("molensloot")
        await served.service.reports.permit(
            municipality,
            token,
            UUID(form.fields["_response"][0]),
            Saying(solved="unsolved", contact=True),
            now=datetime.now(UTC),
        )
        async with telling(database, served.files, served.keys):
            await all_told(database)
        # By now Signalen refuses the link: it must not be asked again.
        said = {"cijfer": "3", "_solved": "unsolved", "_contact": "yes"}
        other = await answered(served, token, **said)
        assert other.status_code == 410
        assert await served.responses() == []
        body = form.encoded(**said)
        reply = await served.client.post(address(token), content=body, headers=FORM)
        assert reply.status_code == 303
        assert len(await served.responses()) == 1
        assert served.signalen.feedback[token].writes == 1
