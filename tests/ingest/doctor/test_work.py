"""What runs and what waits: tasks, kiosks, responses that nobody can read, the service itself."""

import json
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from uuid import uuid4

import msgspec
import pytest

from ingest.asgi.deadlines import Deadlines
from ingest.doctor import examination, kiosks, patroni, service, tasks, waiting
from ingest.doctor.findings import Finding, Mark, ok
from ingest.doctor.sight import INGEST
from ingest.files.findings import FilesRejected
from ingest.files.findings import Finding as FileFinding
from ingest.tasks.leases import take
from ingest.tasks.names import TaskName
from tests.conftest import Database, Serve
from tests.example import example_catalogue
from tests.ingest.doctor.looking import (
    marks,
    seen,
    sentences,
    sight_of,
    told_of_settings,
    wrongs,
)
from tests.listening import listening
from tests.system.running import free_port
from tests.test_architecture import PACKAGE

pytestmark = pytest.mark.anyio

_HELD = (
    "update meetpunt.task set holder = $1, pid = 1, last_ran = clock_timestamp(),"
    " held_until = clock_timestamp() + interval '14 s', told_by = $1, files = $2, place = 'here'"
)
_KIOSK = (
    "insert into meetpunt.kiosk (municipality, touchpoint, public_key, name, enrolled_at,"
    " last_seen, clock_offset_seconds) values ('GM9001', 1, decode(repeat('04', 65), 'hex'),"
    " 'Hal links', now() - interval '30 days', now() - make_interval(days => $1::int), $2)"
)


# The database may be a copy of one that was made a while ago.
_JUST_MADE = "update meetpunt.task set since = clock_timestamp()"


async def _execute(database: Database, statement: str, *arguments: object) -> None:
    async with database.superuser() as db:
        await db.execute(statement, *arguments)


async def _hold(database: Database) -> None:
    """Let somebody have every task, by the files of here."""
    await _execute(database, _HELD, uuid4(), example_catalogue().checksum)


async def test_tasks_that_run_are_well(database: Database) -> None:
    await _hold(database)
    found = await seen(sight_of(database), tasks.examine)
    assert marks(found) == [Mark.OK] * len(TaskName)


async def test_who_does_a_task_by_other_files_is_named(database: Database) -> None:
    sight, old, new = sight_of(database), uuid4(), uuid4()
    assert sight.catalogue is not None
    await _hold(database)
    async with database.connected("meetpunt_work") as db:
        await db.execute("update meetpunt.task set holder = null, held_until = null, pid = null")
        for name in (TaskName.TELL_SIGNALS, TaskName.SEND_REPORTS):
            assert await take(db, name, old, files="0" * 16)
        assert await take(db, TaskName.PUBLISH, new, files=sight.catalogue.checksum)
        (told,) = wrongs(await seen(sight, tasks.examine))
        assert f"Who does send-reports, tell-signals (process {os.getpid()} on " in told


async def test_a_task_that_an_older_version_has_is_named(database: Database) -> None:
    sight = sight_of(database)
    await _hold(database)
    # It writes no column that it does not know, so what the one before it told stands there still.
    taken = "update meetpunt.task set holder = gen_random_uuid() where name = any ($1)"
    await _execute(database, taken, ["publish", "purge"])
    for catalogue in (sight.catalogue, None):
        found = await seen(msgspec.structs.replace(sight, catalogue=catalogue), tasks.examine)
        (told,) = wrongs(found)
        assert told.startswith("Who does publish, purge is of an older version, which leaves")
    untold = "told_by = null, files = null, place = null"
    await _execute(database, f"update meetpunt.task set {untold} where name = 'publish'")
    assert wrongs(await seen(sight, tasks.examine)) == [told]
    # Whoever was killed has it no more.
    await _execute(database, "update meetpunt.task set held_until = now() - interval '1 s'")
    assert wrongs(await seen(sight, tasks.examine)) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("last_ran = now() - interval '1 day'", "last ran 24 hours ago, and is late"),
        ("last_ran = null, since = now() - interval '3 days'", "never ran, and is late"),
        (
            "last_failed = clock_timestamp(), reason = 'UndefinedTableError'",
            "and failed since (UndefinedTableError)",
        ),
    ],
)
async def test_a_task_that_is_late_or_failed_is_wrong(
    database: Database, change: str, told: str
) -> None:
    await _hold(database)
    await _execute(database, f"update meetpunt.task set {change} where name = 'publish'")
    (sentence,) = wrongs(await seen(sight_of(database, roles=(INGEST,)), tasks.examine))
    assert sentence.startswith("The task publish ")
    assert told in sentence


