"""Who asks for no more messages gets none, and nobody learns whether we knew them."""

import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from ingest.asgi.rate_limits import TooManyRequests
from ingest.clock import today_here
from ingest.invitations.codes import InvitationCodes
from ingest.invitations.occasions import Recipient
from ingest.invitations.opt_out_links import OptOutLinks
from ingest.invitations.taking import Taking
from ingest.municipalities.catalogue import Catalogue
from ingest.pages.opt_out_pages import type_of_way
from ingest.running import metrics
from ingest.running.security import SecurityEvent
from ingest.texts.page_texts import page_texts
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys
from tests.conftest import Database, Serve, Served
from tests.inviting import (
    CODE,
    Provider,
    contact,
    inviting,
    mobile,
    stages,
    take_in,
    until,
    working,
)
from tests.strict_html import Element, read_page

pytestmark = pytest.mark.anyio

TYPED = "/afmelden/molensloot"
FORM = {"content-type": "application/x-www-form-urlencoded"}
SOMEBODY = Recipient(scheme="mailto", address="kanarie.vogel@voorbeeld.nl")
NUMBER = Recipient(scheme="tel", address="+31612345678")
ONE_CLICK = "List-Unsubscribe=One-Click"
IN_PARTS = (
    b'--x\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
)


@pytest.fixture
async def served(serve: Serve) -> AsyncIterator[Served]:
    async with serve() as served:
        yield served


def code_of(keys: Keys, recipient: Recipient, municipality: str = CODE) -> bytes:
    return InvitationCodes(derived_keys(keys)).of_opted_out(municipality, recipient)


def link_of(
    keys: Keys, recipient: Recipient = SOMEBODY, municipality: str = CODE, *, days_ago: int = 0
) -> str:
    links = OptOutLinks(derived_keys(keys).opt_out_links)
    sent = today_here() - timedelta(days=days_ago)
    sealed = links.seal(municipality, code_of(keys, recipient, municipality), today=sent)
    return f"/afmelden/{sealed}"


async def opted_out(database: Database) -> set[tuple[str, bytes]]:
    async with database.superuser() as db:
        rows = await db.fetch("select municipality, code from meetpunt.opted_out")
    return {(row["municipality"], row["code"]) for row in rows}


async def typed(served: Served, path: str = TYPED, **fields: str) -> httpx.Response:
    return await served.client.post(path, content=urlencode(fields), headers=FORM)


# The link in a mail.


async def test_to_open_the_link_of_a_mail_changes_nothing(served: Served, keys: Keys) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        reply = await served.client.request(method, link_of(keys))
        assert reply.status_code in (200, 204)
    assert await opted_out(served.database) == set()


async def test_its_button_writes_it_down_and_says_so(served: Served, keys: Keys) -> None:
    link = link_of(keys)
    page = read_page((await served.client.get(link)).content)
    (form,) = page.find("form")
    assert form.attributes["method"] == "post"
    assert "action" not in form.attributes
    reply = await served.client.post(link, content=b"", headers=FORM)
    assert reply.status_code == 200
    assert read_page(reply.content).find("h1")[0].text == "U bent afgemeld"
    assert await opted_out(served.database) == {(CODE, code_of(keys, SOMEBODY))}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", ONE_CLICK.encode()),
        ("multipart/form-data; boundary=x", IN_PARTS),
    ],
)
async def test_one_press_in_a_mail_program_is_enough(
    served: Served, keys: Keys, content_type: str, body: bytes
) -> None:
    """RFC 8058: no cookie, no redirect, and a body in either of two forms."""
    reply = await served.client.post(
        link_of(keys), content=body, headers={"content-type": content_type}
    )
    assert reply.status_code == 200
    assert "set-cookie" not in reply.headers
    assert await opted_out(served.database) == {(CODE, code_of(keys, SOMEBODY))}


async def test_a_second_time_is_thanked_in_the_same_words(served: Served, keys: Keys) -> None:
    link = link_of(keys)
    first = await served.client.post(link)
    async with served.database.superuser() as db:
        await db.execute("update meetpunt.opted_out set since = '2026-01-01'")
    assert (await served.client.post(link)).content == first.content
    async with served.database.superuser() as db:
        assert await db.fetchval("select since from meetpunt.opted_out") == date(2026, 1, 1)


