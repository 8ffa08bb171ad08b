"""The fictional municipalities of the demo, as tests know them."""

import atexit
import re
import shutil
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

from ingest.files import resources
from ingest.municipalities.catalogue import Catalogue, load_catalogue

LANGUAGES = ("nl", "en", "de", "pl", "tr", "uk", "ar")

VERSION = 2
"""In which they ask the shared questionnaires; `chat` and the like have had one so far."""

SINCE = date(2026, 1, 1)
"""The day on which their files are mirrored into a database."""


@cache
def example_directory() -> Path:
    """A copy of their files in which Molensloot asks in every language that there is.

    As it is shipped it offers two, and tests look at pages, widget and kiosk in all of them.
    """
    above = Path(tempfile.mkdtemp(prefix="meetpunt-example-"))
    atexit.register(shutil.rmtree, above, ignore_errors=True)
    above.chmod(0o755)  # what serves in tests may be another user
    folder = above / "example"
    shutil.copytree(resources.example_directory(), folder)
    file = folder / "molensloot.toml"
    every = ", ".join(f'"{language}"' for language in LANGUAGES)
    written, found = re.subn(
        r"(?m)^languages = .*$", f"languages = [{every}]", file.read_text("utf-8"), count=1
    )
    assert found == 1
    file.write_text(written, "utf-8")
    return folder


@cache
def example_catalogue() -> Catalogue:
    return load_catalogue(example_directory(), resources.questionnaires_directory())
