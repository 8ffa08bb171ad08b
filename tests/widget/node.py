"""Run the widget's own tools: node, and npm for what is fetched."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import playwright
import pytest

WIDGET = Path(__file__).resolve().parents[2] / "widget"

# The browser tests bring a node of their own, so that whoever has none can run these too.
NODE = Path(playwright.__file__).parent / "driver" / "node"


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


def tools(*names: str) -> Sequence[Path]:
    """The scripts of these packages in widget/node_modules, fetched when they are not there yet.

    Without npm that fails, and says so: a widget that was not built anew was not compared.
    """
    modules = WIDGET / "node_modules"
    if not _complete(modules):
        npm = shutil.which("npm")
        if npm is None:
            pytest.fail("install npm (Node 20 or newer): it fetches what builds the widget", False)
        run(npm, "ci", "--ignore-scripts", "--no-progress")
    return [modules / name for name in names]


def _complete(modules: Path) -> bool:
    wanted = json.loads((WIDGET / "package.json").read_text("utf-8"))["devDependencies"]
    return all(_version(modules / name) == version for name, version in wanted.items())


def _version(package: Path) -> str | None:
    try:
        found: str = json.loads((package / "package.json").read_text("utf-8"))["version"]
    except FileNotFoundError:
        return None
    return found
