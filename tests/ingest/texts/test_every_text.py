"""Whatever is wrong in a text that comes with Meetpunt is told before anybody is asked."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingest.commands.meetpunt import meetpunt
from ingest.files.resources import example_directory
from ingest.texts import kiosk_texts, page_texts, widget_texts
from tests.system.running import free_port

READ = (page_texts.page_texts, widget_texts.widget_texts, kiosk_texts.kiosk_texts)


def read_anew() -> None:
    for each in READ:
        each.cache_clear()


@pytest.fixture
def texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of all texts, which is read in place of those that come with Meetpunt."""
    for module in (page_texts, widget_texts, kiosk_texts):
        copy = tmp_path / "texts" / module.DIRECTORY.name
        shutil.copytree(module.DIRECTORY, copy)
        monkeypatch.setattr(module, "DIRECTORY", copy)
    read_anew()
    yield tmp_path / "texts"
    read_anew()


def refused(tmp_path: Path, command: str) -> str:
    settings = {
        "MEETPUNT_CONFIG": str(example_directory()),
        "MEETPUNT_DATA": str(tmp_path / "data"),
        "MEETPUNT_PORT": str(free_port()),
    }
    ended = CliRunner().invoke(meetpunt, [command], env=settings)
    assert isinstance(ended.exception, SystemExit), ended.exception
    assert ended.exit_code == 1, ended.output
    return ended.output


def without(key: str, file: Path) -> None:
    text = file.read_text("utf-8")
    file.write_text(re.sub(f"(?m)^{key} = .*\n", "", text, count=1), "utf-8")


@pytest.mark.parametrize("command", ["check", "serve", "doctor"])
@pytest.mark.parametrize("room", ["pages", "widget", "kiosk"])
def test_a_text_that_a_language_lacks_is_told_with_its_file(
    tmp_path: Path, texts: Path, room: str, command: str
) -> None:
    without("send", texts / room / "tr.toml")
    told = refused(tmp_path, command)
    assert re.search(rf"{texts}/{room}/tr.toml(:\d+)?: `send` is missing\n", told)
    assert not (tmp_path / "data").exists()


def test_a_language_that_only_pages_speak_is_told(tmp_path: Path, texts: Path) -> None:
    french = (texts / "pages" / "en.toml").read_text("utf-8").replace('"en"', '"fr"', 1)
    (texts / "pages" / "fr.toml").write_text(french, "utf-8")
    assert refused(tmp_path, "check").splitlines()[:2] == [
        f"{texts}/kiosk/fr.toml: is missing: pages has a fr.toml",
        f"{texts}/widget/fr.toml: is missing: pages has a fr.toml",
    ]


def test_what_is_wrong_in_a_text_hides_nothing_of_other_files(tmp_path: Path, texts: Path) -> None:
    """The check of messages reads a text of pages, and goes on without it."""
    without("small_group", texts / "pages" / "nl.toml")
    assert re.fullmatch(
        rf"{texts}/pages/nl.toml:\d+: `small_group` is missing\n1 finding.\n",
        refused(tmp_path, "check"),
    )
