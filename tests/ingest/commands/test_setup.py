"""`meetpunt setup`, below a folder of its own: once, again, cut off, and refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingest.commands.meetpunt import meetpunt
from ingest.installing.settings_file import read
from ingest.municipalities.catalogue import load_catalogue
from tests.installation import Installation

ANSWERS = {
    "--name": "Yourtown",
    "--code": "GM0405",
    "--site": "https://www.yourtown.nl",
    "--host": "kto.yourtown.nl",
    "--proxy": "caddy",
    # Two options that follow from others, and would from what this machine has.
    "--certificate": "",
    "--workers": "2",
}
EVERY = tuple(word for pair in ANSWERS.items() for word in pair)

type_of_run = Callable[..., str]


@pytest.fixture(scope="module")
def questionnaires(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three that the first file of a municipality asks, and no more to read."""
    installation = Installation(tmp_path_factory.mktemp("files"))
    for name in ("balie/2", "telefonie/2", "online/2"):
        installation.questionnaire(name)
    return installation.questionnaires


@pytest.fixture
def run(tmp_path: Path, questionnaires: Path) -> type_of_run:
    """Runs it, and returns what it said."""

    def run(*words: str, exit_code: int = 0) -> str:
        command = ("setup", "--root", str(tmp_path), "--no-questions", *words)
        settings = {"MEETPUNT_QUESTIONNAIRES": str(questionnaires)}
        done = CliRunner().invoke(meetpunt, command, env=settings)
        assert done.exit_code == exit_code, done.output
        assert exit_code == 0 or isinstance(done.exception, SystemExit), repr(done.exception)
        return done.output

    return run


def files_below(folder: Path) -> dict[str, bytes]:
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_what_is_missing_is_named_all_at_once_and_nothing_is_written(
    run: type_of_run, tmp_path: Path
) -> None:
    told = run("--proxy", "none", exit_code=1)
    assert told.startswith("Error: give --name, --code, --site, --host too, ")
    assert files_below(tmp_path) == {}


def test_of_what_is_wrong_only_what_was_given_is_named(run: type_of_run) -> None:
    told = run(*EVERY, "--name", "", "--site", "yourtown.nl", exit_code=1)
    assert [line.split()[0] for line in told.removeprefix("Error: ").splitlines()] == [
        "--name",
        "--site",
    ]


