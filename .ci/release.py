"""Makes a release of this checkout: version, changelog, tag, wheel, list of contents, checksums.

    python .ci/release.py 1.2.3            do it
    python .ci/release.py --check 1.2.3    only say whether it could be done

`make release VERSION=1.2.3` does both, with `make lint` in between. Nothing leaves this machine;
the last line tells what to push. docs/releasing.md has the whole procedure.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NoReturn

# Of this folder: the checkout that is released is the one that it is called in.
PYPROJECT = Path("pyproject.toml")
PACKAGE = Path("ingest/__init__.py")
PUBLICCODE = Path("publiccode.yml")
CHART = Path("deploy/chart/Chart.yaml")
CHANGELOG = Path("CHANGELOG.md")
LOCK = Path("requirements.lock")
WRITTEN = (PYPROJECT, PACKAGE, PUBLICCODE, CHART, CHANGELOG)

UNRELEASED = "## Unreleased"
NUMBERS = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


class CannotRelease(Exception):
    """Why not, in a sentence; nothing was changed."""


def main(arguments: list[str]) -> None:
    """Check, or do it all."""
    only_check = arguments[:1] == ["--check"]
    versions = arguments[1:] if only_check else arguments
    if len(versions) != 1 or not versions[0]:
        _end("name the version: make release VERSION=1.2.3")
    version = versions[0]
    try:
        check(version)
        if not only_check:
            _tell(version, release(version, datetime.now(UTC).date()))
    except CannotRelease as refused:
        _end(str(refused))


def check(version: str) -> None:
    """Raises CannotRelease where this version cannot be made of this checkout, as it is now."""
    if not NUMBERS.fullmatch(version):
        raise CannotRelease(f"'{version}' is no version: three numbers, as 1.2.3.")
    if changed := _git("status", "--porcelain"):
        raise CannotRelease(f"these files are not as they were committed:\n{changed}")
    if (branch := _git("branch", "--show-current")) != "main":
        raise CannotRelease(f"a release is made of main, and this is {branch or 'no branch'}.")
    tags = _git("tag", "--list", "v*").split()
    released = [tag[1:] for tag in tags if NUMBERS.fullmatch(tag[1:])]
    latest = max(released, key=_numbers, default=None)
    if latest is not None and _numbers(version) <= _numbers(latest):
        raise CannotRelease(f"{latest} is released already, so {version} is not the next.")
    if _numbers(version) < _numbers(now := _version_of(PYPROJECT.read_text("utf-8"))):
        raise CannotRelease(f"{PYPROJECT} is at {now} already.")
    dated(CHANGELOG.read_text("utf-8"), version, date.min)
    if folder_of(version).exists():
        raise CannotRelease(f"{folder_of(version)} is there already: remove it first.")


def release(version: str, day: date) -> Path:
    """Commit, build and tag. Returns the folder with what is to be published.

    The tag comes last: where anything fails before, the checkout is put back as it was.
    """
    before, ours = _git("rev-parse", "HEAD"), [str(path) for path in WRITTEN]
    try:
        _write(version, day)
        _git("commit", "--quiet", "--message", f"Release {version}", "--only", "--", *ours)
        built = _build(version)
        # Annotated: it says who and when, and is signed where git is set to sign.
        _git("tag", "--annotate", f"v{version}", "--message", f"Meetpunt {version}")
    except BaseException:
        # Our files alone: somebody may have begun to work on others meanwhile.
        _git("reset", "--soft", before)
        _git("restore", "--source", before, "--staged", "--worktree", "--", *ours)
        shutil.rmtree(folder_of(version), ignore_errors=True)
        raise
    return built


def _write(version: str, day: date) -> None:
    """The version and the day, in every file that holds one."""
    _replace(PYPROJECT, r'^version = ".*"$', f'version = "{version}"')
    _replace(PACKAGE, r'^__version__ = ".*"$', f'__version__ = "{version}"')
    _replace(
        PUBLICCODE,
        r'^softwareVersion: ".*"\n(?:releaseDate: ".*"\n)?',
        f'softwareVersion: "{version}"\nreleaseDate: "{day}"\n',
    )
    _replace(CHART, r"^version: .*\nappVersion: .*$", f"version: {version}\nappVersion: {version}")
    CHANGELOG.write_text(dated(CHANGELOG.read_text("utf-8"), version, day), "utf-8")


def dated(changelog: str, version: str, day: date) -> str:
    """The changelog with what was unreleased under this version, and an empty section above it.

    Raises CannotRelease where nothing stands there: nobody would know what changed.
    """
    head, found, rest = changelog.partition(f"{UNRELEASED}\n")
    changes = re.split(r"^## ", rest, maxsplit=1, flags=re.MULTILINE)[0]
    if not found or not changes.strip():
        raise CannotRelease(f"{CHANGELOG} tells nothing under '{UNRELEASED}'.")
    return f"{head}{UNRELEASED}\n\n## {version} ({day})\n{rest}"


def folder_of(version: str) -> Path:
    """Where what is to be published comes to lie; git ignores it."""
    return Path("dist") / f"v{version}"


def _build(version: str) -> Path:
    """The wheel, the locked packages that it was tested with, what is inside, and checksums."""
    folder = folder_of(version)
    folder.mkdir(parents=True)
    # Who builds this commit again gets the same bytes.
    same = {**os.environ, "SOURCE_DATE_EPOCH": _git("log", "-1", "--format=%ct")}
    _run((sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)), same)
    shutil.copy(LOCK, folder)
    (folder / "meetpunt.lock").write_text(all_in_one(folder), "ascii")
    _run(
        (
            *(sys.executable, "-m", "cyclonedx_py", "requirements", str(LOCK)),
            *("--pyproject", str(PYPROJECT), "--output-reproducible"),
            *("--output-file", str(folder / f"meetpunt-{version}.cdx.json")),
        ),
        same,
    )
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(folder.iterdir())
    ]
    (folder / "SHA256SUMS").write_text("".join(lines), "ascii")
    return folder


def all_in_one(folder: Path) -> str:
    """For pip, in that folder: the locked packages and this wheel, each by its checksum."""
    (wheel,) = folder.glob("*.whl")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f"-r {LOCK.name}\n./{wheel.name} --hash=sha256:{digest}\n"


def _replace(path: Path, pattern: str, text: str) -> None:
    """Raises CannotRelease unless there is exactly one such place."""
    changed, count = re.subn(pattern, text, path.read_text("utf-8"), flags=re.MULTILINE)
    if count != 1:
        raise CannotRelease(f"{path} has {count} places for a version, and not one.")
    path.write_text(changed, "utf-8")


def _version_of(pyproject: str) -> str:
    found = re.search(r'^version = "(.*)"$', pyproject, re.MULTILINE)
    if found is None or not NUMBERS.fullmatch(found[1]):
        raise CannotRelease(f"{PYPROJECT} has no version of three numbers.")
    return found[1]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _git(*arguments: str) -> str:
    return _run(("git", *arguments), dict(os.environ)).strip()


def _run(command: tuple[str, ...], environment: dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        name = " ".join(Path(word).name for word in command[:4])
        raise CannotRelease(f"{name} failed:\n{done.stdout}{done.stderr}".strip())
    return done.stdout


def _tell(version: str, folder: Path) -> None:
    print(f"Meetpunt {version} is committed, tagged v{version}, and built in {folder}:")
    for path in sorted(folder.iterdir()):
        print(f"  {path.name}")
    print(f"Nothing left this machine. To publish: git push --atomic origin main v{version}")


def _end(why: str) -> NoReturn:
    print(f"No release: {why}", file=sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
