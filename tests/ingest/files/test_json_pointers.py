"""JSON pointers lead to a value, or to nothing, in a document of anybody."""

from typing import Any

import pytest

from ingest.files.json_pointers import pointer_fault, value_at

# The example of RFC 6901, section 5.
DOCUMENT: dict[str, Any] = {
    "foo": ["bar", "baz"],
    "": 0,
    "a/b": 1,
    "c%d": 2,
    "e^f": 3,
    'k"l': 6,
    " ": 7,
    "m~n": 8,
}


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/foo", ["bar", "baz"]),
        ("/foo/0", "bar"),
        ("/", 0),
        ("/a~1b", 1),
        ("/c%d", 2),
        ("/e^f", 3),
        ('/k"l', 6),
        ("/ ", 7),
        ("/m~0n", 8),
        ("/foo/2", None),
        ("/foo/00", None),
        ("/foo/-1", None),
        ("/foo/-", None),
        ("/foo/９", None),
        ("/foo/0/x", None),
        ("/nothing/at/all", None),
    ],
)
def test_a_pointer_leads_where_the_standard_says(pointer: str, value: Any) -> None:
    assert value_at(DOCUMENT, pointer) == value


@pytest.mark.parametrize("pointer", ["/foo", "/", "/a~1b/0", "/m~0n"])
def test_a_pointer_is_taken(pointer: str) -> None:
    assert pointer_fault(pointer) is None


@pytest.mark.parametrize("pointer", ["", "foo", "/a~2", "/a~", "/\n", "/" + "x" * 200])
def test_what_is_none_is_named(pointer: str) -> None:
    assert "must be a JSON pointer" in (pointer_fault(pointer) or "")
