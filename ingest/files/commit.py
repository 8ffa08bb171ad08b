"""From which commit this Meetpunt was made: as a wheel notes it, or as git tells of a checkout.

Needs nothing but the standard library: the build reads this file by itself, before anything is
installed.
"""

import os
import subprocess
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
# Where a wheel keeps it. `.ci/wheel.py` writes it there.
PLACE = "_data/commit"
_DIGITS = 12
# A disk that does not answer must not keep a command from telling its version.
_SECONDS = 5


def commit() -> str | None:
    """The commit, as twelve digits, with `-changed` where files differ from it.

    None where nobody can know: no git, or a folder that was copied without its history. Starts git
    in a checkout, so ask once, and not while somebody waits for an answer.
    """
    noted = _PACKAGE / PLACE
    if noted.is_file():
        return noted.read_text("ascii").strip()
    return commit_of(_PACKAGE.parent)


def commit_of(checkout: Path) -> str | None:
    """What git says of this folder, in the same form. None where it is not itself a checkout."""
    # Without this, git would tell of any repository that the folder happens to lie in.
    if not (checkout / ".git").exists():
        return None
    # In a hook git names the repository it was called for, which may be another one.
    outside = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        told = subprocess.run(
            (
                *("git", "--no-optional-locks", "-C", str(checkout)),
                *("describe", "--always", "--exclude=*", f"--abbrev={_DIGITS}", "--dirty=-changed"),
            ),
            env=outside,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return told.stdout.strip()
