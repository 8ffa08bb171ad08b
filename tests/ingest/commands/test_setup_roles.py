"""`meetpunt setup` with a Postgres of one's own: roles and database made, once and by us alone."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from click.testing import CliRunner, Result

from ingest.commands.meetpunt import meetpunt
from ingest.database.once import has_run
from ingest.installing.settings_file import read
from ingest.postgres.server import EmbeddedPostgres
from tests.conftest import Database
from tests.embedding import a_made_server
from tests.ingest.commands.test_setup import EVERY, files_below


def superuser_of(server: EmbeddedPostgres, database: str = "postgres") -> tuple[str, str]:
    """The URL of its superuser without a password, and the password."""
    parts = urlsplit(server.url("postgres", database))
    assert parts.password
    return parts._replace(netloc="postgres@").geturl(), parts.password


def setup(root: Path, url: str, password: str, *words: str) -> Result:
    command = ("setup", "--root", str(root), "--no-questions", "--postgres", url, *words)
    return CliRunner().invoke(meetpunt, command, env={"PGPASSWORD": password})


def test_an_owner_of_another_installation_is_left_alone(database: Database, tmp_path: Path) -> None:
    done = setup(tmp_path, *superuser_of(database.server), *EVERY)
    assert done.exit_code == 1
    assert "has a role meetpunt_owner already, of another installation" in done.output
    assert files_below(tmp_path) == {}


# A server of its own, all migrations, and all of it twice: seconds of a processor.
@pytest.mark.long
def test_roles_and_database_are_made_and_a_second_time_nothing_changes(tmp_path: Path) -> None:
    with a_made_server(tmp_path / "server") as server:
        url, password = superuser_of(server)
        asyncio.run(_emptied(server.url("postgres", "postgres")))
        root = tmp_path / "machine"
        root.mkdir()
        done = setup(root, url, password, *EVERY)
        assert done.exit_code == 0, done.output
        settings = (root / "etc/meetpunt/settings.env").read_text()
        owner = (root / "etc/meetpunt/owner.env").read_text()
        assert password not in settings + owner + done.output
        assert "meetpunt_owner" not in settings
        values = read(settings) | read(owner)
        for setting in ("DATABASE", "FOLDER", "WORK", "OWNER"):
            assert asyncio.run(_enters(values[f"MEETPUNT_{setting}_URL"]))
        before = files_below(root)
        done = setup(root, url, password)
        assert done.exit_code == 0, done.output
        assert files_below(root) == before


async def _emptied(superuser: str) -> None:
    """As a Postgres is before Meetpunt came."""
    db = await asyncpg.connect(superuser)
    try:
        await db.execute("drop database meetpunt")
        for role in ("ingest", "folder", "work", "owner"):
            await db.execute(f"drop role meetpunt_{role}")
    finally:
        await db.close()


async def _enters(url: str) -> bool:
    db = await asyncpg.connect(url)
    try:
        return await has_run(db)
    finally:
        await db.close()
