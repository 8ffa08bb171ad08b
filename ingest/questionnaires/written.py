"""The content of a questionnaire's file, and where such files lie."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from ingest.files.findings import Finding
from ingest.files.toml_files import TomlFile
from ingest.questionnaires.items import QuestionnaireCode, Text, WrittenItem

Status = Literal["draft", "published", "retired"]
Version = Annotated[int, msgspec.Meta(ge=1, le=32_767)]
Reference = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_-]{0,39}/[1-9][0-9]{0,4}$")]
THEMES = "themes"
"""A folder beside the questionnaires, of files that `ingest/themes` reads."""

_Items = Annotated[tuple[WrittenItem, ...], msgspec.Meta(min_length=1)]


class WrittenQuestionnaire(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file `questionnaires/<code>/v<N>.toml`: the structure and the Dutch texts."""

    code: QuestionnaireCode
    version: Version
    status: Status
    title: Text
    intro: Text = {}
    comparable_with: tuple[Reference, ...] = ()
    items: _Items


class WrittenExtension(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file `extensions/<slug>/<questionnaire>/v<N>.toml`: a municipality's own items."""

    questionnaire: QuestionnaireCode
    version: Version
    status: Status
    items: _Items


def structure_files(directory: Path) -> dict[tuple[str, int], Path]:
    """The files `<code>/v<N>.toml` in a directory, by code and version, but those of themes."""
    files = {}
    for path in sorted(directory.glob("*/v*.toml")):
        match = re.fullmatch(r"v([1-9][0-9]{0,4})\.toml", path.name)
        if match and path.parent.name != THEMES:
            files[(path.parent.name, int(match[1]))] = path
    return dict(sorted(files.items()))


def translation_files(path: Path) -> dict[str, Path]:
    """The translations beside `v1.toml`, by language."""
    names = {file: file.name.split(".") for file in sorted(path.parent.glob("*.toml"))}
    stem = path.stem
    return {parts[1]: file for file, parts in names.items() if len(parts) == 3 and parts[0] == stem}


def place_findings(
    file: TomlFile, path: Path, code: str, version: int, key: str = "code"
) -> Iterator[Finding]:
    """Where the file's folder and name say something else than the file itself."""
    if code != path.parent.name:
        yield file.finding((key,), f"`{code}` lies in a folder named `{path.parent.name}`")
    if path.stem != f"v{version}":
        yield file.finding(("version",), f"version {version} lies in a file named {path.name}")
