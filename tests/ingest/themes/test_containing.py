"""Of two themes none may hold all words of the other: what is told of both would tell the rest."""

from pathlib import Path

import pytest

from ingest.files.findings import FilesRejected
from ingest.themes.containing import contained_in
from ingest.themes.patterns import Pattern, read_pattern
from ingest.themes.theme_file import load_themes


def patterns(words: str) -> dict[str, list[Pattern]]:
    return {"nl": [read_pattern(line, {}) for line in words.split(", ")]}


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        ("wacht*", "wacht*"),
        ("wacht*", "jansen, wacht*"),
        ("wachtrij, wachttijd*", "wacht*"),
        ("lange wachtrij", "*rij"),
        ("in de rij, balie", "loket, in|uit de rij, balie*"),
        ("lang wachten", "lang .. wacht*"),
        ("lang heel .. wachten", "lang ..5 wachten"),
        # What is left out of one would be told by the difference too.
        ("wacht*, !jansen", "wacht*"),
        ("wacht*", "wacht*, !wachten .. jansen"),
    ],
)
def test_all_words_of_one_are_words_of_the_other(inner: str, outer: str) -> None:
    assert contained_in(patterns(inner), patterns(outer)) == "nl"


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        ("wacht*, jansen", "wacht*"),
        ("wacht*", "wachtrij"),
        ("*rij", "rij*"),
        ("*rij*", "*rij, rij*, rij"),
        ("lang .. wachten", "lang wachten"),
        ("lang heel .. wachten", "lang .. wachten"),
        ("wachten lang", "lang wachten"),
        ("in|uit de rij", "in de rij"),
        ("wachten", "!wachten, jansen"),
    ],
)
def test_one_has_words_that_the_other_has_not(inner: str, outer: str) -> None:
    assert contained_in(patterns(inner), patterns(outer)) is None


def test_one_language_is_enough_to_be_refused_and_none_together_is_none() -> None:
    both = {"en": patterns("wait*")["nl"]}
    assert contained_in(patterns("wacht*") | both, patterns("jansen") | both) == "en"
    assert contained_in(patterns("wacht*"), both) is None


def theme(code: str, words: str) -> str:
    listed = ", ".join(f'"{word}"' for word in words.split(", "))
    return (
        f'[[themes]]\ncode = "{code}"\nname = "{code}"\nabout = "Proef."\n'
        f'words.nl = [{listed}]\nhits.nl = ["container"]\nmisses.nl = ["Top."]\n'
    )


@pytest.mark.parametrize(
    ("themes", "told"),
    [
        ((("a", "container*"), ("b", "container*, jansen")), "all words of a are words of b"),
        ((("a", "container*, jansen"), ("b", "container*")), "all words of b are words of a"),
        ((("a", "container"), ("b", "container")), "all words of b are words of a"),
    ],
)
def test_a_file_in_which_one_theme_holds_another_is_refused(
    tmp_path: Path, themes: tuple[tuple[str, str], ...], told: str
) -> None:
    path = tmp_path / "v1.toml"
    header = 'version = 1\nstatus = "draft"\n'
    path.write_text(header + "".join(theme(*one) for one in themes), "utf-8")
    with pytest.raises(FilesRejected) as refused:
        load_themes(path, {})
    assert told in str(refused.value)
    path.write_text(
        header + theme("a", "container*, balie") + theme("b", "container*, rij"), "utf-8"
    )
    assert load_themes(path, {}).codes == ("a", "b")


def test_a_theme_of_everybody_is_not_told_again_with_a_word_more(tmp_path: Path) -> None:
    path = tmp_path / "v1.toml"
    header = 'version = 1\nstatus = "draft"\n'
    path.write_text(header + theme("gedeeld", "container*"), "utf-8")
    shared = {1: load_themes(path, {})}
    path.write_text(header + theme("eigen", "container*, jansen"), "utf-8")
    with pytest.raises(FilesRejected, match="all words of gedeeld are words of eigen"):
        load_themes(path, shared)
