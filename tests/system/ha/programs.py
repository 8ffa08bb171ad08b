"""What the drill needs beside Debian's Postgres and HAProxy: etcd and Patroni, in a folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.system.running import ROOT

LOCK = ROOT / "tests" / "ha-tools.lock"
DEBIANS = ROOT / "tests" / "ha-tools-debian.lock"
POSTGRES = Path("/usr/lib/postgresql/15/bin")
ACCOUNT = "postgres"
"""Who runs it all: Debian's package of Postgres makes it."""

_NEEDED = ("ip", "iptables", "setpriv", "haproxy")
_AS_ACCOUNT = ("setpriv", f"--reuid={ACCOUNT}", "--clear-groups", sys.executable, "--version")
_WHERE = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))


def missing() -> str | None:
    """What this machine lacks for the drill, in a sentence."""
    if os.geteuid() != 0:
        return "namespaces of a network want root"
    lacking = [name for name in _NEEDED if shutil.which(name, path=_WHERE) is None]
    if not (POSTGRES / "postgres").exists():
        lacking.append("postgresql-15")
    if shutil.which("etcd") is None and shutil.which("apt-get") is None:
        lacking.append("etcd")
    if not lacking and subprocess.run(_AS_ACCOUNT, capture_output=True, check=False).returncode:
        lacking.append(f"a Python that {ACCOUNT} may run (chmod o+x above {sys.base_prefix})")
    return f"not on this machine: {', '.join(lacking)}" if lacking else None


class Programs:
    """etcd, and two versions of Patroni, under `folder`; `fetch` first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        fetched = folder / "debian" / "usr" / "bin"
        self.etcd = Path(shutil.which("etcd") or fetched / "etcd")
        self.etcdctl = Path(shutil.which("etcdctl") or fetched / "etcdctl")

    def fetch(self) -> None:
        """By apt-get, without installing it, and by pip, at the versions of the locks.

        What is there already stays.
        """
        self._folder.mkdir(exist_ok=True)
        for program, name in ((self.etcd, "etcd-server"), (self.etcdctl, "etcd-client")):
            if not program.exists():
                said("apt-get", "download", name, cwd=self._folder)
                (package,) = self._folder.glob(f"{name}_*.deb")
                said("dpkg-deb", "-x", str(package), str(self._folder / "debian"))
        for name, lock in (("patroni", LOCK), ("debian-patroni", DEBIANS)):
            if (self._folder / name).exists():
                continue
            quiet = ("--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes")
            where = ("--target", str(self._folder / name), "-r", str(lock))
            said(sys.executable, "-m", "pip", "install", *quiet, *where)

    def packages(self, *, of_debian: bool) -> str:
        """PYTHONPATH of one of them; what Debian's leans on is that of the other."""
        names = ("debian-patroni", "patroni") if of_debian else ("patroni",)
        return os.pathsep.join(str(self._folder / name) for name in names)


def said(*command: str, cwd: Path | None = None) -> str:
    """What a command says. Raises RuntimeError with what it complained of when it fails."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout
