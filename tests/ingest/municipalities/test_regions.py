"""Within a region, answers on one channel can stand in one figure."""

from pathlib import Path

import pytest

from ingest.files.toml_files import TomlFile
from ingest.municipalities.municipality import Municipality, MunicipalityFile
from ingest.municipalities.regions import check_region, comparable, comparable_cores
from ingest.municipalities.touchpoints import Touchpoint
from ingest.questionnaires.items import Item
from ingest.questionnaires.questionnaire import Questionnaire

MARK = Item(code="cijfer", kind="mark", required=True, text={"nl": "Cijfer?", "en": "Mark?"})
MARK_DUTCH = Item(code="cijfer", kind="mark", required=True, text={"nl": "Cijfer?"})
MARK_REWORDED = Item(code="cijfer", kind="mark", required=True, text={"nl": "Hoe was het?"})
MARK_OPTIONAL = Item(code="cijfer", kind="mark", text={"nl": "Cijfer?"})
OWN = Item(code="parkeren", kind="smileys", text={"nl": "Kon u parkeren?"}, core=False)


def balie(version: int, *items: Item, compares: tuple[str, ...] = ()) -> Questionnaire:
    return Questionnaire(
        code="balie",
        version=version,
        status="published",
        title={"nl": "Uw bezoek"},
        items=items,
        comparable_with=compares,
    )


def asking(
    slug: str, version: int, *, channel: str = "balie", retired: bool = False
) -> MunicipalityFile:
    touchpoint = Touchpoint(
        municipality=slug,
        slug="balie-hal",
        number=1,
        channel=channel,
        questionnaire="balie",
        version=version,
        name={"nl": "Balie"},
        retired=retired,
    )
    municipality = Municipality(
        code="GM9001",
        slug=slug,
        name=slug,
        region="waterland-noord",
        languages=("nl",),
        base_url="https://kto.example",
        privacy_url="https://kto.example",
        accessibility_url="https://kto.example",
        contact_url="https://kto.example",
        touchpoints=(touchpoint,),
    )
    text = f"[touchpoints.balie-hal]\nversion = {version}\n"
    path = str(Path("config") / f"{slug}.toml")
    return MunicipalityFile(
        file=TomlFile(path=path, text=text, data={}), municipality=municipality, findings=()
    )


def findings(*files: MunicipalityFile, one: Questionnaire, other: Questionnaire) -> list[str]:
    return [str(each) for each in check_region(files, {("balie", 1): one, ("balie", 2): other})]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (balie(1, MARK), balie(2, MARK)),
        (balie(1, MARK), balie(2, MARK_DUTCH)),
        (balie(1, MARK), balie(2, MARK, OWN)),
        (balie(1, MARK), balie(2, MARK_REWORDED, compares=("balie/1",))),
        (balie(1, MARK, compares=("balie/2",)), balie(2, MARK_REWORDED)),
    ],
)
def test_the_same_core_compares_and_so_does_a_declared_one(
    one: Questionnaire, other: Questionnaire
) -> None:
    assert comparable(one, other)
    assert comparable(other, one)
    assert findings(asking("molensloot", 1), asking("waterakker", 2), one=one, other=other) == []


@pytest.mark.parametrize("other", [balie(2, MARK_REWORDED), balie(2, MARK_OPTIONAL), balie(2)])
def test_another_core_does_not_compare_and_both_files_are_named(other: Questionnaire) -> None:
    (told,) = findings(
        asking("molensloot", 1), asking("waterakker", 2), one=balie(1, MARK), other=other
    )
    assert told.startswith("config/waterakker.toml:2: region waterland-noord does not compare")
    assert "molensloot/balie-hal (molensloot.toml:2) asks balie/v1.toml" in told
    assert 'comparable_with = ["balie/1"]' in told


def test_many_touchpoints_that_ask_the_same_two_questionnaires_are_told_once() -> None:
    told = findings(
        asking("molensloot", 1),
        asking("waterakker", 2),
        asking("rietbroek", 2),
        one=balie(1, MARK),
        other=balie(2, MARK_REWORDED),
    )
    assert len(told) == 1


def test_other_channels_and_retired_touchpoints_take_no_part() -> None:
    one, other = balie(1, MARK), balie(2, MARK_REWORDED)
    elsewhere = asking("waterakker", 2, channel="online")
    assert findings(asking("molensloot", 1), elsewhere, one=one, other=other) == []
    before = asking("waterakker", 2, retired=True)
    assert findings(asking("molensloot", 1), before, one=one, other=other) == []


def test_versions_stand_in_one_figure_when_all_of_them_compare() -> None:
    questionnaires = {
        ("balie", 1): balie(1, MARK),
        ("balie", 2): balie(2, MARK_REWORDED, compares=("balie/1",)),
        ("balie", 3): balie(3, MARK_OPTIONAL, compares=("balie/2",)),
        ("balie", 4): balie(4, MARK_DUTCH, compares=("balie/2",)),
    }
    assert comparable_cores(questionnaires) == {
        ("balie", 1): "balie/1",
        ("balie", 2): "balie/1",
        ("balie", 3): "balie/3",
        ("balie", 4): "balie/1",
    }
