"""The owner's settings, handed over by root to a command that runs as the account of the service.

They lie in a file for root alone. In the environment every process of that account could read
them, so `/usr/local/bin/meetpunt` opens the file as root and hands the opened file over; nobody
can open it again by way of `/proc`.
"""

import ctypes
import os
from collections.abc import Mapping

from ingest.installing.settings_file import read

_PR_SET_DUMPABLE = 4
_LARGEST = 65_536


def owner_settings(environment: Mapping[str, str], variable: str) -> dict[str, str]:
    """What stands in the file whose number `variable` names; nothing where there is none.

    First it shuts this process off from others of its account, which could read its memory else.
    Raises OSError when the file is not open, or the kernel will not shut the process off.
    """
    number = environment.get(variable)
    if not number:
        return {}
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "this process cannot be shut off from others")
    return read(os.pread(int(number), _LARGEST, 0).decode())
