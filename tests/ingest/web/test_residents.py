"""A resident opens a link, fills in the survey, makes mistakes, comes back, and is thanked once."""

import gzip
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import brotli
import httpx
import msgspec
import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.texts.page_texts import page_texts
from ingest.tokens.response_tokens import Token
from tests.conftest import Database, Serve, Served, Stand
from tests.example import VERSION
from tests.filled_in import form_on
from tests.strict_html import Element, read_page
from tests.surveys import with_retired

pytestmark = pytest.mark.anyio

OPEN = "/o/molensloot/balie-hal"
THANKS = "/v/bedankt?meetpunt=molensloot/balie-hal&lang=nl"


async def looked_at(served: Served, path: str, **headers: str) -> Element:
    reply = await served.client.get(path, headers=headers)
    assert reply.status_code == 200, reply.status_code
    return read_page(reply.content)


async def sent(served: Served, path: str, **fields: Any) -> httpx.Response:
    return await served.client.post(path, data=fields)


def heading(reply: httpx.Response) -> str:
    return read_page(reply.content).find("h1")[0].text


# Looking


async def test_the_survey_is_the_same_bytes_however_it_is_packed(standing: Stand) -> None:
    async with standing() as served:
        pages = {}
        for accepted, encoding in (
            ("br, gzip", "br"),
            ("gzip, deflate, br, zstd", "br"),
            ("gzip", "gzip"),
            ("identity", ""),
            ("", ""),
            ("deflate", ""),
            ("br;q=0", ""),
            ("gzip;q=1", "gzip"),
            ("gzip;q=1.0, br;q=0", "gzip"),
            ("br; q=0.5, gzip; q=1", "br"),
            ("gzip;q=0", ""),
            ("xgzip", ""),
            ("*;q=0.1", ""),
        ):
            request = served.client.build_request(
                "GET", f"/v/{served.token()}", headers={"accept-encoding": accepted}
            )
            reply = await served.client.send(request, stream=True)
            raw = b"".join([piece async for piece in reply.aiter_raw()])
            assert reply.headers.get("content-encoding", "") == encoding, accepted
            assert int(reply.headers["content-length"]) == len(raw) < 20_000
            unpack = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[encoding]
            pages[accepted] = unpack(raw)
        assert len(set(pages.values())) == 1
        assert served.token().encode() not in pages[""]


async def test_who_is_one_of_few_reads_so_whatever_way_the_page_was_opened(standing: Stand) -> None:
    told = page_texts()["nl"].survey.small_group
    async with standing() as served:
        for path in ("/o/molensloot/huwelijk", "/embed/molensloot/huwelijk"):
            reply = await served.client.get(path)
            assert reply.status_code == 200
            assert told in read_page(reply.content).text, path
        for path in (OPEN, "/embed/molensloot/balie-hal"):
            reply = await served.client.get(path)
            assert reply.status_code == 200
            assert told not in read_page(reply.content).text, path


async def everything_in(database: Database) -> str:
    """A checksum over every row of every table, with the transaction that wrote it."""
    async with database.superuser() as db:
        tables = await db.fetch(
            "select tablename from pg_tables where schemaname = 'meetpunt' order by tablename"
        )
        sums = [
            await db.fetchval(
                f"select md5(string_agg(t::text || xmin::text || ctid::text, ',' order by ctid))"
                f" from meetpunt.{row['tablename']} t"
            )
            for row in tables
        ]
    assert len(sums) > 5
    return ",".join(map(str, sums))


