"""`meetpunt serve` refuses in a sentence what would go wrong later, before it makes anything."""

import asyncio
import os
import re
import shutil
import signal
import socket
import sys
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from ingest.commands.meetpunt import meetpunt
from tests.conftest import Database
from tests.example import example_directory
from tests.system.running import free_port, running


def serve(tmp_path: Path, *options: str, command: str = "serve", **settings: str) -> str:
    """What it says when it ends by itself. In this process: another takes a second to start."""
    ended = CliRunner().invoke(
        meetpunt,
        (command, *options),
        env={
            "MEETPUNT_CONFIG": str(example_directory()),
            "MEETPUNT_DATA": str(tmp_path / "data"),
            "MEETPUNT_PORT": str(free_port()),
            "MEETPUNT_METRICS_ADDRESS": "off",
            **settings,
        },
    )
    assert ended.exit_code == 1, ended.output
    assert isinstance(ended.exception, SystemExit), ended.exception
    return ended.output


def external(database: Database, keys_file: Path, role: str = "meetpunt_ingest") -> dict[str, str]:
    return {"MEETPUNT_DATABASE_URL": database.url(role), "MEETPUNT_KEYS_FILE": str(keys_file)}


_LEADS_NOWHERE = "postgresql://127.0.0.1:1/meetpunt"


@pytest.mark.parametrize("setting", ["OWNER_URL", "FOLDER_URL", "WORK_URL"])
@pytest.mark.parametrize("command", ["serve", "demo", "doctor"])
def test_a_database_that_answers_would_not_reach_is_refused(
    tmp_path: Path, command: str, setting: str
) -> None:
    nowhere = {f"MEETPUNT_{setting}": _LEADS_NOWHERE, "MEETPUNT_DATABASE_URL": ""}
    told = serve(tmp_path, command=command, **nowhere)
    assert (
        f"MEETPUNT_{setting} names a database but MEETPUNT_DATABASE_URL does not: "
        "set both, or neither."
    ) in told
    assert not (tmp_path / "data").exists()


def test_every_setting_that_names_that_database_is_told(tmp_path: Path) -> None:
    told = serve(tmp_path, MEETPUNT_FOLDER_URL=_LEADS_NOWHERE, MEETPUNT_WORK_URL=_LEADS_NOWHERE)
    assert (
        "MEETPUNT_FOLDER_URL and MEETPUNT_WORK_URL name a database but MEETPUNT_DATABASE_URL "
        "does not: set all of them, or none."
    ) in told


@pytest.mark.parametrize(
    ("command", "setting"),
    [
        (("migrate",), "FOLDER_URL"),
        (("publish", "now"), "WORK_URL"),
        (("purge",), "OWNER_URL"),
        (("apikeys", "list", "molensloot"), "WORK_URL"),
        (("work",), "FOLDER_URL"),
        (("invitations", "status"), "FOLDER_URL"),
    ],
)
def test_no_command_takes_our_own_postgres_where_another_is_named(
    tmp_path: Path, keys_file: Path, command: tuple[str, ...], setting: str
) -> None:
    told = serve(
        tmp_path,
        *command[1:],
        command=command[0],
        MEETPUNT_KEYS_FILE=str(keys_file),
        **{f"MEETPUNT_{setting}": _LEADS_NOWHERE},
    )
    assert f"MEETPUNT_{setting} names a database but MEETPUNT_DATABASE_URL does not" in told
    assert not (tmp_path / "data").exists()


def test_a_copy_to_look_at_tells_nobody(tmp_path: Path) -> None:
    told = serve(tmp_path, command="work", MEETPUNT_TELLS="nobody")
    assert "MEETPUNT_TELLS is nobody: nothing is to be sent from here." in told
    page = (Path(__file__).parents[3] / "docs" / "backup.md").read_text("utf-8")
    # Both ways: of Meetpunt's own Postgres, and a dump that was put back elsewhere.
    starts = [line for line in page.splitlines() if line.endswith(" meetpunt serve")]
    assert ["MEETPUNT_TELLS=nobody" in line for line in starts] == [True, True]


def test_what_works_otherwise_than_somebody_may_think_is_said(
    tmp_path: Path, keys_file: Path
) -> None:
    elsewhere = "postgresql://{0}@192.0.2.1/meetpunt?sslcert=/nowhere.pem"  # which ends it
    told = serve(
        tmp_path,
        MEETPUNT_DATABASE_URL=elsewhere.format("meetpunt_ingest"),
        MEETPUNT_FOLDER_URL=elsewhere.format("meetpunt_folder"),
        MEETPUNT_KEYS_FILE=str(keys_file),
        MEETPUNT_BACKUP=str(tmp_path / "backup"),
    )
    assert "MEETPUNT_BACKUP is set and does nothing: MEETPUNT_DATABASE_URL names a Postgres" in told
    assert (
        "Without sslmode in MEETPUNT_DATABASE_URL and MEETPUNT_FOLDER_URL password and answers may "
        "cross the network unencrypted: set sslmode=verify-full.\n"
    ) in told