async def test_what_is_not_ours_gets_the_one_page(served: Served, keys: Keys) -> None:
    ours = link_of(keys)
    other = link_of(keys, municipality="GM0000")
    flipped = "B" if ours[60] != "B" else "C"
    for path in (
        *("/afmelden/", "/afmelden/nergens", "/afmelden/MOLENSLOOT", "/afmelden/molensloot/"),
        *("/afmelden/" + "x" * 92, "/afmelden/" + "A" * 91, "/afmelden/" + "%41" * 92),
        *(ours[:-1], f"{ours}A", f"{ours[:60]}{flipped}{ours[61:]}", f"{ours}/", f"{ours}%0a"),
        *(other, f"/afmelden/{served.token()}", f"/afmelden/{'é' * 92}", "/afmelden/%00"),
    ):
        for method in ("GET", "POST"):
            reply = await served.client.request(method, path)
            assert reply.status_code == 404, (method, path)
            assert (
                reply.content == served.service.pages.hosts.not_found("kto.molensloot.example")[0]
            )
    assert await opted_out(served.database) == set()


async def test_a_link_of_other_keys_is_not_ours(served: Served, keys: Keys) -> None:
    code = code_of(keys, SOMEBODY)
    forged = OptOutLinks(bytes(32)).seal(CODE, code, today=today_here())
    assert (await served.client.post(f"/afmelden/{forged}")).status_code == 404
    assert await opted_out(served.database) == set()


async def test_a_link_of_a_year_ago_is_good_and_an_older_one_asks_to_type(
    served: Served, keys: Keys
) -> None:
    old = link_of(keys, days_ago=402)
    for method in ("GET", "POST"):
        reply = await served.client.request(method, f"{old}?lang=en")
        assert reply.status_code == 410
        page = read_page(reply.content)
        assert page.find("form")[0].attributes["action"] == f"{TYPED}?lang=en"
        assert "too old" in page.find("div", class_="notice")[0].text
    assert await opted_out(served.database) == set()
    assert (await served.client.post(link_of(keys, days_ago=398))).status_code == 200
    assert len(await opted_out(served.database)) == 1


async def test_a_link_shows_neither_who_it_is_of_nor_the_code_by_which_we_know_them(
    keys: Keys,
) -> None:
    assert link_of(keys) != link_of(keys), "nobody can tell two links of one person"
    opened = OptOutLinks(derived_keys(keys).opt_out_links).open(link_of(keys)[10:])
    assert opened.code == code_of(keys, SOMEBODY)
    assert opened.code.hex() not in repr(opened)


# The page where one types.


async def test_a_number_a_mail_address_or_both_are_written_down(served: Served, keys: Keys) -> None:
    tel, mail = (CODE, code_of(keys, NUMBER)), (CODE, code_of(keys, SOMEBODY))
    assert (await typed(served, tel="06-1234 5678", email="")).status_code == 200
    assert await opted_out(served.database) == {tel}
    assert (await typed(served, tel="+31 6 12345678")).status_code == 200
    assert await opted_out(served.database) == {tel}
    both = await typed(served, tel="0612345678", email=" Kanarie.Vogel@voorbeeld.nl ")
    assert both.status_code == 200
    assert await opted_out(served.database) == {tel, mail}


async def test_the_reply_never_tells_whether_we_knew_it(
    served: Served, database: Database, catalogue: Catalogue, keys: Keys
) -> None:
    """Somebody whom we are about to ask, who opted out before, and whom we never heard of."""
    known = contact(1)
    await take_in(database, Taking(inviting(catalogue), keys), [known])
    assert known.recipient is not None
    first = await typed(served, tel=known.recipient.address)
    again = await typed(served, tel=known.recipient.address)
    unheard = await typed(served, tel="+31611111111")
    by_mail = await typed(served, email="nooit@gezien.nl")
    replies = (first, again, unheard, by_mail)
    assert len({reply.content for reply in replies}) == 1
    assert len({repr(sorted(reply.headers.items())) for reply in replies}) == 1
    assert first.status_code == 200
    assert "06" not in first.text