async def test_looking_a_hundred_times_changes_nothing(standing: Stand) -> None:
    """Mail filters, chat previews and browsers that fetch ahead open every link."""
    async with standing() as served:
        invited, opened = await served.invitation(), served.token()
        before = await everything_in(served.database)
        agents = (
            "Mozilla/5.0 (compatible; Microsoft-SafeLinks)",
            "BarracudaLinkProtect/1.0",
            "WhatsApp/2.23 A",
            "TelegramBot (like TwitterBot)",
            "facebookexternalhit/1.1",
        )
        for number in range(100):
            headers = {"user-agent": agents[number % 5], "sec-purpose": "prefetch;prerender"}
            for method in ("GET", "HEAD", "OPTIONS"):
                for path in (f"/v/{invited}", f"/v/{opened}?cijfer=9", OPEN):
                    reply = await served.client.request(method, path, headers=headers)
                    assert reply.status_code in (200, 204)
        assert await everything_in(served.database) == before
        assert (await sent(served, f"/v/{invited}", cijfer=8)).status_code == 303
        assert await everything_in(served.database) != before


async def test_the_survey_speaks_the_language_that_is_asked(standing: Stand) -> None:
    async with standing() as served:
        path = f"/v/{served.token()}"
        for query, accepted, language in (
            ("", "", "nl"),
            ("", "en-GB,en;q=0.9,nl;q=0.8", "en"),
            ("", "fy", "nl"),
            ("?lang=en", "nl", "en"),
            ("?lang=nl", "en", "nl"),
            ("?lang=xx", "en", "en"),
            ("", "ar-SY,ar;q=0.9,nl;q=0.8", "ar"),
        ):
            page = await looked_at(served, path + query, **{"accept-language": accepted})
            assert page.find("html")[0].attributes["lang"] == language
            assert form_on(page).fields["_language"] == [language]
            others = [each.attributes["formaction"] for each in page.find("button", name="_to")]
            spoken = served.service.catalogue.touchpoint("molensloot", "balie-hal").languages
            assert others == [f"?lang={other}" for other in spoken if other != language]


async def test_the_language_links_keep_what_the_address_says(standing: Stand) -> None:
    async with standing() as served:
        path = f"/v/{served.token()}"
        query = "?product=paspoort&location=hal&cijfer=9&utm_source=mail&soort=afval&product=fiets"
        for shown in (query, query.replace("cijfer=9&", "cijfer=99&")):
            page = await looked_at(served, path + shown)
            other, *_ = page.find("button", name="_to")
            kept = httpx.QueryParams(other.attributes["formaction"].removeprefix("?"))
            expected = {"product": "paspoort", "location": "hal", "lang": "en"}
            assert dict(kept) == expected | ({"cijfer": "9"} if shown == query else {})
            assert form_on(page).fields.get("cijfer") == (["9"] if shown == query else None)


async def test_only_listed_values_make_pages_of_their_own(standing: Stand) -> None:
    async with standing() as served:
        path = f"/v/{served.token()}"
        plain = (await served.client.get(path)).content
        for query in ("?product=fiets", "?cijfer=99", "?x=1", "?location=", "?lang=nl&form=x"):
            assert (await served.client.get(path + query)).content == plain
        listed = (await served.client.get(path + "?product=paspoort")).content
        assert listed != plain
        assert (await served.client.get(path + "?product=paspoort&x=1")).content == listed
        other = (await served.client.get(path + "?product=rijbewijs")).content
        assert b"product=rijbewijs" in other
        assert b"paspoort" not in other


@pytest.mark.parametrize(("mark", "chosen"), [("8", ["8"]), ("10", ["10"])])
async def test_a_mark_in_the_message_is_chosen_already(
    standing: Stand, mark: str, chosen: list[str]
) -> None:
    async with standing() as served:
        path = f"/v/{served.token()}?cijfer={mark}"
        page = await looked_at(served, path)
        assert form_on(page).fields["cijfer"] == chosen
        assert await served.responses() == []
        reply = await served.client.post(path, content=form_on(page).encoded(), headers=FORM)
        assert reply.status_code == 303


@pytest.mark.parametrize("mark", ["99", "0", "11", "8.0", "-1", "", "08", "acht", "8%20", "٨"])
async def test_a_mark_that_is_none_is_not_chosen(standing: Stand, mark: str) -> None:
    async with standing() as served:
        page = await looked_at(served, f"/v/{served.token()}?cijfer={mark}")
        assert "cijfer" not in form_on(page).fields


FORM = {"content-type": "application/x-www-form-urlencoded"}


