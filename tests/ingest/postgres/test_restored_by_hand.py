"""A server in the middle of a restore is never called ready, and so never stopped just then."""

import os
import signal
from pathlib import Path

import pytest

from ingest.postgres.embedded import EmbeddedPostgres, PostgresFailed
from tests.embedding import a_server, ask, keep_a_row, kept, pid_of
from tests.postgres import QUICK

pytestmark = pytest.mark.processes


@pytest.fixture
def interrupted(tmp_path: Path) -> EmbeddedPostgres:
    """A cluster that can be restored to `here`, between 42 and 43, as somebody would by hand."""
    with a_server(tmp_path / "data", settings=None) as server:
        keep_a_row(server)
        ask(server.url("postgres"), "select pg_create_restore_point('here')")
        ask(server.url(), "insert into kept values (43)")
        os.kill(pid_of(server), signal.SIGKILL)
    asked = server.cluster / "recovery.signal"
    asked.touch(mode=0o600)
    owner = server.cluster.stat()
    os.chown(asked, owner.st_uid, owner.st_gid)
    return server


def target(server: EmbeddedPostgres, **more: str) -> EmbeddedPostgres:
    settings = {"restore_command": "false", "recovery_target_name": "here"}
    return a_server(server.data, settings=QUICK | settings | more)


def test_it_is_ready_when_it_takes_writes_and_not_before(interrupted: EmbeddedPostgres) -> None:
    """Postgres itself says so while it can only be read, and then went on past the target."""
    with target(interrupted, recovery_target_action="promote") as server:
        assert ask(server.url(), "select pg_is_in_recovery()") is False
    with a_server(interrupted.data) as again:
        assert kept(again) == [42]


def test_one_that_is_to_wait_at_its_target_ends_in_a_sentence_and_is_not_promoted(
    interrupted: EmbeddedPostgres,
) -> None:
    with pytest.raises(PostgresFailed, match="recovery_target_action to 'promote'"):
        target(interrupted).start()
    assert (interrupted.cluster / "recovery.signal").exists()
