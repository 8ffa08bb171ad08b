"""Whoever is thanked may ask to be called, on a page that knows no answer; once for each form."""

import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.asgi.rate_limits import TooManyRequests
from ingest.callbacks.asking import Asking
from ingest.callbacks.sealing import ToCall, sealing_of
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.touchpoints import CallingBack
from ingest.running import metrics
from ingest.running.security import SecurityEvent
from ingest.texts.page_texts import page_texts
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys
from tests.calling_back import FORM, PAGE, PATH, kept, offering, opened, sent, token_in
from tests.conftest import Serve, Served
from tests.strict_html import read_page
from tests.surveys import with_changed, with_retired

pytestmark = pytest.mark.anyio

DONE = f"{PAGE}?gevraagd=ja&lang=nl"


@pytest.fixture
async def served(serve: Serve) -> AsyncIterator[Served]:
    async with serve() as served:
        yield served


def heading(body: bytes) -> str:
    return read_page(body).find("h1")[0].text


# The page.


async def test_in_another_language_stands_what_was_typed_and_nothing_is_taken_in(
    served: Served,
) -> None:
    page = read_page((await served.client.get(f"{PAGE}?lang=nl")).content)
    (button,) = page.find("button", value="en")
    assert button.attributes["form"] == page.find("form")[0].attributes["id"]
    token = page.find("input", name="_token")[0].attributes["value"]
    typed = f"_token={token}&tel=06+12345678&wanneer=middag&_to=en"
    place = f"/bellen/{PATH}{button.attributes['formaction']}"
    reply = await served.client.post(place, content=typed, headers=FORM)
    assert reply.status_code == 200
    again = read_page(reply.content)
    assert again.find("html")[0].attributes["lang"] == "en"
    assert again.find("input", name="tel")[0].attributes["value"] == "06 12345678"
    assert "checked" in again.find("input", value="middag")[0].attributes
    assert again.find("input", name="_token")[0].attributes["value"] == token
    assert await kept(served.database) == []


# The offer.


async def answered(served: Served, purpose: str, mark: int) -> bytes:
    """What is shown of the thanks to who gave this mark under a token of their own."""
    token = served.token(PATH, purpose)
    if purpose == "invitation":
        await served.invite(PATH, [token])
    place = "/embed/molensloot/telefonie" if purpose == "embed" else f"/v/{token}"
    body = f"cijfer={mark}&geholpen=ja&_language=nl&_token={token}"
    reply = await served.client.post(place, content=body, headers=FORM)
    assert reply.status_code == 303, reply.text
    return (await served.client.get(reply.headers["location"])).content


@pytest.mark.parametrize("purpose", ["open", "qr", "invitation", "embed"])
async def test_everybody_is_offered_the_same_whatever_they_answered(
    served: Served, purpose: str
) -> None:
    low, high = await answered(served, purpose, 1), await answered(served, purpose, 10)
    assert low == high
    (link,) = read_page(low).find("a", href=f"{PAGE}?lang=nl")
    assert link.text == "Laat uw telefoonnummer achter"
    # A page in a frame opens others beside it: no frame may hold the one it leads to.
    assert link.attributes.get("target") == ("_blank" if purpose == "embed" else None)


async def test_who_comes_back_to_a_used_link_is_offered_it_too(served: Served) -> None:
    token = await served.invitation(PATH)
    assert (await served.post(served.body(token, PATH))).status_code == 201
    spent = await served.client.post(f"/v/{token}", content="cijfer=3", headers=FORM)
    assert spent.status_code == 410
    assert read_page(spent.content).find("a", href=f"{PAGE}?lang=nl")


async def test_where_a_touchpoint_does_not_have_it_there_is_neither_offer_nor_page(
    served: Served,
) -> None:
    thanks = await served.client.get("/v/bedankt?meetpunt=molensloot/huwelijk")
    assert b"/bellen/" not in thanks.content
    elsewhere = served.service.pages.hosts.not_found("kto.molensloot.example")[0]
    for path in (
        *("molensloot/huwelijk", "molensloot/nergens", "nergens/telefonie", "molensloot"),
        *("", f"{PATH}/", f"{PATH}/x", "MOLENSLOOT/telefonie", "%00/x", "molensloot/%E2%80%AE"),
    ):
        for method in ("GET", "POST"):
            reply = await served.client.request(method, f"/bellen/{path}")
            assert (reply.status_code, reply.content) == (404, elsewhere), path


