"""What was revoked is remembered outside the database, and found again when it lives again."""

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingest.backup.revocations import NAME, Revocation, live_again, note, noted
from ingest.commands.meetpunt import meetpunt
from tests.conftest import Database
from tests.example import example_directory

KEY = ("molensloot", "--name", "zaaksysteem")


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


def run(database: Database, keys_file: Path, *command: str) -> str:
    result = CliRunner().invoke(
        meetpunt,
        command,
        env={
            "MEETPUNT_OWNER_URL": database.owner,
            "MEETPUNT_CONFIG": str(example_directory()),
            "MEETPUNT_KEYS_FILE": str(keys_file),
        },
    )
    assert result.exit_code == 0, result.output
    return result.output


def lives(database: Database, revoked: list[Revocation]) -> list[str]:
    async def asked() -> list[Revocation]:
        async with database.connected("meetpunt_owner") as owner:
            return await live_again(owner, revoked)

    return [each.command for each in asyncio.run(asked())]


def as_before(database: Database, statement: str) -> None:
    """What a restore to before the revocation does to its row."""

    async def done() -> None:
        async with database.superuser() as db:
            await db.execute(statement)

    asyncio.run(done())


def test_a_key_that_was_revoked_and_is_in_use_again_is_found(
    database: Database, keys_file: Path, keys: Path
) -> None:
    keys.write_bytes(keys_file.read_bytes())
    keys.chmod(0o600)
    run(database, keys, "apikeys", "new", *KEY)
    run(database, keys, "apikeys", "revoke", *KEY)
    assert not lives(database, noted(keys))
    as_before(database, "update meetpunt.api_key set revoked_on = null")
    assert lives(database, noted(keys)) == ["meetpunt apikeys revoke molensloot --name zaaksysteem"]


def test_a_reader_that_was_revoked_and_reads_again_is_found(database: Database, keys: Path) -> None:
    reader = ("molensloot", "--role", "lezer_herleefd")
    run(database, keys, "db", "grant", *reader, "--free-text")
    run(database, keys, "db", "revoke", *reader)
    revoked = noted(keys)
    assert not lives(database, revoked)
    run(database, keys, "db", "grant", *reader)
    assert lives(database, revoked) == ["meetpunt db revoke molensloot --role lezer_herleefd"]
    assert not lives(database, noted(keys)), "that was granted anew, by somebody who meant it"


def test_where_the_keys_are_elsewhere_it_is_said(
    database: Database, keys_file: Path, tmp_path: Path
) -> None:
    run(database, keys_file, "apikeys", "new", *KEY)
    told = run(database, tmp_path / "elsewhere" / "keys.json", "apikeys", "revoke", *KEY)
    assert "after a restore of the database, revoke it again" in told


def test_the_file_is_closed_to_others_and_survives_a_line_that_was_cut_off(keys: Path) -> None:
    assert note(keys, "kiosk", "a")
    with keys.with_name(NAME).open("ab") as file:
        file.write(b'{"kind":"kio\n')
    assert note(keys, "kiosk", "b")
    assert note(keys, "reader", "c/d")
    assert note(keys, "reader", "c/d", again=True)
    assert [each.name for each in noted(keys)] == ["a", "b"]
    assert keys.with_name(NAME).stat().st_mode & 0o777 == 0o600
