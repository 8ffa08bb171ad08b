"""The installation of `deploy/README.md` on one machine, in a bare Debian: typed, timed and used.

The Debian is made by mmdebstrap, in a folder. No systemd runs there, so what its units say is
started behind their walls by `unit_walls.py`; `machine_walk.py` is the resident, the proxy's log
and the night.
"""

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import msgspec

from tests.certificates import Authority
from tests.system.outcome import NotHere
from tests.system.running import ROOT

HOST = "kto.yourtown.nl"
PROXIES = ("caddy", "nginx", "haproxy")
_PAGE = ROOT / "deploy" / "README.md"
_TLS = Path("/etc/ssl/meetpunt")
# Whom this machine trusts, where no package of the Debian puts something else.
_TRUSTED = "/usr/local/share/trusted-outside.crt"
_MOST_COMMANDS = 5
_MOST_SECONDS = 600
_SCRIPTS = (
    "system/unit_walls.py",
    "system/machine_walk.py",
    "system/walls_probe.py",
    "system/thief.py",
    "internet_nl.py",
)
_COUNT = """
import asyncio, asyncpg
from pathlib import Path
from ingest.postgres.server import EmbeddedPostgres
async def count(url):
    db = await asyncpg.connect(url)
    print(await db.fetchval("select count(*) from meetpunt.response"))
with EmbeddedPostgres(Path("/var/lib/meetpunt/data"), announce=lambda _: None) as server:
    asyncio.run(count(server.url("postgres")))
"""

# The second is the control: the same command, which the account begins and not root.
_THEFT = (
    "sed '/-I -m/s/^exec/exec runuser -u meetpunt --/' /usr/local/bin/meetpunt"
    " > /usr/local/lib/before"
    " && python3 /usr/local/lib/thief.py 10 meetpunt migrate"
    " && python3 /usr/local/lib/thief.py 10 sh /usr/local/lib/before migrate"
)


class CannotTry(click.ClickException):
    """A line of the page fails in a bare Debian."""


