"""The JSON schema of questionnaires' files, with which editors complete keys and mark mistakes."""

from typing import Any

import msgspec

from ingest.questionnaires.items import WrittenItem
from ingest.questionnaires.kinds import KINDS, Kind
from ingest.questionnaires.translations import Translation
from ingest.questionnaires.written import WrittenExtension, WrittenQuestionnaire


def schema() -> dict[str, Any]:
    """One schema for the three kinds of file: shared questionnaire, own items, translation."""
    kinds = [WrittenQuestionnaire, WrittenExtension, Translation]
    references, components = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    components[WrittenItem.__name__]["allOf"] = [_rule(kind) for kind in KINDS.values()]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A questionnaire of Meetpunt, a municipality's own items, or a translation",
        "anyOf": list(references),
        "$defs": components,
    }


def schema_text() -> str:
    """The schema as the file `questionnaires/schema.json` holds it."""
    return (
        msgspec.json.format(msgspec.json.encode(schema(), order="sorted"), indent=2).decode() + "\n"
    )


def _rule(kind: Kind) -> dict[str, Any]:
    """What an item of this kind has, and what it cannot have: the same that loading refuses."""
    rules: dict[str, Any] = {}
    needed: list[str] = []
    if kind.has_options:
        rules["options"] = {"minItems": 2}
        needed.append("options")
    else:
        rules["options"] = {"maxItems": 0}
    if kind.ends == "none":
        rules |= {end: {"maxProperties": 0} for end in ("low", "high")}
    elif kind.ends == "required":
        needed += ["low", "high"]
    if kind.holds == "text":
        rules |= {"not_applicable": {"const": False}, "indicator": {"const": None}}
    then = {"properties": rules} | ({"required": needed} if needed else {})
    return {"if": {"properties": {"kind": {"const": kind.name}}}, "then": then}
