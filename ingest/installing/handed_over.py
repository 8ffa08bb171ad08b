"""The owner's settings, handed over by root to a command that runs as the account of the service.

They lie in a file for root alone. In the environment every process of that account could read
them, so `/usr/local/bin/meetpunt` opens the file as root and hands the opened file over. The
command begins as root too, and lays its rights down here: what a program is started with as the
account, other processes of that account may take from it until it has shut itself off.
"""

import ctypes
import os
import pwd
from collections.abc import Mapping, MutableMapping

from ingest.installing.settings_file import read

HANDED_OVER = "OWNER_SETTINGS_DESCRIPTOR"
"""Says to a command under which number it finds the owner's settings opened."""

GOES_ON_AS = "OWNER_SETTINGS_ACCOUNT"
"""Says to a command that begins as root as which account it is to go on."""

_PR_SET_DUMPABLE = 4
_LARGEST = 65_536


def lay_down_rights(environment: MutableMapping[str, str]) -> None:
    """Go on as the account that GOES_ON_AS names, and is not root.

    `environment` then tells of its home, and no longer of root's, which it may not read. Nobody
    else of that account can look into this process: the kernel shuts off what gave up rights
    without starting a new program. Where the machine keeps core dumps of such programs
    (`fs.suid_dumpable` is 1) the kernel opens it instead; so it is shut off half-way, as long as it
    is not wholly that account's.
    Raises OSError when there is no such account, or the kernel refuses.
    """
    name = environment.get(GOES_ON_AS, "")
    try:
        account = pwd.getpwnam(name)
    except KeyError:
        raise OSError(f"there is no account {name!r}") from None
    number = account.pw_uid
    if number == 0:
        raise OSError(f"{name} is root")
    _shut_off()
    if os.geteuid() == 0:
        os.initgroups(name, account.pw_gid)
        os.setresgid(account.pw_gid, account.pw_gid, account.pw_gid)
        os.setresuid(0, number, 0)
        _shut_off()
    os.setresuid(number, number, number)
    environment.update(HOME=account.pw_dir, SHELL=account.pw_shell, USER=name, LOGNAME=name)


def owner_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """What stands in the file whose number HANDED_OVER names; nothing where there is none.

    First it shuts this process off from others of its account, which could read its memory else.
    Raises OSError when the file is not open, or the kernel will not shut the process off.
    """
    number = environment.get(HANDED_OVER)
    if not number:
        return {}
    _shut_off()
    return read(os.pread(int(number), _LARGEST, 0).decode())


def _shut_off() -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "this process cannot be shut off from others")
