"""The keys file: who may read it, how keys come and go, and what a mistake is answered with."""

import json
import os
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from ingest.tokens.keys import (
    Keys,
    KeysExist,
    KeyStillNeeded,
    KeyStillSigns,
    KeysUnreadable,
    KeyUnknown,
    SigningKey,
    add_signing_key,
    load_keys,
    needed_until,
    new_keys,
    retire_signing_key,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FORTNIGHT = timedelta(days=14)


@pytest.fixture
def keys_file(tmp_path: Path) -> Path:
    path = tmp_path / "keys.json"
    new_keys(path, now=NOW)
    return path


def test_new_keys_are_read_back_as_they_were_made(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    made = new_keys(path, now=NOW)
    assert load_keys(path) == made
    assert [key.created for key in made.signing] == [date(2026, 3, 2)]


def test_every_secret_is_another_one_of_at_least_32_bytes(keys_file: Path) -> None:
    keys = load_keys(keys_file)
    secrets = [keys.signing[0].secret, keys.minting, keys.content, keys.accounts]
    assert len(set(secrets)) == 4
    assert min(map(len, secrets)) >= 32


@pytest.mark.parametrize("umask", [0o000, 0o077, 0o277])
def test_the_file_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        new_keys(tmp_path / "keys.json", now=NOW)
        add_signing_key(tmp_path / "keys.json", now=NOW)
    finally:
        os.umask(before)
    assert (tmp_path / "keys.json").stat().st_mode & 0o7777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_new_keys_never_take_the_place_of_keys_that_are_there(keys_file: Path) -> None:
    before = keys_file.read_bytes()
    with pytest.raises(KeysExist, match="keys add"):
        new_keys(keys_file, now=NOW)
    assert keys_file.read_bytes() == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o666, 0o700, 0o777])
def test_a_file_that_others_may_open_is_refused_and_the_sentence_says_what_to_do(
    keys_file: Path, mode: int
) -> None:
    keys_file.chmod(mode)
    with pytest.raises(KeysUnreadable, match=f"chmod 600 {keys_file}"):
        load_keys(keys_file)


def test_a_file_that_is_mounted_read_only_is_accepted(keys_file: Path) -> None:
    keys_file.chmod(0o400)
    assert load_keys(keys_file).signing


def test_a_missing_file_is_told_with_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(KeysUnreadable, match="meetpunt keys new"):
        load_keys(tmp_path / "keys.json")


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(KeysUnreadable, match="cannot be read"):
        load_keys(tmp_path)


def spoil(keys_file: Path, **changes: object) -> None:
    content = json.loads(keys_file.read_text())
    content.update(changes)
    keys_file.write_text(json.dumps(content))


SOUND = {"id": "one", "secret": "ab" * 32, "created": "2026-03-02"}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"signing": []}, "no signing key"),
        ({"signing": [SOUND, SOUND]}, "same id"),
        ({"signing": [SOUND, SOUND | {"id": "two", "created": "2026-01-01"}]}, "oldest first"),
        ({"signing": [SOUND | {"secret": ""}]}, "shorter than 32 bytes"),
        ({"signing": [SOUND | {"secret": "xy" * 32}]}, "hexadecimal"),
        ({"minting": "ab" * 31}, "minting is shorter"),
        ({"content": ""}, "content is shorter"),
        ({"accounts": None}, "accounts"),
        ({"acounts": "ab" * 32}, "acounts"),
    ],
)
def test_malformed_keys_are_refused_with_what_is_wrong(
    keys_file: Path, changes: dict[str, object], told: str
) -> None:
    spoil(keys_file, **changes)
    with pytest.raises(KeysUnreadable, match=told):
        load_keys(keys_file)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"null"])
def test_a_file_that_is_no_json_is_refused(keys_file: Path, content: bytes) -> None:
    keys_file.write_bytes(content)
    with pytest.raises(KeysUnreadable, match="malformed"):
        load_keys(keys_file)


