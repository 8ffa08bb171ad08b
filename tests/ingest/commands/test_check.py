"""`meetpunt check` shows every finding of every file, and a script can rely on its exit code."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ingest.commands.check import check
from ingest.themes.publication import publish_themes
from tests.ingest.themes.test_theme_file import OWN
from tests.installation import Installation, plain_installation


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    return plain_installation(tmp_path)


def run(here: Installation, *options: str) -> Result:
    folders = ("--config", str(here.config), "--questionnaires", str(here.questionnaires))
    return CliRunner().invoke(check, [*folders, *options])


def test_files_that_are_right_are_counted(here: Installation) -> None:
    result = run(here)
    assert result.exit_code == 0
    assert result.stdout == "All is well: 1 municipality, 1 touchpoint, 1 questionnaire.\n"


def test_the_files_of_the_demo_are_checked_where_no_folder_is_named() -> None:
    result = CliRunner().invoke(check, [])
    assert result.exit_code == 0
    assert result.stdout.startswith("All is well: 4 municipalities, 22 touchpoints, ")


def test_every_finding_of_every_file_is_a_line_of_path_line_and_message(
    here: Installation,
) -> None:
    here.municipality(head='style.accent = "red"', touchpoint="locatoin = 1")
    here.municipality("waterakker", number=1)
    result = run(here)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"{here.config}/molensloot.toml:10: accent must be a colour such as #1a6b3c, not 'red'",
        f"{here.config}/molensloot.toml:17: unknown key 'locatoin'; did you mean 'location'?",
        f"{here.config}/waterakker.toml:12: the number 1 is taken already: molensloot.toml:12",
    ]
    assert result.stderr == "3 findings.\n"


def test_what_is_no_regular_file_is_a_finding_and_waited_for_by_nobody(here: Installation) -> None:
    os.mkfifo(here.config / "waterakker.toml")
    result = run(here)
    assert result.exit_code == 1
    place = f"{here.config}/waterakker.toml"
    assert result.stdout == f"{place}: cannot be read: it is no regular file\n"


def test_every_stage_of_the_check_is_told_beside_the_others(here: Installation) -> None:
    """What is wrong in one file hides nothing in another, nor in that one."""
    here.questionnaire("online/1", extra="titel = 1")
    here.write(here.questionnaires / "online" / "v1.en.toml", "language = 1\n")
    here.publish()
    here.municipality(head='style.accent = "red"', touchpoint='known = ["cijfr"]')
    result = run(here)
    assert [line.partition(": ")[0] for line in result.stdout.splitlines()] == [
        f"{here.config}/molensloot.toml:10",
        f"{here.config}/molensloot.toml:17",
        f"{here.questionnaires}/online/v1.en.toml",
        f"{here.questionnaires}/online/v1.en.toml",
        f"{here.questionnaires}/online/v1.en.toml:1",
        f"{here.questionnaires}/online/v1.toml:5",
    ]
    assert "balie asks no 'cijfr'; did you mean 'cijfer'?" in result.stdout


def test_a_misspelt_indicator_is_named_wherever_it_stands(here: Installation) -> None:
    measures = 'kind = "mark"\nindicator = "tevredenhied"'
    wrong = here.questionnaires / "balie" / "v1.toml"
    wrong.write_text(wrong.read_text().replace('kind = "mark"', measures))
    own = "[[items]]\n" + 'code = "snel"\nindicator = "tijdigheit"\nkind = "mark"\ntext.nl = "?"\n'
    here.own_items(languages=())
    items = here.config / "extensions" / "molensloot" / "balie" / "v1.toml"
    items.write_text(items.read_text().partition("[[items]]")[0] + own)
    here.publish()
    target = '[[targets]]\nchannel = "balie"\nindicator = "gemka"\nmeasure = "mean_at_least"\n'
    here.municipality(touchpoint=f"{target}value = 8")
    told = run(here).stdout
    assert f"{wrong}:9: `tevredenhied` looks like a slip of `tevredenheid`" in told
    assert f"{items}:6: `tijdigheit` looks like a slip of `tijdigheid`" in told
    assert f"{here.config}/molensloot.toml:19: 'gemka' is not asked on channel balie" in told
    # Also where nobody knows what is asked.
    here.questionnaire(extra="titel = 1")
    assert "molensloot.toml:19: 'gemka' looks like a slip of 'gemak'" in run(here).stdout


def test_groups_are_counted_where_there_are_any_and_checked(here: Installation) -> None:
    here.group()
    assert run(here).stdout == (
        "All is well: 1 municipality, 1 touchpoint, 1 questionnaire, 1 group.\n"
    )
    here.group(members='["molenslot"]')
    result = run(here)
    assert result.exit_code == 1
    assert result.stdout == (
        f"{here.config}/groups/waterland.toml:2: `members` has 'molenslot', but there is no such "
        "municipality; did you mean 'molensloot'?\n"
    )


def test_paths_are_shown_as_somebody_in_the_folder_would_type_them(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(here.config.parent)
    here.municipality(touchpoint="link_lifetime_days = 0")
    assert run(here).stdout.startswith("config/molensloot.toml:17: `link_lifetime_days`")


def test_the_environment_names_the_folders_too(here: Installation) -> None:
    here.municipality(touchpoint="link_lifetime_days = 0")
    named = {
        "MEETPUNT_CONFIG": str(here.config),
        "MEETPUNT_QUESTIONNAIRES": str(here.questionnaires),
    }
    assert CliRunner().invoke(check, [], env=named).exit_code == 1


def test_a_script_reads_findings_as_json(here: Installation) -> None:
    here.municipality(touchpoint="link_lifetime_days = 0")
    result = run(here, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "findings": [
            {
                "path": f"{here.config}/molensloot.toml",
                "line": 17,
                "message": "`link_lifetime_days` must be a whole number from 1 to 365, not 0",
            }
        ],
        "warnings": [],
    }
    assert result.stderr == ""


def test_a_script_reads_counts_as_json(here: Installation) -> None:
    here.municipality(languages='["nl"]')
    result = run(here, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "findings": [],
        "warnings": [],
        "municipalities": 1,
        "touchpoints": 1,
        "questionnaires": 1,
        "groups": 0,
    }


def test_a_language_that_nobody_reviewed_is_a_warning_and_no_fault(here: Installation) -> None:
    # Twice the same questionnaire, and own questions: still one warning.
    here.own_items()
    result = run(here)
    assert result.exit_code == 0
    assert result.stdout.startswith("All is well")
    warning, *how = result.stderr.splitlines()
    assert warning == (
        f"Warning: {here.config}/molensloot.toml:5: English (en) is offered, and none of its 5 "
        "files has been reviewed by a speaker"
    )
    assert 'docs/languages.md has the\nsteps, under "Having a translation' in "\n".join(how)
    assert [warning["line"] for warning in json.loads(run(here, "--json").stdout)["warnings"]] == [
        5
    ]


def test_a_name_that_residents_would_read_behind_gemeente_twice_is_a_warning(
    here: Installation,
) -> None:
    here.municipality(languages='["nl"]')
    place = here.config / "molensloot.toml"
    text = place.read_text("utf-8")
    place.write_text(text.replace('name = "', 'name = "Gemeente ', 1), "utf-8")
    result = run(here)
    assert result.exit_code == 0
    assert f'{place.name}:3: leave "Gemeente" out of the name' in result.stderr


def test_themes_that_are_a_draft_are_a_warning_until_they_are_published(
    here: Installation,
) -> None:
    """Whoever wrote them waits for figures, and nothing looks for them."""
    here.municipality()
    folder = here.config / "extensions" / "molensloot"
    (folder / "themes").mkdir(parents=True)
    path = folder / "themes" / "v1.toml"
    path.write_text(OWN, "utf-8")
    result = run(here)
    assert result.exit_code == 0
    command = "meetpunt themes publish 1 --municipality molensloot"
    assert f"{path}: is a draft, which is looked for in no text yet" in result.stderr
    assert f"freeze it with '{command}'" in result.stderr
    publish_themes(folder, path)
    assert "is a draft" not in run(here).stderr


def test_an_address_that_leads_to_this_machine_is_a_warning_until_its_administrator_allows_it(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.municipality(
        languages='["nl"]',
        head="""[senders.post]
