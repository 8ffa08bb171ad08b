"""`meetpunt publish`: an operator looks at once, and has figures worked out anew."""

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ingest.clock import today_here
from ingest.commands.meetpunt import meetpunt
from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database
from tests.example import example_directory
from tests.ingest.reporting.responses import figures, many, readable, rows, store


def publish(database: Database, *arguments: str, **settings: str) -> Result:
    environment = {
        "MEETPUNT_DATABASE_URL": database.ingest,
        "MEETPUNT_FOLDER_URL": database.url("meetpunt_folder"),
        "MEETPUNT_CONFIG": str(example_directory()),
        **settings,
    }
    return CliRunner().invoke(meetpunt, ["publish", *arguments], env=environment)


@pytest.fixture
def answered(database: Database, catalogue: Catalogue) -> Database:
    """Thirteen at the desk two days ago, and four online."""
    day = today_here() - timedelta(days=2)
    responses = [
        *many(13, catalogue, day=day),
        *many(4, catalogue, at="molensloot/online", mode="widget", day=day),
    ]
    asyncio.run(store(database, responses))
    return database


def test_an_operator_can_look_now_and_is_told_what_waits(answered: Database) -> None:
    looked = publish(answered, "now")
    assert (
        looked.output
        == "Published 13 responses; 4 wait until their day is over and their batch is full.\n"
    )
    assert asyncio.run(readable(answered)) == [(13,)]
    again = publish(answered, "now")
    assert (
        again.output
        == "Published 0 responses; 4 wait until their day is over and their batch is full.\n"
    )


def test_a_half_day_that_nobody_closed_is_closed_before_the_look(
    database: Database, catalogue: Catalogue
) -> None:
    """Else what the service closes after it would be missing in a month that was told."""
    publish(database, "now")
    today = today_here()
    asyncio.run(store(database, many(10, catalogue, {"cijfer": 2}, day=today)))
    asyncio.run(rows(database, "update meetpunt.look set half_day_closed = null"))
    assert publish(database, "now").exit_code == 0
    assert asyncio.run(rows(database, "select count(*) from meetpunt.signal")) == [(10,)]
    marked = "select count(distinct batch) from meetpunt.unpublished"
    assert asyncio.run(rows(database, marked)) == [(1,)]


def test_with_files_that_the_database_does_not_know_nothing_is_published(
    answered: Database, tmp_path: Path
) -> None:
    """They say of batches and details what no page has promised yet."""
    shutil.copytree(example_directory(), tmp_path / "config")
    file = tmp_path / "config" / "molensloot.toml"
    file.write_text(file.read_text("utf-8").replace("balie-hal", "balie-anders"), "utf-8")
    told = publish(answered, "now", MEETPUNT_CONFIG=str(tmp_path / "config"))
    assert "the files do not fit this database" in told.output
    assert told.exit_code == 1
    assert asyncio.run(readable(answered)) == [(0,)]


def test_suspect_responses_are_told_apart_as_they_count_in_no_figure(
    database: Database, catalogue: Catalogue
) -> None:
    day = today_here() - timedelta(days=2)
    suspect = many(11, catalogue, day=day, suspect="honeypot")
    asyncio.run(store(database, [*many(10, catalogue, day=day), *suspect]))
    told = publish(database, "now").output
    assert told.startswith(
        "Published 21 responses, 11 of them suspect, which count in no figure; 0 wait until "
    )


def test_where_somebody_publishes_hourly_nobody_is_told_to_wait_for_the_morning(
    answered: Database, tmp_path: Path
) -> None:
    shutil.copytree(example_directory(), tmp_path / "config")
    file = tmp_path / "config" / "molensloot.toml"
    file.write_text(file.read_text("utf-8") + '\n[publishing]\nopen = "hourly"\n', "utf-8")
    told = publish(answered, "now", MEETPUNT_CONFIG=str(tmp_path / "config")).output
    assert "wait until their day is over and their batch is full.\n" in told
    assert 'Where a file says `open = "hourly"`, what came in by links, codes, the site and' in told
    assert "waits for its batch alone.\n" in told


def test_an_operator_can_work_figures_out_anew(answered: Database) -> None:
    publish(answered, "now")
    before = asyncio.run(figures(answered))
    asyncio.run(rows(answered, "delete from meetpunt.summary"))
    rebuilt = publish(answered, "rebuild")
    assert rebuilt.exit_code == 0
    assert "GM9001: 13 responses\n" in rebuilt.output
    assert rebuilt.output.endswith("The figures count 13 responses.\n")
    assert asyncio.run(figures(answered)) == before


@pytest.mark.parametrize("command", ["now", "rebuild"])
def test_without_the_role_that_publishes_it_ends_with_what_is_missing(
    database: Database, command: str
) -> None:
    refused = publish(database, command, MEETPUNT_FOLDER_URL="")
    assert refused.exit_code == 1
    assert "MEETPUNT_FOLDER_URL" in refused.output


def test_how_large_a_batch_is_comes_from_the_files_of_whoever_looks(database: Database) -> None:
    refused = publish(database, "now", MEETPUNT_CONFIG="")
    assert refused.exit_code == 1
    assert "MEETPUNT_CONFIG" in refused.output
    assert "The demo publishes by itself" in refused.output


def test_it_says_when_it_looks_by_itself() -> None:
    told = " ".join(CliRunner().invoke(meetpunt, ["publish", "--help"]).output.split())
    assert "once a day by itself, at six o'clock; of a municipality that publishes hourly" in told
