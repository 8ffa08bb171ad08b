"""Who made a report answers by the link of its closing mail: what is asked, kept and refused."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Any
from uuid import UUID, uuid4

import pytest

from ingest.asgi.rate_limits import ADDRESS_PER_MINUTE
from ingest.connectors.signalen.limiting import MOST_AT_ONCE
from ingest.connectors.signalen.sayings import Saying
from ingest.municipalities.catalogue import Catalogue
from ingest.texts.page_texts import texts_in
from ingest.tokens.keys import Keys
from tests.conftest import Database, Serve, Served
from tests.filled_in import form_on
from tests.neighbours.server import BadDay, Behaviour, Cut, Reply, Request, neighbour
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
        # It shares a batch with who told the same, and says so no longer than it waits for them.
        assert await _queued(database) == [says]
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
        told = "report-unknown" if why == "unknown" else "report-closed"
        assert texts_in("en").messages[told].title in reply.text
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
        assert texts_in("nl").messages["report-closed"].title in other.text
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


async def test_whoever_has_a_link_does_not_learn_whether_it_was_used(town: Any) -> None:
    async with town() as served:
        used, unused = served.signalen.closed(), served.signalen.closed()
        assert (await answered(served, used)).status_code == 303
        for token in (used, unused):
            served.signalen.grow_old(token)
        of_used, of_unused = [await answered(served, token) for token in (used, unused)]
        assert of_used.status_code == of_unused.status_code == 410
        assert of_used.text.replace(used, unused) == of_unused.text


@pytest.mark.parametrize(
    "changed",
    [{"_solved": "unsolved"}, {"_words": "Niets!"}, {"_contact": "no"}, {"cijfer": "3"}],
    ids=lambda changed: next(iter(changed)),
)
async def test_who_goes_back_and_changes_something_is_told_that_the_first_was_kept(
    town: Any, database: Database, changed: dict[str, str]
) -> None:
    async with town() as served:
        token = served.signalen.closed()
        form = form_on((await served.client.get(address(token))).content)
        said = {"cijfer": "8", "_solved": "solved", "_contact": "yes"}
        body = form.encoded(**said)
        reply = await served.client.post(address(token), content=body, headers=FORM)
        assert reply.status_code == 303
        again = form.encoded(**said | changed)
        for forgotten in (False, True):
            if forgotten:
                async with database.superuser() as db:
                    await db.execute("update meetpunt.report_retry set until = now()")
            reply = await served.client.post(address(token), content=again, headers=FORM)
            assert reply.status_code == 410
            assert texts_in("nl").messages["report-changed"].title in reply.text
            reply = await served.client.post(address(token), content=body, headers=FORM)
            assert reply.status_code == 303
        assert len(await served.responses()) == 1
        async with telling(database, served.files, served.keys):
            await all_told(database)
        told = served.signalen.feedback[token].filled_in
        assert (told["is_satisfied"], told["allows_contact"]) == (True, True)
        assert "text_extra" not in told


@pytest.mark.parametrize("how", ["away", "cut off"])
async def test_while_signalen_cannot_be_asked_the_answer_is_kept(
    town: Any, database: Database, how: str
) -> None:
    async with town(Signalen()) as served:
        token = served.signalen.closed()
        body = await filled_in(served, token, _solved="unsolved")
        if how == "cut off":
            served.signalen.bad_days.append(BadDay(Cut()))
        served.signalen.away = how == "away"
        reply = await served.client.post(address(token), content=body, headers=FORM)
        assert reply.status_code == 303
        assert len(await served.responses()) == 1
        served.signalen.away = False
        async with telling(database, served.files, served.keys):
            await all_told(database)
        assert served.signalen.state_of(token) == "reopen requested"


@pytest.mark.parametrize(
    "other",
    [
        Reply(404, b'{"detail":"Not found."}'),
        Reply(403, b"<h1>Blocked</h1>"),
        Reply(429, b"{}"),
        Reply(301, b""),
        Reply(200, b"{}"),
    ],
    ids=lambda reply: str(reply.status),
)
async def test_where_somebody_answers_in_its_place_nothing_is_believed_and_nothing_typed_is_lost(
    town: Any, database: Database, other: Reply
) -> None:
    """A stranger can bring a wall in front of it to say so, and then make up any token."""
    async with town() as served:
        served.signalen.bad_days.append(BadDay(other))
        reply = await answered(served, served.signalen.closed(), cijfer="3")
        assert reply.status_code == 503
        assert reply.headers["retry-after"] == "30"
        form = form_on(reply.content)
        assert (form.fields["cijfer"], form.fields["_solved"]) == (["3"], ["solved"])
        assert (await served.responses(), await waiting(database)) == ([], 0)


async def test_of_one_address_ten_are_asked_about_in_a_minute_and_two_are_believed(
    town: Any, database: Database
) -> None:
    # As it is unless an operator sets another limit; nothing becomes free meanwhile.
    usual = {"address_limit_per_minute": ADDRESS_PER_MINUTE, "clock": lambda: 0.0}
    async with town(**usual) as served:
        replies = [await answered(served, token_urlsafe()) for _ in range(11)]
        assert [reply.status_code for reply in replies] == [404] * 10 + [429]
    async with town(**usual) as served:
        served.signalen.away = True
        replies = [await answered(served, token_urlsafe()) for _ in range(3)]
        assert [reply.status_code for reply in replies] == [303, 303, 429]
        assert form_on(replies[-1].content).fields["cijfer"] == ["8"]
        assert await waiting(database) == 2


async def test_many_at_once_wait_for_us_and_that_is_no_silence_of_signalen(
    town: Any, database: Database
) -> None:
    signalen = Slow()
    async with town(signalen, address_limit_per_minute=10**6) as served:
        body = await filled_in(served, UNKNOWN)
        asked = [
            asyncio.create_task(
                served.client.post(address(token_urlsafe()), content=body, headers=FORM)
            )
            for _ in range(MOST_AT_ONCE)
        ]
        async with asyncio.timeout(20):
            await signalen.all_here.wait()
        reply = await served.client.post(address(token_urlsafe()), content=body, headers=FORM)
        assert (reply.status_code, reply.headers["retry-after"]) == (503, "2")
        signalen.may_answer.set()
        assert {reply.status_code for reply in await asyncio.gather(*asked)} == {404}
        assert (await served.responses(), await waiting(database)) == ([], 0)


class Slow(Signalen):
    """It is well, and answers when it may."""

    def __init__(self) -> None:
        super().__init__()
        self.all_here, self.may_answer = asyncio.Event(), asyncio.Event()
        self._here = 0

    async def __call__(self, request: Request) -> Behaviour:
        self._here += 1
        if self._here == MOST_AT_ONCE:
            self.all_here.set()
        await self.may_answer.wait()
        return await super().__call__(request)


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


async def _queued(database: Database) -> list[str]:
    async with database.superuser() as db:
        return [row["told"] for row in await db.fetch("select told from meetpunt.unpublished")]


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
            believe=pytest.fail,
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
