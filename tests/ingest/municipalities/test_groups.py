"""A group names municipalities that are there, each once; what is wrong is told with its line."""

from pathlib import Path

import pytest

from ingest.municipalities.groups import Group
from tests.installation import Installation, plain_installation


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    installation = plain_installation(tmp_path)
    installation.municipality("waterakker")
    return installation


def test_without_a_folder_there_are_no_groups(here: Installation) -> None:
    assert here.load().groups == {}


def test_a_group_is_found_by_the_name_of_its_file(here: Installation) -> None:
    here.group(members='["waterakker", "molensloot"]')
    assert here.load().groups == {
        "waterland": Group(
            slug="waterland", name="Samen in Waterland", members=("waterakker", "molensloot")
        )
    }


def test_a_municipality_can_be_in_several_groups(here: Installation) -> None:
    here.group()
    here.group("dienst-noord", '["molensloot", "waterakker"]', "Dienst Noord")
    assert list(here.load().groups) == ["dienst-noord", "waterland"]


def test_an_unknown_member_is_told_and_the_nearest_suggested(here: Installation) -> None:
    here.group(members='[\n"molensloot",\n"waterakkers",\n]')
    ((name, line, message),) = here.findings()
    assert (name, line) == ("waterland.toml", 4)
    assert message == (
        "`members` has 'waterakkers', but there is no such municipality; did you mean 'waterakker'?"
    )


def test_a_group_is_no_member_of_a_group(here: Installation) -> None:
    here.group()
    here.group("noord", '["waterland"]')
    ((name, _, message),) = here.findings()
    assert name == "noord.toml"
    assert message.startswith("`members` has 'waterland', but there is no such municipality")


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ("[]", "`members` must be a list with at least one text in it"),
        ('"molensloot"', "`members` must be a list with at least one text in it"),
        ("[1]", "`members` must be a text, not 1"),
        ('["molensloot", "molensloot"]', "`members` has 'molensloot' twice"),
    ],
)
def test_a_group_has_members_each_once(here: Installation, members: str, message: str) -> None:
    here.group(members=members)
    assert here.findings() == [("waterland.toml", 2, message)]


def test_a_group_has_a_name_and_members_and_nothing_else(here: Installation) -> None:
    here.write(here.config / "groups" / "waterland.toml", 'member = ["molensloot"]\n')
    assert here.findings() == [
        ("waterland.toml", None, "`members` is missing"),
        ("waterland.toml", None, "`name` is missing"),
        ("waterland.toml", 1, "unknown key 'member'; did you mean 'members'?"),
    ]


@pytest.mark.parametrize("slug", ["Waterland", "water_land", "w" * 40])
def test_the_name_of_the_file_fits_in_the_names_of_the_database(
    here: Installation, slug: str
) -> None:
    here.group(slug)
    ((_, line, message),) = here.findings()
    assert line is None
    assert message.startswith("the name of a group, which is that of its file, must be lower-case")
    assert "at most 39 characters" in message


def test_a_file_that_is_no_toml_is_told_with_its_line(here: Installation) -> None:
    here.group(name='"x')
    ((name, line, message),) = here.findings()
    assert (name, line) == ("waterland.toml", 1)
    assert message.startswith("is not TOML")


def test_a_member_whose_own_file_is_wrong_is_told_there_alone(here: Installation) -> None:
    here.group()
    here.write(here.config / "molensloot.toml", "code = ")
    assert [name for name, _, _ in here.findings()] == ["molensloot.toml"]