async def test_the_same_number_in_two_municipalities_is_two_codes(
    served: Served, keys: Keys
) -> None:
    """So that no table tells who is known in both; and who opted out in one, did in one."""
    await typed(served, tel="0612345678")
    await typed(served, "/afmelden/duinrade", tel="0612345678")
    rows = await opted_out(served.database)
    assert len({code for _, code in rows}) == len({municipality for municipality, _ in rows}) == 2


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, {"tel": "Vul uw mobiele nummer of uw e-mailadres in."}),
        ({"tel": "  ", "email": " "}, {"tel": "Vul uw mobiele nummer of uw e-mailadres in."}),
        ({"tel": "020 1234567"}, {"tel": "Kijk uw nummer na."}),
        ({"tel": "zes", "email": "a@b"}, {"tel": "Kijk uw nummer", "email": "Kijk uw e-mailadres"}),
        ({"tel": "0612345678", "email": "jan@"}, {"email": "Kijk uw e-mailadres na."}),
        ({"tel": '"><script>', "email": "<b>&amp;@x.nl"}, {"tel": "Kijk", "email": "Kijk"}),
        ({"tel": "9" * 5000}, {"tel": "Kijk uw nummer na."}),
    ],
)
async def test_what_is_wrong_is_said_beside_it_and_what_was_typed_stays(
    served: Served, fields: dict[str, str], wrong: dict[str, str]
) -> None:
    reply = await typed(served, **fields)
    assert reply.status_code == 400
    page = read_page(reply.content)
    for name in ("tel", "email"):
        (field,) = page.find("input", id=name)
        assert field.attributes["value"] == fields.get(name, "").strip()[:300]
        assert ("aria-invalid" in field.attributes) == (name in wrong)
        described = field.attributes["aria-describedby"].split()
        said = " ".join(page.find("p", id=each)[0].text for each in described)
        assert wrong.get(name, "") in said
    links = [link.attributes["href"] for link in page.find("main")[0].find("a")]
    assert [link for link in links if link.startswith("#")] == [f"#{name}" for name in wrong]
    assert page.find("title")[0].text.startswith("Fout: ")
    assert await opted_out(served.database) == set(), "of both fields, or of none"


async def test_signs_that_a_page_cannot_show_are_shown_as_that(served: Served) -> None:
    reply = await served.client.post(TYPED, content="email=a%00b@%0d%0ac.nl&tel=", headers=FORM)
    assert reply.status_code == 400
    (field,) = read_page(reply.content).find("input", id="email")
    assert field.attributes["value"].startswith("a\ufffdb@")


async def test_whoever_fills_in_what_people_do_not_see_is_asked_again(served: Served) -> None:
    """And is not thanked: a browser may have filled it in by itself."""
    reply = await typed(served, tel="0612345678", _website="https://x.example")
    assert reply.status_code == 400
    page = read_page(reply.content)
    assert page.find("input", id="tel")[0].attributes["value"] == "0612345678"
    assert await opted_out(served.database) == set()


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"tel=%ff", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a%d=1" % n for n in range(300)), "application/x-www-form-urlencoded", 400),
        (b"tel=0612345678", "text/plain", 415),
        (b"tel=" + b"6" * 65_000, "application/x-www-form-urlencoded", 413),
    ],
)
async def test_a_body_that_is_no_form_of_ours_writes_nothing(
    served: Served, content: bytes, content_type: str, status: int
) -> None:
    headers = {"content-type": content_type}
    reply = await served.client.post(TYPED, content=content, headers=headers)
    assert reply.status_code == status
    assert read_page(reply.content).find("h2")[0].text == "U bent nog niet afgemeld"
    assert await opted_out(served.database) == set()


@pytest.mark.parametrize(
    "says",
    [
        {"sec-fetch-site": "cross-site", "origin": "null"},
        {"sec-fetch-site": "same-site", "origin": "null"},
        {"origin": "https://elsewhere.example"},
    ],
    ids=["elsewhere", "another host of ours", "an older browser"],
)
async def test_a_page_elsewhere_cannot_send_it_for_its_visitors(
    served: Served, keys: Keys, says: dict[str, str]
) -> None:
    """Nor can it for the link of a mail, but whoever has that is whom it is about."""
    elsewhere = FORM | says
    reply = await served.client.post(TYPED, content="tel=0612345678", headers=elsewhere)
    assert reply.status_code == 403
    # Whoever stands there after all sends once more.
    page = read_page(reply.content)
    assert page.find("input", id="tel")[0].attributes["value"] == "0612345678"
    assert await opted_out(served.database) == set()
    assert (await served.client.post(link_of(keys), headers=elsewhere)).status_code == 200
    assert len(await opted_out(served.database)) == 1


@pytest.mark.parametrize(
    "says",
    [
        {"sec-fetch-site": "same-origin", "origin": "null"},
        {"origin": "http://kto.molensloot.example"},
        {"origin": "null"},
    ],
    ids=["as our pages do", "an older browser", "an older browser that tells nobody"],
)
async def test_our_own_page_sends_it(served: Served, says: dict[str, str]) -> None:
    reply = await served.client.post(TYPED, content="tel=0612345678", headers=FORM | says)
    assert reply.status_code == 200
    assert len(await opted_out(served.database)) == 1


