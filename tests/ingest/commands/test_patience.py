"""`meetpunt serve` waits for a database that is away, and for nothing else."""

import asyncio

import pytest

from tests.conftest import Database
from tests.cut_line import cut_line
from tests.ingest.commands.conftest import type_of_run
from tests.system.running import free_port

pytestmark = pytest.mark.anyio


async def test_serve_waits_until_its_database_answers(run: type_of_run, database: Database) -> None:
    async with cut_line(database.ingest) as (line, url):
        line.refuses = 1
        # This ends it: as the folder it takes the folder's role alone.
        settings = {"MEETPUNT_FOLDER_URL": database.ingest, "MEETPUNT_DATABASE_URL": url}
        ended = await asyncio.to_thread(run, *_SERVE, exit_code=1, **_here(settings))
    assert line.refuses == 0
    waits, is_back, _ = [said for said in ended.output.splitlines() if "Fictional" not in said]
    assert waits.startswith("Meetpunt waits for its database: cannot connect to the database")
    assert is_back == "The database is there."
    assert ended.output.endswith("it has to be role meetpunt_folder.\n")


async def test_it_waits_for_the_database_of_the_folder_too(
    run: type_of_run, database: Database
) -> None:
    async with cut_line(database.ingest) as (line, url):
        line.refuses = 1
        ended = await asyncio.to_thread(
            run, *_SERVE, exit_code=1, **_here({"MEETPUNT_FOLDER_URL": url})
        )
    assert "Meetpunt waits for its database" in ended.output
    assert ended.output.endswith("it has to be role meetpunt_folder.\n")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("meetpunt_ingest:", "meetpunt_ingest:not"), "or not with this password."),
        (("meetpunt_ingest:", "nobody:"), "does not know role nobody"),
        (("/shared?", "/elsewhere?"), "has no database elsewhere."),
    ],
)
async def test_what_only_another_setting_helps_ends_it(
    run: type_of_run, database: Database, change: tuple[str, str], told: str
) -> None:
    url = database.ingest.replace(*change)
    ended = await asyncio.to_thread(
        run, *_SERVE, exit_code=1, **_here({"MEETPUNT_DATABASE_URL": url})
    )
    assert told in ended.output
    assert "waits" not in ended.output


async def test_a_certificate_s_file_that_is_not_there_ends_it(run: type_of_run) -> None:
    url = "postgresql://meetpunt_ingest@127.0.0.1:1/x?sslmode=verify-full&sslrootcert=/nowhere.pem"
    ended = await asyncio.to_thread(
        run, *_SERVE, exit_code=1, **_here({"MEETPUNT_DATABASE_URL": url})
    )
    assert "its URL names /nowhere.pem, which is not there." in ended.output
    assert "waits" not in ended.output


async def test_a_database_that_is_full_ends_a_command_by_that_name(
    run: type_of_run, own_database: Database
) -> None:
    async with own_database.superuser() as db:
        await db.execute(f"alter database {own_database.name} connection limit 0")
    full = {"MEETPUNT_DATABASE_URL": own_database.ingest}
    ended = await asyncio.to_thread(
        run, "links", "new", "molensloot/telefonie", exit_code=1, **full
    )
    assert ended.output.startswith("Error: the server is there, and takes no more connections")
    told = await asyncio.to_thread(run, "doctor", exit_code=1, **full)
    assert "As meetpunt_ingest: the server is there, and takes no more connections" in told.output


_SERVE = ("serve", "--port", "0")


def _here(settings: dict[str, str]) -> dict[str, str]:
    port = free_port()
    return {"MEETPUNT_OWNER_URL": "", "MEETPUNT_METRICS_ADDRESS": f"127.0.0.1:{port}"} | settings
