"""A municipality's name is told behind the word "Gemeente", so it does not begin with it."""

from collections.abc import Iterator
from pathlib import Path

from ingest.files.findings import Finding
from ingest.files.toml_files import read_toml
from ingest.municipalities.catalogue import Catalogue

_WARNING = 'leave "Gemeente" out of the name: residents read it twice'


def says_gemeente(name: str) -> bool:
    """Whether residents would read the word twice."""
    first, *others = name.split(maxsplit=1) or [""]
    return bool(others) and first.casefold() == "gemeente"


def told_twice(catalogue: Catalogue, config: Path) -> Iterator[Finding]:
    """A warning at each name that begins so. `config` is the folder of the files."""
    for slug, municipality in catalogue.municipalities.items():
        if says_gemeente(municipality.name):
            yield read_toml(config / f"{slug}.toml").finding(("name",), _WARNING)
