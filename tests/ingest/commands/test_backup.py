"""`meetpunt backup` and `restore`, as an operator types them; and a service that waits."""

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from ingest.backup.restoring import restore
from ingest.backup.revocations import note
from ingest.backup.sealing import Seal
from ingest.backup.shelf import Shelf
from ingest.backup.writing import Writer
from ingest.commands.meetpunt import meetpunt
from ingest.postgres.server import OWNER, SUPERUSER
from ingest.tokens.keys import new_keys
from tests.embedding import a_server, ask
from tests.example import example_directory
from tests.system.running import ROOT, free_port

pytestmark = pytest.mark.processes


def run(folder: Path, *command: str, **settings: str) -> Result:
    return CliRunner().invoke(
        meetpunt,
        command,
        env={
            "MEETPUNT_CONFIG": str(example_directory()),
            "MEETPUNT_DATA": str(folder / "data"),
            "MEETPUNT_BACKUP": str(folder / "kept"),
            **settings,
        },
    )


def well(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output


def backup_in_a_process(folder: Path) -> int:
    return subprocess.run(
        (sys.executable, "-m", "ingest", "backup"),
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "MEETPUNT_CONFIG": str(example_directory()),
            "MEETPUNT_DATA": str(folder / "data"),
            "MEETPUNT_BACKUP": str(folder / "kept"),
        },
        check=False,
    ).returncode


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What every test gets a copy of: making it takes four starts of Postgres."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "data").mkdir(mode=0o711)
    new_keys(folder / "data" / "keys.json", now=datetime.now(UTC))
    well(run(folder, "migrate"))
    well(run(folder, "apikeys", "new", "molensloot", "--name", "zaaksysteem"))
    assert "Made a backup of" in well(run(folder, "backup"))
    well(run(folder, "apikeys", "revoke", "molensloot", "--name", "zaaksysteem"))
    return folder


@pytest.fixture
def stored(made: Path, tmp_path: Path) -> Path:
    """A folder with a data folder in which a key was made, backed up and then revoked."""
    subprocess.run(("cp", "-a", f"{made}/.", tmp_path), check=True)
    return tmp_path


def keys_of(folder: Path, data: Path) -> list[dict[str, object]]:
    listed = run(folder, "apikeys", "list", "molensloot", "--json", MEETPUNT_DATA=str(data))
    found: list[dict[str, object]] = json.loads(well(listed))
    return found


# `make faults ARGS=short` restores in every run of CI.
@pytest.mark.long
def test_a_restore_leaves_what_is_there_and_names_what_lives_again(stored: Path) -> None:
    told = well(run(stored, "restore", "--to", "latest"))
    assert "meetpunt apikeys revoke molensloot --name zaaksysteem" in told
    (beside,) = stored.glob("data.restored-*")
    assert f"MEETPUNT_DATA={beside}" in told
    assert keys_of(stored, stored / "data")[0]["revoked"]
    assert keys_of(stored, beside)[0]["revoked"] is None
    assert (beside / "keys.json").read_bytes() == (stored / "data" / "keys.json").read_bytes()


# Three restores; one, and what it tells, is done above.
@pytest.mark.long
def test_a_restore_says_which_line_it_took_and_takes_the_one_that_is_named(stored: Path) -> None:
    (line,) = Shelf(stored / "kept", Seal()).lines()
    assert f"line {line}" in well(run(stored, "backup", "--list"))
    assert f"line {line}" in well(run(stored, "restore", "--to", "latest"))
    well(run(stored, "restore", "--to", "latest", "--line", line, "--into", str(stored / "one")))
    refused = run(stored, "restore", "--to", "latest", "--line", "another")
    assert refused.exit_code == 1
    assert f"no line another here; there is {line} from" in refused.output


# Few keep the backups of two installations in one folder; it makes a second one to try.
@pytest.mark.long
def test_none_is_made_where_another_data_folder_keeps_its_own(stored: Path) -> None:
    shelf = Shelf(stored / "kept", Seal())
    writer = Writer(shelf)
    writer.take()
    writer.note("of another")
    refused = run(stored, "backup")
    writer.close()
    assert refused.exit_code == 1
    assert "no backup was made: Another data folder keeps its backups" in refused.output
    assert len(shelf.spans()) == 1
    well(run(stored, "backup"))


