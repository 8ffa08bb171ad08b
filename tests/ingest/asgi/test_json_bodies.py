"""A body is read whole or refused with all that is wrong; of what came twice nothing is chosen."""

from typing import Annotated, Any

import msgspec
import pytest

from ingest.asgi.json_bodies import BodyUnreadable, JsonBody


class Leaf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    leaf_name: Annotated[str, msgspec.Meta(max_length=5)]
    tags: dict[str, str] = {}


class Tree(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    height: Annotated[int, msgspec.Meta(ge=1, le=9)]
    leaves: list[Leaf]
    tags: dict[str, Any] = {}


STRICT = JsonBody(Tree)
COUNTED = JsonBody(Tree, fewest_keys=lambda tree: 2 + len(tree.tags))


def told(body: bytes, reader: JsonBody[Tree] = STRICT) -> set[tuple[str, str]]:
    with pytest.raises(BodyUnreadable) as refused:
        reader.read(body)
    return {(param.name, param.code) for param in refused.value.params}


@pytest.mark.parametrize("reader", [STRICT, COUNTED])
def test_what_fits_is_read(reader: JsonBody[Tree]) -> None:
    body = (
        b'{"height": 3, "leaves": [{"leafName": "a"}, {"leafName": "b"}], "tags": {"x": "1:2:3"}}'
    )
    read = reader.read(body)
    assert (read.height, [leaf.leaf_name for leaf in read.leaves]) == (3, ["a", "b"])


def test_everything_that_is_wrong_is_told() -> None:
    assert told(b'{"height": "3", "colour": 1, "tags": []}') == {
        ("height", "wrong-type"),
        ("leaves", "required"),
        ("colour", "unknown-field"),
        ("tags", "wrong-type"),
    }


def test_it_is_told_where_within_a_field() -> None:
    assert told(b'{"height": 10, "leaves": [{"leafName": "a"}, {"leafName": "sixsix"}]}') == {
        ("height", "out-of-range"),
        ("leaves[1].leafName", "out-of-range"),
    }
    assert told(b'{"height": 1, "leaves": [{"leafName": "a", "x": 1}]}') == {
        ("leaves[0].x", "unknown-field")
    }
    assert told(b'{"height": 1, "leaves": [{}]}') == {("leaves[0].leafName", "required")}


def test_of_each_in_a_list_all_is_told() -> None:
    body = b'{"height": 1, "leaves": [{"leafName": 1, "x": 1}, 3, {"leafName": "a"}, {"tags": 4}]}'
    assert told(body) == {
        ("leaves[0].leafName", "wrong-type"),
        ("leaves[0].x", "unknown-field"),
        ("leaves[1]", "wrong-type"),
        ("leaves[3].leafName", "required"),
        ("leaves[3].tags", "wrong-type"),
    }


@pytest.mark.parametrize("reader", [STRICT, COUNTED])
@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"height": 1, "height": 2, "leaves": []}', "height"),
        (b'{"height" \n:1, "leaves": [], "height"\t: 2}', "height"),
        (b'{"height": 1, "\\u0068eight": 2, "leaves": []}', "height"),
        (b'{"height": 1, "leaves": [], "tags": {"a": 1, "a": 1}}', "a"),
        (b'{"height": 1, "leaves": [], "tags": {"x": {"deep": 1, "deep": 2}}}', "deep"),
        (b'{"height": 1, "leaves": [{"leafName": "a", "tags": {"b": "", "b": ""}}]}', "b"),
    ],
)
def test_what_came_twice_is_refused(reader: JsonBody[Tree], body: bytes, name: str) -> None:
    assert told(body, reader) == {(name, "repeated-field")}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"a"', b"\xff", b"[" * 50_000])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    assert told(body) == set()


def test_what_is_sent_back_is_short_and_plain() -> None:
    with pytest.raises(BodyUnreadable) as refused:
        STRICT.read(
            '{"é\u202e<b>%s": 1, "height": 1, "leaves": []}'.replace("%s", "x" * 900).encode()
        )
    (param,) = refused.value.params
    assert param.name.startswith("\\xe9\\u202e<b>xxx")
    assert len(param.name) < 120


def test_of_many_strangers_a_few_are_named() -> None:
    body = msgspec.json.encode({f"x{number}": 1 for number in range(1_000)})
    assert len(told(body)) == 2 + 20
