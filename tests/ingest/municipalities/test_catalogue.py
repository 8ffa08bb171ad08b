"""The catalogue holds what residents can be asked, or nothing at all and the reasons why."""

from pathlib import Path

import pytest

from ingest.files.findings import FilesRejected
from ingest.files.resources import questionnaires_directory
from ingest.municipalities.catalogue import (
    MunicipalityUnknown,
    TouchpointUnknown,
    VersionUnknown,
    load_catalogue,
)
from tests.installation import Installation, plain_installation


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    return plain_installation(tmp_path)


def test_what_was_loaded_is_found_by_slug_path_and_number(here: Installation) -> None:
    catalogue = here.load()
    assert catalogue.municipality("molensloot").code == "GM9001"
    touchpoint = catalogue.touchpoint("molensloot", "balie-hal")
    assert catalogue.touchpoint_numbered(1) is touchpoint
    assert catalogue.touchpoints == {1: touchpoint}
    assert catalogue.questionnaire(touchpoint) is catalogue.questionnaires["balie", 1]


def test_what_is_not_there_is_unknown_by_name(here: Installation) -> None:
    catalogue = here.load()
    touchpoint = catalogue.touchpoint("molensloot", "balie-hal")
    with pytest.raises(MunicipalityUnknown, match="rietbroek"):
        catalogue.municipality("rietbroek")
    with pytest.raises(TouchpointUnknown, match="waterakker/balie-hal"):
        catalogue.touchpoint("waterakker", "balie-hal")
    with pytest.raises(VersionUnknown, match="balie/2"):
        catalogue.questionnaire(touchpoint, 2)
    assert catalogue.touchpoint_numbered(2) is None


def test_own_items_follow_the_core_of_their_municipality_alone(here: Installation) -> None:
    here.municipality("waterakker")
    here.own_items("molensloot")
    catalogue = here.load()
    ours = catalogue.questionnaire(catalogue.touchpoint("molensloot", "balie-hal"))
    theirs = catalogue.questionnaire(catalogue.touchpoint("waterakker", "balie-hal"))
    assert [(item.code, item.core) for item in ours.items] == [
        ("cijfer", True),
        ("parkeren", False),
    ]
    assert [item.code for item in theirs.items] == ["cijfer"]
    assert [item.code for item in catalogue.questionnaires["balie", 1].items] == ["cijfer"]


def test_own_items_that_are_a_draft_are_not_asked(here: Installation) -> None:
    here.own_items(status="draft")
    catalogue = here.load()
    asked = catalogue.questionnaire(catalogue.touchpoint("molensloot", "balie-hal"))
    assert [item.code for item in asked.items] == ["cijfer"]


def test_a_version_that_was_replaced_is_still_looked_up_and_a_draft_is_not(
    here: Installation,
) -> None:
    here.questionnaire("balie/2")
    here.questionnaire("balie/3", status="draft")
    here.municipality(asks="balie/2")
    catalogue = here.load()
    touchpoint = catalogue.touchpoint("molensloot", "balie-hal")
    assert catalogue.questionnaire(touchpoint).version == 2
    assert catalogue.questionnaire(touchpoint, 1).version == 1
    with pytest.raises(VersionUnknown):
        catalogue.questionnaire(touchpoint, 3)


def test_faults_of_all_files_are_told_in_one_go_sorted_by_place(here: Installation) -> None:
    here.municipality(head="colour = 1", touchpoint="link_lifetime_days = 0")
    here.municipality("waterakker", number=1)
    here.questionnaire("online/1", status="open")
    told = here.findings()
    assert [(name, line) for name, line, _ in told] == [
        ("molensloot.toml", 10),
        ("molensloot.toml", 17),
        ("waterakker.toml", 12),
        ("v1.toml", 3),
    ]


def test_own_items_need_the_languages_that_the_touchpoint_offers_and_no_others(
    here: Installation,
) -> None:
    here.own_items(languages=())
    ((name, _, message),) = here.findings()
    assert (name, message) == ("v1.toml", "the translation v1.en.toml is missing")
    here.municipality(languages='["nl"]')
    assert here.load()


def test_own_items_without_a_core_or_a_municipality_are_refused(here: Installation) -> None:
    here.own_items(name="balie/2")
    here.own_items("zwanendrecht")
    assert here.findings() == [
        ("v2.toml", None, "there is no shared questionnaire balie/v2.toml to follow"),
        ("zwanendrecht", None, "there is no zwanendrecht.toml"),
    ]


def test_a_file_of_own_items_that_would_not_be_read_is_refused(here: Installation) -> None:
    here.write(here.config / "extensions" / "molensloot" / "balie" / "V1.toml", "")
    ((name, _, message),) = here.findings()
    assert name == "V1.toml"
    assert message.startswith("is no v<number>.toml")


def test_a_published_file_that_was_changed_stops_the_start(here: Installation) -> None:
    path = here.questionnaires / "balie" / "v1.toml"
    path.write_text(path.read_text("utf-8").replace("Cijfer?", "Rapportcijfer?"), "utf-8")
    ((name, _, message),) = here.findings()
    assert name == "v1.toml"
    assert message.startswith("differs from what was published")


def test_own_items_that_were_changed_after_publishing_stop_the_start(here: Installation) -> None:
    here.own_items()
    path = here.config / "extensions" / "molensloot" / "balie" / "v1.toml"
    path.write_text(path.read_text("utf-8").replace("parkeren?", "fietsen?"), "utf-8")
    ((_, _, message),) = here.findings()
    assert message.startswith("differs from what was published")


def test_own_items_cannot_take_a_code_of_the_core(here: Installation) -> None:
    here.own_items()
    for path in (here.config / "extensions" / "molensloot" / "balie").iterdir():
        path.write_text(path.read_text("utf-8").replace("parkeren", "cijfer"), "utf-8")
    here.publish()
    assert [name for name, _, _ in here.findings()] == ["v1.toml"]


def test_a_folder_that_cannot_be_looked_into_is_told_for_what_it_is(tmp_path: Path) -> None:
    """`glob` finds nothing in it, as in an empty one."""
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    file = tmp_path / "molensloot.toml"
    file.touch()
    for folder, told in (
        (tmp_path / "nowhere", "is not there"),
        (file, "is a file, and has to be a folder"),
        (loop, "cannot be read: Too many levels of symbolic links"),
    ):
        with pytest.raises(FilesRejected) as rejected:
            load_catalogue(folder, questionnaires_directory())
        (finding,) = rejected.value.findings
        assert str(finding) == f"{folder}: {told}"


def test_folders_without_files_are_refused(tmp_path: Path) -> None:
    assert Installation(tmp_path).findings() == [
        ("config", None, "holds no municipalities (*.toml)"),
        ("questionnaires", None, "holds no questionnaires"),
    ]
