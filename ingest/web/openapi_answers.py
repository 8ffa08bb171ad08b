"""What `answers` holds for each kind of item, as the API's document has it."""

from typing import Any

from ingest.questionnaires.items import NOT_APPLICABLE
from ingest.questionnaires.kinds import KINDS, MOST_CHARACTERS, Kind

_CODE = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$", "maxLength": 40}


def answer_schemas() -> dict[str, Any]:
    """Schemas by name: `Answer`, which is one of the others, one for each kind of item."""
    kinds = {schema_name(kind): _of_kind(kind) for kind in KINDS.values()}
    not_applicable = {
        "title": "Not applicable",
        "description": "Instead of any other value, where the item has notApplicable.",
        "type": "string",
        "const": NOT_APPLICABLE,
        "examples": [NOT_APPLICABLE],
    }
    kinds["AnswerNotApplicable"] = not_applicable
    whole = {
        "title": "Answer",
        "description": "The answer to one item. Which of these it may be follows from the kind of "
        "the item; whether it fits, from the questionnaire. An item that was skipped is left out.",
        "anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in kinds],
        "examples": [_example(KINDS["mark"])],
    }
    return {"Answer": whole, **kinds}


def schema_name(kind: Kind) -> str:
    """Of the schema of answers to items of this kind: `AnswerYesPartlyNo`."""
    return "Answer" + "".join(part.capitalize() for part in kind.name.split("_"))


def _of_kind(kind: Kind) -> dict[str, Any]:
    description = f"To an item of kind {kind.name}: {kind.about}."
    if kind.holds == "text":
        description += " Personal data that is recognised is taken out before it is stored."
    return {
        "title": kind.name,
        "description": description,
        **_values(kind),
        "examples": [_example(kind)],
    }


def _values(kind: Kind) -> dict[str, Any]:
    """Derived from what items of this kind take; see `ingest.responses.answer_values`."""
    if kind.scale:
        lowest, highest = kind.scale
        return {"type": "integer", "minimum": lowest, "maximum": highest}
    if kind.values:
        return {"type": "string", "enum": list(kind.values)}
    if kind.holds == "codes":
        return {"type": "array", "items": _CODE, "uniqueItems": True, "maxItems": 200}
    if kind.holds == "text":
        return {
            "type": "string",
            "contentMediaType": "text/plain",
            "maxLength": MOST_CHARACTERS,
        }
    return _CODE


def _example(kind: Kind) -> Any:
    if kind.scale:
        return kind.scale[1] - 1
    if kind.values:
        return kind.values[0]
    options = {"codes": ["website", "balie"], "text": "Het formulier was duidelijk."}
    return options.get(kind.holds, "website")
