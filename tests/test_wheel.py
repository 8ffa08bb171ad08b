"""The wheel holds all that Meetpunt needs, and works in an empty folder, far from the checkout."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import httpx
import pytest

import ingest
from ingest.files.commit import commit_of
from tests.example import VERSION
from tests.filled_in import form_on
from tests.system.running import first_start

ROOT = Path(__file__).resolve().parent.parent
# What is not Python, and where it lies inside the wheel.
DATA = {
    "ingest/database": "ingest/database",
    "ingest/pages/templates": "ingest/pages/templates",
    "ingest/texts/pages": "ingest/texts/pages",
    "ingest/demo/templates": "ingest/demo/templates",
    "ingest/demo/texts": "ingest/demo/texts",
    "ingest/kiosk/templates": "ingest/kiosk/templates",
    "ingest/texts/kiosk": "ingest/texts/kiosk",
    "questionnaires": "ingest/_data/questionnaires",
    "deploy/example": "ingest/_data/example",
    "deploy/proxy": "ingest/_data/proxy",
    "deploy/systemd": "ingest/_data/systemd",
    "widget/dist": "ingest/_data/widget/dist",
    "widget/frame": "ingest/_data/widget/frame",
    "widget/kiosk": "ingest/_data/widget/kiosk",
    "widget/shared": "ingest/_data/widget/shared",
}


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program without anything of this checkout or of Meetpunt's settings in its world."""
    outside = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MEETPUNT_", "PYTHON"))
    }
    return subprocess.run(
        command, cwd=cwd, env=outside, check=False, capture_output=True, text=True, timeout=120
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built as `deploy/README.md` says, but offline."""
    folder = tmp_path_factory.mktemp("wheel")
    page = (ROOT / "deploy" / "README.md").read_text("utf-8")
    (line,) = (line.split() for line in page.splitlines() if "pip wheel" in line)
    assert (line[0], line[-1]) == ("python3", "dist")
    # What pip fetches for a build is in the environment that runs the tests.
    offline = ("--no-build-isolation", "--no-index", "--quiet")
    built = run(sys.executable, *line[1:-1], str(folder), *offline, cwd=ROOT)
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("meetpunt-*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment with the wheel in it, in an empty folder.

    The dependencies are those of the environment that runs the tests: a line in a .pth file shows
    the folder, but not the .pth files inside it, so the checkout stays out of sight.
    """
    folder = tmp_path_factory.mktemp("elsewhere")
    made = run(sys.executable, "-m", "venv", "--without-pip", ".venv", cwd=folder)
    assert made.returncode == 0, made.stderr
    programs = folder / ".venv" / "bin"
    put = run(
        *(sys.executable, "-m", "pip", "--python", programs / "python", "install"),
        *("--quiet", "--no-deps", "--no-index", wheel),
        cwd=folder,
    )
    assert put.returncode == 0, put.stderr
    (packages,) = (folder / ".venv" / "lib").glob("python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return programs


def _is_for_developers(path: Path) -> bool:
    return path.name.endswith((".test.js", ".d.ts")) or path.parent.name == "testing"


def test_every_file_that_is_not_python_is_in_the_wheel(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    for folder, place in DATA.items():
        files = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
        files = [path for path in files if "__pycache__" not in path.parts]
        files = [path for path in files if not _is_for_developers(path)]
        assert files, f"{folder} is empty"
        missing = {f"{place}/{p.relative_to(ROOT / folder).as_posix()}" for p in files} - held
        assert not missing


def test_nothing_but_the_package_and_its_papers_is_in_the_wheel(wheel: Path) -> None:
    held = zipfile.ZipFile(wheel).namelist()
    assert not [name for name in held if _is_for_developers(Path(name))]
    tops = {name.partition("/")[0] for name in held}
    assert tops == {"ingest", wheel.name.rsplit("-", 3)[0] + ".dist-info"}
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in held)


# Installs with pip; that all is in the wheel is shown below.
@pytest.mark.long
def test_the_installed_package_is_the_one_of_the_wheel(installed: Path) -> None:
    program = (
        "import json, ingest, ingest.files.resources as r;"
        "print(json.dumps([ingest.__file__, *map(str, "
        "(r.questionnaires_directory(), r.example_directory(), r.widget_directory()))]))"
    )
    asked = run(installed / "python", "-c", program, cwd=installed.parent)
    assert asked.returncode == 0, asked.stderr
    for place in json.loads(asked.stdout):
        assert Path(place).is_relative_to(installed.parent), place


def test_the_installed_command_tells_what_it_can_do(installed: Path) -> None:
    told = run(installed / "meetpunt", "--help", cwd=installed.parent)
    assert told.returncode == 0, told.stderr
    assert {"serve", "demo", "check"} <= set(told.stdout.split())


def test_the_installed_command_tells_the_commit_it_was_built_from(installed: Path) -> None:
    told = run(installed / "meetpunt", "--version", cwd=installed.parent)
    assert told.stdout == f"meetpunt, version {ingest.__version__}, commit {commit_of(ROOT)}\n"


def test_the_installed_command_checks_the_files_that_came_with_it(installed: Path) -> None:
    checked = run(installed / "meetpunt", "check", cwd=installed.parent)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.processes
# The demo needs every file that `serve` needs, and more.
@pytest.mark.long
@pytest.mark.parametrize("command", ["demo", "serve"])
def test_the_installed_service_starts_in_an_empty_folder(
    installed: Path, tmp_path: Path, command: str
) -> None:
    program = (str(installed / "meetpunt"), command)
    with first_start(tmp_path / "data", *program, PYTHONPATH="") as service:
        script = httpx.get(f"{service.url}/widget.v1.js")
        assert script.status_code == 200
        assert b"meetpunt-survey" in script.content
        survey = httpx.get(f"{service.url}/o/molensloot/balie-hal")
        assert survey.status_code == 200
        form = service.url + form_on(survey.content).action
        sent = httpx.post(form, data={"cijfer": "8", "_version": str(VERSION)})
        assert sent.status_code == 303