async def test_a_touchpoint_that_is_retired_still_calls_who_was_thanked(
    serve: Serve, catalogue: Catalogue
) -> None:
    async with serve(files=with_retired(catalogue, PATH)) as served:
        assert (await sent(served)).status_code == 303


async def test_the_widget_is_told_where_and_a_touchpoint_without_it_is_told_nothing(
    serve: Serve, catalogue: Catalogue
) -> None:
    async with serve(files=offering(catalogue, "molensloot/online")) as served:
        origin = {"origin": "https://www.molensloot.example"}
        place = "/api/v1/touchpoints/molensloot"
        texts = (await served.client.get(f"{place}/online", headers=origin)).json()["texts"]
        assert texts["call"] == "Wilt u dat wij u bellen?"
        assert texts["callUrl"].endswith("/bellen/molensloot/online?lang=nl")
        texts = (await served.client.get(f"{place}/huwelijk", headers=origin)).json()["texts"]
        assert not [name for name in texts if name.startswith("call")]


# The page.


async def test_to_open_the_page_stores_nothing_and_gives_everybody_a_token_of_their_own(
    served: Served, keys: Keys
) -> None:
    first, second = await opened(served), await opened(served)
    assert first != second
    token = served.tokens.verify(first, now=datetime.now(UTC), purposes=("callback",))
    assert token.touchpoint == served.number(PATH)
    left = token.expires_at - datetime.now(UTC)
    assert timedelta(minutes=14) < left <= timedelta(minutes=25)
    plain = await served.client.get(PAGE, headers={"accept-encoding": "identity"})
    for encoding in ("br", "gzip"):
        packed = await served.client.get(PAGE, headers={"accept-encoding": encoding})
        assert packed.headers["content-encoding"] == encoding
        assert packed.text.replace(token_in(packed.content), "") == plain.text.replace(
            token_in(plain.content), ""
        )
    assert plain.headers["referrer-policy"] == "no-referrer"
    assert "no-store" in plain.headers["cache-control"]
    assert plain.headers["x-frame-options"] == "DENY"
    assert "script-src 'sha256-" in plain.headers["content-security-policy"]
    assert "<script" not in plain.text
    assert await kept(served.database) == []
    async with served.database.superuser() as db:
        assert await db.fetchval("select count(*) from meetpunt.spent_token") == 0


async def test_it_says_that_answers_can_be_guessed_and_when_somebody_calls(served: Served) -> None:
    text = read_page((await served.client.get(PAGE)).content).text
    assert "kan de gemeente misschien raden welke antwoorden van u zijn" in text
    assert "binnen 2 werkdagen" in text
    assert "hooguit 14 dagen" in text


@pytest.mark.parametrize("language", page_texts())
async def test_every_language_has_it_and_that_of_the_browser_is_chosen(
    served: Served, language: str
) -> None:
    said = page_texts()[language].callback
    chosen = {"accept-language": language}
    reply = await served.client.get(PAGE, headers=chosen)
    page = read_page(reply.content)
    assert page.find("html")[0].attributes["lang"] == language
    assert page.find("h1")[0].text == said.title
    assert "{" not in page.find("main")[0].text
    done = await served.client.get(f"{PAGE}?gevraagd=ja&lang={language}")
    assert heading(done.content) == said.done
    assert "2" in read_page(done.content).find("main")[0].text


# Sending it.


async def test_a_number_is_sealed_with_the_day_and_nothing_else_of_the_moment(
    served: Served, keys: Keys
) -> None:
    before = await kept(served.database)
    reply = await sent(served, tel="020 - 123 45 67", wanneer="ochtend")
    assert (reply.status_code, reply.headers["location"]) == (303, DONE)
    assert reply.content == b""
    (row,) = await kept(served.database)
    assert before == []
    assert set(row) == {"municipality", "id", "touchpoint", "day", "state", "sealed", "mixed"}
    assert (row["state"], row["touchpoint"]) == ("nieuw", served.number(PATH))
    sealing = sealing_of(derived_keys(keys))
    assert sealing.open(row["municipality"], row["id"], row["sealed"]) == ToCall(
        number="+31201234567", moment="ochtend", language="nl"
    )
    await sent(served, page=f"{PAGE}?lang=pl", wanneer="altijd")
    wanted = [
        sealing.open(each["municipality"], each["id"], each["sealed"])
        for each in await kept(served.database)
    ]
    assert {each.language for each in wanted} == {"nl", "pl"}
    lengths = {len(each["sealed"]) for each in await kept(served.database)}
    assert len(lengths) == 1, "a length tells nothing of what was filled in"
    page = await served.client.get(reply.headers["location"])
    assert heading(page.content) == "Wij bellen u"
    assert "binnen 2 werkdagen" in page.text