async def test_a_late_task_leads_to_lines_that_the_log_has(own_database: Database) -> None:
    await _execute(own_database, "update meetpunt.task set since = now() - interval '3 days'")
    told = wrongs(await seen(sight_of(own_database), tasks.examine))[0]
    named = re.findall(r"\btasks?_\w+", told)
    assert len(named) == 4
    written = "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    logged = set(re.findall(r'\blog\(\s*"(\w+)"', written))
    assert set(named) <= logged


async def test_a_task_that_the_database_does_not_know_is_wrong(own_database: Database) -> None:
    await _execute(own_database, _JUST_MADE)
    await _execute(own_database, "delete from meetpunt.task where name = 'purge'")
    (told,) = wrongs(await seen(sight_of(own_database), tasks.examine))
    assert "does not know the task purge" in told


async def test_a_task_that_nobody_has_is_to_be_looked_at(database: Database) -> None:
    await _execute(database, _JUST_MADE)
    found = await seen(sight_of(database), tasks.examine)
    assert marks(found) == [Mark.LOOK] * len(TaskName)


async def test_a_kiosk_that_was_heard_of_is_well(database: Database) -> None:
    assert marks(await seen(sight_of(database), kiosks.examine)) == [Mark.OK]
    await _execute(database, _KIOSK, 0, 0)
    assert marks(await seen(sight_of(database), kiosks.examine)) == [Mark.OK]


async def test_a_silent_kiosk_is_named(database: Database) -> None:
    await _execute(database, _KIOSK, 20, 7200)
    found = await seen(sight_of(database), kiosks.examine)
    assert "molensloot/balie-hal (Hal links, " in "".join(wrongs(found))
    assert "clock of 1 kiosk is off, by 2 hours at most" in sentences(found, Mark.LOOK)


@pytest.mark.parametrize(("tile_mm", "named"), [(19, True), (20, False)])
async def test_a_kiosk_whose_answers_a_finger_misses_is_named(
    database: Database, tile_mm: int, named: bool
) -> None:
    await _execute(database, _KIOSK, 0, 0)
    await _execute(database, "update meetpunt.kiosk set tile_mm = $1", tile_mm)
    found = await seen(sight_of(database), kiosks.examine)
    told = "Answers of 1 kiosk are smaller than the 20 mm that a finger needs: molensloot/balie-hal"
    assert (told in sentences(found, Mark.LOOK)) == named


async def test_without_the_folder_kiosks_are_said_to_be_unseen(database: Database) -> None:
    for examine in (kiosks.examine, waiting.examine):
        found = await seen(sight_of(database, roles=(INGEST,)), examine)
        assert marks(found) == [Mark.UNSEEN]


async def test_what_waits_is_counted(database: Database) -> None:
    for days, mark in ((1, Mark.OK), (40, Mark.LOOK)):
        await _execute(
            database,
            "insert into meetpunt.unpublished values ('GM9001', current_date - $1::int,"
            " gen_random_uuid())",
            days,
        )
        (told,) = await seen(sight_of(database), waiting.examine)
        assert told.mark == mark
    assert told.sentence.startswith("Waiting to be published: 2 responses, the oldest for 40")


async def test_breakdowns_that_count_something_else_than_their_channels_are_told(
    database: Database,
) -> None:
    counts = "array_fill(2::bigint, array[10])"
    await _execute(
        database,
        "insert into lees.cijfer (municipality, grain, period, channel, indicator, kind, given,"
        " small_group) select 'GM9001', 'month', date '2026-10-01', channel, 'tevredenheid',"
        f" 'mark', {counts}, false from unnest(array['balie', 'online']) as channel",
    )
    found = await seen(sight_of(database), waiting.examine)
    assert "Breakdowns of 1 municipality count fewer" in sentences(found, Mark.LOOK)
    await _execute(
        database,
        "insert into lees.cijfer_uitgesplitst (municipality, month, touchpoint, product, location,"
        " wijk, mode, daypart, indicator, kind, given, small_group) select 'GM9001',"
        " date '2026-10-01', number, '', '', '', '', '', 'tevredenheid', 'mark',"
        f" {counts}, false from unnest(array[1, 2]) as number",
    )
    found = await seen(sight_of(database), waiting.examine)
    assert "Breakdowns" not in sentences(found, Mark.LOOK)


