"""A telephone platform: what Voys posts when a call has ended (webhook, version 2)."""

from datetime import datetime
from secrets import token_hex
from typing import Any

from ingest.clock import AMSTERDAM


def call_ended(number: str, *, called: str, now: datetime) -> dict[str, Any]:
    """Somebody called from `number`, was spoken to, and hung up `now`; each time another call.

    `called` is the number of the municipality that stands for the queue.
    """
    return {
        "call_id": token_hex(8),
        "timestamp": now.astimezone(AMSTERDAM).isoformat(timespec="seconds"),
        "status": "ended",
        "reason": "completed",
        "version": "v2",
        "direction": "inbound",
        "caller": {"number": number, "name": ""},
        "destination": {"number": called},
    }
