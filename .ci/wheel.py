"""Notes in a wheel from which commit it was made, for `meetpunt --version`; hatchling runs it."""

import os
import runpy
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Commit(BuildHookInterface[Any]):
    """Without git, and in a folder without history, the wheel simply says no commit."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Have one more file in what is built."""
        # Read as a file: while pip builds, `ingest` cannot be imported.
        ours = runpy.run_path(str(Path(self.root, "ingest", "files", "commit.py")))
        commit = ours["commit_of"](Path(self.root))
        if commit is None:
            return
        handle, self._note = tempfile.mkstemp(text=True)
        with os.fdopen(handle, "w", encoding="ascii") as note:
            note.write(f"{commit}\n")
        build_data["force_include"][self._note] = f"ingest/{ours['PLACE']}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Take away the file that was copied."""
        if hasattr(self, "_note"):
            Path(self._note).unlink()
