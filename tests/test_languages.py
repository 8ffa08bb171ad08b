"""What docs/languages.md says about the translations is what their files say."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

from ingest.files.resources import example_directory, questionnaires_directory
from ingest.texts import kiosk_texts as kiosk
from ingest.texts import page_texts as pages
from ingest.texts import widget_texts as widget
from ingest.texts.page_texts import page_texts

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = tuple(page_texts())


def told() -> str:
    return (ROOT / "docs" / "languages.md").read_text("utf-8")


def questionnaires_in(language: str) -> list[Path]:
    own = example_directory() / "extensions"
    return sorted(
        [
            *questionnaires_directory().glob(f"*/v*.{language}.toml"),
            *own.glob(f"*/*/v*.{language}.toml"),
        ]
    )


def reviewed(files: Iterable[Path]) -> str:
    """What the table says of these files of one language."""
    names = {tomllib.loads(file.read_text("utf-8"))["reviewed_by"] for file in files}
    if names == {""}:
        return "not reviewed"
    return ", ".join(sorted(names - {""})) + (" (in part)" if "" in names else "")


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_the_table_says_who_reviewed_a_language(language: str) -> None:
    cells = [
        reviewed([pages.DIRECTORY / f"{language}.toml"]),
        reviewed([widget.DIRECTORY / f"{language}.toml"]),
        reviewed([kiosk.DIRECTORY / f"{language}.toml"]),
        reviewed(questionnaires_in(language)),
    ]
    name = page_texts()[language].name
    assert f"| {name} | `{language}` | {' | '.join(cells)} |\n" in told()


def test_dutch_is_the_original() -> None:
    assert "| Nederlands | `nl` | original | original | original | original |\n" in told()


def test_the_table_has_these_languages_alone() -> None:
    assert tuple(re.findall(r"^\| \S+ \| `(\w+)` \|", told(), re.MULTILINE)) == LANGUAGES


def test_that_nothing_was_reviewed_is_said_while_it_is_so() -> None:
    files = [
        file
        for language in LANGUAGES[1:]
        for file in (
            pages.DIRECTORY / f"{language}.toml",
            widget.DIRECTORY / f"{language}.toml",
            kiosk.DIRECTORY / f"{language}.toml",
            *questionnaires_in(language),
        )
    ]
    said = "No translation has been reviewed yet" in told()
    assert said == (reviewed(files) == "not reviewed")
