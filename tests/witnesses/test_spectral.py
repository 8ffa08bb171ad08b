"""Spectral reads the API's document by the rules of OpenAPI and of OWASP, and finds nothing.

What is switched off or narrowed says why, in `spectral/ruleset.yaml`.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ingest.web.openapi import openapi_document
from ingest.web.table import ROUTES
from tests.witnesses.fetched import fetched

# Needs npm, and fetches two hundred packages; the rules that matter most are in
# tests/ingest/web/test_openapi.py, which runs every time.
pytestmark = pytest.mark.long

SPECTRAL = Path(__file__).resolve().parent / "spectral"


@pytest.fixture(scope="module")
def spectral() -> Path:
    """The program, fetched as its lock says where that was not done before."""
    return fetched(SPECTRAL) / "node_modules" / ".bin" / "spectral"


def findings(spectral: Path, folder: Path, document: dict[str, Any]) -> list[str]:
    file = folder / "openapi.json"
    file.write_bytes(msgspec.json.encode(document))
    found = folder / "found.json"
    rules = ("--ruleset", SPECTRAL / "ruleset.yaml")
    told = subprocess.run(
        (spectral, "lint", file, *rules, "--format", "json", "--output", found, "--quiet"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode in (0, 1), told.stderr
    return [
        f"{one['code']} at {'.'.join(map(str, one['path']))}: {one['message']}"
        for one in json.loads(found.read_text("utf-8"))
    ]


def document() -> dict[str, Any]:
    read: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(openapi_document(ROUTES)))
    return read


def test_spectral_finds_nothing(spectral: Path, tmp_path: Path) -> None:
    assert findings(spectral, tmp_path, document()) == []


def test_spectral_would_find_something(spectral: Path, tmp_path: Path) -> None:
    """Of each rule set, and of rules that are narrowed: where they must still look."""
    planted = document()
    schemas = planted["components"]["schemas"]
    del schemas["SubmittedResponse"]["properties"]["language"]["pattern"]
    del schemas["KioskSurvey"]["properties"]["intervalSeconds"]["maximum"]
    del planted["paths"]["/invitations"]["post"]["responses"]["401"]
    del planted["paths"]["/touchpoints/{municipality}/{touchpoint}"]["get"]["responses"]["429"]
    del planted["paths"]["/responses"]["post"]["operationId"]
    planted["paths"]["/responses"]["post"]["requestBody"]["content"]["application/json"][
        "example"
    ] = {"touchpoint": 1}
    found = " ".join(findings(spectral, tmp_path, planted))
    for code in (
        "owasp:api4:2023-string-restricted",
        "owasp:api4:2023-integer-limit",
        "owasp:api8:2023-define-error-responses-401",
        "owasp:api4:2023-rate-limit-responses-429",
        "operation-operationId",
        "oas3-valid-media-example",
    ):
        assert code in found, code
