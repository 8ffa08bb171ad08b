"""The files of a kiosk: served as they lie in widget/, under one version, with its worker."""

import json
import re

import pytest

from ingest.files.resources import widget_directory
from ingest.kiosk.shell import Shell
from ingest.municipalities.catalogue import Catalogue


@pytest.fixture(scope="module")
def shell(catalogue: Catalogue) -> Shell:
    return Shell(catalogue)


def test_a_file_is_served_by_the_names_of_its_folder_and_itself(shell: Shell) -> None:
    for name in ("kiosk/kiosk.js", "kiosk/icon.svg", "kiosk/kiosk.css", "shared/walk.js"):
        lies = (widget_directory() / name).read_bytes()
        assert shell.files[name].page.identity == lies


def test_every_module_finds_what_it_imports(shell: Shell) -> None:
    for name, file in shell.files.items():
        folder = name.partition("/")[0]
        for wanted in re.findall(
            rb'^import .* from "\.(?:\./([a-z]+))?/(.+)";$', file.page.identity, re.MULTILINE
        ):
            other, module = (part.decode() for part in wanted)
            assert f"{other or folder}/{module}" in shell.files


def test_neither_tests_nor_types_nor_the_worker_are_files_of_it(shell: Shell) -> None:
    assert not [name for name in shell.files if ".test." in name or "testing" in name]
    assert {name.rpartition(".")[2] for name in shell.files} == {"css", "js", "svg"}
    assert "kiosk/worker.js" not in shell.files


def test_the_worker_names_its_version_and_every_module_of_it(shell: Shell) -> None:
    text = shell.worker.identity.decode()
    assert f'const VERSION = "{shell.version}";' in text
    (listed,) = re.findall(r"^const FILES = (\[.*\]);$", text, re.MULTILINE)
    modules = {name for name in shell.files if name.endswith(".js")}
    assert set(json.loads(listed)) == {f"/kiosk/files/{shell.version}/{name}" for name in modules}
    assert '"{{' not in text