# Sending


async def test_what_was_filled_in_is_stored_and_thanked_for(standing: Stand) -> None:
    async with standing() as served:
        path = f"/v/{served.token()}"
        form = form_on(await looked_at(served, path + "?product=paspoort"))
        assert form.action == ""
        body = form.encoded(cijfer="8", geholpen="ja", toelichting="Prima\r\ngeholpen", wachttijd=4)
        reply = await served.client.post(path + "?product=paspoort", content=body, headers=FORM)
        assert reply.status_code == 303
        assert reply.headers["location"] == THANKS
        (row,) = await served.responses()
        assert await served.answers(row["id"]) == {
            "cijfer": "8",
            "geholpen": "ja",
            "wachttijd": "4",
            "toelichting": "Prima\ngeholpen",
        }
        assert (row["language"], row["version"], row["complete"]) == ("nl", VERSION, True)
        assert msgspec.json.decode(row["dimensions"]) == {"product": "paspoort"}
        assert row["suspect"] == []
        thanked = await looked_at(served, reply.headers["location"])
        assert thanked.find("h1")[0].text == "Bedankt voor uw reactie"
        assert not thanked.find("form")


async def test_a_mistake_brings_everything_back(standing: Stand) -> None:
    async with standing() as served:
        path = f"/v/{served.token()}?product=paspoort"
        written = 'Regel 1\nRegel 2 & <b>"dik"</b> €'
        reply = await sent(served, path, geholpen="deels", vriendelijk="6", toelichting=written)
        assert reply.status_code == 400
        page = read_page(reply.content)
        assert page.find("title")[0].text.startswith("Fout: ")
        linked = {each.attributes["href"] for each in page.find("a") if "#" in str(each.attributes)}
        assert {"#i-cijfer", "#i-vriendelijk"} <= linked
        form = form_on(page)
        assert (form.fields["geholpen"], form.fields["toelichting"]) == (["deels"], [written])
        assert "cijfer" not in form.fields
        other, *_ = page.find("button", name="_to")
        assert other.attributes["formaction"] == "?product=paspoort&lang=en"
        assert await served.responses() == []
        again = await served.client.post(
            path, content=form.encoded(cijfer="6", vriendelijk="5"), headers=FORM
        )
        assert again.status_code == 303
        (row,) = await served.responses()
        assert (await served.answers(row["id"]))["toelichting"] == written


async def test_what_is_filled_in_goes_along_to_another_language(standing: Stand) -> None:
    async with standing() as served:
        path = f"/v/{served.token()}?product=paspoort"
        form = form_on(await looked_at(served, path))
        response_id = str(uuid4())
        kept = {"cijfer": "11", "geholpen": "deels", "toelichting": 'Regel 1\n<b>"dik"</b>'}
        content = form.encoded(**kept, _to="en", _response=response_id)
        reply = await served.client.post(path, content=content, headers=FORM)
        assert reply.status_code == 200
        assert reply.headers["cache-control"] == "private, no-store"
        page = read_page(reply.content)
        assert page.find("html")[0].attributes["lang"] == "en"
        # Nobody pressed Send, so nothing is told to be wrong, and nothing is stored.
        assert not page.find("div", class_="notice")
        assert await served.responses() == []
        again = form_on(page)
        assert (again.fields["geholpen"], again.fields["toelichting"]) == (
            ["deels"],
            [kept["toelichting"]],
        )
        assert (again.fields["_language"], again.fields["_response"]) == (["en"], [response_id])
        content = again.encoded(cijfer="6", vriendelijk="5")
        assert (await served.client.post(path, content=content, headers=FORM)).status_code == 303
        (row,) = await served.responses()
        assert (row["language"], row["dimensions"]) == ("en", '{"product": "paspoort"}')
        assert (await served.answers(row["id"]))["toelichting"] == kept["toelichting"]


