"""The schema that editors use says of a file what the loader says."""

import tomllib
from pathlib import Path

import pytest

from ingest.files.findings import FilesRejected
from ingest.questionnaires.questionnaire import load_questionnaire
from ingest.questionnaires.schema import schema
from tests.questionnaires_at_hand import DUTCH, ENGLISH, OWN, OWN_ENGLISH, write_files
from tests.read_later import read_later

jsonschema = read_later("jsonschema")


def fits(text: str) -> bool:
    """Whether an editor marks nothing in this file."""
    valid: bool = jsonschema.Draft202012Validator(schema()).is_valid(tomllib.loads(text))
    return valid


@pytest.mark.parametrize("text", [DUTCH, ENGLISH, OWN, OWN_ENGLISH])
@pytest.mark.dear
def test_every_kind_of_file_is_known(text: str) -> None:
    assert fits(text)


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
    assert not fits(text)


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
    assert not fits(text)
    with pytest.raises(FilesRejected):
        load_questionnaire(write_files(tmp_path, v1=text))
