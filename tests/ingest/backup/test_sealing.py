"""What is sealed comes back as it was, or is refused."""

import os
import stat
from pathlib import Path

import pytest

from ingest.backup.sealing import BackupKeyUnusable, NoRoom, Seal, SealBroken, read_backup_key

KEY = bytes(range(32))
PIECE = 1 << 20


def kept(path: Path, seal: Seal) -> bytes:
    with seal.reading(path) as file:
        return file.read()


def put(path: Path, seal: Seal, content: bytes) -> Path:
    with seal.writing(path) as file:
        file.write(content)
    return path


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])
@pytest.mark.parametrize("size", [0, 1, PIECE, 3 * PIECE + 7])
def test_it_comes_back_as_it_was(tmp_path: Path, key: bytes | None, size: int) -> None:
    content = os.urandom(size)
    path = put(tmp_path / "a.gz.enc" if key else tmp_path / "a.gz", Seal(key), content)
    assert kept(path, Seal(key)) == content
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_nothing_of_it_can_be_read_without_the_key(tmp_path: Path) -> None:
    path = put(tmp_path / "a.gz.enc", Seal(KEY), b"a resident's words" * 1000)
    assert b"words" not in path.read_bytes()
    with pytest.raises(SealBroken, match="MEETPUNT_BACKUP_KEY_FILE"):
        kept(path, Seal(None))
    with pytest.raises(SealBroken, match="another key"):
        kept(path, Seal(bytes(32)))


def flipped(content: bytes) -> bytes:
    return content[:5000] + bytes([content[5000] ^ 1]) + content[5001:]


def swapped(content: bytes) -> bytes:
    head, piece = 28, PIECE
    first, second = content[head : head + piece], content[head + piece : head + 2 * piece]
    return content[:head] + second + first + content[head + 2 * piece :]


@pytest.mark.parametrize(
    "spoil",
    [flipped, swapped, lambda content: content[:-1], lambda content: content[: 28 + PIECE]],
    ids=["a bit flipped", "pieces swapped", "the end cut off", "pieces cut off"],
)
def test_what_was_changed_is_refused(tmp_path: Path, spoil: object) -> None:
    path = put(tmp_path / "a.gz.enc", Seal(KEY), os.urandom(3 * PIECE))
    assert callable(spoil)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(SealBroken):
        kept(path, Seal(KEY))


def test_an_older_file_under_a_newer_name_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path / "old.gz.enc", Seal(KEY), b"x")
    with pytest.raises(SealBroken):
        kept(path.rename(tmp_path / "new.gz.enc"), Seal(KEY))


def test_a_plain_one_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path / "a.gz", Seal(), os.urandom(5000))
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(SealBroken):
        kept(path, Seal())


def test_with_a_key_what_is_not_encrypted_is_refused(tmp_path: Path) -> None:
    """Whoever may write where backups lie has no key, and could put it there."""
    plain = tmp_path / "keys.json.gz"
    with Seal(room=0).writing(plain) as file:
        file.write(b"mine")
    with Seal(room=0).reading(plain) as file:
        assert file.read() == b"mine"
    with pytest.raises(SealBroken, match="is not encrypted"), Seal(KEY, room=0).reading(plain):
        pass


def test_where_there_is_no_room_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(NoRoom):
        put(tmp_path / "a.gz", Seal(room=1 << 62), b"x" * PIECE)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "mode", "sentence"),
    [
        (None, 0, "openssl rand"),
        ("ab" * 32, 0o640, "chmod 600"),
        ("ab" * 31, 0o600, "64 hexadecimal digits"),
        ("zz" * 32, 0o600, "64 hexadecimal digits"),
    ],
)
def test_a_key_that_is_of_no_use_is_refused_in_a_sentence(
    tmp_path: Path, text: str | None, mode: int, sentence: str
) -> None:
    path = tmp_path / "key"
    if text is not None:
        path.write_text(text)
        path.chmod(mode)
    with pytest.raises(BackupKeyUnusable, match=sentence):
        read_backup_key(path)


def test_a_key_that_is_right_is_read(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("ab" * 32 + "\n")
    path.chmod(0o600)
    assert read_backup_key(path) == b"\xab" * 32
