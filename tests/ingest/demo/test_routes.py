"""The demo over HTTP: its start page, links made on request, and an example site elsewhere."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest

from ingest.asgi.headers import ILLUSTRATED, as_dict
from ingest.demo.neighbours.openzaak import CaseRegister
from ingest.demo.tablet import Tablet as ByButton
from tests.conftest import Database, Serve, Served
from tests.example import VERSION
from tests.filled_in import form_on
from tests.ingest.demo.conftest import BASE_URL, SITE_URL
from tests.ingest.kiosk.tablet import Tablet
from tests.inviting import until
from tests.publishing import published
from tests.strict_html import Element, read_page

pytestmark = pytest.mark.anyio

Play = Callable[..., Any]
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
FORM = {"cijfer": "8", "geholpen": "ja", "_version": str(VERSION), "_language": "nl"}


async def invitations(served: Served) -> int:
    async with served.database.superuser() as db:
        count: int = await db.fetchval("select count(*) from meetpunt.invitation")
    return count


def named_in(reply: httpx.Response, name: str) -> str:
    """The name of the message that a redirect to the start page shows."""
    return parse_qs(urlsplit(reply.headers["location"]).query)[name][0]


async def shown_in(served: Served, reply: httpx.Response) -> Element:
    """The page to which a redirect leads."""
    return read_page((await served.client.get(reply.headers["location"])).content)


def link_in(page: Element, name: str) -> str:
    """The one-time link of the message that the page shows there."""
    (place,) = page.find("li", id=name)
    links = {a.attributes["href"] for a in place.find("a")}
    (link,) = {each for each in links if "/v/" in each or "/melding/" in each}
    return link


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
    policy = start.headers["content-security-policy"]
    assert policy == as_dict(ILLUSTRATED)["content-security-policy"]
    assert "img-src 'self'" in policy
    assert "'unsafe" not in policy
    assert "connect-src 'self'" in policy
    assert start.headers["referrer-policy"] == "no-referrer"
    assert start.headers["content-type"] == "text/html; charset=utf-8"
    assert "set-cookie" not in start.headers


async def test_a_contact_that_ends_brings_one_message_whose_link_buys_one_response(
    play: Play,
) -> None:
    async with play(sends=True) as served:
        told = await served.client.post("/bericht", data={"lang": "nl"})
        assert told.status_code == 303
        assert told.headers["location"].endswith("#telefonie")
        link = link_in(await shown_in(served, told), "telefonie")
        assert link.startswith(f"{BASE_URL}/v/")
        assert await invitations(served) == 1
        token = link.rpartition("/")[2]
        sent = await served.client.post(f"/v/{token}", data=FORM)
        assert sent.headers["location"].startswith("/v/bedankt")
        (stored,) = await served.responses()
        assert not stored["is_test"]
        assert (stored["mode"], stored["hour"]) == ("bericht", None)
        again = await served.client.post(f"/v/{token}", data=FORM)
        assert again.status_code == 410


async def test_a_report_that_is_closed_brings_a_mail_whose_link_buys_one_response(
    play: Play,
) -> None:
    """Its report system is not there in this test, so that the link is believed."""
    async with play() as served:
        told = await served.client.post("/melding", data={"lang": "nl"})
        assert told.headers["location"].endswith("#melding")
        page = await shown_in(served, told)
        assert "afgehandeld" in page.find("div", class_="report after")[0].text
        path = link_in(page, "melding").removeprefix(BASE_URL)
        assert path.startswith("/melding/molensloot/melding/")
        assert await invitations(served) == 0
        survey = form_on((await served.client.get(path)).content)
        content = survey.encoded(cijfer="8", _solved="unsolved", _contact="yes")
        lines = {"content-type": "application/x-www-form-urlencoded"}
        sent = await served.client.post(path, content=content, headers=lines)
        assert sent.headers["location"].startswith("/v/bedankt")
        (stored,) = await served.responses()
        assert (stored["mode"], stored["hour"]) == ("bericht", None)
        assert stored["dimensions"] == '{"soort": "verlichting"}'


async def test_the_report_system_of_the_demo_answers_as_signalen_does(play: Play) -> None:
    async with play() as served:
        told = await served.client.post("/melding", data={"lang": "nl"})
        token = link_in(await shown_in(served, told), "melding").partition("?")[0][-43:]
        transport = httpx.ASGITransport(app=served.app)
        base = f"{BASE_URL}/voorbeeldmeldingen/v1/public/feedback"
        async with httpx.AsyncClient(transport=transport, base_url=base) as system:
            assert (await system.get(f"/forms/{'x' * 43}")).status_code == 404
            assert (await system.get(f"/forms/{token}")).status_code == 200
            offered = (await system.get("/standard_answers")).json()["results"]
            answer = next(each["text"] for each in offered if not each["is_satisfied"])
            body = {
                "is_satisfied": False,
                "text_list": [answer],
                "text_extra": "Nog donker",
                "allows_contact": True,
            }
            assert (await system.put(f"/forms/{token}", json=body)).status_code == 200
            again = await system.put(f"/forms/{token}", json=body)
            assert (again.status_code, again.json()) == (410, {"detail": "filled out"})
        (report,) = (await shown_in(served, told)).find("div", class_="report after")
        assert "verzoek tot heropenen" in report.text
        assert "Nog donker" in report.text


async def test_a_message_goes_the_way_of_any_other_and_leaves_nobody_in_the_database(
    play: Play,
) -> None:
    async with play(sends=True) as served:
        told = await served.client.post("/bericht", data={"lang": "nl"})
        assert named_in(told, "telefonie")
        await until(served.database, {"sent": 1})
        async with served.database.superuser() as db:
            row = await db.fetchrow("select id, sealed from meetpunt.outbox")
    assert (str(row["id"]), row["sealed"]) == (named_in(told, "telefonie"), None)


async def test_every_press_reaches_somebody_else(play: Play) -> None:
    async with play(sends=True) as served:
        for _ in range(3):
            assert (await served.client.post("/bericht", data={"lang": "nl"})).status_code == 303
        await until(served.database, {"sent": 3})


async def test_a_mail_shows_from_whom_and_to_whom(play: Play) -> None:
    async with play() as served:
        told = await served.client.post("/melding", data={"lang": "en"})
        page = await shown_in(served, told)
    (mail,) = page.find("div", class_="mail")
    sender, recipient, subject = (dd.text for dd in mail.find("dd"))
    assert sender == "Molensloot"
    assert recipient.endswith("@kade.example")
    assert subject == "Your report is closed: what did you think of it?"
    # Signalen sends it, about a report of one's own: there is nothing to opt out of.
    assert [each for each in mail.find("a") if "/afmelden/" in each.attributes["href"]] == []


async def test_a_second_message_leaves_the_first_one_shown(play: Play) -> None:
    async with play(sends=True) as served:
        first = await served.client.post("/bericht", data={"lang": "en"})
        name = named_in(first, "telefonie")
        second = await served.client.post("/melding", data={"lang": "en", "telefonie": name})
    assert named_in(second, "telefonie") == name
    assert named_in(second, "lang") == "en"


async def test_a_list_of_ten_residents_sends_ten_messages_and_shows_them(play: Play) -> None:
    async with play(sends=True) as served:
        told = await served.client.post("/lijst", data={"lang": "nl"})
        page = await shown_in(served, told)
        await until(served.database, {"sent": 10})
        (section,) = page.find("section", id="lijst")
        links = {a.attributes["href"] for a in section.find("a")}
        assert len(links) == 10
        assert "10 van de 10 berichten verstuurd" in section.text
        await served.client.post(f"/v/{min(links).rpartition('/')[2]}", data=FORM)
        (stored,) = await served.responses()
        assert '"product": ' in stored["dimensions"]
        beside = await served.client.post("/bericht", data={"lijst": named_in(told, "lijst")})
        assert named_in(beside, "lijst") == named_in(told, "lijst")


async def test_a_message_that_does_not_come_is_told(play: Play) -> None:
    async with play() as served:
        told = await served.client.post("/bericht", data={"lang": "nl"})
    assert told.status_code == 503
    (alert,) = read_page(told.content).find("p", role="alert")
    assert "MEETPUNT_WORK_URL" in alert.text


async def test_the_text_message_says_how_long_it_is(play: Play) -> None:
    async with play(sends=True) as served:
        told = await served.client.post("/bericht", data={"lang": "nl"})
        page = await shown_in(served, told)
    (bubble,) = page.find("p", class_="bubble")
    shown = bubble.text.removesuffix(" (nieuw tabblad)")
    (length,) = page.find("p", class_="length")
    assert length.text.startswith(f"{len(shown)} van 160 tekens")


async def test_a_message_that_is_none_or_of_another_kind_is_not_shown(play: Play) -> None:
    async with play(sends=True) as served:
        told = await served.client.post("/melding", data={"lang": "nl"})
        a_mail = named_in(told, "melding")
        for name in ("nonsense", "<b>", "../voys", str(uuid4()), a_mail):
            reply = await served.client.get("/", params={"telefonie": name})
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
        sent = await served.client.post(form_on(survey.content).action, data=FORM)
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


ZUIL = "molensloot/balie-zuil"


async def test_one_button_opens_the_tablet_with_faces_and_pairs_it(
    play: Play, database: Database
) -> None:
    here = ByButton(database.url("meetpunt_owner"), ZUIL)
    async with play(tablet=here) as served:
        start = read_page((await served.client.get("/?lang=nl")).content)
        (form,) = [each for each in start.find("form") if each.attributes["action"] == "/tablet"]
        assert form.attributes["target"] == "_blank"
        assert "Koppel de tablet" in form.text
        for site in ("cross-site", "same-site"):
            elsewhere = {"sec-fetch-site": site}
            refused = await served.client.post("/tablet", headers=elsewhere)
            assert refused.status_code == 404
        assert here.pairing is None
        pressed = await served.client.post("/tablet", headers={"sec-fetch-site": "same-origin"})
        assert pressed.headers["location"] == f"/kiosk/{ZUIL}"
        tablet = Tablet(served, ZUIL)
        code = (await tablet.pair()).json()["code"]
        assert here.pairing
        await here.pairing
        assert (await tablet.state(code)).json()["state"] == "enrolled"


async def test_the_button_pairs_no_tablet_that_asked_before_or_stands_elsewhere(
    play: Play, database: Database
) -> None:
    here = ByButton(database.url("meetpunt_owner"), ZUIL, patience_seconds=0.4)
    async with play(tablet=here) as served:
        before, elsewhere = Tablet(served, ZUIL), Tablet(served, "molensloot/balie-hal")
        codes = [(await before.pair()).json()["code"]]
        await served.client.post("/tablet")
        codes.append((await elsewhere.pair()).json()["code"])
        assert here.pairing
        await here.pairing
        for tablet, code in zip((before, elsewhere), codes, strict=True):
            assert (await tablet.state(code)).json() == {"state": "waiting"}


async def test_where_others_could_press_it_there_is_no_such_button(play: Play) -> None:
    async with play() as served:
        assert (await served.client.post("/tablet")).status_code == 404
        page = (await served.client.get("/?lang=nl")).text
    assert "/tablet" not in page
    assert f'href="/kiosk/{ZUIL}"' in page
    assert "meetpunt kiosk enrol" in page


@pytest.mark.parametrize("path", ["/binnengekomen.json", "/voorbeeld", "/bericht", "/tablet"])
async def test_a_real_service_has_none_of_this(serve: Serve, path: str) -> None:
    async with serve() as served:
        assert "Probeer Meetpunt uit" not in (await served.client.get("/")).text
        assert (await served.client.get(path)).status_code == 404
        assert (await served.client.post(path)).status_code in (404, 405)


async def test_the_case_system_of_the_demo_answers_what_a_closing_leads_to() -> None:
    register = CaseRegister(SITE_URL)
    told = register.close("melder@kade.example", now=NOON)
    case = register.answer(urlsplit(told["hoofdObject"]).path, {})[1]
    status = register.answer(urlsplit(told["resourceUrl"]).path, {})[1]
    assert case["status"] == status["url"] == told["resourceUrl"]
    kind = register.answer(urlsplit(status["statustype"]).path, {})[1]
    assert (kind["isEindstatus"], kind["informeren"]) == (True, True)
    roles = f"{urlsplit(case['url']).path.rpartition('/zaken/')[0]}/rollen"
    (role,) = register.answer(roles, {"zaak": case["url"]})[1]["results"]
    assert role["contactpersoonRol"] == {"emailadres": "melder@kade.example"}
    assert register.answer(roles, {"zaak": "another"})[1]["results"] == []
    closed = {"einddatum__gt": "2026-11-29", "einddatum__lt": "2026-12-01"}
    listed = roles.replace("/rollen", "/zaken")
    assert register.answer(listed, closed)[1]["results"] == [case]
    assert register.answer(listed, closed | {"einddatum__gt": "2026-11-30"})[1]["results"] == []
    assert register.answer(f"{listed}/another", {})[0] == 404