async def test_another_language_tells_nothing_of_a_link_and_asks_no_database(
    standing: Stand,
) -> None:
    async with standing() as served:
        fresh, used = served.token(), served.token()
        assert (await sent(served, f"/v/{used}", cijfer="8")).status_code == 303
        expired = served.token(now=datetime.now(UTC) - timedelta(days=9))
        before = await everything_in(served.database)
        replies = [
            await sent(served, f"/v/{token}", cijfer="8", _to=to)
            for token in (fresh, used, expired)
            for to in ("en", "xx", "")
        ]
        assert {reply.status_code for reply in replies} == {200}
        assert len({reply.content for reply in replies}) == 2
        assert {tuple(reply.headers.items()) for reply in replies[::3]} == {
            tuple(replies[0].headers.items())
        }
        assert read_page(replies[1].content).find("html")[0].attributes["lang"] == "nl"
        assert await everything_in(served.database) == before
        assert (await sent(served, f"/v/{fresh}x", _to="en")).status_code == 404


async def test_an_answer_in_arabic_is_stored_as_one_in_dutch(standing: Stand) -> None:
    async with standing() as served:
        stored = []
        for language in ("nl", "ar"):
            path = f"/v/{served.token()}"
            page = await looked_at(served, f"{path}?lang={language}")
            content = form_on(page).encoded(cijfer="8", geholpen="deels", vriendelijk="5")
            assert (
                await served.client.post(path, content=content, headers=FORM)
            ).status_code == 303
            (row,) = [row for row in await served.responses() if row["language"] == language]
            stored.append(await served.answers(row["id"]))
        assert stored[0] == stored[1]
        assert stored[0]["geholpen"] == "deels"


async def test_a_form_that_is_sent_in_english_stays_english(standing: Stand) -> None:
    async with standing() as served:
        path = f"/v/{served.token()}"
        wrong = await sent(served, path, _language="en", cijfer="11")
        assert read_page(wrong.content).find("html")[0].attributes["lang"] == "en"
        reply = await sent(served, path, _language="en", cijfer="1")
        assert reply.headers["location"] == THANKS.replace("lang=nl", "lang=en")
        (row,) = await served.responses()
        assert row["language"] == "en"


async def test_an_answer_that_is_hidden_since_is_dropped(standing: Stand) -> None:
    async with standing() as served:
        path = "molensloot/terugbelverzoek"
        questionnaire = served.service.catalogue.questionnaire(
            served.service.catalogue.touchpoint("molensloot", "terugbelverzoek")
        )
        hidden, *_ = [item for item in questionnaire.items if item.ask_if]
        assert hidden.ask_if
        asking = questionnaire.item(hidden.ask_if.item)
        assert asking
        for leads_there in (False, True):
            chosen = next(
                code for code in asking.codes if (code in hidden.ask_if.values) == leads_there
            )
            fields = {"cijfer": "8", asking.code: chosen, hidden.code: _first_value(hidden)}
            reply = await sent(served, f"/v/{served.token(path)}", **fields)
            assert reply.status_code == 303
        stored = [set(await served.answers(row["id"])) for row in await served.responses()]
        assert sorted(hidden.code in codes for codes in stored) == [False, True]


def _first_value(item: Any) -> str:
    return next(iter(item.codes), "1")


async def test_a_bot_and_a_hasty_hand_are_marked_and_stored(standing: Stand) -> None:
    async with standing() as served:
        trapped = await sent(served, f"/v/{served.token()}", cijfer=8, _website="https://x.example")
        hasty = await sent(served, f"/v/{served.token(now=datetime.now(UTC))}", cijfer=9)
        calm = await sent(served, f"/v/{served.token()}", cijfer=10, _website="")
        assert {reply.status_code for reply in (trapped, hasty, calm)} == {303}
        marked = {}
        for row in await served.responses():
            marked[(await served.answers(row["id"]))["cijfer"]] = row["suspect"]
        assert marked == {"8": ["honeypot"], "9": ["too-quick"], "10": []}


