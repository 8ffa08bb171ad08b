"""The keys file and the settings, which know no database."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from ingest.audit import Action, Entry, Outcome
from ingest.doctor import installation, key_files
from ingest.doctor.findings import Mark
from ingest.doctor.sight import FOLDER, INGEST, Sight
from ingest.settings import Settings
from ingest.tokens.keys import add_signing_key, new_keys
from ingest.tokens.keys_log import logged
from tests.example import example_catalogue
from tests.ingest.connectors.calling import connected, connector, key_file
from tests.ingest.doctor.looking import marks, sentences, told_of_settings, wrongs
from tests.telling import a_secret, by_webhook, telling_whom, written

pytestmark = pytest.mark.anyio

_SECRET = "very-secret"  # to be looked for


def sight(path: Path, **urls: str) -> Sight:
    settings = Settings(keys_file=path, database_url=urls.get(INGEST), folder_url=urls.get(FOLDER))
    return Sight(settings=settings, catalogue=example_catalogue(), own=False, urls=urls)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    path = tmp_path / "keys.json"
    with logged(path, Entry(action=Action.NEW_KEYS)):
        new_keys(path, now=datetime.now(UTC))
    return path


async def test_new_keys_are_well(keys: Path) -> None:
    assert marks(await key_files.examine(sight(keys))) == [Mark.OK]


async def test_keys_that_others_may_read_are_wrong(keys: Path) -> None:
    os.chmod(keys, 0o644)  # pathlib in a coroutine is another finding
    (told,) = wrongs(await key_files.examine(sight(keys)))
    assert "mode 0644" in told


async def test_no_keys_are_wrong(tmp_path: Path) -> None:
    (told,) = wrongs(await key_files.examine(sight(tmp_path / "keys.json")))
    assert "meetpunt keys new" in told


async def test_old_keys_are_told(keys: Path) -> None:
    later = msgspec.structs.replace(
        sight(keys), clock=lambda: datetime.now(UTC) + timedelta(days=900)
    )
    assert "'meetpunt keys add'" in sentences(await key_files.examine(later), Mark.LOOK)


async def test_keys_of_the_future_are_wrong(keys: Path) -> None:
    before = msgspec.structs.replace(
        sight(keys), clock=lambda: datetime.now(UTC) - timedelta(days=900)
    )
    assert "still to come" in "".join(wrongs(await key_files.examine(before)))


async def test_a_key_that_no_link_needs_can_be_retired(keys: Path) -> None:
    add_signing_key(keys, now=datetime.now(UTC))
    assert marks(await key_files.examine(sight(keys))) == [Mark.OK]
    later = msgspec.structs.replace(
        sight(keys), clock=lambda: datetime.now(UTC) + timedelta(days=300)
    )
    assert "1 older key can be retired" in sentences(await key_files.examine(later), Mark.LOOK)


async def test_a_log_of_keys_that_is_gone_or_broke_off_is_told(keys: Path) -> None:
    log = keys.with_name("keys.log")
    lines = log.read_text().splitlines(keepends=True)
    log.write_text(lines[0])
    assert Outcome.BEGUN in lines[0]
    assert "begun and never ended" in "".join(wrongs(await key_files.examine(sight(keys))))
    log.unlink()
    assert marks(await key_files.examine(sight(keys))) == [Mark.OK, Mark.LOOK]


async def test_keys_of_senders_and_connectors_are_looked_at(keys: Path, tmp_path: Path) -> None:
    there = connector(key_file=key_file(tmp_path))
    looked = msgspec.structs.replace(sight(keys), catalogue=connected(example_catalogue(), there))
    found = await key_files.examine(looked)
    assert "1 key file of senders, connectors and webhooks can be read" in sentences(found, Mark.OK)
    webhook = written(tmp_path / "webhook", a_secret())
    telling = telling_whom(
        looked.catalogue or example_catalogue(), by_webhook("https://a", webhook)
    )
    found = await key_files.examine(msgspec.structs.replace(sight(keys), catalogue=telling))
    assert "2 key files of senders, connectors and webhooks" in sentences(found, Mark.OK)
    os.truncate(there.key_file, 4)
    (told,) = wrongs(await key_files.examine(looked))
    assert told.endswith(
        "fewer than 16 characters: its connector takes nothing in, and answers 503."
    )
    os.chmod(there.key_file, 0o644)
    (told,) = wrongs(await key_files.examine(looked))
    assert "mode 0644" in told
    os.unlink(there.key_file)
    (told,) = wrongs(await key_files.examine(looked))
    assert "There is no file" in told
    assert told.endswith("What runs goes on with the key that it read before.")


async def test_without_the_folder_role_nothing_is_published(keys: Path) -> None:
    both = {
        role: f"postgresql://{role}:{_SECRET}@db.example/meetpunt?sslmode=verify-full"
        for role in (INGEST, FOLDER)
    }
    assert wrongs(await installation.examine(sight(keys, **both))) == []
    found = await installation.examine(sight(keys, **{INGEST: both[INGEST]}))
    (told,) = wrongs(found)
    assert told.startswith("MEETPUNT_FOLDER_URL is not set")


async def test_a_connection_that_is_not_sure_of_the_server_is_told_without_its_password(
    keys: Path,
) -> None:
    urls = {INGEST: f"postgresql://meetpunt_ingest:{_SECRET}@db.example/meetpunt"}
    found = await installation.examine(sight(keys, **urls))
    told = sentences(found, Mark.LOOK)
    assert "without sslmode=verify-full, and may go unencrypted: its password" in told
    assert _SECRET not in repr(found)
    urls = {INGEST: f"postgresql://meetpunt_ingest:{_SECRET}@db.example/meetpunt?sslmode=require"}
    told = sentences(await installation.examine(sight(keys, **urls)), Mark.LOOK)
    assert "goes over a network without sslmode=verify-full." in told
    for host in ("127.0.0.1", "[::1]", ""):
        urls = {INGEST: f"postgresql://meetpunt_ingest:{_SECRET}@{host}/meetpunt"}
        found = await installation.examine(sight(keys, **urls))
        assert "verify-full" not in sentences(found, Mark.LOOK)


async def test_fictional_municipalities_are_told(keys: Path) -> None:
    own = told_of_settings(sight(keys), data=Path("data"))
    assert "fictional" in sentences(await installation.examine(own), Mark.LOOK)
