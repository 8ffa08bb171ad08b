"""`meetpunt doctor` as an operator runs it, beside a service that runs and one that does not."""

import asyncio
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ingest.commands.meetpunt import meetpunt
from ingest.doctor.examination import SUBJECTS
from ingest.doctor.findings import ago, counted, some
from ingest.files.resources import questionnaires_directory
from ingest.postgres.server import EmbeddedPostgres
from tests.conftest import Database
from tests.embedding import AS_ROOT, ORDINARY, folder_for_everybody
from tests.example import example_directory
from tests.ingest.doctor.looking import every_task_ran
from tests.ingest.doctor.test_shelf import kept
from tests.system.running import free_port, running

EXAMPLE = str(example_directory())


def doctor(*arguments: str, **settings: str) -> Result:
    return CliRunner().invoke(
        meetpunt,
        ("doctor", *arguments),
        env={"MEETPUNT_CONFIG": EXAMPLE, **settings},
    )


@pytest.mark.processes
def test_a_service_that_runs_is_well_and_one_that_was_stopped_is_not(tmp_path: Path) -> None:
    data, metrics = tmp_path / "data", f"127.0.0.1:{free_port()}"
    with running(data, MEETPUNT_METRICS_ADDRESS=metrics) as service:
        port = service.url.rpartition(":")[2]
        settings = {
            "MEETPUNT_DATA": str(data),
            "MEETPUNT_PORT": port,
            "MEETPUNT_METRICS_ADDRESS": metrics,
        }
        asyncio.run(every_task_ran(EmbeddedPostgres(data).url("meetpunt_ingest")))
        told = doctor(**settings)
        assert told.exit_code == 0, told.output
        assert "The service runs and is ready." in told.output
        assert "\n0 wrong, " in told.output
        assert all(f"{subject}\n" in told.output for subject in SUBJECTS)
        rows = json.loads(doctor("--json", **settings).output)
        assert {row["subject"] for row in rows} == set(SUBJECTS)
        # Terms are in no table: only the service itself can tell that it has older ones.
        changed = tmp_path / "config"
        shutil.copytree(example_directory(), changed)
        file = changed / "molensloot.toml"
        text = file.read_text("utf-8")
        file.write_text(re.sub(r"(free_text_months =) \d+", r"\1 7", text), "utf-8")
        assert file.read_text("utf-8") != text
        after = doctor(**settings, MEETPUNT_CONFIG=str(changed))
        assert after.exit_code == 1
        assert f"What answers on port {port} of 127.0.0.1 (MEETPUNT_HOST," in after.output
        assert "serves other files than those here" in after.output
        assert "Your files changed and the database" not in after.output
        # Nothing that opens anything.
        passwords = json.loads((data / "passwords.json").read_text()).values()
        assert not any(password in told.output for password in passwords)
    told = doctor(**settings)
    assert told.exit_code == 1
    assert "As meetpunt_ingest: cannot connect to the database: no server" in told.output
    assert "Error)" not in told.output


def test_a_folder_without_a_database_is_told_and_none_is_made(tmp_path: Path) -> None:
    data = tmp_path / "data"
    told = doctor(MEETPUNT_DATA=str(data))
    assert told.exit_code == 1
    assert f"wrong   There is no database in {data}: 'meetpunt serve' makes one.\n" in told.output
    assert not data.exists()


def test_where_the_data_was_lost_backups_are_named_and_the_rest_is_examined(
    tmp_path: Path,
) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    kept(backup, timedelta(hours=5), timedelta(seconds=7200))
    told = doctor(MEETPUNT_DATA=str(data), MEETPUNT_BACKUP=str(backup))
    assert told.exit_code == 1
    assert (
        f"There is no database in {data}, and {backup} has backups of one: put it back with "
        "'meetpunt restore --to latest'."
    ) in told.output
    assert "'meetpunt serve' makes one" not in told.output
    assert "what is written now is not being kept" in told.output
    assert "There is no keys file" in told.output
    assert "broke off" not in told.output
    assert not data.exists()


def test_a_folder_of_another_account_is_told(tmp_path: Path) -> None:
    with folder_for_everybody() as there:
        data = there / "data"
        (data / "postgres").mkdir(parents=True)
        data.chmod(0)
        # Ours may lie below a folder that is closed to others, such as /root.
        copied = {
            "MEETPUNT_CONFIG": shutil.copytree(example_directory(), there / "config"),
            "MEETPUNT_QUESTIONNAIRES": shutil.copytree(questionnaires_directory(), there / "asked"),
        }
        settings = {name: str(path) for name, path in copied.items()}
        # Once before: nothing can be imported from there afterwards.
        doctor(**settings)
        with as_an_ordinary_account():
            told = doctor(MEETPUNT_DATA=str(data), **settings)
        data.chmod(0o700)
    assert told.exit_code == 1
    assert told.output.endswith("is closed to this account: run it as the one that serves.\n")


@contextmanager
def as_an_ordinary_account() -> Iterator[None]:
    """Whom a mode keeps out, where the tests run as root."""
    if AS_ROOT:
        os.seteuid(ORDINARY)
    try:
        yield
    finally:
        if AS_ROOT:
            os.seteuid(0)


def test_without_the_folder_role_it_says_so_and_ends_with_1(
    database: Database, keys_file: Path
) -> None:
    told = doctor(MEETPUNT_DATABASE_URL=database.ingest, MEETPUNT_KEYS_FILE=str(keys_file))
    assert told.exit_code == 1
    assert "wrong   MEETPUNT_FOLDER_URL is not set: with these settings nothing is" in told.output
    assert "unseen  Only meetpunt_folder sees this" in told.output


def test_a_password_that_is_wrong_is_not_shown(database: Database, keys_file: Path) -> None:
    told = doctor(
        MEETPUNT_DATABASE_URL="postgresql://meetpunt_ingest:hunter2@127.0.0.1:1/meetpunt",
        MEETPUNT_FOLDER_URL=database.url("meetpunt_folder"),
        MEETPUNT_KEYS_FILE=str(keys_file),
    )
    assert told.exit_code == 1
    assert "As meetpunt_ingest: cannot connect to the database" in told.output
    assert "hunter2" not in told.output


def test_a_database_without_tables_is_told_to_migrate(
    own_database: Database, keys_file: Path
) -> None:
    async def emptied() -> None:
        async with own_database.superuser() as db:
            await db.execute("drop schema meetpunt cascade; drop table public.meetpunt_migration")

    asyncio.run(emptied())
    told = doctor(
        MEETPUNT_DATABASE_URL=own_database.ingest,
        MEETPUNT_FOLDER_URL=own_database.url("meetpunt_folder"),
        MEETPUNT_KEYS_FILE=str(keys_file),
    )
    assert told.exit_code == 1
    assert "run 'meetpunt migrate' first" in told.output
    assert "unseen  The database is that of another version." in told.output


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(5, "5 seconds"), (150, "2 minutes"), (7200, "2 hours"), (300_000, "3 days")],
)
def test_a_time_is_told_in_its_largest_unit(seconds: float, told: str) -> None:
    assert ago(seconds) == told


def test_one_is_told_as_one_and_more_as_more() -> None:
    assert counted(1, "right") == "1 right"
    assert counted(2, "right") == "2 rights"
    assert counted(1, "municipality", "municipalities") == "1 municipality"
    assert counted(0, "municipality", "municipalities") == "0 municipalities"


def test_many_names_are_told_shortly() -> None:
    assert some("abc") == "a, b, c"
    assert some("abcdefg") == "a, b, c, d, e and 2 more"
