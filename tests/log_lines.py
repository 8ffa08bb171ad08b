"""What the service logs during a test, as the lines that an operator reads."""

import json
from typing import Any

import pytest

from ingest.running.logs import JsonLines


def lines_of(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """Until now, of the levels that pytest was asked to hear (`caplog.set_level`).

    Unlike with `configure_logging`, nothing is logged into this test's output when it is over.
    """
    return [json.loads(JsonLines().format(record)) for record in caplog.records]
