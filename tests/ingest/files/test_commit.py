"""`meetpunt --version` tells the commit of a checkout, and never one that it does not know."""

import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

import ingest
from ingest.commands import meetpunt
from ingest.files.commit import commit_of


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, as somebody, with no settings of this machine."""
    told = subprocess.run(
        ("git", "-C", str(folder), "-c", "user.name=A", "-c", "user.email=a@b.example", *arguments),
        env={"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": "/dev/null"},
        check=True,
        capture_output=True,
        text=True,
    )
    return told.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with one file and one commit, which has a tag."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    git(folder, "init", "--quiet")
    (folder / "file").write_text("as it was")
    git(folder, "add", "file")
    git(folder, "commit", "--quiet", "-m", "one")
    git(folder, "tag", "v1.0.0")
    return folder


def test_a_checkout_tells_twelve_digits_of_its_commit(checkout: Path) -> None:
    assert commit_of(checkout) == git(checkout, "rev-parse", "HEAD")[:12]


def test_a_changed_file_is_told_and_a_new_one_beside_it_is_not(checkout: Path) -> None:
    (checkout / "new").write_text("nobody added this")
    before = commit_of(checkout)
    (checkout / "file").write_text("as it is")
    assert commit_of(checkout) == f"{before}-changed"


def test_a_copy_without_history_does_not_tell_the_commit_of_the_repository_around_it(
    checkout: Path,
) -> None:
    (checkout / "vendor").mkdir()
    assert commit_of(checkout / "vendor") is None


def test_in_a_hook_of_another_repository_its_own_commit_is_told(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = commit_of(checkout)
    git(tmp_path, "init", "--quiet", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    assert commit_of(checkout) == known


def test_without_git_the_version_is_told_alone(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(checkout))
    assert commit_of(checkout) is None
    told = CliRunner().invoke(meetpunt.meetpunt, ["--version"])
    assert (told.exit_code, told.output) == (0, f"meetpunt, version {ingest.__version__}\n")


def test_a_repository_without_a_commit_tells_none(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    assert commit_of(tmp_path) is None
