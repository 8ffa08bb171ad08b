"""All files are put in their places, or none; what somebody else wrote is never lost."""

from pathlib import Path

import pytest

from ingest.installing.files import File, Kind, files_of
from ingest.installing.writing import (
    FilesInTheWay,
    make_folder,
    require_room,
    under,
    write_all,
)
from tests.ingest.installing.test_wanted import WANTED

PROGRAM = Path("/opt/meetpunt/bin/meetpunt")
UNIT = Path("/etc/systemd/system/meetpunt.service")


def _nobody_packaged(_: Path) -> bool:
    return False


def _all_below(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_where_one_cannot_be_written_none_is(tmp_path: Path) -> None:
    files = files_of(WANTED, PROGRAM)
    # A file where a folder has to be, as the last of them finds out.
    (tmp_path / "srv").write_text("no folder")
    files.append(File(path=Path("/srv/last"), text="x"))
    with pytest.raises(OSError, match="srv"):
        write_all(files, tmp_path, ids=None, kept=".before")
    assert _all_below(tmp_path) == [tmp_path / "srv"]


def test_a_secret_is_never_open_to_others_while_it_is_written(tmp_path: Path) -> None:
    write_all([File(path=Path("/key"), text="s", mode=0o600)], tmp_path, ids=None, kept="")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_what_somebody_else_wrote_is_named_and_with_replace_kept(tmp_path: Path) -> None:
    files = files_of(WANTED, PROGRAM)
    write_all(files, tmp_path, ids=None, kept=".before")
    require_room(files, tmp_path, packaged=_nobody_packaged)
    unit, proxy = under(tmp_path, UNIT), tmp_path / "etc/caddy/Caddyfile"
    unit.write_text(unit.read_text().replace("RestartSec=5", "RestartSec=1"))
    proxy.write_text("mine")
    with pytest.raises(FilesInTheWay) as refused:
        require_room(files, tmp_path, packaged=_nobody_packaged)
    assert sorted(refused.value.sentences) == [
        f"{proxy} was written by somebody else.",
        f"{unit} was changed by hand.",
    ]
    write_all(files, tmp_path, ids=None, kept=".before")
    assert (tmp_path / "etc/caddy/Caddyfile.before").read_text() == "mine"
    assert "RestartSec=1" in unit.with_name(f"{unit.name}.before").read_text()
    require_room(files, tmp_path, packaged=_nobody_packaged)


def test_what_a_package_left_there_is_in_nobodys_way(tmp_path: Path) -> None:
    proxy = tmp_path / "etc/caddy/Caddyfile"
    proxy.parent.mkdir(parents=True)
    proxy.write_text("of Debian")
    require_room(files_of(WANTED, PROGRAM), tmp_path, packaged=proxy.__eq__)


def test_a_file_that_is_written_once_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "town.toml").write_text("changed since")
    once = File(path=Path("/town.toml"), text="new", kind=Kind.ONCE)
    write_all([once], tmp_path, ids=None, kept=".before")
    assert [path.read_text() for path in _all_below(tmp_path)] == ["changed since"]


def test_a_disk_that_was_mounted_for_us_is_taken_and_one_with_something_in_it_is_not(
    tmp_path: Path,
) -> None:
    empty, full = tmp_path / "empty", tmp_path / "full"
    for folder in (empty / "lost+found", full / "other"):
        folder.mkdir(parents=True)
    for name in ("empty", "full"):
        (tmp_path / name).chmod(0o755)
        make_folder(Path(f"/{name}"), tmp_path, mode=0o700, owner="", group="", ids=None)
    assert [folder.stat().st_mode & 0o777 for folder in (empty, full)] == [0o700, 0o755]
