"""Describe the fields of the API's document in a few words for people. Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

type_of_schema = Mapping[str, Any]

_FORMATS = {
    "uuid": "UUID",
    "uri": "web address",
    "uri-reference": "address on this service",
    "date-time": "moment with a time zone (RFC 3339)",
}
_NAMES = {"boolean": "true or false", "object": "object", "null": "null", "number": "number"}


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A field or a parameter: `kind` in words; `leads` are the schemas that it refers to."""

    name: str
    kind: str
    pattern: str
    required: bool
    words: str
    example: str
    leads: tuple[str, ...]


def fields(schema: type_of_schema) -> Iterator[Field]:
    """The fields of an object, in their order."""
    required = schema.get("required", ())
    for name, within in schema.get("properties", {}).items():
        yield field(name, within, required=name in required)


def field(name: str, schema: type_of_schema, *, required: bool) -> Field:
    """One field with its schema."""
    examples = schema.get("examples", ())
    shown = next((example for example in examples if example not in (None, [])), None)
    return Field(
        name=name,
        kind=kind(schema),
        pattern=_pattern(schema),
        required=required,
        words=schema.get("description", ""),
        example="" if shown is None else in_one_line(shown),
        leads=tuple(dict.fromkeys(_leads(schema))),
    )


def kind(schema: type_of_schema) -> str:
    """What a value may be: "text, at most 40 characters"."""
    if "$ref" in schema:
        return _name(schema)
    if "anyOf" in schema and "type" not in schema:
        return " or ".join(kind(option) for option in schema["anyOf"])
    if "const" in schema:
        return f"always {in_one_line(schema['const'])}"
    if "enum" in schema:
        return f"one of {', '.join(str(option) for option in schema['enum'])}"
    match schema.get("type"):
        case "string":
            return _text(schema)
        case "integer":
            return f"whole number{_between(schema)}"
        case "array":
            most = f"at most {schema['maxItems']:,}, each: " if "maxItems" in schema else ""
            return f"list of {most}{kind(schema.get('items', {}))}"
        case "object" if "additionalProperties" in schema:
            within = schema["additionalProperties"]
            return f"object; each value: {kind(within)}" if isinstance(within, dict) else "object"
        case other:
            return _NAMES.get(str(other), "any value")


def in_one_line(value: object) -> str:
    """JSON as people write it in a line."""
    return json.dumps(value, ensure_ascii=False)


def in_lines(value: object) -> str:
    """JSON as people read it."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def _text(schema: type_of_schema) -> str:
    named = _FORMATS.get(schema.get("format", ""))
    if named:
        return f"{named} of version 4" if "-4" in schema.get("pattern", "") else named
    if schema.get("contentMediaType") == "application/json":
        return f"text with the JSON of {_name(schema['contentSchema'])}"
    most = f", at most {schema['maxLength']:,} characters" if "maxLength" in schema else ""
    return f"text{most}"


def _between(schema: type_of_schema) -> str:
    lowest, highest = schema.get("minimum"), schema.get("maximum")
    if lowest is None or highest is None:
        return ""
    return f", {lowest:,} to {highest:,}" if highest < 10_000 else f", {lowest:,} or more"


def _pattern(schema: type_of_schema) -> str:
    if schema.get("format") == "uuid":
        return ""  # said in words
    pattern: str = schema.get("pattern", "")
    for option in schema.get("anyOf", ()):
        pattern = pattern or _pattern(option)
    return pattern


def _name(schema: type_of_schema) -> str:
    name: str = schema["$ref"].rpartition("/")[2]
    return name


def _leads(part: Any) -> Iterable[str]:
    """Names of the schemas that are referred to, at any depth but within examples."""
    if isinstance(part, Mapping):
        if "$ref" in part:
            yield _name(part)
        for key, value in part.items():
            if key not in ("examples", "example"):
                yield from _leads(value)
    elif isinstance(part, list):
        for value in part:
            yield from _leads(value)