def test_no_secret_shows_when_keys_are_printed_or_refused(keys_file: Path) -> None:
    keys = load_keys(keys_file)
    secrets = [keys.signing[0].secret, keys.minting, keys.content, keys.accounts]
    shown = f"{keys!r} {keys} {keys.signing[0]}"
    spoil(keys_file, extra="ab" * 32)
    with pytest.raises(KeysUnreadable) as refusal:
        load_keys(keys_file)
    for secret in secrets:
        assert secret.hex() not in shown + str(refusal.value)
        assert repr(secret) not in shown + str(refusal.value)


def test_an_added_key_becomes_the_newest_and_leaves_the_rest_as_it_was(keys_file: Path) -> None:
    before = load_keys(keys_file)
    added = add_signing_key(keys_file, now=NOW + timedelta(days=30))
    after = load_keys(keys_file)
    assert after == msgspec.structs.replace(before, signing=(*before.signing, added))


def test_keys_added_at_the_same_moment_are_all_kept(keys_file: Path) -> None:
    start = threading.Barrier(8)

    def add() -> None:
        start.wait()
        add_signing_key(keys_file, now=NOW)

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(load_keys(keys_file).signing) == 9


def test_a_keys_file_behind_a_link_is_replaced_where_it_lies(
    keys_file: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(keys_file)
    add_signing_key(link, now=NOW)
    assert link.is_symlink()
    assert len(load_keys(keys_file).signing) == 2


def test_the_key_that_signs_cannot_be_retired(keys_file: Path) -> None:
    only = load_keys(keys_file).signing[0].id
    with pytest.raises(KeyStillSigns, match="keys add"):
        retire_signing_key(keys_file, only, longest_lifetime=FORTNIGHT, now=NOW)


def test_an_unknown_key_is_refused_and_the_known_ones_are_named(keys_file: Path) -> None:
    only = load_keys(keys_file).signing[0].id
    with pytest.raises(KeyUnknown, match=only):
        retire_signing_key(keys_file, "nonesuch", longest_lifetime=FORTNIGHT, now=NOW)


def test_a_key_is_kept_while_a_link_that_it_signed_may_be_valid(keys_file: Path) -> None:
    oldest = load_keys(keys_file).signing[0].id
    replaced = NOW + timedelta(days=30)
    newest = add_signing_key(keys_file, now=replaced)
    needed = needed_until(load_keys(keys_file), oldest, longest_lifetime=FORTNIGHT)
    assert needed is not None
    assert needed >= replaced + FORTNIGHT + timedelta(minutes=15)

    with pytest.raises(KeyStillNeeded) as refusal:
        retire_signing_key(keys_file, oldest, longest_lifetime=FORTNIGHT, now=needed)
    assert refusal.value.needed_until == needed

    retire_signing_key(
        keys_file, oldest, longest_lifetime=FORTNIGHT, now=needed + timedelta(seconds=1)
    )
    assert load_keys(keys_file).signing == (newest,)


def test_a_middle_key_is_needed_for_as_long_as_the_next_one_says(keys_file: Path) -> None:
    middle = add_signing_key(keys_file, now=NOW + timedelta(days=10))
    add_signing_key(keys_file, now=NOW + timedelta(days=100))
    needed = needed_until(load_keys(keys_file), middle.id, longest_lifetime=FORTNIGHT)
    assert needed is not None
    assert needed > NOW + timedelta(days=114)


def test_an_empty_secret_cannot_become_a_key() -> None:
    with pytest.raises(ValueError, match="shorter than 32 bytes"):
        SigningKey(id="one", secret=b"", created=date(2026, 1, 1))
    sound = SigningKey(id="one", secret=b"s" * 32, created=date(2026, 1, 1))
    with pytest.raises(ValueError, match="minting"):
        Keys(signing=(sound,), minting=b"", content=b"c" * 32, accounts=b"a" * 32)
