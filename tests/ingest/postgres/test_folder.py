"""A data folder has one user at a time, and a dead one is no hindrance."""

import os
import subprocess
from pathlib import Path

import pytest

from ingest.postgres.folder import FormerServer, note_mark, noted_port, says_ready
from ingest.postgres.server import DataDirectoryInUse, EmbeddedPostgres, PostgresFailed
from tests.embedding import (
    AS_ROOT,
    TRY,
    a_made_server,
    a_server,
    ask,
    keep_a_row,
    kept,
    line_of,
    process,
)


def test_a_second_meetpunt_on_a_folder_is_refused_and_told_of_the_first(tmp_path: Path) -> None:
    with a_made_server(tmp_path / "data") as first:
        with process(TRY, data=first.data) as second:
            told = line_of(second)
        assert told.startswith("DataDirectoryInUse")
        assert str(first.data) in told
        assert f"process {os.getpid()}" in told
        with pytest.raises(DataDirectoryInUse):
            a_server(tmp_path / "data").start()
        assert ask(first.url(), "SELECT 1") == 1


def test_a_dead_servers_number_may_belong_to_another_process_by_now(tmp_path: Path) -> None:
    server = a_made_server(tmp_path / "data")
    with server:
        keep_a_row(server)
        note = (server.data / "postgres" / "postmaster.pid").read_text()
        account = (server.data / "postgres").stat().st_uid
    # As the user of Postgres, which takes a process that it may signal for a server.
    with subprocess.Popen(
        ["cat"], stdin=subprocess.PIPE, user=account if AS_ROOT else None
    ) as stranger:
        lines = [str(stranger.pid), *note.split("\n")[1:]]
        (server.data / "postgres" / "postmaster.pid").write_text("\n".join(lines))
        with server:
            assert kept(server) == [42]
        assert stranger.poll() is None
        stranger.kill()


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"\n",
        b"\xff\xfe\x00",
        b"0\n",
        b"-1\n",
        "\u0663\u0663\n".encode(),
        b"99999999999\n/data\n1\n",
        b"9" * 5000,
        b"2147483646\n/data\n1\n\n",
        b"2147483646\n/data\n1\nport\n",
        b"2147483646\n/data\n1\n99999\n",
    ],
)
def test_a_note_that_was_cut_off_or_is_odd_is_read_as_far_as_it_goes(
    tmp_path: Path, note: bytes
) -> None:
    data = tmp_path / "data"
    cluster = data / "postgres"
    cluster.mkdir(parents=True)
    (data / "passwords.json").write_text('{"meetpunt_owner": "secret"}')
    (cluster / "postmaster.pid").write_bytes(note)
    assert EmbeddedPostgres(data).url().endswith("&port=5432")
    with (data / "postgres.log").open("ab") as log:
        former = FormerServer(cluster, log)
        assert former.gone()
        former.clear_note()
    assert noted_port(cluster) is None


@pytest.mark.parametrize("passwords", ["", "[]", "{}", '{"meetpunt_ow'])
def test_passwords_that_were_cut_off_are_told_to_be_missing(tmp_path: Path, passwords: str) -> None:
    (tmp_path / "passwords.json").write_text(passwords)
    with pytest.raises(PostgresFailed, match="are missing"):
        EmbeddedPostgres(tmp_path).url()


def test_a_server_is_not_ready_because_one_with_its_number_was(tmp_path: Path) -> None:
    """In a container each Postgres has the same number, and that of a killed one left its note."""
    note = tmp_path / "postmaster.pid"
    assert not says_ready(tmp_path, 3, note_mark(tmp_path))
    ready = "\n".join(["3", str(tmp_path), "1", "5432", "", "", "", "ready   "])
    note.write_text(ready)
    killed = note_mark(tmp_path)
    assert not says_ready(tmp_path, 3, killed)
    note.unlink()
    note.write_text(ready)
    os.utime(note, ns=(0, 0))
    assert says_ready(tmp_path, 3, killed)
    assert not says_ready(tmp_path, 4, killed)
