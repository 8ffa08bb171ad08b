"""Whether a folder can be looked into: for `glob`, one that cannot is an empty one."""

import os
from pathlib import Path


def unlistable(folder: Path) -> str | None:
    """Why nothing in it can be found, for behind its name; None where it can be listed."""
    try:
        with os.scandir(folder):
            return None
    except FileNotFoundError:
        return "is not there"
    except NotADirectoryError:
        return "is a file, and has to be a folder"
    except PermissionError:
        return "may not be read by this account"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
