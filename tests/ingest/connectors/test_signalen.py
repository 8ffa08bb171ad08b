"""What Signalen is told: as it was seen to take it, each time once, and never what nobody asked."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest

from ingest.clock import today_here
from ingest.connectors.signalen.permitting import ToTell, sealing_of
from ingest.connectors.signalen.public_api import CannotTell, PublicApi, client_of
from ingest.connectors.signalen.sayings import (
    MOST_CHARACTERS,
    SOLVED_VALUES,
    TOKEN,
    Saying,
    read_saying,
    written_back,
)
from ingest.connectors.signalen.statements import NewWriteback, read_standing, store_writeback
from ingest.connectors.signalen.writing import BACKOFF_MINUTES, pause_after
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.signalen import Signalen as Declared
from ingest.tasks.neighbours import Kind, read_neighbours
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys
from tests.conftest import Database
from tests.neighbours.server import BadDay, Behaviour, Cut, Request, Silence, neighbour
from tests.neighbours.signalen import ROOT, SITE, SOLVED, STANDARD, UNSOLVED, Signalen
from tests.reports import QUICK, all_told, tallied, telling, waiting, with_signalen

pytestmark = pytest.mark.anyio

CODE = "GM9001"
FILE = Declared(url="https://api.example/signals", site=SITE, touchpoints=("melding",))


def fields(**changes: str) -> dict[str, list[str]]:
    sent = {"_solved": "solved", "_contact": "yes", "_words": ""} | changes
    return {name: [value] for name, value in sent.items()}


# --- What is read and sent: pure


def test_only_a_token_of_its_feedback_is_taken() -> None:
    good = token_urlsafe()
    assert TOKEN.fullmatch(good)
    for wrong in (
        good[1:],
        good + "a",
        good[:-1] + "/",
        good[:-1] + "=",
        good[:-1] + "é",
        str(uuid4()),
    ):
        assert not TOKEN.fullmatch(wrong)


def test_whether_it_is_solved_and_who_may_be_contacted_have_to_be_said() -> None:
    assert read_saying({}) == (None, (("_solved", "required"), ("_contact", "required")))
    saying, faults = read_saying(fields(_solved="ja", _contact="maybe"))
    assert (saying, faults) == (
        None,
        (("_solved", "unknown-option"), ("_contact", "unknown-option")),
    )
    saying, faults = read_saying(fields(_contact="no"))
    assert saying == Saying(solved="solved", contact=False)


def test_own_words_are_counted_as_signalen_counts_them() -> None:
    most = "é" * MOST_CHARACTERS
    for words, kept in (
        (f"  {most}\r\n", most),
        ("e\u0301" * MOST_CHARACTERS, most),
        ("a\r\nb", "a\nb"),
    ):
        saying, _ = read_saying(fields(_words=words))
        assert saying is not None
        assert saying.words == kept
    assert read_saying(fields(_words=most + "é")) == (None, (("_words", "too-long"),))
    assert read_saying(fields(_words="a\0b")) == (None, (("_words", "bad-characters"),))


@pytest.mark.parametrize("solved", SOLVED_VALUES)
@pytest.mark.parametrize("contact", [True, False])
def test_every_value_that_is_sent_is_explicit_and_own_words_stand_where_nothing_reopens(
    solved: str, contact: bool
) -> None:
    body = written_back(Saying(solved=solved, contact=contact, words="Mooi!"), FILE)
    assert body["is_satisfied"] is (solved == "solved")
    assert body["allows_contact"] is contact
    assert body["text_list"] in ([SOLVED], [UNSOLVED])
    assert body["text_extra"] == "Mooi!"
    assert "text" not in body
    without = written_back(Saying(solved=solved, contact=contact), FILE)
    assert None not in without.values()
    assert "text_extra" not in without


def test_what_somebody_wrote_is_in_no_traceback() -> None:
    saying = Saying(solved="solved", contact=True, words="kanarie")
    assert "kanarie" not in repr(saying) + repr(ToTell(token="kanarie", saying=saying))


def test_pauses_grow_and_fill_fourteen_days() -> None:
    minutes = [pause_after(tries).total_seconds() / 60 for tries in range(1, 9)]
    for known, said in zip((*BACKOFF_MINUTES, 360, 360, 360), minutes, strict=True):
        assert known <= said <= 1.2 * known


# --- The real one, line by line: our imitation of it


async def said(server: Any, method: str, path: str, body: Any = None, **headers: str) -> Any:
    async with httpx.AsyncClient(base_url=server.url + ROOT) as client:
        content = None if body is None else json.dumps(body)
        usual = {"content-type": "application/json"} if body is not None else {}
        return await client.request(method, path, content=content, headers=usual | headers)


@pytest.mark.dear
async def test_our_signalen_is_as_odd_as_the_real_one() -> None:
    signalen = Signalen()
    forms = "/v1/public/feedback/forms/"
    async with neighbour(signalen) as server:

        async def tried(method: str, body: Any, token: str = "", **headers: str) -> Any:
            one = token or signalen.closed()
            reply = await said(server, method, forms + one, body, **headers)
            return reply.status_code, signalen.state_of(one), signalen.feedback[one].writes

        def body(**changes: Any) -> dict[str, Any]:
            usual = {"is_satisfied": False, "text_list": [UNSOLVED], "allows_contact": True}
            return usual | changes

        opened = "reopen requested"
        assert await tried("PUT", body()) == (200, opened, 1)
        assert await tried("POST", body()) == (405, "o", 0)
        assert await tried("PUT", body(text_list=["Iets anders"])) == (200, opened, 1)
        assert await tried("PUT", body(text_list=[f" {SOLVED} "])) == (200, "o", 1)
        assert await tried("PUT", body(text_list=[SOLVED.upper()])) == (200, opened, 1)
        assert await tried("PUT", body(text_list=[SOLVED], text_extra="Fout!")) == (200, "o", 1)
        assert await tried("PUT", body(text_list=[SOLVED], text="Fout!")) == (200, opened, 1)
        assert await tried("PUT", body(text_list=["De behandeling duurde te lang"])) == (
            200,
            "o",
            1,
        )
        assert await tried("PUT", body(is_satisfied=None)) == (200, opened, 1)
        assert await tried("PUT", body(text_list=None)) == (500, "o", 0)
        assert await tried("PUT", body(text_extra="a" * 1001)) == (400, "o", 0)
        assert await tried("PUT", body(text_list=[])) == (400, "o", 0)
        assert await tried("PATCH", {"text_list": [SOLVED], "allows_contact": True}) == (
            500,
            "o",
            1,
        )
        assert await tried("PUT", body(), **{"content-type": "text/plain"}) == (415, "o", 0)
        token = signalen.closed()
        assert (await said(server, "GET", forms + token + "/")).json() == {
            "signal_id": signalen.feedback[token].signal
        }
        # Not atomic: of those that looked before anybody stored, each is taken.
        signalen.together = asyncio.Barrier(2)
        both = await asyncio.gather(*(tried("PUT", body(), token) for _ in range(2)))
        signalen.together = None
        assert [status for status, _, _ in both] == [200, 200]
        assert signalen.feedback[token].writes == 2
        assert (await tried("PUT", body(), token))[0] == 410
        # What is left out counts as no, and silences every later mail on the report.
        quiet = signalen.closed()
        await tried("PUT", {"is_satisfied": True, "text_list": [SOLVED]}, quiet)
        report = signalen.reports[signalen.feedback[quiet].signal]
        assert signalen.close(report) is None
        # No link after it was asked to be opened again, nor in a fresh Signalen without a template.
        asked = signalen.closed()
        await tried("PUT", body(), asked)
        assert signalen.close(signalen.reports[signalen.feedback[asked].signal]) is None
        fresh = Signalen(template=False)
        assert fresh.close(fresh.report()) is None
        assert len(fresh.feedback) == 1


async def test_answers_of_signalen_are_told_apart() -> None:
    signalen = Signalen()
    async with neighbour(signalen) as server:
        api = PublicApi(
            client_of(
                Declared(url=server.url + ROOT, site=SITE, touchpoints=(), private_network=True)
            )
        )
        wrong = PublicApi(
            client_of(Declared(url=server.url, site=SITE, touchpoints=(), private_network=True))
        )
        token = signalen.closed()
        body = written_back(Saying(solved="solved", contact=True), FILE)
        assert await api.look(token) == "open"
        assert await api.look("x" * 43) == "unknown"
        assert await api.fill_in("x" * 43, body) == "unknown"
        assert await api.fill_in(token, body | {"text_extra": "a" * 1001}) == "refused"
        assert await api.fill_in(token, body) == "done"
        assert await api.fill_in(token, body) == await api.look(token) == "filled-out"
        old = signalen.closed()
        signalen.grow_old(old)
        assert await api.fill_in(old, body) == await api.look(old) == "too-late"
        assert {each.text for each in await api.standard_answers()} == set(STANDARD)
        # At a wrong address, and with the flag, every token is 404: that says nothing of one.
        with pytest.raises(CannotTell, match="answer-unknown"):
            await wrong.look(token)
        signalen.questionnaires_app = True
        with pytest.raises(CannotTell, match="answer-unknown"):
            await api.look(token)
        signalen.away = True
        with pytest.raises(CannotTell, match="failing"):
            await api.standard_answers()
        await api.close()
        await wrong.close()


# --- Telling


class Told:
    """A Signalen, and what waits to be told to it."""

    def __init__(
        self, database: Database, files: Catalogue, keys: Keys, signalen: Signalen
    ) -> None:
        self.database, self.files, self.keys, self.signalen = database, files, keys, signalen

    async def say(
        self,
        token: str,
        *,
        days: int = 14,
        keys: Keys | None = None,
        code: str = CODE,
        **said: Any,
    ) -> None:
        """Something waits, and is due."""
        usual: dict[str, Any] = {"solved": "solved", "contact": True}
        saying = Saying(**usual | said)
        id = uuid4()
        sealed = sealing_of(derived_keys(keys or self.keys)).seal(
            code, id, ToTell(token=token, saying=saying)
        )
        async with self.database.connected("meetpunt_ingest") as db:
            await store_writeback(
                db,
                NewWriteback(
                    municipality=code,
                    id=id,
                    sealed=sealed,
                    due=datetime.now(UTC),
                    until=today_here() + timedelta(days=days),
                ),
            )

    def telling(self) -> Any:
        return telling(self.database, self.files, self.keys, QUICK)

    async def until(self, condition: str) -> None:
        """Return when a row is so."""
        async with asyncio.timeout(20), self.database.superuser() as db:
            while not await db.fetchval(
                f"select exists (select from meetpunt.writeback where {condition})"
            ):
                await db.execute("select pg_sleep(0.02)")


@pytest.fixture
async def told(database: Database, catalogue: Catalogue, keys: Keys) -> AsyncIterator[Told]:
    signalen = Signalen()
    async with neighbour(signalen) as server:
        yield Told(database, with_signalen(catalogue, server.url), keys, signalen)


async def test_what_got_no_answer_and_was_done_is_known_as_done(told: Told) -> None:
    token = told.signalen.closed()
    told.signalen.bad_days.append(BadDay(Cut(), after=True))
    await told.say(token, solved="unsolved")
    async with told.telling():
        await all_told(told.database)
    assert told.signalen.feedback[token].writes == 1
    assert await tallied(told.database) == {"done": 1}


async def test_what_ends_otherwise_is_counted_by_how(told: Told) -> None:
    used, old = told.signalen.closed(), told.signalen.closed()
    told.signalen.feedback[used].submitted_at = datetime.now(UTC)
    told.signalen.grow_old(old)
    for token in (used, old, "x" * 43):
        await told.say(token)
    await told.say(told.signalen.closed(), words="a" * 1001)
    others = Keys(
        signing=told.keys.signing, minting=bytes(32), content=bytes(32), accounts=bytes(32)
    )
    await told.say(told.signalen.closed(), keys=others)
    async with told.telling():
        await all_told(told.database)
    assert await tallied(told.database) == {
        "done-elsewhere": 1,
        "too-late": 1,
        "unknown": 1,
        "refused": 1,
        "unreadable": 1,
    }
    async with told.database.connected("meetpunt_ingest") as db:
        assert (await read_standing(db)).lost == 4


async def test_while_it_is_away_it_waits_for_fourteen_days_and_is_lost_then(told: Told) -> None:
    token = told.signalen.closed()
    await told.say(token)
    with told.signalen.out_of_reach():
        async with told.telling():
            await told.until("attempts > 2")
            async with told.database.connected("meetpunt_ingest") as db:
                standing = await read_standing(db)
            assert (standing.waiting, standing.lost, standing.why) == (1, 0, "failing")
            async with told.database.superuser() as db:
                await db.execute("update meetpunt.writeback set until = current_date - 2")
            await all_told(told.database)
    assert await tallied(told.database) == {"away": 1}
    async with told.database.connected("meetpunt_ingest") as db:
        (there,) = await read_neighbours(db)
    assert (there.slug, there.kind, there.reason) == ("molensloot", Kind.REPORTS, "failing")


async def test_who_is_not_content_with_a_solved_report_never_reopens_it(told: Told) -> None:
    """Under an answer that Signalen does not offer it would be opened again, so it waits."""
    token = told.signalen.closed()
    async with neighbour(told.signalen) as server:
        told.files = with_signalen(told.files, server.url, solved="Het probleem is opgelost!")
        await told.say(token, solved="solved-but")
        async with told.telling():
            await told.until("reason = 'answer-not-offered'")
        assert (told.signalen.feedback[token].writes, await waiting(told.database)) == (0, 1)
        told.files = with_signalen(told.files, server.url)
        async with told.database.superuser() as db:
            await db.execute(
                "update meetpunt.writeback set held_until = now() where state = 'writing'"
            )
        async with told.telling():
            await all_told(told.database)
    assert told.signalen.state_of(token) == "o"


async def test_no_report_waits_for_the_signalen_of_another_municipality(told: Told) -> None:
    other = Signalen()
    async with neighbour(other) as server:
        chosen = told.files.municipality("waterakker")
        there = Declared(
            url=f"{server.url}{ROOT}", site=SITE, touchpoints=("balie",), private_network=True
        )
        told.files = Catalogue(
            [
                *(each for each in told.files.municipalities.values() if each is not chosen),
                msgspec.structs.replace(chosen, signalen=there),
            ],
            told.files.questionnaires,
        )
        for _ in range(25):
            told.signalen.bad_days.append(BadDay(Silence()))
            await told.say(told.signalen.closed())
        token = other.closed()
        await told.say(token, code=chosen.code)
        # Before anybody gives up on the one that says nothing.
        async with told.telling(), asyncio.timeout(4):
            while not other.feedback[token].writes:
                async with told.database.superuser() as db:
                    await db.execute("select pg_sleep(0.02)")
        assert await waiting(told.database) >= 25


async def test_what_it_took_is_written_down_while_another_report_gets_no_answer(
    database: Database, catalogue: Catalogue, keys: Keys
) -> None:
    signalen, answers = Signalen(), asyncio.Event()
    slow, quick = signalen.closed(), signalen.closed()

    async def answering(request: Request) -> Behaviour:
        if slow in request.target:
            await answers.wait()
        return await signalen(request)

    async with neighbour(answering) as server, asyncio.timeout(10):
        told = Told(database, with_signalen(catalogue, server.url), keys, signalen)
        for token in (slow, quick):
            await told.say(token)
        async with told.telling():
            # Else whoever is stopped now tells it once more.
            async with database.superuser() as db:
                while await tallied(database) != {"done": 1}:
                    await db.execute("select pg_sleep(0.01)")
                left = await db.fetch("select state, reason from meetpunt.writeback")
            assert [tuple(row) for row in left] == [("writing", None)]
            answers.set()
            await all_told(database)


async def test_several_at_once_tell_each_report_once(told: Told) -> None:
    tokens = [told.signalen.closed() for _ in range(60)]
    for token in tokens:
        await told.say(token)
    async with told.telling(), told.telling(), told.telling():
        await all_told(told.database)
    assert {told.signalen.feedback[token].writes for token in tokens} == {1}
    assert await tallied(told.database) == {"done": 60}
