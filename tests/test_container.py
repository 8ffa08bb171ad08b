"""An image and how it is run: by settings that there are, with no more rights than it needs."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.settings import Settings, settings_from

CONTAINER = Path(__file__).parents[1] / "deploy" / "container"
CHART = CONTAINER.parent / "chart"
CONTAINERFILE = (CONTAINER / "Containerfile").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((CONTAINER / "compose.yaml").read_text("utf-8"))
OURS = {
    name: service for name, service in COMPOSE["services"].items() if "${IMAGE" in service["image"]
}


def settings_of(environment: dict[str, str]) -> Settings:
    """As the service reads them; what is filled in by who runs it is a word here."""
    filled = {name: re.sub(r"\$\{\w+:?[?-]?\}", "word", text) for name, text in environment.items()}
    return settings_from({**filled, "MEETPUNT_TRUSTED_PROXIES": ""})


def test_an_image_sets_what_there_is_to_set() -> None:
    stages = re.split(r"^FROM ", CONTAINERFILE, flags=re.MULTILINE)[2:]
    assert [stage.split()[2] for stage in stages] == ["alone", "service"]
    for stage in stages:
        environment = dict(re.findall(r"\b(MEETPUNT_\w+)=(\S+)", stage))
        assert settings_of(environment).host == "0.0.0.0"
        assert f"WORKDIR {environment['MEETPUNT_DATA']}\n" in stage


def test_the_account_is_one_number_everywhere() -> None:
    account = runpy.run_path(str(CONTAINER / "gather.py"))["ACCOUNT"]
    assert set(re.findall(r"^USER (\S+)$", CONTAINERFILE, re.MULTILINE)) == {f"{account}:{account}"}
    pod = (CHART / "templates" / "_helpers.tpl").read_text("utf-8")
    numbers = re.findall(r"(?:runAsUser|runAsGroup|fsGroup): (\d+)", pod)
    assert numbers == [str(account)] * 3


def test_whatever_is_copied_into_a_build_is_sent_to_it() -> None:
    copied = [
        source
        for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINERFILE, re.MULTILINE)
        for source in sources.split()
    ]
    sent = (CONTAINER / "Containerfile.dockerignore").read_text("utf-8").splitlines()
    assert next(line for line in sent if line and line[0] != "#") == "*"
    assert {f"!{source}" for source in copied} == {line for line in sent if line.startswith("!")}


@pytest.mark.parametrize("name", OURS)
def test_a_copy_may_write_nothing_and_become_nobody(name: str) -> None:
    service = OURS[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert all(volume.endswith(":ro") for volume in service["volumes"])


@pytest.mark.parametrize("name", OURS)
def test_a_copy_is_set_by_what_there_is_and_only_migrate_has_the_owner(name: str) -> None:
    settings = settings_of(OURS[name]["environment"])
    assert (settings.owner_url is not None) == (name == "migrate")
    assert (settings.database_url is not None) == (name != "migrate")


def test_a_copy_has_longer_to_stop_than_it_drains() -> None:
    serving = [service for name, service in OURS.items() if name != "migrate"]
    assert len(serving) == 2
    for service in serving:
        assert int(service["stop_grace_period"].removesuffix("s")) > Settings().drain_seconds + 15