kind = "smtp"
url = "smtp://localhost:587"
from = "kto@molensloot.example"
private_network = true
""",
    )
    assert run(here).stderr == ""
    monkeypatch.delenv("MEETPUNT_LOOPBACK")
    result = run(here)
    assert result.exit_code == 0
    assert "leads to this machine itself" in result.stderr


def test_who_reviewed_a_file_is_counted(here: Installation) -> None:
    english = here.questionnaires / "balie" / "v1.en.toml"
    english.write_text(english.read_text().replace('reviewed_by = ""', 'reviewed_by = "A. Reader"'))
    here.publish()
    assert "only 1 of its 4 files has been reviewed" in run(here).stderr


def test_dutch_needs_no_review(here: Installation) -> None:
    here.municipality(languages='["nl"]')
    assert run(here).stderr == ""


def test_there_is_one_warning_for_each_language_and_municipality() -> None:
    result = CliRunner().invoke(check, [])
    named = [
        line.partition(" is offered")[0]
        for line in result.stderr.splitlines()
        if " is offered" in line
    ]
    assert len(named) == len(set(named))
    assert len([each for each in named if "molensloot" in each]) == 1
    assert len([each for each in named if "waterakker" in each]) == 6


def test_a_folder_that_is_not_there_is_a_wrong_command_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(check, ["--config", str(tmp_path / "elsewhere")])
    assert result.exit_code == 2
    assert "does not exist" in result.stderr
