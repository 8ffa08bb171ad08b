"""publiccode.yml says what catalogues of public software need, in values that they take."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

import ingest
from ingest.files.resources import questionnaires_directory
from ingest.questionnaires.questionnaire import load_questionnaires
from tests.read_later import read_later

jsonschema = read_later("jsonschema")

ROOT = Path(__file__).resolve().parent.parent
TEXT: dict[str, Any] = {"type": "string", "pattern": r"\S"}
WEB_ADDRESS: dict[str, Any] = {"type": "string", "pattern": r"^https://\S+$"}
LANGUAGE = "^[a-z]{2}$"


def one_of(values: str) -> dict[str, Any]:
    """One of these words."""
    return {"enum": values.split()}


def some(item: dict[str, Any]) -> dict[str, Any]:
    """At least one of these, none of them twice."""
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": item}


def table(mandatory: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """These keys and no others."""
    return {
        "type": "object",
        "required": list(mandatory),
        "properties": {**mandatory, **(optional or {})},
        "additionalProperties": False,
    }


DESCRIPTION = table(
    {
        "shortDescription": {**TEXT, "maxLength": 150},
        "longDescription": {**TEXT, "minLength": 150, "maxLength": 10_000},
        "features": some({**TEXT, "maxLength": 100}),
    },
    {"documentation": WEB_ADDRESS, "apiDocumentation": WEB_ADDRESS, "screenshots": some(TEXT)},
)
CONTACT = table({"name": TEXT}, {"email": TEXT, "affiliation": TEXT, "phone": TEXT})
DEPENDENCY = table(
    {"name": TEXT},
    {"version": TEXT, "versionMin": TEXT, "versionMax": TEXT, "optional": {"type": "boolean"}},
)
# The keys of publiccode.yml 0.7 that we use, and of each the values that the standard allows.
# Categories and scopes: those of the standard's lists that fit this software.
SCHEMA = table(
    {
        "publiccodeYmlVersion": {"const": "0.7"},
        "name": TEXT,
        "url": WEB_ADDRESS,
        "platforms": some(one_of("web linux mac windows ios android")),
        "developmentStatus": one_of("concept development beta stable obsolete"),
        "softwareType": {"const": "standalone/web"},
        "description": {
            "type": "object",
            "required": ["nl", "en"],
            "patternProperties": {LANGUAGE: DESCRIPTION},
            "additionalProperties": False,
        },
        "legal": table({"license": TEXT}, {"mainCopyrightOwner": TEXT}),
        "maintenance": table(
            {"type": one_of("internal community"), "contacts": some(CONTACT)},
        ),
        "localisation": table(
            {
                "localisationReady": {"type": "boolean"},
                "availableLanguages": some({"type": "string", "pattern": LANGUAGE}),
            }
        ),
    },
    {
        "softwareVersion": TEXT,
        "releaseDate": {"type": "string", "format": "date"},
        "landingURL": WEB_ADDRESS,
        "roadmap": WEB_ADDRESS,
        "organisation": table({"name": TEXT}, {"uri": TEXT}),
        "categories": some(
            one_of(
                "survey feedback-and-reviews-management customer-service-and-support "
                "data-collection data-analytics data-visualization business-intelligence"
            )
        ),
        "usedBy": some(TEXT),
        "intendedAudience": table(
            {},
            {
                "countries": some({"type": "string", "pattern": "^[A-Z]{2}$"}),
                "scope": some(one_of("local-authorities government society")),
            },
        ),
        "supports": some(
            table({"id": {"type": "string", "pattern": r"^(alias:(gdpr|nis2|cra)|https://\S+)$"}})
        ),
        "dependsOn": table({}, {"open": some(DEPENDENCY)}),
    },
)


@pytest.fixture(scope="module")
def publiccode() -> dict[str, Any]:
    """The file, read."""
    read: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))
    return read


def faults(publiccode: dict[str, Any]) -> list[str]:
    """What the schema has against it."""
    validator = jsonschema.Draft202012Validator(SCHEMA)
    return [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(publiccode)]


def test_every_field_that_catalogues_need_is_there_with_a_value_they_take(
    publiccode: dict[str, Any],
) -> None:
    assert faults(publiccode) == []


@pytest.mark.parametrize("field", SCHEMA["required"])
def test_a_file_without_a_mandatory_field_is_refused(
    publiccode: dict[str, Any], field: str
) -> None:
    assert faults({key: value for key, value in publiccode.items() if key != field})


def test_version_and_licence_are_those_of_the_package(publiccode: dict[str, Any]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert publiccode["softwareVersion"] == project["version"] == ingest.__version__
    assert publiccode["legal"]["license"] == project["license"]


def test_the_languages_are_those_in_which_residents_are_asked(publiccode: dict[str, Any]) -> None:
    asked = [q.languages for q in load_questionnaires(questionnaires_directory()).values()]
    everywhere = set.intersection(*(set(languages) for languages in asked))
    assert set(publiccode["localisation"]["availableLanguages"]) == everywhere


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("README.md", "ask residents a few short questions"),
        ("docs/design.md", "They get a few short questions: at most five and an open one"),
        ("publiccode.yml", "Meetpunt then asks a few short questions"),
        ("publiccode.yml", "Meetpunt stelt dan een paar korte vragen"),
        ("pyproject.toml", "Asks residents a few short questions"),
        ("deploy/chart/Chart.yaml", "Asks residents a few short questions"),
        ("ingest/commands/meetpunt.py", "Ask residents a few short questions"),
    ],
)
def test_everywhere_it_says_the_same_of_how_much_is_asked(path: str, said: str) -> None:
    """A questionnaire has six items at most, and a municipality may add three."""
    assert said in " ".join((ROOT / path).read_text("utf-8").split())
