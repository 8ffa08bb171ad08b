"""The picture of the architecture shows the table as it is."""

from xml.etree import ElementTree

from tests.picture import FILE, label, picture, used
from tests.test_architecture import ROOMS

SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_is_drawn_from_the_table_as_it_is_today() -> None:
    assert FILE.read_text("utf-8") == picture(), "run: .venv/bin/python -m tests.picture"


def test_the_picture_names_every_band_and_has_a_line_for_each_import_that_does_not_follow() -> None:
    drawn = ElementTree.fromstring(picture())
    names = [text.text for text in drawn.iter(f"{SVG}text") if text.get("class") == "name"]
    assert names == list(ROOMS)
    lines = [path for path in drawn.iter(f"{SVG}path") if path.get("class") == "line"]
    assert len(lines) == sum(len(others) for others in used().values()) > 3


def test_every_room_can_be_found_in_the_picture() -> None:
    drawn = ElementTree.fromstring(picture())
    told = {box.findtext(f"{SVG}text") for box in drawn.iter(f"{SVG}g")}
    assert told == {label(room) for rooms in ROOMS.values() for room in rooms}
