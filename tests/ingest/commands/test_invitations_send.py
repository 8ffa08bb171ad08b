"""`meetpunt invitations send`: a list is sent once, or not at all; a rehearsal sends nothing."""

import asyncio
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from ingest.invitations.asked_for import why_silent
from ingest.invitations.codes import InvitationCodes
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.senders import Sender
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys
from tests.conftest import Database
from tests.example import example_directory
from tests.ingest.commands.conftest import type_of_run
from tests.inviting import inviting, mobile, states

ENDED = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()


@pytest.fixture
def send(run: type_of_run, database: Database) -> Any:
    def send(
        file: Path, *options: str, touchpoint: str = "telefonie", exit_code: int = 0, **more: str
    ) -> str:
        arguments = ("invitations", "send", str(file), "--touchpoint", f"molensloot/{touchpoint}")
        work = database.url("meetpunt_work")
        result = run(*arguments, *options, exit_code=exit_code, MEETPUNT_WORK_URL=work, **more)
        return str(result.output)

    return send


def people(folder: Path, numbers: range | list[int], more: str = "") -> Path:
    path = folder / "list.csv"
    lines = "".join(f"{mobile(n).address},{ENDED}\n" for n in numbers)
    path.write_text(f"recipient,ended_at\n{lines}{more}")
    return path


def waiting(database: Database) -> int:
    return asyncio.run(states(database))["waiting"]


async def execute(database: Database, statement: str, *values: Any) -> None:
    async with database.superuser() as db:
        await db.execute(statement, *values)


def test_a_list_is_sent_once_however_often_it_is_sent(
    send: Any, database: Database, tmp_path: Path
) -> None:
    file = people(tmp_path, range(10))
    assert "10 messages wait to be sent" in send(file)
    assert waiting(database) == 10
    told = send(file)
    assert "on this list, or told, before  10" in told
    assert "0 messages wait to be sent" in told
    assert waiting(database) == 10


def test_a_rehearsal_tells_when_and_why_not_and_sends_nothing(
    send: Any, database: Database, tmp_path: Path
) -> None:
    assert "1 message waits to be sent" in send(people(tmp_path, [1]))
    now = datetime.now(UTC)
    old = f"{mobile(4).address},2020-01-01 10:00\n"
    again = f"{mobile(5).address},{(now - timedelta(minutes=9)).isoformat()}\n" * 2
    whole = people(tmp_path, range(1, 8), old + again)
    told = send(whole, "--dry-run")
    for line in (
        "not sent: on this list, or told, before  2",
        "not sent: the contact ended too long ago  1",
        "7 messages would wait to be sent. Nothing was sent.",
    ):
        assert line in told
    assert mobile(5).address not in told
    assert waiting(database) == 1
    # What is told of the real one is the same.
    sent = send(whole)
    assert "7 messages wait to be sent" in sent
    assert [line for line in told.splitlines() if line.startswith("not sent")] == [
        line for line in sent.splitlines() if line.startswith("not sent")
    ]


def test_a_rehearsal_does_not_tell_who_wants_no_messages_or_was_asked_recently(
    send: Any, database: Database, keys: Keys, tmp_path: Path
) -> None:
    before = send(people(tmp_path, range(3)), "--dry-run")
    assert "Of these, whoever wants no messages or was asked lately will not be sent one" in before
    codes = InvitationCodes(derived_keys(keys))
    asyncio.run(
        execute(
            database,
            "insert into meetpunt.opted_out values ('GM9001', $1, now())",
            codes.of_opted_out("GM9001", mobile(2)),
        )
    )
    half = b"h" * 32
    now = datetime.now(UTC)
    quarter = f"{now.year}-{(now.month + 2) // 3}"
    asyncio.run(execute(database, "insert into meetpunt.asked_key values ($1, $2)", quarter, half))
    asyncio.run(
        execute(
            database,
            "insert into meetpunt.asked (municipality, code, until)"
            " values ('GM9001', $1, current_date + 30)",
            codes.of_asked(half, "GM9001", mobile(1)),
        )
    )
    assert send(people(tmp_path, range(3)), "--dry-run") == before
    assert "3 messages wait to be sent" in send(people(tmp_path, range(3)))