async def test_a_link_that_was_used_says_so_kindly(standing: Stand) -> None:
    async with standing() as served:
        path = f"/v/{await served.invitation()}"
        unused = (await served.client.get(path)).content
        assert (await sent(served, path, cijfer=8)).status_code == 303
        # Who opens it learns nothing of that: these are the bytes from before it was used.
        assert (await served.client.get(path)).content == unused
        reply = await sent(served, path, cijfer=8)
        assert reply.status_code == 410
        assert heading(reply) == "U hebt al gereageerd, dank u"
        assert len(await served.responses()) == 1


async def test_a_link_that_expired_says_so_kindly(standing: Stand) -> None:
    async with standing() as served:
        long_ago = datetime.now(UTC) - timedelta(days=30)
        path = f"/v/{await served.invitation(now=long_ago)}"
        for reply in (
            await served.client.get(path),
            await served.client.get(path + "?lang=nl&cijfer=8"),
            await sent(served, path, cijfer=8),
        ):
            assert reply.status_code == 410
            assert heading(reply) == "Deze link is verlopen"
            assert reply.headers["referrer-policy"] == "no-referrer"
        (again,) = read_page((await served.client.get(path)).content).find("main")[0].find("a")[:1]
        assert again.attributes["href"].startswith("/o/molensloot/telefonie")
        english = await served.client.get(path, headers={"accept-language": "en"})
        assert read_page(english.content).find("html")[0].attributes["lang"] == "en"
        assert await served.responses() == []


@pytest.mark.parametrize(("purpose", "mode"), [("open", "link"), ("qr", "qr")])
async def test_an_open_page_that_stood_too_long_goes_on_where_it_was(
    serve: Serve, catalogue: Catalogue, purpose: str, mode: str
) -> None:
    """Nobody was sent its token, so what was typed may go on under a fresh one."""
    async with serve() as served:
        two_days_ago = datetime.now(UTC) - timedelta(days=2)
        path = f"/v/{served.token(purpose=purpose, now=two_days_ago)}"
        reply = await sent(served, path + "?product=paspoort", cijfer=8, toelichting="Wachten")
        assert reply.status_code == 410
        form = form_on(reply.content)
        assert (form.fields["cijfer"], form.fields["toelichting"]) == (["8"], ["Wachten"])
        assert "stond lang open" in read_page(reply.content).text
        assert form.action.startswith("/v/")
        assert form.action.endswith("?product=paspoort")
        assert await served.responses() == []
        again = await served.client.post(form.action, content=form.encoded(), headers=FORM)
        assert again.status_code == 303
        (row,) = await served.responses()
        assert msgspec.json.decode(row["dimensions"]) == {"product": "paspoort"}
        assert row["mode"] == mode
    async with serve(files=with_retired(catalogue, "molensloot/balie-hal")) as served:
        assert heading(await sent(served, path, cijfer=8)) == "Deze link is verlopen"


async def test_questions_that_changed_are_asked_anew(standing: Stand) -> None:
    async with standing() as served:
        path = f"/v/{served.token()}"
        reply = await sent(served, path, _version="99", cijfer=8, toelichting="Wachten")
        assert reply.status_code == 400
        form = form_on(reply.content)
        assert form.fields["_version"] == [str(VERSION)]
        assert form.fields["toelichting"] == ["Wachten"]
        assert "zijn veranderd" in read_page(reply.content).text
        again = await served.client.post(path, content=form.encoded(), headers=FORM)
        assert again.status_code == 303


async def test_a_retired_touchpoints_links_work_until_they_expire(
    serve: Serve, catalogue: Catalogue
) -> None:
    gone = "waterakker/balie-hal"
    async with serve(files=with_retired(catalogue, gone)) as served:
        assert (await served.client.get(f"/o/{gone}")).status_code == 404
        path = f"/v/{served.token(gone)}"
        assert (await served.client.get(path)).status_code == 200
        reply = await sent(served, path, cijfer=8)
        assert reply.status_code == 303
        assert (await served.client.get(reply.headers["location"])).status_code == 200


# The open link


async def goes_to(served: Served, path: str, **query: str) -> str:
    """Where the form goes that an open link shows."""
    reply = await served.client.get(path, params=query)
    assert reply.status_code == 200
    return form_on(reply.content).action


