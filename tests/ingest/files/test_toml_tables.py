"""A table is read to its end: every fault is told, at its own line, and nothing is raised."""

from pathlib import Path

import pytest

from ingest.files.findings import Finding
from ingest.files.toml_files import read_toml
from ingest.files.toml_tables import Table, language_fault, line_fault, slug_fault


@pytest.fixture
def findings() -> list[Finding]:
    return []


@pytest.fixture
def table(tmp_path: Path, findings: list[Finding]) -> Table:
    path = tmp_path / "a.toml"
    path.write_text(
        'word = "balie"\n'
        "many = 12\n"
        "yes = true\n"
        'list = ["nl", "en", "nl"]\n'
        "empty = []\n"
        'name.nl = "Balie"\n'
        'name."e n" = "Desk"\n'
        'plain = "Balie"\n'
        "[inside]\n"
        "x = 1.5\n",
        encoding="utf-8",
    )
    file = read_toml(path)
    return Table(file, findings, file.data)


def told(findings: list[Finding]) -> list[tuple[int | None, str]]:
    return [(finding.line, finding.message) for finding in findings]


def test_values_that_fit_are_read_without_a_finding(table: Table, findings: list[Finding]) -> None:
    assert table.text("word", slug_fault) == "balie"
    assert table.number("many", 1, 12) == 12
    assert table.truth("yes")
    assert not table.truth("no")
    assert table.text_or_none("absent") is None
    assert table.number("absent", 1, 9, default=3) == 3
    assert table.texts("absent", slug_fault, ("nl",)) == ("nl",)
    assert findings == []


def test_every_fault_is_told_at_its_line(table: Table, findings: list[Finding]) -> None:
    table.text("many")
    table.number("many", 1, 11)
    table.number("yes", 0, 1)
    table.truth("word")
    table.texts("list", slug_fault)
    table.texts("empty", slug_fault)
    table.table("inside").number("x", 1, 2)
    assert told(findings) == [
        (2, "`many` must be a text, not 12"),
        (2, "`many` must be a whole number from 1 to 11, not 12"),
        (3, "`yes` must be a whole number from 0 to 1, not True"),
        (1, "`word` must be true or false, not 'balie'"),
        (4, "`list` has 'nl' twice"),
        (5, "`empty` must be a list with at least one text in it"),
        (10, "`x` must be a whole number from 1 to 2, not 1.5"),
    ]


def test_a_key_that_is_missing_is_told_at_the_table_it_is_missing_from(
    table: Table, findings: list[Finding]
) -> None:
    inside = table.table("inside")
    inside.text("word")
    inside.number("many", 1, 2)
    inside.texts("list", slug_fault)
    inside.wording("name")
    assert told(findings) == [
        (9, "`word` is missing"),
        (9, "`many` is missing"),
        (9, "`list` is missing"),
        (9, "`name` is missing"),
    ]


def test_a_wording_needs_dutch_and_languages_that_are_codes(
    table: Table, findings: list[Finding]
) -> None:
    assert table.wording("name")["nl"] == "Balie"
    table.wording("plain")
    table.wording("inside")
    assert told(findings) == [
        (7, "`name`: a language is a code in small letters such as nl, not 'e n'"),
        (8, "`plain` must be a text for every language, such as `plain.nl`"),
        (9, "`inside` needs a Dutch text: `inside.nl`"),
        (10, "`inside`: a language is a code in small letters such as nl, not 'x'"),
        (10, "`inside.x` must be a text, not 1.5"),
    ]


def test_a_table_that_is_no_table_is_read_as_an_empty_one(
    table: Table, findings: list[Finding]
) -> None:
    assert list(table.tables("word")) == []
    assert told(findings) == [(1, "`word` must be a table")]


def test_keys_that_nobody_asked_for_are_refused_with_the_nearest_known_one(
    table: Table, findings: list[Finding]
) -> None:
    for key in ("words", "many", "yes", "list", "empty", "name", "inside"):
        table.holds(key)
    table.close()
    assert told(findings) == [
        (1, "unknown key 'word'; did you mean 'words'?"),
        (8, "unknown key 'plain'"),
    ]


@pytest.mark.parametrize("slug", ["balie", "balie-hal", "b2", "a" * 40])
def test_a_slug_is_lower_case_words_with_hyphens(slug: str) -> None:
    assert slug_fault(slug) is None


@pytest.mark.parametrize(
    "slug", ["", "Balie", "balie--hal", "-balie", "balie-", "2b", "balie\n", "bälie", "a" * 41]
)
def test_anything_else_is_no_slug(slug: str) -> None:
    assert slug_fault(slug)


@pytest.mark.parametrize("text", ["", "  ", "twee\nregels", "a\x00b", "a\u202eb", "a" * 201])
def test_a_line_shows_and_stays_one_line(text: str) -> None:
    assert line_fault(text)
    assert line_fault("Balie in de hal") is None


@pytest.mark.parametrize("language", ["", "NL", "n", "nl_NL", 'nl" onclick="', "nl\n"])
def test_a_language_is_a_code(language: str) -> None:
    assert language_fault(language)
    assert language_fault("nl") is None
    assert language_fault("pt-BR") is None
