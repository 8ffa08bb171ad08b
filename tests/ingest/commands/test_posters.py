"""A poster can be read on a wall, stays within its paper, and its code leads where it should."""

import re
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
import segno
from click.testing import CliRunner, Result

from ingest.commands.posters import HEIGHT, WIDTH, Poster, poster_svg
from ingest.commands.qr import qr
from ingest.files.resources import example_directory, questionnaires_directory
from ingest.municipalities.catalogue import load_catalogue
from ingest.municipalities.house_style import contrast
from ingest.municipalities.municipality import Municipality

LINK = "https://kto.molensloot.example/o/molensloot/balie-hal?via=qr"
QUESTIONS = (("nl", "Hoe was uw bezoek aan de balie?"), ("en", "How was your visit to our desk?"))
SVG = "{http://www.w3.org/2000/svg}"
_CATALOGUE = load_catalogue(example_directory(), questionnaires_directory())
MUNICIPALITIES = tuple(_CATALOGUE.municipalities.values())


def drawn(municipality: Municipality, **more: object) -> ElementTree.Element:
    poster = Poster(
        municipality=municipality,
        questions=QUESTIONS,
        link=LINK,
        address="kto.molensloot.example/o/molensloot/balie-hal",
    )
    return ElementTree.fromstring(poster_svg(msgspec.structs.replace(poster, **more)))


@pytest.fixture(params=[each.slug for each in MUNICIPALITIES])
def municipality(request: pytest.FixtureRequest) -> Municipality:
    return next(each for each in MUNICIPALITIES if each.slug == request.param)


def test_it_is_a5_in_millimetres_and_has_name_and_logo(municipality: Municipality) -> None:
    root = drawn(municipality)
    assert (root.get("width"), root.get("height")) == ("148mm", "210mm")
    assert root.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
    words = [text.text for text in root.iter(f"{SVG}text")]
    assert f"Gemeente {municipality.name}" in words
    assert "Een paar korte vragen, zonder uw naam" in words
    assert root.find(f"{SVG}svg") is not None


def test_it_can_be_read_on_a_wall(municipality: Municipality) -> None:
    root = drawn(municipality)
    sizes = {text.text: float(text.get("font-size", 0)) for text in root.iter(f"{SVG}text")}
    # Capitals of 7.3 mm can be read from 60 cm (EN 301 549); they are 0.72 of a size.
    assert sizes["Hoe was uw bezoek"] * 0.72 >= 7.3
    assert min(sizes.values()) >= 3.4
    style = municipality.style
    grounds = {style.on_accent: style.accent, style.text: style.background}
    for text in root.iter(f"{SVG}text"):
        assert contrast(text.get("fill", ""), grounds[text.get("fill", "")]) >= 4.5


@pytest.mark.parametrize("length", [10, 60, 90])
def test_nothing_leaves_the_paper(length: int) -> None:
    question = "Welk cijfer geeft u de afhandeling van uw melding over de openbare ruimte bij ons?"
    root = drawn(
        msgspec.structs.replace(MUNICIPALITIES[0], name="Gemeente " + "Noord" * 8, logo=None),
        questions=(("nl", question), ("en", question)),
        address=f"kto.gemeente-met-een-lange-naam.example/o/{'n' * length}",
    )
    for text in root.iter(f"{SVG}text"):
        size = float(text.get("font-size", 0))
        assert float(text.get("x", 0)) + 0.62 * size * len(text.text or "") <= WIDTH - 11, text.text
        assert float(text.get("y", 0)) <= HEIGHT - 6, text.text


def test_what_a_file_says_stays_words() -> None:
    said = "<script>alert(1)</script> & co"
    root = drawn(msgspec.structs.replace(MUNICIPALITIES[0], name=said))
    assert f"Gemeente {said}" in [text.text for text in root.iter(f"{SVG}text")]
    assert not [each for each in root.iter() if each.tag.endswith("script")]


def test_the_code_is_the_link_with_quiet_around_it() -> None:
    root = drawn(MUNICIPALITIES[0])
    path = next(each for each in root.iter(f"{SVG}path") if each.get("shape-rendering"))
    modules = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h", path.get("d", ""))}
    wanted = segno.make(LINK, error="q", micro=False).matrix_iter(border=4)
    assert modules == {(x, y) for y, row in enumerate(wanted) for x, dark in enumerate(row) if dark}
    assert min(min(each) for each in modules) == 4


def drawn_by_command(output: Path, *arguments: str) -> Result:
    return CliRunner().invoke(qr, [*arguments, "--output", str(output)])


def test_what_is_refused_leaves_the_old_drawing_as_it_was(tmp_path: Path) -> None:
    old = tmp_path / "old.svg"
    old.write_text("old")
    for arguments, said in (
        (("duinrade/balie-hal", "--poster", "--language", "ar"), "A poster speaks nl and en"),
        (("molensloot/balie-hal", "--language", "fy"), "asks in nl, en"),
    ):
        refused = drawn_by_command(old, *arguments)
        assert refused.exit_code == 1
        assert said in refused.stderr
        assert old.read_text() == "old"
    nowhere = drawn_by_command(tmp_path / "nowhere" / "new.svg", "molensloot/balie-hal")
    assert "cannot write" in nowhere.stderr

    for options in ((), ("--poster",)):
        assert drawn_by_command(old, "molensloot/balie-hal", *options).stderr == f"{LINK}\n"
        assert old.read_text().startswith("<?xml")
    assert [each.name for each in tmp_path.iterdir()] == ["old.svg"]


def test_without_a_file_the_drawing_is_all_that_standard_output_says() -> None:
    printed = CliRunner().invoke(qr, ["molensloot/balie-hal", "--poster"])
    assert printed.stdout.startswith("<?xml")
    assert printed.stdout.endswith("</svg>\n")
    assert printed.stderr == f"{LINK}\n"
