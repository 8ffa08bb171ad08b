"""A process of the service's account that waits for the owner's settings; one line of JSON.

    python3 thief.py TIMES COMMAND...

Root starts COMMAND so many times. Beside it runs, as the account `meetpunt`, what looks at every
process, over and over, and takes each opened file and what the process was started with. Told are
how often it took the owner's settings, and how many looks it had. Standard library alone: this is
the Python of a bare Debian.
"""

import contextlib
import ctypes
import json
import os
import pwd
import subprocess
import sys
from pathlib import Path

ACCOUNT = "meetpunt"
MARK = b"MEETPUNT_OWNER_URL"
_PIDFD_GETFD = 438
_FILES = range(3, 8)


def taken_of(process: int) -> bytes:
    """What another process of this account gives away; nothing where it is shut off."""
    found = b""
    for name in ("environ", "cmdline"):
        try:
            found += Path(f"/proc/{process}/{name}").read_bytes()
        except OSError:
            continue
    try:
        handle = os.pidfd_open(process)
    except OSError:
        return found
    for number in _FILES:
        file = ctypes.CDLL(None).syscall(_PIDFD_GETFD, handle, number, 0)
        if file >= 0:
            with contextlib.suppress(OSError):  # a pipe or a socket
                found += os.pread(file, 65_536, 0)
            os.close(file)
    os.close(handle)
    return found


def steal() -> None:
    """Look until somebody says that it is enough, on standard input; then tell."""
    os.set_blocking(0, False)
    own, taken, looked = os.getpid(), 0, 0
    while sys.stdin.buffer.read(1) is None:
        for each in Path("/proc").iterdir():
            if each.name.isdigit() and int(each.name) not in (own, 1):
                looked += 1
                taken += MARK in taken_of(int(each.name))
    sys.stdout.write(json.dumps({"taken": taken, "looked": looked}))


def main() -> None:
    """Start the thief, then the command; end the one after the other."""
    times, *command = sys.argv[1:]
    account = pwd.getpwnam(ACCOUNT)
    thief = subprocess.Popen(
        (sys.executable, __file__),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=(),
    )
    runs = [subprocess.run(command, capture_output=True, text=True) for _ in range(int(times))]
    told, _ = thief.communicate(b"enough")
    failed = [run.stdout + run.stderr for run in runs if run.returncode]
    found = {**json.loads(told), "failed": failed[-1:]}
    sys.stdout.write(f"{json.dumps(found)}\n")


if __name__ == "__main__":
    main() if sys.argv[1:] else steal()
