"""Programs of others that npm fetches, as a lock beside them says."""

import shutil
import subprocess
from pathlib import Path


def fetched(folder: Path) -> Path:
    """The folder, with its packages in it; they are fetched where that was not done before."""
    npm = shutil.which("npm")
    assert npm is not None, f"install npm (Node 20 or newer): it fetches what {folder.name} needs"
    lock = folder / "package-lock.json"
    there = folder / "node_modules" / ".package-lock.json"
    if not there.exists() or there.stat().st_mtime < lock.stat().st_mtime:
        command = (npm, "ci", "--ignore-scripts", "--no-progress", "--silent")
        subprocess.run(command, cwd=folder, check=True)
    return folder
