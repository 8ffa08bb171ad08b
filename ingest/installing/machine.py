"""What of the machine itself is looked at and done: its account, its packages, its units."""

import grp
import hashlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from ingest.installing.wanted import ACCOUNT, STATE_FOLDER

_SBIN = "/usr/sbin:/usr/bin:/sbin:/bin"
_MAKE_ACCOUNT = (
    *("useradd", "--system", "--user-group", "--no-create-home"),
    *("--home-dir", str(STATE_FOLDER), "--shell", "/usr/sbin/nologin", ACCOUNT),
)
_BOOTED = Path("/run/systemd/system")


class MachineRefused(Exception):
    """A program of this machine ended otherwise than well; the sentence has what it said."""


def make_account() -> None:
    """The account of the service, where there is none. Raises MachineRefused."""
    try:
        pwd.getpwnam(ACCOUNT)
    except KeyError:
        _run(_MAKE_ACCOUNT)


def ids(owner: str, group: str) -> tuple[int, int]:
    """The numbers of an account and a group. Raises KeyError."""
    return pwd.getpwnam(owner).pw_uid, grp.getgrnam(group).gr_gid


def has(program: str) -> bool:
    """Whether there is such a program; one for administrators too."""
    return shutil.which(program, path=_SBIN) is not None


def as_packaged(place: Path) -> bool:
    """Whether a file is as its package of Debian left it."""
    if not has("dpkg-query"):
        return False
    told = subprocess.run(
        ("dpkg-query", "--show", "--showformat=${Conffiles}\n"),
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    sums = {line.split()[0]: line.split()[1] for line in told.splitlines() if line.strip()}
    content = hashlib.md5(place.read_bytes(), usedforsecurity=False).hexdigest()
    return sums.get(str(place)) == content


def readable_for_all(path: Path) -> bool:
    """Whether every account may read a file, or enter a folder, and get there."""
    steps = all(part.stat().st_mode & 0o001 for part in path.resolve().parents)
    return steps and bool(path.stat().st_mode & (0o001 if path.is_dir() else 0o004))


def owner_of(path: Path) -> str:
    """The account that a file or folder belongs to, by name or else by number."""
    number = path.stat().st_uid
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def on_one_disk(one: Path, other: Path) -> bool:
    """Whether two folders, which are to be, lie on one file system."""
    return _there(one).stat().st_dev == _there(other).stat().st_dev


def _there(path: Path) -> Path:
    return path if path.exists() else _there(path.parent)


def is_booted() -> bool:
    """Whether systemd runs here; it does not in a container or in a folder with a Debian in it."""
    return _BOOTED.is_dir()


def start(units: Sequence[str]) -> None:
    """Switch units on and start them anew, with files as they are now. Raises MachineRefused."""
    _run(("systemctl", "daemon-reload"))
    _run(("systemctl", "enable", "--quiet", *units))
    _run(("systemctl", "restart", *units))


def stop(unit: str) -> None:
    """Switch a unit off and stop it. Raises MachineRefused."""
    _run(("systemctl", "disable", "--quiet", "--now", unit))


def as_account(command: Sequence[str], settings: Mapping[str, str]) -> None:
    """Run a command of ours as the account of the service. Raises MachineRefused."""
    uid, gid = ids(ACCOUNT, ACCOUNT)
    _run(command, user=uid, group=gid, extra_groups=[], env={"PATH": _SBIN, **settings})


def _run(command: Sequence[str], **options: object) -> None:
    options.setdefault("env", {"PATH": _SBIN})
    done = subprocess.run(  # type: ignore[call-overload]
        list(command), cwd="/", capture_output=True, text=True, check=False, **options
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip() or f"exit code {done.returncode}"
        raise MachineRefused(f"'{' '.join(command)}' did not do it: {said}")


def cores_to_use(own_postgres: bool) -> int:
    """Workers for this machine: one a core, less one for a Postgres on it."""
    return max(1, len(os.sched_getaffinity(0)) - own_postgres)
