"""The API's document says all that is live, and says it as the NL API Design Rules want it."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
import pytest

from ingest.asgi.messages import API_VERSION
from ingest.web.openapi import BASE, openapi_document
from ingest.web.problems import KINDS
from ingest.web.table import ROUTES
from tests.read_later import read_later

jsonschema = read_later("jsonschema")

METHODS = {"get", "post", "put", "patch", "delete", "head", "options", "trace"}
Node = dict[str, Any]


@cache
def document() -> Node:
    # As it travels: with lists for tuples.
    read: Node = msgspec.json.decode(msgspec.json.encode(openapi_document(ROUTES)))
    return read


def operations() -> Iterator[tuple[str, str, Node]]:
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def nodes(part: Any) -> Iterator[Node]:
    """Every object of the document, at any depth."""
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from nodes(value)
    elif isinstance(part, list):
        for value in part:
            yield from nodes(value)


def at(reference: str) -> Any:
    found: Any = document()
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def properties() -> Iterator[tuple[str, Node]]:
    for schema in document()["components"]["schemas"].values():
        yield from schema.get("properties", {}).items()


def test_it_is_a_version_3_document_with_a_semantic_version() -> None:
    assert re.fullmatch(r"3(\.\d+){1,2}", document()["openapi"])
    assert document()["info"]["version"] == API_VERSION
    assert re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", API_VERSION)


def test_the_address_has_the_major_version() -> None:
    for server in document()["servers"]:
        assert server["url"].endswith("/v" + API_VERSION.partition(".")[0])
        assert not server["url"].startswith("http://")


def test_the_contact_is_whole_and_promises_nobody() -> None:
    contact = document()["info"]["contact"]
    assert contact["name"] == "The maintainers of Meetpunt"
    # Until somebody publishes it, nobody can be written to: example addresses lead nowhere.
    assert contact["url"].startswith("https://code.example/")
    assert contact["email"].endswith("@code.example")


def test_paths_are_in_kebab_case_and_end_in_no_slash() -> None:
    for path in document()["paths"]:
        assert re.fullmatch(r"(/([a-z0-9]+(-[a-z0-9]+)*|\{[a-z][a-zA-Z]*\}|openapi\.json))+", path)


def test_only_known_methods_are_used() -> None:
    for path, method, _ in operations():
        assert method in METHODS, path


def test_query_keys_and_properties_are_in_camel_case() -> None:
    camel = re.compile(r"[a-z][a-z0-9]*([A-Z][a-z0-9]*)*")
    for path, _, operation in operations():
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "query":
                assert camel.fullmatch(parameter["name"]), path
    for name, _ in properties():
        assert camel.fullmatch(name)
    for name in document()["components"]["schemas"]:
        assert re.fullmatch(r"([A-Z][a-z0-9]*)+", name)


def test_every_parameter_in_a_path_is_declared_and_required() -> None:
    for path, _, operation in operations():
        declared = {p["name"]: p for p in operation.get("parameters", ()) if p["in"] == "path"}
        assert set(declared) == set(re.findall(r"\{(\w+)\}", path))
        assert all(parameter["required"] for parameter in declared.values())


def test_every_operation_says_what_it_is() -> None:
    ids = [operation["operationId"] for _, _, operation in operations()]
    assert len(ids) == len(set(ids))
    tags = [tag["name"] for tag in document()["tags"]]
    assert len(tags) == len(set(tags))
    for path, _, operation in operations():
        assert operation["summary"], path
        assert operation["description"], path
        assert set(operation["tags"]) <= set(tags), path


def test_every_reply_carries_the_version() -> None:
    for path, _, operation in operations():
        for status, reply in operation["responses"].items():
            assert "API-Version" in reply["headers"], (path, status)


def test_every_refusal_is_a_problem() -> None:
    for path, _, operation in operations():
        for status, reply in operation["responses"].items():
            if status >= "400":
                assert set(reply["content"]) == {"application/problem+json"}, (path, status)
    problem = document()["components"]["schemas"]["Problem"]
    assert {"type", "status", "title", "detail"} <= set(problem["required"])


def test_invalid_input_is_400_and_never_422() -> None:
    for path, method, operation in operations():
        takes_input = method in ("post", "put", "patch") or operation.get("parameters")
        assert "422" not in operation["responses"], path
        assert not takes_input or "400" in operation["responses"], path
        if method in ("post", "put", "patch"):
            assert {"406", "413", "415"} <= set(operation["responses"]), path


def test_what_passes_says_when_to_try_again() -> None:
    for path, _, operation in operations():
        for status in {"429", "503"} & set(operation["responses"]):
            assert "Retry-After" in operation["responses"][status]["headers"], (path, status)


# Names that other systems were promised before the rules had this one.
PROMISED_MOMENTS = {"endedAt", "sendAfter"}


def test_moments_end_in_op_and_days_in_datum_or_date() -> None:
    for name, schema in properties():
        kind = schema.get("format")
        assert kind not in ("time", "date-time-local"), name
        assert (kind == "date-time") == (name.endswith("Op") or name in PROMISED_MOMENTS), name
        if re.search(r"(Datum|Date)$", name) or name in ("datum", "date"):
            assert kind == "date", name


def test_every_reference_leads_somewhere_and_nothing_is_left_over() -> None:
    used = {node["$ref"] for node in nodes(document()) if "$ref" in node}
    for reference in used:
        assert at(reference)
    for kind in ("schemas", "headers"):
        for name in document()["components"][kind]:
            assert f"#/components/{kind}/{name}" in used, name


@pytest.mark.dear
def test_every_schema_is_a_schema_and_fits_its_examples() -> None:
    for node in nodes(document()):
        for schema in [value for key, value in node.items() if key == "schema"]:
            jsonschema.Draft202012Validator.check_schema(schema)
            for example in schema.get("examples", ()):
                jsonschema.validate(example, schema)
    for schema in document()["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_route_of_the_api_is_in_the_document_and_the_other_way_round() -> None:
    live = {(route.method.lower(), route.path) for route in ROUTES if route.path.startswith(BASE)}
    assert {(method, BASE + path) for path, method, _ in operations()} == live
    assert not [route.path for route in ROUTES if route.call and not route.path.startswith(BASE)]


@pytest.mark.parametrize("name", KINDS)
def test_every_problem_is_in_the_document_under_its_own_status(name: str) -> None:
    status = str(KINDS[name][0])
    told_at = {
        listed
        for _, _, operation in operations()
        for listed, reply in operation["responses"].items()
        if f"{name}: {KINDS[name][1]}" in reply["description"]
    }
    assert told_at == {status}


def test_each_call_says_whose_key_it_needs() -> None:
    needed = {
        path: name
        for path, _, operation in operations()
        for security in operation["security"]
        for name in security
    }
    assert needed == {
        "/invitations": "apiKey",
        "/operational-figures": "apiKey",
        "/signals": "apiKey",
        "/signals/{signalId}/follow-up": "apiKey",
        "/notifications/{municipality}": "notificationKey",
        "/messages/{municipality}/{sender}/receipts": "senderSecret",
        "/messages/{municipality}/{sender}/replies": "senderSecret",
    }
    assert set(needed.values()) == set(document()["components"]["securitySchemes"])


def test_the_example_of_a_reply_answers_the_example_of_its_call() -> None:
    call = document()["paths"]["/invitations"]["post"]
    asked = call["requestBody"]["content"]["application/json"]["examples"]
    replies = {
        status: reply["content"]["application/json"]["example"]
        for status, reply in call["responses"].items()
        if status in ("201", "202")
    }
    for status, example in (("201", "links"), ("202", "messages")):
        assert replies[status]["touchpoint"] == asked[example]["value"]["touchpoint"]
