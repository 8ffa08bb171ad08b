"""A finding points at the line where its key stands, however the TOML is written."""

import tomllib
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.files.toml_lines import _lines, line_of

TEXT = '''# a comment with [brackets] and = signs
code = "balie"
title.nl = "Een # in een tekst"
title."en" = 'An [array] in a text'
long = """
[[not_a_header]]
key = 1
"""
many = [
  1,
  { a = 2, b = [
      3 ] },
]

[[items]]
code = "een"
text = { nl = "Een", en = "One" }
[items.help]
nl = "Hulp"

[[items]]
code = "twee"
ask_if = { item = "een", in = ["ja", "nee"] }
[[items.options]]
code = "a"
[[items.options]]
code = "b"
[items.options.label]
nl = "B"

[touchpoints.balie-hal]
number = 1
opening.monday = "9-5"
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("code",), 2),
        (("title", "nl"), 3),
        (("title", "en"), 4),
        (("many",), 9),
        (("many", 0), 10),
        (("many", 1, "a"), 11),
        (("many", 1, "b", 0), 12),
        (("items", 0), 15),
        (("items", 0, "code"), 16),
        (("items", 0, "text", "en"), 17),
        (("items", 0, "help", "nl"), 19),
        (("items", 1, "code"), 22),
        (("items", 1, "ask_if", "in", 1), 23),
        (("items", 1, "options", 1, "code"), 27),
        (("items", 1, "options", 1, "label", "nl"), 29),
        (("touchpoints", "balie-hal", "number"), 32),
        (("touchpoints", "balie-hal", "opening", "monday"), 33),
    ],
)
def test_every_way_to_write_a_key_has_its_line(path: tuple[str | int, ...], line: int) -> None:
    assert line_of(TEXT, path) == line


def test_a_missing_key_is_shown_at_the_table_that_lacks_it() -> None:
    assert line_of(TEXT, ("items", 1, "text", "nl")) == 21
    assert line_of(TEXT, ("touchpoints", "balie-hal", "channel")) == 31


def test_a_path_of_which_nothing_is_written_has_no_line() -> None:
    assert line_of(TEXT, ("status",)) is None
    assert line_of(TEXT, ()) is None


def test_a_text_inside_quotes_is_never_taken_for_a_key() -> None:
    assert line_of(TEXT, ("not_a_header",)) is None
    assert line_of(TEXT, ("key",)) is None


@settings(deadline=None)
@example("a=[}")
@given(st.text(alphabet="[]{}=.,\"'#\\\n ab", max_size=60))
def test_a_text_that_is_not_toml_is_survived(text: str) -> None:
    line_of(text, ("a", "b"))


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inside: Any = ()
    if isinstance(value, dict):
        inside = value.items()
    elif isinstance(value, list):
        inside = enumerate(value)
    return [path, *(p for key, child in inside for p in _paths(child, (*path, key)))]


def test_everything_that_tomllib_reads_has_a_line_of_its_own_path() -> None:
    read = {path for path in _paths(tomllib.loads(TEXT)) if path}
    assert read == set(_lines(TEXT))
