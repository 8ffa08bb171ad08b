"""A server in the middle of a restore is never called ready, and so never stopped just then."""

import io
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import pytest

from ingest.backup.making import Source
from ingest.backup.sealing import Seal
from ingest.backup.shelf import Shelf
from ingest.postgres.programs import give
from ingest.postgres.server import SUPERUSER, EmbeddedPostgres, PostgresFailed
from tests.embedding import a_made_server, a_server, ask, keep_a_row, kept
from tests.postgres import QUICK

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cluster that leads to `here`, between 42 and 43, as somebody would lay it out by hand."""
    folder = tmp_path_factory.mktemp("by-hand")
    there = a_server(folder / "there")
    with a_made_server(folder / "data") as server:
        keep_a_row(server)
        source = Source(server, folder / "keys.json")
        source.admit(Shelf(folder / "kept", Seal()))
        with tempfile.TemporaryFile() as errors:
            how = ("--pgdata=-", "--format=tar", "--wal-method=fetch", "--checkpoint=fast")
            base, _ = source.start("pg_basebackup", how, errors=errors).communicate()
        ask(server.url(SUPERUSER), "select pg_create_restore_point('here')")
        ask(server.url(), "insert into kept values (43)")
    there.data.mkdir(mode=0o711)
    shutil.copy(server.data / "passwords.json", there.data)
    with tarfile.open(fileobj=io.BytesIO(base)) as packed:
        packed.extractall(there.cluster)  # ours; the `filter` is newer than Debian's Python
    shutil.copytree(server.cluster / "pg_wal", there.cluster / "pg_wal", dirs_exist_ok=True)
    (there.cluster / "recovery.signal").touch()
    there.cluster.chmod(0o700)
    account = server.programs().account
    for path in (there.cluster, *there.cluster.rglob("*")):
        give(path, account)
    return there.data


@pytest.fixture
def copied(laid_out: Path, tmp_path: Path) -> EmbeddedPostgres:
    """One of one's own, not started."""
    subprocess.run(("cp", "-a", laid_out, tmp_path), check=True)
    return a_server(tmp_path / laid_out.name)


def target(server: EmbeddedPostgres, **more: str) -> EmbeddedPostgres:
    settings = {"restore_command": "false", "recovery_target_name": "here"}
    return a_server(server.data, settings=QUICK | settings | more)


def test_it_is_ready_when_it_takes_writes_and_not_before(copied: EmbeddedPostgres) -> None:
    """Postgres itself says so while it can only be read; stopped then, it went on to 43."""
    with target(copied, recovery_target_action="promote"):
        pass
    with a_server(copied.data) as again:
        assert ask(again.url(), "select pg_is_in_recovery()") is False
        assert kept(again) == [42]


def test_one_that_is_to_wait_at_its_target_ends_in_a_sentence_and_is_not_promoted(
    copied: EmbeddedPostgres,
) -> None:
    with pytest.raises(PostgresFailed, match="recovery_target_action to 'promote'"):
        target(copied).start()
    assert (copied.cluster / "recovery.signal").exists()
