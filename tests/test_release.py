"""`make release`: a version, a changelog, a tag and what is to be published; or nothing at all."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
WHEEL = "meetpunt-1.2.3-py3-none-any.whl"
PEOPLE = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "A Maintainer"), ("EMAIL", "maintainer@meetpunt.example"))
}


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a program there, as a maintainer, with no settings of this machine's git."""
    here = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(
        command,
        cwd=folder,
        env={**here, **PEOPLE, "GIT_CONFIG_GLOBAL": os.devnull},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def git(folder: Path, *arguments: str) -> str:
    """What git says, which has to go well."""
    told = run(folder, "git", *arguments)
    assert told.returncode == 0, told.stderr
    return told.stdout.strip()


def release(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`.ci/release.py`, called there."""
    return run(folder, sys.executable, ".ci/release.py", *arguments)


_NEWS = "### Added\n- Something.\n"


def committed(folder: Path, names: list[str]) -> Path:
    """A repository of its own with these files of this one, as they are now, in one commit."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    # Just after a release there is nothing to tell of the next one.
    changes = folder / "CHANGELOG.md"
    told = changes.read_text("utf-8").replace("## Unreleased\n", f"## Unreleased\n\n{_NEWS}", 1)
    changes.write_text(told, "utf-8")
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "as it is")
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What a release writes to, and no more: enough to be refused, and not to build a wheel."""
    files = ["pyproject.toml", "ingest/__init__.py", "publiccode.yml", "CHANGELOG.md"]
    files.append("deploy/chart/Chart.yaml")
    return committed(tmp_path / "meetpunt", [*files, ".ci/release.py", ".gitignore"])


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole checkout of which 1.2.3 was released."""
    here = [name for name in git(ROOT, "ls-files", "-z").split("\0") if (ROOT / name).is_file()]
    needed = [name for name in here if not name.startswith(("tests/", "docs/"))]
    folder = committed(tmp_path_factory.mktemp("release") / "meetpunt", needed)
    told = release(folder, "1.2.3")
    assert told.returncode == 0, told.stderr
    assert "git push --atomic origin main v1.2.3" in told.stdout
    return folder


@pytest.mark.long
def test_a_release_is_a_commit_with_a_tag_and_the_version_in_every_file(released: Path) -> None:
    assert git(released, "describe", "--exact-match") == "v1.2.3"
    assert git(released, "status", "--porcelain") == ""
    project = tomllib.loads((released / "pyproject.toml").read_text("utf-8"))["project"]
    public = yaml.safe_load((released / "publiccode.yml").read_text("utf-8"))
    chart = yaml.safe_load((released / "deploy" / "chart" / "Chart.yaml").read_text("utf-8"))
    assert project["version"] == public["softwareVersion"] == "1.2.3"
    assert chart["version"] == chart["appVersion"] == "1.2.3"
    changelog = (released / "CHANGELOG.md").read_text("utf-8")
    assert f"\n## Unreleased\n\n## 1.2.3 ({public['releaseDate']})\n\n### " in changelog


@pytest.mark.long
def test_what_is_published_has_checksums_and_a_list_of_what_is_inside(released: Path) -> None:
    built = released / "dist" / "v1.2.3"
    lines = (built / "SHA256SUMS").read_text("ascii").splitlines()
    listed = {name: checksum for checksum, name in map(str.split, lines)}
    contents = "meetpunt-1.2.3.cdx.json"
    assert listed.keys() == {WHEEL, contents, "requirements.lock", "meetpunt.lock"}
    all_in_one = (built / "meetpunt.lock").read_text("ascii")
    assert all_in_one == f"-r requirements.lock\n./{WHEEL} --hash=sha256:{listed[WHEEL]}\n"
    for name, checksum in listed.items():
        assert hashlib.sha256((built / name).read_bytes()).hexdigest() == checksum, name
    bill = json.loads((built / contents).read_text("utf-8"))
    assert bill["bomFormat"] == "CycloneDX"
    assert bill["metadata"]["component"]["version"] == "1.2.3"
    locked = re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert {part["name"] for part in bill["components"]} == set(locked)


@pytest.mark.long
def test_who_builds_the_tag_again_gets_the_same_wheel_which_names_its_commit(
    released: Path, tmp_path: Path
) -> None:
    git(released, "worktree", "add", "--quiet", str(tmp_path / "again"), "v1.2.3")
    epoch = git(released, "log", "-1", "--format=%ct", "v1.2.3")
    built = run(
        tmp_path / "again",
        *("env", f"SOURCE_DATE_EPOCH={epoch}"),
        *(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)),
    )
    assert built.returncode == 0, built.stderr
    wheel = released / "dist" / "v1.2.3" / WHEEL
    assert (tmp_path / WHEEL).read_bytes() == wheel.read_bytes()
    noted = zipfile.ZipFile(wheel).read("ingest/_data/commit").decode().strip()
    assert noted == git(released, "rev-parse", "v1.2.3^{commit}")[:12]


@pytest.mark.parametrize(
    ("version", "why"),
    [
        ("1.2", "is no version"),
        ("v1.2.3", "is no version"),
        ("01.2.3", "is no version"),
        ("0.0.9", "is at 0.1.0 already"),
        ("0.9.9", "1.0.0 is released already"),
        ("1.0.0", "1.0.0 is released already"),
        ("", "name the version"),
    ],
)
def test_a_version_that_is_not_the_next_is_refused(checkout: Path, version: str, why: str) -> None:
    if "released" in why:
        git(checkout, "tag", "v1.0.0")
        git(checkout, "tag", "v0.10.0")
    refused(checkout, why, version)


def test_files_that_are_not_committed_are_not_released(checkout: Path) -> None:
    (checkout / "ingest" / "stray.py").write_text("")
    refused(checkout, "ingest/stray.py", "1.2.3")


def test_another_branch_than_main_is_not_released(checkout: Path) -> None:
    git(checkout, "switch", "--quiet", "--create", "idea")
    refused(checkout, "made of main, and this is idea", "1.2.3")


def test_a_release_of_which_nothing_can_be_told_is_refused(checkout: Path) -> None:
    (checkout / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n## 0.1.0\n- All.\n")
    git(checkout, "commit", "--quiet", "--all", "--message", "nothing new")
    refused(checkout, "tells nothing under '## Unreleased'", "1.2.3")


def test_where_building_fails_everything_is_as_it_was(checkout: Path) -> None:
    refused(checkout, "hatchling build failed", "1.2.3", check_too=False)
    assert git(checkout, "tag") == ""
    assert not (checkout / "dist" / "v1.2.3").exists()


def refused(checkout: Path, why: str, version: str, *, check_too: bool = True) -> None:
    """The check and the release say so in a sentence, and change nothing."""
    as_it_was = git(checkout, "rev-parse", "HEAD"), git(checkout, "status", "--porcelain")
    for called in (("--check", version), (version,)) if check_too else ((version,),):
        told = release(checkout, *called)
        assert (told.returncode, told.stdout) == (1, "")
        assert told.stderr.startswith("No release: ")
        assert why in told.stderr
    is_now = git(checkout, "rev-parse", "HEAD"), git(checkout, "status", "--porcelain")
    assert is_now == as_it_was
