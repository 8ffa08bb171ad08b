"""docs/testing.md speaks of commands, marks, fixtures and files that are there."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "testing.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def part(title: str) -> str:
    """What stands below a heading."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def first_cells(title: str) -> set[str]:
    """What the rows of a table name, without its heading."""
    cells = re.findall(r"^\| (`[^|]+) \|", part(title), re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def test_every_make_target_that_it_names_exists() -> None:
    named = set(re.findall(r"`make ([a-z]+)", PAGE))
    assert named > {"quick", "test", "faults", "attacks", "bench"}
    assert named <= set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))


def test_every_variable_that_it_sets_is_one_of_the_makefile() -> None:
    named = set(re.findall(r"`make [a-z]+ ([A-Z]+)=", PAGE))
    assert named >= {"ARGS", "CLOCK", "POSTGRES"}
    assert named <= set(re.findall(r"^([A-Z]+) +\?=", MAKEFILE, re.MULTILINE))


def test_it_lists_every_mark_and_no_other() -> None:
    written = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    ours = written["tool"]["pytest"]["ini_options"]["markers"]
    assert first_cells("Marks") == {line.partition(":")[0] for line in ours}


def test_the_fixtures_and_functions_that_it_names_are_those_of_the_tests() -> None:
    defined = re.findall(
        r"^(?:async )?def (\w+)", (ROOT / "tests/conftest.py").read_text(), re.MULTILINE
    )
    for name in first_cells("What a new test uses"):
        assert name.removesuffix("()") in defined, name


def test_the_files_that_it_names_exist() -> None:
    for name in re.findall(r"`((?:tests|docs)/[\w/.]+|pyproject\.toml|\.ci/run)`", PAGE):
        assert (ROOT / name).exists(), name
