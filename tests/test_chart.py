"""The chart sets what there is to set, asks what is answered, and is of this version."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest import __version__
from ingest.running.metrics import REGISTRY
from ingest.settings import Settings, SettingsRejected, settings_from, variable_of
from ingest.web.table import ROUTES
from tests.read_later import read_later

jsonschema = read_later("jsonschema")

CHART = Path(__file__).parents[1] / "deploy" / "chart"
HELPERS = (CHART / "templates" / "_helpers.tpl").read_text("utf-8")
VALUES: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text("utf-8"))
SCHEMA: dict[str, Any] = json.loads((CHART / "values.schema.json").read_text("utf-8"))
CHOSEN: dict[str, Any] = SCHEMA["properties"]["settings"]["properties"]

# Whoever runs these commands does so elsewhere, or it is for a Postgres of our own, or the files of
# questionnaires are those of the image.
NOT_IN_A_CLUSTER = {
    *("MEETPUNT_READER_URL", "MEETPUNT_AUDITOR_URL", "MEETPUNT_QUESTIONNAIRES"),
    *("MEETPUNT_POSTGRES_PORT", "MEETPUNT_BACKUP", "MEETPUNT_BACKUP_DAYS"),
    "MEETPUNT_BACKUP_KEY_FILE",
}


def filled(**values: Any) -> dict[str, Any]:
    """The values as they lie here, with an image, and others on top."""
    return {**VALUES, "image": {"repository": "registry.example/meetpunt", "tag": "1"}, **values}


def is_taken(values: dict[str, Any]) -> bool:
    valid: bool = jsonschema.Draft7Validator(SCHEMA).is_valid(values)
    return valid


def test_the_chart_is_of_this_version() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text("utf-8"))
    assert chart["version"] == chart["appVersion"] == __version__


def test_every_setting_can_be_chosen_or_is_set_and_none_is_invented() -> None:
    every = {variable_of(name) for name in Settings.__struct_fields__}
    by_templates = set(re.findall(r"\bMEETPUNT_[A-Z_]*[A-Z]\b", HELPERS))
    chosen = CHOSEN.keys() | by_templates
    assert chosen & NOT_IN_A_CLUSTER == set()
    assert chosen | NOT_IN_A_CLUSTER == every
    assert CHOSEN.keys() & by_templates == set()


@pytest.mark.parametrize("name", [name for name in CHOSEN if "minimum" in CHOSEN[name]])
def test_a_number_may_be_what_the_service_takes_and_nothing_else(name: str) -> None:
    for bound, beyond in (("minimum", -1), ("maximum", 1)):
        # One address may have fewer than a touchpoint, so both are never at the same bound.
        beside = (
            {"MEETPUNT_TOKEN_LIMIT_PER_ADDRESS_PER_MINUTE": "1"} if "TOUCHPOINT" in name else {}
        )
        if not (name.endswith("PER_MINUTE")):
            settings_from({name: str(CHOSEN[name][bound])})
        with pytest.raises(SettingsRejected, match=name):
            settings_from({**beside, name: str(CHOSEN[name][bound] + beyond)})


def test_the_values_as_they_lie_here_are_taken_once_there_is_an_image() -> None:
    assert not is_taken(VALUES)
    assert is_taken(filled())
    assert settings_from({name: str(value) for name, value in VALUES["settings"].items()})


@pytest.mark.parametrize(
    "wrong",
    [
        {"image": {"repository": "registry.example/meetpunt", "tag": "latest"}},
        {"image": {"repository": "registry.example/meetpunt", "digest": "sha256:0"}},
        {"settings": {**VALUES["settings"], "MEETPUNT_WORKRES": 2}},
        {"settings": {**VALUES["settings"], "MEETPUNT_DATABASE_URL": "postgresql://secret"}},
        {"municipalities": {"files": {"../keys.json": ""}}},
        {"replica": 2},
        {"ingress": {**VALUES["ingress"], "enabled": True}},
        # An installation of which nobody makes backups.
        {
            "database": {
                **VALUES["database"],
                "cloudnativepg": {**VALUES["database"]["cloudnativepg"], "enabled": True},
            }
        },
    ],
)
def test_a_value_that_would_not_do_is_refused(wrong: dict[str, Any]) -> None:
    assert not is_taken(filled(**wrong))


def test_every_path_that_holds_a_secret_is_kept_out_of_the_log() -> None:
    (quiet,) = re.findall(
        r"\$quiet := list (.+?) \}\}", (CHART / "templates/ingress.yaml").read_text()
    )
    secret = {
        f"/{route.path.split('/')[1]}/"
        for route in ROUTES
        if re.search(r"\{(?:token|who|secret)\}", route.path)
    }
    assert set(re.findall(r'"(.+?)"', quiet)) == secret


def test_alerts_are_on_what_is_counted() -> None:
    counted = {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in REGISTRY.collect()
    }
    rules = (CHART / "rules.yaml").read_text("utf-8")
    asked = set(re.findall(r"\b([a-z_]+)\{ \{\{", rules))
    asked |= {
        name for names in re.findall(r'__name__=~"(.+?)"', rules) for name in names.split("|")
    }
    assert len(asked) > 5
    assert asked <= counted


def test_a_service_of_our_name_sets_nothing() -> None:
    """Kubernetes would: `MEETPUNT_PORT=tcp://10.0.0.1:80`, and the start would be refused."""
    with pytest.raises(SettingsRejected):
        settings_from({"MEETPUNT_PORT": "tcp://10.0.0.1:80"})
    assert HELPERS.count("enableServiceLinks: false") == 1
    pods = [
        path for path in (CHART / "templates").glob("*.yaml") if "containers:" in path.read_text()
    ]
    assert len(pods) == 3
    assert all('include "meetpunt.pod"' in path.read_text() for path in pods)


def test_the_password_of_the_owner_is_where_it_migrates_and_nowhere_else() -> None:
    using = {
        path.name
        for path in (CHART / "templates").glob("*.yaml")
        if "meetpunt.owner-env" in path.read_text("utf-8")
    }
    assert using == {"migrate.yaml"}
    (service,) = re.findall(r'define "meetpunt.service-env"(.+?)define', HELPERS, re.DOTALL)
    assert "OWNER" not in service.partition("{{- define")[0].upper()


def test_a_database_of_the_chart_thanks_nobody_alone() -> None:
    text = (CHART / "templates" / "cloudnativepg.yaml").read_text("utf-8")
    for line in ("instances: 3", "dataDurability: required", "failoverQuorum: true"):
        assert text.count(line) == 1, line
    # A managed role loses what is granted to it elsewhere: once.sql grants this one.
    assert "inRoles: [pg_use_reserved_connections]" in text
