"""What tests of commands share."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ingest.commands.meetpunt import meetpunt
from tests.conftest import Database
from tests.example import example_directory

type_of_run = Callable[..., Result]


@pytest.fixture
def run(database: Database, keys_file: Path, tmp_path: Path) -> type_of_run:
    """Runs `meetpunt` with a Postgres and keys of one's own; fails on another exit code than 0."""
    own_keys = tmp_path / "keys.json"
    own_keys.write_bytes(keys_file.read_bytes())
    own_keys.chmod(0o600)
    settings = {
        "MEETPUNT_DATABASE_URL": database.ingest,
        "MEETPUNT_OWNER_URL": database.owner,
        "MEETPUNT_CONFIG": str(example_directory()),
        "MEETPUNT_KEYS_FILE": str(own_keys),
        "MEETPUNT_DATA": str(tmp_path / "data"),
    }

    def run(*arguments: str, exit_code: int = 0, typed: str | None = None, **more: str) -> Result:
        result = CliRunner().invoke(meetpunt, arguments, input=typed, env=settings | more)
        assert result.exit_code == exit_code, result.output
        return result

    return run
