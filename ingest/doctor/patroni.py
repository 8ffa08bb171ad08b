"""Patroni, where its REST API is known: which version runs there, and what it says of its server.

`GET /patroni` answers with the state of that one member, and needs no password.
"""

import asyncio
import json
import re
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from ingest.doctor.findings import Finding, look, ok, unseen, wrong
from ingest.doctor.sight import Sight

OLDEST = (4, 1, 5)
"""Older ones may undo what was acknowledged: a primary that was cut off takes over when it is back.

Seen of 3.0.2, which Debian 12 has; 4.1.5 is tried (`make faults ARGS=ha`), and none between was.
"""

_SECONDS = 3.0
_MOST_BYTES = 100_000
_TOO_OLD = (
    "This Patroni is older than 4.1.5: after a failover a primary that was cut off may come back"
    " as the one that leads, and what was acknowledged meanwhile is gone. Take 4.1.5 or later on"
    " every member."
)
# Patroni before 4 says master.
_LEADS = {"primary", "master"}


async def examine(sight: Sight) -> list[Finding]:
    """What it says of itself."""
    url = sight.settings.patroni_url
    if url is None:
        return [unseen("Whether Patroni looks after the database: set MEETPUNT_PATRONI_URL.")]
    try:
        answer = await asyncio.to_thread(_ask, f"{url}/patroni")
        version = str(answer["patroni"]["version"])[:20]
        state, role = str(answer["state"])[:40], str(answer["role"])[:40]
    except (OSError, URLError, ValueError, LookupError, TypeError) as away:
        return [wrong(f"Patroni does not answer ({type(away).__name__}); see MEETPUNT_PATRONI_URL")]
    sentence = f"Patroni {version} says of its server: {role}, {state}."
    if state != "running":
        found = wrong(sentence)
    else:
        found = ok(sentence) if role in _LEADS else look(sentence)
    return [found, *of_version(version)]


def of_version(version: str) -> list[Finding]:
    """What is to be told of it: nothing where it is new enough."""
    numbers = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", version)
    if numbers is None:
        return [look("Patroni tells no version that can be read: it has to be 4.1.5 or later.")]
    if tuple(int(number or 0) for number in numbers.groups()) < OLDEST:
        return [wrong(_TOO_OLD)]
    return []


def _ask(url: str) -> Any:
    """Only http and https: the setting lets no other pass."""
    with urlopen(url, timeout=_SECONDS) as answer:  # noqa: S310
        return json.loads(answer.read(_MOST_BYTES))
