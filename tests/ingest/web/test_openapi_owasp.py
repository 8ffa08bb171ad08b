"""Of OWASP's rules for documents of APIs, those that a new call or field breaks first.

Spectral checks all of them (tests/witnesses/test_spectral.py), but it has to be fetched. What it
may pass over stands in its rules, each with why; here that list is held to, and nothing in it may
be out of date.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml

from tests.ingest.web.test_openapi import Node, document, nodes, operations

RULES = Path(__file__).resolve().parents[2] / "witnesses" / "spectral" / "ruleset.yaml"
SAYS_ITS_FORM = {"format", "pattern", "enum", "const", "contentMediaType"}
SAYS_ITS_LENGTH = {"maxLength", "enum", "const"}


@pytest.fixture(scope="module")
def passed_over() -> dict[str, set[str]]:
    """The places that each rule passes over: `/signals/get`, or `/signals` with all of it."""
    found: dict[str, set[str]] = {}
    for override in yaml.safe_load(RULES.read_text("utf-8"))["overrides"]:
        for rule in override["rules"]:
            found.setdefault(rule, set()).update(map(place, override["files"]))
    return found


def place(pointer: str) -> str:
    _, _, steps = pointer.partition("#/paths/")
    return unquote(steps).replace("~1", "/").replace("~0", "~")


def of_type(kind: str) -> Iterator[Node]:
    return (node for node in nodes(document()) if node.get("type") == kind)


def calls(without: Callable[[Node], bool]) -> set[str]:
    return {f"{path}/{method}" for path, method, call in operations() if without(call)}


def test_a_call_needs_a_key_or_is_listed_with_why(passed_over: dict[str, set[str]]) -> None:
    writes = passed_over["owasp:api2:2023-write-restricted"]
    reads = passed_over["owasp:api2:2023-read-restricted"]
    assert calls(lambda call: not call["security"]) == writes | reads


def test_a_call_with_a_key_says_what_happens_without_one() -> None:
    assert not calls(lambda call: bool(call["security"]) and "401" not in call["responses"])


def test_a_call_says_how_often_or_is_listed_with_why(passed_over: dict[str, set[str]]) -> None:
    listed = passed_over["owasp:api4:2023-rate-limit-responses-429"]
    assert calls(lambda call: "429" not in call["responses"]) == listed


def test_a_path_says_whose_scripts_may_read_or_is_listed_with_why(
    passed_over: dict[str, set[str]],
) -> None:
    silent = {
        path
        for path, _, call in operations()
        for reply in call["responses"].values()
        if "Access-Control-Allow-Origin" not in reply["headers"]
    }
    assert silent == passed_over["owasp:api8:2023-define-cors-origin"]


def test_each_text_says_its_form_and_how_long_it_may_be() -> None:
    for text in of_type("string"):
        assert SAYS_ITS_FORM & set(text), text
        assert SAYS_ITS_LENGTH & set(text), text


def test_each_whole_number_and_each_list_has_an_end() -> None:
    for number in of_type("integer"):
        assert {"minimum", "maximum"} <= set(number), number
    for listing in of_type("array"):
        assert "maxItems" in listing, listing


def test_what_is_meant_where_a_field_is_left_out_has_the_form_of_the_field() -> None:
    for field in nodes(document()):
        if field.get("default") == "":
            forms = [form for form in field.get("anyOf", [field]) if form["type"] == "string"]
            assert any(not {"format", "pattern"} & set(form) for form in forms), field
