"""A secret that somebody else gave us, alone in a file that only its owner may read."""

import os
import stat
from pathlib import Path

# 0400 is what a read-only mount of a secret looks like.
_ACCEPTED_MODES = (0o600, 0o400)
_MOST_BYTES = 4096


class SecretUnusable(Exception):
    """The file is missing, open to others, or holds no secret; the sentence says what to do."""


def read_secret(path: Path) -> str:
    """The one line of the file, without the space around it. Raises `SecretUnusable`."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a named pipe must not hang us
        with open(descriptor, "rb") as file:
            mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
            content = file.read(_MOST_BYTES)
    except FileNotFoundError:
        raise SecretUnusable(
            f"There is no file {path}; put the key in it, and nothing else."
        ) from None
    except OSError as error:
        raise SecretUnusable(f"The file {path} cannot be read: {error.strerror}.") from None
    if mode not in _ACCEPTED_MODES:
        raise SecretUnusable(
            # What to do first: in the log a long sentence is cut off.
            f"Run `chmod 600 {path}`: with mode {mode:04o} others may read or change that file. "
            "Ask for a new key when somebody may have read it."
        )
    secret = content.strip()
    if not secret or not secret.isascii() or not secret.decode("ascii").isprintable():
        raise SecretUnusable(
            f"The file {path} does not hold one line with a key, and nothing else."
        )
    return secret.decode("ascii")
