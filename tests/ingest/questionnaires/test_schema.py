"""The schema that editors use says of a file what the loader says."""

import tomllib
from pathlib import Path

import jsonschema
import pytest

from ingest.files.findings import FilesRejected
from ingest.questionnaires.questionnaire import load_questionnaire
from ingest.questionnaires.schema import schema
from tests.questionnaires_at_hand import DUTCH, ENGLISH, OWN, OWN_ENGLISH, write_files

CHECK = jsonschema.Draft202012Validator(schema())


@pytest.mark.parametrize("text", [DUTCH, ENGLISH, OWN, OWN_ENGLISH])
def test_every_kind_of_file_is_known(text: str) -> None:
    assert CHECK.is_valid(tomllib.loads(text))


@pytest.mark.parametrize(
    "text",
    [
        DUTCH.replace("kind", "kinds"),
        DUTCH.replace('"mark"', '"grade"'),
        DUTCH.replace('"cijfer"', '"Cijfer!"'),
        ENGLISH.replace("reviewed_by", "reviewer"),
        OWN.replace("version = 1", "version = 0"),
        DUTCH.replace('kind = "text"', 'kind = "text"\ncore = false'),
    ],
)
def test_a_typing_error_is_marked(text: str) -> None:
    assert not CHECK.is_valid(tomllib.loads(text))


@pytest.mark.parametrize(
    "text",
    [
        DUTCH.replace('kind = "choice"', 'kind = "yes_partly_no"'),
        DUTCH.replace('kind = "mark"', 'kind = "yes_partly_no"'),
        DUTCH.replace('kind = "text"', 'kind = "text"\nindicator = "gemak"'),
        DUTCH.replace('kind = "text"', 'kind = "choice"'),
    ],
)
def test_what_a_kind_cannot_have_is_marked_as_loading_refuses_it(text: str, tmp_path: Path) -> None:
    assert not CHECK.is_valid(tomllib.loads(text))
    with pytest.raises(FilesRejected):
        load_questionnaire(write_files(tmp_path, v1=text))
