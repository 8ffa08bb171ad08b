"""Files that are read or written whole, or not at all."""

import errno
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path


def read_regular(path: Path, most_bytes: int) -> bytes:
    """The file's content, cut off one byte after `most_bytes`, so that more can be told apart.

    Raises OSError, also for what is no regular file: a named pipe would keep us waiting for ever.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", str(path))
        return file.read(most_bytes + 1)


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` in the place of what is there, which stays as it is until all is written.

    What is no regular file, such as /dev/stdout, is written to. Raises OSError.
    """
    # A symbolic link stays, and leads to what is new.
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        # Readable by whom the umask lets: what is secret is written elsewhere.
        draft.write_bytes(content)
        if target.exists():
            draft.chmod(stat.S_IMODE(target.stat().st_mode))
        os.replace(draft, target)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise
