"""What is right in one file and wrong beside another one is refused, and both are named."""

import shutil
from pathlib import Path

import pytest

from ingest.files.findings import FilesRejected
from ingest.files.resources import example_directory, questionnaires_directory
from ingest.municipalities.catalogue import load_catalogue
from ingest.municipalities.schemas import region_schema
from tests.installation import Installation, plain_installation


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    return plain_installation(tmp_path)


@pytest.mark.parametrize(
    ("own", "taken", "message"),
    [
        ("number = 2", "number = 1", "the number 1 is taken already: molensloot.toml:12"),
        ('"GM9002"', '"GM9001"', "the code 'GM9001' is taken already: molensloot.toml:1"),
        (
            "kto.waterakker",
            "kto.molensloot",
            "the host 'kto.molensloot.example' is taken already: molensloot.toml:6",
        ),
    ],
)
def test_a_name_is_given_once_in_an_installation(
    here: Installation, own: str, taken: str, message: str
) -> None:
    here.municipality("waterakker")
    path = here.config / "waterakker.toml"
    path.write_text(path.read_text("utf-8").replace(own, taken), "utf-8")
    (finding,) = here.findings()
    assert finding[0] == "waterakker.toml"
    assert finding[2] == message


def test_a_number_is_given_once_within_a_municipality_too(here: Installation) -> None:
    here.municipality(
        touchpoint='[touchpoints.wijkpost]\nnumber = 1\nchannel = "balie"\n'
        'questionnaire = "balie"\nversion = 1\nname.nl = "Wijkpost"\n'
    )
    ((_, line, message),) = here.findings()
    assert line == 18
    assert message == "the number 1 is taken already: molensloot.toml:12"


def test_nobody_shares_what_the_database_calls_a_world(here: Installation) -> None:
    here.group("molensloot")
    assert here.findings() == [
        (
            "molensloot.toml",
            None,
            "the name 'bi_molensloot' in the database is taken already: molensloot.toml:2",
        )
    ]


def test_a_role_that_would_open_the_free_texts_of_another_is_refused(here: Installation) -> None:
    """Who may see the world `molensloot-texts` would be who may see Molensloot's free texts."""
    here.group("molensloot-texts")
    ((name, _, message),) = here.findings()
    assert name == "molensloot-texts.toml"
    assert message == (
        "the name 'meetpunt_reads_bi_molensloot_texts' in the database is taken already: "
        "molensloot.toml:2"
    )


def test_of_two_groups_the_later_one_is_refused(here: Installation) -> None:
    here.group("waterland")
    here.group("waterland-texts")
    ((name, _, message),) = here.findings()
    assert name == "waterland-texts.toml"
    assert message.endswith(" is taken already: waterland.toml")


def test_a_municipality_cannot_be_called_as_the_rows_of_a_region(here: Installation) -> None:
    slug = region_schema("waterland-noord").removeprefix("lees_").replace("_", "-")
    text = (here.config / "molensloot.toml").read_text("utf-8")
    (here.config / "molensloot.toml").unlink()
    here.write(here.config / f"{slug}.toml", text.replace('"molensloot"', f'"{slug}"'))
    ((_, line, message),) = here.findings()
    assert line == 2
    assert message.endswith(f" is taken already: {slug}.toml:4")


def test_a_region_of_several_municipalities_has_one_name(here: Installation) -> None:
    here.municipality("waterakker")
    assert len(here.load().municipalities) == 2


def test_this_machine_may_be_the_host_of_several_municipalities(here: Installation) -> None:
    for slug in ("molensloot", "waterakker"):
        here.municipality(slug)
        path = here.config / f"{slug}.toml"
        local = path.read_text("utf-8").replace(f"https://kto.{slug}.example", "http://localhost")
        path.write_text(local, "utf-8")
    assert len(here.load().municipalities) == 2


