"""How well themes are found stands in the file, as it was measured on comments nobody had seen."""

import csv
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from ingest.themes.finding import Finder
from ingest.themes.measuring import EVERY, Labelled, Score, scores
from ingest.themes.theme_file import ThemeFile, read_themes

ROOT = Path(__file__).resolve().parents[3]
LABELLED = ROOT / "tests" / "data" / "themes"
SEALED = sorted(LABELLED.glob("unseen*.nl.csv"))
MEASURED_ON = LABELLED / "unseen-2.nl.csv"
_BY_CHANCE = 4
"""So few words two people write alike: "prima geholpen"."""

LANGUAGES = ("en", "de", "pl", "tr", "uk", "ar")


@cache
def last() -> ThemeFile:
    files, _ = read_themes(ROOT / "questionnaires")
    return files[max(files)]


def comments(path: Path, language: str = "nl") -> list[Labelled]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Labelled(
                text=row["text"],
                language=language,
                themes=frozenset(row["themes"].replace("|", " ").split()),
            )
            for row in csv.DictReader(file)
        ]


def scored(texts: Iterable[Labelled]) -> dict[str, Score]:
    finder = Finder(last())
    found = scores(texts, lambda text, spoken: finder.find(text, spoken).codes, last().codes)
    return {code: score for (language, code), score in found.items() if language != EVERY}


@pytest.mark.parametrize("path", SEALED, ids=lambda path: path.name)
def test_what_is_measured_with_is_what_was_labelled(path: Path) -> None:
    recorded = path.with_suffix(".sha256").read_text("utf-8").split()
    assert recorded == [hashlib.sha256(path.read_bytes()).hexdigest(), path.name]
    seen = {comment.text for comment in comments(LABELLED / "seen.nl.csv")}
    both = [comment.text for comment in comments(path) if comment.text in seen]
    assert not [text for text in both if len(text.split()) > _BY_CHANCE]


def test_the_figures_of_the_file_are_what_is_measured() -> None:
    texts = comments(MEASURED_ON)
    found = scored(texts)
    for theme in last().themes:
        score, told = found[theme.code], theme.measured
        assert told is not None
        assert score.precision == pytest.approx(told.precision, abs=0.0051), theme.code
        assert score.recall == pytest.approx(told.recall, abs=0.0051), theme.code
        assert (told.texts, told.with_theme) == (len(texts), score.labelled), theme.code


def test_what_was_seen_is_found() -> None:
    """With these the words were written: it says that nothing broke, not how well they find."""
    dutch = scored([*comments(LABELLED / "seen.nl.csv"), *comments(LABELLED / "unseen.nl.csv")])
    assert (dutch[EVERY].precision or 0) > 0.95, dutch
    assert (dutch[EVERY].recall or 0) > 0.9, dutch
    for language in LANGUAGES:
        other = scored(comments(LABELLED / f"seen.{language}.csv", language))
        assert (other[EVERY].precision or 0) > 0.97, language
        assert (other[EVERY].recall or 0) > 0.94, language
