"""Writes the files of a country, as `serve` reads them: each municipality is like Molensloot."""

import re
from pathlib import Path

import msgspec

from ingest.files.resources import example_directory
from tests.bench.monday.sizes import inhabitants
from tests.country import NETHERLANDS

ORIGIN = "https://www.molensloot.example"
"""The site that may show the widget: the same one for all, since only its name is compared."""

_REGIONS = 35


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One municipality: its code, its slug and how many people live there."""

    code: str
    slug: str
    inhabitants: int


def places(many: int = NETHERLANDS) -> list[Place]:
    """So many, the smallest first; a few are spread over the same sizes as all."""
    return [
        Place(code=f"GM{1000 + number}", slug=f"dorp-{number:03}", inhabitants=size)
        for number, size in enumerate(inhabitants(many), 1)
    ]


def write_files(folder: Path, many: int = NETHERLANDS) -> list[Place]:
    """The file of each of `places` in `folder`, which is made; returns them."""
    folder.mkdir(parents=True)
    like = (example_directory() / "molensloot.toml").read_text("utf-8")
    # A logo is a file of its own. Whoever is told of is sent a message, at once.
    for pattern, written in (
        (r"^logo = .*\n", ""),
        (r"^wait_minutes = .*$", "wait_minutes = 0"),
        (r"^outcomes = .*\n", ""),
    ):
        like = _changed(like, pattern, written)
    all_of_them = places(many)
    for number, place in enumerate(all_of_them, 1):
        text = _changed(like, r'^code = ".*"$', f'code = "{place.code}"')
        text = _changed(text, r'^slug = ".*"$', f'slug = "{place.slug}"')
        text = _changed(text, r'^name = "Molensloot"$', f'name = "Dorp {number:03}"')
        address = f"https://kto.{place.slug}.example"
        text = _changed(text, r'^base_url = ".*"$', f'base_url = "{address}"')
        # Each region has small ones and large ones.
        text = _changed(text, r'^region = ".*"$', f'region = "streek-{number % _REGIONS:02}"')
        text = _changed(text, r"^number = (\d)$", rf"number = {number}\g<1>")
        (folder / f"{place.slug}.toml").write_text(text, "utf-8")
    return all_of_them


def _changed(text: str, pattern: str, written: str) -> str:
    """Wherever a line is so. Raises RuntimeError where none is: the example is another one now."""
    changed, found = re.subn(f"(?m){pattern}", written, text)
    if not found:
        raise RuntimeError(f"the example has no line {pattern}")
    return changed