@pytest.mark.parametrize(
    ("asks", "message"),
    [
        ("bali/1", "there is no questionnaire 'bali'; did you mean 'balie'?"),
        ("balie/3", "balie has no version 3; there is 1"),
    ],
)
def test_a_questionnaire_that_is_not_there_is_refused(
    here: Installation, asks: str, message: str
) -> None:
    here.municipality(asks=asks)
    ((_, line, told),) = here.findings()
    assert line in (14, 15)
    assert told == message


def test_a_questionnaire_of_another_channel_is_refused(here: Installation) -> None:
    here.municipality()
    path = here.config / "molensloot.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace('channel = "balie"', 'channel = "telefonie"'), "utf-8")
    ((_, line, told),) = here.findings()
    assert "questionnaire" in text.splitlines()[(line or 0) - 1]
    assert told == "balie asks about the channel balie, and this is telefonie"


def test_a_questionnaire_with_a_fault_is_told_there_and_not_called_missing(
    here: Installation,
) -> None:
    here.questionnaire(status="open")
    assert [name for name, _, _ in here.findings()] == ["v1.toml"]


def test_nobody_can_be_asked_a_draft(here: Installation) -> None:
    here.questionnaire(status="draft")
    ((_, line, message),) = here.findings()
    assert line == 15
    assert message == "balie/v1.toml is a draft; publish it before residents are asked"


def test_a_retired_questionnaire_is_for_retired_touchpoints_alone(here: Installation) -> None:
    here.questionnaire(status="retired")
    ((_, _, message),) = here.findings()
    assert message == "balie/v1.toml is retired; ask a later version"
    here.municipality(touchpoint="retired = true")
    assert here.load().touchpoint("molensloot", "balie-hal").retired


def test_a_touchpoint_offers_only_languages_of_its_questionnaire(here: Installation) -> None:
    (here.questionnaires / "balie" / "v1.en.toml").unlink()
    here.publish()
    ((_, line, message),) = here.findings()
    # The municipality's own line: the touchpoint says nothing of languages.
    assert line == 5
    assert message == ("balie-hal offers 'en', but balie/v1.toml has no balie/v1.en.toml beside it")


def test_a_language_without_page_texts_is_refused(here: Installation) -> None:
    here.municipality(touchpoint='languages = ["nl", "xx"]')
    ((_, line, message),) = here.findings()
    assert line == 17
    assert message == "pages have no texts in 'xx'"


def test_a_region_that_does_not_compare_is_refused_at_both_files(here: Installation) -> None:
    here.questionnaire("balie/2", text="Hoe was het?")
    here.municipality("waterakker", asks="balie/2")
    ((name, line, message),) = here.findings()
    assert (name, line) == ("waterakker.toml", 15)
    assert "molensloot.toml:15" in message
    assert "balie/v1.toml" in message
    assert "balie/v2.toml" in message


def test_another_region_may_ask_something_else(here: Installation) -> None:
    here.questionnaire("balie/2", text="Hoe was het?")
    here.municipality("duinrade", asks="balie/2", region="duinstreek")
    assert len(here.load().municipalities) == 2


@pytest.mark.parametrize(("low", "told"), [(4, 0), (5, 1), (7, 1)])
def test_a_mark_up_to_which_every_answer_is_low_is_told(
    low: int, told: int, tmp_path: Path
) -> None:
    """Of faces there are five: a number for marks, at a terminal, would call everybody's low."""
    shutil.copytree(example_directory(), tmp_path / "files")
    path = tmp_path / "files" / "molensloot.toml"
    before, after = "touchpoints = { telefonie = 6 }", f"touchpoints = {{ balie-zuil = {low} }}"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")
    findings: list[str] = []
    try:
        load_catalogue(tmp_path / "files", questionnaires_directory())
    except FilesRejected as refused:
        findings = [each.message for each in refused.findings]
    assert findings == [f"answers there are 1 to 5: up to {low} every one is low"] * told
