"""The picture of the architecture shows the table as it is."""

from xml.etree import ElementTree

from tests.picture import FILE, picture, used
from tests.test_architecture import LAYERS

SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_is_drawn_from_the_table_as_it_is_today() -> None:
    assert FILE.read_text("utf-8") == picture(), "run: .venv/bin/python -m tests.picture"


def test_the_picture_names_every_layer_and_has_a_line_for_each_import_that_does_not_follow() -> (
    None
):
    drawn = ElementTree.fromstring(picture())
    names = [text.text for text in drawn.iter(f"{SVG}text") if text.get("class") == "name"]
    assert names == list(LAYERS)
    lines = [path for path in drawn.iter(f"{SVG}path") if path.get("class") == "line"]
    assert len(lines) == sum(len(others) for others in used().values()) > len(LAYERS)


def test_every_module_can_be_found_in_the_picture() -> None:
    drawn = ElementTree.fromstring(picture())
    told = {
        name
        for box in drawn.iter(f"{SVG}g")
        for name in (box.findtext(f"{SVG}title") or "").split(", ")
    }
    packages = {
        name.partition(".")[0] for layer in LAYERS.values() for name in layer if "." in name
    }
    modules = {name for layer in LAYERS.values() for name in layer} - packages
    assert told == modules