def test_a_certificate_that_a_proxy_needs_which_was_found_here_says_so(
    run: type_of_run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.commands.setup_answers.has", lambda proxy: proxy == "haproxy")
    without = [word for pair in ANSWERS.items() if pair[0][:6] not in ("--prox", "--cert")
               for word in pair]  # fmt: skip
    told = run(*without, exit_code=1)
    assert "give --certificate (haproxy was found here; --proxy names another) too" in told


def test_the_first_time_it_writes_what_a_service_needs(
    run: type_of_run, tmp_path: Path, questionnaires: Path
) -> None:
    told = run(*EVERY)
    assert "KEEP A COPY" in told
    etc = tmp_path / "etc/meetpunt"
    catalogue = load_catalogue(etc / "municipalities", questionnaires)
    assert catalogue.municipality("yourtown").base_url == "https://kto.yourtown.nl"
    settings = read((etc / "settings.env").read_text())
    assert settings["MEETPUNT_WORKERS"] == "2"
    assert settings["MEETPUNT_BACKUP_KEY_FILE"] == "/etc/meetpunt/backup.key"
    assert len((etc / "backup.key").read_text().strip()) == 64
    assert (etc / "backup.key").stat().st_mode & 0o077 == 0
    assert not (etc / "unfinished.json").exists()


def test_again_it_changes_one_answer_and_keeps_keys_and_what_was_added(
    run: type_of_run, tmp_path: Path
) -> None:
    run(*EVERY)
    before = files_below(tmp_path)
    run()
    assert files_below(tmp_path) == before
    settings = tmp_path / "etc/meetpunt/settings.env"
    settings.write_text(f"{settings.read_text()}MEETPUNT_LOG_LEVEL=debug\n")
    town = tmp_path / "etc/meetpunt/municipalities/yourtown.toml"
    town.write_text(town.read_text().replace('"nl", "en"', '"nl"'))
    run("--workers", "5")
    values = read(settings.read_text())
    assert (values["MEETPUNT_WORKERS"], values["MEETPUNT_LOG_LEVEL"]) == ("5", "debug")
    after = files_below(tmp_path)
    changed = {name for name in before if after[name] != before[name]}
    of_ours = {"settings.env", "setup.json", "municipalities/yourtown.toml"}
    assert changed == {f"etc/meetpunt/{name}" for name in of_ours}
    assert '"nl"]' in town.read_text()


def test_one_that_was_cut_off_is_finished_with_the_same_secrets(
    run: type_of_run, tmp_path: Path
) -> None:
    run(*EVERY)
    folder = tmp_path / "etc/meetpunt"
    answers = (folder / "setup.json").read_text()
    kept = {"answers": answers, "passwords": {}, "backup_key": "ab" * 32}
    (folder / "unfinished.json").write_text(json.dumps(kept))
    for name in ("setup.json", "backup.key"):
        (folder / name).unlink()
    assert "cut off" in run()
    assert (folder / "backup.key").read_text().strip() == "ab" * 32
    assert not (folder / "unfinished.json").exists()


def test_settings_of_somebody_else_are_left_alone(run: type_of_run, tmp_path: Path) -> None:
    settings = tmp_path / "etc/meetpunt/settings.env"
    settings.parent.mkdir(parents=True)
    settings.write_text("MEETPUNT_WORKERS=9\n")
    assert "setup did not write it" in run(*EVERY, exit_code=1)
    assert list(files_below(tmp_path)) == ["etc/meetpunt/settings.env"]


def test_a_unit_that_was_changed_is_named_and_with_replace_kept(
    run: type_of_run, tmp_path: Path
) -> None:
    run(*EVERY)
    unit = tmp_path / "etc/systemd/system/meetpunt.service"
    unit.write_text(unit.read_text().replace("RestartSec=5", "RestartSec=1"))
    before = files_below(tmp_path)
    assert f"{unit} was changed by hand." in run("--workers", "3", exit_code=1)
    assert files_below(tmp_path) == before
    run("--workers", "3", "--replace")
    assert len(list(unit.parent.glob("meetpunt.service.before-*"))) == 1


def test_another_database_than_there_is_is_refused(run: type_of_run, tmp_path: Path) -> None:
    run(*EVERY)
    before = files_below(tmp_path)
    told = run("--postgres", "local", exit_code=1)
    assert "what residents answered would stay behind" in told
    assert files_below(tmp_path) == before


def test_a_password_on_the_command_line_is_refused(run: type_of_run) -> None:
    url = "postgresql://postgres:secret@db.example/postgres"
    told = run(*EVERY, "--postgres", url, exit_code=1)
    assert "PGPASSWORD" in told
    assert "secret" not in told


def test_what_is_printed_is_not_written_and_holds_no_secret(
    run: type_of_run, tmp_path: Path
) -> None:
    told = run(*EVERY, "--print")
    assert files_below(tmp_path) == {}
    assert "#### /etc/systemd/system/meetpunt.service (mode 0644, root:root)" in told
    assert "#### /etc/meetpunt/settings.env (mode 0640, root:meetpunt)" in told
    assert "MEETPUNT_CONFIG='/etc/meetpunt/municipalities'" in told
    assert "#### /etc/meetpunt/backup.key (mode 0600, meetpunt:meetpunt)\n" in told
    assert "#### /etc/meetpunt/setup.json (mode 0600, root:root)\n" in told
    told = run(*EVERY, "--print", "--postgres", "local")
    assert "#### /etc/meetpunt/owner.env (mode 0600, root:root)\n" in told
    assert "is not used" not in told
    assert "MEETPUNT_DATABASE_URL='postgresql://meetpunt_ingest:...'" in told


def test_a_folder_for_backups_of_a_postgres_elsewhere_is_said_to_be_of_no_use(
    run: type_of_run,
) -> None:
    elsewhere = "postgresql://postgres@db.example:5432/postgres"
    told = run(*EVERY, "--print", "--backup", "/srv/backups", "--postgres", elsewhere)
    assert "--backup /srv/backups is not used" in told


def test_backups_beside_the_database_and_none_at_all_are_said(run: type_of_run) -> None:
    assert "lies on the disk of the database" in run(*EVERY, "--print") + run(*EVERY)
    assert "gone with this disk" in run(*EVERY, "--no-backup")