def token_in(served: Served, action: str) -> Token:
    return served.tokens.read(action.removeprefix("/v/").partition("?")[0])


async def test_an_open_link_shows_the_survey_with_a_fresh_token(standing: Stand) -> None:
    async with standing() as served:
        places = [await goes_to(served, OPEN) for _ in range(5)]
        assert len(set(places)) == 5
        for place in places:
            token = token_in(served, place)
            assert token.purpose == "open"
            assert token.touchpoint == served.number("molensloot/balie-hal")
        assert (await sent(served, places[0], cijfer=8)).status_code == 303
        assert (await sent(served, places[0], cijfer=9)).status_code == 410
        assert (await sent(served, places[1], cijfer=9)).status_code == 303


async def test_an_open_link_is_the_page_of_its_token_however_it_is_packed(
    standing: Stand,
) -> None:
    async with standing() as served:
        for query in ({}, {"product": "paspoort"}, {"cijfer": "8"}):
            lengths: dict[str, set[str]] = {}
            for encoding in ("br", "gzip", "identity", "br"):
                reply = await served.client.get(
                    OPEN, params=query, headers={"accept-encoding": encoding}
                )
                assert reply.headers.get("content-encoding", "identity") == encoding
                lengths.setdefault(encoding, set()).add(reply.headers["content-length"])
                action = form_on(reply.content).action
                page = await served.client.get(action)
                same = {**reply.headers, "content-encoding": "", "content-length": ""}
                assert same == {**page.headers, "content-encoding": "", "content-length": ""}
                # But for where the form goes, and that its other languages go there too.
                escaped = action.replace("&", "&amp;").encode()
                shown = reply.content.replace(b' action="%s"' % escaped, b"")
                assert shown == re.sub(rb' formaction="[^"]*"', b"", page.content)
            # Whatever the token: nobody guesses it by comparing lengths.
            assert {len(each) for each in lengths.values()} == {1}


async def test_a_mistake_behind_an_open_link_is_mended_under_its_token(standing: Stand) -> None:
    async with standing() as served:
        place = await goes_to(served, OPEN, product="paspoort", lang="en")
        reply = await sent(served, place, _language="en", geholpen="deels")
        assert reply.status_code == 400
        form = form_on(reply.content)
        assert (form.action, form.fields["_language"]) == ("", ["en"])
        content = form.encoded(cijfer="6")
        assert (await served.client.post(place, content=content, headers=FORM)).status_code == 303
        (row,) = await served.responses()
        assert (row["language"], row["dimensions"]) == ("en", '{"product": "paspoort"}')


async def test_an_open_link_in_another_language_keeps_its_token(standing: Stand) -> None:
    async with standing() as served:
        opened = await served.client.get(OPEN, params={"product": "paspoort", "lang": "nl"})
        form = form_on(opened.content)
        assert form.action.endswith("?product=paspoort&lang=nl")
        content = form.encoded(cijfer="9", _to="en")
        reply = await served.client.post(form.action, content=content, headers=FORM)
        assert reply.status_code == 200
        page = read_page(reply.content)
        assert page.find("html")[0].attributes["lang"] == "en"
        again = form_on(page)
        assert (again.action, again.fields["cijfer"]) == ("", ["9"])


async def test_a_code_that_was_scanned_leads_to_a_survey_that_knows_it(standing: Stand) -> None:
    async with standing() as served:
        place = await goes_to(served, OPEN, via="qr", product="paspoort")
        assert place.endswith("?product=paspoort&lang=nl")
        token = token_in(served, place)
        assert token.purpose == "qr"
        assert timedelta(hours=23) < token.expires_at - datetime.now(UTC) < timedelta(hours=25)
        assert (await sent(served, place, cijfer=8)).status_code == 303
        other = await goes_to(served, OPEN, via="kiosk")
        assert (await sent(served, other, cijfer=8)).status_code == 303
        assert sorted(row["mode"] for row in await served.responses()) == ["link", "qr"]


