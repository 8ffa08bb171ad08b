"""What an administrator does by command: migrate, readers, API keys, links, QR codes, keys."""

import asyncio
import csv
import io
import json
import os
import shutil
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import asyncpg
import click
import pytest

from ingest.clock import AMSTERDAM
from ingest.commands.lines import reader_line
from ingest.commands.meetpunt import COMMANDS, meetpunt
from ingest.database.once import ONCE
from ingest.database.turns import alone
from ingest.tokens.keys import load_keys
from ingest.tokens.response_tokens import Tokens
from tests.conftest import Database
from tests.example import example_directory
from tests.ingest.commands.conftest import type_of_run
from tests.postgres import create_database, drop_database, running_postgres


def test_what_a_superuser_runs_once_can_be_printed_anywhere(run: type_of_run) -> None:
    nowhere = {"MEETPUNT_DATABASE_URL": "", "MEETPUNT_OWNER_URL": ""}
    assert run("db", "once", **nowhere).output == ONCE.read_text("utf-8")


def fetch(database: Database, query: str, *arguments: Any) -> list[Any]:
    async def look() -> list[Any]:
        async with database.superuser() as db:
            rows: list[Any] = await db.fetch(query, *arguments)
            return rows

    return asyncio.run(look())


def test_every_command_explains_itself(run: type_of_run) -> None:
    listed = run("--help").output
    for name in COMMANDS:
        assert f"\n  {name} " in listed
        command = meetpunt.get_command(click.Context(meetpunt), name)
        assert command is not None
        assert command.name == name
        told = run(name, "--help").output
        assert len(told.splitlines()) > 5, name
        for sub in getattr(command, "commands", ()):
            assert run(name, sub, "--help").output


def test_migrate_may_be_run_at_any_time(run: type_of_run) -> None:
    assert "4 municipalities" in run("migrate").output


