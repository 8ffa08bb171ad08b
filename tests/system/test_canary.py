"""Marked visitors leave no mark: not in the database, its files and log, nor in our log or figures.

Forty residents, each with an address, a user agent, a referrer and a token that nobody else
has, through a proxy that is trusted. And some whose report was closed, with words of their own for
it, while Signalen is away: what has to be told waits. Then everything that was written anywhere is
searched.
"""

import asyncio
import ipaddress
import os
import shutil
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import httpx
import msgspec
import pytest

from ingest.invitations.statements import store_invitations
from ingest.municipalities.catalogue import Catalogue
from ingest.postgres.server import EmbeddedPostgres
from ingest.tokens.keys import load_keys
from ingest.tokens.response_tokens import Tokens, digest
from tests.example import VERSION, example_directory
from tests.filled_in import form_on
from tests.reports import FORM, address
from tests.system.running import free_port, running

pytestmark = [pytest.mark.anyio, pytest.mark.processes]

VISITORS = 40
REPORTERS = 8
OF_THE_CONTROL = 60
CLIENTS = 16
NETWORK = "2001:db8:ca7a"
# Written in an answer, so it has to be found: else the search sees nothing.
PLANTED = "kanarie-in-een-antwoord"


class Visitor(msgspec.Struct):
    """Somebody who answers: through a link of their own, the open link, or a script on a page."""

    number: int
    token: str = ""

    @property
    def marks(self) -> dict[str, str]:
        """What must not be found anywhere. No mark is the beginning of another."""
        return {
            "address": f"{NETWORK}:{self.number:x}::1",
            "agent": f"Kanarie-{self.number:04}-bladeraar",
            "referrer": f"kanarie-{self.number:04}-herkomst",
            "token": self.token,
        }

    @property
    def headers(self) -> dict[str, str]:
        return {
            "X-Forwarded-For": self.marks["address"],
            "User-Agent": f"Mozilla/5.0 {self.marks['agent']}",
            "Referer": f"https://{self.marks['referrer']}.example/?van=x",
        }


async def visit(http: httpx.AsyncClient, visitor: Visitor, catalogue: Catalogue) -> None:
    """Look, answer, try again with the same link, and make a mistake."""
    headers = visitor.headers
    if not visitor.token:
        opened = await http.get("/o/molensloot/balie-hal", headers=headers)
        visitor.token = urlsplit(form_on(opened.content).action).path.rpartition("/")[2]
    page = f"/v/{visitor.token}"
    if visitor.number % 3 == 2:
        touchpoint = catalogue.touchpoint("molensloot", "balie-hal")
        body = {
            "touchpoint": touchpoint.path,
            "responseId": str(uuid4()),
            "questionnaire": touchpoint.questionnaire,
            "version": touchpoint.version,
            "language": "nl",
            "token": visitor.token,
            "answers": {"cijfer": 8},
        }
        for mark, status in ((11, 400), (8, 201), (8, 200)):
            sent = body | {"answers": {"cijfer": mark}}
            answer = await http.post("/api/v1/responses", json=sent, headers=headers)
            assert answer.status_code == status, answer.text
        await http.post("/api/v1/responses", content=b"{" + visitor.token.encode(), headers=headers)
        return
    assert (await http.get(page, headers=headers)).status_code == 200
    form = {"_version": str(VERSION), "_language": "nl", "cijfer": "8"}
    if visitor.number == 0:
        form["toelichting"] = PLANTED
    for fields, status in ((form | {"cijfer": "11"}, 400), (form, 303), (form, 410)):
        answer = await http.post(page, data=fields, headers=headers)
        assert answer.status_code == status, (status, answer.status_code, answer.text[:2000])
    # Forged: the last character but one holds no spare bits.
    other = "A" if page[-2] != "A" else "B"
    assert (await http.get(page[:-2] + other + page[-1], headers=headers)).status_code == 404


