"""A secret in a file: one line, and nobody else's to read."""

import os
from pathlib import Path

import pytest

from ingest.files.secret_files import SecretUnusable, read_secret


def secret(folder: Path, content: bytes, mode: int = 0o600) -> Path:
    path = folder / "een.key"
    path.write_bytes(content)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_line_that_only_its_owner_reads_is_the_secret(tmp_path: Path, mode: int) -> None:
    assert read_secret(secret(tmp_path, b"  een-sleutel \r\n", mode)) == "een-sleutel"


def test_a_link_to_where_secrets_are_mounted_will_do(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(secret(tmp_path, b"een-sleutel\n", 0o400))
    assert read_secret(tmp_path / "link") == "een-sleutel"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o700])
def test_one_that_others_may_read_or_change_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(SecretUnusable, match=r"chmod 600 .*een\.key"):
        read_secret(secret(tmp_path, b"een-sleutel\n", mode))


@pytest.mark.parametrize("content", [b"", b"\n", b"a\nb\n", b"sleut\xc3\xa9l\n", b"a\0b", b"x\x1b"])
def test_what_is_no_line_is_no_secret(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SecretUnusable, match="one line") as refused:
        read_secret(secret(tmp_path, content))
    assert "sleut" not in str(refused.value)


def test_one_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SecretUnusable, match=r"There is no file .*weg"):
        read_secret(tmp_path / "weg")
    with pytest.raises(SecretUnusable, match="cannot be read"):
        read_secret(tmp_path)
    os.mkfifo(tmp_path / "pijp", 0o600)
    with pytest.raises(SecretUnusable, match="one line"):
        read_secret(tmp_path / "pijp")
