"""What `meetpunt connect webhook` tells of a test delivery, and that it makes a webhook count."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.followup.pushing.making import pushing_of
from ingest.followup.pushing.standing_statements import note_gone
from ingest.followup.pushing.trying import Tried, secret_findings, try_delivery
from ingest.followup.pushing.ways import address_code
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import load_municipality
from tests.conftest import Database
from tests.example import example_directory
from tests.ingest.commands.conftest import type_of_run
from tests.neighbours.server import BadDay, neighbour
from tests.neighbours.webhooks import FAILING, GONE, MOVED, NOT_NOW, Webhooks
from tests.telling import CODE, FOLLOW_UP, SLUG, a_secret, by_webhook, telling_whom, written

TABLE = """
[signals]
follow_up_url = "{follow_up}"

[signals.webhook]
url = "{url}"
key_file = "{key}"
private_network = true
"""


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("bad_day", "told"),
    [
        (None, "It took a test delivery"),
        (FAILING, "It failed on its own side"),
        (MOVED, "we follow nobody"),
        (NOT_NOW, "It takes no more for now"),
        (GONE, "It says that it is no more"),
    ],
)
async def test_what_came_back_is_told_in_a_sentence(
    catalogue: Catalogue, tmp_path: Path, bad_day: Any, told: str
) -> None:
    secret = a_secret()
    theirs = Webhooks(secret)
    if bad_day:
        theirs.bad_days.append(BadDay(bad_day))
    async with neighbour(theirs) as server:
        key = written(tmp_path / "key", secret)
        tried = await delivered(catalogue, server.url + theirs.path, key)
    assert told in tried.sentence
    assert tried.well is (bad_day is None)
    for body in theirs.taken.values():
        assert (body["type"], body["data"]["count"]) == ("signals.test", 0)


@pytest.mark.anyio
async def test_another_secret_and_another_address_are_told_too(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    theirs = Webhooks(a_secret())
    async with neighbour(theirs) as server:
        key = written(tmp_path / "key", a_secret())
        other = await delivered(catalogue, server.url + theirs.path, key)
        nowhere = await delivered(catalogue, f"{server.url}/x", key)
    nobody = await delivered(catalogue, "http://127.0.0.1:1/x", key)
    for tried, words in ((other, "same secret"), (nowhere, "404"), (nobody, "Nothing answers")):
        assert words in tried.sentence
        assert not tried.well


async def delivered(catalogue: Catalogue, url: str, key: str) -> Tried:
    found = telling_whom(catalogue, by_webhook(url, key)).municipality(SLUG)
    pushing = pushing_of(found)
    assert pushing is not None
    assert pushing.webhook is not None
    return await try_delivery(found, pushing, pushing.webhook)


def test_a_secret_is_told_of_and_never_shown(tmp_path: Path) -> None:
    new, old = a_secret(), a_secret()
    push = by_webhook(
        "https://a.example/x",
        written(tmp_path / "new", new),
        former_key_file=written(tmp_path / "old", old),
    )
    assert push.webhook is not None
    found = secret_findings(push.webhook)
    assert [each.well for each in found] == [True, True]
    assert "as long as the other side may know only that one" in found[1].sentence
    assert not any(secret in str(found) for secret in (new, old))


@pytest.fixture
def configured(tmp_path: Path) -> Callable[[str], str]:
    """A folder of files in which Molensloot has the webhook of this URL."""

    def make(table: str) -> str:
        folder = tmp_path / "files"
        folder.mkdir()
        for file in example_directory().iterdir():
            if file.suffix in (".toml", ".svg"):
                text = file.read_text("utf-8")
                if file.name == "molensloot.toml":
                    text = text.split("\n[signals]")[0] if "\n[signals]" in text else text
                    text += table
                (folder / file.name).write_text(text, "utf-8")
        (folder / "extensions").symlink_to(example_directory() / "extensions")
        return str(folder)

    return make


def test_a_test_that_is_taken_makes_a_webhook_count_again(
    run: type_of_run, database: Database, tmp_path: Path, configured: Callable[[str], str]
) -> None:
    secret = a_secret()
    key = written(tmp_path / "secret", secret)
    theirs = Webhooks(secret)

    async def tried() -> str:
        async with neighbour(theirs) as server:
            table = TABLE.format(follow_up=FOLLOW_UP, url=server.url + theirs.path, key=key)
            folder = configured(table)
            found = load_municipality(Path(folder) / "molensloot.toml")
            assert found.signals is not None
            assert found.signals.push.webhook is not None
            async with database.connected("meetpunt_work") as db:
                await note_gone(db, CODE, address_code(found.signals.push.webhook))
            done = await asyncio.to_thread(
                run,
                "connect",
                "webhook",
                SLUG,
                MEETPUNT_CONFIG=folder,
                MEETPUNT_WORK_URL=database.url("meetpunt_work"),
            )
            return done.output

    output = asyncio.run(tried())
    assert "ok       It took a test delivery" in output
    assert "ok       It had said that it is no more" in output
    assert len(theirs.taken) == 1


def test_without_its_secret_nothing_is_sent_and_no_line_of_a_log_is_shown(
    run: type_of_run, tmp_path: Path, configured: Callable[[str], str]
) -> None:
    table = TABLE.format(
        follow_up=FOLLOW_UP, url="http://127.0.0.1:1/x", key=tmp_path / "nowhere.key"
    )
    done = run("connect", "webhook", SLUG, MEETPUNT_CONFIG=configured(table), exit_code=1)
    lines = done.output.splitlines()
    assert [line[:9] for line in lines] == ["missing  ", "missing  "]
    assert "nowhere.key" in lines[0]
    assert lines[1] == "missing  Nothing was sent: mend the file of the secret first."


def test_without_a_webhook_the_command_says_what_to_write(
    run: type_of_run, configured: Callable[[str], str]
) -> None:
    done = run("connect", "webhook", SLUG, MEETPUNT_CONFIG=configured("\n"), exit_code=1)
    assert "deploy/integrations/webhook.md" in done.output