async def test_who_opens_an_expired_page_again_comes_by_the_same_way(standing: Stand) -> None:
    async with standing() as served:
        for purpose, way in (("open", f"{OPEN}?lang=nl"), ("qr", f"{OPEN}?via=qr&lang=nl")):
            gone = served.token(purpose=purpose, now=datetime.now(UTC) - timedelta(days=2))
            reply = await served.client.get(f"/v/{gone}")
            assert reply.status_code == 410
            (again, *_) = read_page(reply.content).find("main")[0].find("a")
            assert again.attributes["href"] == way


async def test_an_open_link_keeps_what_is_listed_and_nothing_else(standing: Stand) -> None:
    async with standing() as served:
        said = {"product": "paspoort", "location": "hal", "cijfer": "8", "lang": "en"}
        query = said | {"form": "x", "naam": "Jansen", "bsn": "123456782", "_version": "9"}
        page = read_page((await served.client.get(OPEN, params=query)).content)
        assert page.find("html")[0].attributes["lang"] == "en"
        form = form_on(page)
        assert dict(httpx.URL(form.action).params) == said
        assert form.fields["cijfer"] == ["8"]
        own = await goes_to(served, "/o/molensloot/melding", soort="afval", x="1")
        assert dict(httpx.URL(own).params) == {"soort": "afval", "lang": "nl"}
        other = await goes_to(served, OPEN, product="fiets", cijfer="11", lang="xx")
        assert dict(httpx.URL(other).params) == {"lang": "nl"}


async def test_an_open_link_speaks_the_language_of_who_opens_it(standing: Stand) -> None:
    async with standing() as served:
        for query, accepted, language in (
            ("", "en-GB,en;q=0.9", "en"),
            ("?lang=nl", "en", "nl"),
            ("", "fr", "nl"),
        ):
            reply = await served.client.get(OPEN + query, headers={"accept-language": accepted})
            page = read_page(reply.content)
            assert page.find("html")[0].attributes["lang"] == language
            assert form_on(page).fields["_language"] == [language]


async def test_too_many_at_once_are_asked_to_wait(serve: Serve) -> None:
    async with serve(touchpoint_limit_per_minute=2) as served:
        statuses = [(await served.client.get(OPEN)).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        reply = await served.client.get(OPEN, headers={"accept-language": "en"})
        assert reply.status_code == 429
        assert int(reply.headers["retry-after"]) >= 1
        page = read_page(reply.content)
        assert page.find("html")[0].attributes["lang"] == "en"
        assert "Gemeente" not in page.find("h1")[0].text
        assert (await served.client.get("/o/molensloot/online")).status_code == 200


# Every page


async def test_no_page_sets_a_cookie_or_lets_its_address_out(standing: Stand) -> None:
    async with standing() as served:
        token = served.token()
        gone = served.token(now=datetime.now(UTC) - timedelta(days=3))
        replies = [
            await served.client.get(OPEN),
            await served.client.get(f"/v/{token}"),
            await served.client.get(f"/v/{token}?cijfer=8"),
            await served.client.get(f"/v/{gone}"),
            await served.client.get("/v/nothing"),
            await served.client.options(f"/v/{token}"),
            await served.client.put(f"/v/{token}"),
            await sent(served, f"/v/{token}", cijfer=11),
            await sent(served, f"/v/{gone}", cijfer=8),
            await served.client.post(f"/v/{token}", content=b"x"),
            await sent(served, f"/v/{token}", cijfer=8),
            await sent(served, f"/v/{token}", cijfer=8),
            await served.client.get(THANKS),
            await served.client.get("/nothing"),
        ]
        for reply in replies:
            assert "set-cookie" not in reply.headers
            assert reply.headers["strict-transport-security"]
            assert reply.headers["x-content-type-options"] == "nosniff"
            assert reply.headers["referrer-policy"] == "no-referrer"
            assert reply.headers["cache-control"] == "private, no-store"
            assert token.encode() not in reply.content
            # Only where the form goes may a page hold a token: a fresh one.
            assert gone.encode() not in reply.content
