"""The embedded Postgres: what was stored is there again, whoever was killed."""

import contextlib
import errno
import logging
import os
import signal
import socket
import time
from pathlib import Path

import pytest

from ingest.postgres import server as embedded
from ingest.postgres.keeping import kept_running
from ingest.postgres.server import DataDirectoryInUse, DiskFull, PostgresFailed, PostgresPortTaken
from tests.embedding import (
    SERVE,
    a_free_port,
    a_made_server,
    a_server,
    ask,
    keep_a_row,
    kept,
    line_of,
    passwords_of,
    pid_of,
    process,
    small_disk,
)
from tests.postgres import QUICK


def test_data_survives_a_stop_and_a_start(tmp_path: Path) -> None:
    with a_made_server(tmp_path / "data", settings=None) as first:
        keep_a_row(first)
        assert ask(first.url(), "SHOW fsync") == "on"
        assert ask(first.url(), "SHOW synchronous_commit") == "on"
    assert not first.running
    with a_server(tmp_path / "data", settings=None) as second:
        assert kept(second) == [42]


def test_data_survives_a_kill_of_postgres_and_the_same_object_starts_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_LONG", 0.0)
    said: list[str] = []
    with a_made_server(tmp_path / "data", settings=None, announce=said.append) as server:
        keep_a_row(server)
        url = server.url()
        os.kill(pid_of(server), signal.SIGKILL)
        os.waitid(os.P_PID, pid_of(server), os.WEXITED | os.WNOWAIT)
        assert not server.running
        server.start()
        assert kept(server) == [42]
        assert server.url() == url
    assert any("recovering" in sentence for sentence in said)


def test_one_that_dies_under_the_service_is_started_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "meetpunt")
    with a_made_server(tmp_path / "data", settings=None) as server:
        keep_a_row(server)
        died = pid_of(server)
        with kept_running(server):
            os.kill(died, signal.SIGKILL)
            give_up = time.monotonic() + 30
            while "postgres_back" not in caplog.text:
                assert time.monotonic() < give_up
            assert kept(server) == [42]
            assert pid_of(server) != died


def test_data_survives_a_kill_of_the_parent_and_the_orphan_is_stopped(tmp_path: Path) -> None:
    server = a_made_server(tmp_path / "data", settings=None)
    with process(SERVE, data=server.data) as parent:
        assert line_of(parent) == "ready"
        orphan = pid_of(server)
        parent.kill()
        parent.wait()
    os.kill(orphan, 0)
    with server:
        assert kept(server) == [42]
        assert pid_of(server) != orphan
    log = (server.data / "postgres.log").read_text()
    assert log.index("received fast shutdown request") < log.rindex("starting PostgreSQL")


def test_data_survives_a_kill_of_everything(tmp_path: Path) -> None:
    server = a_made_server(tmp_path / "data", settings=None)
    with process(SERVE, data=server.data) as parent:
        assert line_of(parent) == "ready"
        parent.kill()
        os.kill(pid_of(server), signal.SIGKILL)
    with server:
        assert kept(server) == [42]


def test_ctrl_c_reaches_the_parent_alone_which_can_finish_its_writes(tmp_path: Path) -> None:
    server = a_made_server(tmp_path / "data")
    with process(SERVE, data=server.data) as parent:
        assert line_of(parent) == "ready"
        os.killpg(parent.pid, signal.SIGINT)
        assert line_of(parent) == "finished"
        assert parent.wait() == 0
    assert not (server.data / "postgres" / "postmaster.pid").exists()
    with server:
        assert kept(server) == [42, 43]


def test_a_port_that_is_taken_is_named_and_nothing_stays_behind(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PostgresPortTaken, match=f"Port {port} "):
            a_server(tmp_path / "data", port=port).start()
    with a_server(tmp_path / "data", port=port) as server:
        line = server.reader_line("meetpunt_ingest", passwords_of(server)["meetpunt_ingest"])
        assert f"@127.0.0.1:{port}/meetpunt" in line
        assert ask(line, "SELECT current_user") == "meetpunt_ingest"
        assert ask(server.url(), "SELECT current_user") == "meetpunt_owner"
        assert a_server(server.data).url() == server.url()


def bind_when_free(taken: socket.socket, port: int) -> None:
    """The processes of a killed server listen until they notice, a moment later."""
    give_up = time.monotonic() + 30
    while True:
        try:
            taken.bind(("127.0.0.1", port))
        except OSError as in_use:
            if in_use.errno != errno.EADDRINUSE or time.monotonic() > give_up:
                raise
        else:
            return


def test_a_restart_that_fails_can_be_tried_again_and_the_folder_stays_ours(tmp_path: Path) -> None:
    with a_made_server(tmp_path / "data", port=a_free_port()) as server, socket.socket() as taken:
        url = server.url()
        os.kill(pid_of(server), signal.SIGKILL)
        os.waitid(os.P_PID, pid_of(server), os.WEXITED | os.WNOWAIT)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bind_when_free(taken, server.port or 0)
        taken.listen()
        with pytest.raises(PostgresPortTaken):
            server.start()
        with pytest.raises(DataDirectoryInUse):
            a_server(server.data).start()
        taken.close()
        server.start()
        assert server.url() == url
        assert ask(url, "SELECT 1") == 1


def test_without_a_port_there_is_no_tcp_and_readers_use_the_socket(tmp_path: Path) -> None:
    with a_made_server(tmp_path / "data") as server:
        assert ask(server.url(), "SHOW listen_addresses") == ""
        line = server.reader_line("meetpunt_folder", passwords_of(server)["meetpunt_folder"])
        assert ask(line, "SELECT current_user") == "meetpunt_folder"


def test_a_disk_that_filled_up_is_said_and_the_data_is_there_after_making_room(
    tmp_path: Path,
) -> None:
    place = tmp_path / "small"
    with small_disk(place, megabytes=200) as small:
        server = a_server(place / "data")
        with server:
            keep_a_row(server)
        if small:
            fill(place / "filler")
            with pytest.raises(DiskFull):
                server.start()
            (place / "filler").unlink()
        with server:
            assert kept(server) == [42]


def fill(file: Path) -> None:
    """Write to `file` until its disk has no byte left."""
    with file.open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(bytes(65536))


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(PostgresFailed, match='unrecognized configuration parameter "no_such"'):
        a_made_server(tmp_path / "data", settings={**QUICK, "no_such": "1"}).start()