async def test_who_was_known_costs_as_many_commits_as_who_was_not(served: Served) -> None:
    """One more would take so much longer that it tells which of the two it was."""
    took = []
    for _ in range(2):
        async with served.database.superuser() as db:
            before = await db.fetchval("select pg_current_xact_id()::text::bigint")
            assert (await typed(served, tel="0612345678")).status_code == 200
            after = await db.fetchval("select pg_current_xact_id()::text::bigint")
        took.append(after - before)
    assert took == [2, 2]  # that of the form, and the look itself


async def test_who_sends_too_many_has_to_wait_and_keeps_what_was_typed(serve: Serve) -> None:
    now = 1000.0
    async with serve(clock=lambda: now) as served:
        replies = [await typed(served, tel=f"061{n:07}") for n in range(61)]
        assert [reply.status_code for reply in replies] == [200] * 60 + [429]
        wait = int(replies[-1].headers["retry-after"])
        page = read_page(replies[-1].content)
        assert page.find("input", id="tel")[0].attributes["value"] == "0610000060"
        assert len(await opted_out(served.database)) == 60
        now += wait
        assert (await typed(served, tel="0610000060")).status_code == 200


async def test_nobody_with_many_addresses_closes_the_page_to_others(serve: Serve) -> None:
    async with serve(clock=lambda: 1000.0) as served:
        molensloot = served.service.catalogue.municipality("molensloot")
        for address in range(45):
            with suppress(TooManyRequests):
                for _ in range(60):
                    served.service.opting_out.count(molensloot, f"198.51.100.{address}")
        replies = [await typed(served, tel=f"061{n:07}") for n in range(6)]
        assert [reply.status_code for reply in replies] == [200] * 5 + [429]


async def test_more_forms_than_a_town_sends_are_told(serve: Serve) -> None:
    def told() -> float:
        labels = {"kind": SecurityEvent.OPT_OUTS_CROWDED.value}
        return metrics.REGISTRY.get_sample_value("security_events_total", labels) or 0

    async with serve(clock=lambda: 1000.0) as served:
        before, molensloot = told(), served.service.catalogue.municipality("molensloot")
        for number in range(1_200):
            served.service.opting_out.count(molensloot, f"198.51.{number // 60}.1")
        assert told() == before
        assert [(await typed(served, tel=f"061{n:07}")).status_code for n in range(6)][-1] == 429
        assert told() == before + 6  # five that were taken, and one that was not


@pytest.mark.parametrize("language", page_texts())
async def test_every_language_has_these_pages_and_the_browsers_is_chosen(
    served: Served, keys: Keys, language: str
) -> None:
    said = page_texts()[language].opt_out
    for path in (TYPED, link_of(keys)):
        reply = await served.client.get(path, headers={"accept-language": language})
        page = read_page(reply.content)
        assert page.find("html")[0].attributes["lang"] == language
        assert page.find("h1")[0].text == said.title
        assert (await served.client.get(f"{path}?lang={language}")).content == reply.content
        done = await served.client.post(
            f"{path}?lang={language}", content="email=a@b.nl", headers=FORM
        )
        assert read_page(done.content).find("h1")[0].text == said.done


def switch(page: Element) -> dict[str, str]:
    """Where the page leads to itself in other languages, in the order in which it names them.

    A survey does by buttons of its form, so that answers go along.
    """
    (nav,) = page.find("nav")
    links = {a.attributes["lang"]: a.attributes["href"] for a in nav.find("a")}
    buttons = [each.attributes for each in nav.find("button") if "formaction" in each.attributes]
    return links | {each["lang"]: each["formaction"] for each in buttons}


async def test_languages_stand_in_the_order_of_the_municipality_as_on_a_survey(
    served: Served, keys: Keys, catalogue: Catalogue
) -> None:
    survey = read_page((await served.client.get(f"/v/{served.token()}")).content)
    assert ["nl", *switch(survey)] == list(catalogue.municipality("molensloot").languages)
    for path in (TYPED, link_of(keys)):
        for reply in (
            await served.client.get(path),
            await served.client.post(path, content="email=a@b.nl", headers=FORM),
        ):
            assert list(switch(read_page(reply.content))) == list(switch(survey))


async def test_the_page_that_says_that_it_is_done_can_be_read_in_another_language(
    served: Served, keys: Keys
) -> None:
    for path in (TYPED, link_of(keys)):
        done = await served.client.post(path, content="email=a@b.nl", headers=FORM)
        before = await opted_out(served.database)
        other = await served.client.get(f"{path}{switch(read_page(done.content))['en']}")
        assert other.status_code == 200
        page = read_page(other.content)
        assert page.find("h1")[0].text == page_texts()["en"].opt_out.done
        back = await served.client.get(f"{path}{switch(page)['nl']}")
        assert back.content == done.content
        assert await opted_out(served.database) == before


