"""Every deed of an administrator is on record with its outcome, and an auditor can read that."""

import asyncio
import csv
import io
import json
import os
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import click
import pytest

from ingest.audit import Action, acting_user
from ingest.commands.meetpunt import meetpunt
from ingest.tokens.keys import load_keys
from ingest.tokens.keys_log import keys_log
from tests.conftest import Database
from tests.ingest.commands.conftest import type_of_run

# Every command: the deed that it notes, or none. A new one has to choose.
NOTES: dict[str, Action | None] = {
    "apikeys list": None,
    "apikeys new": Action.NEW_API_KEY,
    "apikeys revoke": Action.REVOKE_API_KEY,
    "audit": None,
    "backup": None,
    # By id and day. What opening one shows is on record; that it is done says nothing of anybody.
    "callback clear": Action.CLEAR_CALLBACKS,
    "callback done": None,
    "callback list": None,
    "callback open": Action.OPEN_CALLBACK,
    "check": None,
    # At another system, which keeps a trail of its own.
    "connect openklant": None,
    "connect signalen": None,  # it changes nothing, here or there
    "connect webhook": None,  # a test that tells nothing
    "connect zgw": None,
    "doctor": None,
    "db dictionary": None,
    "db grant": Action.GRANT_READER,
    "db list": None,
    "db once": None,
    "db password": Action.SET_PASSWORD,
    "db revoke": Action.REVOKE_READER,
    "demo": None,  # as serve
    "export": Action.EXPORT,
    "figures import": Action.IMPORT_FIGURES,
    "figures import-base": Action.IMPORT_BASE,
    "followup list": None,  # of nobody, and over the API as well
    "followup set": Action.FOLLOW_UP,
    "invitations allow": Action.ALLOW_MESSAGES,
    # What waits goes on or is looked up, and nobody is named: figures tell of it.
    "invitations dead": None,
    "invitations restored": None,
    "invitations retry": None,
    "invitations send": None,
    "invitations status": None,
    "keys add": Action.ADD_KEY,
    "keys list": None,
    "keys new": Action.NEW_KEYS,
    "keys retire": Action.RETIRE_KEY,
    "kiosk enrol": Action.ENROL_KIOSK,
    "kiosk kept": Action.READ_KEPT,
    "kiosk list": None,
    "kiosk release": Action.RELEASE_KEPT,
    "kiosk revoke": Action.REVOKE_KIOSK,
    # One response each, as over the API: counted, and too many to be a trail of deeds.
    "links new": None,
    "links preview": None,
    "migrate": Action.MIGRATE,
    "publish now": Action.PUBLISH,
    "publish rebuild": Action.REBUILD,
    "purge": Action.PURGE,
    "qr": None,
    "report": None,  # figures that any dashboard of the municipality shows, read as one
    "restore": Action.RESTORE,
    "questionnaires check": None,
    "questionnaires diff": None,
    "questionnaires publish": None,
    "questionnaires schema": None,
    "senders receipts": None,
    "style": None,
    "setup": None,  # with a Postgres of one's own it migrates and sets passwords, and notes those
    "serve": None,  # with our own Postgres it migrates and makes keys, and those note it
    "themes check": None,
    "themes publish": None,
    "themes retag": Action.RETAG_THEMES,
    "themes suggest": Action.SUGGEST_THEMES,
    "widget snippet": None,
    "work": None,
}
OF_KEYS = {Action.NEW_KEYS, Action.ADD_KEY, Action.RETIRE_KEY}


@pytest.fixture
def run(run: type_of_run, database: Database) -> type_of_run:
    """The same, and as the role that publishes and purges too."""
    return partial(run, MEETPUNT_FOLDER_URL=database.url("meetpunt_folder"))


def query(database: Database, statement: str, *arguments: Any) -> list[Any]:
    async def look() -> list[Any]:
        async with database.superuser() as db:
            rows: list[Any] = await db.fetch(statement, *arguments)
            return rows

    return asyncio.run(look())


def told(run: type_of_run, *options: str, **more: str) -> list[tuple[str, str, str]]:
    """Action, outcome and object of every line, newest last."""
    lines = json.loads(run("audit", "--json", *options, **more).stdout)
    return [(line["action"], line["outcome"], line["object"]) for line in lines]


