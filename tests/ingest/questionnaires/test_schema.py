"""The schema that editors use says of a file what the loader says."""

import tomllib

import jsonschema
import pytest

from ingest.questionnaires.schema import schema
from tests.questionnaires_at_hand import DUTCH, ENGLISH, OWN, OWN_ENGLISH

CHECK = jsonschema.Draft202012Validator(schema())


@pytest.mark.parametrize("text", [DUTCH, ENGLISH, OWN, OWN_ENGLISH])
def test_every_kind_of_file_is_known(text: str) -> None:
    assert CHECK.is_valid(tomllib.loads(text))


@pytest.mark.parametrize(
    "text",
    [
        DUTCH.replace("kind", "kinds"),
        DUTCH.replace('"mark"', '"rating"'),
        DUTCH.replace('"cijfer"', '"Cijfer!"'),
        ENGLISH.replace("reviewed_by", "reviewer"),
        OWN.replace("version = 1", "version = 0"),
        DUTCH.replace('kind = "text"', 'kind = "text"\ncore = false'),
    ],
)
def test_a_typing_error_is_marked(text: str) -> None:
    assert not CHECK.is_valid(tomllib.loads(text))