async def test_the_same_form_sent_again_is_one_call(served: Served) -> None:
    token = await opened(served)
    assert (await sent(served, token)).status_code == 303
    again = await sent(served, token)
    assert again.status_code == 200
    assert heading(again.content) == "Wij hebben uw nummer al"
    # Whoever corrected the number is not told that we call the new one.
    other = await sent(served, token, tel="0687654321")
    assert other.content == again.content
    (link,) = read_page(other.content).find("main")[0].find("a")
    assert link.attributes["href"] == f"{PAGE}?lang=nl"
    assert len(await kept(served.database)) == 1


async def test_a_form_that_stood_open_is_sent_once_more_and_a_late_retry_is_known(
    served: Served,
) -> None:
    then = datetime.now(UTC) - timedelta(hours=1)
    old = served.token(PATH, "callback", now=then, valid=timedelta(minutes=15))
    reply = await sent(served, old, wanneer="middag")
    assert reply.status_code == 410
    page = read_page(reply.content)
    assert "Deze pagina stond lang open" in page.find("div", class_="notice")[0].text
    assert page.find("input", id="tel")[0].attributes["value"] == "06-1234 5678"
    (checked,) = [each for each in page.find("input") if "checked" in each.attributes]
    assert checked.attributes["value"] == "middag"
    fresh = token_in(reply.content)
    assert fresh != old
    assert (await sent(served, fresh)).status_code == 303
    async with served.database.superuser() as db:
        await db.execute(
            "insert into meetpunt.spent_token values ('GM9001', $1, current_date)",
            served.codes.of_spent(served.tokens.read(old).id),
        )
    assert heading((await sent(served, old)).content) == "Wij hebben uw nummer al"
    assert len(await kept(served.database)) == 1


async def test_a_number_of_a_country_that_the_file_names_is_called(
    serve: Serve, catalogue: Catalogue
) -> None:
    abroad = CallingBack(working_days=2, countries=("NL", "BE"))
    async with serve(files=with_changed(catalogue, PATH, callback=abroad)) as served:
        assert (await sent(served, tel="+32 470 12 34 56")).status_code == 303
        assert (await sent(served, tel="+33 6 12 34 56 78")).status_code == 400


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"tel": ""}, {"tel": "Vul uw telefoonnummer in."}),
        ({"tel": "  "}, {"tel": "Vul uw telefoonnummer in."}),
        ({"tel": "zes"}, {"tel": "Kijk uw nummer na."}),
        ({"tel": "0900 1234"}, {"tel": "Wij bellen geen betaalnummers, zoals 0900."}),
        ({"tel": "+32 470 12 34 56"}, {"tel": "Wij bellen geen nummers uit dit land."}),
        ({"tel": '"><script>'}, {"tel": "Kijk uw nummer na."}),
        ({"tel": "9" * 5000}, {"tel": "Kijk uw nummer na."}),
        ({"tel": "0612345678\x00"}, {"tel": "Kijk uw nummer na."}),
        ({"wanneer": "vannacht"}, {"wanneer": "Kies wanneer het u uitkomt."}),
    ],
)
async def test_what_is_wrong_is_said_beside_it_and_what_was_typed_stays(
    served: Served, fields: dict[str, str], wrong: dict[str, str]
) -> None:
    token = await opened(served)
    reply = await sent(served, token, **fields)
    assert reply.status_code == 400
    page = read_page(reply.content)
    assert token_in(reply.content) == token
    field = page.find("input", id="tel")[0]
    typed = fields.get("tel", "06-1234 5678").strip()[:60].replace("\x00", "\ufffd")
    assert field.attributes["value"] == typed
    assert ("aria-invalid" in field.attributes) == ("tel" in wrong)
    links = page.find("div", class_="notice")[0].find("a")
    assert [link.attributes["href"] for link in links] == [f"#{name}" for name in wrong]
    for name, sentence in wrong.items():
        assert sentence in page.find("p", id=f"e-{name}")[0].text
    assert page.find("title")[0].text.startswith("Fout: ")
    assert await kept(served.database) == []


