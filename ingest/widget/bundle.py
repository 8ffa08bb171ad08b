"""The scripts that municipal sites load: read once, checked, compressed when first asked for.

There are two sorts: `widget.v1.js`, whose content may change, and `widget.v1.<hash>.js`, whose
content never changes, for sites that pin a version.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

import msgspec

from ingest.asgi.compression import StaticPage, compressed
from ingest.files.resources import widget_directory

STABLE = "widget.v1.js"
EMBED_HEIGHT = "embed-height.v1.js"

_HASH_CHARACTERS = 12


class BundleDamaged(Exception):
    """The folder with the widget's files lacks one, or holds one that is not what its name says."""


class WidgetFile:
    """One script. `pinned` says that its name holds its hash, so that it never changes."""

    def __init__(self, name: str, body: bytes, *, pinned: bool) -> None:
        self.name = name
        self.body = body
        self.pinned = pinned
        self.hash = hash_of(body)

    @property
    def sri(self) -> str:
        """What a page writes as `integrity`: the browser runs these bytes and no others."""
        return sri_of(self.body)

    @property
    def etag(self) -> str:
        """A weak tag, since it is the same for all encodings of the script."""
        return f'W/"{self.hash}"'

    @cached_property
    def page(self) -> StaticPage:
        """The file in every encoding."""
        return compressed(self.body)


class _Published(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sri: str


class Bundle:
    """Every file for other sites, by name."""

    def __init__(self, directory: Path) -> None:
        """Read `directory` (widget/dist). Raises BundleDamaged."""
        files = list(_read(directory))
        height = (widget_directory() / "frame" / EMBED_HEIGHT).read_bytes()
        files.append(WidgetFile(EMBED_HEIGHT, height, pinned=False))
        self.files: Mapping[str, WidgetFile] = {file.name: file for file in files}

    @property
    def stable(self) -> WidgetFile:
        """The script as it is now."""
        return self.files[STABLE]

    @property
    def pinned(self) -> WidgetFile:
        """The same bytes, under the name that never changes."""
        return self.files[f"widget.v1.{self.stable.hash}.js"]


def hash_of(body: bytes) -> str:
    """What stands in a pinned name: the first 12 hexadecimal characters of the SHA-256."""
    return hashlib.sha256(body).hexdigest()[:_HASH_CHARACTERS]


def sri_of(body: bytes) -> str:
    """Subresource Integrity, as `published.json` and an `integrity` attribute have it."""
    return "sha384-" + base64.b64encode(hashlib.sha384(body).digest()).decode()


def _read(directory: Path) -> Iterator[WidgetFile]:
    try:
        listed = (directory / "published.json").read_bytes()
        published = msgspec.json.decode(listed, type=dict[str, _Published])
        for hash_, entry in published.items():
            file = WidgetFile(
                f"widget.v1.{hash_}.js",
                (directory / f"widget.v1.{hash_}.js").read_bytes(),
                pinned=True,
            )
            if (file.hash, file.sri) != (hash_, entry.sri):
                raise BundleDamaged(f"{directory / file.name} is not what published.json says.")
            yield file
        stable = WidgetFile(STABLE, (directory / STABLE).read_bytes(), pinned=False)
    except (OSError, msgspec.DecodeError) as fault:
        raise BundleDamaged(f"The widget's files cannot be read: {fault}") from fault
    if stable.hash not in published:
        raise BundleDamaged(f"{directory / STABLE} was never published: run 'make widget'.")
    yield stable