async def report(http: httpx.AsyncClient, number: int, token: str, words: str) -> None:
    """Answer by the link of a closing mail: a mistake, the answers, and the same once more."""
    page, headers = address(token), {"X-Forwarded-For": f"2001:db8:{number:x}::1"}
    form = form_on((await http.get(page, headers=headers)).content)
    said = {"cijfer": "8", "_solved": "unsolved", "_contact": "yes", "_words": words}
    for changed, status in (({"cijfer": "11"}, 400), ({}, 303), ({}, 303)):
        body = form.encoded(**said | changed)
        answer = await http.post(page, content=body, headers=FORM | headers)
        assert answer.status_code == status, answer.text[:2000]


def with_reports(folder: Path) -> str:
    """The fictional municipalities, of which one has a Signalen that is away."""
    files = folder / "files"
    shutil.copytree(example_directory(), files)
    path = files / "molensloot.toml"
    table = (
        '[signalen]\nurl = "http://127.0.0.1:1/signals"\nsite = "https://meldingen.example"\n'
        'touchpoints = ["melding"]\nprivate_network = true\n'
    )
    path.write_text(f"{path.read_text('utf-8')}\n{table}", "utf-8")
    return str(files)


async def invited(data: Path, catalogue: Catalogue, visitors: list[Visitor]) -> None:
    """Send these a link of their own."""
    tokens = Tokens(load_keys(data / "keys.json"))
    touchpoint = catalogue.touchpoint("molensloot", "telefonie")
    now = datetime.now(UTC)
    for visitor in visitors:
        visitor.token = tokens.issue(
            purpose="invitation",
            touchpoint=touchpoint.number,
            expires_at=now + timedelta(days=1),
            now=now,
        )
    db = await asyncpg.connect(EmbeddedPostgres(data).url("meetpunt_ingest"))
    await store_invitations(
        db,
        municipality="GM9001",
        touchpoint=touchpoint.number,
        digests=[digest(tokens.read(visitor.token).id) for visitor in visitors],
        dimensions=["{}"] * len(visitors),
        day=now.date(),
        expires_on=date(2100, 1, 1),
    )
    await db.close()


async def dump(db: asyncpg.Connection, folder: Path) -> int:
    """Every row of every table, as its superuser sees them; how many responses there are."""
    tables = await db.fetch(
        "select relnamespace::regnamespace::text as schemaname, relname from pg_class"
        # What is partitioned holds no row itself; its partitions do.
        " where relkind = 'r' and relnamespace::regnamespace::text !~ '^(pg_|information_schema)'"
    )
    for table in tables:
        await db.copy_from_table(
            table["relname"],
            schema_name=table["schemaname"],
            output=folder / f"{table['schemaname']}.{table['relname']}",
        )
    assert len(tables) > 10
    responses: int = await db.fetchval("select count(*) from meetpunt.response")
    return responses


def found_in(place: Path, marks: set[str], folder: Path) -> set[str]:
    """Which of the marks stand in a file or in the files of a folder, whatever their format."""
    patterns = folder / "marks"
    patterns.write_text("\n".join(sorted(marks)) + "\n")
    done = subprocess.run(
        ["grep", "-raohF", "-f", patterns, place],
        check=False,
        capture_output=True,
        env=os.environ | {"LC_ALL": "C"},
    )
    assert done.returncode in (0, 1), done.stderr
    return set(done.stdout.decode().splitlines())