def waiting_tablet(database: Database, code: str = "ACDEFHJK") -> str:
    """A tablet that shows a code, as the service stores it."""
    query(
        database,
        "insert into meetpunt.kiosk_pairing"
        " (municipality, code, touchpoint, public_key, expires_at)"
        " select municipality, $1, number, $2, now() + interval '5 minutes'"
        " from meetpunt.touchpoint where slug = 'balie-hal' and municipality = 'GM9001'",
        code,
        os.urandom(65),
    )
    return code


def commands(group: click.Group, before: str = "") -> set[str]:
    context, found = click.Context(group), set()
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            found |= commands(command, f"{before}{name} ")
        else:
            found.add(f"{before}{name}")
    return found


def test_every_command_says_whether_it_is_noted_and_every_deed_is_one_of_a_command() -> None:
    assert commands(meetpunt) == NOTES.keys()
    # What is left is done by the purge that runs by itself.
    assert {action for action in NOTES.values() if action} == {*Action} - {Action.FORGET_AUDIT}


def test_every_deed_of_an_administrator_leaves_its_line(
    run: type_of_run, database: Database
) -> None:
    role = f"lezer_spoor_{os.getpid()}"
    run("migrate")
    run("db", "grant", "molensloot", "--role", role, "--free-text", "--until", "2127-07-01")
    run("db", "password", role)
    run("db", "revoke", "molensloot", "--role", role)
    run("apikeys", "new", "molensloot", "--name", "zaak")
    run("apikeys", "revoke", "molensloot", "--name", "zaak")
    enrolled = json.loads(run("kiosk", "enrol", waiting_tablet(database), "--json").output)
    kiosk = enrolled["kiosk"]
    run("kiosk", "kept", kiosk)
    run("kiosk", "release", kiosk)
    run("kiosk", "revoke", kiosk)
    run("purge")
    run("publish", "now")
    run("publish", "rebuild")
    assert told(run) == [
        ("migrate", "done", "-"),
        ("grant-reader", "done", f"{role} reads molensloot with free text until 2127-07-01"),
        ("set-password", "done", role),
        ("revoke-reader", "done", f"{role} reads molensloot"),
        ("new-api-key", "done", "molensloot/zaak"),
        ("revoke-api-key", "done", "molensloot/zaak"),
        ("enrol-kiosk", "done", f"{kiosk} molensloot/balie-hal"),
        ("read-kept", "done", kiosk),
        ("release-kept", "begun", kiosk),
        ("release-kept", "done", f"{kiosk}: 0 stored, 0 known, 0 left"),
        ("revoke-kiosk", "done", kiosk),
        ("purge", "begun", "-"),
        ("purge", "done", "0 rows"),
        ("publish", "begun", "-"),
        ("publish", "done", "0 responses"),
        ("rebuild", "begun", "-"),
        ("rebuild", "done", "0 responses"),
    ]
    noted = {action for action, _, _ in told(run)}
    # See test_export.py, test_backup.py, test_invitations.py, test_figures.py,
    # test_figures_import.py, test_followup.py, test_callback.py and test_themes.py.
    elsewhere = {
        *(Action.EXPORT, Action.RESTORE, Action.ALLOW_MESSAGES, Action.OPEN_CALLBACK),
        Action.CLEAR_CALLBACKS,
        *(Action.IMPORT_BASE, Action.IMPORT_FIGURES, Action.FOLLOW_UP),
        *(Action.SUGGEST_THEMES, Action.RETAG_THEMES),
    }
    assert noted == {action for action in NOTES.values() if action} - OF_KEYS - elsewhere
    query(database, f"drop owned by {role}")
    query(database, f"drop role {role}")