# A restore in the place of what stood there: few do it, and others are tried every day.
@pytest.mark.long
def test_with_replace_it_takes_the_place_the_old_is_kept_and_the_trail_tells(stored: Path) -> None:
    told = well(run(stored, "restore", "--to", "latest", "--replace"))
    (before,) = stored.glob("data.before-*")
    assert str(before) in told
    assert keys_of(stored, before)[0]["revoked"]
    assert keys_of(stored, stored / "data")[0]["revoked"] is None
    # And it stands in the trail of what was restored.
    lines = json.loads(well(run(stored, "audit", "--json")))
    (restored,) = (line for line in lines if line["action"] == "restore")
    assert restored["outcome"] == "done"
    assert restored["object"].endswith("in Amsterdam)")


@pytest.mark.long  # a whole restore of its own, of a path that few take
def test_keys_that_are_newer_than_the_backup_stay_with_their_log(stored: Path) -> None:
    well(run(stored, "keys", "add"))
    names = ("keys.json", "keys.log", "revoked.jsonl")
    newest = {name: (stored / "data" / name).read_bytes() for name in names}
    well(run(stored, "restore", "--to", "latest", "--replace"))
    assert {name: (stored / "data" / name).read_bytes() for name in names} == newest
    assert {(stored / "data" / name).stat().st_mode & 0o777 for name in names} == {0o600}


# A rare way there. `make faults ARGS=short` destroys a data folder and restores it.
@pytest.mark.long
def test_what_was_destroyed_comes_back_where_it_was(stored: Path) -> None:
    keys = (stored / "data" / "keys.json").read_bytes()
    shutil.rmtree(stored / "data")
    told = well(run(stored, "restore", "--to", "latest"))
    assert "Start with MEETPUNT_DATA" not in told
    assert keys_of(stored, stored / "data")[0]["revoked"] is None
    assert (stored / "data" / "keys.json").read_bytes() == keys


def test_a_service_whose_database_was_destroyed_begins_no_empty_one(stored: Path) -> None:
    shutil.rmtree(stored / "data")
    refused = run(stored, "serve", MEETPUNT_PORT="0", MEETPUNT_METRICS_ADDRESS="off")
    assert refused.exit_code == 1
    assert "put it back with 'meetpunt restore --to latest'" in refused.output
    assert not (stored / "data").exists()


# A rare way there. `make faults ARGS=short` destroys a data folder and restores it.
@pytest.mark.long
def test_keys_of_another_database_stay_where_they_are(stored: Path) -> None:
    """As when a service began an empty one, with keys of its own, before somebody looked."""
    keys = (stored / "data" / "keys.json").read_bytes()
    shutil.rmtree(stored / "data")
    (stored / "data").mkdir(mode=0o711)
    new_keys(stored / "data" / "keys.json", now=datetime.now(UTC))
    well(run(stored, "migrate"))
    refused = run(stored, "backup")
    assert refused.exit_code == 1
    assert "holds backups of another database" in refused.output
    told = well(run(stored, "restore", "--to", "latest", "--replace"))
    assert "holds another database: its keys stay there" in told
    assert (stored / "data" / "keys.json").read_bytes() == keys


# A rare way there. `make faults ARGS=short` destroys a data folder and restores it.
@pytest.mark.long
def test_a_data_folder_that_is_a_link_is_replaced_where_it_leads(stored: Path) -> None:
    (stored / "disk").mkdir(mode=0o755)
    (stored / "data").rename(stored / "disk" / "data")
    (stored / "data").symlink_to(stored / "disk" / "data")
    well(run(stored, "restore", "--to", "latest", "--replace"))
    assert (stored / "data").is_symlink()
    assert len(list((stored / "disk").glob("data.before-*"))) == 1
    assert keys_of(stored, stored / "data")[0]["revoked"] is None


@pytest.mark.long
def test_two_at_once_are_both_whole(stored: Path) -> None:
    with a_server(stored / "data"), ThreadPoolExecutor() as threads:
        made = [threads.submit(backup_in_a_process, stored) for _ in range(2)]
        assert [each.result() for each in made] == [0, 0]
    shelf = Shelf(stored / "kept", Seal())
    for number, span in enumerate(shelf.spans()):
        restore(shelf, stored / f"of {number}", span.until, announce=lambda _: None)
    assert len(shelf.spans()) == 3


def test_what_is_used_is_not_replaced(stored: Path) -> None:
    with a_server(stored / "data"):
        refused = run(stored, "restore", "--to", "latest", "--replace")
    assert refused.exit_code == 1
    assert "in use by another Meetpunt" in refused.output
    assert {path.name for path in stored.iterdir()} == {"data", "kept"}