async def test_what_was_kept_apart_is_told(database: Database) -> None:
    await _execute(database, _KIOSK, 0, 0)
    await _execute(
        database,
        "insert into meetpunt.kiosk_quarantine (municipality, kiosk, digest, reason, payload,"
        " received_on) select municipality, id, sha256('x'), 'old-counter', '{}',"
        " current_date - 3 from meetpunt.kiosk",
    )
    found = await seen(sight_of(database), waiting.examine)
    assert "In quarantine: 1 item of kiosks, the oldest for 3 days" in sentences(found, Mark.LOOK)


@contextmanager
def answering(status: int, body: bytes) -> Iterator[int]:
    """Something that answers this to everything; its port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's name
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def ready(files: str) -> bytes:
    """What a service tells that serves these."""
    return json.dumps({"status": "ready", "service": "meetpunt", "files": files}).encode()


async def test_a_service_that_is_not_ready_is_wrong(database: Database) -> None:
    with answering(503, b'{"status": "database-away", "service": "meetpunt"}') as port:
        found = await seen(sight_of(database, port=port), service.examine)
    assert wrongs(found) == ["The service runs and is not ready: database-away."]


@pytest.mark.parametrize(("rows", "mark"), [(12, Mark.OK), (1900, Mark.WRONG)])
async def test_what_waits_in_the_service_is_told(database: Database, rows: int, mark: Mark) -> None:
    metrics = f"# TYPE ingest_queue_rows gauge\ningest_queue_rows {rows}.0\n".encode()
    with (
        answering(200, ready(example_catalogue().checksum)) as port,
        answering(200, metrics) as other,
    ):
        sight = sight_of(database, port=port, metrics_address=f"127.0.0.1:{other}")
        found = await seen(sight, service.examine)
    assert marks(found) == [Mark.OK, mark]


async def test_the_service_itself_is_known_by_its_answer(serve: Serve, database: Database) -> None:
    async with serve() as served, listening(served.app, Deadlines()) as (port, _):
        found = await seen(sight_of(database, port=port, metrics_address=None), service.examine)
    assert found[0] == ok("The service runs and is ready.")
    assert marks(found) == [Mark.OK, Mark.UNSEEN], "of its metrics alone there is more to tell"


async def test_a_service_that_serves_other_files_than_those_here_is_wrong(
    database: Database,
) -> None:
    with answering(200, ready("0123456789abcdef")) as port:
        sight = sight_of(database, port=port, metrics_address=None)
        (told,) = wrongs(await seen(sight, service.examine))
    assert f"port {port} of 127.0.0.1" in told
    assert "serves other files than those here: it was started before they changed, or" in told


async def test_a_service_that_does_not_tell_of_its_files_is_to_be_looked_at(
    database: Database,
) -> None:
    with answering(200, b'{"status": "ready", "service": "meetpunt"}') as port:
        sight = sight_of(database, port=port, metrics_address=None)
        found = await seen(sight, service.examine)
    assert wrongs(found) == []
    assert "is of an older version" in sentences(found, Mark.LOOK)


async def test_a_service_that_tells_nobody_is_named_where_it_ought_to(
    serve: Serve, database: Database
) -> None:
    async with (
        serve(tells=False) as served,
        listening(served.app, Deadlines()) as (port, _),
    ):
        sight = sight_of(database, port=port, metrics_address=None)
        found = await seen(sight, service.examine)
        assert (await served.client.get("/readyz")).json()["tells"] == "nobody"
        quiet = told_of_settings(sight, tells=False)
        assert sentences(await seen(quiet, service.examine), Mark.LOOK) == ""
    assert f"port {port} of 127.0.0.1" in sentences(found, Mark.LOOK)
    assert "tells nobody outside: MEETPUNT_TELLS" in sentences(found, Mark.LOOK)


async def test_a_copy_that_tells_nobody_is_not_wrong_for_what_waits(
    database: Database, serve: Serve
) -> None:
    # Work was done there before, so it would be late where nobody does it.
    await _execute(
        database,
        "update meetpunt.task set last_ran = now() - interval '1 day' where name = any ($1)",
        [*_OF_WORK],
    )
    sight = sight_of(database)
    assert named(await examination.examine(sight)) >= _OF_WORK
    told = await examination.examine(told_of_settings(sight, tells=False))
    assert named(told) & _OF_WORK == set()
    for subject in ("Invitations", "Systems of others", "Who is told of signals"):
        assert marks(told[subject]) == [Mark.UNSEEN]
    assert "MEETPUNT_TELLS is nobody" in sentences(told["Settings"], Mark.LOOK)
    for tells, late in ((True, _OF_WORK), (False, set())):
        async with serve(tells=tells) as served:
            await served.service.tasks.look()
            assert {each.name for each in served.service.tasks.late()} & _OF_WORK == late


_OF_WORK = {"tell-signals", "send-reports", "poll-cases"}


def named(told: dict[str, list[Finding]]) -> set[str]:
    """The tasks of which something is wrong."""
    return {sentence.split()[2] for sentence in wrongs(told["Tasks"])}


@pytest.mark.parametrize(
    "body", [b'{"status": "ready"}', b'{"status": "ok", "service": "other"}', b"[]", b"<html>"]
)
async def test_another_program_on_the_port_is_not_taken_for_the_service(
    database: Database, body: bytes
) -> None:
    with answering(200, body) as port:
        (told,) = wrongs(await seen(sight_of(database, port=port), service.examine))
    assert "is another program" in told


async def test_a_service_that_does_not_answer_may_run_elsewhere(database: Database) -> None:
    await _hold(database)
    found = await seen(sight_of(database, port=free_port()), service.examine)
    assert marks(found) == [Mark.LOOK]


async def test_where_none_answers_and_nobody_has_a_task_nothing_runs(
    database: Database,
) -> None:
    await _hold(database)
    await _execute(database, "update meetpunt.task set held_until = now() - interval '1 s'")
    (told,) = wrongs(await seen(sight_of(database, port=free_port()), service.examine))
    assert "it does not run." in told


@pytest.mark.parametrize(
    ("role", "state", "mark"),
    [
        ("primary", "running", Mark.OK),
        ("replica", "running", Mark.LOOK),
        ("primary", "start failed", Mark.WRONG),
    ],
)
async def test_patroni_is_told_with_its_version(
    database: Database, role: str, state: str, mark: Mark
) -> None:
    """As its documentation has the answer; no Patroni runs here."""
    body = (
        f'{{"state": "{state}", "role": "{role}", "patroni": {{"version": "4.1.5", "scope": "x"}}}}'
    )
    with answering(200, body.encode()) as port:
        sight = sight_of(database, patroni_url=f"http://127.0.0.1:{port}")
        (told,) = await seen(sight, patroni.examine)
    assert told.mark == mark
    assert "Patroni 4.1.5" in told.sentence


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("3.0.2", [Mark.WRONG]),
        ("4.1.4", [Mark.WRONG]),
        ("4.1", [Mark.WRONG]),
        ("4.1.5", []),
        ("4.1.10", []),
        ("10.0", []),
        ("newest", [Mark.LOOK]),
    ],
)
def test_a_patroni_that_may_undo_what_was_acknowledged_is_named(
    version: str, told: list[Mark]
) -> None:
    found = patroni.of_version(version)
    assert marks(found) == told
    assert all("4.1.5 or later" in each.sentence for each in found)


async def test_what_another_service_tells_moves_no_terminal(database: Database) -> None:
    body = json.dumps(
        {"state": "\x1b]0;mine\x07", "role": "primary", "patroni": {"version": "5.0"}}
    )
    with answering(200, body.encode()) as port:
        sight = sight_of(database, patroni_url=f"http://127.0.0.1:{port}")
        (told,) = (await examination.examine(sight))["Patroni"]
    assert "primary, ?]0;mine?." in told.sentence


async def test_patroni_that_is_not_set_is_unseen_and_one_that_is_away_is_wrong(
    database: Database,
) -> None:
    assert marks(await seen(sight_of(database), patroni.examine)) == [Mark.UNSEEN]
    away = sight_of(database, patroni_url=f"http://127.0.0.1:{free_port()}")
    assert marks(await seen(away, patroni.examine)) == [Mark.WRONG]


async def test_where_the_files_hold_errors_the_rest_is_told_nevertheless(
    database: Database,
) -> None:
    rejected = FilesRejected([FileFinding(path="molensloot.toml", line=3, message="no such key")])
    sight = msgspec.structs.replace(sight_of(database), catalogue=None, rejected=rejected)
    told = await examination.examine(sight)
    assert "molensloot.toml:3: no such key" in wrongs(told["Settings"])
    assert Mark.OK in marks(told["Roles and rights"])
    sentences = "".join(each.sentence for found in told.values() for each in found)
    assert "broke off" not in sentences
    # What nobody could read is not called absent.
    assert not re.search("No municipality|no themes", sentences)