async def test_whoever_fills_in_what_people_do_not_see_is_asked_again(served: Served) -> None:
    token = await opened(served)
    reply = await sent(served, token, _website="https://x.example")
    assert reply.status_code == 400
    assert await kept(served.database) == []
    assert (await sent(served, token)).status_code == 303


async def test_only_a_token_of_this_page_is_taken(served: Served) -> None:
    """Of no response, of no other touchpoint, of no other keys; and none of it is good for one."""
    ours = await opened(served)
    for token in (
        *("", "x", "A" * 48, f"{ours[:-1]}{'B' if ours[-1] != 'B' else 'C'}", f"{ours}A"),
        *(served.token(PATH, purpose) for purpose in ("open", "qr", "embed", "preview")),
        served.token(PATH, "invitation"),
        served.token("molensloot/online", "callback"),
    ):
        assert (await sent(served, token)).status_code == 404, token
    assert await kept(served.database) == []
    for place in (f"/v/{ours}", "/embed/molensloot/telefonie"):
        body = f"cijfer=8&_token={ours}"
        assert (await served.client.post(place, content=body, headers=FORM)).status_code == 404
    assert (await served.post(served.body(ours, PATH))).status_code == 403
    assert await served.responses() == []


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"tel=%ff", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a%d=1" % n for n in range(300)), "application/x-www-form-urlencoded", 400),
        (b"tel=0612345678", "text/plain", 415),
        (b"tel=" + b"6" * 65_000, "application/x-www-form-urlencoded", 413),
    ],
)
async def test_a_body_that_is_no_form_of_ours_gets_a_form_that_can_be_sent(
    served: Served, content: bytes, content_type: str, status: int
) -> None:
    reply = await served.client.post(PAGE, content=content, headers={"content-type": content_type})
    assert reply.status_code == status
    assert read_page(reply.content).find("h2")[0].text == "Wij hebben uw nummer nog niet"
    assert (await sent(served, token_in(reply.content))).status_code == 303


async def test_a_page_elsewhere_cannot_send_it_for_its_visitors(served: Served) -> None:
    token = await opened(served)
    for says in ({"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example"}):
        body = f"_token={token}&tel=0612345678"
        reply = await served.client.post(PAGE, content=body, headers=FORM | says)
        assert reply.status_code == 403
    assert await kept(served.database) == []
    own = {"sec-fetch-site": "same-origin", "origin": "null"}
    body = f"_token={token}&tel=0612345678"
    assert (await served.client.post(PAGE, content=body, headers=FORM | own)).status_code == 303