async def marks_left(
    tmp_path: Path,
    catalogue: Catalogue,
    *command: str,
    many: int = VISITORS,
    reports: int = REPORTERS,
) -> dict[str, Counter[str]]:
    """For each place that something is written to: how many marks of which kind stand there."""
    data, dumped = tmp_path / "data", tmp_path / "dump"
    dumped.mkdir()
    visitors = [Visitor(number=number) for number in range(many)]
    reporters = {token_urlsafe(): f"kanarie-{n}-eigen-woorden" for n in range(reports)}
    metrics = f"127.0.0.1:{free_port()}"
    with running(
        data,
        *command,
        MEETPUNT_METRICS_ADDRESS=metrics,
        MEETPUNT_TRUSTED_PROXIES="127.0.0.1",
        MEETPUNT_LOG_LEVEL="debug",
        # A thousand reports in a minute, which no Signalen vouches for, are more than is believed.
        MEETPUNT_TOKEN_LIMIT_PER_ADDRESS_PER_MINUTE="100000",
        MEETPUNT_TOKEN_LIMIT_PER_TOUCHPOINT_PER_MINUTE="1000000",
        MEETPUNT_CONFIG=with_reports(tmp_path),
    ) as service:
        superuser = await asyncpg.connect(EmbeddedPostgres(data).url("postgres"))
        # Compressed pages would hide a mark from the search, not from whoever unpacks them.
        await superuser.execute("alter system set wal_compression = off")
        await superuser.execute("select pg_reload_conf()")
        await invited(data, catalogue, [v for v in visitors if v.number % 3 == 1])
        waiting = iter(visitors)
        reporting = iter(enumerate(reporters.items()))

        async def client() -> None:
            async with httpx.AsyncClient(base_url=service.url, timeout=30) as http:
                for visitor in waiting:
                    await visit(http, visitor, catalogue)
                for number, (token, words) in reporting:
                    await report(http, number, token, words)

        await asyncio.gather(*(client() for _ in range(CLIENTS)))
        assert await dump(superuser, dumped) == many + len(reporters)
        assert await superuser.fetchval("select count(*) from meetpunt.writeback") == reports
        await superuser.execute("checkpoint")
        await superuser.close()
        async with httpx.AsyncClient() as http:
            shown = await http.get(f"http://{metrics}/metrics")
        assert b"ingest_outcomes_total" in shown.content
        (tmp_path / "metrics").write_bytes(shown.content)
    kinds = {mark: kind for visitor in visitors for kind, mark in visitor.marks.items()}
    assert len(kinds) == 4 * many
    kinds |= dict.fromkeys(reporters, "token of a report")
    kinds |= dict.fromkeys(reporters.values(), "words for a report")
    kinds[PLANTED] = "planted"
    places = {
        "dump": dumped,
        "write-ahead log": data / "postgres" / "pg_wal",
        "files of Postgres": data / "postgres" / "base",
        "log of Postgres": data / "postgres.log",
        "data folder": data,
        "log": tmp_path / "data.log",
        "metrics": tmp_path / "metrics",
    }
    packed = ipaddress.ip_address(f"{NETWORK}::").packed[:6]
    for file in (file for file in data.rglob("*") if file.is_file()):
        assert packed not in file.read_bytes(), file
    return {
        name: Counter(kinds[mark] for mark in found_in(place, set(kinds), tmp_path))
        for name, place in places.items()
    }


# A thousand reports are the same once more.
@pytest.mark.parametrize("reports", [REPORTERS, pytest.param(1000, marks=pytest.mark.long)])
async def test_visitors_leave_no_mark(tmp_path: Path, catalogue: Catalogue, reports: int) -> None:
    left = await marks_left(tmp_path, catalogue, reports=reports)
    for place in ("dump", "write-ahead log", "files of Postgres", "data folder"):
        assert left.pop(place) == {"planted": 1}, place
    assert not any(left.values()), left


# Control of the search; the answer that is planted above is one as well.
@pytest.mark.long
async def test_with_an_access_log_every_address_and_every_link_is_found(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    start = (
        "from ingest.commands.serve import start;"
        "from ingest.commands.environment import read_settings;"
        "start(read_settings(), 'tests.system.access_log_on:from_environment')"
    )
    left = await marks_left(tmp_path, catalogue, sys.executable, "-c", start, many=OF_THE_CONTROL)
    through_links = sum(number % 3 != 2 for number in range(OF_THE_CONTROL))
    assert left["log"] == {
        "address": OF_THE_CONTROL,
        "token": through_links,
        "token of a report": REPORTERS,
    }
