"""A group: municipalities whose rows one reader sees together; `groups/<slug>.toml`, one each."""

from collections.abc import Collection
from pathlib import Path

import msgspec

from ingest.files.findings import FilesRejected, Finding
from ingest.files.near_misses import did_you_mean
from ingest.files.toml_files import TomlFile, read_toml
from ingest.files.toml_tables import Table, line_fault
from ingest.municipalities.schemas import world_slug_fault


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Municipalities that are read together: an organisation that works for them, or a merger.

    `slug` is the name of the file, `members` are slugs of municipalities, in the file's order.
    """

    slug: str
    name: str
    members: tuple[str, ...]


class GroupFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file and what it says. Where there are findings, refused values are `""`."""

    file: TomlFile
    group: Group


def read_groups(config: Path) -> tuple[list[GroupFile], list[Finding]]:
    """The groups of an installation, and all faults in them; none without a folder `groups`."""
    # By file name, so that a faulty municipality's file gives no second finding here.
    municipalities = {path.stem for path in config.glob("*.toml")}
    files: list[GroupFile] = []
    findings: list[Finding] = []
    for path in sorted(config.glob("groups/*.toml"), key=lambda path: path.stem):
        try:
            files.append(_read_group(path, municipalities, findings))
        except FilesRejected as refused:
            findings += refused.findings
    return files, findings


def _read_group(path: Path, municipalities: Collection[str], findings: list[Finding]) -> GroupFile:
    def member_fault(member: str) -> str | None:
        if member in municipalities:
            return None
        suggestion = did_you_mean(member, municipalities)
        return f"has {member!r}, but there is no such municipality{suggestion}"

    file = read_toml(path)
    table = Table(file, findings, file.data)
    if fault := world_slug_fault(path.stem):
        table.fault(f"the name of a group, which is that of its file, {fault}")
    group = Group(
        slug=path.stem,
        name=table.text("name", line_fault),
        members=table.texts("members", member_fault),
    )
    table.close()
    return GroupFile(file=file, group=group)
