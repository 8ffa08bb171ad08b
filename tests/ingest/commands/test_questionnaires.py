"""`meetpunt questionnaires` teaches, and tells scripts by its exit code."""

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ingest.commands.check import check
from ingest.commands.questionnaires import questionnaires
from ingest.files.resources import questionnaires_directory
from tests.example import example_directory
from tests.questionnaires_at_hand import DUTCH, ENGLISH, OWN, OWN_ENGLISH, write_files


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(questionnaires, [str(argument) for argument in arguments])


@pytest.fixture
def folders(tmp_path: Path) -> tuple[str, str, str, str]:
    """Copies of what is shipped, as options: the questionnaires and the example's files."""
    shutil.copytree(questionnaires_directory(), tmp_path / "questionnaires")
    shutil.copytree(example_directory(), tmp_path / "config")
    directory, config = str(tmp_path / "questionnaires"), str(tmp_path / "config")
    return ("--questionnaires", directory, "--config", config)


def test_check_is_content_with_what_is_shipped(folders: tuple[str, ...]) -> None:
    told = run("check", *folders)
    assert (told.exit_code, told.stderr) == (0, "")
    assert "17 questionnaires" in told.stdout
    assert json.loads(run("check", "--json", *folders).stdout)["findings"] == []


def test_check_tells_what_compares_with_the_version_before(folders: tuple[str, ...]) -> None:
    told = run("check", *folders).stdout.splitlines()
    assert (
        "vergunning/2 beside vergunning/1: cijfer, uitkomst, duidelijk, snelheid: comparable; "
        "vriendelijk: new."
    ) in told
    # All that was asked goes on: a series of figures breaks nowhere.
    compared = [line for line in told if " beside " in line]
    assert len(compared) == 7
    whole = re.compile(r"(\S+)/2 beside \1/1: [^:;]+: comparable; [^:;]+: new\.")
    assert all(whole.fullmatch(line) for line in compared)
    assert json.loads(run("check", "--json", *folders).stdout)["comparisons"] == compared


def test_check_fails_and_names_file_and_line(folders: tuple[str, ...]) -> None:
    write_files(Path(folders[1]), v3="code = 1\n")
    told = run("check", *folders)
    assert told.exit_code == 1
    assert "balie/v3.toml:1: `code`: Expected `str`, got `int`" in told.stderr
    as_json = run("check", "--json", *folders)
    assert as_json.exit_code == 1
    first = json.loads(as_json.stdout)["findings"][0]
    assert first["path"].endswith("v3.toml")


def test_every_command_takes_the_folder_under_one_name_and_under_its_former_one() -> None:
    takes = [check, *questionnaires.commands.values()]
    named = [
        option.opts
        for command in takes
        for option in command.params
        if option.name == "questionnaires"
    ]
    assert named == [["--questionnaires", "--directory"]] * 4


def test_check_sees_own_items_that_changed(folders: tuple[str, ...]) -> None:
    own = Path(folders[3]) / "extensions" / "molensloot" / "balie" / "v1.toml"
    own.write_text(own.read_text().replace("passen bij mij", "zijn goed"))
    told = run("check", *folders)
    assert told.exit_code == 1
    assert "molensloot/balie/v1.toml: differs from what was published" in told.stderr


def test_publish_records_a_draft_once(tmp_path: Path) -> None:
    write_files(tmp_path, v1=DUTCH, v1_en=ENGLISH)
    first = run("publish", "balie", "1", "--directory", tmp_path)
    assert first.exit_code == 0
    assert first.stdout.count("recorded") == 2
    again = run("publish", "balie", "1", "--directory", tmp_path)
    assert (again.exit_code, again.stdout) == (
        0,
        "Nothing to record: it was published like this.\n",
    )


def test_publish_refuses_a_change_with_a_way_out(tmp_path: Path) -> None:
    path = write_files(tmp_path, v1=DUTCH)
    run("publish", "balie", "1", "--directory", tmp_path)
    path.write_text(path.read_text().replace("Welk cijfer", "Wat"))
    told = run("publish", "balie", "1", "--directory", tmp_path)
    assert told.exit_code == 1
    assert "copy it to v2.toml" in told.stderr


def test_publish_of_what_is_not_there_says_so(tmp_path: Path) -> None:
    told = run("publish", "balie", "9", "--directory", tmp_path)
    assert told.exit_code == 1
    assert "v9.toml: cannot be read: No such file" in told.stderr


def test_publish_freezes_own_items_of_a_municipality(tmp_path: Path) -> None:
    write_files(tmp_path / "core", v1=DUTCH, v1_en=ENGLISH)
    write_files(tmp_path / "extensions" / "molensloot", v1=OWN, v1_en=OWN_ENGLISH)
    where = ("--directory", tmp_path / "core", "--config", tmp_path)
    told = run("publish", "balie", "1", "--municipality", "molensloot", *where)
    assert told.exit_code == 0
    assert (tmp_path / "extensions" / "molensloot" / "published.sha256").is_file()
    assert not (tmp_path / "core" / "published.sha256").exists()


def test_diff_tells_what_stays_comparable(tmp_path: Path) -> None:
    second = DUTCH.replace("version = 1", "version = 2").replace("Welk cijfer", "Wat")
    write_files(tmp_path, v1=DUTCH, v2=second)
    told = run("diff", "balie", "1", "2", "--directory", tmp_path)
    assert told.exit_code == 0
    first = told.stdout.splitlines()[0]
    assert first == (
        "From balie/1 to balie/2: onderwerp: comparable; cijfer: comparable if you judge so."
    )
    assert "cijfer, tevredenheid: compares only if you judge so (changed: text)" in told.stdout
    assert "    + Wat geeft u?" in told.stdout
    as_json = json.loads(run("diff", "balie", "1", "2", "--json", "--directory", tmp_path).stdout)
    assert [item["verdict"] for item in as_json["items"]] == ["judge", "same", "same"]


def test_schema_writes_what_is_shipped() -> None:
    shipped = (questionnaires_directory() / "schema.json").read_text("utf-8")
    assert run("schema").stdout == shipped


@pytest.mark.parametrize("command", ["check", "publish", "diff", "schema"])
def test_help_shows_an_example(command: str) -> None:
    told = run(command, "--help")
    assert told.exit_code == 0
    assert f"meetpunt questionnaires {command}" in told.stdout
