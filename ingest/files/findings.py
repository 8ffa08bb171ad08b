"""A mistake in a file: where it stands, and a sentence. All are collected and shown at once."""

from collections.abc import Sequence

import msgspec


class Finding(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One thing wrong in one file. `line` counts from 1; None where the whole file is meant."""

    path: str
    line: int | None = None
    message: str

    def __str__(self) -> str:
        where = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{where}: {self.message}"


class FilesRejected(Exception):
    """Files of questionnaires or municipalities hold errors; `findings` has every one of them."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))
