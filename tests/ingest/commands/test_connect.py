"""`meetpunt connect` says what is missing, also where nothing can be tried."""

from pathlib import Path

from tests.example import example_directory
from tests.ingest.commands.conftest import type_of_run
from tests.notifying import secret_file

CONNECTED = """
[notifications]
key_file = "{key}"

[cases]
zaken_url = "http://127.0.0.1:1/zaken/api/v1"
catalogi_url = "http://127.0.0.1:1/catalogi/api/v1"
client_id = "meetpunt"
key_file = "{key}"
private_network = true

[cases.types]
"B0123" = "telefonie"
"""


def with_cases(folder: Path, text: str) -> str:
    """The fictional municipalities; the first has what stands here."""
    folder.mkdir()
    for file in (*example_directory().glob("*.toml"), *example_directory().glob("*.svg")):
        more = text if file.name == "molensloot.toml" else ""
        (folder / file.name).write_text(file.read_text("utf-8") + more)
    return str(folder)


def test_what_is_missing_is_told_and_the_command_fails(run: type_of_run, tmp_path: Path) -> None:
    text = CONNECTED.format(key=secret_file(tmp_path))
    files = with_cases(tmp_path / "files", text)
    told = run("connect", "zgw", "molensloot", exit_code=1, MEETPUNT_CONFIG=files).stdout
    assert [line[:7] for line in told.splitlines()] == ["missing"] * 3
    assert "nothing answers there" in told
    assert "There is no `notificaties_url`" in told


def test_a_file_without_cases_is_told_where_to_read(run: type_of_run) -> None:
    assert "has no [cases]" in run("connect", "zgw", "molensloot", exit_code=1).output
    assert "no municipality" in run("connect", "zgw", "nergens", exit_code=1).output