class Installed(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen: of each proxy what `machine_walk.py` told."""

    commands: int
    seconds: float
    exposure: dict[str, float]
    verified: str
    walks: list[dict[str, Any]]
    local_postgres: str
    thanked: int
    restored: int


class BareDebian:
    """A root file system, in which commands run as root in namespaces of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self) -> None:
        """A Debian 12 as its installer leaves it, with lists of packages."""
        try:
            self._run(
                ("mmdebstrap", "--variant=important", "--quiet", "bookworm", str(self.folder))
            )
        except CannotTry as refused:
            raise NotHere(f"no Debian can be fetched and unpacked: {refused.message}") from None
        # No package may start anything: it would run outside our namespaces.
        policy = self.folder / "usr/sbin/policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
        # How this machine reaches the network.
        for path in ("/etc/resolv.conf", "/etc/hosts"):
            shutil.copy(path, self.folder / path.lstrip("/"))
        shutil.copy("/etc/ssl/certs/ca-certificates.crt", self.folder / _TRUSTED.lstrip("/"))

    def type(self, command: str, *, cut_off: bool = False) -> str:
        """Run a line as root; `cut_off`: in a network of its own. Raises CannotTry."""
        root = str(self.folder)
        mounts = (
            f"mount --bind {root} {root}; mount -t proc proc {root}/proc;"
            f" mount --rbind /dev {root}/dev; mount -t sysfs sys {root}/sys;"
            + (" ip link set lo up;" if cut_off else "")
        )
        passed = ("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root")
        more = ("LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive", f"PIP_CERT={_TRUSTED}")
        script = f'{mounts} exec chroot {root} env -i "$@"'
        alone = ("unshare", "--mount", "--pid", "--fork", "--kill-child")
        network = ("--net",) if cut_off else ()
        inside = ("bash", "-ec", script, "bash", *passed, *more, "bash", "-c")
        return self._run((*alone, *network, *inside, f"cd /root; {command}"))

    def _run(self, command: tuple[str, ...]) -> str:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotTry(f"{command[-1]}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
        return done.stdout


def commands_of_the_page() -> list[str]:
    """What `deploy/README.md` says to type, "On one machine"; lines that go on are one."""
    _, _, section = _PAGE.read_text("utf-8").partition("\n## On one machine\n")
    block = section.split("```")[1].replace("\\\n", " ")
    lines = [line.partition(" #")[0].strip() for line in block.splitlines()]
    return [" ".join(line.split()) for line in lines if line]


def installed(folder: Path, proxies: tuple[str, ...] = PROXIES) -> Installed:
    """Do it all. Raises NotHere where this machine cannot, CannotTry where a line fails."""
    if os.geteuid() != 0 or shutil.which("mmdebstrap") is None:
        raise NotHere("this needs root, and mmdebstrap: apt-get install mmdebstrap")
    debian = BareDebian(folder)
    debian.make()
    _bring_release(folder)
    _bring_certificate(folder)
    typed = [_answered(line) for line in commands_of_the_page()]
    begun = time.monotonic()
    for line in typed:
        debian.type(line)
    seconds = time.monotonic() - begun
    # What trying takes, and an administrator does not need.
    debian.type("apt-get install -y -qq python3-seccomp openssl nginx-light haproxy")
    for name in _SCRIPTS:
        shutil.copy(ROOT / "tests" / name, folder / "usr/local/lib" / Path(name).name)
    verified = debian.type("systemd-analyze verify /etc/systemd/system/meetpunt* 2>&1")
    walks = []
    for proxy in proxies:
        debian.type(
            f"/opt/meetpunt/bin/meetpunt setup --no-questions --proxy {proxy} {_tls(proxy)}"
        )
        walks.append(_walked(debian, proxy, "meetpunt-backup.service"))
    thanked = sum(walk["thanked"] for walk in walks)
    debian.type("rm -rf /var/lib/meetpunt/data")
    debian.type("meetpunt restore --to latest")
    script = folder / "usr/local/lib/count.py"
    script.write_text(_COUNT)
    told = debian.type("runuser -u meetpunt -- /opt/meetpunt/bin/python /usr/local/lib/count.py")
    return Installed(
        commands=len(typed),
        seconds=round(seconds, 1),
        exposure=_exposure(debian),
        verified=verified.strip(),
        walks=walks,
        local_postgres=_with_a_local_postgres(debian),
        thanked=thanked,
        restored=int(told),
    )


def faults_of(found: Installed) -> list[str]:
    """What is not as it should be."""
    wrong = []
    if found.commands > _MOST_COMMANDS or found.seconds > _MOST_SECONDS:
        wrong.append(f"{found.commands} commands in {found.seconds} s")
    wrong += [f"{unit}: {told}" for unit, told in found.exposure.items() if told >= 2]
    if found.verified:
        wrong.append(found.verified)
    if found.restored != found.thanked:
        wrong.append(f"thanked for {found.thanked} and restored {found.restored}")
    if found.local_postgres:
        wrong.append(found.local_postgres)
    for walk in found.walks:
        waits = walk["proxy"] != "nginx"
        sent = walk["sent_during_a_restart"]
        for name in ("internet_nl", "server_named", "tokens_in_logs", "backup", "walls"):
            if walk[name] and (name, walk["proxy"]) != ("server_named", "nginx"):
                wrong.append(f"{walk['proxy']}, {name}: {walk[name]}")
        if not (walk["old_tls_refused"] and walk["control_finds"]):
            wrong.append(f"{walk['proxy']}: old TLS, or a control that finds nothing")
        if sent != 303 if waits else not (sent == 503 and walk["page_of_ours"]):
            wrong.append(f"{walk['proxy']}: sent during a restart, and answered {sent}")
        if walk["away"] != [503, "10"]:
            wrong.append(f"{walk['proxy']}, away: {walk['away']}")
        if not walk["doctor"] or not walk["doctor"][0].startswith("0 wrong"):
            wrong.append(f"{walk['proxy']}, doctor: {walk['doctor']}")
    return wrong


def _walked(debian: BareDebian, proxy: str, backup: str) -> dict[str, Any]:
    told = debian.type(
        f"python3 /usr/local/lib/machine_walk.py {HOST} {proxy} {_TLS}/authority.pem {backup}",
        cut_off=True,
    )
    walk: dict[str, Any] = json.loads(told.splitlines()[-1])
    return walk


def _with_a_local_postgres(debian: BareDebian) -> str:
    """Once more with Debian's own Postgres: what is wrong, or nothing."""
    debian.type("apt-get install -y -qq postgresql; mv /etc/meetpunt /var/lib/meetpunt/data /srv/")
    setup = next(line for line in commands_of_the_page() if "meetpunt setup" in line)
    line = f"{_answered(setup)} --postgres local --backup /var/backups/meetpunt-dumps"
    walk = f"python3 /usr/local/lib/machine_walk.py {HOST} caddy {_TLS}/authority.pem"
    try:
        told = debian.type(
            f"pg_ctlcluster 15 main start && {line} >&2 && {walk} meetpunt-dump.service"
            " && runuser -u postgres -- psql -Atc 'select count(*) from meetpunt.response' meetpunt"
            f" && ls /var/backups/meetpunt-dumps/*/ && {_THEFT}",
            cut_off=True,
        )
    except CannotTry as failed:
        return failed.message
    walked, count, *files, ours, before = [each for each in told.splitlines() if each][-7:]
    if json.loads(walked)["thanked"] != int(count):
        return f"a Postgres of Debian: {walked}, and {count} stored"
    if json.loads(walked)["backup"] or len(files) < 3:
        return f"a Postgres of Debian, dumped: {walked}, {files}"
    if json.loads(ours)["taken"] or json.loads(ours)["failed"]:
        return f"the owner's settings, taken while a command began: {ours}"
    if not json.loads(before)["taken"]:
        return f"a thief that takes nothing where a command begins without rights: {before}"
    return ""


def _exposure(debian: BareDebian) -> dict[str, float]:
    found = {}
    for path in sorted((debian.folder / "etc/systemd/system").glob("meetpunt*.service")):
        told = debian.type(f"systemd-analyze security --offline=true {path.name}")
        found[path.name] = float(re.findall(r"exposure level for \S+: ([\d.]+)", told)[0])
    return found


def _answered(line: str) -> str:
    """`meetpunt setup` asks; here the answers are options."""
    if not line.endswith("meetpunt setup"):
        return f"cd /srv/release && {line}"
    return (
        f"{line} --no-questions --name Yourtown --code GM0405 --site https://www.yourtown.nl"
        f" --host {HOST} --proxy caddy {_tls('caddy')}"
    )


def _tls(proxy: str) -> str:
    both = f"--certificate {_TLS}/{HOST}.pem"
    return both if proxy == "haproxy" else f"{both} --certificate-key {_TLS}/{HOST}.pem"


def _bring_release(root: Path) -> None:
    """What `make release` makes, for `pip` in that folder."""
    folder = root / "srv/release"
    folder.mkdir(parents=True)
    words = ("wheel", str(ROOT), "--no-deps", "--no-build-isolation", "--no-index", "--quiet")
    subprocess.run((sys.executable, "-m", "pip", *words, "--wheel-dir", str(folder)), check=True)
    shutil.copy(ROOT / "requirements.lock", folder)
    release = runpy.run_path(str(ROOT / ".ci" / "release.py"))
    (folder / "meetpunt.lock").write_text(release["all_in_one"](folder), "ascii")


def _bring_certificate(root: Path) -> None:
    """A certificate as an administrator has one, of an authority that the walk trusts."""
    folder = root / str(_TLS).lstrip("/")
    folder.mkdir(parents=True)
    authority = Authority()
    authority.vouching_for(HOST, folder)
    (folder / "authority.pem").write_text(authority.pem())
    for path in folder.iterdir():
        path.chmod(0o644)


@contextmanager
def a_folder(chosen: Path | None) -> Iterator[Path]:
    """The folder for the file system: the one that was named, or one that goes afterwards."""
    folder = chosen or Path(f"/var/tmp/meetpunt-machine-{os.getpid()}")
    try:
        yield folder
    finally:
        if chosen is None:
            shutil.rmtree(folder, ignore_errors=True)
