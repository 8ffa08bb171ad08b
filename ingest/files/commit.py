"""From which commit this Meetpunt was made: read from the wheel, or from git in a checkout.

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

    None where it cannot be known: without git, or in a folder that was copied without its history.
    In a checkout this starts git: call it once, and not while a request waits.
    """
    commit_file = _PACKAGE / PLACE
    if commit_file.is_file():
        return commit_file.read_text("ascii").strip()
    return commit_of(_PACKAGE.parent)


def commit_of(checkout: Path) -> str | None:
    """The commit of this folder, in the same form. None where it is not the root of a checkout."""
    # Without this, git would tell of any repository that the folder happens to lie in.
    if not (checkout / ".git").exists():
        return None
    # In a hook git names the repository it was called for, which may be another one.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        described = subprocess.run(
            (
                *("git", "--no-optional-locks", "-C", str(checkout)),
                *("describe", "--always", "--exclude=*", f"--abbrev={_DIGITS}", "--dirty=-changed"),
            ),
            env=environment,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return described.stdout.strip()