def test_a_line_says_who_acted_as_whom_and_when(run: type_of_run) -> None:
    before = datetime.now(UTC)
    run("apikeys", "new", "molensloot", "--name", "een")
    run("publish", "now", SUDO_USER="jansen")
    first, second, third = json.loads(run("audit", "--json").stdout)
    assert (first["actor"], first["role"]) == (acting_user(), "meetpunt_owner")
    assert {second["actor"], third["actor"]} == {f"{acting_user()} (sudo by jansen)"}
    assert {second["role"], third["role"]} == {"meetpunt_folder"}
    assert before < datetime.fromisoformat(first["at"]) < datetime.now(UTC)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ("db", "grant", "molensloot", "--role", "meetpunt_ingest"),
            ("grant-reader", "meetpunt_ingest reads molensloot without free text"),
        ),
        (
            ("db", "grant", "molensloot", "--role", "Lezer"),
            ("grant-reader", "Lezer reads molensloot without free text"),
        ),
        (
            ("db", "grant", "molensloot", "--role", "lezer", "--until", "2020-01-01"),
            ("grant-reader", "lezer reads molensloot without free text until 2020-01-01"),
        ),
        (
            ("db", "revoke", "molensloot", "--role", "nobody_at_all"),
            ("revoke-reader", "nobody_at_all reads molensloot"),
        ),
        (("db", "password", "postgres"), ("set-password", "postgres")),
        (
            ("apikeys", "revoke", "molensloot", "--name", "zaak"),
            ("revoke-api-key", "molensloot/zaak"),
        ),
        (("kiosk", "enrol", "ACDEFHJK"), ("enrol-kiosk", "-")),
    ],
)
def test_a_deed_that_is_refused_is_noted_as_refused(
    run: type_of_run, arguments: tuple[str, ...], line: tuple[str, str]
) -> None:
    run(*arguments, exit_code=1)
    assert told(run) == [(line[0], "refused", line[1])]


def test_a_kiosk_that_is_not_there_is_neither_revoked_nor_released_and_both_are_noted(
    run: type_of_run,
) -> None:
    kiosk = str(uuid4())
    run("kiosk", "revoke", kiosk, exit_code=1)
    run("kiosk", "release", kiosk, exit_code=1)
    assert told(run) == [
        ("revoke-kiosk", "refused", kiosk),
        ("release-kept", "begun", kiosk),
        ("release-kept", "refused", kiosk),
    ]


@pytest.fixture
def unnoted(database: Database) -> Any:
    """A database that can note nothing."""
    query(database, "alter function meetpunt.note_deed rename to note_deed_elsewhere")
    yield database
    query(database, "alter function meetpunt.note_deed_elsewhere rename to note_deed")


def test_a_deed_that_cannot_be_noted_is_not_done(run: type_of_run, unnoted: Database) -> None:
    role = f"lezer_ongezien_{os.getpid()}"
    waiting_tablet(unnoted)
    for arguments in (
        ("apikeys", "new", "molensloot", "--name", "zaak"),
        ("db", "grant", "molensloot", "--role", role),
        ("kiosk", "enrol", "ACDEFHJK"),
        ("publish", "now"),
        ("purge",),
    ):
        output = run(*arguments, exit_code=1).output
        assert "older version: run 'meetpunt migrate' first" in output
    assert query(unnoted, "select from meetpunt.api_key") == []
    assert query(unnoted, "select from meetpunt.kiosk") == []
    assert query(unnoted, "select from pg_roles where rolname = $1", role) == []


def test_a_deed_that_breaks_is_undone_and_noted_as_failed(
    run: type_of_run, database: Database
) -> None:
    query(database, "alter table meetpunt.api_key add constraint broken check (false) not valid")
    try:
        run("apikeys", "new", "molensloot", "--name", "zaak", exit_code=1)
    finally:
        query(database, "alter table meetpunt.api_key drop constraint broken")
    assert told(run) == [("new-api-key", "failed", "molensloot/zaak")]
    assert query(database, "select from meetpunt.api_key") == []


def test_what_cannot_be_published_is_told_by_the_kind_of_error_and_no_value(
    run: type_of_run, database: Database
) -> None:
    run("migrate")
    broken = "alter table meetpunt.look add constraint broken check (municipality <> 'GM9001')"
    query(database, f"{broken} not valid")
    try:
        result = run("publish", "now", exit_code=1)
    finally:
        query(database, "alter table meetpunt.look drop constraint broken")
    assert result.stderr.endswith(
        "Error: not of GM9001 (CheckViolationError, broken): a row cannot be published.\n"
    )


# --- Reading it ----------------------------------------------------------------------------------


