"""Departments and neighbourhoods are taken as they are written, or refused with what is wrong."""

import shutil
from pathlib import Path

import pytest

from ingest.files.findings import FilesRejected
from ingest.files.resources import example_directory
from ingest.municipalities.departments import Department
from ingest.municipalities.municipality import Municipality, load_municipality

DESKS = """
[departments.publiekszaken]
name = "Publiekszaken"
touchpoints = ["balie-hal", "online"]
products = ["rijbewijs"]
mail = "publiek@rietbroek.example"

[departments.buiten]
name = "Buiten"
touchpoints = ["melding"]
"""
WIJKEN = """
[wijken]
WK900301 = "Dorp"
WK900302 = "Polder"
"""
IMPROVED = """
[[improvements]]
date = 2026-05-31
department = "Publiekszaken"
text.nl = "De balie is langer open."
"""


def read(folder: Path, text: str, melding: str = "") -> Municipality:
    """The example's Rietbroek, which has none, with this behind it."""
    plain = (example_directory() / "rietbroek.toml").read_text("utf-8")
    soort = "dimensions.soort ="
    assert soort in plain
    path = folder / "rietbroek.toml"
    path.write_text(plain.replace(soort, f"{melding}\n{soort}") + text, encoding="utf-8")
    shutil.copy(example_directory() / "rietbroek.svg", folder)
    return load_municipality(path)


def faults(folder: Path, text: str, melding: str = "") -> list[str]:
    with pytest.raises(FilesRejected) as refused:
        read(folder, text, melding)
    return [finding.message for finding in refused.value.findings]


def test_departments_keep_the_order_of_the_file(tmp_path: Path) -> None:
    assert read(tmp_path, "").departments == ()
    assert read(tmp_path, DESKS).departments == (
        Department(
            slug="publiekszaken",
            name="Publiekszaken",
            touchpoints=("balie-hal", "online"),
            products=("rijbewijs",),
            mail="publiek@rietbroek.example",
        ),
        Department(slug="buiten", name="Buiten", touchpoints=("melding",)),
    )


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ('"online"]', '"onlin"]', "there is no touchpoint 'onlin'; did you mean 'online'?"),
        ('"rijbewijs"', '"rijbewij"', "there is no product 'rijbewij'; did you mean 'rijbewijs'?"),
        ('["melding"]', '["online"]', "'online' is of `departments.publiekszaken` already"),
        ('["balie-hal", "online"]', '["online", "online"]', "`touchpoints` has 'online' twice"),
        ('"Buiten"', '"Publiekszaken"', "`name` 'Publiekszaken' is that of"),
        ('touchpoints = ["melding"]', "", "needs `touchpoints` or `products`"),
        ("[departments.buiten]", "[departments.overig]", "`overig` is for what belongs to no"),
        ("[departments.buiten]", "[departments.Buiten]", "the name of a department must be"),
        ('"publiek@rietbroek.example"', '"publiek"', "`mail` must be one mail address"),
        ("mail =", "mial =", "unknown key 'mial'; did you mean 'mail'?"),
    ],
)
def test_a_mistake_in_a_department_is_told(
    tmp_path: Path, written: str, instead: str, told: str
) -> None:
    assert written in DESKS
    found = faults(tmp_path, DESKS.replace(written, instead))
    assert [message for message in found if told in message], found


def test_a_department_is_written_once(tmp_path: Path) -> None:
    (told,) = faults(tmp_path, DESKS + '[departments.buiten]\nname = "Nog eens"')
    assert "Cannot declare ('departments', 'buiten') twice" in told


def test_an_improvement_is_of_a_department_that_is_there(tmp_path: Path) -> None:
    assert read(tmp_path, IMPROVED).improvements
    assert read(tmp_path, IMPROVED + DESKS).improvements
    assert read(tmp_path, IMPROVED.replace("Publiekszaken", "publiekszaken") + DESKS).improvements
    slip = IMPROVED.replace("Publiekszaken", "Publiekzaken")
    assert read(tmp_path, slip).improvements
    assert faults(tmp_path, slip + DESKS) == [
        "there is no department 'Publiekzaken'; did you mean 'Publiekszaken'?"
    ]


def test_wijken_are_codes_of_the_municipality_with_names(tmp_path: Path) -> None:
    here = read(tmp_path, WIJKEN, 'dimensions.wijk = ["WK900302", "WK900301"]')
    assert here.wijken == {"WK900301": "Dorp", "WK900302": "Polder"}
    (melding,) = (each for each in here.touchpoints if each.slug == "melding")
    # The order of the file: the most important first.
    assert next(iter(melding.dimensions.items())) == ("wijk", ("WK900302", "WK900301"))


@pytest.mark.parametrize(
    ("wijken", "melding", "told"),
    [
        (
            WIJKEN.replace("WK900301", "WK900201"),
            "",
            "must be a CBS code of your own, such as WK900301",
        ),
        (WIJKEN.replace("WK900301", "dorp"), "", "`dorp` must be a CBS code of your own"),
        (WIJKEN, 'dimensions.wijk = ["dorp"]', "a wijk must be a CBS code of your own"),
        (WIJKEN, 'dimensions.wijk = ["WK900303"]', "has no name in `[wijken]`; did you mean"),
        ("", 'dimensions.wijk = ["WK900301"]', "WK900301 has no name in `[wijken]`"),
    ],
)
def test_a_mistake_in_a_wijk_is_told(tmp_path: Path, wijken: str, melding: str, told: str) -> None:
    found = faults(tmp_path, wijken, melding)
    assert len(found) == 1
    assert told in found[0]
