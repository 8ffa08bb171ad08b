"""`published.sha256`: which files of questionnaires are frozen, in the format of `sha256sum`."""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from ingest.files.findings import FilesRejected, Finding
from ingest.questionnaires.written import translation_files

SUMS = "published.sha256"

_LINE = re.compile(
    r"([0-9a-f]{64}) [ *]"
    r"([a-z0-9_-]+/v[0-9]+(?:\.[A-Za-z0-9-]+)?\.toml)"
)
_STATUS = re.compile(rb'^(status\s*=\s*")(draft|published|retired)(")', re.MULTILINE)


def read_sums(directory: Path) -> dict[str, str]:
    """The digests that were recorded, by file name. Raises FilesRejected on a malformed line."""
    return {name: digest for name, (digest, _) in _read(directory).items()}


def write_sums(directory: Path, sums: Mapping[str, str]) -> None:
    """Replace the file; the old one stays whole until the new one is there."""
    path = directory / SUMS
    partial = path.with_suffix(".partial")
    partial.write_text("".join(f"{sums[name]}  {name}\n" for name in sorted(sums)), "utf-8")
    os.replace(partial, path)


def digest_of(path: Path) -> str:
    """SHA-256 of the file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def with_status(content: bytes, status: str) -> bytes:
    """The file's bytes with another status and nothing else changed."""
    return _STATUS.sub(rb"\1" + status.encode() + rb"\3", content, count=1)


def was_retired(path: Path, published: str) -> bool:
    """Whether the file is what was published, but for the one word that retires it."""
    content = path.read_bytes()
    as_published = with_status(content, "published")
    retired = content == with_status(content, "retired")
    return retired and hashlib.sha256(as_published).hexdigest() == published


def sum_findings(directory: Path, statuses: Mapping[tuple[str, int], str]) -> Iterator[Finding]:
    """Files that differ from what was published, are gone, or were never recorded.

    `statuses` has the status of every questionnaire by code and version.
    """
    try:
        sums = _read(directory)
    except FilesRejected as refused:
        yield from refused.findings
        return
    for name, (digest, line) in sums.items():
        path = directory / name
        if not path.is_file():
            message = f"{name} was published and is gone; put it back, and retire it instead"
            yield Finding(path=str(directory / SUMS), line=line, message=message)
        elif digest_of(path) != digest:
            yield Finding(path=str(path), message=_how_changed(path, digest))
    for (code, version), status in statuses.items():
        path = directory / code / f"v{version}.toml"
        for file in (path, *translation_files(path).values()):
            listed = file.relative_to(directory).as_posix() in sums
            if status == "draft" and listed:
                yield Finding(path=str(file), message="belongs to a draft, yet it was published")
            elif status != "draft" and not listed:
                message = f"is not in {SUMS}; run `meetpunt questionnaires publish`"
                yield Finding(path=str(file), message=message)


def _how_changed(path: Path, digest: str) -> str:
    if path.name.count(".") > 1:
        return (
            "differs from the translation that was recorded; if it was corrected, run "
            "`meetpunt questionnaires publish` and note it in CHANGELOG.md"
        )
    if was_retired(path, digest):
        return "was retired; run `meetpunt questionnaires publish` to record that"
    return "differs from what was published; put it back, and copy it to a new version instead"


def _read(directory: Path) -> dict[str, tuple[str, int]]:
    """File name -> digest and line."""
    path = directory / SUMS
    sums: dict[str, tuple[str, int]] = {}
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        if not match:
            message = "this is no line as sha256sum writes it"
            raise FilesRejected([Finding(path=str(path), line=number, message=message)])
        if match[2] in sums:
            message = f"{match[2]} is there twice"
            raise FilesRejected([Finding(path=str(path), line=number, message=message)])
        sums[match[2]] = (match[1], number)
    return sums
