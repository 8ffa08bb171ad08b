"""Files of themes: the shared one is whole, and a faulty one is told with its line."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from ingest.files.findings import FilesRejected
from ingest.responses.screening import MASK
from ingest.themes.finding import Finder, Themes, read_every_theme
from ingest.themes.publication import PublishedThemesChanged, publish_themes
from ingest.themes.theme_file import LANGUAGES, ThemeFile, load_themes, read_themes
from ingest.themes.words import words_of

type_of_write = Callable[..., Path]

SHARED = Path(__file__).resolve().parents[3] / "questionnaires"
CODES = (
    *("wachttijd", "vriendelijkheid", "duidelijkheid", "terugbellen", "openingstijden", "website"),
    *("resultaat", "bereikbaarheid"),
)
OWN = """\
version = 1
status = "draft"

[[themes]]
code = "afval"
name = "Afval"
about = "Of het over afval gaat."
words = { nl = ["container*"] }
hits = { nl = ["De container zat vol."] }
misses = { nl = ["Goed geholpen."] }
"""


@cache
def shared() -> dict[int, ThemeFile]:
    read, findings = read_themes(SHARED)
    assert not findings, "\n".join(map(str, findings))
    return read


@pytest.fixture
def write(tmp_path: Path) -> type_of_write:
    def write(text: str, version: int = 1) -> Path:
        path = tmp_path / "themes" / f"v{version}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    return write


def faults(path: Path) -> str:
    with pytest.raises(FilesRejected) as refused:
        load_themes(path, shared())
    return "\n".join(map(str, refused.value.findings))


def test_eight_themes_are_found_in_seven_languages_and_every_example_does_as_it_says() -> None:
    file = shared()[max(shared())]
    assert file.codes == CODES
    assert set(file.patterns) == set(LANGUAGES)
    assert all(theme.measured for theme in file.themes)


def test_what_was_taken_out_of_a_text_is_no_word_of_it() -> None:
    assert words_of(f"bel {MASK} terug") == ["bel", "terug"]


def test_an_example_that_the_words_do_not_bear_out_is_told_with_its_line(
    write: type_of_write,
) -> None:
    path = write(OWN.replace("De container zat vol.", "De bak zat vol."))
    assert faults(path) == f"{path}:9: 'De bak zat vol.' does not hit afval"
    path = write(OWN.replace("Goed geholpen.", "Containers"))
    assert faults(path) == f"{path}:10: 'Containers' hits afval"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"afval"', '"website"', "'website' is a theme of everybody; a municipality adds others"),
        ('"container*"', '"co*"', "a part of a word has at least 3 letters"),
        ('"container*"', f'"{"a " * 11}"', "has 11 places; 10 may be"),
        ('"container*"', "'container', " * 2501, "2501 patterns in 'nl'; 2500 may be"),
        ("version = 1", "version = 2", "version 2 lies in a file named v1.toml"),
        ("words = { nl", "words = { fr", "there are no themes in 'fr'"),
        ("hits = { nl", "hits = { en", "afval: `hits.nl` is missing"),
        ("about", "abuot", "`about` is missing"),
    ],
)
def test_what_is_wrong_in_a_file_is_told(
    write: type_of_write, old: str, new: str, told: str
) -> None:
    assert told in faults(write(OWN.replace(old, new)))


def test_what_groups_add_up_to_in_a_file_has_an_end(write: type_of_write) -> None:
    many = ", ".join(
        f'"{first}{second}"' for first in "abcdefghijklmno" for second in "pqrstuvwxyz"
    )
    groups = f"[groups.nl]\nveel = [{many}]\n\n[[themes]]"
    lines = ", ".join(['"' + "@veel " * 10 + '"'] * 25)
    text = OWN.replace("[[themes]]", groups).replace('"container*"', lines)
    assert "more than 40000 words in 'nl', with those of groups" in faults(write(text))


def test_a_published_file_never_changes(write: type_of_write) -> None:
    path = write(OWN)
    folder = path.parent.parent
    assert publish_themes(folder, path)
    assert 'status = "published"' in path.read_text("utf-8")
    assert not publish_themes(folder, path)
    assert read_themes(folder, shared())[1] == []
    path.write_text(path.read_text("utf-8").replace("Afval", "Vuil"), "utf-8")
    ((finding),) = read_themes(folder, shared())[1]
    assert "differs from what was published" in finding.message
    with pytest.raises(PublishedThemesChanged):
        publish_themes(folder, path)


def test_a_theme_is_never_taken_away(write: type_of_write) -> None:
    folder = write(OWN.replace("draft", "published")).parent.parent
    write(
        OWN.replace("draft", "published")
        .replace("version = 1", "version = 2")
        .replace('"afval"', '"vuil"'),
        2,
    )
    messages = [finding.message for finding in read_themes(folder, shared())[1]]
    assert "'afval' of v1 is gone; its figures would end" in messages


def test_a_municipality_adds_themes_and_has_all_others(tmp_path: Path) -> None:
    folder = tmp_path / "extensions" / "molensloot" / "themes"
    folder.mkdir(parents=True)
    (folder / "v1.toml").write_text(OWN.replace("draft", "published"), "utf-8")
    publish_themes(folder.parent, folder / "v1.toml")
    themes, findings = read_every_theme(tmp_path, SHARED)
    assert findings == []
    text = "De container was vol en ik stond een uur in de rij."
    own = themes.finder("molensloot").find(text, "nl")
    assert (own.codes, own.version) == (("wachttijd", "afval"), "1+1")
    assert themes.finder("rietbroek").find(text, "nl").version == "1"
    assert themes.looked_for("molensloot", "1+1") == dict.fromkeys((*CODES, "afval"), 1)
    assert themes.looked_for("molensloot", "") == {}


def test_without_a_file_nothing_is_looked_for() -> None:
    found = Themes().finder("molensloot").find("Stond een uur in de rij", "nl")
    assert (found.codes, found.version) == ((), "")


def test_a_draft_finds_nothing(write: type_of_write) -> None:
    draft = load_themes(write(OWN), shared())
    assert Themes(own={"molensloot": {1: draft}}).finder("molensloot").version == ""
    assert Finder(None, draft).find("container", "nl").codes == ("afval",)