def test_it_can_be_made_while_the_server_runs(stored: Path) -> None:
    with a_server(stored / "data"):
        well(run(stored, "backup"))
    assert len(Shelf(stored / "kept", Seal()).spans()) == 2
    assert well(run(stored, "backup", "--list")).count(" in Amsterdam)") == 4


@pytest.mark.parametrize(
    ("command", "settings", "sentence"),
    [
        (("restore", "--to", "2026-11-28 14:30"), {}, "no moment with its zone"),
        (("restore", "--to", "2020-01-01 00:00 UTC"), {}, "nothing can be restored"),
        (("backup",), {"MEETPUNT_BACKUP": ""}, "set MEETPUNT_BACKUP"),
        (("backup",), {}, "there is no database in"),
        (("backup", "--list"), {}, "there is no backup in"),
        (("backup",), {"MEETPUNT_BACKUP_KEY_FILE": "/nowhere/key"}, "There is no key of backups"),
        (("backup", "--folder", "data/kept"), {"MEETPUNT_DATA": "data"}, "lies in MEETPUNT_DATA"),
        (("backup",), {"MEETPUNT_OWNER_URL": "postgresql://a/b"}, "Meetpunt's own Postgres"),
    ],
)
def test_it_refuses_in_a_sentence_and_makes_nothing(
    tmp_path: Path, command: tuple[str, ...], settings: dict[str, str], sentence: str
) -> None:
    refused = run(tmp_path, *command, **settings)
    assert refused.exit_code == 1
    assert isinstance(refused.exception, SystemExit)
    assert sentence in refused.output
    assert not list(tmp_path.iterdir())


# Two servers and a service, for who restores by other means than ours.
@pytest.mark.long
def test_the_service_waits_for_a_database_that_is_being_restored(tmp_path: Path) -> None:
    """And serves as soon as whoever restores it says that it may be written to."""
    data = tmp_path / "own"
    with a_server(data) as server:
        well(run(tmp_path, "migrate", MEETPUNT_OWNER_URL=server.url(OWNER)))
    signal = server.cluster / "standby.signal"
    signal.touch(mode=0o600)
    owner = server.cluster.stat()
    os.chown(signal, owner.st_uid, owner.st_gid)
    keys = tmp_path / "keys.json"
    new_keys(keys, now=datetime.now(UTC))
    port = free_port()
    with a_server(data, settings={"hot_standby": "on"}) as standby:
        service = subprocess.Popen(
            (sys.executable, "-m", "ingest", "serve"),
            cwd=tmp_path,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "MEETPUNT_CONFIG": str(example_directory()),
                "MEETPUNT_DATABASE_URL": standby.url("meetpunt_ingest"),
                "MEETPUNT_KEYS_FILE": str(keys),
                "MEETPUNT_PORT": str(port),
                "MEETPUNT_METRICS_ADDRESS": "off",
                "MEETPUNT_DRAIN_SECONDS": "0",
            },
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert service.stderr
            told = iter(service.stderr.readline, "")
            assert any("promotes nothing" in line for line in told)
            assert ask(standby.url(SUPERUSER), "select pg_is_in_recovery()")
            with pytest.raises(httpx.TransportError):
                httpx.get(f"http://127.0.0.1:{port}/readyz")
            ask(standby.url(SUPERUSER), "select pg_promote()")
            assert any('"event":"serving"' in line for line in told)
        finally:
            service.terminate()
            service.communicate(timeout=30)


def test_names_that_a_stranger_wrote_move_no_terminal(tmp_path: Path) -> None:
    kept = tmp_path / "kept" / "20261101T000000000000Z" / "base"
    kept.mkdir(parents=True)
    (kept / "\x1b]0;mine\x07.json").write_text("{}")
    told = run(tmp_path, "backup", "--list")
    assert told.exit_code == 1
    assert "/?]0;mine?.json is damaged" in told.output


# A backup and a restore for a name; `test_names_that_a_stranger_wrote` is the same at once.
@pytest.mark.long
def test_what_lives_again_of_a_stranger_moves_no_terminal(stored: Path) -> None:
    name = "\x1b]0;mine\x07"
    with a_server(stored / "data") as server:
        ask(server.url(SUPERUSER), "alter table meetpunt.api_key disable trigger all")
        ask(
            server.url(SUPERUSER),
            f"update meetpunt.api_key set name = '{name}', revoked_on = null",
        )
    well(run(stored, "backup"))
    note(stored / "data" / "keys.json", "apikey", f"molensloot/{name}")
    told = well(run(stored, "restore", "--to", "latest"))
    assert "meetpunt apikeys revoke molensloot --name '?]0;mine?'" in told
    assert "\x1b" not in told