@pytest.mark.parametrize("role", ["postgres", "meetpunt_owner", "meetpunt_folder"])
def test_a_role_that_is_not_the_service_s_is_refused(
    tmp_path: Path, database: Database, keys_file: Path, role: str
) -> None:
    told = serve(tmp_path, **external(database, keys_file, role))
    assert f"role {role} " in told
    assert "meetpunt serve connects as role meetpunt_ingest" in told


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            """update meetpunt.touchpoint set slug = 'loket' where number =
            (select min(number) from meetpunt.touchpoint where municipality = 'GM9001')""",
            "belongs to touchpoint molensloot/loket",
        ),
        (
            """alter table meetpunt.item drop constraint item_municipality_structure_fkey;
            delete from meetpunt.questionnaire where structure =
            (select min(structure) from meetpunt.questionnaire)""",
            "run 'meetpunt migrate' first",
        ),
        (
            "update meetpunt.touchpoint set batch = 20 where municipality = 'GM9001'",
            "the database is behind your files: run 'meetpunt migrate' first",
        ),
    ],
)
def test_files_that_do_not_fit_the_database_are_refused(
    tmp_path: Path, own_database: Database, keys_file: Path, change: str, sentence: str
) -> None:
    async def changed() -> None:
        async with own_database.superuser() as db:
            await db.execute(change)

    asyncio.run(changed())
    settings = external(own_database, keys_file)
    assert sentence in serve(tmp_path, **settings)
    # Links that nobody could answer are not made either.
    assert sentence in serve(tmp_path, "new", "molensloot/online", command="links", **settings)


@pytest.mark.parametrize(("command", "setting"), [("serve", "DATABASE_URL"), ("work", "WORK_URL")])
def test_who_is_told_to_stop_while_the_database_is_away_ends_well(
    tmp_path: Path, keys_file: Path, command: str, setting: str
) -> None:
    def too_late(*_: object) -> None:
        raise AssertionError("SIGTERM was left to end the process")

    before = signal.signal(signal.SIGTERM, too_late)
    with socket.create_server(("127.0.0.1", 0)) as away:

        def hang_up() -> None:
            away.accept()[0].close()
            os.kill(os.getpid(), signal.SIGTERM)

        hanging_up = Thread(target=hang_up)
        hanging_up.start()
        ended = CliRunner().invoke(
            meetpunt,
            [command],
            env={
                "MEETPUNT_CONFIG": str(example_directory()),
                "MEETPUNT_KEYS_FILE": str(keys_file),
                "MEETPUNT_DATA": str(tmp_path / "data"),
                "MEETPUNT_PORT": str(free_port()),
                "MEETPUNT_METRICS_ADDRESS": "off",
                f"MEETPUNT_{setting}": f"postgresql://x@127.0.0.1:{away.getsockname()[1]}/x",
            },
        )
        hanging_up.join()
    signal.signal(signal.SIGTERM, before)
    assert ended.exit_code == 0, ended.output
    assert "Told to stop while it waited for its database; nothing was begun." in ended.output


def test_files_that_changed_since_they_were_mirrored_are_told(
    tmp_path: Path, database: Database, keys_file: Path
) -> None:
    config = tmp_path / "config"
    shutil.copytree(example_directory(), config)
    file = config / "duinrade.toml"
    file.write_text(file.read_text("utf-8").replace('name = "Duinrade"', 'name = "Duinzicht"'))
    told = serve(
        tmp_path,
        **external(database, keys_file),
        MEETPUNT_CONFIG=str(config),
        MEETPUNT_FOLDER_URL=database.ingest,  # which ends it
    )
    assert "Your files changed and the database has what they said before: " in told
    assert "Dashboards show that until 'meetpunt migrate' has run." in told
    same = serve(tmp_path, **external(database, keys_file), MEETPUNT_FOLDER_URL=database.ingest)
    assert "Your files changed" not in same


def test_a_touchpoint_that_vanished_from_the_files_is_refused(
    tmp_path: Path, database: Database, keys_file: Path
) -> None:
    config = tmp_path / "config"
    shutil.copytree(example_directory(), config)
    (config / "duinrade.toml").unlink()
    settings = external(database, keys_file) | {"MEETPUNT_CONFIG": str(config)}
    assert "duinrade/balie-hal" in serve(tmp_path, **settings)


@pytest.mark.parametrize("setting", ["MEETPUNT_PORT", "MEETPUNT_POSTGRES_PORT", "--port"])
def test_a_port_that_is_taken_is_told_before_a_database_is_made(
    tmp_path: Path, setting: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        if setting == "--port":
            told = serve(tmp_path, "--port", port)
        else:
            told = serve(tmp_path, **{setting: port})
    assert f"Port {port} on 127.0.0.1 is taken" in told
    assert "Fictional according to their files: duinrade, molensloot" in told
    assert not (tmp_path / "data").exists()


def test_the_demo_looks_at_its_port_before_it_makes_a_database(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = serve(tmp_path, command="demo", MEETPUNT_CONFIG="", MEETPUNT_PORT=port)
    assert f"Port {port} on 127.0.0.1 is taken" in told
    assert not (tmp_path / "data").exists()


def test_the_demo_takes_its_port_from_the_command_line_too(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = serve(tmp_path, "--port", port, command="demo", MEETPUNT_CONFIG="")
    assert f"Port {port} on 127.0.0.1 is taken" in told


@pytest.mark.processes
def test_workers_are_counted_out_on_the_command_line_and_what_does_not_happen_is_said(
    tmp_path: Path, database: Database, keys_file: Path
) -> None:
    command = (sys.executable, "-m", "ingest", "serve", "--workers", "2")
    with running(
        tmp_path / "data",
        *command,
        MEETPUNT_DATABASE_URL=database.ingest,
        MEETPUNT_KEYS_FILE=str(keys_file),
        MEETPUNT_TELLS="nobody",
    ):
        log = (tmp_path / "data.log").read_text("utf-8")
    assert re.search(r'"workers": ?2', log)
    log = (tmp_path / "data.log").read_text("utf-8")
    (serving,) = [line for line in log.splitlines() if '"event":"serving"' in line]
    assert '"setting":"MEETPUNT_TELLS"' in serving
    assert log.splitlines()[-1] == "All is stopped; what was stored is in the database."
    assert log.count("MEETPUNT_FOLDER_URL is not set: this service stores, and nothing is") == 1
