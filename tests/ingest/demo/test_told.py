"""A low mark in the demo is told at once, by mail and to a program that looks at signatures."""

import base64
import hashlib
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from ingest.demo.followed_up import fill_signals
from ingest.demo.pages import texts_in
from ingest.demo.played import played, write_secret
from ingest.demo.told import PATH, OwnProgram
from ingest.files.resources import example_directory, questionnaires_directory
from ingest.followup.pushing.making import TOLD_WITHIN
from ingest.followup.pushing.signing import key_of, signed_headers
from ingest.followup.pushing.statements import untold
from ingest.followup.pushing.work import Telling
from ingest.invitations.working import MESSAGES
from ingest.municipalities.catalogue import Catalogue, load_catalogue
from tests.neighbours.server import Reply as Answer
from tests.neighbours.server import Request, neighbour
from tests.publishing import published
from tests.telling import a_secret, signals, tell

pytestmark = pytest.mark.anyio

BODY = b'{"data":{"summary":"1 laag cijfer bij Balie in de hal, vanmorgen"}}'


def signed(secret: str, id: str = "a", *, late: float = 0.0) -> dict[str, str]:
    key = key_of(secret)
    assert key is not None
    return signed_headers(id, int(time.time() - late), BODY, [key])


def test_the_program_takes_what_is_signed_once_and_shows_the_newest() -> None:
    secret = a_secret()
    program = OwnProgram(secret)
    assert program.last is None
    for headers in (
        {},
        signed(a_secret()),
        signed(secret, late=600),
        {**signed(secret), "webhook-id": "b"},
        {**signed(secret), "webhook-timestamp": "²"},
        {**signed(secret), "webhook-signature": "v1,é"},
    ):
        assert program.take(headers, BODY) == 401
    assert OwnProgram("").take(signed(secret), BODY) == 401
    assert program.last is None
    for id in "abb":
        assert program.take(signed(secret, id), BODY) == 204
    assert program.last is not None
    assert (program.last.id, program.last.again) == ("b", 1)
    assert program.last.lines == ("1 laag cijfer bij Balie in de hal, vanmorgen",)
    later = datetime.now(UTC) + timedelta(hours=1)
    assert program.take(signed(secret, "c"), BODY, now=later) == 401


async def test_the_page_shows_the_last_mail_of_each_department(
    play: Callable[..., Any], tmp_path: Path
) -> None:
    async with play() as served:
        empty = await served.client.get("/opvolging?lang=nl")
        assert empty.text.count("Nog niets.") == 2
        low = served.body(served.token(), answers={"cijfer": 3})
        assert (await served.post(low)).status_code == 201
        await tell(served.database, served.service.catalogue, tmp_path / MESSAGES)
        shown = (await served.client.get("/opvolging?lang=nl")).text
    assert "1 laag cijfer bij Balie in de hal, " in shown
    assert "1 signaal van inwoners voor Publiekszaken" in shown
    assert 'href="http://localhost:8000/opvolging"' in shown


async def test_the_last_six_are_shown_and_what_somebody_just_did_stays_among_them(
    play: Callable[..., Any],
) -> None:
    async with play() as served:
        made = [
            (await signals(served.database, [1], shown=f"now() - interval '{ago} minutes'"))[0]
            for ago in range(9, 1, -1)
        ]
        for state in ({"state": "gezien"}, {"state": "afgehandeld", "outcome": "verbeterd"}):
            await served.client.post("/opvolging", data={"signal": str(made[-1]), **state})
        page = (await served.client.get("/opvolging?lang=en")).text
    assert "Signals: the last six" in page
    # The newest is first, and done: nothing is left to press. The others wait.
    rows = (
        page.partition('id="signalen"')[2].partition("</section>")[0].split('<tr role="row">')[2:]
    )
    assert "done: improved" in rows[0]
    assert [re.findall(r'name="signal" value="([^"]*)"', row) for row in rows] == [
        *([], *([str(each)] for each in made[-2:-7:-1]))
    ]
    assert '<span lang="en">Desk in the hall</span>' in page
    assert "Balie in de hal" not in page


_TO_COME = "select count(*) from meetpunt.signal where greatest(seen_on, ended_on) > $1"


