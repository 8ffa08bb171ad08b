"""The folder of the embedded Postgres' socket: closed to others, with a path short enough."""

import os
import re
import stat
import tempfile
from pathlib import Path

from ingest.postgres.programs import Account, PostgresFailed, give, reachable

# A Unix socket's path holds 103 bytes on macOS (107 on Linux), `/.s.PGSQL.65535` among them;
# Postgres and asyncpg split a list of hosts at commas.
_FITS = re.compile(r"[A-Za-z0-9/._-]{1,88}")
_TEMPORARY = "meetpunt-"
_LONGEST_BASE = 70  # characters: room for the name of a folder in it


def place_socket(data: Path, account: Account | None) -> Path:
    """An empty folder that only `account` may enter: `socket` in `data`, or where that links to.

    The same as before when it can be, so that whoever knows it finds a restarted server again.
    Raises PostgresFailed when the temporary folders are no good either.
    """
    known = data / "socket"
    if _FITS.fullmatch(str(known)) and reachable(data, account):
        if known.is_symlink():
            remove_socket(data)
        known.mkdir(mode=0o700, exist_ok=True)
        known.chmod(0o700)
        return _emptied(known, account)
    if known.is_symlink():
        if _is_ours(known.readlink(), account):
            return _emptied(known.readlink(), account)
        known.unlink()
    remove_socket(data)
    folder = _temporary_folder(account)
    known.symlink_to(folder)
    return _emptied(folder, account)


def remove_socket(data: Path) -> None:
    """Remove the folder, and what it links to; nothing to do when there is none."""
    known = data / "socket"
    folder = known.readlink() if known.is_symlink() else known
    if folder.is_dir() and (folder == known or folder.name.startswith(_TEMPORARY)):
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    known.unlink(missing_ok=True)


def _is_ours(folder: Path, account: Account | None) -> bool:
    try:
        status = folder.lstat()
    except OSError:
        return False
    owner = os.geteuid() if account is None else account.uid
    return stat.S_ISDIR(status.st_mode) and status.st_uid == owner


def _emptied(folder: Path, account: Account | None) -> Path:
    """Without the lock of a dead server, whose process number may be somebody else's by now."""
    for file in folder.iterdir():
        file.unlink()
    give(folder, account)
    return folder


def _temporary_folder(account: Account | None) -> Path:
    # Below the temporary folder mkdtemp makes a new one, 0700, whose name nobody can foresee.
    for place in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108
        base = Path(place).resolve()
        fits = _FITS.fullmatch(str(base)) and len(str(base)) <= _LONGEST_BASE
        if fits and base.is_dir() and reachable(base, account):
            return Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=base))
    raise PostgresFailed("No temporary folder has a short enough path for the socket of Postgres.")
