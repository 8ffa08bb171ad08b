"""What it costs to find the themes of a text, in CPU of one process."""

import csv
import time
from collections.abc import Sequence
from statistics import median

import msgspec

from ingest.themes.finding import Finder, read_every_theme
from tests.system.running import ROOT

LANGUAGES = ("nl", "en", "de", "pl", "tr", "uk", "ar")
_LONGEST = 2000


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Microseconds a text: medians of the comments that were labelled, and of the longest text."""

    comments: int
    comment_us: dict[str, float]
    longest_us: float


def measure(rounds: int) -> Found:
    """Every comment `rounds` times; none of those that nobody may see who writes the words."""
    themes, _ = read_every_theme(ROOT / "deploy" / "example", ROOT / "questionnaires")
    finder = themes.finder("")
    texts = {language: _comments(language) for language in LANGUAGES}
    long = (" ".join(texts["nl"]) * 2)[:_LONGEST]
    return Found(
        comments=sum(map(len, texts.values())),
        comment_us={each: _median(finder, texts[each], each, rounds) for each in LANGUAGES},
        longest_us=_median(finder, [long], "nl", 20 * rounds),
    )


def _comments(language: str) -> list[str]:
    path = ROOT / "tests" / "data" / "themes" / f"seen.{language}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file)]


def _median(finder: Finder, texts: Sequence[str], language: str, rounds: int) -> float:
    took = []
    for _ in range(rounds):
        for text in texts:
            before = time.process_time_ns()
            finder.find(text, language)
            took.append(time.process_time_ns() - before)
    return round(median(took) / 1000, 1)