async def test_a_signal_is_followed_up_and_as_the_tenth_of_its_month_seen_in_reports(
    play: Callable[..., Any], catalogue: Catalogue
) -> None:
    async with play() as served:
        database, files = served.database, served.service.catalogue
        async with database.connected("meetpunt_folder") as folder:
            today = await fill_signals(folder, files.municipality("molensloot"))
            to_come = await folder.fetchval(_TO_COME, today)
        async with database.connected("meetpunt_work") as work:
            assert await untold(work, within=TOLD_WITHIN) == set()
        assert today is not None
        assert to_come == 0
        low = served.body(served.token(), answers={"cijfer": 3})
        await published(database, files)
        before = (await served.client.get("/opvolging?lang=nl")).text
        month = f"{texts_in('nl')['figures']['months'][today.month - 1]} {today.year}"
        assert f">{month}</td>" not in before
        assert (await served.post(low)).status_code == 201
        page = (await served.client.get("/opvolging?lang=nl")).text
        (which,) = re.findall(
            r'name="signal" value="([0-9a-f-]{36})">\s*<input[^>]*value="gezien"', page
        )
        for step in ({"state": "gezien"}, {"state": "afgehandeld", "outcome": "verbeterd"}):
            reply = await served.client.post("/opvolging", data={"signal": which, **step})
            assert reply.status_code == 303
        # A page elsewhere presses nothing, and what is no signal changes nothing.
        elsewhere = {"sec-fetch-site": "cross-site"}
        refused = await served.client.post("/opvolging", headers=elsewhere)
        assert refused.status_code == 404
        assert (await served.client.post("/opvolging", data={"signal": "x"})).status_code == 303
        await published(database, files)
        told = (await served.client.get("/opvolging?lang=nl")).text
        this_month = f"/rapport/publiekszaken?maand={today:%Y-%m}"
        assert f'href="{this_month}"' in told
        page = await served.client.get(this_month)
        # The start page leads to that of the month before.
        start = (await served.client.get("/?lang=nl")).text
        links = re.findall(r'href="(/rapport/[a-z-]+)"', start)
        report = await served.client.get(links[0])
        odd = [
            (await served.client.get(address)).status_code
            for address in ("/rapport/x", f"{links[0]}?maand=2999-01", f"{links[0]}?maand=x")
        ]
    assert links == [
        f"/rapport/{each.slug}" for each in files.municipality("molensloot").departments
    ]
    last_month = today.replace(day=1) - timedelta(days=1)
    assert texts_in("nl")["figures"]["months"][last_month.month - 1] in report.text
    assert odd == [404, 404, 404]
    assert "afgehandeld: verbeterd" in told
    assert f"{month} Balie 10 10" in " ".join(re.sub("<[^>]*>", " ", told).split())
    assert page.status_code == 200
    assert "10 signalen" in page.text
    style = page.text.partition("<style>")[2].partition("</style>")[0]
    hashed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{hashed}'" in page.headers["content-security-policy"]


async def test_a_program_of_the_demo_is_told_by_its_webhook(
    play: Callable[..., Any], tmp_path: Path
) -> None:
    program = OwnProgram(write_secret(tmp_path / "signalen.key"))

    async def theirs(request: Request) -> Answer:
        assert (request.method, request.target) == ("POST", PATH)
        return Answer(program.take(request.headers, request.body))

    async with play() as served, neighbour(theirs) as server:
        files = load_catalogue(
            example_directory(),
            questionnaires_directory(),
            adapted=played(
                ("http://localhost:8000",), tmp_path, server.url, tmp_path / "signalen.key"
            ),
        )
        await signals(served.database, [1])
        async with served.database.connected("meetpunt_work") as db:
            await Telling(files, folder=tmp_path / "files").tell(db)
    assert program.last is not None
    assert program.last.lines == ("1 laag cijfer bij Balie in de hal, vanmorgen of eerder",)


async def test_over_http_it_answers_as_programs_do(play: Callable[..., Any]) -> None:
    async with play() as served:
        reply: httpx.Response = await served.client.post(PATH, content=BODY)
    assert reply.status_code == 401
