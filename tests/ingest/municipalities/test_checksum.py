"""The checksum of a catalogue tells whether two processes loaded the same files."""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from ingest.files.resources import questionnaires_directory
from ingest.municipalities.catalogue import Catalogue, load_catalogue
from ingest.municipalities.municipality import allowing
from tests.example import example_directory


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Catalogue]:
    """Loads a copy of the example, in which a text of a file was replaced by another."""

    def loaded(file: str = "molensloot.toml", old: str = "", new: str = "") -> Catalogue:
        config = tmp_path / "config"
        shutil.rmtree(config, ignore_errors=True)
        shutil.copytree(example_directory(), config)
        path = config / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        return load_catalogue(config, questionnaires_directory())

    return loaded


def test_the_same_files_have_the_same_wherever_they_lie(load: Callable[..., Catalogue]) -> None:
    checksum = load_catalogue(example_directory(), questionnaires_directory()).checksum
    assert len(checksum) == 16
    assert load().checksum == checksum
    assert load("molensloot.toml", "name = ", "# a remark\nname = ").checksum == checksum


def test_what_the_demo_adds_to_its_files_is_left_out() -> None:
    folders = (example_directory(), questionnaires_directory())
    more = load_catalogue(
        *folders, adapted=lambda written: allowing(written, ["http://localhost:8000"])
    )
    assert more.checksum == load_catalogue(*folders).checksum
    assert "http://localhost:8000" in more.touchpoint("molensloot", "online").allowed_origins


@pytest.mark.parametrize(
    ("old", "new"),
    [("free_text_months = 12", "free_text_months = 11"), ('name = "', 'name = "Oud ')],
)
def test_another_term_or_name_makes_another(
    load: Callable[..., Catalogue], old: str, new: str
) -> None:
    assert load("molensloot.toml", old, new).checksum != load().checksum


def test_another_translation_or_no_own_items_make_another(catalogue: Catalogue) -> None:
    municipalities = catalogue.municipalities.values()
    without = Catalogue(municipalities, catalogue.questionnaires)
    assert without.checksum != catalogue.checksum
    balie = catalogue.questionnaires["balie", 1]
    better = msgspec.structs.replace(balie, title={**balie.title, "en": "How did it go?"})
    corrected = Catalogue(municipalities, {**catalogue.questionnaires, ("balie", 1): better})
    assert corrected.checksum != without.checksum
