"""What real neighbours sent, word for word, with the names of hosts replaced."""

import json
from pathlib import Path
from typing import Any

_FILE = Path(__file__).resolve().parents[2] / "data" / "recorded-senders.jsonl"


def recorded(sent_by: str) -> dict[str, Any]:
    """The message of this neighbour: `headers` and `body`."""
    lines = map(json.loads, _FILE.read_text("utf-8").splitlines())
    found: dict[str, Any] = next(line for line in lines if line["from"] == sent_by)
    return found