def test_migrate_says_that_a_reader_holds_a_view(
    run: type_of_run, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.database.mirror.alone", partial(alone, patience_seconds=0.5))
    fetch(
        database,
        "update meetpunt.applied_view set sha256 = 'of before'"
        " where schema_name = 'bi_molensloot' and view_name = 'stand'",
    )
    with asyncio.Runner() as runner:
        held = runner.run(asyncpg.connect(database.url("postgres")))
        runner.run(held.execute("begin; select from bi_molensloot.stand"))
        told = run("migrate", exit_code=1).output
        runner.run(held.close())
    assert told.startswith("Error: somebody reads a table or view that is to be changed")
    assert "is not done, nor what comes after. Run 'meetpunt migrate' again" in told
    run("migrate")


def test_a_touchpoint_that_vanished_is_refused(
    run: type_of_run, database: Database, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    config.mkdir()
    for file in example_directory().glob("*.*"):
        if file.stem != "duinrade":
            (config / file.name).write_bytes(file.read_bytes())
    told = run("migrate", exit_code=1, MEETPUNT_CONFIG=str(config)).output
    assert "duinrade/balie-hal" in told
    assert "as the demo fills one" in told
    assert "MEETPUNT_DATA" not in told
    fetch(database, "update meetpunt.municipality set fictional = false")
    assert "retired = true" in run("migrate", exit_code=1, MEETPUNT_CONFIG=str(config)).output
    run("migrate")


def test_a_reader_can_connect_with_what_grant_shows(run: type_of_run, database: Database) -> None:
    role = f"lezer_{os.getpid()}"
    told = json.loads(run("db", "grant", "molensloot", "--role", role, "--json").output)

    async def count() -> Any:
        url = database.ingest
        server = await asyncpg.connect(url.replace(url.split("//")[1].split("@")[0],
                                                   f"{role}:{told['password']}"))  # fmt: skip
        try:
            return await server.fetchval("select count(*) from feit_reactie")
        finally:
            await server.close()

    assert asyncio.run(count()) == 0
    again = json.loads(run("db", "grant", "waterakker", "--role", role, "--json").stdout)
    assert again["password"] is None
    assert "no longer" in run("db", "revoke", "molensloot", "--role", role).output
    run("db", "revoke", "molensloot", "--role", role, exit_code=1)
    assert run("db", "password", role).output.strip() != told["password"]
    fetch(database, f"drop owned by {role}")
    fetch(database, f"drop role {role}")


def test_the_list_says_who_reads_what_and_until_when(run: type_of_run, database: Database) -> None:
    one, other = f"lezer_een_{os.getpid()}", f"lezer_twee_{os.getpid()}"
    assert run("db", "list").output == ""
    run("db", "grant", "molensloot", "--role", one, "--until", "2127-07-01")
    run("db", "grant", "waterakker", "--role", other, "--free-text")
    assert run("db", "list").output.splitlines() == [
        f"{one}  bi_molensloot  without free text  until 2127-07-01",
        f"{other}  bi_waterakker  with free text  without an end",
    ]
    first, _ = json.loads(run("db", "list", "--json").output)
    assert first == {
        "role": one, "schema": "bi_molensloot", "free_text": False,
        "until": "2127-06-30T22:00:00Z",
    }  # fmt: skip
    for role, slug in ((one, "molensloot"), (other, "waterakker")):
        run("db", "revoke", slug, "--role", role)
        fetch(database, f"drop owned by {role}")
        fetch(database, f"drop role {role}")
    assert run("db", "list", "--json").output == "[]\n"


def test_grant_says_when_a_login_sees_a_region_as_several_of_its_municipalities_do(
    run: type_of_run, own_database: Database, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    shutil.copytree(example_directory(), config)
    (config / "groups").mkdir()
    (config / "groups" / "samen.toml").write_text(
        'name = "Samen"\nmembers = ["molensloot", "duinrade"]\n', "utf-8"
    )
    where = {"MEETPUNT_CONFIG": str(config), "MEETPUNT_OWNER_URL": own_database.owner}
    run("migrate", **where)
    by_itself, in_a_group = f"lezer_los_{os.getpid()}", f"lezer_samen_{os.getpid()}"

    def told(slug: str, role: str) -> str:
        return run("db", "grant", slug, "--role", role, "--json", **where).stderr

    said = "reads several municipalities of region 'waterland-noord', each by itself"
    assert told("molensloot", by_itself) == told("samen", in_a_group) == ""
    # Of another region, and the one that the group holds already.
    assert told("duinrade", by_itself) == told("molensloot", in_a_group) == ""
    assert f"{by_itself} {said}" in told("rietbroek", by_itself)
    assert f"{in_a_group} {said}" in told("rietbroek", in_a_group)
    for role in (by_itself, in_a_group):
        fetch(own_database, f"drop owned by {role}")
        fetch(own_database, f"drop role {role}")


def test_a_reader_whose_time_is_over_cannot_connect(run: type_of_run, database: Database) -> None:
    role = f"lezer_tot_{os.getpid()}"
    arguments = ("db", "grant", "molensloot", "--role", role)
    told = json.loads(run(*arguments, "--json").output)
    fetch(database, f"alter role {role} valid until '2026-01-01'")

    async def connect() -> Any:
        reader = await asyncpg.connect(told["url"])
        try:
            return await reader.fetchval("select current_user")
        finally:
            await reader.close()

    with pytest.raises(asyncpg.InvalidPasswordError):
        asyncio.run(connect())
    assert "keeps the end that it had. Nobody can connect." in run(*arguments).output
    run(*arguments, "--until", "2126-01-01")
    assert asyncio.run(connect()) == role
    run(*arguments, "--until", "morgen", exit_code=2)
    fetch(database, f"drop owned by {role}")
    fetch(database, f"drop role {role}")


def test_who_is_granted_again_is_told_what_changes_and_what_stays(
    run: type_of_run, database: Database
) -> None:
    role = f"lezer_weer_{os.getpid()}"
    arguments = ("db", "grant", "molensloot", "--role", role)
    told = run(*arguments, "--free-text", "--until", "2126-01-01").output
    assert f"{role} may read the rows of molensloot, with free text, until 2126-01-01." in told
    assert "before" not in told
    assert "keeps" not in told
    told = run(*arguments).output
    assert f"{role} may read the rows of molensloot, without free text, until 2126-01-01." in told
    assert f"{role} read what residents wrote before, and no longer does." in told
    assert f"{role} keeps the end that it had. Another: --until" in told
    fetch(database, f"drop owned by {role}")
    fetch(database, f"drop role {role}")


@pytest.mark.parametrize("until", ["2020-01-01", f"{datetime.now(AMSTERDAM):%Y-%m-%d}"])
def test_an_end_that_has_come_is_refused_and_nothing_is_granted(
    run: type_of_run, database: Database, until: str
) -> None:
    role = f"lezer_oud_{os.getpid()}"
    arguments = ("db", "grant", "molensloot", "--role", role, "--until", until)
    told = run(*arguments, exit_code=1).output
    assert f"--until is the first day that the role may not: {until} is no day to come" in told
    assert not fetch(database, f"select rolname from pg_roles where rolname = '{role}'")


def test_a_group_has_readers_of_its_own(
    run: type_of_run, own_database: Database, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    shutil.copytree(example_directory(), config)
    (config / "groups").mkdir()
    (config / "groups" / "waterland.toml").write_text(
        'name = "Waterland"\nmembers = ["molensloot", "rietbroek"]\n', "utf-8"
    )
    where = {"MEETPUNT_CONFIG": str(config), "MEETPUNT_OWNER_URL": own_database.owner}
    role = f"lezer_groep_{os.getpid()}"
    arguments = ("db", "grant", "waterland", "--role", role)
    told = run(*arguments, exit_code=1, **where).output
    assert "does not know waterland yet: run 'meetpunt migrate' first" in told
    run("migrate", **where)
    run(*arguments, **where)
    assert f"{role}  bi_waterland" in run("db", "list", **where).output
    # Its file is gone, and so is what its readers could read.
    (config / "groups" / "waterland.toml").unlink()
    run("migrate", **where)
    assert run("db", "list", **where).output == ""
    fetch(own_database, f"drop owned by {role}")
    fetch(own_database, f"drop role {role}")


@pytest.mark.parametrize("command", ["grant", "revoke"])
def test_a_municipality_that_is_not_in_the_files_is_named(run: type_of_run, command: str) -> None:
    told = run("db", command, "nergens", "--role", "lezer", exit_code=1).output
    assert "there is no municipality or group 'nergens'" in told


def test_the_owner_s_address_alone_is_enough_to_grant_and_names_the_reader_s(
    run: type_of_run, database: Database
) -> None:
    role = f"lezer_alleen_{os.getpid()}"
    owner = {"MEETPUNT_DATABASE_URL": "", "MEETPUNT_OWNER_URL": f"{database.owner}&sslmode=prefer"}
    run("migrate", **owner)
    told = json.loads(run("db", "grant", "molensloot", "--role", role, "--json", **owner).output)

    async def who() -> Any:
        reader = await asyncpg.connect(told["url"])
        try:
            return await reader.fetchrow("select current_user, current_database()")
        finally:
            await reader.close()

    assert tuple(asyncio.run(who())) == (role, database.name)
    assert told["url"].endswith("sslmode=prefer")
    fetch(database, f"drop owned by {role}")
    fetch(database, f"drop role {role}")


@pytest.mark.parametrize(
    ("url", "line"),
    [
        (
            "postgresql://eigenaar:geheim@db.example:5433/kto?sslmode=verify-full&sslkey=/own.key",
            "postgresql://lezer:a%2Fb@db.example:5433/kto?sslmode=verify-full",
        ),
        ("postgresql://eigenaar@db.example", "postgresql://lezer:a%2Fb@db.example/eigenaar"),
        (
            "postgresql:///?host=/run/pg&dbname=kto&user=eigenaar&password=geheim",
            "postgresql://lezer:a%2Fb@/kto?host=%2Frun%2Fpg",
        ),
    ],
)
def test_a_reader_s_line_says_where_and_nothing_of_the_owner(url: str, line: str) -> None:
    assert reader_line(url, "lezer", "a/b") == line


def test_roles_that_are_no_readers_are_not_granted_nor_given_a_password(
    run: type_of_run, database: Database
) -> None:
    for role in ("meetpunt_ingest", "meetpunt_owner", "postgres"):
        assert role in run("db", "grant", "molensloot", "--role", role, exit_code=1).output
    for role in ("meetpunt_views", "meetpunt_reads_bi_molensloot", "postgres", "nobody_at_all"):
        assert role in run("db", "password", role, exit_code=1).output
    assert run("db", "list").output == ""


def test_a_role_that_can_become_somebody_who_reads_everything_is_refused_in_words(
    run: type_of_run, database: Database
) -> None:
    role = f"kijker_{os.getpid()}"
    fetch(database, f"create role {role} login in role pg_read_all_data")
    told = run("db", "grant", "molensloot", "--role", role, exit_code=1).output
    assert f"{role} is a member of pg_read_all_data" in told
    fetch(database, f"drop role {role}")


def test_our_own_postgres_keeps_its_passwords_itself(run: type_of_run) -> None:
    own = {"MEETPUNT_DATABASE_URL": "", "MEETPUNT_OWNER_URL": ""}
    told = run("db", "password", "meetpunt_ingest", exit_code=1, **own).output
    assert "keeps the password" in told


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("meetpunt_owner:", "nobody_at_all:"), "does not know role nobody_at_all"),
        (("meetpunt_owner:", "meetpunt_owner:x"), "does not know role meetpunt_owner, or not with"),
        (("/shared?", "/elsewhere?"), "has no database elsewhere"),
    ],
)
def test_a_wrong_role_password_or_database_is_named(
    run: type_of_run, database: Database, change: tuple[str, str], sentence: str
) -> None:
    wrong = database.owner.replace(*change)
    told = run("migrate", exit_code=1, MEETPUNT_OWNER_URL=wrong).output
    assert sentence in told
    assert wrong not in told


def test_a_role_that_may_not_log_in_is_told(run: type_of_run, database: Database) -> None:
    fetch(database, "alter role meetpunt_views password 'x'")
    place = database.owner.rpartition("@")[2]
    url = f"postgresql://meetpunt_views:x@{place}"
    told = run("migrate", exit_code=1, MEETPUNT_OWNER_URL=url).output
    assert "does not let role meetpunt_views in" in told
    fetch(database, "alter role meetpunt_views password null")


@pytest.mark.parametrize("command", [("migrate",), ("apikeys", "list", "molensloot")])
def test_who_is_not_the_owner_is_told_who_has_to_be(
    run: type_of_run, database: Database, command: tuple[str, ...]
) -> None:
    folder = database.url("meetpunt_folder")
    told = run(*command, exit_code=1, MEETPUNT_OWNER_URL=folder).output
    assert told == (
        "Error: MEETPUNT_OWNER_URL connects as meetpunt_folder; it has to be meetpunt_owner.\n"
    )


def test_a_municipality_keeps_its_code(run: type_of_run, tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(example_directory(), config)
    file = config / "duinrade.toml"
    file.write_text(file.read_text("utf-8").replace("GM9004", "GM9005"), "utf-8")
    told = run("migrate", exit_code=1, MEETPUNT_CONFIG=str(config)).output
    assert "the slug duinrade belongs to GM9004" in told
    assert "code cannot change" in told


def test_links_are_not_stored_where_the_service_would_not_look(run: type_of_run) -> None:
    arguments = ("links", "new", "molensloot/telefonie")
    told = run(*arguments, exit_code=1, MEETPUNT_DATABASE_URL="").output
    assert "MEETPUNT_OWNER_URL names a database but MEETPUNT_DATABASE_URL does not" in told


def test_a_database_without_tables_is_told_by_what_to_run(
    run: type_of_run, postgres_version: int
) -> None:
    server = running_postgres(postgres_version)
    asyncio.run(create_database(server, "bare"))
    url = server.url("meetpunt_owner", "bare")
    told = run("apikeys", "list", "molensloot", exit_code=1, MEETPUNT_OWNER_URL=url).output
    assert "run 'meetpunt migrate' first" in told
    asyncio.run(drop_database(server, "bare"))


@pytest.mark.parametrize("role", ["Lezer", "lezer; drop table x", "1lezer", ""])
def test_a_role_has_a_plain_name(run: type_of_run, role: str) -> None:
    run("db", "grant", "molensloot", "--role", role, exit_code=1)


def test_an_api_key_is_shown_once_and_only_its_digest_is_stored(
    run: type_of_run, database: Database
) -> None:
    told = json.loads(run("apikeys", "new", "molensloot", "--name", "zaak", "--json").output)
    (row,) = fetch(database, "select * from meetpunt.api_key")
    assert told["apiKey"] not in repr(row)
    assert row["municipality"] == "GM9001"
    run("apikeys", "new", "molensloot", "--name", "zaak", exit_code=1)
    run("apikeys", "revoke", "molensloot", "--name", "zaak")
    assert "revoked" in run("apikeys", "list", "molensloot").output
    run("apikeys", "revoke", "molensloot", "--name", "zaak", exit_code=1)


def test_links_are_stored_as_digests_and_the_same_key_gives_the_same(
    run: type_of_run, database: Database, keys_file: Path
) -> None:
    arguments = ("links", "new", "molensloot/telefonie", "--count", "3", "--key", "mailing-1")
    links = run(*arguments).output.split()
    assert len(set(links)) == 3
    assert all(link.startswith("https://kto.molensloot.example/v/") for link in links)
    assert run(*arguments).output.split() == links
    stored = {row["digest"] for row in fetch(database, "select digest from meetpunt.invitation")}
    assert len(stored) == 3
    token = Tokens(load_keys(keys_file)).read(links[0].rpartition("/")[2])
    assert token.purpose == "invitation"
    assert token.id not in stored


def test_links_come_in_forms_that_scripts_read(run: type_of_run) -> None:
    as_csv = run("links", "new", "molensloot/telefonie", "--count", "2", "--csv").output
    assert [len(row) for row in csv.reader(io.StringIO(as_csv))] == [1, 1, 1]
    as_json = json.loads(run("links", "new", "molensloot/telefonie", "--json").output)
    assert len(as_json["links"]) == 1


def test_a_text_message_with_a_link_leaves_eighty_characters(run: type_of_run) -> None:
    link = run("links", "new", "molensloot/telefonie").output.strip()
    # GSM-7 has every character of a link, each one septet.
    assert link.startswith("https://kto.molensloot.example/v/")
    assert 160 - len(link) >= 80


def test_a_link_for_an_unknown_touchpoint_or_detail_is_refused(run: type_of_run) -> None:
    run("links", "new", "molensloot/nergens", exit_code=1)
    run("links", "new", "molensloot/telefonie", "--dimension", "bsn=111222333", exit_code=1)


def test_a_preview_link_is_for_test_data(run: type_of_run, keys_file: Path) -> None:
    link = run("links", "preview", "molensloot/balie-hal").output.strip()
    token = Tokens(load_keys(keys_file)).read(link.rpartition("/")[2])
    assert token.purpose == "preview"


def test_a_qr_code_is_an_svg_with_the_open_link_that_says_so(
    run: type_of_run, tmp_path: Path
) -> None:
    file = tmp_path / "balie.svg"
    link = "https://kto.molensloot.example/o/molensloot/balie-hal?via=qr"
    assert run("qr", "molensloot/balie-hal", "--output", str(file)).output == f"{link}\n"
    told = run("qr", "molensloot/balie-hal", "--output", str(file), "--language", "en").output
    assert told == f"{link}&lang=en\n"
    assert ElementTree.parse(file).getroot().tag.endswith("svg")
    run("qr", "molensloot/balie-hal", "--language", "xx", exit_code=1)


def test_a_poster_says_the_question_in_dutch_and_english(run: type_of_run, tmp_path: Path) -> None:
    file = tmp_path / "poster.svg"
    link = "https://kto.molensloot.example/o/molensloot/balie-hal?via=qr"
    assert (
        run("qr", "molensloot/balie-hal", "--poster", "--output", str(file)).output == f"{link}\n"
    )
    said = " ".join(ElementTree.parse(file).getroot().itertext())
    assert "Hoe was uw bezoek" in said
    assert "How was your visit to our desk?" in said
    run("qr", "molensloot/balie-hal", "--poster", "--language", "en", "--output", str(file))
    assert "Hoe was" not in file.read_text("utf-8")
    assert (
        "nl and en"
        in run("qr", "molensloot/balie-hal", "--poster", "--language", "ar", exit_code=1).output
    )


def test_keys_rotate_and_a_key_that_links_need_is_kept(run: type_of_run) -> None:
    (first,) = json.loads(run("keys", "list", "--json").output)
    run("keys", "retire", first["id"], exit_code=1)
    run("keys", "add")
    assert [key["neededUntil"] is None for key in json.loads(run("keys", "list", "--json").output)]
    told = run("keys", "retire", first["id"], exit_code=1).output
    assert first["id"] in told
    run("keys", "new", exit_code=1)


def test_a_setting_that_does_not_exist_stops_every_command(run: type_of_run) -> None:
    told = run("migrate", exit_code=1, MEETPUNT_DATABSE_URL="x").output
    assert "MEETPUNT_DATABASE_URL" in told