def test_an_auditor_reads_the_trail_and_can_do_nothing_else(
    run: type_of_run, database: Database
) -> None:
    login = f"auditor_{os.getpid()}"

    async def as_owner() -> None:
        async with database.connected("meetpunt_owner") as owner:
            await owner.execute(f"create role {login} login password 'een'")
            await owner.execute(f"grant meetpunt_auditor to {login}")

    asyncio.run(as_owner())
    place = database.owner.rpartition("@")[2]
    url = f"postgresql://{login}:een@{place}"
    run("apikeys", "new", "molensloot", "--name", "zaak")
    only = {"MEETPUNT_AUDITOR_URL": url, "MEETPUNT_OWNER_URL": "", "MEETPUNT_DATABASE_URL": ""}
    assert told(run, **only) == [("new-api-key", "done", "molensloot/zaak")]

    async def tries() -> None:
        db = await asyncpg.connect(url)
        try:
            for statement in (
                "delete from meetpunt.audit",
                "update meetpunt.audit set actor = 'x'",
                "truncate meetpunt.audit",
                "insert into meetpunt.audit (actor, action, object) values ('x', 'x', 'x')",
                "select meetpunt.note_deed('x', 'export', 'x', 'done')",
                "select meetpunt.forget_audit(3000)",
                "select * from meetpunt.api_key",
                "select * from meetpunt.response",
                "select * from bi_molensloot.stand",
                "set role meetpunt_audit",
            ):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await db.execute(statement)
        finally:
            await db.close()

    asyncio.run(tries())
    query(database, f"drop role {login}")


def test_the_table_has_the_newest_line_last_and_its_columns_line_up(run: type_of_run) -> None:
    run("apikeys", "new", "molensloot", "--name", "zaak")
    run("apikeys", "revoke", "molensloot", "--name", "zaak")
    first, second = run("audit").output.splitlines()
    assert first.split()[2:] == ["new-api-key", "done", acting_user(), "meetpunt_owner",
                                 "molensloot/zaak"]  # fmt: skip
    assert first.index("molensloot/zaak") == second.index("molensloot/zaak")
    assert "revoke-api-key" in second


def test_a_part_of_it_is_asked_for_by_day_and_by_deed(run: type_of_run, database: Database) -> None:
    run("apikeys", "new", "molensloot", "--name", "oud")
    query(database, "update meetpunt.audit set at = '2026-03-01 23:30+01'")
    run("apikeys", "new", "molensloot", "--name", "nieuw")
    run("apikeys", "revoke", "molensloot", "--name", "nieuw")
    assert len(told(run, "--since", "2026-03-01")) == 3
    assert len(told(run, "--since", "2026-03-02")) == 2
    assert told(run, "--action", "revoke-api-key") == [
        ("revoke-api-key", "done", "molensloot/nieuw")
    ]
    assert run("audit", "--since", "2999-01-01").output == "Nothing was noted.\n"
    run("audit", "--since", "gisteren", exit_code=2)
    run("audit", "--action", "steal", exit_code=2)
    run("audit", "--csv", "--json", exit_code=1)


def test_a_name_is_no_formula_and_no_second_line(run: type_of_run) -> None:
    run("apikeys", "new", "molensloot", "--name", "=1+1\x1b[2J\n2026-01-01 purge\u202e")
    rows = list(csv.reader(io.StringIO(run("audit", "--csv").stdout), delimiter=";"))
    assert rows[0] == ["at", "actor", "role", "action", "object", "outcome"]
    assert rows[1][4] == "molensloot/=1+1?[2J?2026-01-01 purge?"
    assert len(run("audit").output.splitlines()) == 1


def test_a_database_without_a_trail_is_told_by_what_to_run(
    run: type_of_run, own_database: Database
) -> None:
    query(own_database, "drop table meetpunt.audit")
    output = run("audit", exit_code=1, MEETPUNT_OWNER_URL=own_database.owner).output
    assert "run 'meetpunt migrate' first" in output


def test_who_may_not_read_it_is_told_so_in_a_sentence(run: type_of_run, database: Database) -> None:
    output = run("audit", exit_code=1, MEETPUNT_AUDITOR_URL=database.ingest).output
    assert output.startswith("Error: the database refused (42501)")


# --- Keys ----------------------------------------------------------------------------------------


