"""Builds the images of deploy/container without a daemon, and runs what is in them.

Debian comes by mmdebstrap in place of an image of others, so nothing but packages is fetched.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.system.running import ROOT

PACKAGES = {"mmdebstrap": "mmdebstrap", "podman": "podman", "crun": "crun"}
SUITE = "trixie"
ACCOUNT = 10001
TARGETS = ("service", "alone")
_FILE = "deploy/container/Containerfile"
_BASE = "localhost/debian:13-slim"
# A kernel with both kinds of control groups is one that podman 4 starts nothing on.
_HYBRID = Path("/sys/fs/cgroup/unified")
_FILES = 4096


def missing() -> str | None:
    """What this machine lacks, in a sentence; None when nothing does."""
    if os.geteuid() != 0:
        return "whoever runs this must be root: containers are made without a daemon"
    lacks = [package for program, package in PACKAGES.items() if not shutil.which(program)]
    return f"to be installed first: apt-get install {' '.join(lacks)}" if lacks else None


class Images:
    """Where podman keeps what is built here: in `folder`, apart from what else the machine has."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._podman = (
            "podman",
            *("--root", str(folder / "store"), "--runroot", str(folder / "run")),
            *("--cgroup-manager", "cgroupfs", "--log-level", "error"),
        )

    def build(self) -> dict[str, int]:
        """Both targets, from the code as it lies here; how large each is, in bytes."""
        context = self._context()
        base = self._folder / "base.tar"
        # With its list of certificates, over which that of this machine can then be laid.
        _run(
            "mmdebstrap", "--quiet", "--variant=apt", "--include=ca-certificates", SUITE, str(base)
        )
        self.podman("import", "--quiet", str(base), _BASE)
        base.unlink()
        for target in TARGETS:
            self.podman(
                *("build", "--isolation", "chroot", "--network", "host", "--quiet"),
                *(f"--volume={path}:{path}:ro" for path in _of_this_machine()),
                *("--build-arg", f"BASE={_BASE}", "--target", target),
                *("--file", _FILE, "--ignorefile", f"{_FILE}.dockerignore"),
                *("--tag", name_of(target), "."),
                cwd=context,
            )
        return {
            target: int(self.podman("image", "inspect", "--format={{.Size}}", name_of(target)))
            for target in TARGETS
        }

    def podman(self, *arguments: str, cwd: Path | None = None) -> str:
        """What a command of podman says; it must end well."""
        return _run(*self._podman, *arguments, cwd=cwd)

    def to_run(
        self,
        target: str,
        *arguments: str,
        name: str = "",
        volumes: Mapping[Path, str] | None = None,
        passed: tuple[str, ...] = (),
        entrypoint: str = "",
    ) -> tuple[str, ...]:
        """The command that runs a container with no more rights than a cluster would give it.

        Of the environment the variables in `passed` go along.
        """
        inside = (
            *self._podman,
            *("run", "--rm", "--network", "host", "--cgroups", "disabled"),
            # What a container gets is otherwise more than this machine may have itself.
            *("--ulimit", f"nofile={_FILES}:{_FILES}", "--ulimit", f"nproc={_FILES}:{_FILES}"),
            *("--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges"),
            *(("--name", name) if name else ()),
            *(("--entrypoint", entrypoint) if entrypoint else ()),
            *(f"--volume={path}:{place}" for path, place in (volumes or {}).items()),
            *(f"--env={variable}" for variable in passed),
            name_of(target),
            *arguments,
        )
        apart = 'umount "$0"; exec "$@"' if _HYBRID.is_mount() else 'exec "$@"'
        return (
            "unshare",
            "--mount",
            "--propagation=private",
            "sh",
            "-c",
            apart,
            str(_HYBRID),
            *inside,
        )

    def run(self, command: tuple[str, ...], **variables: str) -> subprocess.CompletedProcess[str]:
        """Run what `to_run` gave, to its end."""
        env = {**os.environ, **variables}
        return subprocess.run(command, env=env, check=False, capture_output=True, text=True)

    def clean(self) -> None:
        """Let go of what podman mounted, so that the folder can be removed."""
        self.podman("rm", "--force", "--all")
        self.podman("image", "unmount", "--all")
        subprocess.run(
            ["umount", "--lazy", self._folder / "store" / "overlay"],
            check=False,
            capture_output=True,
        )

    def _context(self) -> Path:
        """What an administrator has: a checkout, with the wheel in `dist`."""
        context = self._folder / "checkout"
        (context / "deploy").mkdir(parents=True)
        shutil.copytree(ROOT / "deploy" / "container", context / "deploy" / "container")
        shutil.copy(ROOT / "requirements.lock", context)
        wheel = ("-m", "hatchling", "build", "-t", "wheel", "-d", str(context / "dist"))
        _run(sys.executable, *wheel, cwd=ROOT)
        return context


def name_of(target: str) -> str:
    """The name of the image of a target."""
    return f"localhost/meetpunt:{target}"


def _of_this_machine() -> list[Path]:
    """Where this machine fetches packages from: files of its administrator, and folders in them."""
    told = _run(sys.executable, "-m", "pip", "config", "debug")
    files = [Path(path) for path in re.findall(r"^ +(/\S+), exists: True$", told, re.MULTILINE)]
    named = {
        Path(word.removeprefix("file://"))
        for file in files
        for word in re.findall(r"(?:file://)?/[^\s;\"']+", file.read_text("utf-8"))
    }
    # What an index on this disk lists lies beside the list.
    named = {path.parent if path.name == "simple" else path for path in named}
    return sorted({*files, *(path for path in named if path.exists())})


def _run(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, check=False, capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout.strip()