def test_a_half_good_list_sends_nothing_unless_that_is_asked_for(
    send: Any, database: Database, tmp_path: Path
) -> None:
    file = people(tmp_path, range(3), f"0201234567,{ENDED}\n")
    told = send(file, exit_code=1)
    assert "line 5: recipient is no mobile number." in told
    assert "1 of 4 lines are wrong, and nothing was sent" in told
    assert "0201234567" not in told
    assert waiting(database) == 0
    told = send(file, "--leave-out-bad-lines")
    assert "left out: 1 line\n" in told
    assert "3 messages wait to be sent" in told


def test_a_language_without_words_is_named_with_what_is_sent_instead(
    send: Any, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    lines = "".join(
        f"{mobile(n).address},{ENDED},{each}\n" for n, each in enumerate(["xx", "fr", "xx", "en"])
    )
    path.write_text(f"recipient,ended_at,language\n{lines}")
    told = send(path, "--dry-run")
    assert "no words in 'fr', sent in 'nl': 1 line\n" in told
    assert "no words in 'xx', sent in 'nl': 2 lines\n" in told
    assert "'en'" not in told


def test_a_database_that_is_behind_the_files_is_told_to_migrate(
    send: Any, database: Database, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    shutil.copytree(example_directory(), config)
    file = config / "molensloot.toml"
    file.write_text(file.read_text().replace("number = 2\n", "number = 99\n"))
    told = send(people(tmp_path, [1]), exit_code=1, MEETPUNT_CONFIG=str(config))
    assert "run 'meetpunt migrate' first" in told


def test_many_bad_lines_are_not_all_told(send: Any, tmp_path: Path) -> None:
    told = send(people(tmp_path, [], "x,y\n" * 100), exit_code=1)
    assert told.count("line ") == 20
    assert "and 80 more." in told


def test_a_touchpoint_that_invites_nobody_is_named(send: Any, tmp_path: Path) -> None:
    told = send(people(tmp_path, range(2)), touchpoint="online", exit_code=1)
    assert "molensloot/online sends nothing: it has no [touchpoints.online.invitations]." in told


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"retired": True}, "it is retired"),
        ({"sender": None}, "it has no sender"),
        ({"sender": Sender(name="zelf", kind="none")}, "its sender 'zelf' is of kind none"),
        ({"text": {}, "mail": {}}, "it has no words for whom its sender reaches"),
        ({}, None),
    ],
)
def test_why_a_touchpoint_sends_nothing_is_told(
    catalogue: Catalogue, changes: dict[str, Any], told: str | None
) -> None:
    retired = changes.pop("retired", False)
    touchpoint = inviting(catalogue, retired=retired).touchpoint("molensloot", "telefonie")
    assert touchpoint.invitations is not None
    rules = replace(touchpoint.invitations, **changes)
    why = why_silent(replace(touchpoint, invitations=rules))
    assert why == told if told is None else told in str(why)


def test_a_misspelt_touchpoint_is_told_which_was_meant(send: Any, tmp_path: Path) -> None:
    told = send(people(tmp_path, range(2)), touchpoint="telefoni", exit_code=1)
    assert (
        "there is no touchpoint 'molensloot/telefoni'; did you mean 'molensloot/telefonie'?" in told
    )


def test_who_is_of_a_kind_that_the_touchpoint_does_not_reach_is_a_bad_line(
    send: Any, tmp_path: Path
) -> None:
    told = send(people(tmp_path, [1], f"bewoner@example.nl,{ENDED}\n"), exit_code=1)
    assert "line 3: recipient is a mail address, and the touchpoint has no words for it" in told


def test_a_long_list_tells_how_far_it_is(send: Any, database: Database, tmp_path: Path) -> None:
    told = send(people(tmp_path, range(1100)))
    assert [line for line in told.splitlines() if line.endswith("lines")] == [
        "500 of 1100 lines",
        "1000 of 1100 lines",
        "1100 of 1100 lines",
    ]
    assert waiting(database) == 1100
