"""A service and its Postgres on one machine whose clock jumps: what is destroyed, and who asks.

Both run under a clock of ours (`shifted_clock.c`), so they agree with one another, as they would
on a machine that starts with a wrong date.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec

from ingest.postgres.cluster import DATABASE
from ingest.postgres.programs import find_programs, ordinary_account
from ingest.postgres.server import EmbeddedPostgres
from tests.conftest import Database
from tests.example import example_directory
from tests.postgres import QUICK
from tests.system.running import ROOT, running

DAY = 86_400
AHEAD = 400 * DAY
BACK = -2 * 3600
_SOURCE = Path(__file__).with_name("shifted_clock.c")
_SECONDS_TO_WAIT = 60
_OPEN_LINKS = 20


class ClockJump(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to `texts` answers of today, and to whom asked for a survey.

    `destroyed_past_term`: what was past its term under a right clock. `refusals`: how often serve
    and the command refused while it was wrong. `destroyed_wrongly`: what they destroyed then.
    `shut_out`: open links refused after the clock of a running service went back two hours.
    `control`: what is destroyed when somebody answers for the wrong clock.
    """

    texts: int
    destroyed_past_term: int
    refusals: int
    destroyed_wrongly: int
    shut_out: int
    control: int


class _Machine(msgspec.Struct, frozen=True):
    """A machine with a clock: its folder, its database and the settings of what runs there."""

    folder: Path
    database: Database
    settings: dict[str, str]

    def set_clock(self, seconds: int) -> None:
        """The wall clock is this much ahead from now on; all at once, for everybody."""
        new = self.folder / "shift.new"
        new.write_text(str(seconds))
        new.chmod(0o644)
        new.rename(self.folder / "shift")

    def ask(self, query: str, *arguments: Any) -> Any:
        async def ask() -> Any:
            async with self.database.superuser() as db:
                return await db.fetchval(query, *arguments)

        return asyncio.run(ask())

    def texts(self) -> int:
        return int(self.ask("select count(*) from meetpunt.free_text"))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`meetpunt` with these arguments, under this clock."""
        return subprocess.run(
            [sys.executable, "-m", "ingest", *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**os.environ, **self.settings},
        )

    def wait_for(self, query: str) -> None:
        until = time.monotonic() + _SECONDS_TO_WAIT
        while not self.ask(query):
            assert time.monotonic() < until, f"in vain: {query}"


def clock_jump(texts: int) -> ClockJump:
    """Let the clock of a machine with `texts` fresh and some old answers jump, both ways."""
    with _machine() as machine:
        _answer(machine, texts)
        with _serving(machine, "right") as url:
            machine.wait_for("select 1 from meetpunt.purge_moment")
            machine.wait_for("select 1 from meetpunt.destruction_record where kind = 'free_text'")
            past_term = texts + texts // 10 - machine.texts()
            assert not _refused(url)
            machine.set_clock(BACK)
            shut_out = _refused(url)
        kept = machine.texts()
        machine.set_clock(AHEAD)
        with _serving(machine, "ahead"):
            machine.wait_for(
                "select 1 from meetpunt.task where name = 'purge' and reason = 'ClockDoubted'"
            )
        told = (machine.folder / "ahead.log").read_text()
        refused = machine.run("purge")
        refusals = ("purge_refused" in told) + (
            refused.returncode == 1 and "400 days after the last purge" in refused.stderr
        )
        wrongly = kept - machine.texts()
        machine.run("purge", "--clock-is-right")
        return ClockJump(
            texts=kept,
            destroyed_past_term=past_term,
            refusals=refusals,
            destroyed_wrongly=wrongly,
            shut_out=shut_out,
            control=kept - machine.texts(),
        )


@contextmanager
def _machine() -> Iterator[_Machine]:
    """A machine with Postgres, tables and keys, everything under a clock that we set."""
    with tempfile.TemporaryDirectory(prefix="meetpunt-clock-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # Postgres, an ordinary user, reads its clock here
        clock = {"LD_PRELOAD": str(_compiled(folder)), "CLOCK_SHIFT_FILE": str(folder / "shift")}
        server = EmbeddedPostgres(
            folder / "data", binaries=_under(clock, folder), settings=QUICK, announce=lambda _: None
        )
        server.start()
        try:
            database = Database(server, DATABASE)
            settings = clock | {
                "MEETPUNT_CONFIG": str(example_directory()),
                "MEETPUNT_KEYS_FILE": str(folder / "keys.json"),
                "MEETPUNT_DATABASE_URL": database.ingest,
                "MEETPUNT_FOLDER_URL": database.url("meetpunt_folder"),
                "MEETPUNT_OWNER_URL": database.owner,
            }
            machine = _Machine(folder, database, settings)
            for command in (("migrate",), ("keys", "new")):
                machine.run(*command).check_returncode()
            yield machine
        finally:
            server.stop()


def _compiled(folder: Path) -> Path:
    library = folder / "shifted_clock.so"
    subprocess.run(("cc", "-shared", "-fPIC", "-O2", "-o", library, _SOURCE), check=True)
    return library


def _under(clock: dict[str, str], folder: Path) -> Path:
    """Programs of Postgres that look at our clock: it starts without any variable of the caller."""
    programs = find_programs(None, ordinary_account(folder / "data" / "postgres")).folder
    wrapped = folder / "bin"
    wrapped.mkdir()
    chosen = " ".join(f"{name}='{value}'" for name, value in clock.items())
    for program in ("postgres", "initdb"):
        script = wrapped / program
        script.write_text(f"#!/bin/sh\n{chosen} exec '{programs / program}' \"$@\"\n")
        script.chmod(0o755)
    return wrapped


@contextmanager
def _serving(machine: _Machine, name: str) -> Iterator[str]:
    with running(machine.folder / name, workers=1, **machine.settings) as service:
        yield service.url


def _answer(machine: _Machine, texts: int) -> None:
    """So many texts of today, and a tenth as many that are past their term."""
    for day, count in (("current_date", texts), ("current_date - 500", texts // 10)):
        machine.ask(
            f"""with response as (
                insert into meetpunt.response (municipality, day, id, touchpoint, questionnaire,
                    version, structure, language, mode, complete, suspect, is_test, dimensions,
                    answers)
                select t.municipality, {day}, gen_random_uuid(), t.number, q.questionnaire,
                    q.version, q.structure, 'nl', 'bericht', true, '{{}}', false, '{{}}',
                    '{{"cijfer": 8}}'
                from (select * from meetpunt.touchpoint limit 1) as t
                cross join lateral (select * from meetpunt.questionnaire
                    where municipality = t.municipality limit 1) as q
                cross join generate_series(1, $1::integer)
                returning municipality, day, id
            )
            insert into meetpunt.free_text (municipality, day, response_id, item, text, masked)
            select municipality, day, id, 'toelichting', 'Prima.', '{{}}' from response""",
            count,
        )


def _refused(url: str) -> int:
    """Of so many who open a link, how many are sent away."""
    link = f"{url}/o/molensloot/balie-hal"
    return sum(httpx.get(link).status_code != 200 for _ in range(_OPEN_LINKS))