async def test_another_method_is_not_allowed(served: Served) -> None:
    reply = await served.client.put(PAGE)
    assert (reply.status_code, reply.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")
    assert (await served.client.options(PAGE)).status_code == 204
    assert (await served.client.head(PAGE)).content == b""


async def test_who_sends_too_many_waits_and_keeps_what_was_typed(serve: Serve) -> None:
    now = 1000.0
    async with serve(clock=lambda: now) as served:
        token = await opened(served)
        replies = [await sent(served, token if n == 20 else None) for n in range(21)]
        assert [reply.status_code for reply in replies] == [303] * 20 + [429]
        wait = int(replies[-1].headers["retry-after"])
        page = read_page(replies[-1].content)
        assert page.find("input", id="tel")[0].attributes["value"] == "06-1234 5678"
        assert token_in(replies[-1].content) == token
        assert "Wacht een minuut" in page.find("div", class_="notice")[0].text
        assert len(await kept(served.database)) == 20
        now += wait
        # Of the same address no more are taken on this day, and nobody is told to wait a minute.
        reply = await sent(served, token)
        assert reply.status_code == 429
        (notice,) = read_page(reply.content).find("div", class_="notice")
        assert "Vandaag kan dat hier niet meer." in notice.text
        (link,) = notice.find("a")
        assert link.attributes["href"] == "https://www.molensloot.example/contact"
        assert "Wacht een minuut" not in notice.text
        now += int(reply.headers["retry-after"])
        assert (await sent(served, token)).status_code == 303


async def test_of_a_day_only_what_makes_a_call_counts(serve: Serve) -> None:
    now = 1000.0
    async with serve(clock=lambda: now) as served:
        first = await opened(served)
        for n in range(3):
            now += 60
            reply = await sent(served, first)
            assert reply.status_code == (200 if n else 303)
        for _ in range(19):
            now += 60
            assert (await sent(served)).status_code == 303
        now += 60
        assert (await sent(served)).status_code == 429
        # Whoever sends the twentieth once more is not told that it was not taken.
        assert heading((await sent(served, first)).content) == "Wij hebben uw nummer al"


@pytest.mark.parametrize(("workers", "of_each"), [(1, 20), (4, 5), (40, 2)])
async def test_of_one_address_so_many_are_taken_a_day_by_all_workers_together(
    keys: Keys, catalogue: Catalogue, workers: int, of_each: int
) -> None:
    def nowhere() -> Any:
        raise AssertionError("counting asks no database")

    now = 1000.0
    asking = Asking(keys, nowhere, lambda: now, workers=workers)
    telefonie = catalogue.touchpoint("molensloot", "telefonie").number
    for _ in range(of_each):
        now += 60
        asking.count(telefonie, "198.51.100.1")
    now += 3600
    with pytest.raises(TooManyRequests) as refused:
        asking.count(telefonie, "198.51.100.1")
    assert refused.value.retry_after_seconds > 3600
    asking.count(telefonie, "198.51.100.2")
    asking.count(catalogue.touchpoint("molensloot", "online").number, "198.51.100.1")
    now += refused.value.retry_after_seconds
    asking.count(telefonie, "198.51.100.1")


async def test_nobody_with_many_addresses_closes_the_page_to_others_and_it_is_told(
    keys: Keys, catalogue: Catalogue
) -> None:
    def told() -> float:
        labels = {"kind": SecurityEvent.CALLBACKS_CROWDED.value}
        return metrics.REGISTRY.get_sample_value("security_events_total", labels) or 0

    def nowhere() -> Any:
        raise AssertionError("counting asks no database")

    asking, before = Asking(keys, nowhere, lambda: 1000.0), told()
    telefonie = catalogue.touchpoint("molensloot", "telefonie").number
    for address in range(20):
        for _ in range(3):
            with suppress(TooManyRequests):
                asking.count(telefonie, f"198.51.100.{address}")
    assert told() == before
    for _ in range(2):
        asking.count(telefonie, "203.0.113.1")
    with pytest.raises(TooManyRequests):
        asking.count(telefonie, "203.0.113.1")
    assert told() == before + 3
    asking.count(catalogue.touchpoint("molensloot", "online").number, "203.0.113.1")


async def test_without_a_database_nobody_is_promised_a_call_and_what_was_typed_stays(
    serve: Serve,
) -> None:
    away = "postgresql://meetpunt_ingest@127.0.0.1:1/away?sslmode=disable"
    async with serve(url=away) as served:
        token = await opened(served)
        reply = await sent(served, token)
        assert reply.status_code == 503
        assert int(reply.headers["retry-after"]) >= 1
        page = read_page(reply.content)
        assert page.find("h2")[0].text == "Wij hebben uw nummer nog niet"
        assert page.find("input", id="tel")[0].attributes["value"] == "06-1234 5678"
        assert token_in(reply.content) == token


async def test_a_form_takes_one_number_of_a_transaction_taken_or_again(served: Served) -> None:
    """As of every answer: a reader may count them, and tells none from another by it."""
    token, took = await opened(served), []
    for _ in range(2):
        async with served.database.superuser() as db:
            before = await db.fetchval("select pg_current_xact_id()::text::bigint")
            await sent(served, token)
            after = await db.fetchval("select pg_current_xact_id()::text::bigint")
        took.append(after - before)
    assert took == [2, 2]  # that of the form, and the look itself


async def test_nothing_of_what_was_typed_is_logged(served: Served, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    await sent(served, tel="0687654321")
    await sent(served, tel="0687654321x")
    await sent(served, "A" * 48, tel="0687654321")
    assert "87654321" not in caplog.text