def test_what_is_done_to_keys_is_in_a_log_beside_them_and_no_secret_is(
    run: type_of_run, tmp_path: Path
) -> None:
    path = tmp_path / "own" / "keys.json"
    own = {"MEETPUNT_KEYS_FILE": str(path)}
    run("keys", "new", **own)
    run("keys", "new", exit_code=1, **own)
    run("keys", "add", **own)
    first, second = (key.id for key in load_keys(path).signing)
    run("keys", "retire", first, exit_code=1, **own)
    run("keys", "retire", load_keys(path).signing[0].secret.hex(), exit_code=1, **own)
    assert told(run, "--keys", MEETPUNT_OWNER_URL="", MEETPUNT_DATABASE_URL="", **own) == [
        ("new-keys", "begun", "-"),
        ("new-keys", "done", first),
        ("new-keys", "begun", "-"),
        ("new-keys", "refused", "-"),
        ("add-key", "begun", "-"),
        ("add-key", "done", second),
        ("retire-key", "begun", first),
        ("retire-key", "refused", first),
        ("retire-key", "begun", "not an id"),
        ("retire-key", "refused", "not an id"),
    ]
    log = keys_log(path)
    assert log == tmp_path / "own" / "keys.log"
    assert log.stat().st_mode & 0o7777 == 0o600
    keys = load_keys(path)
    for secret in (*(key.secret for key in keys.signing), keys.minting, keys.content):
        assert secret.hex() not in log.read_text("utf-8")


def test_keys_are_not_touched_when_their_log_cannot_be_written(
    run: type_of_run, tmp_path: Path
) -> None:
    path = tmp_path / "keys.json"
    before = path.read_bytes()
    keys_log(path).symlink_to(tmp_path / "elsewhere")
    output = run("keys", "add", exit_code=1).output
    assert f"cannot write {path} and keys.log beside it" in output
    assert path.read_bytes() == before
    assert not (tmp_path / "elsewhere").exists()


def test_a_line_that_was_left_half_is_told_and_hides_no_other(
    run: type_of_run, tmp_path: Path
) -> None:
    run("keys", "add")
    with keys_log(tmp_path / "keys.json").open("a") as log:
        log.write('{"at": "2026-')
    run("keys", "add")
    assert [line[:2] for line in told(run, "--keys")] == [
        ("add-key", "begun"), ("add-key", "done"), ("unreadable", "failed"),
        ("add-key", "begun"), ("add-key", "done"),
    ]  # fmt: skip


def test_keys_without_a_log_have_nothing_noted(run: type_of_run) -> None:
    assert run("audit", "--keys").output == "Nothing was noted.\n"


# --- Its term ------------------------------------------------------------------------------------


def test_lines_past_their_term_go_by_whole_months_and_that_is_noted(
    run: type_of_run, database: Database
) -> None:
    for days in (400, 1000, 1200):
        query(
            database,
            "insert into meetpunt.audit (at, actor, action, object, outcome)"
            " values ($1, 'x', 'export', $2, 'begun')",
            datetime.now(UTC) - timedelta(days=days),
            f"of {days} days ago",
        )
    run("purge")
    left = {line[2] for line in told(run) if line[0] == "export"}
    assert left == {"of 400 days ago", "of 1000 days ago"}
    run("purge", MEETPUNT_AUDIT_DAYS="500")
    left = {line[2] for line in told(run) if line[0] == "export"}
    assert left == {"of 400 days ago"}
    gone = told(run, "--action", "forget-audit")
    assert [line[2].partition(" of ")[0] for line in gone] == ["1 lines", "1 lines"]


def test_less_than_a_year_is_no_term(run: type_of_run) -> None:
    output = run("purge", exit_code=1, MEETPUNT_AUDIT_DAYS="364").output
    assert "MEETPUNT_AUDIT_DAYS must be a whole number from 365 to 3660" in output


def test_without_a_url_both_ways_to_read_are_named_each_with_its_role(run: type_of_run) -> None:
    refused = run("audit", exit_code=1, MEETPUNT_OWNER_URL="").output
    assert refused == (
        "Error: set MEETPUNT_AUDITOR_URL, as a login that is a member of meetpunt_auditor, or "
        "MEETPUNT_OWNER_URL, as meetpunt_owner.\n"
    )
