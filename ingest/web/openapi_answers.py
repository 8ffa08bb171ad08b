"""What `answers` holds for each kind of item, as the API's document has it."""

from typing import Any, get_args

from ingest.questionnaires.items import NOT_APPLICABLE, SCALES, YES_PARTLY_NO, Kind
from ingest.responses.answer_values import MOST_CHARACTERS

_CODE = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$", "maxLength": 40}
_WORDS = {
    "mark": "A school mark, as a number.",
    "agreement": "From 1 (disagrees entirely) to 5 (agrees entirely), as a number.",
    "smileys": "From 1 (the saddest) to 5 (the happiest), as a number.",
    "yes_partly_no": "One of these codes, whatever the language.",
    "choice": "The code of one of the item's options.",
    "choices": "The codes of the options that were chosen, each once, in any order.",
    "text": f"What was typed, at most {MOST_CHARACTERS} characters once composed to NFC. Personal "
    "data that is recognised is taken out before it is stored.",
}
_EXAMPLES: dict[str, Any] = {
    "mark": 8,
    "agreement": 4,
    "smileys": 5,
    "yes_partly_no": "ja",
    "choice": "website",
    "choices": ["website", "balie"],
    "text": "Het formulier was duidelijk.",
}


def answer_schemas() -> dict[str, Any]:
    """Schemas by name: `Answer`, which is one of the others, one for each kind of item."""
    kinds = {f"Answer{_camel(kind)}": _of_kind(kind) for kind in get_args(Kind)}
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
        "examples": [_EXAMPLES["mark"]],
    }
    return {"Answer": whole, **kinds}


def _of_kind(kind: str) -> dict[str, Any]:
    return {
        "title": kind,
        "description": f"To an item of kind {kind}. {_WORDS[kind]}",
        **_values(kind),
        "examples": [_EXAMPLES[kind]],
    }


def _values(kind: str) -> dict[str, Any]:
    """Derived from what items of this kind take; see `ingest.responses.answer_values`."""
    if kind in SCALES:
        lowest, highest = SCALES[kind]
        return {"type": "integer", "minimum": lowest, "maximum": highest}
    if kind == "yes_partly_no":
        return {"type": "string", "enum": list(YES_PARTLY_NO)}
    if kind == "choices":
        return {"type": "array", "items": _CODE, "uniqueItems": True, "maxItems": 200}
    if kind == "text":
        return {
            "type": "string",
            "contentMediaType": "text/plain",
            "maxLength": MOST_CHARACTERS,
        }
    return _CODE


def _camel(kind: str) -> str:
    return "".join(part.capitalize() for part in kind.split("_"))
