"""The cluster: nobody enters unasked, no role can do more than its work, no answer is logged."""

import asyncio
import os
from pathlib import Path

import asyncpg
import pytest

from ingest.postgres.server import SUPERUSER, PostgresFailed
from tests.embedding import a_free_port, a_made_server, a_server, ask, mode_of, passwords_of
from tests.postgres import create_database, drop_database, newest_first, running_postgres


def test_nobody_is_trusted(tmp_path: Path) -> None:
    port = a_free_port()
    with a_server(tmp_path / "data", port=port) as server:
        secret = passwords_of(server)
        assert len(set(secret.values())) == 5
        socket_line = server.url(SUPERUSER, "postgres")
        methods = "SELECT array_agg(DISTINCT auth_method) FROM pg_hba_file_rules"
        assert ask(socket_line, methods) == ["scram-sha-256"]
        stored = (
            "SELECT bool_and(rolpassword LIKE 'SCRAM-SHA-256$%') FROM pg_authid WHERE rolcanlogin"
        )
        assert ask(socket_line, stored) is True
        tcp_line = server.reader_line(SUPERUSER, secret[SUPERUSER])
        for line in (socket_line, tcp_line):
            for wrong in ("", ":guessed", f":{secret['meetpunt_owner']}"):
                with pytest.raises(asyncpg.InvalidPasswordError):
                    ask(line.replace(f":{secret[SUPERUSER]}", wrong), "SELECT 1")


def test_the_owner_is_no_superuser_and_the_service_roles_can_only_log_in(tmp_path: Path) -> None:
    with a_server(tmp_path / "data") as server:
        powers = """SELECT string_agg(concat_ws(' ', rolname, rolsuper, rolcreaterole, rolcreatedb,
            rolreplication, rolbypassrls), ', ' ORDER BY rolname)
            FROM pg_roles WHERE rolname LIKE 'meetpunt%'"""
        assert ask(server.url(), powers) == (
            "meetpunt_folder f f f f f, meetpunt_ingest f f f f f, meetpunt_owner f t f f f, "
            "meetpunt_work f f f f f"
        )
        owner = "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = 'meetpunt'"
        assert ask(server.url(), owner) == "meetpunt_owner"


def test_every_file_is_closed_to_others_whatever_the_mask_of_new_files(tmp_path: Path) -> None:
    before = mode_of(tmp_path)
    mask = os.umask(0)
    try:
        with a_server(tmp_path / "data") as server:
            assert mode_of(server.data / "postgres") == 0o700
            assert mode_of((server.data / "socket").resolve()) == 0o700
            for name in ("passwords.json", "postgres.log", "lock", "postgres/pg_hba.conf"):
                assert mode_of(server.data / name) == 0o600, name
            assert [path for path in server.data.rglob("*") if mode_of(path) & 0o077] == []
    finally:
        os.umask(mask)
    assert mode_of(tmp_path) == before
    assert not (server.data / "socket").is_symlink()


def test_data_of_another_version_is_refused(tmp_path: Path) -> None:
    with a_made_server(tmp_path / "data") as server:
        pass
    (server.data / "postgres" / "PG_VERSION").write_text("14\n")
    with pytest.raises(PostgresFailed, match=r"was made by Postgres 14 and this is Postgres 18"):
        a_server(tmp_path / "data").start()


def test_an_interrupted_making_is_begun_anew(tmp_path: Path) -> None:
    half = tmp_path / "data" / "postgres.new-half" / "base"
    half.mkdir(parents=True)
    (tmp_path / "data" / "passwords.json").write_text("{")
    with a_server(tmp_path / "data") as server:
        assert ask(server.url(), "SELECT 1") == 1
    assert not half.parent.exists()


def test_no_answer_reaches_the_servers_log(tmp_path: Path) -> None:
    with a_made_server(tmp_path / "data") as server:
        ask(server.url(), "CREATE TABLE said (t text CHECK (length(t) < 3))")
        ask(server.url(), "DO $$ BEGIN RAISE WARNING 'Jansen'; END $$")
        for refused in (
            "INSERT INTO said VALUES ('Jansen woont op nr 7')",
            "SELECT 'Jansen'::int",
            "SELECT Jansen",
        ):
            with pytest.raises(asyncpg.PostgresError):
                ask(server.url(), refused)
        log = (server.data / "postgres.log").read_text()
    assert "ready to accept connections" in log
    assert "Jansen" not in log


@pytest.mark.parametrize("version", newest_first())
def test_a_session_has_one_server_a_version_and_databases_of_its_own(version: int) -> None:
    server = running_postgres(version)
    asyncio.run(create_database(server, "mould"))
    ask(server.url(database="mould"), "CREATE TABLE kept AS SELECT 42 AS n")
    asyncio.run(create_database(server, "cast", template="mould"))
    try:
        assert ask(server.url(database="cast"), "SELECT n FROM kept") == 42
        assert ask(server.url(), "SHOW server_version_num").startswith(str(version))
        assert running_postgres(version) is server
    finally:
        asyncio.run(drop_database(server, "mould"))
        asyncio.run(drop_database(server, "cast"))
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        ask(server.url(database="cast"), "SELECT 1")


def test_some_connections_are_kept_for_the_service_and_an_operator_may_choose_how_many(
    tmp_path: Path,
) -> None:
    room = """select array_agg(setting order by name) from pg_settings
        where name in ('max_connections', 'reserved_connections', 'max_prepared_transactions')"""
    with a_made_server(tmp_path / "data") as server:
        superuser = server.url(SUPERUSER, "postgres")
        assert ask(superuser, room) == ["300", "0", "100"]
        ask(superuser, "alter system set max_connections = 50")
    with a_server(server.data) as server:
        assert ask(server.url(SUPERUSER, "postgres"), room) == ["50", "0", "0"]
