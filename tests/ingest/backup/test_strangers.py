"""A plain backup that a stranger wrote in makes nothing run when it is restored."""

from pathlib import Path

import pytest

from ingest.backup.strangers import without_commands
from ingest.postgres.cluster import BACKUP


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("restore_command = 'curl x | sh'", "restore_command"),
        ("recovery_end_command='true'", "recovery_end_command"),
        ("\t Archive_Command 'true' # mine", "archive_command"),
        ("archive_library = 'x'", "archive_library"),
        ("session_preload_libraries = '/tmp/x.so'", "session_preload_libraries"),
        ("shared_preload_libraries = 'x'", "shared_preload_libraries"),
        ("\rlocal_preload_libraries = 'x'\r", "local_preload_libraries"),
        ("ssl_passphrase_command = 'x'", "ssl_passphrase_command"),
        ("jit_provider = 'x'", "jit_provider"),
        ("dynamic_library_path = '/tmp'", "dynamic_library_path"),
        ("include_dir 'conf.d'", "include_dir"),
        ("include '/tmp/x'", "include"),
        ("hba_file = '/tmp/x'", "hba_file"),
        ("primary_conninfo = 'host=elsewhere'", "primary_conninfo"),
        ("session_replication_role = 'replica'", "session_replication_role"),
        ("fsync = off", "fsync"),
    ],
)
@pytest.mark.parametrize("file", ["postgresql.conf", "postgresql.auto.conf"])
def test_what_runs_something_is_taken_out_and_named(
    tmp_path: Path, file: str, line: str, named: str
) -> None:
    (tmp_path / file).write_bytes(f"port = 5432\n{line}\nwork_mem = 4MB\n".encode())
    assert without_commands(tmp_path) == [named]
    kept = (tmp_path / file).read_bytes().split(b"\n")
    assert [kept[0], *kept[2:]] == [b"port = 5432", b"work_mem = 4MB", b""]
    assert kept[1].startswith(b"#")
    assert without_commands(tmp_path) == []


def test_what_initdb_writes_stays_as_it_is(tmp_path: Path) -> None:
    sample = "#archive_command = ''\nmax_connections = 100\nlog_timezone = 'Etc/UTC'\n"
    (tmp_path / "postgresql.conf").write_text(sample)
    assert without_commands(tmp_path) == []
    assert (tmp_path / "postgresql.conf").read_text() == sample


def test_a_standby_and_a_table_elsewhere_are_taken_out(tmp_path: Path) -> None:
    (tmp_path / "standby.signal").write_text("1")
    (tmp_path / "tablespace_map").write_text("16384 /etc\n")
    assert without_commands(tmp_path) == ["standby.signal", "tablespace_map"]
    assert not list(tmp_path.iterdir())


def test_nobody_comes_in_whom_we_did_not_let_in(tmp_path: Path) -> None:
    ours = "# Ours.\nlocal all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\n"
    backup = f"local replication {BACKUP} scram-sha-256\n"
    stranger = "host all all 127.0.0.1/32 trust\ninclude /tmp/more\n"
    (tmp_path / "pg_hba.conf").write_text(stranger + ours + backup)
    (tmp_path / "pg_ident.conf").write_text("# maps\n\nm root postgres\n")
    assert without_commands(tmp_path) == ["pg_hba.conf", "pg_ident.conf"]
    assert (tmp_path / "pg_hba.conf").read_text() == ours + backup
    assert (tmp_path / "pg_ident.conf").read_text() == "# maps\n"
    assert without_commands(tmp_path) == []
