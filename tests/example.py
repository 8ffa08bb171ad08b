"""The fictional municipalities of the demo, as tests know them."""

from datetime import date
from functools import cache

from ingest.files.resources import example_directory, questionnaires_directory
from ingest.municipalities.catalogue import Catalogue, load_catalogue

SINCE = date(2026, 1, 1)
"""The day on which their files are mirrored into a database."""


@cache
def example_catalogue() -> Catalogue:
    return load_catalogue(example_directory(), questionnaires_directory())
