"""The JSON schema of questionnaires' files, so that an editor completes and marks mistakes."""

from typing import Any

import msgspec

from ingest.questionnaires.translations import Translation
from ingest.questionnaires.written import WrittenExtension, WrittenQuestionnaire


def schema() -> dict[str, Any]:
    """One schema for the three kinds of file: shared questionnaire, own items, translation."""
    kinds = [WrittenQuestionnaire, WrittenExtension, Translation]
    references, components = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
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