async def test_to_open_the_page_that_says_so_writes_nothing_down(
    served: Served, keys: Keys
) -> None:
    done = await served.client.get(f"{link_of(keys)}?afgemeld=ja")
    assert read_page(done.content).find("h1")[0].text == "U bent afgemeld"
    assert await opted_out(served.database) == set()


async def test_the_page_leads_to_the_help_that_a_survey_leads_to(
    served: Served, keys: Keys
) -> None:
    def led_to(body: bytes) -> list[tuple[str, str]]:
        (footer,) = read_page(body).find("footer")
        return [(a.attributes["href"], a.text) for a in footer.find("a")]

    survey = await served.client.get(f"/v/{served.token()}")
    assert len(led_to(survey.content)) == 3
    for path in (TYPED, link_of(keys), link_of(keys, days_ago=1000)):
        assert led_to((await served.client.get(path)).content) == led_to(survey.content)


async def test_everybody_gets_the_same_bytes_in_the_encoding_of_their_browser(
    served: Served, keys: Keys
) -> None:
    for path in (TYPED, link_of(keys)):
        plain = await served.client.get(path, headers={"accept-encoding": "identity"})
        assert "referrer-policy" in plain.headers
        assert "no-store" in plain.headers["cache-control"]
        for encoding in ("br", "gzip"):
            packed = await served.client.get(path, headers={"accept-encoding": encoding})
            assert packed.headers["content-encoding"] == encoding
            assert packed.content == plain.content
    other = await served.client.get(link_of(keys, NUMBER))
    assert other.content == (await served.client.get(link_of(keys))).content


async def test_another_method_is_not_allowed(served: Served, keys: Keys) -> None:
    for path in (TYPED, link_of(keys)):
        reply = await served.client.put(path)
        assert reply.status_code == 405
        assert reply.headers["allow"] == "GET, HEAD, OPTIONS, POST"


async def test_without_a_database_nobody_is_thanked_and_what_was_typed_stays(
    serve: Serve, keys: Keys
) -> None:
    away = "postgresql://meetpunt_ingest@127.0.0.1:1/away?sslmode=disable"
    async with serve(url=away) as served:
        ways: tuple[tuple[str, type_of_way], ...] = ((TYPED, "typed"), (link_of(keys), "linked"))
        for path, way in ways:
            assert (await served.client.get(path)).status_code == 200
            reply = await typed(served, path, tel="0612345678")
            assert reply.status_code == 503
            assert int(reply.headers["retry-after"]) >= 1
            page = read_page(reply.content)
            assert page.find("h2")[0].text == "U bent nog niet afgemeld"
            fields = [each.attributes["value"] for each in page.find("input", id="tel")]
            assert fields == (["0612345678"] if way == "typed" else [])


async def test_nothing_of_what_was_typed_is_logged_or_kept(
    served: Served, keys: Keys, caplog: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    await typed(served, tel="0687654321", email="kanarie@voorbeeld.nl")
    await typed(served, tel="0687654321x", email="kanarie@voorbeeld")
    await served.client.post(link_of(keys))
    assert "87654321" not in caplog.text
    assert "kanarie" not in caplog.text
    async with served.database.superuser() as db:
        kept = repr(await db.fetch("select * from meetpunt.opted_out"))
    assert "87654321" not in kept
    assert "kanarie" not in kept


# From the message to the end.


async def test_who_opts_out_by_the_link_of_a_mail_gets_none_that_waits(
    served: Served, database: Database, catalogue: Catalogue, keys: Keys
) -> None:
    """What waits is not looked for: it is looked up when its moment has come."""
    files, provider = inviting(catalogue), Provider()
    taking = Taking(files, keys)
    await take_in(database, taking, [contact(1, SOMEBODY)])
    async with working(database, files, keys, provider):
        await until(database, {"sent": 1})
    link = provider.sent[0].unsubscribe_url
    assert link.startswith("https://")
    assert link in provider.sent[0].plain
    # Another message waits, under a half of another quarter, so that nobody was asked recently.
    async with database.superuser() as db:
        await db.execute("truncate meetpunt.asked")
    await take_in(database, taking, [contact(2, SOMEBODY), contact(3)])
    path = link[link.index("/afmelden/") :]
    assert (await served.client.post(path, content=ONE_CLICK)).status_code == 200
    async with working(database, files, keys, provider):
        await until(database, {"sent": 2, "opted-out": 1})
    assert [each.recipient for each in provider.sent] == [SOMEBODY, mobile(3)]
    assert (await stages(database))["opted-out"] == 1
