"""A file is read or written whole, and what was there survives whatever goes wrong."""

import os
from pathlib import Path

import pytest

from ingest.files.whole_files import read_regular, write_whole


def test_a_file_is_replaced_at_once_and_keeps_who_may_read_it(tmp_path: Path) -> None:
    place = tmp_path / "poster.svg"
    place.write_bytes(b"old")
    place.chmod(0o640)
    other_name = tmp_path / "link.svg"
    other_name.symlink_to(place)
    with place.open("rb") as before:
        write_whole(other_name, b"new")
        assert before.read() == b"old"
    assert place.read_bytes() == b"new"
    assert place.stat().st_mode & 0o777 == 0o640
    assert other_name.is_symlink()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link.svg", "poster.svg"]


def test_where_it_cannot_be_written_nothing_stays_behind(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "nowhere" / "poster.svg", b"new")
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(IsADirectoryError):
        write_whole(folder, b"new")
    assert list(tmp_path.iterdir()) == [folder]


def test_only_regular_files_are_read_and_no_further_than_asked(tmp_path: Path) -> None:
    pipe = tmp_path / "molensloot.svg"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="no regular file"):
        read_regular(pipe, 9)
    with pytest.raises(IsADirectoryError):
        read_regular(tmp_path, 9)
    plain = tmp_path / "plain"
    plain.write_bytes(b"0123456789abc")
    assert read_regular(plain, 9) == b"0123456789"
