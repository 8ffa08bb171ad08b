"""A command whose own Postgres does not start ends with one sentence that names why."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner

from ingest.commands.meetpunt import meetpunt
from tests.embedding import a_made_server
from tests.example import example_directory
from tests.postgres import QUICK

COMMANDS = [
    ("migrate",),
    ("apikeys", "list", "molensloot"),
    ("db", "grant", "molensloot", "--role", "lezer_nieuw"),
    ("links", "new", "molensloot/telefonie"),
    ("purge",),
    ("publish", "rebuild"),
]

type_of_spoil = Callable[[Path], object]


def no_folder(data: Path) -> None:
    data.write_text("no folder")


def another_version(data: Path) -> None:
    cluster = data / "postgres"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("9\n")


def told(data: Path, keys_file: Path, *command: str) -> str:
    """What the command says before it ends with exit code 1."""
    settings = {
        "MEETPUNT_DATABASE_URL": "",
        "MEETPUNT_OWNER_URL": "",
        "MEETPUNT_FOLDER_URL": "",
        "MEETPUNT_CONFIG": str(example_directory()),
        "MEETPUNT_KEYS_FILE": str(keys_file),
        "MEETPUNT_DATA": str(data),
    }
    result = CliRunner().invoke(meetpunt, command, env=settings)
    # An exception that nobody caught is exit code 1 to click's runner as well.
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code == 1
    return result.output


@pytest.mark.parametrize(
    "command",
    [*COMMANDS[1:], ("audit",), ("db", "list"), ("kiosk", "list"), ("publish", "now")],
    ids=lambda command: command[0],
)
def test_where_no_database_is_none_is_made(
    tmp_path: Path, keys_file: Path, command: tuple[str, ...]
) -> None:
    output = told(tmp_path / "data", keys_file, *command)
    assert output.startswith(f"Error: there is no database in {tmp_path / 'data'}: name another")
    assert output.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path, keys_file: Path) -> None:
    data = tmp_path / "data"
    no_folder(data)
    assert told(data, keys_file, "migrate").startswith(
        f"Error: Postgres in {data} cannot be used: "
    )


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize(("spoil", "why"), [(another_version, "Error: The database in {data} ")])
def test_what_stands_in_the_way_is_named(
    tmp_path: Path, keys_file: Path, command: tuple[str, ...], spoil: type_of_spoil, why: str
) -> None:
    data = tmp_path / "data"
    spoil(data)
    output = told(data, keys_file, *command)
    assert output.startswith(why.format(data=data))
    assert output.count("\n") == 1


@pytest.mark.parametrize("in_use", [False, True], ids=["stopped", "running"])
def test_passwords_that_are_gone_are_named(tmp_path: Path, keys_file: Path, in_use: bool) -> None:
    data = tmp_path / "data"
    with a_made_server(data, settings=QUICK):
        if in_use:
            (data / "passwords.json").unlink()
            assert "The passwords of Postgres in" in told(data, keys_file, "migrate")
    if not in_use:
        (data / "passwords.json").unlink()
        assert "The passwords of Postgres in" in told(data, keys_file, "migrate")


async def made_by_an_older_version(url: str) -> None:
    owner = await asyncpg.connect(url)
    await owner.execute(
        "create table public.meetpunt_migration (name text, sha256 text);"
        "insert into public.meetpunt_migration values ('0003_who_may_do_what.sql', 'x')"
    )
    await owner.close()


def test_data_of_an_older_version_are_named_with_what_to_do(
    tmp_path: Path, keys_file: Path
) -> None:
    data = tmp_path / "data"
    with a_made_server(data, settings=QUICK) as server:
        asyncio.run(made_by_an_older_version(server.url()))
        output = told(data, keys_file, "migrate")
    assert output.startswith("Error: This database was made by another version of Meetpunt")
    assert output.endswith(
        f"Remove {data} and everything in it, or name another folder with MEETPUNT_DATA.\n"
    )
